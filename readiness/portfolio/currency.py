"""What money of several currencies is worth in the organisation's: the one rule of conversion.

Pure: standard library only. In plain words: docs/rules.md, "Money and currencies". A rate is how many units of the
organisation's currency one unit of another one is worth; it holds from its day until the next one's. Amounts are exact;
they are rounded where they are shown.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gates.budget import cents, first_of_month


@dataclass(frozen=True, slots=True)
class Rates:
    """``into``: the organisation's currency. ``known``: of each other one its rates by day, the oldest first."""

    into: str
    today: date
    known: Mapping[str, Sequence[tuple[date, Decimal]]]

    def needs_none(self, currency: str) -> bool:
        """The organisation's own currency, and a blank one, which means the same."""
        return currency in ("", self.into)

    def rate(self, currency: str, on: date | None = None) -> Decimal | None:
        """The latest rate on or before this day; without a day, and for a day to come, on or before today."""
        if self.needs_none(currency):
            return Decimal(1)
        known = self.known.get(currency, ())
        place = bisect_right(known, self.day(on), key=lambda one: one[0])
        return known[place - 1][1] if place else None

    def day(self, on: date | None) -> date:
        """The day whose rate counts for an amount."""
        return self.today if on is None else min(on, self.today)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as it is recorded. ``on``: the day of which it is, None where it is of none in particular."""

    value: Decimal
    currency: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What amounts that belong together are worth in the organisation's currency.

    ``value`` is None where one of them cannot be converted: a part of it would pass for the whole. ``missing``: the
    currencies without a rate, each with the first day of which one is needed.
    """

    value: Decimal | None
    missing: Mapping[str, date]

    def over(self, months: Decimal) -> "Worth":
        """The same spread over so many months, in cents."""
        return self if self.value is None else Worth(cents(self.value / months), self.missing)


@dataclass(frozen=True, slots=True)
class Gap:
    """So many initiatives are in no sum, as a rate of ``currency`` on or before the day ``since`` is missing."""

    currency: str
    initiatives: int
    since: date


@dataclass(frozen=True, slots=True)
class Sum:
    """Money in ``currency``, the organisation's: ``counted`` initiatives are in it, ``left_out`` cannot be converted.

    An initiative of which nothing is known is in neither number. ``gaps``: what is left out by currency, the most
    first; one with amounts in several currencies is in each.
    """

    amount: Decimal
    currency: str
    counted: int
    left_out: int
    gaps: tuple[Gap, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is in it; else its amount says nothing."""
        return self.counted > 0


def worth(amounts: Iterable[Amount], rates: Rates) -> Worth:
    """All of them together, or nothing. What is zero is so in every currency."""
    value, missing = Decimal(0), dict[str, date]()
    for one in amounts:
        if not one.value:
            continue
        rate = rates.rate(one.currency, one.on)
        if rate is None:
            day = rates.day(one.on)
            missing[one.currency] = min(missing.get(one.currency, day), day)
        else:
            value += one.value * rate
    return Worth(None if missing else value, missing)


def total(worths: Iterable[Worth], rates: Rates) -> Sum:
    """The sum of what each initiative's money is worth, and what is not in it."""
    amount, counted, left_out = Decimal(0), 0, 0
    gaps: dict[str, list[date]] = {}
    for one in worths:
        if one.value is None:
            left_out += 1
        else:
            amount, counted = amount + one.value, counted + 1
        for currency, since in one.missing.items():
            gaps.setdefault(currency, []).append(since)
    found = [Gap(currency, len(days), min(days)) for currency, days in gaps.items()]
    found.sort(key=lambda gap: (-gap.initiatives, gap.currency))
    return Sum(amount, rates.into, counted, left_out, tuple(found))


def last_of_month(month: date) -> date:
    """The day of what a month cost: its last one, as it is known when the month is over."""
    return first_of_month(month, 1) - timedelta(days=1)
