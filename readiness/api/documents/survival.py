"""How long initiatives take: the very same figures that the page Time shows."""

from datetime import date

from gates.querysets import InitiativeQuerySet
from readiness.api import shapes
from readiness.portfolio.courses import Outcome, Untimed
from readiness.portfolio.durations import (
    Cohort,
    Production,
    Spread,
    StageTime,
    cohorts,
    courses,
    production,
    times_in_stage,
)
from readiness.portfolio.survival import Incidence


def portfolio_survival(rows: InitiativeQuerySet, today: date) -> shapes.PortfolioSurvival:
    """In three queries, however many rows there are."""
    found = courses(rows, today)
    return {
        "as_of": today.isoformat(),
        "production": _production(production(found)),
        "stages": [_stage(one) for one in times_in_stage(found)],
        "cohorts": [_cohort(one) for one in cohorts(found)],
    }


def _production(found: Production) -> shapes.TimeToProduction:
    return {
        "live": found.outcomes.get(Outcome.LIVE, 0),
        "ended": found.outcomes.get(Outcome.ENDED, 0),
        "running": found.outcomes.get(Outcome.RUNNING, 0),
        "start_not_known": found.untimed.get(Untimed.NO_START, 0),
        "end_not_known": found.untimed.get(Untimed.NO_END, 0),
        "curve": _curve(found),
    }


def _curve(found: Production) -> shapes.ProductionCurve | None:
    if found.live is None or found.ended is None:
        return None
    half = found.live.reaches(0.5)
    earliest, latest = found.live.reaches_between(0.5) if half is not None else (None, None)
    return {
        "last_day": found.last_day,
        "live": _steps(found.live, found.last_day),
        "ended": _steps(found.ended, found.last_day),
        "half_live": {"days": half, "earliest": earliest, "latest": latest},
    }


def _steps(found: Incidence, last_day: int) -> list[shapes.CurveStep]:
    return [
        {
            "day": one.day,
            "share": round(one.share, 6),
            "low": round(one.low, 6),
            "high": round(one.high, 6),
        }
        for one in found.steps
        if one.day <= last_day
    ]


def _stage(found: StageTime) -> shapes.StageDays:
    return {
        "stage": found.stage.value,
        "now": found.now,
        "since_not_known": found.unknown,
        "beyond_plan": found.beyond_plan,
        "without_plan": found.unplanned,
        "days_now": _spread(found.days),
        "stays": found.stays,
        "days_over": _spread(found.completed),
    }


def _spread(found: Spread | None) -> shapes.DaysSpread | None:
    return {"low": found.low, "median": found.median, "high": found.high} if found else None


def _cohort(found: Cohort) -> shapes.Cohort:
    return {
        "first": None if found.earlier else found.quarter.first.isoformat(),
        "last": found.quarter.last.isoformat(),
        "began": found.began,
        "reached_pilot": found.pilot,
        "live": found.live,
        "ended": found.ended,
        "running": found.running,
        "young": found.young,
    }
