"""The roadmap and the money of one initiative."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from gates.budget import Kind, share
from gates.models import Initiative
from gates.roadmap import USUAL_WEEKS
from readiness.api import shapes
from readiness.api.documents.readiness import moment
from readiness.standing import definitions
from readiness.standing.roadmaps import PhaseToday, RoadmapToday, overlap_words
from readiness.standing.spending import Advice, Money, Production


def roadmap(found: RoadmapToday) -> shapes.Roadmap:
    row = found.row
    return {
        "people": row.people if row else "",
        "budget": _money(row.budget if row else None),
        "complete": found.lacking.complete,
        "missing": [lack.value for lack in found.lacking.what],
        "undated": [phase.value for phase in found.lacking.undated],
        "phase": found.current.value if found.current else None,
        "days_late": found.days_late,
        "phases": [_phase(one) for one in found.phases],
        "warnings": [
            {"phase": phase.value, "message": overlap_words(phase, before)}
            for phase, before in found.overlaps
        ],
        "version": found.version,
        "updated_by": row.updated_by.username if row and row.updated_by else None,
        "updated_at": moment(row.updated_at) if row else None,
    }


def _phase(one: PhaseToday) -> shapes.RoadmapPhase:
    weeks = USUAL_WEEKS.get(one.facts.phase)
    return {
        "kind": one.facts.phase.value,
        "name": one.facts.phase.label,
        "starts_on": _day(one.facts.starts_on),
        "ends_on": _day(one.facts.ends_on),
        "began_on": _day(one.facts.began_on),
        "entry_rule": one.entry_rule,
        "pause_rule": one.pause_rule,
        "standing": one.standing.value,
        "usual_weeks": list(weeks) if weeks else None,
    }


def spending(row: Initiative, found: Money) -> shapes.Spending:
    return {
        "currency": row.currency or None,
        "planned": _money(row.budget_planned),
        "spent": _money(row.budget_spent),
        "months": [_month(month, kinds) for month, kinds in found.months.items()],
        "kinds": [
            {"kind": kind.value, "amount": f"{amount:.2f}", "share": _number(share(amount, found.total))}
            for kind, amount in found.kinds.items()
        ],
        "burn": {"a_month": f"{found.burn.a_month:.2f}", "estimate": found.burn.estimate}
        if found.burn
        else None,
        "advice": [_advice(one) for one in found.advice],
        "production": _production(found.production),
    }


def _month(month: date, kinds: Mapping[Kind, Decimal]) -> shapes.SpendingMonth:
    return {
        "month": f"{month:%Y-%m}",
        "total": f"{sum(kinds.values(), Decimal(0)):.2f}",
        "amounts": {
            "data": _money(kinds.get(Kind.DATA)),
            "infrastructure": _money(kinds.get(Kind.INFRASTRUCTURE)),
            "integration": _money(kinds.get(Kind.INTEGRATION)),
            "change": _money(kinds.get(Kind.CHANGE)),
            "other": _money(kinds.get(Kind.OTHER)),
        },
    }


def _advice(one: Advice) -> shapes.ShareAdvice:
    return {
        "kind": one.kind.value,
        "band": list(one.band),
        "planned_share": one.planned,
        "planned_lies": one.planned_lies.value if one.planned_lies else None,
        "spent_share": _number(one.spent),
        "spent_lies": one.spent_lies.value if one.spent_lies else None,
        "quoted": _quoted(one.quoted),
    }


def _production(one: Production) -> shapes.ProductionEstimate:
    return {
        "build": _money(one.build),
        "run": _money(one.run),
        "estimate": _money(one.estimate),
        "pilot_cost": _money(one.pilot_cost),
        "times": _number(one.times),
        "quoted": _quoted(one.quoted),
    }


def _quoted(found: definitions.Quoted | None) -> shapes.Quoted | None:
    return {"figure": found.figure, "source": found.source} if found else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
