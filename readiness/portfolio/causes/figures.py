"""What holds the initiatives up, by root cause: suspected and confirmed, what was stopped for it, what was resolved.

The cause of a flag is what a person confirmed, else the suspected one. Figures count initiatives, each once a cause.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from gates.models import Lesson
from gates.querysets import InitiativeQuerySet, sort_key
from readiness.portfolio.questions import held_up_by
from readiness.standing.models import FOUND_CAUSE, Flag

COLUMNS = 12
RESOLVED_DAYS = 90
ANY = ""
"""In place of a cause: any of them."""
FIELDS: Mapping[str, str] = {"unit": "business_unit", "technology": "technology"}
"""What causes are held against, by its name in an address: the initiative's column."""


@dataclass(frozen=True, slots=True)
class Cause:
    """On how many initiatives a flag of this cause is open: on ``confirmed`` of them a person said so.

    ``stopped`` ended with it as their lesson's cause; on ``resolved`` running ones such a flag was resolved lately.
    """

    slug: str
    open: int = 0
    confirmed: int = 0
    stopped: int = 0
    resolved: int = 0

    @property
    def suspected(self) -> int:
        return self.open - self.confirmed

    @property
    def is_there(self) -> bool:
        return bool(self.open or self.stopped or self.resolved)


@dataclass(frozen=True, slots=True)
class Column:
    """A unit or a technology. ``key`` "" where none is named."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Causes beside units or technologies: on how many initiatives of a column a flag of a cause is open.

    ``columns`` are those with the most such initiatives, and what names none; ``others`` counts the further ones,
    which are one column.
    ``counts`` by (cause or ANY, column's key or None for the others), zeros left out.
    """

    by: str
    columns: tuple[Column, ...] = ()
    others: int = 0
    counts: Mapping[tuple[str, str | None], int] = field(default_factory=dict)


