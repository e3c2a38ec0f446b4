"""What live initiatives were to bring, and what they bring: measured against what was promised, in a fixed number of
queries.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F

from gates.models import Initiative, Kpi, KpiKind, KpiSignal, Reading
from gates.promises import (
    VALUE_MARKS,
    Limits,
    Measured,
    ValueCheck,
    ValueStatus,
    promised_limit,
    value_checks,
)
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.currencies import is_currency
from readiness.portfolio.figures import holds_of
from readiness.standing.flags.calendar import days_of_marks

TO_LOOK_AT_SHOWN = 6
DUE = (ValueStatus.ABOVE, ValueStatus.ON, ValueStatus.BELOW, ValueStatus.UNMEASURED)


@dataclass(frozen=True, slots=True)
class LiveKpi:
    """A business KPI of a live initiative. ``marks``: on which day each mark is reached.

    ``latest``: the last reading after the launch, ``early``: all of those up to the last mark. ``currency``: where it
    is value in money a month, else "".
    """

    initiative: int
    promised: Limits
    launched_on: date
    marks: Mapping[int, date]
    currency: str = ""
    early: tuple[Measured, ...] = ()
    latest: Measured | None = None


@dataclass(frozen=True, slots=True)
class MarkCounts:
    """How many measurements at one mark (days after the launch) are due, by how they came out."""

    mark: int
    counts: Mapping[ValueStatus, int]

    @property
    def due(self) -> int:
        return sum(self.counts[status] for status in DUE)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Money a month in one currency: promised by so many KPIs, and what those of them bring that were measured."""

    currency: str
    promised: Decimal
    realised: Decimal
    kpis: int
    measured: int


@dataclass(frozen=True, slots=True)
class Value:
    """``live``: live initiatives; ``with_kpi`` of them have a business KPI.

    ``to_look_at``: of ``short`` initiatives whose last due measurement is missing or below the promise, some.
    """

    live: int
    with_kpi: int
    marks: tuple[MarkCounts, ...]
    monthly: tuple[Monthly, ...]
    short: int
    to_look_at: Sequence[Initiative] = field(default=())

    @property
    def more_to_look_at(self) -> int:
        return self.short - len(self.to_look_at)


def value(rows: InitiativeQuerySet, today: date, currency: str) -> Value:
    """Over the live ones of these initiatives; ``currency`` is the organisation's."""
    live = rows.filter(stage=Stage.LIVE.value)
    kpis = live_kpis(live, today, currency)
    checks = [(kpi, value_checks(kpi.promised, kpi.early, kpi.launched_on, kpi.marks, today)) for kpi in kpis]
    short = sorted({kpi.initiative for kpi, found in checks if falls_short(found)})
    return Value(
        live=live.count(),
        with_kpi=len({kpi.initiative for kpi in kpis}),
        marks=tuple(_at_mark(number, mark, checks) for number, mark in enumerate(VALUE_MARKS)),
        monthly=monthly(kpis, currency),
        short=len(short),
        to_look_at=list(rows.filter(pk__in=short[:TO_LOOK_AT_SHOWN])),
    )


def falls_short(checks: Iterable[ValueCheck]) -> bool:
    """Whether the last measurement that is due is missing or below the promise."""
    due = [check.status for check in checks if check.status != ValueStatus.NOT_DUE]
    return bool(due) and due[-1] in (ValueStatus.UNMEASURED, ValueStatus.BELOW)


def monthly(kpis: Iterable[LiveKpi], first: str) -> tuple[Monthly, ...]:
    """A line a currency, never mixed; ``first`` stands first. What promises nothing is in no sum.

    Promised is the target, else the go limit; realised is the last reading since the launch.
    """
    found: dict[str, list[tuple[Decimal, Measured | None]]] = {}
    for kpi in kpis:
        promised = promised_limit(kpi.promised, by_target=True)
        if kpi.currency and promised is not None:
            found.setdefault(kpi.currency, []).append((promised, kpi.latest))
    return tuple(
        Monthly(
            currency=currency,
            promised=sum((promised for promised, _ in of_it), Decimal(0)),
            realised=sum((latest.value for _, latest in of_it if latest), Decimal(0)),
            kpis=len(of_it),
            measured=sum(latest is not None for _, latest in of_it),
        )
        for currency, of_it in sorted(found.items(), key=lambda one: (one[0] != first, one[0]))
    )


def _at_mark(number: int, mark: int, checks: Iterable[tuple[LiveKpi, Sequence[ValueCheck]]]) -> MarkCounts:
    counted = Counter(found[number].status for _, found in checks)
    return MarkCounts(mark, {status: counted[status] for status in ValueStatus})


def live_kpis(live: InitiativeQuerySet, today: date, own: str) -> list[LiveKpi]:
    """The business KPIs of these live initiatives; one query, and two for the holds and readings of those there are.

    ``own``: the organisation's currency.
    """
    rows = Kpi.objects.filter(initiative__in=live.order_by(), kind=KpiKind.BUSINESS, removed_at__isnull=True)
    columns = rows.select_related("initiative").only(
        "kind", "unit", "direction", "signal", "baseline", "target", "go_limit", "stop_limit", "locked_at", "promised",
        "initiative__stage_since", "initiative__currency",
    )  # fmt: skip
    kpis = list(columns.order_by("pk").prefetch_related("initiative__holds"))
    marks = {
        kpi.pk: days_of_marks(kpi.initiative.stage_since, holds_of(kpi.initiative), today)
        for kpi in kpis
        if kpi.initiative.stage_since is not None
    }
    early, latest = _readings(live, today, marks) if kpis else ({}, {})
    return [
        LiveKpi(
            initiative=kpi.initiative_id,
            promised=kpi.promised_limits,
            launched_on=launched_on,
            marks=marks[kpi.pk],
            currency=(currency_of(kpi) or own) if kpi.signal == KpiSignal.VALUE else "",
            early=tuple(early.get(kpi.pk, ())),
            latest=latest.get(kpi.pk),
        )
        for kpi in kpis
        if (launched_on := kpi.initiative.stage_since) is not None
    ]


def currency_of(kpi: Kpi) -> str:
    """What a value in money counts in: its unit where that is a currency, else the initiative's ("": ours).

    One that was withdrawn is a currency still: read as ours, its amounts would be converted one to one.
    """
    unit = kpi.unit.strip().upper()
    return unit if is_currency(unit) else kpi.initiative.currency


def _readings(
    live: InitiativeQuerySet, today: date, marks: Mapping[int, Mapping[int, date]]
) -> tuple[dict[int, list[Measured]], dict[int, Measured]]:
    """Of each KPI: the readings after the launch up to the last mark, and the last one of all after the launch."""
    found = Reading.objects.filter(
        kpi__initiative__in=live.order_by(),
        kpi__kind=KpiKind.BUSINESS,
        kpi__removed_at__isnull=True,
        withdrawn_at__isnull=True,
        on__gt=F("kpi__initiative__stage_since"),
        on__lte=today,
    )
    columns = found.order_by("on", "pk").values_list("kpi", "on", "value")
    early: dict[int, list[Measured]] = {}
    latest: dict[int, Measured] = {}
    for kpi, on, read in columns.iterator(chunk_size=2000):
        latest[kpi] = Measured(on, read)
        if kpi in marks and on <= max(marks[kpi].values()):
            early.setdefault(kpi, []).append(latest[kpi])
    return early, latest
