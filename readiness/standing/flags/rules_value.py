"""Whether people use it, and whether it brings what was promised."""

from datetime import date
from decimal import Decimal

from checklists.said import joined, said
from gates.promises import Measured, plain, promised_limit, with_unit
from readiness.standing.flags.case import SILENT, Answer, Case, Details, listed
from readiness.standing.flags.facts import KpiFacts
from readiness.standing.flags.thresholds import Severity

ACTIVE_SHARE = "weekly_active_share"


def low_usage(case: Case) -> Answer:
    """The last readings of the weekly active share all lie under the limit: half of its target, else a percentage."""
    running = max(case.days("consecutive_readings"), 1)
    low = []
    for kpi in sorted(case.facts.kpis, key=lambda one: one.name):
        limit = _usage_limit(case, kpi)
        latest = kpi.readings[-running:]
        if kpi.signal == ACTIVE_SHARE and len(latest) == running and all(one.value < limit for one in latest):
            low.append((kpi, limit, latest))
    if not low:
        return SILENT
    message = joined(
        case.rule.say(
            "default",
            kpi=said("“{name}”", name=kpi.name),
            limit=limit,
            readings=listed([_percent_on(one) for one in latest]),
        )
        for kpi, limit, latest in low
    )
    details: Details = {
        "usage": [
            {
                "name": kpi.name,
                "limit_percent": plain(limit),
                "half_of_target": kpi.limits.target is not None,
                "readings": [{"on": one.on.isoformat(), "value": plain(one.value)} for one in latest],
            }
            for kpi, limit, latest in low
        ]
    }
    return Answer(case.find(message, details))


def _usage_limit(case: Case, kpi: KpiFacts) -> Decimal:
    return case.value("below_percent") if kpi.limits.target is None else kpi.limits.target / 2


def _percent_on(reading: Measured) -> str:
    return said("{value} % on {day}", value=reading.value, day=reading.on)


def value_unmeasured(case: Case) -> Answer:
    """Live for a while, and no business KPI was read since: information first, then a warning.

    A reading of the day of the launch itself still speaks of the time before.
    """
    launched_on = case.facts.stage_since
    if launched_on is None or any(kpi.latest_after(launched_on) for kpi in case.facts.business_kpis):
        return SILENT
    info_from, warning_from = case.days("info_from_days"), case.days("warning_from_days")
    days = case.counted(launched_on)
    changes_on = case.next_of(*(case.reaches(launched_on, number) for number in (info_from, warning_from)))
    if days < min(info_from, warning_from):
        return Answer(changes_on=changes_on)
    details: Details = {
        **case.counting_from(launched_on),
        "info_from_days": info_from,
        "warning_from_days": warning_from,
        "business_kpis": [kpi.name for kpi in case.facts.business_kpis],
    }
    severity = Severity.WARNING if days >= warning_from else Severity.INFO
    message = case.rule.say("default", since=launched_on)
    return Answer(case.find(message, details, severity), changes_on)


def value_shortfall(case: Case) -> Answer:
    """The latest reading since the launch falls short of what was promised: the go limit first, later the target.

    Held against the promise as it was locked, whatever was amended since.
    """
    launched_on = case.facts.stage_since
    if launched_on is None:
        return SILENT
    target_from = case.days("target_from_days")
    by_target = case.counted(launched_on) >= target_from
    changes_on = case.next_of(case.reaches(launched_on, target_from))
    short = [
        found
        for kpi in case.facts.business_kpis
        if (found := _shortfall(kpi, launched_on, by_target=by_target)) is not None
    ]
    if not short:
        return Answer(changes_on=changes_on)
    message = joined(
        case.rule.say(
            "default",
            kpi=kpi.name,
            value=with_unit(reading.value, kpi.unit),
            date=reading.on,
            limit=with_unit(limit, kpi.unit),
        )
        for kpi, reading, limit in short
    )
    details: Details = {
        "launched_on": launched_on.isoformat(),
        "target_from_days": target_from,
        "kpis": [
            {
                "name": kpi.name,
                "value": with_unit(reading.value, kpi.unit),
                "on": reading.on.isoformat(),
                "limit": with_unit(limit, kpi.unit),
                "of": "target" if limit == kpi.promised.target else "go limit",
            }
            for kpi, reading, limit in short
        ],
    }
    return Answer(case.find(message, details), changes_on)


def _shortfall(
    kpi: KpiFacts, launched_on: date, *, by_target: bool
) -> tuple[KpiFacts, Measured, Decimal] | None:
    reading = kpi.latest_after(launched_on)
    limit = promised_limit(kpi.promised, by_target=by_target)
    if reading is None or limit is None or kpi.promised.reaches(reading.value, limit):
        return None
    return kpi, reading, limit
