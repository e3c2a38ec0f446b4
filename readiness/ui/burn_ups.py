"""Where everything goes in a burn-up: what was reached over days, what is needed, and how it may go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from readiness.ui.charts import rounded
from readiness.ui.plots import Point, Tick, anchor, date_ticks, path_of

AHEAD = 0.35
"""Where the late end lies beyond what is shown, the drawing goes on by this share of the way to the middle."""


@dataclass(frozen=True, kw_only=True)
class Fan:
    """When what is needed is expected: from early to late, most likely in the middle. `late` None: not in sight."""

    early: date
    middle: date
    late: date | None = None


@dataclass(frozen=True)
class BurnUp:
    """Percentages from the left and from the top. `fan` is the path of the range, `spine` that to its middle."""

    points: list[Point]
    path: str
    need: float
    fan: str
    spine: str
    middle: float | None
    x_ticks: list[Tick]
    y_ticks: list[Tick]


def burn_up(points: Sequence[tuple[date, int]], need: int, scope: int, fan: Fan | None = None) -> BurnUp:
    """Steps of what was reached (day, number), on an axis from 0 to `scope` (or the highest of them all)."""
    ordered = sorted(points)
    ceiling = max([scope, need, 1, *(value for _, value in ordered)])
    marks = sorted({0, need, ceiling, *((ceiling // 4,) if ceiling >= 8 and ceiling // 4 != need else ())})

    def down(value: float) -> float:
        return rounded(100 - value / ceiling * 100)

    y_ticks = [Tick(down(mark), str(mark)) for mark in marks]
    if not ordered:
        return BurnUp([], "", down(need), "", "", None, [], y_ticks)
    first, last = ordered[0][0], _last_day(ordered[-1][0], fan)
    span = max(1, (last - first).days)

    def across(day: date) -> float:
        return rounded((day - first).days / span * 100)

    placed = [Point(across(day), down(value), day, value) for day, value in ordered]
    drawn, spine = "", ""
    if fan is not None:
        now, top = placed[-1], down(need)
        drawn = path_of([(now.x, now.y), (across(fan.early), top), (across(fan.late or last), top)]) + "Z"
        spine = path_of([(now.x, now.y), (across(fan.middle), top)])
    return BurnUp(
        points=placed,
        path=path_of(((point.x, point.y) for point in placed), step=True),
        need=down(need),
        fan=drawn,
        spine=spine,
        middle=None if fan is None else across(fan.middle),
        x_ticks=[
            Tick(across(day), label, anchor(across(day))) for day, label in date_ticks(first, last, most=4)
        ],
        y_ticks=y_ticks,
    )


def _last_day(newest: date, fan: Fan | None) -> date:
    if fan is None:
        return newest
    late = fan.late or fan.middle + timedelta(days=round((fan.middle - newest).days * AHEAD))
    return max(newest, fan.middle, late)
