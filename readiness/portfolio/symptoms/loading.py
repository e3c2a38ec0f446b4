"""The facts of the symptoms: over what a person may see, in a fixed number of queries, whatever the size."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from gates import models
from gates.models import KpiKind, KpiSignal
from gates.querysets import InitiativeQuerySet
from gates.rules import PASSING_DECISIONS
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import IMPORTED
from readiness.portfolio.symptoms.facts import (
    Case,
    Facts,
    GatePass,
    ParallelLimit,
    Pause,
    PilotKpi,
    Stay,
)
from readiness.portfolio.symptoms.portfolio import PAST_INTAKE
from readiness.portfolio.symptoms.window import Days, quarters, window
from readiness.standing.models import Flag

ARCHITECTURE, INTEGRATION = "architecture", "integration"
SILENCE = "no_activity"

Keyed = TypeVar("Keyed", Stay, Pause, PilotKpi, GatePass)


@dataclass(frozen=True, slots=True)
class Loaded:
    """``units``: how each unit is spelled, by its key; "" is what names none."""

    facts: Facts
    units: dict[str, str]


def load(
    rows: InitiativeQuerySet, organisation: Organisation, today: date, *, narrowed: bool = False
) -> Loaded:
    """``rows``: all that the person may see, of every unit; ``narrowed`` where they are not all of their units."""
    rows, days, zone = rows.order_by(), window(today), organisation.zone
    cases, units = _cases(rows, zone)
    known = {case.key for case in cases}
    facts = Facts(
        currency=organisation.currency,
        cases=cases,
        stays=_of(known, _stays(rows, days)),
        pauses=_of(known, _pauses(rows, days)),
        kpis=_of(known, _kpis(rows, days)),
        passes=_of(known, _passes(rows, days, zone)),
        read_on=_read_on(rows, days),
        acts=_acts(rows, today, zone),
        limits=[
            ParallelLimit(one.stage, one.unit_key, one.most) for one in models.ParallelLimit.objects.all()
        ],
        narrowed=narrowed,
    )
    return Loaded(facts, units)


def _of(known: set[int], rows: Iterable[Keyed]) -> list[Keyed]:
    """Without what came in between two queries."""
    return [row for row in rows if row.key in known]


def _cases(rows: InitiativeQuerySet, zone: tzinfo) -> tuple[list[Case], dict[str, str]]:
    flags = Flag.objects.filter(initiative__in=rows, code=SILENCE, resolved_at__isnull=True)
    silent = dict(flags.order_by().values_list("initiative", "opened_on"))
    cases: list[Case] = []
    units: dict[str, str] = {}
    columns = (
        "pk", "business_unit_key", "business_unit", "stage", "stage_since", "created_at", "technology", "vendor",
        "budget_spent", "currency", "lesson__outcome",
    )  # fmt: skip
    for row in rows.values_list(*columns):
        key, unit_key, unit, stage_word, since, created_at, technology, vendor, spent, currency, outcome = row
        stage = Stage(stage_word)
        units[unit_key] = min(units.get(unit_key, unit), unit)
        cases.append(
            Case(
                key=key,
                unit_key=unit_key,
                stage=stage,
                entered_on=created_at.astimezone(zone).date(),
                ended_on=since if stage.has_ended else None,
                technology=technology,
                vendor=vendor,
                spent=spent,
                currency=currency,
                outcome=outcome or "",
                silent_since=silent.get(key),
            )
        )
    return cases, units


def _stays(rows: InitiativeQuerySet, days: Days) -> Iterable[Stay]:
    """Those past intake of which some day may lie in the window."""
    found = models.StageEntry.objects.filter(
        _touches("entered_on", "left_on", days), initiative__in=rows, stage__in=PAST_INTAKE
    )
    columns = ("initiative", "stage", "entered_on", "left_on")
    for key, stage, entered_on, left_on in found.order_by().values_list(*columns):
        yield Stay(key, Stage(stage), entered_on, left_on)


def _pauses(rows: InitiativeQuerySet, days: Days) -> Iterable[Pause]:
    found = models.Hold.objects.filter(_touches("since", "lifted_on", days), initiative__in=rows)
    for key, since, until in found.order_by().values_list("initiative", "since", "lifted_on"):
        yield Pause(key, since, until)


def _kpis(rows: InitiativeQuerySet, days: Days) -> Iterable[PilotKpi]:
    """Of those in pilot within the window: business KPIs with a go limit, and those that count users."""
    pilot = models.StageEntry.objects.filter(stage=Stage.PILOT.value)
    then = pilot.filter(
        Q(entered_on__isnull=True) | Q(entered_on__lte=OuterRef("on")),
        Q(left_on__isnull=True) | Q(left_on__gte=OuterRef("on")),
        initiative=OuterRef("kpi__initiative"),
    )
    readings = models.Reading.objects.filter(
        Exists(then), kpi=OuterRef("pk"), on__range=(days.first, days.last), withdrawn_at__isnull=True
    )
    in_pilot = pilot.filter(_touches("entered_on", "left_on", days), initiative=OuterRef("initiative"))
    users = KpiSignal.WEEKLY_ACTIVE_SHARE
    found = models.Kpi.objects.filter(
        Exists(in_pilot),
        Q(kind=KpiKind.BUSINESS, go_limit__isnull=False) | Q(signal=users),
        removed_at__isnull=True,
        initiative__in=rows,
    ).annotate(
        read=Subquery(readings.order_by("-on").values("value")[:1]), used=Exists(readings.filter(value__gt=0))
    )
    for kpi in found.order_by():
        yield PilotKpi(
            key=kpi.initiative_id,
            business=kpi.kind == KpiKind.BUSINESS,
            counts_users=kpi.signal == users,
            limits=kpi.limits,
            latest=kpi.read,
            used=kpi.used,
        )


def _passes(rows: InitiativeQuerySet, days: Days, zone: tzinfo) -> Iterable[GatePass]:
    passed = models.Decision.objects.filter(
        decision__in=[kind.value for kind in PASSING_DECISIONS], passage__initiative__in=rows
    )
    first = Min("at", filter=Q(gate__slug=ARCHITECTURE, at__gte=midnight(days.first, zone)))
    ever = Count("pk", filter=Q(gate__slug=INTEGRATION))
    by_initiative = passed.filter(gate__slug__in=(ARCHITECTURE, INTEGRATION)).order_by()
    for key, at, count in by_initiative.values_list("passage__initiative").annotate(first=first, ever=ever):
        if at is not None:
            yield GatePass(key, at.astimezone(zone).date(), count > 0)


def _read_on(rows: InitiativeQuerySet, days: Days) -> dict[int, date]:
    readings = models.Reading.objects.filter(
        kpi__initiative__in=rows,
        kpi__kind=KpiKind.BUSINESS,
        kpi__removed_at__isnull=True,
        on__range=(days.first, days.last),
        withdrawn_at__isnull=True,
    )
    return dict(readings.order_by().values_list("kpi__initiative").annotate(last=Max("on")))


def _acts(rows: InitiativeQuerySet, today: date, zone: tzinfo) -> dict[int, tuple[int, ...]]:
    """What people did by their own hand, a number a quarter: neither programs nor imports nor the passing of time."""
    parts = quarters(today)
    events: QuerySet[Event, Any] = Event.objects.filter(
        _within(Days(parts[0].first, parts[-1].last), zone),
        initiative__in=rows,
        actor_kind=ActorKind.PERSON,
        token_name="",
    ).exclude(verb=IMPORTED)
    counts = {f"part_{number}": Count("pk", filter=_within(part, zone)) for number, part in enumerate(parts)}
    found = events.order_by().values_list("initiative").annotate(**counts)
    return {key: tuple(numbers) for key, *numbers in found}


def _within(days: Days, zone: tzinfo) -> Q:
    return Q(at__gte=midnight(days.first, zone), at__lt=midnight(days.last + timedelta(days=1), zone))


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which this day begins in the zone."""
    return datetime.combine(day, time.min, zone)


def _touches(first: str, last: str, days: Days) -> Q:
    """Some day of it may lie within these days: one that is not known rules nothing out."""
    return (Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": days.last})) & (
        Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": days.first})
    )
