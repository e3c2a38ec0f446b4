"""Where everything goes in a drawing of values over days, held against levels. Percentages, as in `charts.py`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from readiness.ui.charts import rounded
from readiness.ui.lazily import pgettext_lazy
from readiness.ui.local import number
from readiness.ui.parts import Tone, Toned
from readiness.ui.plots import Point, Tick, anchor, date_ticks, path_of

ZERO_BELOW = 0.6
"""The axis begins at 0 where the lowest value lies under this share of the highest."""

SHORTENED = (
    (1e12, 1e12, pgettext_lazy("trillions, short", "%(number)stn")),
    (1e9, 1e9, pgettext_lazy("billions, short", "%(number)sbn")),
    (1e6, 1e6, pgettext_lazy("millions, short", "%(number)sM")),
    (1e4, 1e3, pgettext_lazy("thousands, short", "%(number)sk")),
)
"""From which size on, counted in what, and how that is written."""


@dataclass(frozen=True, kw_only=True)
class Level(Toned):
    """A value that others are held against, drawn across. `dash` tells lines apart without their colours: 0 to 3."""

    name: str
    value: float
    tone: str = Tone.NEUTRAL
    dash: int = 1


@dataclass(frozen=True)
class PlacedLevel:
    level: Level
    y: float


@dataclass(frozen=True)
class LevelChart:
    points: list[Point]
    path: str
    levels: list[PlacedLevel]
    x_ticks: list[Tick]
    y_ticks: list[Tick]


def exact(value: float) -> str:
    """Up to four decimals, and none that say nothing: 12.5000 is "12.5"."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else number(text)


def short(value: float) -> str:
    """For the marks of an axis: 40,000 is "40k", 1,250,000 is "1.25M", as the reader's language shortens them."""
    for least, size, words in SHORTENED:
        if abs(value) >= least:
            return words % {"number": exact(round(value / size, 2))}
    return exact(value)


def range_ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round marks that hold `low` and `high` between them, in about `wanted` steps of 1, 2, 2.5 or 5."""
    if 0 <= low < high * ZERO_BELOW:
        low = 0.0
    elif high <= 0 and high > low * ZERO_BELOW:
        high = 0.0
    if low == high:
        low, high = low - (abs(low) * 0.1 or 1.0), high + (abs(high) * 0.1 or 1.0)
    rough = (high - low) / wanted
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 6) for number in range(first, last + 1)]


def level_chart(points: Sequence[tuple[date, float]], levels: Sequence[Level]) -> LevelChart:
    """Values over days with levels across. The value axis holds all of them; without points there are no days."""
    values = [value for _, value in points] + [level.value for level in levels]
    if not values:
        return LevelChart([], "", [], [], [])
    marks = range_ticks(min(values), max(values))
    bottom, height = marks[0], marks[-1] - marks[0]
    ordered = sorted(points)
    first = ordered[0][0] if ordered else date.min
    span = (ordered[-1][0] - first).days if ordered else 0

    def across(day: date) -> float:
        return rounded((day - first).days / span * 100) if span else 50.0

    def down(value: float) -> float:
        return rounded(100 - (value - bottom) / height * 100)

    placed = [Point(across(day), down(value), day, value) for day, value in ordered]
    days = date_ticks(first, ordered[-1][0], most=4) if ordered else []
    return LevelChart(
        points=placed,
        path=path_of((point.x, point.y) for point in placed),
        levels=[PlacedLevel(level, down(level.value)) for level in levels],
        x_ticks=[Tick(across(day), label, anchor(across(day))) for day, label in days],
        y_ticks=[Tick(down(mark), short(mark)) for mark in marks],
    )
