"""When enough will be met, over the portfolio: from the forecasts that the initiatives' own pages show.

Nothing is forecast here. Each initiative's day and its range are those that stand with it (docs/rules.md, "Forecast").
"""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from gates.budget import first_of_month
from gates.querysets import InitiativeQuerySet
from readiness.portfolio.forecast_words import WHY_NOT
from readiness.portfolio.found import Found
from readiness.standing.forecast import NoForecast
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import month

MONTHS_AHEAD = 24
PASSED, LATER, ANY, OPEN_ENDED = "passed", "later", "any", "open_ended"
BY_ITS_END = {
    "early": ("standing__forecast_from", gettext_lazy("Expected by the end of %(month)s at the earliest")),
    "middle": ("standing__forecast_on", gettext_lazy("Expected by the end of %(month)s")),
    "late": ("standing__forecast_to", gettext_lazy("Expected by the end of %(month)s at the latest")),
}
"""The column that says when, and the words for what is counted by the end of a period."""


class Step(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        return 1 if self == Step.MONTH else 3


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar months, both days included. ``code`` is what stands in an address."""

    first: date
    last: date

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}.{self.last:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Expected:
    """``on``: how many are expected in the period. By its end as the early ends, the days and the late ends have it."""

    period: Period
    on: int
    early: int
    middle: int
    late: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Over ``running`` initiatives, of which ``expected`` have a forecast.

    ``passed`` of them name a day before this month: theirs were made for an earlier day. ``later``: beyond the last
    period. ``open_ended``: the late end of the range lies beyond two years. ``none``: how many have no forecast, by
    why; ``unknown`` say neither. ``needed``: how many items must be met, None where frameworks differ in it.
    """

    running: int
    expected: int
    passed: int
    later: int
    open_ended: int
    periods: tuple[Expected, ...]
    none: dict[NoForecast, int]
    unknown: int
    needed: int | None


def ahead(rows: InitiativeQuerySet, today: date, step: Step) -> Ahead:
    """One query."""
    columns = ("forecast_on", "forecast_from", "forecast_to", "forecast_none", "required_met")
    known = list(rows.running().order_by().values_list(*(f"standing__{name}" for name in columns)))
    some = [(on, early, late) for on, early, late, _why, _needed in known if on is not None]
    why = Counter(NoForecast(why) for on, _early, _late, why, _needed in known if on is None and why)
    needed = {one for *_rest, one in known if one is not None}
    periods = periods_from(today, step)
    return Ahead(
        running=len(known),
        expected=len(some),
        passed=sum(on < periods[0].first for on, _early, _late in some),
        later=sum(on > periods[-1].last for on, _early, _late in some),
        open_ended=sum(late is None for _on, _early, late in some),
        periods=tuple(
            Expected(
                period=one,
                on=sum(one.first <= on <= one.last for on, _early, _late in some),
                early=sum(early <= one.last for _on, early, _late in some),
                middle=sum(on <= one.last for on, _early, _late in some),
                late=sum(late is not None and late <= one.last for _on, _early, late in some),
            )
            for one in periods
        ),
        none={one: why[one] for one in NoForecast if why[one]},
        unknown=len(known) - len(some) - sum(why.values()),
        needed=needed.pop() if len(needed) == 1 else None,
    )


def periods_from(today: date, step: Step) -> tuple[Period, ...]:
    """From the month or quarter of today on, until the one in which this month comes round for the second time."""
    first = first_of_month(today, -((today.month - 1) % step.months))
    last = first_of_month(today, MONTHS_AHEAD)
    found = []
    while first <= last:
        following = first_of_month(first, step.months)
        found.append(Period(first, _last_of_month(first_of_month(following, -1))))
        first = following
    return tuple(found)


def expected_behind(rows: InitiativeQuerySet, code: str, today: date) -> Found | None:
    """Those expected from the first month through the last, before this month, after the last one shown, or at all:
    "expected:2027-01.2027-03", "expected:passed.month"; or by the end of a month: "expected:early.2027-03"; or of
    which nobody can say that two years are enough: "expected:open_ended"."""
    running = rows.running()
    some = running.filter(standing__forecast_on__isnull=False)
    if code == ANY:
        return Found(some, _("With a forecast"))
    if code == OPEN_ENDED:
        return Found(some.filter(standing__forecast_to__isnull=True), _("May take more than two years"))
    what, _dot, argument = code.partition(".")
    if what in (PASSED, LATER):
        if argument not in set(Step):
            return None
        periods = periods_from(today, Step(argument))
        passed = what == PASSED
        query = (
            Q(standing__forecast_on__lt=periods[0].first)
            if passed
            else Q(standing__forecast_on__gt=periods[-1].last)
        )
        words = _("Expected earlier, and not reached") if passed else _("Expected later")
        return Found(running.filter(query), words)
    last = _end_of(argument)
    if what in BY_ITS_END and last is not None:
        column, said = BY_ITS_END[what]
        # Whoever has no day has no forecast, though the early end of the range may stand from before.
        found = running.filter(**{f"{column}__lte": last, "standing__forecast_on__isnull": False})
        return Found(found, said % {"month": month(last)})
    first = _end_of(what)
    if first is None or last is None:
        return None
    first = first.replace(day=1)
    found = running.filter(standing__forecast_on__gte=first, standing__forecast_on__lte=last)
    return Found(found, _("Expected %(period)s") % {"period": period_words(Period(first, last))})


def no_forecast_behind(rows: InitiativeQuerySet, why: str, today: date) -> Found | None:
    """The running ones that have no forecast for this reason: "no_forecast:on_hold"."""
    if why not in set(NoForecast):
        return None
    reason = NoForecast(why)
    found = rows.running().filter(standing__forecast_on__isnull=True, standing__forecast_none=why)
    return Found(found, _("No forecast: %(why)s") % {"why": WHY_NOT[reason]})


def period_words(period: Period) -> str:
    """ "January 2027", or "January 2027 to March 2027"."""
    if period.first.year == period.last.year and period.first.month == period.last.month:
        return month(period.first)
    return _("%(first)s to %(last)s") % {"first": month(period.first), "last": month(period.last)}


def _end_of(code: str) -> date | None:
    """The last day of a month as an address writes it, "2027-03"; None for anything else."""
    try:
        return _last_of_month(date.fromisoformat(f"{code}-01"))
    except ValueError:
        return None


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
