from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.standing.flags.calendar import (
    begun_before,
    counted_days,
    days_later,
    days_within,
    merged,
    next_of,
    reaches,
)
from readiness.standing.flags.case import days_so_far, listed
from readiness.standing.flags.facts import Period

START = date(2024, 1, 1)
DAYS = st.integers(0, 120).map(lambda number: START + timedelta(days=number))
PERIODS = st.lists(
    st.builds(
        lambda since, length: Period(since, None if length is None else since + timedelta(days=length)),
        DAYS,
        st.none() | st.integers(0, 40),
    ),
    max_size=4,
)


def test_the_day_of_entry_counts_nothing_and_the_next_day_is_day_one() -> None:
    assert counted_days(date(2026, 9, 1), date(2026, 9, 1)) == 0
    assert counted_days(date(2026, 9, 1), date(2026, 9, 2)) == 1


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (date(2028, 2, 28), date(2028, 3, 1), 2),
        (date(2028, 2, 29), date(2028, 3, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 365),
        (date(2027, 2, 28), date(2027, 3, 1), 1),
    ],
)
def test_a_leap_day_is_a_day(since: date, until: date, days: int) -> None:
    assert counted_days(since, until) == days
    assert reaches(since, days) == until


def test_a_hold_counts_from_its_first_day_up_to_not_including_the_day_it_is_lifted() -> None:
    hold = [Period(date(2026, 9, 5), date(2026, 9, 8))]
    counts = [counted_days(date(2026, 9, 1), date(2026, 9, number), hold) for number in range(4, 11)]
    assert counts == [3, 4, 4, 4, 4, 5, 6]


def test_a_hold_over_a_leap_day_leaves_it_out() -> None:
    hold = [Period(date(2028, 2, 29), date(2028, 3, 1))]
    assert counted_days(date(2028, 2, 28), date(2028, 3, 2), hold) == 2
    assert reaches(date(2028, 2, 28), 2, hold) == date(2028, 3, 2)


def test_a_running_hold_keeps_a_count_from_ever_being_reached() -> None:
    hold = [Period(date(2026, 9, 5))]
    assert reaches(date(2026, 9, 1), 4, hold) == date(2026, 9, 5)
    assert reaches(date(2026, 9, 1), 5, hold) is None


def test_holds_that_overlap_or_touch_are_counted_once() -> None:
    holds = [
        Period(date(2026, 9, 8), date(2026, 9, 10)),
        Period(date(2026, 9, 3), date(2026, 9, 6)),
        Period(date(2026, 9, 5), date(2026, 9, 8)),
        Period(date(2026, 9, 20), date(2026, 9, 20)),
    ]
    assert merged(holds) == [Period(date(2026, 9, 3), date(2026, 9, 10))]
    assert days_within(date(2026, 9, 1), date(2026, 9, 30), holds) == 7


def test_a_day_beyond_the_calendar_never_comes() -> None:
    assert days_later(date(9999, 12, 31), 1) is None
    assert days_later(date(1, 1, 1), -1) is None
    assert reaches(date(2026, 9, 1), 10_000_000) is None


def test_the_next_day_is_the_earliest_to_come() -> None:
    days = [None, date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 2)]
    assert next_of(date(2026, 9, 1), days) == date(2026, 9, 2)
    assert next_of(date(2026, 9, 3), days) is None


@given(since=DAYS, today=DAYS, holds=PERIODS)
def test_counting_equals_going_through_the_days_one_by_one(
    since: date, today: date, holds: list[Period]
) -> None:
    days = [since + timedelta(days=number) for number in range((today - since).days)]
    free = [
        one
        for one in days
        if not any(hold.since <= one and (hold.until is None or one < hold.until) for hold in holds)
    ]
    assert counted_days(since, today, holds) == len(free)


@given(since=DAYS, number=st.integers(0, 90), holds=PERIODS)
def test_a_count_is_reached_on_the_first_day_that_has_it(
    since: date, number: int, holds: list[Period]
) -> None:
    walk = (since + timedelta(days=step) for step in range(400))
    first = next((one for one in walk if counted_days(since, one, holds) >= number), None)
    assert reaches(since, number, holds) == first


def test_a_page_can_tell_the_days_from_what_a_flag_keeps() -> None:
    details = {"since": "2026-09-01", "days_not_counted": 3}
    assert days_so_far(details, date(2026, 9, 21)) == 17
    assert days_so_far(details, date(2026, 9, 21), held_since=date(2026, 9, 11)) == 7
    assert days_so_far({"gates": []}, date(2026, 9, 21)) is None


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_names_are_listed_as_in_a_sentence(names: list[str], sentence: str) -> None:
    assert listed(names) == sentence


def test_as_many_days_before_a_day_holds_left_out() -> None:
    hold = [Period(date(2028, 2, 10), date(2028, 2, 20))]
    assert begun_before(date(2028, 3, 1), 0, hold) == date(2028, 3, 1)
    assert begun_before(date(2028, 3, 1), 10, hold) == date(2028, 2, 20)
    assert begun_before(date(2028, 3, 1), 11, hold) == date(2028, 2, 9)
    assert begun_before(date(2028, 2, 15), 1, hold) == date(2028, 2, 9)


@given(since=DAYS, days=st.integers(0, 60), holds=PERIODS)
def test_from_then_on_exactly_that_many_are_counted(since: date, days: int, holds: list[Period]) -> None:
    begun = begun_before(since, days, holds)
    assert counted_days(begun, since, holds) == days
    assert days == 0 or counted_days(begun + timedelta(days=1), since, holds) < days
