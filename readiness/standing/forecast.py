"""When will enough be met? The day on which an initiative reaches its threshold at its present pace.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Forecast".

- A *week* is Monday to Sunday in the organisation's zone; it is *whole* once its Sunday is over. Of a whole week its
  change of `met` is known: what stood at its end less what stood before its Monday. A week before which nothing was
  known here is none: what an import, or a first day, brought along is no pace.
- Left out, so that earlier ones take their place: a week with a day on hold (days on hold count in no rule), and one
  in which the framework or its version changed (that `met` is counted over another list is nobody's progress).
- The pace are the changes of the last 8 weeks that are left, 4 at least: falls and weeks without a change as well.
- From what is met today on, whole weeks follow each other, the first of them from next Monday on: what is left of the
  running week counts for nothing. Each takes one of the changes, drawn with a fixed seed, a thousand times over.
- The day is the Sunday of the week by which half of the thousand have got there (the 500th of them in order), its range
  the Sundays by which a fifth (the 200th) and four fifths (the 800th) have. One that got there has, even if it falls
  again. Beyond 104 weeks is `not at this pace`; where only the later end of the range lies there, that end is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from random import Random

from gates.stages import Stage
from readiness.standing.flags.calendar import days_later, days_within
from readiness.standing.flags.facts import Period

WEEK = 7
WEEKS_COUNTED = 8
WEEKS_SPARE = 4
WEEKS_NEEDED = 4
WEEKS_AHEAD = 104
DRAWS = 1000
EARLY, MIDDLE, LATE = DRAWS * 20 // 100, DRAWS * 50 // 100, DRAWS * 80 // 100
_SEED = 16
_STAGES = frozenset({Stage.INTAKE, Stage.POC, Stage.PILOT})


class NoForecast(StrEnum):
    """Why there is none, in reading order: the first that applies."""

    ENDED = "ended"
    LAUNCHED = "launched"
    REACHED = "reached"
    ON_HOLD = "on_hold"
    TOO_SHORT = "too_short"
    NOT_AT_THIS_PACE = "not_at_this_pace"


@dataclass(frozen=True, slots=True)
class Level:
    """How many were met at the end of a day, and until the next one; `framework` with its version, "" if not known."""

    on: date
    met: int
    framework: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day and its range, or `why` there is none. `latest` is None where it lies beyond two years.

    `changes_on` is the next day on which any of this may change without anyone's act; None = not by time.
    """

    on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    why: NoForecast | None = None
    changes_on: date | None = None


def forecasts_in(stage: Stage) -> bool:
    """Whether there may be a forecast in this stage."""
    return stage in _STAGES


def forecast(
    levels: Sequence[Level],
    today: date,
    *,
    met: int,
    required: int,
    stage: Stage,
    on_hold: bool,
    holds: Sequence[Period] = (),
) -> Forecast:
    """The forecast on this day. `levels` by day, oldest first; `met` counts today, `required` is the threshold."""
    why = _no_need(met, required, stage, on_hold=on_hold)
    if why is not None:
        return Forecast(why=why)
    monday = today - timedelta(days=today.weekday())
    turn = days_later(monday, WEEK)
    changes = weekly_changes(levels, today, holds)
    if len(changes) < WEEKS_NEEDED:
        return Forecast(why=NoForecast.TOO_SHORT, changes_on=turn)
    early, middle, late = (
        _sunday_after(monday, weeks) for weeks in weeks_ahead(tuple(sorted(changes)), required - met)
    )
    if middle is None:
        return Forecast(why=NoForecast.NOT_AT_THIS_PACE, changes_on=turn)
    return Forecast(middle, early, late, changes_on=turn)


def _no_need(met: int, required: int, stage: Stage, *, on_hold: bool) -> NoForecast | None:
    if stage.has_ended:
        return NoForecast.ENDED
    if not forecasts_in(stage):
        return NoForecast.LAUNCHED
    if met >= required:
        return NoForecast.REACHED
    return NoForecast.ON_HOLD if on_hold else None


def weekly_changes(levels: Sequence[Level], today: date, holds: Sequence[Period] = ()) -> list[int]:
    """The changes of `met` in the last whole weeks that count, at most 8, the latest first."""
    changes: list[int] = []
    end = today - timedelta(days=today.weekday())
    known = [level for level in levels if level.on < end]
    while known and len(changes) < WEEKS_COUNTED:
        start = days_later(end, -WEEK)
        if start is None:
            break
        inside = []
        last = known[-1]
        while known and known[-1].on >= start:
            inside.append(known.pop())
        if not known:
            break
        frameworks = {level.framework for level in (*inside, known[-1]) if level.framework}
        if len(frameworks) <= 1 and not days_within(start, end, holds):
            changes.append(last.met - known[-1].met)
        end = start
    return changes


def look_back(today: date, holds: Sequence[Period] = ()) -> date:
    """The Monday from which on levels, and the last one before, tell the changes: a few weeks more than are counted.

    Which weeks a changed framework takes away is seen in the levels only; where it takes away more than these few,
    earlier levels are needed.
    """
    monday = today - timedelta(days=today.weekday())
    left = WEEKS_COUNTED + WEEKS_SPARE
    while left:
        before = days_later(monday, -WEEK)
        if before is None:
            break
        left -= not days_within(before, monday, holds)
        monday = before
    return monday


@lru_cache(maxsize=8192)
def weeks_ahead(changes: tuple[int, ...], need: int) -> tuple[int | None, int | None, int | None]:
    """By which week a fifth, half and four fifths of the draws have gained `need`; None where that takes over 104.

    `changes` in rising order, so that the order in which they came means nothing.
    """
    best = changes[-1]
    if best <= 0 or best * WEEKS_AHEAD < need:
        return None, None, None
    found: list[int | None] = [None, None, None]
    missing = [need] * DRAWS
    for week, drawn in enumerate(_draws(len(changes)), start=1):
        missing = [
            left - changes[number] if left > 0 else left for left, number in zip(missing, drawn, strict=True)
        ]
        arrived = sum(left <= 0 for left in missing)
        for place, wanted in enumerate((EARLY, MIDDLE, LATE)):
            if found[place] is None and arrived >= wanted:
                found[place] = week
        if arrived >= LATE:
            break
    return found[0], found[1], found[2]


@lru_cache(maxsize=WEEKS_COUNTED)
def _draws(choices: int) -> tuple[bytes, ...]:
    """For each week ahead, which of so many changes each of the thousand takes: the same ones for everybody."""
    draw = Random(_SEED).random  # noqa: S311 (the same figures every time are what is wanted)
    return tuple(bytes(int(draw() * choices) for _ in range(DRAWS)) for _ in range(WEEKS_AHEAD))


def _sunday_after(monday: date, weeks: int | None) -> date | None:
    """The last day of the whole week that is so many after the running one; None where there is none."""
    return None if weeks is None else days_later(monday, WEEK * weeks + WEEK - 1)
