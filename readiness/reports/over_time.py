"""What a report says of time: how long it takes, how it went month by month, when enough will be met, what changed.

The same functions as those of the pages Time, Trend and Compare, over the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.portfolio import compare_charts, time_charts, trend_charts
from readiness.portfolio.ahead import Ahead, Step, ahead
from readiness.portfolio.compare import TwoDays, two_days_of
from readiness.portfolio.durations import Production, StageTime, courses, production, times_in_stage
from readiness.portfolio.gap import Gaps, gaps
from readiness.portfolio.past.days import month_ends
from readiness.portfolio.past.loading import lives
from readiness.portfolio.symptoms.window import months_before
from readiness.portfolio.trend import MONTHS_SHOWN, Trend, trend_of
from readiness.reports.contents import Contents

STEP = Step.QUARTER


@dataclass(frozen=True, slots=True)
class OverTime:
    """``lately``: today beside the same day of the month before."""

    production: Production
    stages: Sequence[StageTime]
    trend: Trend
    gap: Gaps
    ahead: Ahead
    lately: TwoDays


def over_time(found: Contents) -> OverTime:
    """Over what the report speaks of; twelve queries, as the past is read once for every day that is looked at."""
    rows, today, zone = found.rows, found.today, found.organisation.zone
    ways = courses(rows, today)
    known = lives(rows, month_ends(today, MONTHS_SHOWN)[0], today, zone)
    return OverTime(
        production=production(ways),
        stages=times_in_stage(ways),
        trend=trend_of(known, today, MONTHS_SHOWN),
        gap=gaps(rows),
        ahead=ahead(rows, today, STEP),
        lately=two_days_of(known, found.accounts.kept, months_before(today, 1), today, found.accounts.rates),
    )


def as_shown(past: OverTime, found: Contents) -> dict[str, object]:
    """As the document lays it out: in the words, the parts of charts and the links of the pages."""
    scope = found.scope
    return {
        **time_charts.production_shown(past.production, scope),
        "stages": time_charts.stage_rows(past.stages, scope),
        **trend_charts.months_shown(past.trend, found.today, scope),
        **trend_charts.gaps_shown(past.gap, scope),
        **trend_charts.ahead_shown(past.ahead, scope, STEP),
        **compare_charts.days_shown(past.lately, scope),
    }
