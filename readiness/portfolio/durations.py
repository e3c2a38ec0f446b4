"""How long initiatives take: to production, in each stage, and what became of those that began in one quarter.

All of it from one reading of the rows, in three queries, however many there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gates.models import Hold, StageEntry
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.portfolio.courses import (
    KINDS,
    PLANNED,
    YOUNG_DAYS,
    Course,
    Outcome,
    Quarter,
    Stay,
    Untimed,
    quarter_of,
)
from readiness.portfolio.survival import (
    Incidence,
    Spell,
    incidence,
    quartiles,
    watched_until,
)
from readiness.standing.flags.facts import Period

LEAST_EVENTS = 10
"""Fewer launches than this make no curve."""
LEAST_WATCHED = 10
"""The curve is drawn as long as so many are still watched."""
QUARTERS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Spread:
    """Days: first quartile, median and third quartile."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Production:
    """The way to production. ``outcomes`` counts those on the curve, ``untimed`` those of which a day is missing.

    ``live`` and ``ended`` are None where too few went live for a curve; ``last_day``: how far it is drawn, in days.
    """

    outcomes: Mapping[Outcome, int]
    untimed: Mapping[Untimed, int]
    spells: Sequence[Spell]
    live: Incidence | None = None
    ended: Incidence | None = None
    last_day: int = 0

    @property
    def timed(self) -> int:
        return len(self.spells)


@dataclass(frozen=True, slots=True)
class StageTime:
    """Of one stage: who is in it and for how many days, and the stays that are over.

    ``unknown``: those of which it is not known since when; ``stays``: those that are over and of known length, by so
    many ``initiatives``; ``unclear``: those that are over, and of which a day is missing.
    """

    stage: Stage
    now: int
    unknown: int
    beyond_plan: int
    unplanned: int
    days: Spread | None
    stays: int
    initiatives: int
    unclear: int
    completed: Spread | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those that began in one quarter, or where ``earlier`` up to its end.

    ``live``, ``ended`` and ``running`` add up to ``began``. ``young``: a year has not passed yet since its end for all
    of them, so that it cannot be held against older ones.
    """

    quarter: Quarter
    began: int
    pilot: int
    live: int
    ended: int
    running: int
    young: bool
    earlier: bool = False


def courses(rows: InitiativeQuerySet, today: date) -> list[Course]:
    """The way of each of these initiatives, in three queries."""
    keys = rows.order_by().values("pk")
    stays: dict[int, list[Stay]] = {}
    entries = StageEntry.objects.filter(initiative__in=keys).order_by("pk")
    for key, stage, entered_on, left_on in entries.values_list(
        "initiative_id", "stage", "entered_on", "left_on"
    ):
        stays.setdefault(key, []).append(Stay(Stage(stage), entered_on, left_on))
    holds: dict[int, list[Period]] = {}
    for key, since, lifted_on in Hold.objects.filter(initiative__in=keys).values_list(
        "initiative_id", "since", "lifted_on"
    ):
        holds.setdefault(key, []).append(Period(since, lifted_on))
    plans = [f"{stage.value}_days" for stage in PLANNED]
    return [
        Course(
            key=key,
            stage=Stage(stage),
            until=min(as_of or today, today),
            since=since,
            planned_days=dict(zip(PLANNED, planned, strict=True)).get(Stage(stage)),
            stays=tuple(stays.get(key, ())),
            holds=tuple(holds.get(key, ())),
        )
        for key, stage, since, as_of, *planned in rows.order_by("pk").values_list(
            "pk", "stage", "stage_since", "as_of", *plans
        )
    ]


def production(found: Iterable[Course]) -> Production:
    """From the first day in intake to the first day live; an end without it is the competing event."""
    spells: list[Spell] = []
    outcomes, untimed = Counter[Outcome](), Counter[Untimed]()
    for one in found:
        timed = one.timed
        if isinstance(timed, Spell):
            spells.append(timed)
            outcomes[one.outcome] += 1
        else:
            untimed[timed] += 1
    if outcomes[Outcome.LIVE] < LEAST_EVENTS:
        return Production(outcomes, untimed, spells)
    return Production(
        outcomes,
        untimed,
        spells,
        live=incidence(spells, KINDS[Outcome.LIVE]),
        ended=incidence(spells, KINDS[Outcome.ENDED]),
        last_day=max(1, watched_until(spells, LEAST_WATCHED)),
    )


def times_in_stage(found: Sequence[Course]) -> list[StageTime]:
    return [_time_in(stage, found) for stage in PLANNED]


def _time_in(stage: Stage, found: Sequence[Course]) -> StageTime:
    here = [one for one in found if one.stage == stage]
    days = [one.days_in_stage for one in here]
    known = [count for count in days if count is not None]
    over = [(one.key, count) for one in found for of_stage, count in one.completed() if of_stage == stage]
    lengths = [count for _key, count in over if count is not None]
    return StageTime(
        stage=stage,
        now=len(here),
        unknown=len(days) - len(known),
        beyond_plan=sum(one.beyond_plan for one in here),
        unplanned=sum(one.planned_days is None for one in here),
        days=_spread(known),
        stays=len(lengths),
        initiatives=len({key for key, count in over if count is not None}),
        unclear=len(over) - len(lengths),
        completed=_spread(lengths),
    )


def _spread(days: Sequence[int]) -> Spread | None:
    return Spread(*quartiles(days)) if days else None


def cohorts(found: Iterable[Course], shown: int = QUARTERS_SHOWN) -> list[Cohort]:
    """The last quarters in which any began, the newest first; all before them are the last row."""
    began: dict[Quarter, list[Course]] = {}
    for one in found:
        if one.started_on is not None:
            began.setdefault(quarter_of(one.started_on), []).append(one)
    order = sorted(began, key=lambda quarter: quarter.order, reverse=True)
    rows = [_cohort(quarter, began[quarter]) for quarter in order[:shown]]
    if len(order) > shown:
        before = [one for quarter in order[shown:] for one in began[quarter]]
        rows.append(_cohort(order[shown], before, earlier=True))
    return rows


def _cohort(quarter: Quarter, of_it: Sequence[Course], *, earlier: bool = False) -> Cohort:
    counts = Counter(one.outcome for one in of_it)
    watched_until = min(one.until for one in of_it)
    return Cohort(
        quarter=quarter,
        began=len(of_it),
        pilot=sum(one.reached_pilot for one in of_it),
        live=counts[Outcome.LIVE],
        ended=counts[Outcome.ENDED],
        running=counts[Outcome.RUNNING],
        young=(watched_until - quarter.last).days < YOUNG_DAYS,
        earlier=earlier,
    )
