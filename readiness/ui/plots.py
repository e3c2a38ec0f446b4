"""Where everything goes in a drawing with axes: histogram, lines, sparkline. Percentages, as in `charts.py`."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from readiness.ui.charts import PLACES, rounded, share
from readiness.ui.local import day_of_month, number, short_day, short_month
from readiness.ui.parts import Tone, Toned
from readiness.ui.rounding import half_up


def nice_ticks(top: float, wanted: int = 4) -> list[float]:
    """Round marks from 0 to at least `top`, about `wanted` steps of 1, 2, 2.5 or 5 times a power of ten."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / wanted
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    count = math.ceil(top / step - 1e-9)
    places = max(PLACES, 1 - math.floor(math.log10(step)))  # a step has two digits at most: 0.0025
    return [round(step * number, places) for number in range(count + 1)]


# Histogram


@dataclass(frozen=True, kw_only=True)
class Bin(Toned):
    """How many lie between `low` and `high`."""

    low: float
    high: float
    count: int
    tone: str = Tone.ACCENT
    href: str = ""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, what it says, and on which side of it the words stand (start, middle, end)."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class PlacedBin:
    bin: Bin
    x: float
    width: float
    y: float
    height: float
    middle: float


@dataclass(frozen=True)
class Histogram:
    bins: list[PlacedBin]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    limit: float | None


def _label(value: float) -> str:
    return number(f"{half_up(value):,}".removesuffix(".0"))


def _y_ticks(top: float, whole_numbers: bool = False) -> tuple[list[Tick], float]:
    marks = nice_ticks(top)
    if whole_numbers:
        marks = [mark for mark in marks if mark == int(mark)]
    highest = max(marks[-1], top)
    return [Tick(rounded(100 - mark / highest * 100), _label(mark)) for mark in marks], highest


def histogram(bins: Sequence[Bin], limit: float | None = None, most_ticks: int = 11) -> Histogram:
    """Bars from the lowest to the highest edge, and where `limit` lies among them."""
    if not bins:
        return Histogram([], [], [], None)
    low, high = bins[0].low, bins[-1].high
    span = high - low
    y_ticks, top = _y_ticks(max(1, *(one.count for one in bins)), whole_numbers=True)
    placed = []
    for one in bins:
        x, width = (one.low - low) / span * 100, (one.high - one.low) / span * 100
        height = share(one.count, top)
        placed.append(
            PlacedBin(one, rounded(x), rounded(width), rounded(100 - height), height, rounded(x + width / 2))
        )
    edges = [one.low for one in bins] + [high]
    every = math.ceil(len(edges) / most_ticks)
    x_ticks = [Tick(rounded((edge - low) / span * 100), _label(edge)) for edge in edges[::every]]
    at = None if limit is None or not low <= limit <= high else rounded((limit - low) / span * 100)
    return Histogram(placed, x_ticks, y_ticks, at)


# Lines


@dataclass(frozen=True, kw_only=True)
class Line:
    """Values over days. `step` holds a value until the next one; `series` is its colour (1 to 6)."""

    name: str
    points: Sequence[tuple[date, float]]
    series: int = 1
    step: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    day: date
    value: float


@dataclass(frozen=True)
class PlacedLine:
    line: Line
    path: str
    area: str
    points: list[Point]


@dataclass(frozen=True)
class LineChart:
    lines: list[PlacedLine]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    limit: float | None
    days: list[date] = field(default_factory=list)


def path_of(points: Iterable[tuple[float, float]], step: bool = False) -> str:
    """SVG path data through the points, with `step` by horizontal and vertical strokes."""
    strokes = []
    for place, (x, y) in enumerate(points):
        if place == 0:
            strokes.append(f"M{x} {y}")
        else:
            strokes.append(f"H{x}V{y}" if step else f"L{x} {y}")
    return "".join(strokes)


def _month(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


DAYS_UP_TO = 100
CLOSE = 4
CLOSEST = 0.75
"""Of the distance at which marks stand evenly: closer to each other two of them would meet."""


def date_ticks(first: date, last: date, most: int = 6) -> list[tuple[date, str]]:
    """Days to name on an axis, at most `most`: years or months on their first day, below 100 days single ones.

    A year is written at the first mark and where it changes; where that is at the second mark, it says enough,
    and where there are many marks the first one is left out: there is no room for it beside a year.
    """
    span = (last - first).days
    if span < DAYS_UP_TO:
        every = max(1, math.ceil((span + 1) / most))
        if every > 2:
            every = math.ceil(every / 7) * 7
        days = [first + timedelta(days=number) for number in range(0, span + 1, every)]
        return [(day, day_of_month(day)) for day in days]
    start = first if first.day == 1 else _month(first, 1)
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if math.ceil(months / step) <= most)
    if every >= 12 and start.month != 1:
        start = date(start.year + 1, 1, 1)
    days = []
    while start <= last:
        days.append(start)
        start = _month(start, every)
    if every >= 12:
        return [(day, str(day.year)) for day in days]
    marks = _with_years(days)
    if len(marks) > CLOSE and not marks[0][1]:
        marks = marks[1:]
    return [(day, short_month(day, with_year=year)) for day, year in marks]


