"""Values against levels: where everything goes, and that nothing falls out of the drawing."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from readiness.ui.levels import Level, exact, level_chart, range_ticks, short
from tests.unit.ui.test_components import NASTY, rendered

MONDAY = date(2026, 9, 7)
FIGURES = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 60, [0, 20, 40, 60]),
        (20, 42, [0, 20, 40, 60]),
        (88.5, 96.25, [88, 90, 92, 94, 96, 98]),
        (-5, 5, [-5, -2.5, 0, 2.5, 5]),
        (-60, -20, [-60, -40, -20, 0]),
        (7, 7, [6, 6.5, 7, 7.5, 8]),
        (0, 0, [-1, -0.5, 0, 0.5, 1]),
        (0.001, 0.004, [0, 0.001, 0.002, 0.003, 0.004]),
    ],
)
def test_marks_are_round_and_hold_everything(low: float, high: float, marks: list[float]) -> None:
    assert range_ticks(low, high) == marks


@given(FIGURES, FIGURES)
def test_marks_hold_any_two_values_between_them(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    marks = range_ticks(low, high)
    slack = (marks[-1] - marks[0]) * 1e-6
    assert marks[0] <= low + slack and high - slack <= marks[-1]
    assert 2 <= len(marks) <= 12 and marks == sorted(set(marks))


@given(
    st.dictionaries(st.integers(0, 900), FIGURES, max_size=12),
    st.lists(FIGURES, max_size=4),
)
def test_nothing_falls_out_of_the_drawing(values: dict[int, float], levels: list[float]) -> None:
    points = [(MONDAY + timedelta(days=number), value) for number, value in values.items()]
    chart = level_chart(points, [Level(name="Goal", value=value) for value in levels])
    places = [place for point in chart.points for place in (point.x, point.y)]
    places += [placed.y for placed in chart.levels] + [tick.at for tick in (*chart.x_ticks, *chart.y_ticks)]
    assert all(-0.1 <= place <= 100.1 for place in places)
    assert [point.day for point in chart.points] == sorted(day for day, _ in points)
    assert len(chart.levels) == len(levels)


def test_a_higher_value_stands_higher_and_a_later_day_further_right() -> None:
    chart = level_chart([(MONDAY, 10), (MONDAY + timedelta(days=7), 30)], [Level(name="Goal", value=20)])
    first, second = chart.points
    assert (first.x, second.x) == (0, 100)
    assert second.y < chart.levels[0].y < first.y


def test_one_reading_stands_in_the_middle_and_none_has_no_days() -> None:
    assert level_chart([(MONDAY, 5)], []).points[0].x == 50
    alone = level_chart([], [Level(name="Goal", value=5)])
    assert (alone.points, alone.x_ticks, len(alone.levels)) == ([], [], 1)
    assert level_chart([], []).y_ticks == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.5, "12.5"), (12.0, "12"), (0.1234, "0.1234"), (-0.00001, "0"), (40000, "40,000"), (-3.5, "-3.5")],
)
def test_a_value_is_told_exactly(value: float, text: str) -> None:
    assert exact(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9999, "9,999"),
        (10_000, "10k"),
        (12_500, "12.5k"),
        (1_250_000, "1.25M"),
        (-2e9, "-2bn"),
        (3e12, "3tn"),
    ],
)
def test_a_mark_of_the_axis_is_short(value: float, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(9999, "9.999"), (400_000, "400 Tsd."), (1_250_000, "1,25 Mio."), (2e9, "2 Mrd."), (3e12, "3 Bio.")],
)
def test_each_language_shortens_in_its_own_way(value: float, text: str) -> None:
    with translation.override("de"):
        assert short(value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_the_figures_stand_there_as_a_table_and_what_people_type_as_text() -> None:
    html = rendered(
        "{% load charts %}{% chart_levels points levels nasty unit=nasty %}",
        points=[(MONDAY, 31.125)],
        levels=[{"name": NASTY, "value": 20, "tone": "good", "dash": 2}],
        nasty=NASTY,
    )
    assert "31.125" in html and "7 Sep 2026" in html
    assert NASTY not in html
