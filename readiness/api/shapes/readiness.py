"""Readiness, its flags, its history, the deploy check, and scores."""

from typing import Annotated, Any, TypedDict

from gates.rules import GateStatus
from gates.stages import Stage
from readiness.api.shapes.common import Blocker, Day, Moment, Ref, Username
from readiness.api.typed import Told, Words
from readiness.standing.flags.thresholds import SetFor, Unit
from readiness.standing.models import Severity
from readiness.standing.next_actions import ActionCode, ForRole
from readiness.standing.verdict import Verdict


class GateBrief(TypedDict):
    gate: str
    status: Annotated[str, Words(GateStatus)]
    met: int
    total: int
    min_met: int


class NextAction(TypedDict):
    code: Annotated[str, Words(ActionCode)]
    message: str
    for_role: Annotated[str, Words(ForRole), Told("Whom it speaks to.")]
    framework: str | None
    gate: str | None
    item: str | None
    url: str


class FlagBrief(TypedDict):
    id: int
    code: str
    severity: Annotated[str, Words(Severity)]
    title: str
    message: str
    stalls: bool
    root_cause: Annotated[str, Told("A suspicion.")]
    confirmed_cause: Annotated[
        str | None, Told("What a person found the cause to be; null while nobody did.")
    ]
    countermeasure: Annotated[str, Told("Of the confirmed cause, else of the suspected one.")]
    since: Day
    acknowledged_at: Moment | None
    snoozed_until: Day | None


class FlagThreshold(TypedDict):
    """One threshold of a flag's rule, as it holds now in the initiative's stage."""

    key: str
    label: str
    unit: Annotated[str, Words(Unit)]
    value: float
    set_for: Annotated[str, Words(SetFor), Told("Whether an admin set it, and for which stages.")]


class Flag(FlagBrief):
    initiative: Ref
    details: Annotated[dict[str, Any], Told("The facts that it rests on: why it is there.")]
    thresholds: Annotated[list[FlagThreshold], Told("Empty once it is resolved.")]
    acknowledged_by: Username | None
    snooze_reason: str
    confirmed_by: Username | None
    confirmed_at: Moment | None
    resolved_on: Day | None


class Score(TypedDict):
    framework: str
    framework_version: str
    score: Annotated[float, Told("0 to 100, one decimal.")]
    points: float
    total: int
    met: int
    partial: int
    not_met: int
    unanswered: int
    declared_points: float
    optimism_gap: Annotated[float, Told("Declared minus effective points.")]
    required_met: int
    threshold_met: bool
    verdict: Annotated[str, Words(Verdict)]
    stalled: bool
    gates: list[GateBrief]
    computed_at: Moment


LateEnd = Annotated[Day | None, Told("Null where it lies more than two years ahead.")]

# Written so because `from` is a word of the language.
Forecast = TypedDict("Forecast", {"on": Day, "from": Day, "to": LateEnd})

FORECAST = (
    "The week, by its Sunday, in which enough items are met at the pace of the last 8 whole weeks: half of a thousand "
    "draws got there by `on`, a fifth by `from`, four fifths by `to`. Null where that is reached, where fewer than 4 "
    "weeks are known, where it takes more than two years, on hold, and from the rollout on."
)


class Readiness(Score):
    """How ready an initiative is for production."""

    blockers: list[Blocker]
    next_actions: Annotated[list[NextAction], Told("The first one moves the initiative most.")]
    flags: list[FlagBrief]
    forecast: Annotated[Forecast | None, Told(FORECAST)]


class PortfolioScore(Score):
    """One initiative's score; the list is in the order of `computed_at`."""

    initiative: Ref
    name: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]


class HistoryPoint(TypedDict):
    """Where the initiative stood at the end of a day on which something changed."""

    on: Day
    stage: Annotated[str, Words(Stage)]
    score: float
    met: int
    partial: int
    not_met: int
    unanswered: int
    verdict: Annotated[str, Words(Verdict)]
    stalled: bool
    flags_open: int


class DeployCheck(TypedDict):
    """May a delivery pipeline deploy this?"""

    allowed: bool
    verdict: Annotated[str, Words(Verdict)]
    blockers: list[Blocker]
