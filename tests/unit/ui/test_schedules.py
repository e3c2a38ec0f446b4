"""Spans over days, columns of parts, and profiles."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.ui.columns import Stack, stacked_columns
from readiness.ui.profiles import Rung, profile
from readiness.ui.schedules import Span, Stretch, schedule

START = date(2027, 1, 4)
MAYBE = st.none() | st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


def day(number: int) -> date:
    return START + timedelta(days=number)


class TestSchedule:
    def test_a_day_is_one_day_wide_and_both_ends_are_in_it(self) -> None:
        spans = [
            Span(label="First", starts_on=day(0), ends_on=day(49)),
            Span(label="Second", starts_on=day(50), ends_on=day(99)),
        ]
        drawing = schedule(spans, day(-5))
        assert [one.planned for one in drawing.spans] == [Stretch(0, 50), Stretch(50, 50)]
        assert [one.actual for one in drawing.spans] == [None, None]
        assert drawing.today is None

    def test_what_has_begun_runs_until_today_or_until_it_ended(self) -> None:
        spans = [
            Span(label="Done", starts_on=day(0), ends_on=day(99), began_on=day(0), until=day(9)),
            Span(label="Running", began_on=day(10)),
        ]
        drawing = schedule(spans, day(59))
        assert [one.actual for one in drawing.spans] == [Stretch(0, 10), Stretch(10, 50)]
        assert drawing.today == 59.5

    def test_the_axis_reaches_to_today_where_something_still_runs(self) -> None:
        drawing = schedule([Span(label="Late", starts_on=day(0), ends_on=day(9), began_on=day(0))], day(99))
        assert (drawing.spans[0].planned, drawing.spans[0].actual) == (Stretch(0, 10), Stretch(0, 100))

    def test_a_day_alone_is_seen(self) -> None:
        spans = [
            Span(label="Long", starts_on=day(0), ends_on=day(999)),
            Span(label="One day", starts_on=day(999), ends_on=day(999)),
            Span(label="Start only", starts_on=day(0)),
        ]
        _, alone, start = schedule(spans, day(0)).spans
        assert alone.planned == Stretch(98.8, 1.2)
        assert start.planned == Stretch(0, 1.2)

    def test_without_any_day_nothing_is_drawn(self) -> None:
        drawing = schedule([Span(label="Nothing")], START)
        assert (drawing.spans[0].planned, drawing.ticks, drawing.today) == (None, [], None)

    @given(
        st.lists(st.tuples(MAYBE, MAYBE, MAYBE, MAYBE), max_size=6),
        st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    )
    def test_nothing_is_drawn_outside_the_drawing(
        self, days: list[tuple[date | None, ...]], today: date
    ) -> None:
        spans = [
            Span(label="A", starts_on=start, ends_on=end, began_on=began, until=until)
            for start, end, began, until in days
        ]
        drawing = schedule(spans, today)
        for one in drawing.spans:
            for stretch in (one.planned, one.actual):
                assert stretch is None or (stretch.x >= -0.01 and stretch.x + stretch.width <= 100.02)
                assert stretch is None or stretch.width > 0
        assert all(0 <= tick.at <= 100 for tick in drawing.ticks)


class TestColumns:
    def test_parts_stand_on_top_of_one_another(self) -> None:
        drawing = stacked_columns(
            [Stack(label="October", short="Oct", values=[50, 30]), Stack(label="November", values=[0, 20])],
            ["Data", "Change"],
        )
        first, second = drawing.stacks
        assert [(part.name, part.series, part.y, part.height) for part in first.parts] == [
            ("Data", 1, 37.5, 62.5),
            ("Change", 2, 0.0, 37.5),
        ]
        assert [(part.y, part.height) for part in second.parts] == [(100.0, 0.0), (75.0, 25.0)]
        assert (first.total, second.x, second.width, second.middle) == (80, 33.33, 33.33, 50)
        assert [tick.label for tick in drawing.x_ticks] == ["Oct", "November"]
        assert [tick.label for tick in drawing.y_ticks] == ["0", "20", "40", "60", "80"]

    def test_parts_have_the_tones_of_what_they_mean(self) -> None:
        stacks, names = [Stack(label="Oct", values=[3, 1])], ["Ready", "Not ready"]
        told = stacked_columns(stacks, names, ["good", "neutral"]).stacks[0].parts
        plain = stacked_columns(stacks, names).stacks[0].parts
        assert [part.tone for part in told] == ["good", "neutral"] and [part.tone for part in plain] == [
            "",
            "",
        ]
        assert [part.texture for part in told] == [
            part.texture for part in plain
        ]  # also without their colours

    def test_of_many_columns_only_some_are_named(self) -> None:
        drawing = stacked_columns([Stack(label=str(number), values=[1]) for number in range(60)], ["A"])
        assert [tick.label for tick in drawing.x_ticks] == ["0", "10", "20", "30", "40", "50"]

    def test_nothing_spent_is_an_empty_drawing(self) -> None:
        assert stacked_columns([], ["A"]).stacks == []
        assert stacked_columns([Stack(label="Oct", values=[0])], ["A"]).stacks[0].parts[0].height == 0

    @given(st.lists(st.lists(st.floats(0, 1e9), min_size=5, max_size=5), min_size=1, max_size=40))
    def test_no_column_is_higher_than_the_drawing(self, values: list[list[float]]) -> None:
        drawing = stacked_columns([Stack(label="A", values=one) for one in values], list("abcde"))
        for placed in drawing.stacks:
            for part in placed.parts:
                assert part.y >= 0 and part.y + part.height <= 100.02
            assert placed.x + placed.width <= 100.02


class TestProfile:
    @pytest.mark.parametrize(("steps", "stops"), [(3, [8, 50, 92]), (2, [8, 92]), (1, [8])])
    def test_the_steps_are_evenly_spaced(self, steps: int, stops: list[float]) -> None:
        assert profile([], steps).stops == stops

    def test_each_row_stands_at_its_step_and_is_joined_to_the_next(self) -> None:
        rungs = [
            Rung(label="A", said="PoC", at=0),
            Rung(label="B", said="Production", at=2),
            Rung(label="C", said="No word yet"),
            Rung(label="D", said="Between", at=1),
        ]
        drawing = profile(rungs, 3)
        assert [(one.x, one.y) for one in drawing.rungs] == [(8, 12.5), (92, 37.5), (None, 62.5), (50, 87.5)]
        assert [(one.x1, one.y1, one.x2, one.y2) for one in drawing.strokes] == [(8, 12.5, 92, 37.5)]
