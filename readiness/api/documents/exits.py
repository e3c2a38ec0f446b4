"""Exit criteria as they stand on a day."""

from collections.abc import Iterable
from typing import Any

from gates.models import ExitTrigger
from gates.promises import plain
from readiness.api import shapes
from readiness.api.documents.promises import amendment
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.api.etags import criterion_etag
from readiness.standing.exits import ExitState
from readiness.standing.links import exit_url


def criteria(ref: str, states: Iterable[ExitState]) -> list[shapes.ExitCriterion]:
    """From what is judged already: no query."""
    return [_criterion(ref, state) for state in states]


def _criterion(ref: str, state: ExitState) -> shapes.ExitCriterion:
    row = state.criterion
    return {
        "id": row.pk,
        "initiative": ref,
        "words": state.words,
        "kpi": row.kpi_id,
        "kpi_name": row.kpi.name,
        "comparator": row.comparator,
        "limit": plain(row.limit),
        "unit": row.kpi.unit,
        "window_days": row.window_days,
        "checkpoint": row.checkpoint or None,
        "action": row.action,
        "decider": row.decider.username,
        "state": state.status.value,
        "quiet_until": state.quiet_through.isoformat() if state.quiet_through else None,
        "watched": state.watched,
        "trigger": _trigger(state.open) if state.open else None,
        "past_triggers": [_trigger(one) for one in state.decided],
        "locked_at": moment_or_none(row.locked_at),
        "promised": _promised(row.promised, state.promised) if row.locked_at else None,
        "amendments": [amendment(one) for one in state.amendments],
        "created_at": moment(row.created_at),
        "url": exit_url(ref, row.pk),
        "etag": criterion_etag(row),
    }


def _promised(promised: dict[str, Any], words: str) -> shapes.Agreed:
    return {
        "words": words,
        "kpi_name": promised["kpi"],
        "comparator": promised["comparator"],
        "limit": promised["limit"],
        "unit": promised["unit"],
        "window_days": promised["window_days"],
        "checkpoint": promised["checkpoint"] or None,
        "action": promised["action"],
        "decider": promised["decider"],
    }


def _trigger(row: ExitTrigger) -> shapes.ExitTrigger:
    return {
        "id": row.pk,
        "on": row.on.isoformat(),
        "words": row.words,
        "readings": [{"on": one["on"], "value": one["value"]} for one in row.readings],
        "decision": row.decision or None,
        "reason": row.reason,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "by": row.by.username if row.by else None,
        "decided_at": moment_or_none(row.decided_at),
    }
