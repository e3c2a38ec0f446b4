"""What stands in the computed tables, to be laid beside what stood or what should stand."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gates.models import Initiative, Kpi, Reading, Submission
from gates.promises import Measured
from readiness.accounts.models import Organisation
from readiness.audit.models import Event
from readiness.standing.facts import InitiativeFacts
from readiness.standing.forecast import Level
from readiness.standing.judgement import Before, Judgement, Setting, judge
from readiness.standing.loading import load_facts
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from readiness.standing.thresholds import current_thresholds
from readiness.standing.writing import gate_row, standing_row

Row = dict[str, Any]
Picture = dict[str, list[Row]]

QUIET = ("as_of", "due_on")
"""Columns of a standing that say when it was looked at, not what was seen."""
_FLAG = ("code", "severity", "root_cause", "stalls", "message", "details")


def setting_for(today: date) -> Setting:
    """What holds for the whole organisation on this day."""
    return Setting(today, Organisation.get().zone, current_thresholds())


def day(number: int, hour: int = 12) -> datetime:
    """A moment of the story that most tests tell: day 0 is Monday, 5 January 2026 (UTC)."""
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=number)


def picture(*left_out: str) -> Picture:
    """Every row of every computed table, what a recompute notes on submissions, and how many events there are."""
    tables: Picture = {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Standing, GateStanding, Flag, HistoryPoint)
    }
    tables["Submission"] = list(Submission.objects.order_by("pk").values("pk", "days_locked", "locked_since"))
    tables["Event"] = [{"count": Event.objects.count()}]
    return {name: [_without(row, left_out) for row in rows] for name, rows in tables.items()}


def _without(row: Row, left_out: Iterable[str]) -> Row:
    return {name: value for name, value in row.items() if name not in left_out}


class Scrutiny:
    """Lays what is stored beside what the rules say of the facts alone; nothing is written.

    Facts and rows are read once and judged for as many days as nobody writes: whoever wrote says so with ``reread``.
    """

    def __init__(self) -> None:
        self.reread()

    def reread(self) -> None:
        self._standings = Standing.objects.select_related("initiative").in_bulk()
        self._gates = _by_initiative(GateStanding.objects.order_by("position"))
        self._flags = _by_initiative(Flag.objects.filter(resolved_at__isnull=True))
        self._facts = everything_known()
        self._thresholds = current_thresholds()
        self._approved: dict[int, tuple[Any, ...]] = {}

    def found(self, at: datetime) -> list[str]:
        """Each place where what is stored is not what it should be at this moment."""
        organisation = Organisation.get()
        setting = Setting(organisation.day_of(at), organisation.zone, self._thresholds)
        return [line for pk in self._facts for line in self._found_of(pk, setting)]

    def _found_of(self, pk: int, setting: Setting) -> list[str]:
        stored = self._standings[pk]
        codes = frozenset(flag.code for flag in self._flags[pk])
        judgement = judge(self._facts[pk], setting, Before(codes, stored.effective, stored.risen_on))
        said = (
            judgement.readiness,
            judgement.flags,
            judgement.next_actions,
            judgement.gates,
            judgement.forecast,
        )
        if said == self._approved.get(pk):
            return []
        found = [*self._wrong_in_standing(stored, judgement), *self._wrong_in_gates(stored, judgement)]
        found += self._wrong_flags(pk, judgement)
        if not found:
            self._approved[pk] = said
        return found

    def _wrong_in_standing(self, stored: Standing, judgement: Judgement) -> list[str]:
        fresh = standing_row(stored.initiative, judgement)
        found = _differences(f"standing {stored.pk}", stored, fresh, ("computed_at", *QUIET))
        if judgement.due_on is not None and (stored.due_on is None or stored.due_on > judgement.due_on):
            found.append(f"standing {stored.pk} is due on {judgement.due_on}, and says {stored.due_on}")
        return found

    def _wrong_in_gates(self, stored: Standing, judgement: Judgement) -> list[str]:
        rows = [gate_row(stored.initiative, state, place) for place, state in enumerate(judgement.gates)]
        return [
            line
            for old, new in zip(self._gates[stored.pk], rows, strict=True)
            for line in _differences(f"gate {new.gate} of {stored.pk}", old, new, ("id",))
        ]

    def _wrong_flags(self, pk: int, judgement: Judgement) -> list[str]:
        raised = [tuple(getattr(one, name) for name in _FLAG) for one in judgement.flags.raised]
        kept = [tuple(getattr(one, name) for name in _FLAG) for one in self._flags[pk]]
        return [f"flag of {pk} is missing: {one[:2]}" for one in raised if one not in kept] + [
            f"flag of {pk} should not be open: {one[:2]}" for one in kept if one not in raised
        ]


def everything_known() -> dict[int, InitiativeFacts]:
    """The facts of all initiatives, by which they can be judged on any day: every reading, every history point."""
    facts = load_facts(Initiative.objects.values_list("pk", flat=True), setting_for(day(0).date()))
    for one in facts.values():
        one.readings = {kpi.pk: [Measured(row.on, row.value) for row in _standing(kpi)] for kpi in one.kpis}
        one.levels = [
            Level(row.on, row.met, f"{row.framework} {row.framework_version}".strip())
            for row in HistoryPoint.objects.filter(initiative=one.initiative).order_by("on")
        ]
    return facts


def _standing(kpi: Kpi) -> Iterable[Reading]:
    return Reading.objects.filter(kpi=kpi, withdrawn_at__isnull=True).order_by("on")


def unlike_what_stands(at: datetime) -> list[str]:
    """Each place where what is stored is not what the rules say of the facts at this moment."""
    return Scrutiny().found(at)


def _by_initiative(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.initiative_id].append(row)
    return found


def _differences(what: str, stored: Any, fresh: Any, left_out: Iterable[str]) -> list[str]:
    return [
        f"{what}, {field.name}: {getattr(stored, field.attname)!r} instead of {getattr(fresh, field.attname)!r}"
        for field in stored._meta.concrete_fields
        if field.name not in left_out and getattr(stored, field.attname) != getattr(fresh, field.attname)
    ]
