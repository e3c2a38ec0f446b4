"""What a report says of time, a figure a line, and as tables of their own: from the same pieces as the pages."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from readiness.portfolio import compare_charts, time_charts, trend_charts
from readiness.portfolio.ahead import ANY, period_words
from readiness.portfolio.compare import Side
from readiness.portfolio.courses import Outcome
from readiness.portfolio.durations import Spread
from readiness.portfolio.durations_behind import OUTCOME_WORDS
from readiness.portfolio.forecast_words import WHY_NOT
from readiness.portfolio.gap import ANY as ANY_GAP
from readiness.portfolio.gap import gap_words
from readiness.portfolio.past.behind import mark_words
from readiness.portfolio.past.marks import Counted, Mark
from readiness.portfolio.scope import Scope
from readiness.portfolio.survival import Step
from readiness.reports.contents import Contents
from readiness.reports.over_time import STEP, OverTime
from readiness.reports.tables import Column, Plain, Row
from readiness.standing.words import STAGE_WORDS
from readiness.ui.local import short_day
from readiness.ui.rounding import half_up


def time_rows(past: OverTime, found: Contents) -> Iterator[Row]:
    """The way to production, and the days in each stage."""
    scope, part = found.scope, _("Time to production")
    for one in (
        *time_charts.outcome_counts(past.production, scope),
        *time_charts.untimed_counts(past.production, scope),
    ):
        yield part, one.label, one.value, "", one.url
    if past.production.live is not None:
        yield (
            part,
            _("Half of what was begun is live after"),
            past.production.live.reaches(0.5),
            pgettext("what a figure is counted in", "days"),
            "",
        )
    part = _("Time in stage")
    for time in past.stages:
        stage = STAGE_WORDS[time.stage].label
        for count in time_charts.stage_counts(time, scope):
            yield part, f"{stage}: {count.label}", count.value, "", count.url
        for name, spread in ((_("Days so far"), time.days), (_("Days they took"), time.completed)):
            yield (
                part,
                f"{stage}: {name}",
                half_up(spread.median) if spread else None,
                pgettext("what a figure is counted in", "days"),
                "",
            )


def trend_rows(past: OverTime, found: Contents) -> Iterator[Row]:
    """The ends of the months, the gap of today, and what is ahead."""
    scope, part = found.scope, _("Readiness over time")
    for day in reversed(past.trend.days):
        on = short_day(day.day)
        for mark in trend_charts.marks_listed(past.trend):
            count = day.of(mark)
            name = _("%(what)s on %(day)s") % {"what": mark_words(mark), "day": on}
            yield part, name, count, "", trend_charts.listed(scope, mark, day.day, count)
        name = _("%(what)s on %(day)s") % {"what": _("Median score"), "day": on}
        yield part, name, _score(day.median), pgettext("what a figure is counted in", "points"), ""
    yield from _gap_rows(past, scope)
    yield from _ahead_rows(past, scope)


def _gap_rows(past: OverTime, scope: Scope) -> Iterator[Row]:
    part, gap = _("The optimism gap"), past.gap
    yield part, _("With a gap"), gap.with_gap, "", _behind(scope, f"gap:{ANY_GAP}", gap.with_gap)
    for one in gap.bins:
        name = trend_charts.begun(gap_words(one.code))
        yield part, name, one.count, "", _behind(scope, f"gap:{one.code}", one.count)


def _ahead_rows(past: OverTime, scope: Scope) -> Iterator[Row]:
    part, coming = _("When enough will be met"), past.ahead
    yield part, _("With a forecast"), coming.expected, "", _behind(scope, f"expected:{ANY}", coming.expected)
    if coming.passed:
        url = _behind(scope, f"expected:passed.{STEP.value}", coming.passed)
        yield part, _("Expected earlier, and not reached"), coming.passed, "", url
    for one in coming.periods if coming.expected else ():
        words = {"period": period_words(one.period)}
        yield (
            part,
            _("Expected %(period)s") % words,
            one.on,
            "",
            _behind(scope, f"expected:{one.period.code}", one.on),
        )
    if coming.later:
        url = _behind(scope, f"expected:later.{STEP.value}", coming.later)
        yield part, _("Expected later"), coming.later, "", url
    for why, count in coming.none.items():
        url = _behind(scope, f"no_forecast:{why.value}", count)
        yield part, _("No forecast: %(why)s") % {"why": WHY_NOT[why]}, count, "", url


def _behind(scope: Scope, asked: str, count: int) -> str:
    return scope.listing(behind=asked) if count else ""


def lately_rows(past: OverTime, found: Contents) -> Iterator[Row]:
    """Who changed since last month."""
    part = _("Since last month")
    for one in compare_charts.change_lists(past.lately.changes, found.scope):
        yield part, one.title, one.count, "", one.href


def production_columns() -> list[Column]:
    ends = [str(OUTCOME_WORDS[one]) for one in (Outcome.LIVE, Outcome.ENDED)]
    band = ("", _("95 % band, from"), _("95 % band, to"))
    shares = [f"{end}: {part}" if part else end for end in ends for part in band]
    heads = [_("Days"), *shares, _("Still watched")]
    return [Column(_("After"), 24), *(Column(head, 14) for head in heads)]


def production_lines(past: OverTime) -> list[list[Plain]]:
    """The curve at the marks of its axis, in percent; none where too few went live for one."""

    def shares(step: Step) -> list[Plain]:
        return [_percent(step.share), _percent(step.low), _percent(step.high)]

    return [
        [one.mark.words, one.mark.day, *shares(one.live), *shares(one.ended), one.watched]
        for one in time_charts.told_on(past.production)
    ]


def stage_columns() -> list[Column]:
    spread, so_far = (_("Median"), _("Middle half, from"), _("Middle half, to")), _("Days so far")
    they_took = _("Days they took")
    heads = [_("In it now"), *(f"{so_far}: {one}" for one in spread), _("Beyond the plan"),
             _("Without a plan"), _("Since an unknown day"), _("Stays that are over"), _("Stays without known days"),
             *(f"{they_took}: {one}" for one in spread)]  # fmt: skip
    return [Column(_("Stage"), 12), *(Column(head, 14) for head in heads)]


def stage_lines(past: OverTime) -> Iterator[list[Plain]]:
    for time in past.stages:
        yield [
            str(STAGE_WORDS[time.stage].label),
            time.now, *_spread(time.days), time.beyond_plan, time.unplanned, time.unknown, time.stays,
            time.unclear,
            *_spread(time.completed),
        ]  # fmt: skip


def _spread(found: Spread | None) -> list[Plain]:
    return [half_up(found.median), half_up(found.low), half_up(found.high)] if found else [None, None, None]


def month_columns(past: OverTime) -> list[Column]:
    heads = [mark_words(mark) for mark in trend_charts.marks_listed(past.trend)]
    return [Column(_("End of"), 14), *(Column(head, 14) for head in (*heads, _("Median score")))]


def month_lines(past: OverTime) -> Iterator[list[Plain]]:
    """The latest day first."""
    marks = trend_charts.marks_listed(past.trend)
    for day in reversed(past.trend.days):
        yield [day.day, *(day.of(mark) for mark in marks), _score(day.median)]


def lately_columns(past: OverTime) -> list[Column]:
    days = [side.counted.day for side in (past.lately.then, past.lately.now)]
    then, now = (short_day(day) for day in days)
    return [Column(_("Figure"), 34), Column(then, 16), Column(now, 16),
            Column(_("The list behind it: %(day)s") % {"day": then}, 60),
            Column(_("The list behind it: %(day)s") % {"day": now}, 60)]  # fmt: skip


def lately_lines(past: OverTime, found: Contents, base: str) -> Iterator[list[Plain]]:
    """The figures of both days, each with its list; ``base`` is the address of the product."""
    then, now = past.lately.then, past.lately.now
    for mark in (*(one for one, _better in compare_charts.COUNTS), Mark.UNRECORDED.value):
        lists = [_listed(found.scope, mark, side.counted, base) for side in (then, now)]
        yield [mark_words(mark), then.counted.of(mark), now.counted.of(mark), *lists]
    yield [_("Median score"), _score(then.counted.median), _score(now.counted.median), "", ""]
    yield [_("Gates passed"), then.counted.gates, now.counted.gates, "", ""]
    money = _("Spent, as booked by month (%(currency)s)") % {"currency": now.spent.currency}
    yield [money, _spent(then), _spent(now), "", ""]


def _listed(scope: Scope, mark: str, side: Counted, base: str) -> str:
    url = trend_charts.listed(scope, mark, side.day, side.of(mark))
    return base + url if url else ""


def _spent(side: Side) -> Decimal | None:
    return half_up(side.spent.amount, 2) if side.spent.is_known else None


def _score(value: Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value)


def _percent(share: float) -> Decimal:
    return half_up(100 * share)
