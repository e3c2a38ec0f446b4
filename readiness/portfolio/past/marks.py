"""What a day is counted by: in which marks an initiative stood then, and how many stood in each.

Pure: standard library only. A figure counts a mark, and the list behind it holds those that stand in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import median

from gates.stages import Stage
from readiness.portfolio.past.days import Life, Point
from readiness.standing.verdict import Verdict

BANDS = ((0, 40), (40, 60), (60, 80), (80, 100))
"""Scores from the first through the last, the last one not included; 100 belongs to the last band."""
SEVERITIES = ("critical", "warning", "info")


class Mark(StrEnum):
    """Those that do not come from a stage, a verdict, a band or a severity. *Ahead* is what has that verdict and is
    not yet live: what could go to production, and what the tiles of the portfolio count."""

    RUNNING = "running"
    RECORDED = "recorded"
    UNRECORDED = "unrecorded"
    STALLED = "stalled"
    READY_AHEAD = "ready-ahead"
    CONDITIONAL_AHEAD = "conditional-ahead"


def stage_mark(stage: Stage) -> str:
    return f"stage-{stage.value}"


def band_mark(low: int) -> str:
    return f"score-{low}"


def verdict_mark(verdict: Verdict) -> str:
    return verdict.value


def flag_mark(severity: str) -> str:
    return f"flag-{severity}"


_AHEAD = {Verdict.READY: Mark.READY_AHEAD, Verdict.CONDITIONAL: Mark.CONDITIONAL_AHEAD}
MARKS = frozenset(
    {
        *(mark.value for mark in Mark),
        *(stage_mark(stage) for stage in Stage),
        *(band_mark(low) for low, _ in BANDS),
        *(verdict_mark(verdict) for verdict in Verdict),
        *(flag_mark(severity) for severity in SEVERITIES),
    }
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many stood in each mark at the end of ``day``.

    ``median``: of the scores of the running ones that were recorded, None where there was none. ``gates``: how many
    gates of running initiatives were passed.
    """

    day: date
    marks: Mapping[str, int]
    median: Decimal | None
    gates: int

    def of(self, mark: str) -> int:
        return self.marks.get(mark, 0)


def counted(lives: Iterable[Life], day: date) -> Counted:
    marks: Counter[str] = Counter()
    scores: list[Decimal] = []
    gates = 0
    for life in lives:
        marks.update(marks_of(life, day))
        point = life.standing_on(day)
        if point is not None:
            scores.append(point.score)
        if life.runs_on(day):
            gates += len(life.gates_on(day))
    middle = median(scores) if scores else None
    return Counted(day, marks, middle, gates)


def marks_of(life: Life, day: date) -> set[str]:
    """Every mark it stood in at the end of the day; none where it was not here yet."""
    stage = life.stage_on(day)
    if stage is None:
        return set()
    found = {stage_mark(stage)} | {flag_mark(severity) for severity in life.severities_on(day)}
    if stage.has_ended:
        return found
    found.add(Mark.RUNNING.value)
    point = life.point_on(day)
    if point is None:
        return found | {Mark.UNRECORDED.value}
    ahead = {_AHEAD[point.verdict].value} if point.verdict in _AHEAD and stage != Stage.LIVE else set()
    return found | _marks_of_point(point) | ahead


def _marks_of_point(point: Point) -> set[str]:
    low = next(low for low, _ in reversed(BANDS) if point.score >= low)
    found = {Mark.RECORDED.value, band_mark(low), verdict_mark(point.verdict)}
    return found | {Mark.STALLED.value} if point.stalled else found
