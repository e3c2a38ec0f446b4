"""Where bars, bands, cells and arcs go."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.ui.charts import (
    BODY_ENDS,
    LEAST_SEEN,
    Bar,
    Cell,
    Column,
    FunnelStep,
    HeatRow,
    Segment,
    bar_list,
    donut,
    funnel,
    heat_level,
    heat_map,
    share,
    stacked,
    whole_percents,
)

AMOUNTS = st.lists(st.floats(min_value=0, max_value=1e9), max_size=12)


def segments(*values: float) -> list[Segment]:
    return [Segment(label=str(number), value=value) for number, value in enumerate(values)]


def test_the_longest_bar_fills_the_width() -> None:
    placed = bar_list([Bar(label="a", value=8), Bar(label="b", value=2), Bar(label="c", value=0)])
    assert [one.width for one in placed] == [100, 25, 0]


def test_a_given_maximum_is_the_full_width() -> None:
    assert [one.width for one in bar_list([Bar(label="a", value=8)], top=20)] == [40]


def test_a_tiny_value_is_still_seen_and_zero_is_not() -> None:
    assert share(1, 100_000) == LEAST_SEEN
    assert share(0, 100_000) == 0
    assert share(5, 0) == 0


@given(AMOUNTS)
def test_shares_stay_between_0_and_100(values: list[float]) -> None:
    top = max(values, default=0)
    assert all(0 <= share(value, top) <= 100 for value in values)


@pytest.mark.parametrize(
    ("values", "percents"),
    [
        ([1, 1, 1], [33, 33, 33]),
        ([2, 1], [67, 33]),
        ([1, 199], [1, 100]),
        ([0, 0], [0, 0]),
        ([5], [100]),
        ([], []),
    ],
)
def test_whole_percents_are_rounded_half_up(values: list[float], percents: list[int]) -> None:
    assert whole_percents(values) == percents


@given(st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=12))
def test_equal_values_have_equal_percents_and_each_is_off_by_half_a_percent_at_most(
    values: list[int],
) -> None:
    percents = whole_percents(values)
    assert len(set(zip(values, percents, strict=True))) == len(set(values))
    if sum(values) == 0:
        assert percents == [0] * len(values)
        return
    for value, percent in zip(values, percents, strict=True):
        assert abs(percent - Fraction(100 * value, sum(values))) <= Fraction(1, 2)


def test_segments_stand_one_after_the_other() -> None:
    placed = stacked(segments(2, 0, 6))
    assert [(one.start, one.width, one.percent) for one in placed] == [(0, 25, 25), (25, 0, 0), (25, 75, 75)]


def test_segments_of_nothing_have_no_width() -> None:
    assert [one.width for one in stacked(segments(0, 0))] == [0, 0]


def test_a_funnel_tapers_from_each_stage_to_the_next() -> None:
    first, second = funnel([FunnelStep(label="in", value=10), FunnelStep(label="out", value=5)])
    assert first.body == f"0,0.0 {BODY_ENDS},0.0 {BODY_ENDS},100.0 0,100.0"
    assert first.taper == f"{BODY_ENDS},0.0 100,25.0 100,75.0 {BODY_ENDS},100.0"
    assert (second.width, second.taper) == (50, "")


def test_a_funnel_without_figures_is_flat() -> None:
    assert [one.width for one in funnel([FunnelStep(label="in", value=0)])] == [0]


@pytest.mark.parametrize(
    ("value", "level"), [(0, 0), (1, 1), (25, 1), (26, 2), (50, 2), (75, 3), (76, 4), (100, 4), (130, 4)]
)
def test_a_heat_level_is_the_quarter_that_a_value_falls_into(value: float, level: int) -> None:
    assert heat_level(value, 100) == level


def test_cells_take_their_level_from_the_whole_map_unless_they_bring_one() -> None:
    columns = [Column(label="a"), Column(label="b"), Column(label="c")]
    cells = [Cell(label="8", value=8), Cell(label="open"), Cell(label="shut", level=3)]
    rows = heat_map(columns, [HeatRow(label="x", cells=cells)])
    assert [placed.level for _, placed in rows[0].cells] == [4, 1, 3]


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        heat_map([Column(label="a"), Column(label="b")], [HeatRow(label="x", cells=[Cell(label="1")])])


def test_arcs_go_round_once_with_a_gap_and_leave_out_zero() -> None:
    arcs = donut(segments(1, 0, 3))
    assert [(arc.offset, arc.length, arc.percent) for arc in arcs] == [(0, 24.2, 25), (-25, 74.2, 75)]


def test_a_single_arc_closes_the_ring() -> None:
    assert [arc.length for arc in donut(segments(4))] == [100]


def test_a_part_with_an_unknown_tone_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="is no tone"):
        Bar(label="a", value=1, tone="purple")
