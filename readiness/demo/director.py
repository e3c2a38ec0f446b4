"""Plays out stories: each thing done is a real act, at its own day and hour, in the order of time.

Days are counted backwards from today (``ago``), so that the history ends today whenever it is played. Time also
passes without acts: after each day what is due is recomputed, as the workers would have done.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from checklists.models import Item
from readiness.accounts.models import User
from readiness.actions.errors import Refused
from readiness.audit.recording import Actor
from readiness.standing import sweeping

WORKING_HOURS = (8, 17)


@dataclass(frozen=True, slots=True)
class Scene:
    """One act: when, and what is done then."""

    at: datetime
    number: int
    do: Callable[[datetime], object]
    story: str


class Stage:
    """Where all stories play: the clock, the people, and the scenes collected so far."""

    def __init__(self, now: datetime, zone: Any, seed: int) -> None:
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()
        self.random = random.Random(seed)  # noqa: S311 (a repeatable story, not a secret)
        self.scenes: list[Scene] = []
        self.people = {user.username: user for user in User.objects.all()}
        self.items: dict[str, list[Item]] = {}
        for item in Item.objects.select_related("gate").order_by("gate__position", "position"):
            self.items.setdefault(item.gate.slug, []).append(item)

    def actor(self, username: str) -> Actor:
        return Actor.person(self.people[username])

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def ago(self, day: date) -> int:
        return (self.today - day).days

    def moment(self, ago: int) -> datetime:
        """Some moment of the working hours of that day, never later than now."""
        hour, minute = self.random.randint(*WORKING_HOURS), self.random.randint(0, 59)
        at = datetime.combine(self.day(ago), time(hour, minute), tzinfo=self.zone)
        return min(at, self.now - timedelta(minutes=self.random.randint(1, 55)))

    def add(self, ago: int, do: Callable[[datetime], object], story: str) -> None:
        self.scenes.append(Scene(self.moment(ago), len(self.scenes), do, f"{story}, {ago} days ago"))

    def add_at(self, ago: int, hour: time, do: Callable[[datetime], object], story: str) -> datetime:
        """A scene at an hour of that day, at least a day ago; no chance is asked. Returns the moment."""
        at = datetime.combine(self.day(ago), hour, tzinfo=self.zone)
        self.scenes.append(Scene(at, len(self.scenes), do, f"{story}, {ago} days ago"))
        return at

    def play(self, played: Callable[[float], None]) -> None:
        """Carry out every scene in the order of time; what is due is recomputed at the end of each day.

        ``played`` is told the share of the scenes, 0 to 1, that is behind after each.
        """
        day: date | None = None
        last = datetime.min.replace(tzinfo=self.zone)
        ordered = sorted(self.scenes, key=lambda one: (one.at.astimezone(self.zone).date(), one.number))
        for number, scene in enumerate(ordered, start=1):
            scene_day = scene.at.astimezone(self.zone).date()
            while day is not None and day < scene_day:
                day += timedelta(days=1)
                sweeping.recompute_due(datetime.combine(day, time(1, 2), tzinfo=self.zone))
            day = scene_day
            # Of two scenes of one day the later told is the later done.
            last = max(scene.at, last + timedelta(seconds=1))
            try:
                scene.do(last)
            except Refused as refused:
                raise RuntimeError(f"The story of {scene.story} cannot be told: {refused}") from refused
            played(number / len(ordered))
        while day is not None and day < self.today:
            day += timedelta(days=1)
            sweeping.recompute_due(datetime.combine(day, time(0, 1), tzinfo=self.zone))
