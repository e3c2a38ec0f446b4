"""Money by month and kind: what burns a month, shares against their bands, the estimate against the pilot."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.budget import (
    BANDS,
    Burn,
    Kind,
    Place,
    Spent,
    burn,
    by_kind,
    by_month,
    cost_of_the_pilot,
    first_of_month,
    place_of,
    share,
    times,
    total,
)
from gates.models import SpendingKind

TODAY = date(2026, 11, 27)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


def spent(month: str, amount: str, kind: Kind = Kind.DATA) -> Spent:
    return Spent(date.fromisoformat(f"{month}-01"), kind, Decimal(amount))


@st.composite
def entries(draw: st.DrawFn) -> list[Spent]:
    keys = draw(st.sets(st.tuples(st.integers(-40, 0), st.sampled_from(Kind)), max_size=12))
    return [Spent(first_of_month(TODAY, months), kind, draw(AMOUNTS)) for months, kind in keys]


def test_what_is_stored_and_what_the_rules_know_are_the_same_kinds() -> None:
    assert SpendingKind.values == [kind.value for kind in Kind]
    assert SpendingKind.labels == ["Data", "Infrastructure", "Integration", "Change", "Other"]


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 11, 27), 0, date(2026, 11, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2024, 2, 29), -3, date(2023, 11, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_across_the_years(day: date, months: int, first: date) -> None:
    assert first_of_month(day, months) == first


def test_the_burn_is_the_mean_of_the_last_three_full_months() -> None:
    known = [
        spent("2026-07", "9000"),  # too long ago
        spent("2026-08", "100"),
        spent("2026-09", "50"),
        spent("2026-09", "50", Kind.CHANGE),
        spent("2026-10", "100.01"),
        spent("2026-11", "9000"),  # not yet full
    ]
    assert burn(known, Decimal(1), date(2020, 1, 1), TODAY) == Burn(Decimal("100.00"), estimate=False)


def test_a_month_without_an_entry_counts_as_zero() -> None:
    assert burn([spent("2026-10", "300")], None, None, TODAY) == Burn(Decimal(100), estimate=False)
    assert burn([spent("2025-10", "300")], None, None, TODAY) == Burn(Decimal(0), estimate=False)


@pytest.mark.parametrize(
    ("today", "a_month"),
    [(date(2026, 10, 31), "0.00"), (date(2026, 11, 1), "100.00"), (date(2027, 2, 1), "0.00")],
)
def test_a_month_counts_from_its_end_on_for_three_months(today: date, a_month: str) -> None:
    assert burn([spent("2026-10", "300")], None, None, today) == Burn(Decimal(a_month), estimate=False)


def test_without_entries_it_is_estimated_from_the_start_on() -> None:
    assert burn([], Decimal(12_000), date(2025, 11, 27), TODAY) == Burn(Decimal("1000.68"), estimate=True)


@pytest.mark.parametrize("started_on", [TODAY, date(2026, 11, 20), date(2027, 1, 1)])
def test_less_than_a_month_counts_as_one(started_on: date) -> None:
    assert burn([], Decimal(500), started_on, TODAY) == Burn(Decimal(500), estimate=True)


def test_what_is_not_known_gives_no_burn() -> None:
    assert burn([], None, date(2026, 1, 1), TODAY) is None
    assert burn([], Decimal(500), None, TODAY) is None


@given(entries(), DAYS)
def test_a_burn_is_never_below_zero_nor_above_what_was_spent(known: list[Spent], today: date) -> None:
    rate = burn(known, total(known), date(2000, 1, 1), today)
    assert rate is not None
    assert 0 <= rate.a_month <= total(known) / 3 + Decimal("0.01") or rate.estimate
    assert rate.estimate == (not known)


@given(entries())
def test_months_and_kinds_add_up_to_the_whole(known: list[Spent]) -> None:
    months = by_month(known)
    assert sum((sum(kinds.values()) for kinds in months.values()), Decimal(0)) == total(known)
    assert sum(by_kind(known).values()) == total(known)
    assert list(months) == sorted(months)
    assert list(by_kind(known)) == list(Kind)


def test_the_bands() -> None:
    assert BANDS == {Kind.DATA: (40, 50), Kind.CHANGE: (20, 30)}


@pytest.mark.parametrize(
    ("part", "kind", "place"),
    [
        ("3999.99", Kind.DATA, Place.UNDER),
        ("4000", Kind.DATA, Place.WITHIN),
        ("5000", Kind.DATA, Place.WITHIN),
        ("5000.01", Kind.DATA, Place.OVER),
        ("0", Kind.CHANGE, Place.UNDER),
        ("2000", Kind.CHANGE, Place.WITHIN),
        ("3000", Kind.CHANGE, Place.WITHIN),
        ("3000.01", Kind.CHANGE, Place.OVER),
        ("5000", Kind.OTHER, None),
    ],
)
def test_both_ends_of_a_band_lie_in_it(part: str, kind: Kind, place: Place | None) -> None:
    assert place_of(Decimal(part), Decimal(10_000), kind) == place


def test_there_is_no_share_of_nothing() -> None:
    assert share(Decimal(0), Decimal(0)) is None
    assert place_of(Decimal(0), Decimal(0), Kind.DATA) is None


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 1, "100.0")]
)
def test_a_share_has_one_decimal(part: int, whole: int, percent: str) -> None:
    assert share(Decimal(part), Decimal(whole)) == Decimal(percent)


def test_the_pilot_costs_all_that_was_spent_until_it_is_left() -> None:
    known = [spent("2026-03", "10"), spent("2026-04", "20"), spent("2026-05", "40")]
    assert cost_of_the_pilot(known, Decimal(70), None, past_it=False) == 70
    assert cost_of_the_pilot(known, Decimal(70), date(2026, 4, 30), past_it=True) == 30
    assert cost_of_the_pilot(known, Decimal(70), date(2026, 5, 1), past_it=True) == 70
    assert cost_of_the_pilot(known, Decimal(70), None, past_it=True) is None
    assert cost_of_the_pilot([], Decimal(70), date(2026, 4, 30), past_it=True) is None
    assert cost_of_the_pilot([], None, None, past_it=False) is None


@pytest.mark.parametrize(
    ("estimate", "cost", "found"),
    [
        ("500", "100", "5.0"),
        ("1", "3", "0.3"),
        ("0", "100", "0.0"),
        ("500", "0", None),
        (None, "1", None),
        ("1", None, None),
    ],
)
def test_an_estimate_is_so_many_times_the_cost(
    estimate: str | None, cost: str | None, found: str | None
) -> None:
    decimals = [None if one is None else Decimal(one) for one in (estimate, cost, found)]
    assert times(decimals[0], decimals[1]) == decimals[2]
