"""Two days of the same initiatives, and two units of today, side by side; each in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from checklists.models import Framework
from gates.querysets import InitiativeQuerySet
from readiness.portfolio.books import Book, books, of_months, spent
from readiness.portfolio.changes import Changes, changes_of
from readiness.portfolio.currency import Rates, Sum, total, worth
from readiness.portfolio.past.days import Life
from readiness.portfolio.past.loading import lives
from readiness.portfolio.past.marks import Counted, counted
from readiness.standing.models import HistoryPoint, Standing


@dataclass(frozen=True, slots=True)
class Side:
    """What stood on one side."""

    counted: Counted
    spent: Sum


@dataclass(frozen=True, slots=True)
class TwoDays:
    """``spent`` holds the months through that of the day, also of what has ended.

    ``typed``: initiatives whose spending is one figure without months, so that no day of it is known; they are in none.
    """

    then: Side
    now: Side
    changes: Changes
    typed: int


@dataclass(frozen=True, slots=True)
class TwoUnits:
    """Both as they stand today; ``spent`` on what runs."""

    one: Side
    other: Side


def two_days(rows: InitiativeQuerySet, on: date, against: date, zone: tzinfo, rates: Rates) -> TwoDays:
    """Of the same initiatives at the end of both days, ``on`` not after ``against``; nine queries."""
    return two_days_of(lives(rows, on, against, zone), books(rows, rates.today), on, against, rates)


def two_days_of(
    known: Sequence[Life], money: Sequence[Book], on: date, against: date, rates: Rates
) -> TwoDays:
    """The same of what was loaded for both days."""
    return TwoDays(
        then=Side(counted(known, on), booked(money, on, rates)),
        now=Side(counted(known, against), booked(money, against, rates)),
        changes=changes_of(known, on, against),
        typed=sum(bool(one.spent) and not one.months for one in money),
    )


@dataclass(frozen=True, slots=True)
class ComputedOn:
    """What initiatives were computed on.

    ``names``: their frameworks, where these are several; ``versions``: the names of those of which there are several
    versions, each with these.
    """

    names: list[str]
    versions: list[tuple[str, list[str]]]


def computed_between(rows: InitiativeQuerySet, on: date, against: date) -> ComputedOn:
    """What these were computed on, on one of the days or between them, and what stands now.

    One query, and one for the names where there are several frameworks or versions.
    """
    points = HistoryPoint.objects.filter(initiative__in=rows.order_by().values("pk"), on__range=(on, against))
    points = points.exclude(framework="")  # not known
    stand = Standing.objects.filter(initiative__in=rows.order_by().values("pk"))
    pairs = stand.order_by().values_list("framework", "framework_version")
    found: dict[str, set[str]] = {}
    for framework, version in pairs.union(points.order_by().values_list("framework", "framework_version")):
        found.setdefault(framework, set()).add(version)
    several = {slug: sorted(versions) for slug, versions in sorted(found.items()) if len(versions) > 1}
    if not several and len(found) < 2:
        return ComputedOn([], [])
    names = dict(Framework.objects.filter(slug__in=found).order_by("pk").values_list("slug", "name"))
    return ComputedOn(
        names=[names.get(slug, slug) for slug in sorted(found)] if len(found) > 1 else [],
        versions=[(names.get(slug, slug), versions) for slug, versions in several.items()],
    )


def booked(money: Iterable[Book], day: date, rates: Rates) -> Sum:
    """What was booked through the month of the day, by those that book by month."""
    through = [
        of_months([month for month in one.months if month.month <= day], one.currency)
        for one in money
        if one.months
    ]
    return total((worth(amounts, rates) for amounts in through), rates)


def two_units(rows: InitiativeQuerySet, one: str, other: str, zone: tzinfo, rates: Rates) -> TwoUnits:
    """Units by their keys, today; ``other`` "" is everything but ``one``, also what names no unit. Nine queries."""
    today = rates.today
    known, money = lives(rows, today, today, zone), books(rows, today)

    def is_in(unit: str, *, first: bool) -> bool:
        if first:
            return unit == one
        return unit == other if other else unit != one

    def side(*, first: bool) -> Side:
        of_it = [life for life in known if is_in(life.unit, first=first)]
        running = [book for book in money if book.running and is_in(book.unit_key, first=first)]
        worths = [found for book in running if (found := spent(book, rates)) is not None]
        return Side(counted(of_it, today), total(worths, rates))

    return TwoUnits(side(first=True), side(first=False))
