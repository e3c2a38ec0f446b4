"""What money is worth in the organisation's currency: which rate counts, and what cannot be converted."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from readiness.portfolio.currency import Amount, Gap, Rates, Worth, last_of_month, total, worth

TODAY = date(2026, 3, 15)
DAY = timedelta(days=1)
CHF = [(date(2024, 2, 29), Decimal("1.1")), (date(2026, 3, 1), Decimal("1.2"))]


def rates(today: date = TODAY, **known: list[tuple[date, Decimal]]) -> Rates:
    return Rates("EUR", today, known)


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (date(2024, 2, 28), None),
        (date(2024, 2, 29), "1.1"),
        (date(2024, 3, 1), "1.1"),
        (date(2026, 2, 28), "1.1"),
        (date(2026, 3, 1), "1.2"),
        (TODAY, "1.2"),
        (TODAY + DAY * 400, "1.2"),
        (None, "1.2"),
    ],
)
def test_the_latest_rate_on_or_before_the_day_counts(on: date | None, rate: str | None) -> None:
    assert rates(CHF=CHF).rate("CHF", on) == (None if rate is None else Decimal(rate))


def test_a_rate_of_a_day_to_come_counts_from_that_day_on() -> None:
    coming = [(TODAY + DAY, Decimal(2))]
    assert rates(CHF=coming).rate("CHF") is None
    assert rates(CHF=coming).rate("CHF", TODAY + DAY) is None
    assert rates(TODAY + DAY, CHF=coming).rate("CHF") == 2


@pytest.mark.parametrize("currency", ["EUR", ""])
def test_the_organisations_currency_and_a_blank_one_need_no_rate(currency: str) -> None:
    """Not even one that somebody has entered."""
    odd = Rates("EUR", TODAY, {currency: [(date(2020, 1, 1), Decimal(9))]})
    assert worth([Amount(Decimal("12.34"), currency)], odd) == Worth(Decimal("12.34"), {})


def test_what_has_no_rate_is_never_counted_one_to_one() -> None:
    found = worth([Amount(Decimal(5), "EUR"), Amount(Decimal(7), "USD", date(2025, 1, 31))], rates(CHF=CHF))
    assert found == Worth(None, {"USD": date(2025, 1, 31)})


def test_each_amount_is_converted_at_the_rate_of_its_own_day() -> None:
    parts = [Amount(Decimal(100), "CHF", date(2026, 2, 28)), Amount(Decimal(100), "CHF", date(2026, 3, 31))]
    assert worth(parts, rates(CHF=CHF)).value == 100 * Decimal("1.1") + 100 * Decimal("1.2")


def test_of_what_is_missing_the_first_day_is_named() -> None:
    parts = [Amount(Decimal(1), "CHF", date(2024, day, 1)) for day in (2, 1, 3)]
    assert worth(parts, rates(CHF=CHF)) == Worth(None, {"CHF": date(2024, 1, 1)})
    assert worth([Amount(Decimal(1), "USD")], rates()).missing == {"USD": TODAY}


def test_nothing_is_worth_nothing_in_every_currency() -> None:
    assert worth([Amount(Decimal(0), "USD")], rates()) == worth([], rates()) == Worth(Decimal(0), {})


def test_a_sum_says_what_is_not_in_it() -> None:
    found = total(
        [
            Worth(Decimal(10), {}),
            Worth(Decimal(5), {}),
            Worth(None, {"USD": TODAY}),
            Worth(None, {"USD": TODAY - DAY, "CHF": TODAY}),
        ],
        rates(),
    )
    assert (found.amount, found.currency, found.counted, found.left_out) == (15, "EUR", 2, 2)
    assert found.gaps == (Gap("USD", 2, TODAY - DAY), Gap("CHF", 1, TODAY))
    assert not total([], rates()).is_known


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_is_of_its_last_day(month: date, day: date) -> None:
    assert last_of_month(month) == day


def test_a_month_that_is_not_over_is_of_today() -> None:
    known = [(TODAY, Decimal(2)), (TODAY + DAY, Decimal(3))]
    assert rates(CHF=known).rate("CHF", last_of_month(TODAY)) == 2


@pytest.mark.parametrize("seed", range(40))
def test_day_by_day_the_rate_is_that_of_the_nearest_day_behind(seed: int) -> None:
    """Over the end of a leap February, rates and days at random."""
    some = Random(seed)
    days = [date(2024, 2, 20) + DAY * number for number in range(20)]
    known = {day: Decimal(some.randint(1, 99)) for day in some.sample(days, some.randint(0, 5))}
    for today, on in product(days, (None, *days)):
        day = min(on or today, today)
        while day not in known and day >= days[0]:
            day -= DAY
        assert rates(today, CHF=sorted(known.items())).rate("CHF", on) == known.get(day)
