"""What it costs: money by month and kind, what burns a month, and what that says beside the usual shares.

Pure: standard library only. In plain words: docs/rules.md, "Money". Amounts are decimals in the initiative's currency;
a month is its first day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

BURN_MONTHS = 3
DAYS_A_MONTH = Decimal("365.25") / 12
FIRST_MONTH = date(1990, 1, 1)
CENT = Decimal("0.01")


class Kind(StrEnum):
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    INTEGRATION = "integration"
    CHANGE = "change"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.capitalize()


BANDS: Mapping[Kind, tuple[int, int]] = {Kind.DATA: (40, 50), Kind.CHANGE: (20, 30)}
"""Shares of a budget in percent, both ends in it, as the quoted rule of thumb has them."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one month cost, of one kind."""

    month: date
    kind: Kind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Burn:
    """Money a month. ``estimate``: no month was entered, so that it is spread over the time since the start."""

    a_month: Decimal
    estimate: bool


class Place(StrEnum):
    """Where a share lies against its band."""

    UNDER = "under"
    WITHIN = "within"
    OVER = "over"


def first_of_month(day: date, months: int = 0) -> date:
    """The first day of the month in which ``day`` lies, or of one so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def total(entries: Iterable[Spent]) -> Decimal:
    return sum((one.amount for one in entries), Decimal(0))


def by_month(entries: Iterable[Spent]) -> dict[date, dict[Kind, Decimal]]:
    """The amounts of each month that has any, oldest first."""
    found: dict[date, dict[Kind, Decimal]] = {}
    for one in sorted(entries, key=lambda entry: entry.month):
        found.setdefault(one.month, {})[one.kind] = one.amount
    return found


def by_kind(entries: Iterable[Spent]) -> dict[Kind, Decimal]:
    """The sum of every kind, zero where nothing was spent on it."""
    sums = dict.fromkeys(Kind, Decimal(0))
    for one in entries:
        sums[one.kind] += one.amount
    return sums


def burn(
    entries: Iterable[Spent], spent: Decimal | None, started_on: date | None, today: date
) -> Burn | None:
    """What it burns a month: the mean of the last three full months, a month without an entry counting as zero.

    Without any entry: what was spent, by the months since the start (one at least), as an estimate. None where
    neither is known.
    """
    known = list(entries)
    if known:
        return Burn(cents(total(of_full_months(known, today)) / BURN_MONTHS), estimate=False)
    if spent is None or started_on is None:
        return None
    return Burn(cents(spent / months_since(started_on, today)), estimate=True)


def of_full_months(entries: Iterable[Spent], today: date) -> list[Spent]:
    """Those of the last three full months, which burn is the mean of."""
    this_month = first_of_month(today)
    first = first_of_month(this_month, -BURN_MONTHS)
    return [one for one in entries if first <= one.month < this_month]


def months_since(started_on: date, today: date) -> Decimal:
    """How many months have gone by; one at least."""
    return max(Decimal((today - started_on).days) / DAYS_A_MONTH, Decimal(1))


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """In percent, rounded half up to one decimal; None where there is no whole."""
    if whole <= 0:
        return None
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def place_of(part: Decimal, whole: Decimal, kind: Kind) -> Place | None:
    """Where a part of the whole lies against the band of its kind, by the exact share; None where there is none."""
    if whole <= 0 or kind not in BANDS:
        return None
    low, high = BANDS[kind]
    if 100 * part < low * whole:
        return Place.UNDER
    return Place.OVER if 100 * part > high * whole else Place.WITHIN


def cost_of_the_pilot(
    entries: Iterable[Spent], spent: Decimal | None, left_on: date | None, past_it: bool
) -> Decimal | None:
    """What it cost up to the end of its pilot: all of it until then, later what was entered through that month.

    ``left_on``: the day on which it left the pilot. ``past_it``: it has left it. None where that cannot be told.
    """
    if not past_it:
        return spent
    known = list(entries)
    if not known or left_on is None:
        return None
    return total(one for one in known if one.month <= left_on)


def times(estimate: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """How many times the pilot's cost an estimate is, rounded half up to one decimal; None where one is missing."""
    if estimate is None or not cost:
        return None
    return (estimate / cost).quantize(Decimal("0.1"), ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
