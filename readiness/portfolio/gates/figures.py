"""Where the gates of all initiatives stand: past intake, and computed on the framework that most of them are.

Every page of it takes the same few queries. Orders are made by the database, and only the keys of one page are fetched.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Case,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least

from checklists.models import Gate
from gates.models import Hold, Initiative
from gates.querysets import InitiativeQuerySet, sort_key
from gates.rules import GateStatus
from gates.stages import Stage
from readiness.portfolio.figures import GateCell, gate_cell
from readiness.portfolio.gates.asked import DAYS, NAME, SCORE, Order
from readiness.portfolio.questions import past_intake
from readiness.standing.models import GateStanding

WHERE_IT_HURTS = (
    GateStatus.STOPPED,
    GateStatus.LAPSED,
    GateStatus.RETURNED,
    GateStatus.OPEN,
    GateStatus.LOCKED,
    GateStatus.ELIGIBLE,
    GateStatus.IN_REVIEW,
    GateStatus.PASSED_WITH_CONDITIONS,
    GateStatus.PASSED,
)
"""The order by the state of a gate; of the same state, what is met least comes first."""


@dataclass(frozen=True, slots=True)
class GateColumn:
    gate: str
    name: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``count`` initiatives past intake that are computed on another framework, whose gates are others."""

    framework: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is shown: ``shown`` initiatives on ``framework``, by its ``columns``; and what is not.

    The gates of the framework are in its order, those of its newest version first. ``versions`` are those that the
    shown are on, each with how many. ``intake`` have not left intake yet, ``ended`` stand at no gate any more.
    """

    framework: str
    name: str
    columns: tuple[GateColumn, ...]
    shown: int
    versions: tuple[tuple[str, int], ...]
    elsewhere: tuple[Elsewhere, ...]
    intake: int
    ended: int


@dataclass(frozen=True, slots=True)
class Unit:
    """``size`` of its initiatives are shown; ``name`` "" is that of no unit."""

    key: str
    name: str
    size: int


def coverage(rows: InitiativeQuerySet) -> Coverage:
    """The framework that most of them past intake are computed on, and what it leaves out: two queries."""
    grouped = rows.order_by().values_list("stage", "standing__framework", "standing__framework_version")
    past, intake, ended = Counter[str](), 0, 0
    versions: dict[str, Counter[str]] = defaultdict(Counter)
    for stage, framework, version, count in grouped.annotate(count=Count("pk")):
        if Stage(stage).has_ended:
            ended += count
        elif stage == Stage.INTAKE:
            intake += count
        else:
            past[framework] += count
            versions[framework][version] += count
    ranked = sorted(past, key=lambda slug: (-past[slug], slug))
    first, *others = ranked or [""]
    names: dict[str, str] = {}
    columns: dict[str, GateColumn] = {}
    gates = Gate.objects.filter(framework__slug__in=ranked).order_by("-framework_id", "position")
    for framework, called, gate, name in gates.values_list(
        "framework__slug", "framework__name", "slug", "name"
    ):
        names.setdefault(framework, called)
        if framework == first:
            columns.setdefault(gate, GateColumn(gate, name))
    return Coverage(
        framework=first,
        name=names.get(first, first),
        columns=tuple(columns.values()),
        shown=past[first],
        versions=tuple(sorted(versions[first].items())),
        elsewhere=tuple(Elsewhere(slug, names.get(slug, slug), past[slug]) for slug in others),
        intake=intake,
        ended=ended,
    )


def computed_on(rows: InitiativeQuerySet, framework: str) -> InitiativeQuerySet:
    """Those past intake whose readiness is computed on this framework."""
    return past_intake(rows).filter(standing__framework=framework)


def at_gate(
    rows: InitiativeQuerySet, framework: str, gate: str, statuses: Iterable[GateStatus]
) -> InitiativeQuerySet:
    """Those of them whose gate has one of these statuses."""
    standings = GateStanding.objects.filter(framework=framework, gate=gate, status__in=list(statuses))
    return computed_on(rows, framework).filter(pk__in=standings.values("initiative"))


def units(rows: InitiativeQuerySet) -> list[Unit]:
    """The units of these initiatives in the order people expect, those without one last: one query."""
    grouped = rows.order_by().values_list("business_unit_key")
    found = [Unit(*row) for row in grouped.annotate(unit=Max("business_unit"), size=Count("pk"))]
    return sorted(found, key=lambda unit: (unit.key == "", sort_key(unit.key), unit.key))


def counts(
    rows: InitiativeQuerySet, framework: str, gates: Sequence[GateColumn], keys: Iterable[str] | None = None
) -> dict[str, list[GateCell]]:
    """Of each of these units its gates, counted; without units named all of them together, by "": one query."""
    if keys is not None:
        rows = rows.filter(business_unit_key__in=list(keys))
    standings = GateStanding.objects.filter(framework=framework, initiative__in=rows.order_by().values("pk"))
    unit = Value("") if keys is None else F("initiative__business_unit_key")
    grouped = standings.order_by().annotate(unit=unit).values_list("unit", "gate", "status")
    by_gate: dict[str, dict[str, Counter[str]]] = {}
    for key, gate, status, count in grouped.annotate(count=Count("pk")):
        by_gate.setdefault(key, {}).setdefault(gate, Counter())[status] += count
    return {
        key: [gate_cell(one.gate, one.name, of_unit.get(one.gate, Counter())) for one in gates]
        for key, of_unit in by_gate.items()
    }


def ordered(rows: InitiativeQuerySet, framework: str, order: Order, today: date) -> InitiativeQuerySet:
    """In an order that knows no groups. What is not known comes last, either way round."""
    if order.name == NAME:
        return rows.order_by("-name_key" if order.down else "name_key", "pk")
    if order.name == SCORE:
        return rows.order_by("-standing__score" if order.down else "standing__score", "name_key", "pk")
    if order.name == DAYS:
        return _by_days(rows, order, today)
    return _by_gate(rows, framework, order)


def within_units(rows: InitiativeQuerySet, keys: Sequence[str]) -> InitiativeQuerySet:
    """Those of these units, unit by unit in the order of ``keys``, by name in each."""
    places = [When(business_unit_key=key, then=Value(place)) for place, key in enumerate(keys)]
    place = Case(*places, default=Value(len(keys)), output_field=IntegerField())
    return rows.filter(business_unit_key__in=keys).order_by(place, "name_key", "pk")


def with_gates(rows: InitiativeQuerySet, framework: str, keys: Sequence[int]) -> list[Initiative]:
    """The initiatives of one page as it shows them, in this order: three queries."""
    standings = GateStanding.objects.filter(framework=framework).defer("criteria", "lapsed_because")
    found = (
        rows.order_by()
        .select_related("standing")
        .defer(
            "search_key",
            "business_problem",
            "standing__blockers",
            "standing__next_actions",
            "standing__effective",
        )
        .prefetch_related(Prefetch("gate_standings", queryset=standings), "holds")
        .in_bulk(list(keys))
    )
    return [found[key] for key in keys if key in found]


def _by_gate(rows: InitiativeQuerySet, framework: str, order: Order) -> InitiativeQuerySet:
    here = Q(gate_standings__framework=framework, gate_standings__gate=order.gate)
    ranks = [When(here__status=status.value, then=Value(rank)) for rank, status in enumerate(WHERE_IT_HURTS)]
    rank = Case(*ranks, output_field=IntegerField())
    joined = rows.annotate(here=FilteredRelation("gate_standings", condition=here)).annotate(hurts=rank)
    hurts, met = F("hurts"), F("here__met")
    if order.down:
        return joined.order_by(hurts.desc(nulls_last=True), met.desc(nulls_last=True), "name_key", "pk")
    return joined.order_by(hurts.asc(nulls_last=True), met.asc(nulls_last=True), "name_key", "pk")


def _by_days(rows: InitiativeQuerySet, order: Order, today: date) -> InitiativeQuerySet:
    """As ``figures.days_in_stage`` counts: days on hold left out, of what was imported up to the day of its file.

    The holds of an initiative follow one another, so their days are a sum.
    """
    day = Value(today, output_field=DateField())
    none = Value(timedelta(0), output_field=DurationField())
    until = OuterRef("counted_to")
    days_held = ExpressionWrapper(
        Least(Coalesce("lifted_on", until), until) - Greatest("since", OuterRef("stage_since")),
        output_field=DurationField(),
    )
    holds = Hold.objects.filter(initiative=OuterRef("pk")).annotate(days_held=days_held)
    held = holds.filter(days_held__gt=none).order_by().values("initiative").annotate(sum=Sum("days_held"))
    there = ExpressionWrapper(F("counted_to") - F("stage_since"), output_field=DurationField())
    counted = rows.annotate(counted_to=Least(Coalesce("as_of", day), day)).annotate(
        days_counted=Case(
            When(stage_since__isnull=True, then=None),
            When(stage_since__gte=F("counted_to"), then=none),
            default=there - Coalesce(Subquery(held.values("sum")), none),
            output_field=DurationField(),
        )
    )
    days = F("days_counted")
    first = days.desc(nulls_last=True) if order.down else days.asc(nulls_last=True)
    return counted.order_by(first, "name_key", "pk")
