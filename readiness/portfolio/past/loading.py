"""The past of the initiatives that a person may see: in six queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, tzinfo
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery

from gates.models import Decision, StageEntry
from gates.querysets import InitiativeQuerySet
from gates.rules import PASSING_DECISIONS, DecisionKind
from gates.stages import Stage
from readiness.portfolio.past.days import Life, Point, Raised, Ruling, Stay, stays_of
from readiness.standing.models import Flag, HistoryPoint
from readiness.standing.verdict import Verdict


class _Row(NamedTuple):
    name: str
    unit: str
    stay: Stay


def lives(rows: InitiativeQuerySet, first: date, last: date, zone: tzinfo) -> list[Life]:
    """Each of these initiatives, with what tells of every day from ``first`` through ``last``; by key."""
    rows = rows.order_by()
    found = _rows(rows, zone)
    stays, points, rulings = _stays(rows, zone), _points(rows, first, last), _rulings(rows, last, zone)
    flags = _flags(rows, first, last)
    return [
        Life(
            key=key,
            name=row.name,
            unit=row.unit,
            stays=stays.get(key) or (row.stay,),
            points=tuple(sorted(points[key], key=lambda point: point.on)) if key in points else (),
            rulings=tuple(rulings.get(key, ())),
            flags=tuple(flags.get(key, ())),
        )
        for key, row in sorted(found.items())
    ]


def _rows(rows: InitiativeQuerySet, zone: tzinfo) -> dict[int, _Row]:
    columns = rows.values_list("pk", "name", "business_unit_key", "stage", "stage_since", "created_at")
    return {
        key: _Row(name, unit, Stay(Stage(stage), since or created_at.astimezone(zone).date()))
        for key, name, unit, stage, since, created_at in columns
    }


def _stays(rows: InitiativeQuerySet, zone: tzinfo) -> dict[int, tuple[Stay, ...]]:
    found: dict[int, list[tuple[Stage, date | None, date | None, date]]] = defaultdict(list)
    entries = StageEntry.objects.filter(initiative__in=rows).order_by("pk")
    columns = ("initiative", "stage", "entered_on", "left_on", "recorded_at")
    for key, stage, entered, left, recorded_at in entries.values_list(*columns):
        found[key].append((Stage(stage), entered, left, recorded_at.astimezone(zone).date()))
    return {key: stays_of(each) for key, each in found.items()}


def _points(rows: InitiativeQuerySet, first: date, last: date) -> dict[int, list[Point]]:
    """Of each the last one on or before ``first``, and all after it: two queries."""
    of_it = HistoryPoint.objects.filter(initiative=OuterRef("pk"), on__lte=first).order_by("-on")
    at_first = rows.annotate(point_then=Subquery(of_it.values("pk")[:1])).values("point_then")
    since = HistoryPoint.objects.filter(initiative__in=rows, on__gt=first, on__lte=last)
    found: dict[int, list[Point]] = defaultdict(list)
    columns = ("initiative", "on", "score", "verdict", "stalled")
    for points in (HistoryPoint.objects.filter(pk__in=at_first), since):
        for key, on, score, verdict, stalled in points.order_by().values_list(*columns).iterator():
            found[key].append(Point(on, score, Verdict(verdict), stalled))
    return found


def _rulings(rows: InitiativeQuerySet, last: date, zone: tzinfo) -> dict[int, list[Ruling]]:
    """The decisions on the gates that readiness is computed on; checkpoints are none of them."""
    passing = {kind.value for kind in PASSING_DECISIONS}
    found: dict[int, list[Ruling]] = defaultdict(list)
    made: Iterable[tuple] = Decision.objects.filter(
        passage__initiative__in=rows,
        passage__framework_slug=F("passage__initiative__standing__framework"),
    ).order_by("at", "pk").values_list(
        "passage__initiative", "gate__slug", "gate__name", "at", "decision", "lapse__at"
    )  # fmt: skip
    for key, gate, name, at, decision, lapsed_at in made:
        on = at.astimezone(zone).date()
        if on <= last:
            lapsed_on = lapsed_at.astimezone(zone).date() if lapsed_at else None
            found[key].append(Ruling(gate, name, on, DecisionKind(decision).value in passing, lapsed_on))
    return found


def _flags(rows: InitiativeQuerySet, first: date, last: date) -> dict[int, list[Raised]]:
    """Those that were open at the end of some day from ``first`` through ``last``."""
    open_then = Q(resolved_on__isnull=True) | Q(resolved_on__gt=first)
    raised = Flag.objects.filter(open_then, initiative__in=rows, opened_on__lte=last).order_by()
    found: dict[int, list[Raised]] = defaultdict(list)
    for key, severity, opened, resolved in raised.values_list(
        "initiative", "severity", "opened_on", "resolved_on"
    ):
        found[key].append(Raised(severity, opened, resolved))
    return found
