"""Drawings for paper: what a page stretches into its axes is placed there, since paper stretches strokes as well."""

import re
from datetime import date

import pytest
from django.template import Context, Template

from readiness.ui.columns import Stack
from readiness.ui.curves import AxisMark, Curve
from readiness.ui.paper import painted
from readiness.ui.plots import Line

LINES = [Line(name="Early", points=[(date(2026, 1, 1), 0), (date(2026, 7, 2), 5), (date(2027, 1, 1), 10)])]
CURVES = [Curve(name="Live", steps=[(50, 0.5, 0.25, 0.75)])]
STACKS = [Stack(label="Jan", values=[3, 4]), Stack(label="Feb", values=[1, 2])]


def drawn(tag: str, **given: object) -> str:
    return painted(Template(f"{{% load charts %}}{{% {tag} %}}").render(Context(given)))


@pytest.mark.parametrize(
    ("tag", "given"),
    [
        ('chart_line lines title="Lines"', {"lines": LINES}),
        (
            'chart_curves curves marks 100 title="Curves"',
            {"curves": CURVES, "marks": [AxisMark(at=0, label="0")]},
        ),
        ('chart_columns stacks names title="Columns"', {"stacks": STACKS, "names": ["A", "B"]}),
    ],
)
def test_a_drawing_has_its_size_and_stretches_nothing(tag: str, given: dict[str, object]) -> None:
    html = drawn(tag, **given)
    assert re.search(r'<svg width="600" height="(216|300)" class="\w+__area"', html)
    assert 'preserveAspectRatio="none"' not in html
    assert "var(" not in html and "currentColor" not in html


def test_the_places_of_a_line_are_those_of_the_page_in_points() -> None:
    html = drawn('chart_line lines title="Lines"', lines=LINES)
    path = re.search(r'class="plot__line" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', html)
    assert path is not None
    places = [float(number) for number in path.groups()]
    middle = (date(2026, 7, 2) - date(2026, 1, 1)).days / 365
    assert places == pytest.approx([0, 176, 600 * middle, 88, 600, 0], abs=0.1)


def test_a_curve_steps_within_its_band() -> None:
    html = drawn('chart_curves curves marks 100 title="Curves"', curves=CURVES, marks=[])
    line = re.search(r'class="curves__line"[^>]*? d="([^"]+)"', html)
    area = re.search(r'class="curves__band"[^>]*? d="(M[^"]+)"', html)
    assert line is not None and line[1] == "M0.00 240.00H300.00V120.00H600.00"
    assert area is not None and area[1] == "M300.00 60.00H600.00V180.00H300.00Z"
