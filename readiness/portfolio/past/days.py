"""What an initiative was on a past day, from what was written down as it happened.

Pure: standard library only. In plain words: docs/rules.md, "Trend, forecast and comparison".
A day is looked at as it ended: what happened on the day itself is in it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gates.stages import Stage
from readiness.standing.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage, from the day on which it began until the next one does."""

    stage: Stage
    begins: date


@dataclass(frozen=True, slots=True)
class Point:
    """How ready it was at the end of a day on which that changed, and so until the next one."""

    on: date
    score: Decimal
    verdict: Verdict
    stalled: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision on a gate. ``lapsed_on``: the day on which an act ended a pass, None where none did."""

    gate: str
    name: str
    on: date
    passed: bool
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag from the day it was opened until the day it was resolved, on which it is open no longer.

    ``severity`` is the last one it had: how severe it was on a day in between is not kept.
    """

    severity: str
    opened_on: date
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class Life:
    """The days of one initiative: stays in their order, points by day, rulings in the order they were made."""

    key: int
    name: str
    unit: str
    stays: tuple[Stay, ...]
    points: tuple[Point, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    flags: tuple[Raised, ...] = ()

    @property
    def ref(self) -> str:
        """As ``Initiative.ref``."""
        return f"AI-{self.key:04d}"

    def stay_on(self, day: date) -> Stay | None:
        """The last stay that had begun; None before the first."""
        return next((stay for stay in reversed(self.stays) if stay.begins <= day), None)

    def stage_on(self, day: date) -> Stage | None:
        stay = self.stay_on(day)
        return stay.stage if stay else None

    def runs_on(self, day: date) -> bool:
        """Whether it was here, and had not ended: what ends on a day runs no longer on it."""
        stage = self.stage_on(day)
        return stage is not None and not stage.has_ended

    def point_on(self, day: date) -> Point | None:
        """The last point on or before the day. None: nothing was recorded of it then."""
        place = bisect_right(self.points, day, key=lambda point: point.on)
        return self.points[place - 1] if place else None

    def standing_on(self, day: date) -> Point | None:
        """The same of one that ran; None where it did not, or where nothing was recorded."""
        return self.point_on(day) if self.runs_on(day) else None

    def gates_on(self, day: date) -> dict[str, Ruling]:
        """The gates of which the last decision was a pass that no act had ended, by their slugs."""
        last = {ruling.gate: ruling for ruling in self.rulings if ruling.on <= day}
        return {
            gate: ruling
            for gate, ruling in last.items()
            if ruling.passed and (ruling.lapsed_on is None or ruling.lapsed_on > day)
        }

    def severities_on(self, day: date) -> set[str]:
        """Of the flags that were open when the day ended."""
        return {
            flag.severity
            for flag in self.flags
            if flag.opened_on <= day and (flag.resolved_on is None or flag.resolved_on > day)
        }


def stays_of(found: Sequence[tuple[Stage, date | None, date | None, date]]) -> tuple[Stay, ...]:
    """Of (stage, entered, left, recorded) in the order of the stays.

    Where nobody knows when a stage was entered, it is when the one before was left; of the first one, the day on
    which it was recorded here.
    """
    stays: list[Stay] = []
    left_before: date | None = None
    for stage, entered, left, recorded in found:
        stays.append(Stay(stage, entered or left_before or recorded))
        left_before = left
    return tuple(stays)


def month_ends(today: date, months: int) -> tuple[date, ...]:
    """The last days of so many months before this one, then today."""
    ends = [today]
    for _ in range(months):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return tuple(reversed(ends))
