"""How much of a whole has come to an end of one kind or another, and by when, while some of it still waits. Pure.

The estimator is that of Aalen and Johansen (Scandinavian Journal of Statistics 5, 1978): an end of another kind is not
taken for one that is still to come, and what still waits counts for as long as it has been watched.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

NORMAL = NormalDist().inv_cdf(0.975)
"""Half the width of a 95 % interval, in standard errors."""
WIDEST = 50.0
"""On that scale: an interval as wide as this reaches from 0 to 1."""
WAITS = 0
"""The kind of what has come to no end so far."""


@dataclass(frozen=True, slots=True)
class Spell:
    """So many ``days`` (0 or more) until an end of this ``kind``: 1, 2, …, or ``WAITS``."""

    days: int
    kind: int = WAITS


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on, the ``share`` (0 to 1) that has come to this end, and its pointwise band of 95 %."""

    day: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Incidence:
    """One kind of end. ``steps``: the days on which one of any kind came, in order."""

    kind: int
    steps: tuple[Step, ...]

    def at(self, day: int) -> Step:
        """How it stands on a day: as on the last step up to it."""
        place = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[place - 1] if place else Step(day, 0.0, 0.0, 0.0)

    def reaches(self, share: float) -> int | None:
        """The first day on which so much has come to this end; None where it never has."""
        return next((step.day for step in self.steps if step.share >= share - 1e-9), None)

    def reaches_between(self, share: float) -> tuple[int | None, int | None]:
        """The first days on which the upper and the lower end of the band have got there."""
        upper = next((step.day for step in self.steps if step.high >= share - 1e-9), None)
        return upper, next((step.day for step in self.steps if step.low >= share - 1e-9), None)


def incidence(spells: Iterable[Spell], kind: int) -> Incidence:
    """The cumulative incidence of one kind of end by day. Spells that only wait make no step.

    The share grows by S(before) · d(kind) / n: of what no end had come to before that day, as much as met this one
    among those still watched. Who waited up to a day was still watched on it.

    The variance is that of the delta method (Greenwood's for one kind of end), as in Marubini and Valsecchi, "Analysing
    Survival Data from Clinical Trials and Observational Studies" (1995), chapter 10, in Collett, "Modelling Survival
    Data in Medical Research", 3rd edition, page 411, and in lifelines' AalenJohansenFitter.
    """
    rows = list(spells)
    ends, gone = Counter((one.days, one.kind) for one in rows), Counter(one.days for one in rows)
    steps, watched, survival, share = [], len(rows), 1.0, 0.0
    # The variance at t is a sum over the days up to t; multiplied out, each of its parts can be carried along.
    all_0 = all_1 = all_2 = own = mixed_0 = mixed_1 = 0.0
    for day in sorted(gone):
        here = ends[day, kind]
        met = gone[day] - ends[day, WAITS]
        if met:
            share += survival * here / watched
            share = share if share < 1 - 1e-12 else 1.0  # what is left over then is rounding
            if watched > met:  # what ends all of it has no later day to weigh on
                weight = met / watched / (watched - met)
                all_0, all_1, all_2 = (
                    all_0 + weight,
                    all_1 + weight * share,
                    all_2 + weight * share**2,
                )
            own += survival**2 * here * (watched - here) / watched**3
            mixed_0, mixed_1 = (
                mixed_0 + survival * here / watched**2,
                mixed_1 + share * survival * here / watched**2,
            )
            survival *= 1 - met / watched
            variance = share**2 * all_0 - 2 * share * all_1 + all_2 + own - 2 * (share * mixed_0 - mixed_1)
            steps.append(Step(day, share, *band(share, variance)))
        watched -= gone[day]
    return Incidence(kind, tuple(steps))


def band(share: float, variance: float) -> tuple[float, float]:
    """The 95 % interval of a share on the scale of log(−log(share)), which keeps it between 0 and 1.

    Where all or nothing has come to an end that scale has no place for it: the plain interval, cut off at 0 and 1.
    """
    error = sqrt(max(variance, 0.0))
    if not 0.0 < share < 1.0:
        return max(0.0, share - NORMAL * error), min(1.0, share + NORMAL * error)
    width = exp(min(NORMAL * error / (share * -log(share)), WIDEST))
    return float(share**width), float(share ** (1 / width))


def watched_on(spells: Sequence[Spell], days: Iterable[int]) -> list[int]:
    """How many are still watched on each of these days: no end has come to them before it."""
    ordered = sorted(one.days for one in spells)
    return [len(ordered) - bisect_left(ordered, day) for day in days]


def watched_until(spells: Sequence[Spell], least: int) -> int:
    """The last day on which at least so many are still watched; 0 where there never were."""
    ordered = sorted((one.days for one in spells), reverse=True)
    return ordered[least - 1] if 0 < least <= len(ordered) else 0


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile, between two values by their distance, as spreadsheets count them.

    Raises ValueError where there is none.
    """
    if not values:
        raise ValueError("There are no quartiles of nothing.")
    ordered = sorted(values)

    def between(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return between(0.25), between(0.5), between(0.75)
