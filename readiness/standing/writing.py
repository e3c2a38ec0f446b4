"""Writing what was computed: only what changed, in a fixed number of statements for a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from checklists.said import stored_parts
from gates.models import Initiative
from gates.rules import GateState
from readiness.standing.flags.engine import Raised
from readiness.standing.judgement import Judgement
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from readiness.standing.outcome import Outcome

HISTORY_FIELDS = (
    "stage",
    "framework",
    "framework_version",
    "score",
    "met",
    "partial",
    "not_met",
    "unanswered",
    "verdict",
    "stalled",
    "flags_open",
)
FORECAST_FIELDS = frozenset({"forecast_on", "forecast_from", "forecast_to", "forecast_none"})
QUIET_FIELDS = frozenset({"computed_at", "as_of", "due_on"}) | FORECAST_FIELDS
"""What moves without news: the list of scores does not tell it, so nobody need fetch them again for it."""
SEVERITIES = ("critical", "warning", "info")


def _columns(model: type[Any], *left_out: str) -> list[str]:
    return [column.name for column in model._meta.concrete_fields if column.name not in left_out]


STANDING_FIELDS = _columns(Standing, "initiative")
GATE_FIELDS = _columns(GateStanding, "id", "initiative", "framework", "gate")


@dataclass(slots=True)
class _News:
    """What is to be written of one initiative."""

    standing: Standing
    moved: bool
    changed: dict[str, Any]
    gates: list[GateStanding] = field(default_factory=list)
    history: HistoryPoint | None = None


class Writer:
    """Collects the news of a batch, then writes it."""

    def __init__(self, at: datetime, today: date) -> None:
        self.at = at
        self.today = today
        self._news: dict[int, _News] = {}
        self._flags_new: list[Flag] = []
        self._flags_changed: list[Flag] = []
        self._gates_gone: list[int] = []

    @property
    def changes_flags(self) -> bool:
        return bool(self._flags_new or self._flags_changed)

    @property
    def has_news(self) -> bool:
        return (
            self.changes_flags
            or bool(self._gates_gone)
            or any(news.moved or news.gates for news in self._news.values())
        )

    def add(
        self,
        initiative: Initiative,
        judgement: Judgement,
        stored: Outcome | None,
        triggers: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Note what is new of one initiative, compared with what is stored; ``triggers``: exit criteria met now."""
        changed: dict[str, Any] = {"exits_triggered": list(triggers)} if triggers else {}
        self._note_flags(initiative, judgement, stored.flags if stored else [], changed)
        if stored is not None and (back := _back(stored, judgement)):
            changed["flags_back"] = back
        standing = standing_row(initiative, judgement)
        old = stored.standing if stored else None
        moved = [name for name in STANDING_FIELDS if name != "computed_at" and _differs(old, standing, name)]
        gates = self._changed_gates(initiative, judgement, stored.gates if stored else [], changed)
        for name in ("verdict", "score", "stalled", "stage"):
            if old is not None and name in moved:
                changed[name] = [getattr(old, name), getattr(standing, name)]
        news = _News(standing, bool(moved), changed, gates)
        if old is None or any(name in moved for name in HISTORY_FIELDS):
            news.history = HistoryPoint(
                initiative=initiative,
                on=self.today,
                **{name: getattr(standing, name) for name in HISTORY_FIELDS},
            )
        if old is not None and not (set(moved) - QUIET_FIELDS or gates or changed):
            standing.computed_at = old.computed_at
        self._news[initiative.pk] = news

    def write(self, tick: Callable[[], datetime], *, everything: bool) -> dict[int, dict[str, Any]]:
        """Write the news and return what changed by initiative. ``everything``: an act counts as news of itself."""
        standings = []
        for news in self._news.values():
            ticks = everything or news.standing.computed_at is None
            if ticks:
                news.standing.computed_at = tick()
            if ticks or news.moved:
                standings.append(news.standing)
        Standing.objects.bulk_create(
            standings, update_conflicts=True, unique_fields=["initiative"], update_fields=STANDING_FIELDS
        )
        if self._gates_gone:
            GateStanding.objects.filter(pk__in=self._gates_gone).delete()
        GateStanding.objects.bulk_create(
            [gate for news in self._news.values() for gate in news.gates],
            update_conflicts=True,
            unique_fields=["initiative", "framework", "gate"],
            update_fields=GATE_FIELDS,
        )
        HistoryPoint.objects.bulk_create(
            [news.history for news in self._news.values() if news.history is not None],
            update_conflicts=True,
            unique_fields=["initiative", "on"],
            update_fields=list(HISTORY_FIELDS),
        )
        Flag.objects.bulk_create(self._flags_new)
        Flag.objects.bulk_update(
            self._flags_changed,
            ["severity", "root_cause", "stalls", "message", "said", "details", "resolved_on", "resolved_at"],
        )
        return {pk: news.changed for pk, news in self._news.items()}

    def _note_flags(
        self, initiative: Initiative, judgement: Judgement, open_flags: list[Flag], changed: dict[str, Any]
    ) -> None:
        raised = {flag.code: flag for flag in judgement.flags.raised}
        is_open = {flag.code: flag for flag in open_flags}
        opened = [flag for code, flag in raised.items() if code not in is_open]
        for flag in opened:
            self._flags_new.append(self._flag_row(initiative, flag))
        if opened:
            changed["flags_opened"] = [
                {"code": flag.code, "severity": flag.severity.value} for flag in opened
            ]
        resolved = [gone for code, gone in is_open.items() if code not in raised]
        for gone in resolved:
            gone.resolved_on, gone.resolved_at = self.today, self.at
            self._flags_changed.append(gone)
        if resolved:
            changed["flags_resolved"] = sorted(gone.code for gone in resolved)
        altered = [code for code, flag in is_open.items() if code in raised and _alter(flag, raised[code])]
        self._flags_changed += [is_open[code] for code in altered]
        if altered:
            changed["flags_changed"] = [
                {"code": code, "severity": raised[code].severity.value} for code in altered
            ]

    def _flag_row(self, initiative: Initiative, flag: Raised) -> Flag:
        return Flag(
            initiative=initiative,
            code=flag.code,
            severity=flag.severity.value,
            root_cause=flag.root_cause,
            stalls=flag.stalls,
            message=flag.message,
            said=stored_parts(flag.message),
            details=flag.details,
            opened_on=self.today,
            opened_at=self.at,
        )

    def _changed_gates(
        self,
        initiative: Initiative,
        judgement: Judgement,
        stored: list[GateStanding],
        changed: dict[str, Any],
    ) -> list[GateStanding]:
        by_key = {(gate.framework, gate.gate): gate for gate in stored}
        rows = []
        statuses: dict[str, list[str]] = {}
        for position, state in enumerate(judgement.gates):
            row = gate_row(initiative, state, position)
            old = by_key.get((row.framework, row.gate))
            if any(_differs(old, row, name) for name in GATE_FIELDS):
                rows.append(row)
            if old is not None and old.status != row.status:
                statuses[row.gate] = [old.status, row.status]
        if statuses:
            changed["gates"] = statuses
        stand = {(state.gate.framework, state.gate.slug) for state in judgement.gates}
        self._gates_gone += [gate.pk for key, gate in by_key.items() if key not in stand]
        return rows


