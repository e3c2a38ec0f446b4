"""Where curves with their bands go."""

from readiness.ui.curves import AxisMark, Curve, curve_chart


def test_a_curve_rises_in_steps_and_goes_on_to_the_end() -> None:
    chart = curve_chart([Curve(name="Live", steps=[(5, 0.5, 0.25, 0.75), (2, 0.1, 0.0, 0.2)])], [], 10)
    (placed,) = chart.curves
    assert placed.path == "M0.0 100H20.0V90.0H50.0V50.0H100"
    assert (placed.last_x, placed.last_y) == (100, 50)


def test_the_band_goes_there_along_its_upper_and_back_along_its_lower_edge() -> None:
    chart = curve_chart([Curve(name="Live", steps=[(2, 0.1, 0.0, 0.2), (5, 0.5, 0.25, 0.75)])], [], 10)
    assert chart.curves[0].band == "M20.0 80.0H50.0V25.0H100V75.0H50.0V100.0H20.0Z"


def test_steps_and_marks_beyond_the_end_are_left_out() -> None:
    marks = [AxisMark(at=0, label="0", below="40"), AxisMark(at=10, label="10"), AxisMark(at=11, label="11")]
    chart = curve_chart([Curve(name="Live", steps=[(12, 0.5, 0.25, 0.75)])], marks, 10)
    assert (chart.curves[0].path, chart.curves[0].band) == ("M0.0 100H100", "")
    assert [(one.tick.at, one.tick.anchor, one.below) for one in chart.marks] == [
        (0, "middle", "40"),
        (100, "end", ""),
    ]


def test_the_shares_are_named_from_nothing_to_all() -> None:
    assert [(one.at, one.label) for one in curve_chart([], [], 1).y_ticks] == [
        (100, "0 %"), (75, "25 %"), (50, "50 %"), (25, "75 %"), (0, "100 %")
    ]  # fmt: skip
