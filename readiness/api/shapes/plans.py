"""The roadmap and the money of one initiative."""

from typing import Annotated, TypedDict

from gates.budget import Kind, Place
from gates.roadmap import Lack, Phase, Standing
from readiness.api.shapes.common import Day, Moment, Money, Username
from readiness.api.typed import Example, Told, Words

Month = Annotated[str, Told("A month as `YYYY-MM`."), Example("2026-10")]
Percent = Annotated[float | None, Told("In percent, with one decimal.")]


class RoadmapPhase(TypedDict):
    kind: Annotated[str, Words(Phase)]
    name: str
    starts_on: Annotated[Day | None, Told("Its planned first day.")]
    ends_on: Annotated[Day | None, Told("Its planned last day.")]
    began_on: Annotated[Day | None, Told("The day on which it began.")]
    entry_rule: str
    pause_rule: str
    standing: Annotated[str, Words(Standing)]
    usual_weeks: Annotated[list[int] | None, Told("The fewest and the most weeks it usually takes.")]


class RoadmapWarning(TypedDict):
    """What is allowed and worth a second look, such as phases that overlap."""

    phase: Annotated[str, Words(Phase)]
    message: str


class Roadmap(TypedDict):
    people: str
    budget: Money | None
    complete: Annotated[bool, Told("It has days for every phase, people and money.")]
    missing: list[Annotated[str, Words(Lack)]]
    undated: Annotated[list[Annotated[str, Words(Phase)]], Told("Phases without a first or a last day.")]
    phase: Annotated[str | None, Words(Phase), Told("The phase it is in: the last that began.")]
    days_late: Annotated[int, Told("Days behind the plan, without those on hold.")]
    phases: list[RoadmapPhase]
    warnings: list[RoadmapWarning]
    version: Annotated[int, Told("0 while nobody has written one.")]
    updated_by: Username | None
    updated_at: Moment | None


class Amounts(TypedDict):
    """By kind; null where nothing was entered."""

    data: Money | None
    infrastructure: Money | None
    integration: Money | None
    change: Money | None
    other: Money | None


class SpendingMonth(TypedDict):
    month: Month
    total: Money
    amounts: Amounts


class SpendingKind(TypedDict):
    kind: Annotated[str, Words(Kind)]
    amount: Money
    share: Percent


class Burn(TypedDict):
    """The mean of the last three full months; without entries, what was spent by the months since the start."""

    a_month: Money
    estimate: bool


class Quoted(TypedDict):
    """A figure as its source gives it."""

    figure: str
    source: str


class ShareAdvice(TypedDict):
    """A share of the budget beside a rule of thumb that is quoted: advice, no rule of this product."""

    kind: Annotated[str, Words(Kind)]
    band: Annotated[list[int], Told("Both ends in percent.")]
    planned_share: Percent
    planned_lies: Annotated[str | None, Words(Place)]
    spent_share: Percent
    spent_lies: Annotated[str | None, Words(Place)]
    quoted: Quoted | None


class ProductionEstimate(TypedDict):
    """What production would cost beside what the pilot did."""

    build: Money | None
    run: Money | None
    estimate: Annotated[Money | None, Told("Building it and twelve months of running it, as far as known.")]
    pilot_cost: Money | None
    times: Annotated[float | None, Told("How many times the pilot's cost the estimate is.")]
    quoted: Quoted | None


class Spending(TypedDict):
    currency: str | None
    planned: Money | None
    spent: Annotated[Money | None, Told("The sum of the months, once there is any.")]
    months: list[SpendingMonth]
    kinds: list[SpendingKind]
    burn: Burn | None
    advice: list[ShareAdvice]
    production: ProductionEstimate
