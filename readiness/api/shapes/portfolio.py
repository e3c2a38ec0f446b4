"""The portfolio's figures."""

from typing import Annotated, TypedDict

from gates.limits import LIMITED
from gates.stages import Stage
from readiness.api.shapes.common import Day, InitiativeLink, Moment, Money, Ref, UnitOrRest, Username
from readiness.api.typed import Told, Words
from readiness.portfolio.symptoms.answers import Code
from readiness.portfolio.symptoms.answers import State as SymptomState


class Limit(TypedDict):
    """How many initiatives of a unit may be in a stage at once."""

    stage: Annotated[str, Words(LIMITED)]
    business_unit: Annotated[str, Told("Empty: each unit without a limit of its own.")]
    most: int


class Limits(TypedDict):
    limits: list[Limit]


class Headline(TypedDict):
    """`spent` and `spent_stalled` are of running initiatives, in the organisation's currency (`currency`)."""

    total: int
    running: int
    ready: Annotated[int, Told("Running, in whatever stage, with the verdict `ready`.")]
    ready_live: Annotated[int, Told("Those of them that are live already.")]
    conditional: Annotated[int, Told("Running, in whatever stage, with the verdict `conditional`.")]
    conditional_live: Annotated[int, Told("Those of them that are live already.")]
    stalled: int
    live: int
    spent: Money
    spent_stalled: Money
    currency: str
    unconverted: Annotated[
        int, Told("So many running initiatives are in neither sum, as a rate of their currency is missing.")
    ]


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

    business_unit: UnitOrRest
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
    root_cause: Annotated[
        str | None, Told("That of the worst of them: confirmed by a person, else suspected.")
    ]
    root_cause_confirmed: bool
    since: Day | None
    url: str


class RootCauseCount(TypedDict):
    root_cause: Annotated[str, Told("What a person confirmed, else what is suspected.")]
    name: str
    initiatives: int
    confirmed: Annotated[int, Told("On so many of them a person confirmed it.")]


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
    succeeded: Annotated[int, Told("Live, retired after having been live, or stopped on agreed criteria.")]


class ValueCounts(TypedDict):
    """Measurements so many `days` after the launch, held against what was promised before it."""

    days: int
    not_due: int
    unmeasured: int
    below: int
    on: int
    above: int


class MonthlyValue(TypedDict):
    """Money a month in one currency; `measured` of the `kpis` that promise it have a reading since the launch."""

    currency: str
    promised: Money
    realised: Money
    kpis: int
    measured: int


class PortfolioValue(TypedDict):
    """What the live initiatives bring, by their business KPIs."""

    live: int
    with_kpi: Annotated[int, Told("Live initiatives with a business KPI.")]
    checks: list[ValueCounts]
    monthly: Annotated[list[MonthlyValue], Told("One a currency; they are never mixed.")]
    falling_short: Annotated[
        int, Told("Live initiatives whose last due measurement is missing or below the promise.")
    ]


class Figure(TypedDict):
    """So much of so much; `unit` is what both count, or a currency."""

    numerator: float
    denominator: float
    unit: str


class Symptom(TypedDict):
    """A sign of the PoC trap, over twelve months that end today."""

    code: Annotated[str, Words(Code)]
    title: str
    state: Annotated[str, Words(SymptomState)]
    figure: Figure
    series: Annotated[list[Figure], Told("Further figures: one a quarter, or one a currency.")]
    message: Annotated[str, Told("The figure in words and, where it cannot be told, what is missing.")]
    root_cause: Annotated[str, Told("What is suspected behind it.")]
    countermeasure: str
    count: Annotated[int, Told("How many initiatives are behind it.")]
    initiatives: Annotated[list[InitiativeLink], Told("The first 50 of them.")]


class SymptomBrief(TypedDict):
    code: Annotated[str, Words(Code)]
    state: Annotated[str, Words(SymptomState)]
    figure: Figure


class UnitSymptoms(TypedDict):
    """The same, counted in one unit alone; an empty `business_unit` is what names none."""

    business_unit: str
    initiatives: int
    symptoms: list[SymptomBrief]


Symptoms = TypedDict(
    "Symptoms",
    {
        "from": Day,
        "to": Day,
        "initiatives": Annotated[int, Told("How many the symptoms speak of.")],
        "symptoms": list[Symptom],
        "units": Annotated[list[UnitSymptoms], Told("The 24 largest units.")],
        "units_in_all": int,
    },
)


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
    value: PortfolioValue
