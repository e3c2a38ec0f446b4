"""How the portfolio stood at the ends of the last months, from its history; six queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from gates.querysets import InitiativeQuerySet
from readiness.portfolio.past.days import Life, month_ends
from readiness.portfolio.past.loading import lives
from readiness.portfolio.past.marks import Counted, Mark, counted

MONTHS = (6, 12, 24)
MONTHS_SHOWN = 12
"""Where nobody asks for another number of them."""


@dataclass(frozen=True, slots=True)
class Trend:
    """``days``: the ends of the months before this one, then today; the months before the first initiative are left
    out.
    """

    days: tuple[Counted, ...]

    @property
    def today(self) -> Counted:
        return self.days[-1]

    @property
    def any_unrecorded(self) -> bool:
        return any(day.of(Mark.UNRECORDED) for day in self.days)


def trend(rows: InitiativeQuerySet, today: date, months: int, zone: tzinfo) -> Trend:
    return trend_of(lives(rows, month_ends(today, months)[0], today, zone), today, months)


def trend_of(known: Sequence[Life], today: date, months: int) -> Trend:
    """The same of what was loaded from the first of these days on."""
    return Trend(_from_the_first([counted(known, day) for day in month_ends(today, months)]))


def _from_the_first(days: Sequence[Counted]) -> tuple[Counted, ...]:
    """Without the empty days before anything ran; today stays in any case."""
    first = next((place for place, day in enumerate(days) if day.of(Mark.RUNNING)), len(days) - 1)
    return tuple(days[first:])
