"""The way of one initiative through its stages, as far as its days are known. Pure.

In plain words: docs/rules.md, "Time".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gates.stages import ENDED, LADDER, Stage
from readiness.portfolio.survival import Spell
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period

PLANNED = LADDER[:4]
"""The stages that have a plan: from intake to rollout."""
PAST_PILOT = frozenset({Stage.PILOT, Stage.ROLLOUT, Stage.LIVE})
YOUNG_DAYS = 365


class Outcome(StrEnum):
    """What became of an initiative: it was live at some time, it ended without, or neither so far."""

    LIVE = "live"
    ENDED = "ended"
    RUNNING = "running"


KINDS = {Outcome.RUNNING: 0, Outcome.LIVE: 1, Outcome.ENDED: 2}
"""The outcomes as the kinds of end that ``survival`` knows."""


class Untimed(StrEnum):
    """Why an initiative is not on the curve: its first day in intake is not known, or that of its outcome."""

    NO_START = "no_start"
    NO_END = "no_end"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage; None where a day is not known, ``left_on`` also while it lasts."""

    stage: Stage
    entered_on: date | None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, from 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        following = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return following - timedelta(days=1)

    @property
    def name(self) -> str:
        """As it stands in an address: "2026-Q3"."""
        return f"{self.year}-Q{self.number}"

    @property
    def order(self) -> tuple[int, int]:
        return self.year, self.number


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


@dataclass(frozen=True, slots=True)
class Course:
    """``stays`` in the order in which they were recorded; ``until``: the day up to which its days count.

    A day after that one is none: the file could not know it.
    """

    key: int
    stage: Stage
    until: date
    since: date | None = None
    planned_days: int | None = None
    stays: Sequence[Stay] = ()
    holds: Sequence[Period] = ()

    @property
    def outcome(self) -> Outcome:
        if self._first(frozenset({Stage.LIVE})) is not None:
            return Outcome.LIVE
        return Outcome.ENDED if self.stage in ENDED else Outcome.RUNNING

    @property
    def started_on(self) -> date | None:
        """The first day in intake; None where it is not known, or where it was taken over in a later stage."""
        if not self.stays or self.stays[0].stage != Stage.INTAKE:
            return None
        return self._known(self.stays[0].entered_on)

    @property
    def ended_on(self) -> date | None:
        """The day of its outcome, of a running one the day up to which it counts; None where it is not known."""
        if self.outcome == Outcome.RUNNING:
            return self.until
        first = self._first(frozenset({Stage.LIVE}) if self.outcome == Outcome.LIVE else ENDED)
        return self._known(first.entered_on) if first else None

    @property
    def timed(self) -> Spell | Untimed:
        """The days from its start to its outcome, holds and all."""
        start, end = self.started_on, self.ended_on
        if start is None:
            return Untimed.NO_START
        if end is None or end < start:
            return Untimed.NO_END
        return Spell((end - start).days, KINDS[self.outcome])

    @property
    def reached_pilot(self) -> bool:
        return self._first(PAST_PILOT) is not None

    @property
    def days_in_stage(self) -> int | None:
        """Days in the present stage, days on hold left out; None where not known, or where it has ended."""
        if self.since is None or self.stage in ENDED:
            return None
        return counted_days(self.since, self.until, self.holds)

    @property
    def beyond_plan(self) -> bool:
        days = self.days_in_stage
        return days is not None and self.planned_days is not None and days > self.planned_days

    def completed(self) -> Iterator[tuple[Stage, int | None]]:
        """Each stay that is over in a stage with a plan, and its days, holds left out; None where they are not known.

        The end of a stay is known by the day on which the next stage was entered. Where that lies further on than the
        next one of the way, what came in between is missing, and with it the end.
        """
        for stay, following in zip(self.stays, self.stays[1:], strict=False):
            if stay.stage in PLANNED:
                yield stay.stage, self._days_of(stay, following)

    def _days_of(self, stay: Stay, following: Stay) -> int | None:
        entered, left = self._known(stay.entered_on), self._known(stay.left_on)
        if entered is None or left is None or self._known(following.entered_on) is None:
            return None
        if following.stage != Stage.STOPPED and LADDER.index(following.stage) > LADDER.index(stay.stage) + 1:
            return None
        return counted_days(entered, left, self.holds)

    def _first(self, stages: frozenset[Stage]) -> Stay | None:
        return next((stay for stay in self.stays if stay.stage in stages), None)

    def _known(self, day: date | None) -> date | None:
        return day if day is not None and day <= self.until else None
