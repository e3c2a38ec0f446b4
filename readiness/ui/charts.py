"""Where everything in a chart goes: figures in, geometry out. Pure, standard library only.

All positions and lengths are percentages of the drawing's own width or height (0 to 100, y downwards), so that
a drawing can be as wide as its page while its text keeps its size. The templates `chart_*.html` turn them into SVG.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.ui.parts import Tone, Toned
from readiness.ui.rounding import half_up

LEAST_SEEN = 1.2  # a value above zero is never drawn thinner than this
PLACES = 2


def rounded(value: float) -> float:
    return round(value, PLACES)


def share(value: float, whole: float) -> float:
    """`value` in percent of `whole`, between 0 and 100; 0 where there is no whole. Above zero it stays visible."""
    if whole <= 0 or value <= 0:
        return 0.0
    return rounded(min(100.0, max(LEAST_SEEN, value / whole * 100)))


# Bars


@dataclass(frozen=True, kw_only=True)
class Bar(Toned):
    """One row of a bar list. `display` replaces the figure, `hint` stands beside the label."""

    label: str
    value: float
    href: str = ""
    tone: str = Tone.ACCENT
    hint: str = ""
    display: str = ""


@dataclass(frozen=True)
class PlacedBar:
    bar: Bar
    width: float


def bar_list(bars: Sequence[Bar], top: float | None = None) -> list[PlacedBar]:
    """Each bar with its width; the longest, or `top`, is the full width."""
    whole = top if top is not None else max((bar.value for bar in bars), default=0)
    return [PlacedBar(bar, share(bar.value, whole)) for bar in bars]


@dataclass(frozen=True, kw_only=True)
class Segment(Toned):
    """A part of a whole, coloured by its tone, or by `series` (1 to 6) where it has none."""

    label: str
    value: float
    tone: str = Tone.NEUTRAL
    series: int = 0
    href: str = ""
    display: str = ""


@dataclass(frozen=True)
class PlacedSegment:
    segment: Segment
    start: float
    width: float
    percent: int


def stacked(segments: Sequence[Segment]) -> list[PlacedSegment]:
    """The parts one after the other, together 100; parts of zero have no width."""
    total = sum(segment.value for segment in segments)
    percents = whole_percents([segment.value for segment in segments])
    placed, start = [], 0.0
    for segment, percent in zip(segments, percents, strict=True):
        width = segment.value / total * 100 if total > 0 else 0.0
        placed.append(PlacedSegment(segment, rounded(start), rounded(width), percent))
        start += width
    return placed


def whole_percents(values: Sequence[float]) -> list[int]:
    """Percentages without decimals, each rounded by itself: what is equal stays equal, and 1, 1, 1 are 33 each.

    All zero where the sum is zero.
    """
    total = sum(values)
    return [int(half_up(100 * value / total, 0)) if total > 0 else 0 for value in values]


# Funnel


@dataclass(frozen=True, kw_only=True)
class FunnelStep(Toned):
    """One stage of a funnel. `rate` is what stands between this one and the next, in words ("62 %").

    `href` is where the figure leads, `note_href` where the note below it does.
    """

    label: str
    value: float
    href: str = ""
    tone: str = Tone.ACCENT
    note: str = ""
    note_href: str = ""
    rate: str = ""


@dataclass(frozen=True)
class PlacedStep:
    """`body` and `taper` are polygon points in a 100 × 100 box: the stage itself, and the way to the next one."""

    step: FunnelStep
    width: float
    body: str
    taper: str


BODY_ENDS = 72


def funnel(steps: Sequence[FunnelStep]) -> list[PlacedStep]:
    """Each stage as high as its share of the largest, tapering to the next."""
    whole = max((step.value for step in steps), default=0)
    shares = [share(step.value, whole) for step in steps]
    placed = []
    for index, step in enumerate(steps):
        here = shares[index]
        last = index == len(steps) - 1
        there = here if last else shares[index + 1]
        top, bottom = rounded(50 - here / 2), rounded(50 + here / 2)
        next_top, next_bottom = rounded(50 - there / 2), rounded(50 + there / 2)
        body = f"0,{top} {BODY_ENDS},{top} {BODY_ENDS},{bottom} 0,{bottom}"
        taper = "" if last else f"{BODY_ENDS},{top} 100,{next_top} 100,{next_bottom} {BODY_ENDS},{bottom}"
        placed.append(PlacedStep(step, here, body, taper))
    return placed


# Heat map


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a heat map; `short` is what a phone shows."""

    label: str
    short: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell(Toned):
    """One cell: `label` says it in words; `level` (0 to 4) is its intensity, None lets the value decide.

    `display` replaces the figure, and `short` replaces that where a cell has little room.
    """

    label: str
    tone: str = Tone.ACCENT
    icon: str = ""
    value: float | None = None
    level: int | None = None
    href: str = ""
    display: str = ""
    short: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """One row of cells, as many as there are columns."""

    label: str
    cells: Sequence[Cell]
    href: str = ""
    hint: str = ""


@dataclass(frozen=True)
class PlacedCell:
    cell: Cell
    level: int


@dataclass(frozen=True)
class PlacedRow:
    row: HeatRow
    cells: list[tuple[Column, PlacedCell]]


LEVELS = 4


def heat_level(value: float, whole: float) -> int:
    """How strong a cell is: 0 for nothing, then the quarter of the whole that the value falls into."""
    if value <= 0 or whole <= 0:
        return 0
    return min(LEVELS, math.ceil(value / whole * LEVELS))


def heat_map(columns: Sequence[Column], rows: Sequence[HeatRow]) -> list[PlacedRow]:
    """Every cell with its level. A cell with neither value nor level stands for a state and has level 1."""
    whole = max((cell.value for row in rows for cell in row.cells if cell.value is not None), default=0)

    def level(cell: Cell) -> int:
        if cell.level is not None:
            return cell.level
        return 1 if cell.value is None else heat_level(cell.value, whole)

    return [
        PlacedRow(
            row,
            [
                (column, PlacedCell(cell, level(cell)))
                for column, cell in zip(columns, row.cells, strict=True)
            ],
        )
        for row in rows
    ]


# Ring


@dataclass(frozen=True)
class Arc:
    """A piece of a ring whose whole way round is 100: where it starts, and how long it is without the gap."""

    segment: Segment
    offset: float
    length: float
    percent: int


GAP = 0.8


def donut(segments: Sequence[Segment]) -> list[Arc]:
    """The parts around a ring, with a small gap between them where there is more than one."""
    gap = GAP if sum(1 for segment in segments if segment.value > 0) > 1 else 0
    return [
        Arc(placed.segment, rounded(-placed.start), rounded(max(0.2, placed.width - gap)), placed.percent)
        for placed in stacked(segments)
        if placed.segment.value > 0
    ]
