"""Where everything goes in a profile: rows on one scale, joined by a line. Percentages, as in `charts.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.ui.charts import rounded
from readiness.ui.parts import Tone, Toned

MARGIN = 8.0
ROW = 34
"""The height of a row in pixels, as in chart_profile.css."""


@dataclass(frozen=True, kw_only=True)
class Rung(Toned):
    """One row. ``at`` is its step on the scale, from 0; None: nobody has said. ``said`` is that in a word."""

    label: str
    said: str
    at: int | None = None
    tone: str = Tone.NEUTRAL
    icon: str = "auto"
    href: str = ""


@dataclass(frozen=True)
class PlacedRung:
    """``x`` is None where nobody has said; ``y`` is the middle of the row."""

    rung: Rung
    x: float | None
    y: float


@dataclass(frozen=True)
class Stroke:
    """The line from one row to the next, where both have been said."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Profile:
    rungs: list[PlacedRung]
    strokes: list[Stroke]
    stops: list[float]


def profile(rungs: Sequence[Rung], steps: int) -> Profile:
    """Each row at its step of so many, evenly spaced between the two ends of the scale."""
    stops = [rounded(MARGIN + (100 - 2 * MARGIN) * step / max(1, steps - 1)) for step in range(steps)]
    height = 100 / max(1, len(rungs))
    placed = [
        PlacedRung(rung, None if rung.at is None else stops[rung.at], rounded(height * (number + 0.5)))
        for number, rung in enumerate(rungs)
    ]
    strokes = [
        Stroke(before.x, before.y, one.x, one.y)
        for before, one in zip(placed, placed[1:], strict=False)
        if before.x is not None and one.x is not None
    ]
    return Profile(placed, strokes, stops)
