"""Twelve months that end today, and their quarters, in calendar days. Standard library only."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 12
QUARTER_MONTHS = 3
QUARTERS = MONTHS // QUARTER_MONTHS


@dataclass(frozen=True, slots=True)
class Days:
    """From ``first`` through ``last``, both counted."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last day where it has no such day."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def window(today: date) -> Days:
    """From the day after this day a year ago, through today: on 15 March, from 16 March of the year before."""
    return Days(months_before(today, MONTHS) + timedelta(days=1), today)


def quarters(today: date) -> tuple[Days, ...]:
    """The window in four parts of three months each, the earliest first; they neither overlap nor leave a gap."""
    ends = [months_before(today, QUARTER_MONTHS * number) for number in range(QUARTERS, -1, -1)]
    return tuple(Days(before + timedelta(days=1), last) for before, last in zip(ends, ends[1:], strict=False))
