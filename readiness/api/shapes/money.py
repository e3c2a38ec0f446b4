"""Money over the portfolio."""

from typing import Annotated, TypedDict

from gates.stages import Stage
from readiness.api.shapes.common import Day, Money, Ref, UnitOrRest
from readiness.api.typed import Told, Words

KNOWN = Told("null where nothing is known.")


class MoneySum(TypedDict):
    """A sum in the portfolio's `currency`. An initiative of which nothing is known is in neither count."""

    amount: Annotated[Money | None, KNOWN]
    initiatives: Annotated[int, Told("So many are in it.")]
    left_out: Annotated[int, Told("So many are not, as a rate of their currency is missing.")]


class MoneySums(TypedDict):
    """Running initiatives, those of them that are stalled, and what was spent on those that were stopped."""

    planned: MoneySum
    spent: MoneySum
    burn: Annotated[MoneySum, Told("A month.")]
    stalled: Annotated[MoneySum, Told("Spent on running initiatives that are stalled.")]
    stalled_burn: Annotated[MoneySum, Told("A month.")]
    faded_out: MoneySum
    stopped: Annotated[MoneySum, Told("By decision or on agreed criteria.")]
    stopped_somehow: Annotated[MoneySum, Told("It is not known how.")]


class UnitMoney(TypedDict):
    business_unit: UnitOrRest
    initiatives: int
    sums: MoneySums


class StageMoney(TypedDict):
    """What has ended stands in the stage in which it was before."""

    stage: Annotated[str | None, Words(Stage), Told("null: not known.")]
    initiatives: int
    sums: MoneySums


class MonthMoney(TypedDict):
    month: Annotated[Day, Told("Its first day.")]
    spent: MoneySum


class DearInitiative(TypedDict):
    """One of those on which most was spent, in the portfolio's `currency`."""

    initiative: Ref
    name: str
    business_unit: str
    stage: Annotated[str, Words(Stage)]
    stalled: bool
    spent: Money
    planned: Annotated[Money | None, KNOWN]
    burn: Annotated[Money | None, Told("A month; null where nothing is known, or where it has ended.")]
    url: str


class MissingRate(TypedDict):
    currency: str
    initiatives: int
    since: Annotated[Day, Told("The first day of which a rate is needed.")]


class PortfolioMoney(TypedDict):
    """Planned, spent, burning, stalled, and gone with what was stopped, in the organisation's currency."""

    currency: str
    as_of: Day
    sums: MoneySums
    burn_estimated: Annotated[
        MoneySum,
        Told("The part of the burn that is spread over the time since the start: no month is known."),
    ]
    stalled_burn_estimated: Annotated[MoneySum, Told("The same part of the burn of the stalled ones.")]
    months: Annotated[list[MonthMoney], Told("Up to twelve, the current one last.")]
    units: Annotated[list[UnitMoney], Told("Those that cost most first.")]
    stages: list[StageMoney]
    dearest: Annotated[list[DearInitiative], Told("At most ten.")]
    left_out: Annotated[int, Told("So many initiatives are missing in some figure here.")]
    rates_missing: list[MissingRate]