def _back(stored: Outcome, judgement: Judgement) -> list[dict[str, str]]:
    """The flags whose snooze ended between the last judgement and this one, and that are still raised."""
    ended = {
        flag.code
        for flag in stored.flags
        if flag.snoozed_until is not None and stored.standing.as_of <= flag.snoozed_until < judgement.as_of
    }
    return [
        {"code": flag.code, "severity": flag.severity.value}
        for flag in judgement.flags.raised
        if flag.code in ended
    ]


def standing_row(initiative: Initiative, judgement: Judgement) -> Standing:
    """The row that says what was judged; ``computed_at`` is set when it is written."""
    found, counts, raised = judgement.readiness, judgement.readiness.tally, judgement.flags.raised
    severities = {flag.severity.value for flag in raised}
    expected = judgement.forecast
    return Standing(
        initiative=initiative,
        stage=initiative.stage,
        framework=judgement.deciding.framework.slug,
        framework_version=judgement.deciding.framework.version,
        score=counts.score,
        points=counts.points,
        declared_points=found.declared_points,
        optimism_gap=found.optimism_gap,
        total=counts.total,
        met=counts.met,
        partial=counts.partial,
        not_met=counts.not_met,
        unanswered=counts.unanswered,
        required_met=found.required_met,
        threshold_met=found.threshold_met,
        verdict=found.verdict.value,
        stalled=judgement.flags.stalled,
        flags_open=len(raised),
        worst_severity=next((severity for severity in SEVERITIES if severity in severities), ""),
        blockers=[_words(blocker) for blocker in found.blockers],
        next_actions=[_words(action) for action in judgement.next_actions],
        effective=judgement.effective,
        risen_on=judgement.risen_on,
        forecast_on=expected.on,
        forecast_from=expected.earliest,
        forecast_to=expected.latest,
        forecast_none=expected.why.value if expected.why else "",
        as_of=judgement.as_of,
        due_on=judgement.due_on,
    )


def gate_row(initiative: Initiative, state: GateState, position: int) -> GateStanding:
    """The row that says where one gate stands."""
    values = [item.effective.value.value for item in state.items]
    lapsed = state.lapsed_because
    return GateStanding(
        initiative=initiative,
        framework=state.gate.framework,
        gate=state.gate.slug,
        name=state.gate.name,
        kind=state.gate.kind.value,
        position=position,
        status=state.status.value if state.status else "",
        can_submit=state.can_submit,
        review_pending=state.review_pending,
        lapsed_because=lapsed.reason if lapsed else "",
        met=values.count("met"),
        partial=values.count("partial"),
        not_met=values.count("not_met"),
        unanswered=values.count("unanswered"),
        total=len(values),
        min_met=state.gate.required,
        criteria_hold=state.criteria.holds,
        criteria=[_words(clause) for clause in state.criteria.clauses],
    )


def _alter(flag: Flag, raised: Raised) -> bool:
    """Bring an open flag up to date; whether that changed anything."""
    fresh = {
        "severity": raised.severity.value,
        "root_cause": raised.root_cause,
        "stalls": raised.stalls,
        "message": raised.message,
        "details": raised.details,
    }
    altered = any(getattr(flag, name) != value for name, value in fresh.items())
    fresh["said"] = stored_parts(raised.message)
    for name, value in fresh.items():
        setattr(flag, name, value)
    return altered


def _words(dataclass_row: Any) -> dict[str, Any]:
    """A flat dataclass of words as JSON holds it, with the parts of its sentence beside it (``checklists.said``)."""
    words = {name: getattr(dataclass_row, name) for name in dataclass_row.__slots__}
    return words | {"said": stored_parts(dataclass_row.message)}


def _differs(old: Any, new: Any, name: str) -> bool:
    return old is None or getattr(old, name) != getattr(new, name)
