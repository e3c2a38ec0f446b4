"""Where everything goes in columns of parts, one a month or whatever is counted. Percentages, as in `charts.py`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.ui.charts import rounded, share
from readiness.ui.levels import short
from readiness.ui.plots import Tick, nice_ticks


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One column: its name, and the value of each part in the order of the parts' names."""

    label: str
    values: Sequence[float]
    short: str = ""


@dataclass(frozen=True)
class PlacedPart:
    """A part of a column, from ``y`` downwards; ``tone``, else ``series`` (1 to 6), is its colour."""

    name: str
    series: int
    value: float
    y: float
    height: float
    tone: str = ""

    @property
    def texture(self) -> str:
        return texture_of(self.series)


@dataclass(frozen=True)
class PlacedStack:
    stack: Stack
    x: float
    width: float
    middle: float
    total: float
    parts: list[PlacedPart]


@dataclass(frozen=True)
class Columns:
    stacks: list[PlacedStack]
    x_ticks: list[Tick]
    y_ticks: list[Tick]


MOST_LABELS = 6
LEAST_PLACES = 3
"""One column or two are not wider than this many would be."""
TEXTURES = ("", "rows", "bars", "grid")


def texture_of(series: int) -> str:
    """The lines that tell a part from its neighbours without its colour; "" is plain."""
    return TEXTURES[(series - 1) % len(TEXTURES)]


def stacked_columns(stacks: Sequence[Stack], names: Sequence[str], tones: Sequence[str] = ()) -> Columns:
    """Columns side by side, each part on top of the one before; all share one axis from zero.

    ``tones`` are none, or one for each name.
    """
    if not stacks:
        return Columns([], [], [])
    marks = nice_ticks(max(1.0, *(sum(stack.values) for stack in stacks)))
    top = marks[-1]
    if all(value == int(value) for stack in stacks for value in stack.values):
        marks = [mark for mark in marks if mark == int(mark)]
    width = 100 / max(len(stacks), LEAST_PLACES)
    placed = []
    for number, stack in enumerate(stacks):
        parts, below = [], 0.0
        for series, (name, value) in enumerate(zip(names, stack.values, strict=True), start=1):
            height = share(value, top)
            below = min(100.0, below + height)
            tone = tones[series - 1] if tones else ""
            parts.append(PlacedPart(name, series, value, rounded(100 - below), height, tone))
        x = width * number
        placed.append(
            PlacedStack(stack, rounded(x), rounded(width), rounded(x + width / 2), sum(stack.values), parts)
        )
    every = math.ceil(len(placed) / MOST_LABELS)
    ticks = [Tick(one.middle, one.stack.short or one.stack.label) for one in placed[::every]]
    return Columns(placed, ticks, [Tick(rounded(100 - mark / top * 100), short(mark)) for mark in marks])
