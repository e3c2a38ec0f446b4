"""Twelve months that end today, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.portfolio.symptoms.window import Days, months_before, quarters, window

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 3, 15), date(2025, 3, 16)),
        (date(2026, 1, 1), date(2025, 1, 2)),
        (date(2024, 2, 28), date(2023, 3, 1)),
        (date(2024, 2, 29), date(2023, 3, 1)),
        (date(2024, 3, 1), date(2023, 3, 2)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2025, 3, 1), date(2024, 3, 2)),
    ],
)
def test_it_begins_the_day_after_this_day_a_year_ago(today, first):
    assert window(today) == Days(first, today)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2026, 3, 31), 12, date(2025, 3, 31)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 15), 12, date(2025, 12, 15)),
    ],
)
def test_a_month_without_such_a_day_gives_its_last(day, months, before):
    assert months_before(day, months) == before


@given(DAYS)
def test_the_quarters_fill_the_window_without_gap_or_overlap(today):
    parts = quarters(today)
    assert len(parts) == 4
    assert Days(parts[0].first, parts[-1].last) == window(today)
    for before, after in zip(parts, parts[1:], strict=False):
        assert after.first == before.last + timedelta(days=1)
    assert all(88 <= (part.last - part.first).days <= 92 for part in parts)


@given(DAYS)
def test_both_ends_belong_to_it(today):
    days = window(today)
    assert days.first in days and days.last in days
    assert days.first - timedelta(days=1) not in days
    assert days.last + timedelta(days=1) not in days
    assert 365 <= (days.last - days.first).days + 1 <= 366
