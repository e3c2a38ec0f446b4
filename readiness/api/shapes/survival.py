"""How long it takes to production, and what became of what was begun."""

from typing import Annotated, TypedDict

from gates.stages import Stage
from readiness.api.shapes.common import Day
from readiness.api.typed import Told, Words
from readiness.portfolio.durations import LEAST_EVENTS, LEAST_WATCHED


class CurveStep(TypedDict):
    """From this day on, counted from the first day in intake; shares from 0 to 1, `low` to `high` the band of 95 %."""

    day: int
    share: float
    low: float
    high: float


class HalfLive(TypedDict):
    """After so many days half of what was begun is live; null where the curve, or its band, does not get there."""

    days: int | None
    earliest: int | None
    latest: int | None


class ProductionCurve(TypedDict):
    """Cumulative incidence (Aalen and Johansen, 1978): an end without going live is a competing event."""

    last_day: Annotated[int, Told(f"As long as {LEAST_WATCHED} are still watched.")]
    live: list[CurveStep]
    ended: list[CurveStep]
    half_live: HalfLive


class TimeToProduction(TypedDict):
    """Those whose first day in intake and whose outcome are known; `running` ones are watched up to today."""

    live: int
    ended: int
    running: int
    start_not_known: Annotated[int, Told("In none of these numbers: their first day in intake is not known.")]
    end_not_known: Annotated[int, Told("In none of these numbers: the day of their outcome is not known.")]
    curve: Annotated[ProductionCurve | None, Told(f"null where fewer than {LEAST_EVENTS} went live.")]


class DaysSpread(TypedDict):
    """Days: first quartile, median, third quartile."""

    low: float
    median: float
    high: float


class StageDays(TypedDict):
    """Days on hold are left out. Stays that are over are counted where both of their days are known."""

    stage: Annotated[str, Words(Stage)]
    now: Annotated[int, Told("In it now.")]
    since_not_known: Annotated[int, Told("Of these it is not known since when.")]
    beyond_plan: int
    without_plan: int
    days_now: Annotated[DaysSpread | None, Told("Of those that are in it now.")]
    stays: Annotated[int, Told("Stays that are over.")]
    days_over: Annotated[DaysSpread | None, Told("Of the stays that are over.")]


class Cohort(TypedDict):
    """Those that began in one quarter: `live`, `ended` and `running` add up to `began`."""

    first: Annotated[Day | None, Told("null: everything up to `last` is one row.")]
    last: Day
    began: int
    reached_pilot: int
    live: int
    ended: int
    running: int
    young: Annotated[bool, Told("Not all of them are a year old: they cannot be held against older ones.")]


class PortfolioSurvival(TypedDict):
    """How long initiatives take, and what became of those that were begun."""

    as_of: Day
    production: TimeToProduction
    stages: list[StageDays]
    cohorts: Annotated[list[Cohort], Told("By the quarter in which they began, the newest first.")]
