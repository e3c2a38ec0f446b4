"""What stands in the computed tables, to be laid beside what stood or what should stand."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from gates.models import Initiative, Submission
from readiness.accounts.models import Organisation
from readiness.audit.models import Event
from readiness.standing.facts import load_facts
from readiness.standing.judgement import Before, Judgement, judge
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from readiness.standing.recompute import setting_for
from readiness.standing.writing import gate_row, standing_row

Row = dict[str, Any]
Picture = dict[str, list[Row]]

QUIET = ("as_of", "due_on")
"""Columns of a standing that say when it was looked at, not what was seen."""
_FLAG = ("code", "severity", "root_cause", "stalls", "message", "details")


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


def judged(at: datetime) -> dict[int, Judgement]:
    """Every initiative judged from its facts alone, nothing written."""
    keys = list(Initiative.objects.values_list("pk", flat=True))
    setting = setting_for(Organisation.get().day_of(at))
    standings = Standing.objects.in_bulk(keys)
    codes: dict[int, set[str]] = {pk: set() for pk in keys}
    for pk, code in Flag.objects.filter(resolved_at__isnull=True).values_list("initiative", "code"):
        codes[pk].add(code)
    return {
        pk: judge(
            facts,
            setting,
            Before(frozenset(codes[pk]), standings[pk].effective, standings[pk].risen_on),
        )
        for pk, facts in load_facts(keys).items()
    }


def unlike_what_stands(at: datetime) -> list[str]:
    """Each place where what is stored is not what the rules say of the facts at this moment."""
    found: list[str] = []
    standings = Standing.objects.select_related("initiative").in_bulk()
    gates: dict[int, list[GateStanding]] = {pk: [] for pk in standings}
    for gate in GateStanding.objects.order_by("initiative_id", "position"):
        gates[gate.initiative_id].append(gate)
    flags: dict[int, list[Flag]] = {pk: [] for pk in standings}
    for flag in Flag.objects.filter(resolved_at__isnull=True):
        flags[flag.initiative_id].append(flag)
    for pk, judgement in judged(at).items():
        stored = standings[pk]
        fresh = standing_row(stored.initiative, judgement)
        found += _differences(f"standing {pk}", stored, fresh, ("computed_at", *QUIET))
        if judgement.due_on is not None and (stored.due_on is None or stored.due_on > judgement.due_on):
            found.append(f"standing {pk} is due on {judgement.due_on}; it says {stored.due_on}")
        rows = [gate_row(stored.initiative, state, place) for place, state in enumerate(judgement.gates)]
        for old, new in zip(gates[pk], rows, strict=True):
            found += _differences(f"gate {new.gate} of {pk}", old, new, ("id",))
        raised = [tuple(getattr(one, name) for name in _FLAG) for one in judgement.flags.raised]
        kept = [tuple(getattr(one, name) for name in _FLAG) for one in flags[pk]]
        found += [f"flag of {pk} is missing: {one[:2]}" for one in raised if one not in kept]
        found += [f"flag of {pk} should not be open: {one[:2]}" for one in kept if one not in raised]
    return found


def _differences(what: str, stored: Any, fresh: Any, left_out: Iterable[str]) -> list[str]:
    return [
        f"{what}, {field.name}: {getattr(stored, field.attname)!r} instead of {getattr(fresh, field.attname)!r}"
        for field in stored._meta.concrete_fields
        if field.name not in left_out and getattr(stored, field.attname) != getattr(fresh, field.attname)
    ]
