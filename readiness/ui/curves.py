"""Where everything goes in curves that rise from 0 to 100 % over a count of days or the like, each with its band.

Percentages, as in `charts.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.ui.charts import rounded
from readiness.ui.plots import Tick, path_of

SHARES = (0, 25, 50, 75, 100)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Steps of (where, share, low, high): from there on the share of 0 to 1, and the band around it.

    `series` is its colour (1 to 6); from the second curve on, line and band are told apart by their dashes as well.
    """

    name: str
    steps: Sequence[tuple[float, float, float, float]]
    series: int = 1


@dataclass(frozen=True, kw_only=True)
class AxisMark:
    """A mark on the axis below: where it stands, what it says, and what is written below that."""

    at: float
    label: str
    below: str = ""


@dataclass(frozen=True)
class PlacedCurve:
    """`path` is the line, `band` the area around it; `last_x` and `last_y` its end."""

    curve: Curve
    path: str
    band: str
    last_x: float
    last_y: float


@dataclass(frozen=True)
class PlacedMark:
    tick: Tick
    below: str


@dataclass(frozen=True)
class CurveChart:
    curves: list[PlacedCurve]
    marks: list[PlacedMark]
    y_ticks: list[Tick]


def curve_chart(curves: Sequence[Curve], marks: Sequence[AxisMark], end: float) -> CurveChart:
    """Curves from 0 to `end`; steps beyond it are left out, and the last one goes on up to it."""
    whole = max(end, 1e-9)

    def across(value: float) -> float:
        return rounded(value / whole * 100)

    def place(curve: Curve) -> PlacedCurve:
        steps = [step for step in sorted(curve.steps) if step[0] <= end]
        line = [(across(at), _down(share)) for at, share, _low, _high in [(0, 0, 0, 0), *steps]]
        path = f"{path_of(line, step=True)}H100"
        upper = [(across(at), _down(high)) for at, _share, _low, high in steps]
        lower = [(across(at), _down(low)) for at, _share, low, _high in steps]
        return PlacedCurve(curve, path, _area(upper, lower), 100.0, line[-1][1])

    return CurveChart(
        curves=[place(curve) for curve in curves],
        marks=[
            PlacedMark(Tick(across(mark.at), mark.label, _anchor(across(mark.at))), mark.below)
            for mark in marks
            if mark.at <= end
        ],
        y_ticks=[Tick(_down(share / 100), f"{share} %") for share in SHARES],
    )


def _anchor(at: float) -> str:
    """Centred also at the left edge, where the axis leaves room; two lines of words would meet otherwise."""
    return "end" if at > 94 else "middle"


def _down(share: float) -> float:
    return rounded(100 - share * 100)


def _area(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> str:
    """Along the upper steps to the right edge, and back along the lower ones."""
    if not upper:
        return ""
    back = f"V{lower[-1][1]}"
    for place in range(len(lower) - 1, 0, -1):
        back += f"H{lower[place][0]}V{lower[place - 1][1]}"
    return f"{path_of(upper, step=True)}H100{back}H{lower[0][0]}Z"