def _with_years(days: Sequence[date]) -> list[tuple[date, bool]]:
    """Which of these marks name their year: the first, unless the second begins another, and each that does."""
    years = [day.year for day in days]
    named = [place == 0 or year != years[place - 1] for place, year in enumerate(years)]
    if len(named) > 1 and named[1]:
        named[0] = False
    return list(zip(days, named, strict=True))


@dataclass(frozen=True)
class MonthEnds:
    """The axis of values that are those of the ends of months, and of ``today``, where that is one of them.

    Each is named by the month that it ends, as in a table beside it. A mark on the first of a month would lie on the
    end of the month before and give it the wrong name.
    """

    today: date | None = None

    def name(self, day: date) -> str:
        """ "Oct 2026" for the end of a month; today by its day."""
        return short_day(day) if day == self.today else short_month(day, with_year=True)

    def ticks(self, days: Sequence[date], most: int = 6) -> list[tuple[date, str]]:
        """At most ``most`` of these days, evenly from the last one back, none so close that two names would meet."""
        shown = days[::-1][:: math.ceil(len(days) / most)][::-1]
        apart = (days[-1] - days[0]).days / most * CLOSEST
        kept = [
            day for day, later in zip(shown, shown[1:], strict=False) if (later - day).days >= apart
        ] + list(shown[-1:])
        return [
            (day, day_of_month(day) if day == self.today else short_month(day, with_year=year))
            for day, year in _with_years(kept)
        ]


def anchor(at: float) -> str:
    """On which side of a place (0 to 100) its words stand, so that they stay within."""
    if at < 6:
        return "start"
    return "end" if at > 94 else "middle"


def line_chart(
    lines: Sequence[Line],
    top: float | None = None,
    limit: float | None = None,
    ends: MonthEnds | None = None,
) -> LineChart:
    """Lines over one shared axis of days. The value axis runs from 0 to `top`, or to a round mark above the highest.

    With `ends` each mark below stands at a point.
    """
    days = sorted({day for line in lines for day, _ in line.points})
    if not days:
        return LineChart([], [], [], None)
    first, span = days[0], max(1, (days[-1] - days[0]).days)
    highest = max(
        [value for line in lines for _, value in line.points] + ([limit] if limit is not None else [])
    )
    y_ticks, ceiling = _y_ticks(top if top is not None else highest)

    def across(day: date) -> float:
        return rounded((day - first).days / span * 100)

    def down(value: float) -> float:
        return rounded(100 - value / ceiling * 100)

    placed = []
    for line in lines:
        points = [Point(across(day), down(value), day, value) for day, value in sorted(line.points)]
        path = path_of(((point.x, point.y) for point in points), line.step)
        area = f"{path}V100H{points[0].x}Z" if points else ""
        placed.append(PlacedLine(line, path, area, points))
    named = ends.ticks(days) if ends else date_ticks(first, days[-1])
    x_ticks = [Tick(across(day), label, anchor(across(day))) for day, label in named]
    return LineChart(placed, x_ticks, y_ticks, None if limit is None else down(limit), days)


@dataclass(frozen=True)
class Sparkline:
    path: str
    area: str
    last_x: float
    last_y: float


def sparkline(
    values: Sequence[float], step: bool = False, low: float | None = None, top: float | None = None
) -> Sparkline:
    """A line without axes, evenly spaced, from its lowest (or `low`) to its highest value (or `top`)."""
    if not values:
        return Sparkline("", "", 0, 0)
    bottom = min(values) if low is None else low
    height = (max(values) if top is None else top) - bottom
    gap = 100 / max(1, len(values) - 1)
    places = [
        (rounded(number * gap), rounded(100 - (value - bottom) / height * 100) if height else 50.0)
        for number, value in enumerate(values)
    ]
    path = path_of(places, step)
    return Sparkline(path, f"{path}V100H0Z", *places[-1])
