"""The KPIs of one initiative as they stand on a day: readings against limits, and value after the launch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from gates.models import Amendment, Hold, Initiative, Kpi, Reading, StageEntry
from gates.promises import Limits, Measured, ValueCheck, value_checks
from gates.stages import Stage
from readiness.standing.flags.calendar import days_of_marks
from readiness.standing.flags.facts import Period

LAUNCHED = frozenset({Stage.LIVE, Stage.RETIRED})


class Against(StrEnum):
    """Where a value lies among the limits."""

    TARGET = "target"
    GO = "go"
    BETWEEN = "between"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class KpiState:
    """One KPI today. ``recent`` are its latest readings, oldest first, ``count`` how many stand in all.

    ``checks`` is empty before the launch.
    """

    kpi: Kpi
    amendments: tuple[Amendment, ...]
    recent: tuple[Reading, ...]
    count: int
    checks: tuple[ValueCheck, ...]

    @property
    def latest(self) -> Reading | None:
        return self.recent[-1] if self.recent else None

    @property
    def latest_against(self) -> Against | None:
        return against(self.kpi.limits, self.latest.value) if self.latest else None


def against(limits: Limits, value: Decimal) -> Against | None:
    """The best that the value reaches, else whether it is at the stop limit or beyond; None where no limit is known."""
    if limits.target is not None and limits.reaches(value, limits.target):
        return Against.TARGET
    if limits.goes(value):
        return Against.GO
    if limits.stops(value):
        return Against.STOP
    known = (limits.target, limits.go_limit, limits.stop_limit)
    return None if known == (None, None, None) else Against.BETWEEN


def kpi_states(initiative: Initiative, kpis: Iterable[Kpi], today: date, recent: int) -> list[KpiState]:
    """These KPIs of one initiative, with at most so many recent readings each; five queries whatever their number."""
    by_key = {kpi.pk: kpi for kpi in kpis}
    amendments: dict[int, list[Amendment]] = {}
    told = Amendment.objects.filter(kpi__in=by_key).select_related("by", "acknowledged_by")
    for amendment in told.order_by("pk"):
        if amendment.kpi_id is not None:
            amendment.kpi = by_key[amendment.kpi_id]
            amendments.setdefault(amendment.kpi_id, []).append(amendment)
    latest, counts = _recent(by_key, recent)
    launched_on, until = _launch(initiative, today)
    marks = _marks(initiative, launched_on, until)
    since = _since(by_key, launched_on, marks)
    return [
        KpiState(
            kpi=kpi,
            amendments=tuple(amendments.get(key, ())),
            recent=tuple(latest.get(key, ())),
            count=counts.get(key, 0),
            checks=value_checks(kpi.promised_limits, since.get(key, ()), launched_on, marks, until)
            if launched_on
            else (),
        )
        for key, kpi in by_key.items()
    ]


def standing_kpis(initiative: Initiative) -> list[Kpi]:
    """Those that are not removed, business ones first."""
    rows = initiative.kpis.filter(removed_at__isnull=True).select_related("owner")
    return list(rows.order_by("kind", "pk"))


def _recent(by_key: dict[int, Kpi], most: int) -> tuple[dict[int, list[Reading]], dict[int, int]]:
    rows = Reading.objects.filter(kpi__in=by_key, withdrawn_at__isnull=True).select_related("by")
    newest_first = Window(RowNumber(), partition_by=F("kpi_id"), order_by=F("on").desc())
    oldest_first = Window(RowNumber(), partition_by=F("kpi_id"), order_by=F("on").asc())
    numbered = rows.annotate(from_newest=newest_first, from_oldest=oldest_first).filter(from_newest__lte=most)
    found: dict[int, list[Reading]] = {}
    counts: dict[int, int] = {}
    for reading in numbered.order_by("on"):
        found.setdefault(reading.kpi_id, []).append(reading)
        counts[reading.kpi_id] = max(counts.get(reading.kpi_id, 0), reading.from_oldest)
    return found, counts


def _launch(initiative: Initiative, today: date) -> tuple[date | None, date]:
    """The day it went live, None where it did not or nobody knows; and the day up to which its value counts."""
    if Stage(initiative.stage) not in LAUNCHED:
        return None, today
    entry = StageEntry.objects.filter(initiative=initiative, stage=Stage.LIVE.value).order_by("-pk").first()
    if entry is None:
        return None, today
    return entry.entered_on, min(today, entry.left_on or today)


def _marks(initiative: Initiative, launched_on: date | None, until: date) -> dict[int, date]:
    """The day of each mark after the launch; none before it."""
    if launched_on is None:
        return {}
    holds = Hold.objects.filter(initiative=initiative).values_list("since", "lifted_on")
    return days_of_marks(launched_on, [Period(*days) for days in holds], until)


def _since(
    by_key: dict[int, Kpi], launched_on: date | None, marks: Mapping[int, date]
) -> dict[int, Sequence[Measured]]:
    """What was read from the launch to the last mark, by KPI."""
    if launched_on is None:
        return {}
    last = max(marks.values())
    rows = Reading.objects.filter(
        kpi__in=by_key, withdrawn_at__isnull=True, on__gt=launched_on, on__lte=last
    ).order_by("on")
    found: dict[int, list[Measured]] = {}
    for kpi_id, on, value in rows.values_list("kpi_id", "on", "value"):
        found.setdefault(kpi_id, []).append(Measured(on, value))
    return {key: tuple(values) for key, values in found.items()}
