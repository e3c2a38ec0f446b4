"""Axes, histograms and lines."""

import re
from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.ui.plots import (
    Bin,
    Line,
    MonthEnds,
    date_ticks,
    histogram,
    line_chart,
    nice_ticks,
    path_of,
    sparkline,
)

START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (20, [0, 5, 10, 15, 20]),
        (19, [0, 5, 10, 15, 20]),
        (100, [0, 25, 50, 75, 100]),
        (3, [0, 1, 2, 3]),
        (0.8, [0, 0.2, 0.4, 0.6, 0.8]),
        (2133, [0, 1000, 2000, 3000]),
        (0, [0, 1]),
    ],
)
def test_value_marks_are_round(top: float, ticks: list[float]) -> None:
    assert nice_ticks(top) == ticks


@given(st.floats(min_value=0.01, max_value=1e7))
def test_value_marks_reach_the_top_and_are_few(top: float) -> None:
    ticks = nice_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top * 0.99
    assert 2 <= len(ticks) <= 6
    assert ticks == sorted(ticks)


def test_bins_stand_side_by_side_and_the_limit_among_them() -> None:
    drawing = histogram([Bin(low=0, high=10, count=2), Bin(low=10, high=20, count=4)], limit=15)
    assert [(one.x, one.width, one.height, one.y) for one in drawing.bins] == [
        (0, 50, 50, 50),
        (50, 50, 100, 0),
    ]
    assert drawing.limit == 75
    assert [tick.label for tick in drawing.x_ticks] == ["0", "10", "20"]
    assert [tick.label for tick in drawing.y_ticks] == ["0", "1", "2", "3", "4"]


def test_counts_are_marked_in_whole_numbers_only() -> None:
    drawing = histogram([Bin(low=0, high=1, count=1), Bin(low=1, high=2, count=0)])
    assert [tick.label for tick in drawing.y_ticks] == ["0", "1"]
    assert [one.height for one in drawing.bins] == [100, 0]


def test_a_limit_outside_the_bins_is_not_drawn() -> None:
    assert histogram([Bin(low=0, high=10, count=2)], limit=15).limit is None


def test_no_bins_draw_nothing() -> None:
    assert histogram([]).bins == []


def test_a_line_runs_from_left_to_right_whatever_order_its_points_come_in() -> None:
    points = [(START + timedelta(days=10), 5.0), (START, 0.0)]
    drawing = line_chart([Line(name="a", points=points)], top=10)
    assert drawing.lines[0].path == "M0.0 100.0L100.0 50.0"
    assert drawing.lines[0].area == "M0.0 100.0L100.0 50.0V100H0.0Z"
    assert [point.day for point in drawing.lines[0].points] == [START, START + timedelta(days=10)]


def test_a_step_line_holds_its_value_until_the_next_day_it_changes() -> None:
    assert path_of([(0, 9), (5, 4), (10, 1)], step=True) == "M0 9H5V4H10V1"


def test_lines_share_one_axis_and_the_limit_fits_on_it() -> None:
    low = Line(name="a", points=[(START, 1), (START + timedelta(days=4), 2)])
    late = Line(name="b", points=[(START + timedelta(days=2), 3)])
    drawing = line_chart([low, late], limit=8)
    assert drawing.lines[1].points[0].x == 50
    assert drawing.limit == 0
    assert len(drawing.days) == 3


def test_a_single_day_and_no_day_can_be_drawn() -> None:
    assert line_chart([Line(name="a", points=[(START, 0)])]).lines[0].points[0].x == 0
    assert line_chart([]).lines == []
    assert line_chart([Line(name="a", points=[])]).lines == []


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2026, 3, 1), date(2026, 3, 6), ["1 Mar", "2 Mar", "3 Mar", "4 Mar", "5 Mar", "6 Mar"]),
        (date(2026, 9, 7), date(2026, 11, 16), ["7 Sep", "21 Sep", "5 Oct", "19 Oct", "2 Nov", "16 Nov"]),
        (date(2025, 11, 10), date(2026, 3, 2), ["Dec", "Jan 2026", "Feb", "Mar"]),
        (date(2025, 11, 30), date(2026, 11, 28), ["Feb 2026", "Apr", "Jun", "Aug", "Oct"]),
        (date(2024, 1, 1), date(2025, 6, 30), ["Jan 2024", "Apr", "Jul", "Oct", "Jan 2025", "Apr"]),
        (date(2019, 5, 1), date(2024, 4, 1), ["2020", "2021", "2022", "2023", "2024"]),
    ],
)
def test_date_marks_suit_the_span(first: date, last: date, labels: list[str]) -> None:
    assert [label for _, label in date_ticks(first, last)] == labels


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 40_000))
def test_date_marks_lie_within_the_span_and_are_few(first: date, span: int) -> None:
    last = first + timedelta(days=span)
    days = [day for day, _ in date_ticks(first, last)]
    assert 1 <= len(days) <= 6
    assert days == sorted(set(days))
    assert all(first <= day <= last for day in days)


def test_a_sparkline_spans_its_own_range_and_a_flat_one_lies_in_the_middle() -> None:
    assert sparkline([1, 3, 2]).path == "M0.0 100.0L50.0 0.0L100.0 50.0"
    assert sparkline([4, 4]).path == "M0.0 50.0L100.0 50.0"
    assert sparkline([5], low=0, top=10).last_y == 50
    assert sparkline([]).path == ""


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_a_sparkline_stays_in_its_box(values: list[float]) -> None:
    numbers = [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", sparkline(values).path)]
    assert all(0 <= number <= 100 for number in numbers)


@pytest.mark.parametrize("months", [6, 12, 24])
@pytest.mark.parametrize(
    "today", [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 28), date(2026, 11, 30), date(2028, 2, 29)]
)
def test_each_mark_under_ends_of_months_stands_at_the_point_of_the_month_it_names(
    today: date, months: int
) -> None:
    last, ends = today.year * 12 + today.month - 1, []
    for number in range(last - months, last):
        year, month = divmod(number, 12)
        ends.append(date(year, month + 1, monthrange(year, month + 1)[1]))
    line = Line(name="a", points=[(day, 1.0) for day in [*ends, today]])
    drawing = line_chart([line], ends=MonthEnds(today))
    at = {point.x: point.day for point in drawing.lines[0].points}
    assert 3 <= len(drawing.x_ticks) <= 6
    year = 0
    for tick in drawing.x_ticks:
        day = at[tick.at]
        if day == today:
            assert tick.label == f"{day.day} {day:%b}"
        else:
            assert day in ends and tick.label.split()[0] in f"{day:%B}"
            named = int(tick.label.split()[1]) if " " in tick.label else None
            assert named in (None, day.year) and (named or year in (0, day.year)), "a new year is written"
        year = day.year
    assert drawing.x_ticks[-1].label == f"{today.day} {today:%b}"
    gaps = [after.at - before.at for before, after in zip(drawing.x_ticks, drawing.x_ticks[1:], strict=False)]
    assert min(gaps) >= 12, "two names do not meet"


def test_marks_of_days_are_not_those_of_ends() -> None:
    """The control: on the first of a month a mark says the month after the point beside it."""
    points = [(date(2026, month, monthrange(2026, month)[1]), 1.0) for month in range(1, 11)]
    line = Line(name="a", points=points)
    wrong = {tick.at for tick in line_chart([line]).x_ticks}
    right = {tick.at for tick in line_chart([line], ends=MonthEnds()).x_ticks}
    places = {point.x for point in line_chart([line]).lines[0].points}
    assert right <= places and not wrong & places
