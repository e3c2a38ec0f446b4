"""What was promised and what came of it, story by story, as ``told/*.yaml`` tell it.

Days are counted backwards from today, as everywhere in the demo; money is in thousands.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("told")
THOUSAND = 1000
WOBBLE = 0.06
"""How far a reading may lie from its way, as a part of the whole way."""
CONTACTS = {
    "it": "Platform team, Technology",
    "operations": "Service desk, Operations",
    "legal": "David Cohen, Legal",
    "security": "Tomas Ilves, IT Security",
    "works_council": "Committee for new technology",
}
LATE = 21
"""Who was involved within so many days was noted together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A reading every so many days, from a day to another; ``way``: the values it passes, evenly spread.

    The last two readings lie exactly on the way, so that a story ends where it says. ``sheet``: what was read within so
    many days is typed in together.
    """

    start: int
    end: int
    every: int
    way: Sequence[float]
    decimals: int = 0
    sheet: int = 56
    note: str = ""

    @property
    def days(self) -> list[int]:
        return list(range(self.end, self.start + 1, self.every))[::-1]

    def values(self, chance: random.Random) -> list[str]:
        days = self.days
        found = []
        for place, ago in enumerate(days):
            value = self._at((days[0] - ago) / max(days[0] - self.end, 1))
            if place < len(days) - 2:
                span = max(self.way) - min(self.way)
                value = max(value + chance.uniform(-WOBBLE, WOBBLE) * span, 0)
            found.append(f"{value:.{self.decimals}f}")
        return found

    def _at(self, share: float) -> float:
        """Where the way is after this share of it."""
        place = share * (len(self.way) - 1)
        before = min(int(place), len(self.way) - 2)
        return self.way[before] + (self.way[before + 1] - self.way[before]) * (place - before)


@dataclass(frozen=True, slots=True)
class KpiTold:
    """``limits``: baseline, target, go limit, stop limit."""

    name: str
    unit: str = ""
    limits: Sequence[float | None] = (None, None, None, None)
    kind: str = "business"
    direction: str = "up"
    signal: str = ""
    due: str = "end_of_pilot"
    owner: str = ""
    read: Measure | None = None

    @property
    def facts(self) -> dict[str, Any]:
        named = dict(zip(("baseline", "target", "go_limit", "stop_limit"), self.limits, strict=True))
        limits = {name: None if value is None else str(value) for name, value in named.items()}
        words = {name: getattr(self, name) for name in ("name", "unit", "kind", "direction", "signal", "due")}
        return words | limits


@dataclass(frozen=True, slots=True)
class RoadmapTold:
    """``starts``: the day the decision phase is planned to begin, None where no day is committed."""

    written: int
    starts: int | None = None
    people: str = ""
    money: int | None = None
    weeks: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    begun: Mapping[str, int] = field(default_factory=dict)

    @property
    def budget(self) -> Decimal | None:
        return None if self.money is None else Decimal(self.money * THOUSAND)


@dataclass(frozen=True, slots=True)
class Workings:
    """What a live one leaves for the next."""

    ago: int
    made_it_work: str
    reusable: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """``exits``: the fields of exit criteria. ``involved``: function and day. ``said``: day, who, words.

    ``estimate``: for production, to build and to run. ``spends``: the last day by which months were entered, or None.
    """

    kpis: Sequence[KpiTold] = ()
    exits: Sequence[Mapping[str, Any]] = ()
    involved: Mapping[str, int | None] = field(default_factory=dict)
    roadmap: RoadmapTold | None = None
    estimate: tuple[int, int] | None = None
    spends: int | None = None
    said: Sequence[tuple[int, str, str]] = ()
    worked: Workings | None = None

    @property
    def involved_in_turn(self) -> list[tuple[int, dict[str, int | None]]]:
        """Who was involved about the same time, with the day on which that was noted."""
        turns: list[tuple[int, dict[str, int | None]]] = []
        known = sorted(((day, name) for name, day in self.involved.items() if day is not None), reverse=True)
        for day, name in known:
            if turns and turns[-1][0] - day <= LATE:
                turns[-1] = (day, turns[-1][1] | {name: day})
            else:
                turns.append((day, {name: day}))
        without: dict[str, int | None] = {name: None for name, day in self.involved.items() if day is None}
        if turns and without:
            turns[0] = (turns[0][0], turns[0][1] | without)
        return turns


@cache
def lives() -> dict[str, Life]:
    """By story."""
    told: dict[str, Life] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for story, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            told[story] = _life(entry)
    return told


def _life(entry: dict[str, Any]) -> Life:
    kpis = [_kpi(one) for one in entry.pop("kpis", ())]
    roadmap, worked = entry.pop("roadmap", None), entry.pop("worked", None)
    return Life(
        kpis=kpis,
        roadmap=RoadmapTold(**roadmap) if roadmap else None,
        worked=Workings(**worked) if worked else None,
        **entry,
    )


def _kpi(entry: dict[str, Any]) -> KpiTold:
    read = entry.pop("read", None)
    return KpiTold(**entry, read=Measure(*read[:3], **read[3]) if read else None)


def monthly(
    months: int, thousands: int, data_share: int, change_share: int, chance: random.Random
) -> list[dict[str, Decimal]]:
    """A sum spread unevenly over months by kind: data at the beginning, change and integration towards the end."""
    total = thousands * THOUSAND
    shares = {"data": data_share, "change": change_share}
    rest = 100 - sum(shares.values())
    shares |= {"infrastructure": rest // 3, "integration": rest // 2}
    shares["other"] = 100 - sum(shares.values())
    spread = {
        "data": (3, 1),
        "change": (1, 4),
        "infrastructure": (1, 1),
        "integration": (1, 2),
        "other": (1, 1),
    }
    found: list[dict[str, Decimal]] = [{} for _ in range(months)]
    for kind, share in shares.items():
        first, last = spread[kind]
        weights = [
            (first * (months - number) + last * (number + 1)) * chance.randint(6, 14)
            for number in range(months)
        ]
        left = total * share // 100
        for number, weight in enumerate(weights):
            part = total * share // 100 * weight // sum(weights)
            amount = left if number == months - 1 else part // 10 * 10
            left -= amount
            found[number][kind] = Decimal(amount)
    spent = sum(sum(one.values()) for one in found)
    found[-1]["other"] += total - spent
    return found
