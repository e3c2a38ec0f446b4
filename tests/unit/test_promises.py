"""Limits on their sides, and value after the launch: exhaustively on a small grid, and by property."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.promises import (
    VALUE_MARKS,
    Direction,
    Limits,
    Measured,
    ValueCheck,
    ValueStatus,
    misplaced,
    plain,
    promised_limit,
    value_checks,
    with_unit,
)

LAUNCH = date(2027, 11, 30)
GRID = (None, Decimal(-1), Decimal(0), Decimal(1))
VALUES = st.decimals(-1000, 1000, places=4)
UP, DOWN = Direction.UP, Direction.DOWN


def every_limits() -> Iterator[Limits]:
    for direction, go, stop, target in product(Direction, GRID, GRID, GRID):
        yield Limits(direction=direction, go_limit=go, stop_limit=stop, target=target)


def turned(limits: Limits) -> Limits:
    """The same promise seen in a mirror."""

    def minus(value: Decimal | None) -> Decimal | None:
        return None if value is None else -value

    return Limits(
        direction=DOWN if limits.direction == UP else UP,
        baseline=minus(limits.baseline),
        target=minus(limits.target),
        go_limit=minus(limits.go_limit),
        stop_limit=minus(limits.stop_limit),
    )


# --- Where limits may lie ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", list(every_limits()), ids=str)
def test_a_limit_is_misplaced_exactly_where_it_is_on_the_wrong_side(limits: Limits) -> None:
    sign = 1 if limits.direction == UP else -1
    wrong = set()
    if limits.go_limit is not None:
        if limits.stop_limit is not None and sign * limits.stop_limit > sign * limits.go_limit:
            wrong.add("stop_limit")
        if limits.target is not None and sign * limits.target < sign * limits.go_limit:
            wrong.add("target")
    assert {field for field, _ in misplaced(limits)} == wrong


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (
            Limits(direction=UP, go_limit=Decimal("70"), stop_limit=Decimal("80")),
            "The stop limit must lie at or below the go limit of 70.",
        ),
        (
            Limits(direction=DOWN, go_limit=Decimal("70.5000"), stop_limit=Decimal("60")),
            "The stop limit must lie at or above the go limit of 70.5.",
        ),
        (
            Limits(direction=UP, go_limit=Decimal("70"), target=Decimal("60")),
            "The target must lie at or above the go limit of 70.",
        ),
        (
            Limits(direction=DOWN, go_limit=Decimal("70"), target=Decimal("80")),
            "The target must lie at or below the go limit of 70.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_side_on_which_it_must_lie(limits: Limits, words: str) -> None:
    assert [message for _, message in misplaced(limits)] == [words]


@given(st.sampled_from(Direction), VALUES, VALUES, VALUES)
def test_a_promise_in_a_mirror_is_as_good(
    direction: Direction, go: Decimal, stop: Decimal, target: Decimal
) -> None:
    limits = Limits(direction=direction, go_limit=go, stop_limit=stop, target=target)
    assert [field for field, _ in misplaced(limits)] == [field for field, _ in misplaced(turned(limits))]


@given(st.sampled_from(Direction), VALUES, VALUES, VALUES)
def test_well_placed_limits_never_say_go_and_stop_at_once_but_where_they_meet(
    direction: Direction, go: Decimal, stop: Decimal, value: Decimal
) -> None:
    limits = Limits(direction=direction, go_limit=go, stop_limit=stop)
    if not misplaced(limits) and limits.goes(value) and limits.stops(value):
        assert value == go == stop


@given(st.sampled_from(Direction), VALUES, VALUES)
def test_a_value_reaches_a_limit_at_it_or_better(
    direction: Direction, limit: Decimal, value: Decimal
) -> None:
    limits = Limits(direction=direction, go_limit=limit, stop_limit=limit)
    better = value >= limit if direction == UP else value <= limit
    worse = value <= limit if direction == UP else value >= limit
    assert (limits.reaches(value, limit), limits.goes(value), limits.stops(value)) == (better, better, worse)


def test_of_a_limit_that_is_not_said_nothing_is_known() -> None:
    limits = Limits(direction=UP)
    assert (limits.goes(Decimal(1)), limits.stops(Decimal(1)), misplaced(limits)) == (None, None, [])


def test_a_promise_is_complete_with_baseline_go_limit_and_stop_limit() -> None:
    for baseline, go, stop in product((None, Decimal(0)), repeat=3):
        limits = Limits(direction=UP, baseline=baseline, go_limit=go, stop_limit=stop)
        assert limits.complete is (None not in (baseline, go, stop))


# --- Value after the launch -------------------------------------------------------------------------------------

PROMISE = Limits(direction=UP, go_limit=Decimal(60), target=Decimal(80))


def on(days: int) -> date:
    return LAUNCH + timedelta(days=days)


MARKS = {mark: on(mark) for mark in VALUE_MARKS}


def checks(
    *readings: tuple[int, int], today: int = 400, promised: Limits = PROMISE
) -> tuple[ValueCheck, ...]:
    measured = [Measured(on(day), Decimal(value)) for day, value in readings]
    return value_checks(promised, measured, LAUNCH, MARKS, on(today))


def statuses(*readings: tuple[int, int], today: int = 400, promised: Limits = PROMISE) -> list[str]:
    return [check.status.value for check in checks(*readings, today=today, promised=promised)]


def test_each_mark_is_due_on_its_day_and_held_against_its_limit() -> None:
    assert [(check.mark, check.due_on, check.promised) for check in checks()] == [
        (30, date(2027, 12, 30), Decimal(60)),
        (90, date(2028, 2, 28), Decimal(80)),
        (180, date(2028, 5, 28), Decimal(80)),
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (0, ["not_due", "not_due", "not_due"]),
        (29, ["not_due", "not_due", "not_due"]),
        (30, ["unmeasured", "not_due", "not_due"]),
        (89, ["unmeasured", "not_due", "not_due"]),
        (90, ["unmeasured", "unmeasured", "not_due"]),
        (179, ["unmeasured", "unmeasured", "not_due"]),
        (180, ["unmeasured", "unmeasured", "unmeasured"]),
    ],
)
def test_without_a_reading_a_mark_is_unmeasured_from_its_day_on(today: int, expected: list[str]) -> None:
    assert statuses(today=today) == expected


@pytest.mark.parametrize(
    ("value", "first", "second"),
    [
        (59, "below", "below"),
        (60, "on", "below"),
        (79, "on", "below"),
        (80, "on", "on"),
        (81, "above", "above"),
    ],
)
def test_the_go_limit_counts_at_first_and_the_target_from_day_90_on(
    value: int, first: str, second: str
) -> None:
    assert statuses((10, value), (60, value)) == [first, second, "unmeasured"]


@pytest.mark.parametrize(
    ("day", "mark"), [(0, None), (1, 0), (30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, None)]
)
def test_a_reading_belongs_to_the_mark_it_comes_up_to(day: int, mark: int | None) -> None:
    found = [place for place, check in enumerate(checks((day, 80))) if check.reading is not None]
    assert found == ([] if mark is None else [mark])


def test_the_latest_reading_up_to_a_mark_counts_whatever_their_order() -> None:
    (first, _, _) = checks((25, 90), (3, 10), (30, 59))
    assert first.status == ValueStatus.BELOW
    assert first.reading == Measured(on(30), Decimal(59))


def test_a_reading_before_its_mark_is_due_counts_at_once_and_one_of_tomorrow_does_not() -> None:
    assert statuses((12, 59), today=12)[0] == "below"
    assert statuses((12, 59), today=11)[0] == "not_due"


@pytest.mark.parametrize("known", ["target", "go_limit"])
def test_where_one_of_the_two_is_promised_it_counts_at_every_mark(known: str) -> None:
    promised = Limits(direction=UP, **{known: Decimal(70)})
    assert [check.promised for check in checks(promised=promised)] == [Decimal(70)] * 3
    assert (
        promised_limit(promised, by_target=True) == promised_limit(promised, by_target=False) == Decimal(70)
    )


def test_where_nothing_is_promised_nothing_is_kept_or_broken() -> None:
    assert statuses((12, 5), promised=Limits(direction=UP)) == ["unmeasured"] * 3


@given(
    st.sampled_from(Direction),
    st.none() | VALUES,
    st.none() | VALUES,
    st.lists(st.tuples(st.integers(-10, 200), VALUES), max_size=8, unique_by=lambda one: one[0]),
    st.integers(-5, 250),
)
def test_a_mirror_changes_nothing_about_a_promise_being_kept(
    direction: Direction,
    go: Decimal | None,
    target: Decimal | None,
    readings: list[tuple[int, Decimal]],
    today: int,
) -> None:
    limits = Limits(direction=direction, go_limit=go, target=target)
    seen = [Measured(on(day), value) for day, value in readings]
    mirrored = [Measured(on(day), -value) for day, value in readings]
    found = value_checks(limits, seen, LAUNCH, MARKS, on(today))
    other = value_checks(turned(limits), mirrored, LAUNCH, MARKS, on(today))
    assert [check.status for check in found] == [check.status for check in other]
    assert [check.mark for check in found] == list(VALUE_MARKS)
    for check in found:
        if check.status == ValueStatus.NOT_DUE:
            assert on(today) < check.due_on
        if check.reading is not None:
            assert LAUNCH < check.reading.on <= min(check.due_on, on(today))


# --- In words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("40.0000", "40"),
        ("0.0500", "0.05"),
        ("100", "100"),
        ("-2.5000", "-2.5"),
        ("1E+3", "1000"),
        ("0.0000", "0"),
    ],
)
def test_a_number_is_written_without_zeros_that_say_nothing(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def test_a_number_stands_alone_where_no_unit_is_known() -> None:
    assert (with_unit(Decimal("30.0"), "%"), with_unit(Decimal("30.0"), "")) == ("30 %", "30")
