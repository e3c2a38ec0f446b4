"""Readiness, its blockers and flags."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gates.criteria import Blocker
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.api import shapes
from readiness.standing import models
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.links import action_url, blocker_url
from readiness.standing.outcome import Outcome


def moment(at: datetime) -> str:
    """A moment as the API writes it: ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def moment_or_none(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def readiness(ref: str, outcome: Outcome) -> shapes.Readiness:
    standing = outcome.standing
    return {
        **_score(outcome),
        "blockers": [blocker(ref, stored) for stored in standing.blockers],
        "next_actions": [_action(ref, stored) for stored in standing.next_actions],
        "flags": [flag_brief(flag) for flag in outcome.flags],
        "forecast": _forecast(standing),
    }


def _forecast(standing: models.Standing) -> shapes.Forecast | None:
    if standing.forecast_on is None or standing.forecast_from is None:
        return None
    return {
        "on": standing.forecast_on.isoformat(),
        "from": standing.forecast_from.isoformat(),
        "to": standing.forecast_to.isoformat() if standing.forecast_to else None,
    }


def portfolio_score(initiative: Initiative, outcome: Outcome) -> shapes.PortfolioScore:
    return {
        "initiative": initiative.ref,
        "name": initiative.name,
        "business_unit": initiative.business_unit,
        "stage": initiative.stage,
        **_score(outcome),
    }


def _score(outcome: Outcome) -> shapes.Score:
    standing = outcome.standing
    return {
        "framework": standing.framework,
        "framework_version": standing.framework_version,
        "score": float(standing.score),
        "points": float(standing.points),
        "total": standing.total,
        "met": standing.met,
        "partial": standing.partial,
        "not_met": standing.not_met,
        "unanswered": standing.unanswered,
        "declared_points": float(standing.declared_points),
        "optimism_gap": float(standing.optimism_gap),
        "required_met": standing.required_met,
        "threshold_met": standing.threshold_met,
        "verdict": standing.verdict,
        "stalled": standing.stalled,
        "gates": [_gate(gate) for gate in outcome.gates if gate.framework == standing.framework],
        "computed_at": moment(standing.computed_at),
    }


def _gate(gate: models.GateStanding) -> shapes.GateBrief:
    return {
        "gate": gate.gate,
        "status": gate.status,
        "met": gate.met,
        "total": gate.total,
        "min_met": gate.min_met,
    }


def blocker(ref: str, stored: Mapping[str, Any]) -> shapes.Blocker:
    """A blocker as it is stored, with the page where it is mended."""
    return {
        "code": stored["code"],
        "message": stored["message"],
        "framework": stored.get("framework"),
        "gate": stored.get("gate"),
        "item": stored.get("item"),
        "url": blocker_url(ref, stored),
    }


def blockers(ref: str, found: Iterable[Blocker]) -> list[shapes.Blocker]:
    """Blockers as the rules hand them out."""
    return [
        blocker(
            ref,
            {
                "code": one.code.value,
                "message": one.message,
                "framework": one.framework,
                "gate": one.gate,
                "item": one.item,
            },
        )
        for one in found
    ]


def _action(ref: str, stored: Mapping[str, Any]) -> shapes.NextAction:
    return {
        "code": stored["code"],
        "message": stored["message"],
        "for_role": stored["for_role"],
        "framework": stored.get("framework"),
        "gate": stored.get("gate"),
        "item": stored.get("item"),
        "url": action_url(ref, stored),
    }


def flag_brief(flag: models.Flag) -> shapes.FlagBrief:
    return {
        "id": flag.pk,
        "code": flag.code,
        "severity": flag.severity,
        "title": flag_rules()[flag.code].title,
        "message": flag.message,
        "stalls": flag.stalls,
        "root_cause": flag.root_cause,
        "confirmed_cause": flag.confirmed_cause or None,
        "countermeasure": root_causes()[flag.cause].countermeasure,
        "since": flag.opened_on.isoformat(),
        "acknowledged_at": moment_or_none(flag.acknowledged_at),
        "snoozed_until": flag.snoozed_until.isoformat() if flag.snoozed_until else None,
    }


def flag(row: models.Flag, initiative: Initiative, limits: Thresholds) -> shapes.Flag:
    """A flag with why it is there. Its thresholds as they hold now; none once it is resolved."""
    held = limits.held_against(row.code, initiative.stage) if row.resolved_at is None else ()
    return {
        **flag_brief(row),
        "initiative": initiative.ref,
        "details": row.details,
        "thresholds": [
            {
                "key": one.key,
                "label": one.label,
                "unit": one.unit.value,
                "value": float(one.value),
                "set_for": one.set_for.value,
            }
            for one in held
        ],
        "acknowledged_by": _username(row.acknowledged_by),
        "snooze_reason": row.snooze_reason,
        "confirmed_by": _username(row.confirmed_by),
        "confirmed_at": moment_or_none(row.confirmed_at),
        "resolved_on": row.resolved_on.isoformat() if row.resolved_on else None,
    }


def _username(user: User | None) -> str | None:
    return None if user is None else user.username


def history_point(point: models.HistoryPoint) -> shapes.HistoryPoint:
    return {
        "on": point.on.isoformat(),
        "stage": point.stage,
        "score": float(point.score),
        "met": point.met,
        "partial": point.partial,
        "not_met": point.not_met,
        "unanswered": point.unanswered,
        "verdict": point.verdict,
        "stalled": point.stalled,
        "flags_open": point.flags_open,
    }
