"""The readings and history points that the rules look at: however many there are, the last of them are read.

- Of a KPI the rules ask for its latest reading; of the one that tells the use, for as many as its flag counts.
- An exit criterion asks for more while the latest readings breach its limit: for two windows, days on hold left out.
  That tells whether it is met. Where it is, its run may have begun earlier, and all are read, once: it then stands
  triggered, and its readings are not looked at until somebody has decided.
- The forecast asks for the levels of a few weeks more than it counts, and for the one before them. Where holds and
  changes of the framework take away more weeks than that, all are read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from gates.asking import Prepared
from gates.models import Initiative, Kpi, KpiSignal, Reading
from gates.promises import Measured, look_back, needs_older
from gates.stages import Stage
from readiness.standing import forecast
from readiness.standing.exits import criterion_of
from readiness.standing.facts import InitiativeFacts
from readiness.standing.flags.facts import Period
from readiness.standing.forecast import WEEKS_COUNTED, Level, forecasts_in, weekly_changes
from readiness.standing.judgement import Setting, day_judged
from readiness.standing.models import HistoryPoint

_latest = Prepared(
    lambda keys: (
        Reading.objects.filter(
            pk__in=Kpi.objects.filter(pk__in=keys)
            .order_by()
            .values(latest=Subquery(_standing().filter(kpi=OuterRef("pk")).order_by("-on").values("pk")[:1]))
        )
        .order_by()
        .only("kpi_id", "on", "value")
    )
)


def load_readings(facts: Mapping[int, InitiativeFacts], setting: Setting) -> None:
    """The readings by which these initiatives are judged; everything else of their facts is loaded."""
    kpis = [kpi for one in facts.values() for kpi in one.kpis]
    usage = [kpi.pk for kpi in kpis if kpi.signal == KpiSignal.WEEKLY_ACTIVE_SHARE]
    of = {kpi.pk: facts[kpi.initiative_id].readings for kpi in kpis}
    for row in _latest(*(of.keys() - set(usage))):
        of[row.kpi_id][row.kpi_id] = [Measured(row.on, row.value)]
    if usage:
        _keep(of, _last(usage, _readings_running(facts.values(), setting)))
    since = _lacking(facts.values(), setting, {})
    if since:
        _keep(of, _from_day(since))
        run_longer = _lacking(facts.values(), setting, since).keys() & since.keys()
        if run_longer:
            _keep(of, _standing().filter(kpi__in=run_longer))


def _standing() -> QuerySet[Reading]:
    return Reading.objects.filter(withdrawn_at__isnull=True)


def _readings_running(facts: Iterable[InitiativeFacts], setting: Setting) -> int:
    """How many of the last readings of the use a flag looks at, where it looks at most."""
    stages = {one.initiative.stage for one in facts}
    return max(setting.thresholds.days("low_usage", stage, "consecutive_readings") for stage in stages)


def _last(kpis: Collection[int], count: int) -> QuerySet[Reading]:
    newest_first = Window(RowNumber(), partition_by=F("kpi_id"), order_by=F("on").desc())
    numbered = _standing().filter(kpi__in=kpis).annotate(place=newest_first)
    return numbered.filter(place__lte=max(count, 1))


def _from_day(since: Mapping[int, date]) -> QuerySet[Reading]:
    """All of each of these KPIs from a day on."""
    asked = (Q(kpi__in=kpis, on__gte=day) for day, kpis in _together(since).items())
    return _standing().filter(reduce(or_, asked))


def _together(days: Mapping[int, date]) -> dict[date, list[int]]:
    """The keys by their day: few days for many keys."""
    found: dict[date, list[int]] = defaultdict(list)
    for key, day in days.items():
        found[day].append(key)
    return found


def _keep(of: Mapping[int, dict[int, list[Measured]]], rows: QuerySet[Reading]) -> None:
    """These readings in place of what was known of their KPIs."""
    found: dict[int, list[Measured]] = defaultdict(list)
    for kpi, on, value in rows.order_by("on").values_list("kpi_id", "on", "value"):
        found[kpi].append(Measured(on, value))
    for kpi, readings in found.items():
        of[kpi][kpi] = readings


def _lacking(
    facts: Iterable[InitiativeFacts], setting: Setting, read_from: Mapping[int, date]
) -> dict[int, date]:
    """The KPIs of which older readings may change whether a criterion is met, and from which day on to read them.

    ``read_from``: of which KPI everything from which day on is known; else it is from the first known reading on.
    """
    found: dict[int, date] = {}
    for one in facts:
        today = day_judged(one.initiative, setting.today)
        for row in one.criteria:
            known, criterion = one.readings.get(row.kpi_id), criterion_of(one, row, setting.zone)
            if criterion is None or not known:
                continue
            if needs_older(criterion, known, read_from.get(row.kpi_id, known[0].on), today):
                since = look_back(criterion, today)
                found[row.kpi_id] = min(found.get(row.kpi_id, since), since)
    return found


def load_levels(facts: Mapping[int, InitiativeFacts], setting: Setting) -> None:
    """How many items were met, day by day, as far back as the forecast looks."""
    asked = {
        pk: one
        for pk, one in facts.items()
        if forecasts_in(Stage(one.initiative.stage)) and one.initiative.hold is None
    }
    since = {pk: forecast.look_back(*_days(one, setting)) for pk, one in asked.items()}
    _keep_levels(facts, _points(since))
    lacking = [pk for pk, one in asked.items() if _lacks_levels(one, since[pk], setting)]
    if lacking:
        _keep_levels(facts, _columns(HistoryPoint.objects.filter(initiative__in=lacking)))


def _days(one: InitiativeFacts, setting: Setting) -> tuple[date, list[Period]]:
    """The day it is judged for, and its holds."""
    return day_judged(one.initiative, setting.today), [
        Period(hold.since, hold.lifted_on) for hold in one.holds
    ]


def _lacks_levels(one: InitiativeFacts, since: date, setting: Setting) -> bool:
    there_are_older = bool(one.levels) and one.levels[0].on < since
    return there_are_older and len(weekly_changes(one.levels, *_days(one, setting))) < WEEKS_COUNTED


def _points(since: Mapping[int, date]) -> list[HistoryPoint]:
    """The points of each of these initiatives from a day on, and the last one before it."""
    by_day = _together(since)
    if len(by_day) == 1:
        [(day, initiatives)] = by_day.items()
        return _points_from(day)(*initiatives)
    parts = [part for day, initiatives in by_day.items() for part in _parts(initiatives, day)]
    return list(_one_of(parts)) if parts else []


@lru_cache(maxsize=16)
def _points_from(day: date) -> Prepared[HistoryPoint]:
    """Of nearly all initiatives the same day is asked, a week long: that of those without a hold."""
    return Prepared(lambda keys: _one_of(_parts(keys, day)))


def _parts(initiatives: Collection[int], day: date) -> list[QuerySet[Any]]:
    before = HistoryPoint.objects.filter(initiative=OuterRef("pk"), on__lt=day).order_by("-on")
    return [
        HistoryPoint.objects.filter(initiative__in=initiatives, on__gte=day).order_by().values("pk"),
        Initiative.objects.filter(pk__in=initiatives)
        .order_by()
        .values(last=Subquery(before.values("pk")[:1])),
    ]


def _one_of(parts: Sequence[QuerySet[Any]]) -> QuerySet[HistoryPoint]:
    return _columns(HistoryPoint.objects.filter(pk__in=parts[0].union(*parts[1:], all=True)))


def _columns(rows: QuerySet[HistoryPoint]) -> QuerySet[HistoryPoint]:
    return rows.order_by().only("initiative_id", "on", "met", "framework", "framework_version")


def _keep_levels(facts: Mapping[int, InitiativeFacts], points: Iterable[HistoryPoint]) -> None:
    """These levels in place of what was known of their initiatives."""
    found: dict[int, list[Level]] = defaultdict(list)
    for point in sorted(points, key=attrgetter("on")):
        level = Level(point.on, point.met, f"{point.framework} {point.framework_version}".strip())
        found[point.initiative_id].append(level)
    for pk, levels in found.items():
        facts[pk].levels = levels
