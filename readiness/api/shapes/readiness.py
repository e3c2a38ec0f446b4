"""Readiness, its flags, its history, the deploy check, and scores."""

from typing import Annotated, Any, TypedDict

from gates.rules import GateStatus
from gates.stages import Stage
from readiness.api.shapes.common import Blocker, Day, Moment, Ref
from readiness.api.typed import Told, Words
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
    countermeasure: str
    since: Day
    acknowledged_at: Moment | None
    snoozed_until: Day | None


class Flag(FlagBrief):
    initiative: Ref
    details: dict[str, Any]


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


# Written so because `from` is a word of the language.
Forecast = TypedDict("Forecast", {"on": Day, "from": Day, "to": Day})


class Readiness(Score):
    """How ready an initiative is for production."""

    blockers: list[Blocker]
    next_actions: Annotated[list[NextAction], Told("The first one moves the initiative most.")]
    flags: list[FlagBrief]
    forecast: Annotated[Forecast | None, Told("Null where none can be made.")]


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
