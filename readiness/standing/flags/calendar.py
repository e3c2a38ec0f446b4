"""Days as the rules count them: whole calendar days, days on hold left out (domain rules, Time)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from gates.promises import VALUE_MARKS
from readiness.standing.flags.facts import Period


def days_later(day: date, days: int) -> date | None:
    """``None`` beyond the end (or the beginning) of the calendar: that day never comes."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days in order, as periods that neither overlap nor touch. Empty periods are left out."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda one: one.since):
        if period.until is not None and period.until <= period.since:
            continue
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and last.until < period.since):
            joined.append(period)
        elif last.until is not None and (period.until is None or period.until > last.until):
            joined[-1] = Period(last.since, period.until)
    return joined


def days_within(since: date, until: date, periods: Iterable[Period]) -> int:
    """How many of the days from ``since`` up to, not including, ``until`` lie in a period."""
    return sum(
        max((min(period.until or until, until) - max(period.since, since)).days, 0)
        for period in merged(periods)
    )


def counted_days(since: date, until: date, holds: Sequence[Period] = ()) -> int:
    """Days between two dates, days on hold left out; never below 0."""
    if until <= since:
        return 0
    return (until - since).days - days_within(since, until, holds)


def reaches(since: date, days: int, holds: Sequence[Period] = ()) -> date | None:
    """The first day on which ``counted_days(since, day, holds) >= days``; ``None`` while a hold keeps it away."""
    cursor, left = since, days
    for hold in merged(holds):
        free = (max(hold.since, cursor) - cursor).days
        if left <= free:
            break
        if hold.until is None:
            return None
        if hold.until > cursor:
            left -= free
            cursor = hold.until
    return days_later(cursor, left)


def begun_before(day: date, days: int, holds: Sequence[Period] = ()) -> date:
    """The last day from which on that many days are counted up to ``day``, those on hold left out."""
    cursor, left = day, days
    for hold in reversed(merged(holds)):
        until = min(hold.until or day, cursor)
        free = (cursor - until).days
        if left <= free:
            break
        left -= free
        cursor = min(hold.since, cursor)
    return days_later(cursor, -left) or date.min


def days_of_marks(launched_on: date, holds: Iterable[Period], today: date) -> dict[int, date]:
    """The day of each mark after the launch (30, 90, 180 days, those on hold left out).

    While a hold lasts, it is the day on which the mark would be reached if the hold were lifted today.
    """
    known = [Period(hold.since, hold.until or max(today, hold.since)) for hold in holds]
    return {mark: reaches(launched_on, mark, known) or date.max for mark in VALUE_MARKS}


def next_of(today: date, days: Iterable[date | None]) -> date | None:
    """The earliest of these days that is still to come."""
    return min((day for day in days if day is not None and day > today), default=None)