def flagged(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those on which any flag is open."""
    return rows.filter(Exists(_open_of_it()))


def confirmed(rows: InitiativeQuerySet, cause: str) -> InitiativeQuerySet:
    """Those on which a flag of this cause is open and a person said that this is its cause."""
    return rows.filter(Exists(_open_of_it().filter(confirmed_cause=cause)))


def suspected(rows: InitiativeQuerySet, cause: str) -> InitiativeQuerySet:
    """Those on which it is only suspected."""
    found = _open_of_it().filter(root_cause=cause, confirmed_cause="")
    return rows.filter(Exists(found)).exclude(Exists(_open_of_it().filter(confirmed_cause=cause)))


def stopped_for(rows: InitiativeQuerySet, cause: str) -> InitiativeQuerySet:
    """Those that were stopped with this cause in their lesson; "": with none."""
    return rows.filter(lesson__root_cause=cause)


def resolved_lately(rows: InitiativeQuerySet, cause: str, today: date) -> InitiativeQuerySet:
    """Running ones on which a flag of this cause was resolved within 90 days.

    What ended has all its flags resolved by its end, which mended nothing.
    """
    of_it = _resolved(Flag.objects.filter(initiative=OuterRef("pk")), today)
    return rows.running().filter(Exists(of_it.annotate(found_cause=FOUND_CAUSE).filter(found_cause=cause)))


def causes(rows: InitiativeQuerySet, today: date) -> dict[str, Cause]:
    """By slug, those of which nothing is there left out: three queries. "" is a lesson that names no cause."""
    by_person = Count("initiative", distinct=True, filter=~Q(confirmed_cause=""))
    found = _by_cause(_open(rows)).annotate(open=Count("initiative", distinct=True), by_person=by_person)
    open_ones = {slug: (count, said) for slug, count, said in found}
    lately = _by_cause(_resolved(Flag.objects.filter(initiative__in=_keys(rows.running())), today))
    resolved = dict(lately.annotate(count=Count("initiative", distinct=True)))
    lessons = Lesson.objects.filter(initiative__in=_keys(rows)).order_by().values_list("root_cause")
    stopped = dict(lessons.annotate(count=Count("pk")))
    return {
        slug: Cause(slug, *open_ones.get(slug, (0, 0)), stopped.get(slug, 0), resolved.get(slug, 0))
        for slug in {*open_ones, *resolved, *stopped}
    }


def in_all(rows: InitiativeQuerySet) -> int:
    """On how many initiatives any flag is open."""
    return flagged(rows).count()


def matrix(rows: InitiativeQuerySet, by: str) -> Matrix:
    """Causes beside the units or technologies with the most initiatives that are held up: three queries."""
    columns = ranked(rows, by)
    shown = _shown(columns)
    keys = {column.key for column in shown}
    column = F(f"initiative__{FIELDS[by]}_key")
    grouped = _open(rows).annotate(found_cause=FOUND_CAUSE, column=column)
    counts: Counter[tuple[str, str | None]] = Counter()
    every = Count("initiative", distinct=True)
    for cause, key, count in _cells(grouped, every):
        counts[cause, key if key in keys else None] += count
    for key, count in grouped.order_by().values_list("column").annotate(count=every):
        counts[ANY, key if key in keys else None] += count
    return Matrix(by, tuple(shown), len(columns) - len(shown), counts)


def ranked(rows: InitiativeQuerySet, by: str) -> list[Column]:
    """Units or technologies by how many of their initiatives have an open flag; what has no name stands last."""
    name = FIELDS[by]
    grouped = flagged(rows).order_by().values_list(f"{name}_key")
    found = list(grouped.annotate(name=Max(name), count=Count("pk")))
    found.sort(key=lambda row: (row[0] == "", -row[2], sort_key(row[0]), row[0]))
    return [Column(key, spelt) for key, spelt, _count in found]


def beyond(rows: InitiativeQuerySet, by: str, cause: str) -> InitiativeQuerySet:
    """Those with an open flag of this cause (ANY: of any) in a column that the matrix does not show."""
    shown = [column.key for column in _shown(ranked(rows, by))]
    return held_up(rows, cause).exclude(**{f"{FIELDS[by]}_key__in": shown})


def _shown(columns: list[Column]) -> list[Column]:
    """One alone beyond the last stands there itself, and what names none always does: it is no further one."""
    named = [column for column in columns if column.key]
    first = named if len(named) <= COLUMNS + 1 else named[:COLUMNS]
    return [*first, *(column for column in columns if not column.key)]


def unnamed(rows: InitiativeQuerySet, by: str, cause: str) -> InitiativeQuerySet:
    """The same of no unit, or of no technology."""
    return held_up(rows, cause).filter(**{f"{FIELDS[by]}_key": ""})


def held_up(rows: InitiativeQuerySet, cause: str) -> InitiativeQuerySet:
    """Those on which a flag of this cause is open; ANY: any flag."""
    return flagged(rows) if cause == ANY else held_up_by(rows, cause)


def _cells(grouped: QuerySet, every: Count) -> Iterable[tuple[str, str, int]]:
    return grouped.order_by().values_list("found_cause", "column").annotate(count=every)


def _by_cause(flags: QuerySet[Flag]) -> QuerySet:
    return flags.annotate(found_cause=FOUND_CAUSE).order_by().values_list("found_cause")


def _open(rows: InitiativeQuerySet) -> QuerySet[Flag]:
    return Flag.objects.filter(initiative__in=_keys(rows), resolved_at__isnull=True)


def _open_of_it() -> QuerySet[Flag]:
    return Flag.objects.filter(initiative=OuterRef("pk"), resolved_at__isnull=True)


def _resolved(flags: QuerySet[Flag], today: date) -> QuerySet[Flag]:
    return flags.filter(resolved_on__gt=today - timedelta(days=RESOLVED_DAYS), resolved_on__lte=today)


def _keys(rows: InitiativeQuerySet) -> QuerySet:
    return rows.order_by().values("pk")
