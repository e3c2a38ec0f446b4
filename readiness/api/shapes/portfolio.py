"""The portfolio's figures."""

from typing import Annotated, TypedDict

from gates.limits import LIMITED
from gates.stages import Stage
from readiness.api.shapes.common import Day, Moment, Money, Ref, Username
from readiness.api.typed import Told, Words


class Limit(TypedDict):
    """How many initiatives of a unit may be in a stage at once."""

    stage: Annotated[str, Words(LIMITED)]
    business_unit: Annotated[str, Told("Empty: each unit without a limit of its own.")]
    most: int


class Limits(TypedDict):
    limits: list[Limit]


class Headline(TypedDict):
    """`spent` and `spent_stalled` are of running initiatives in the organisation's currency."""

    total: int
    running: int
    ready: int
    conditional: int
    stalled: int
    live: int
    spent: Money
    spent_stalled: Money
    currency: str


class FunnelStage(TypedDict):
    stage: Annotated[str, Words(Stage)]
    reached: Annotated[int, Told("How many ever reached it or went past it.")]
    now: int


class GateCell(TypedDict):
    gate: str
    name: str
    total: int
    passed: int
    lapsed: int
    in_review: int


class UnitRow(TypedDict):
    """One unit's running initiatives past intake, gate by gate; the smallest units are one row."""

    business_unit: str
    initiatives: int
    gates: list[GateCell]


class ScoreBin(TypedDict):
    """Running initiatives with `low` <= score < `high`; the last one includes 100."""

    low: int
    high: int
    count: int


class StalledInitiative(TypedDict):
    initiative: Ref
    name: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]
    spent: Money | None
    days: Annotated[int | None, Told("In this stage, days on hold not counted.")]
    reasons: Annotated[list[str], Told("The titles of the flags that stall it, the worst first.")]
    since: Day | None
    url: str


class RootCauseCount(TypedDict):
    root_cause: str
    name: str
    initiatives: int


class WaitingReview(TypedDict):
    initiative: Ref
    name: str
    gate: str
    submitted_by: Username
    submitted_at: Moment
    days: int
    url: str


class ReviewsWaiting(TypedDict):
    count: int
    oldest: list[WaitingReview]


class Outcomes(TypedDict):
    live: int
    retired: int
    stopped_on_criteria: Annotated[int, Told("A success of the process.")]
    stopped_by_decision: int
    faded_out: int


class Portfolio(TypedDict):
    """The figures over everything you may see, as they were last computed."""

    headline: Headline
    funnel: list[FunnelStage]
    units: list[UnitRow]
    scores: list[ScoreBin]
    stalled: Annotated[list[StalledInitiative], Told("Those that cost most.")]
    root_causes: Annotated[list[RootCauseCount], Told("Of open flags, the most first.")]
    reviews_waiting: ReviewsWaiting
    outcomes: Outcomes
