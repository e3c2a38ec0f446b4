"""Conditions of a pass: kept by their owner or the team, confirmed or reopened by a reviewer off the team."""

from datetime import datetime

from django.db import transaction

from gates.models import Condition
from gates.rules import ConditionState
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, Invalid, NotFound
from readiness.actions.separation import separate
from readiness.actions.texts import text_errors
from readiness.audit.recording import Actor
from readiness.standing.recompute import Outcome


@transaction.atomic
def keep_condition(initiative_id: int, condition_id: int, note: str, by: Actor, at: datetime) -> Outcome:
    """Say that an open condition is kept. Raises Conflict ``condition_not_open``."""
    work, condition = _begin(initiative_id, condition_id, Act.KEEP_CONDITION, by, at)
    errors = text_errors("note", note, required=False)
    if errors:
        raise Invalid(errors)
    if condition.state != ConditionState.OPEN:
        raise Conflict(
            "condition_not_open", f"This condition is {condition.get_state_display().lower()} already."
        )
    condition.state = ConditionState.KEPT
    condition.kept_by, condition.kept_at, condition.kept_note = by.user, at, note.strip()
    return _save(work, condition, "condition.kept", note.strip())


@transaction.atomic
def confirm_condition(initiative_id: int, condition_id: int, by: Actor, at: datetime) -> Outcome:
    """Confirm that a kept condition is kept. Raises Conflict ``condition_not_kept``."""
    work, condition = _begin(initiative_id, condition_id, Act.CONFIRM_CONDITION, by, at)
    if condition.state != ConditionState.KEPT:
        raise Conflict("condition_not_kept", "Only a condition that was marked kept can be confirmed.")
    condition.state = ConditionState.CONFIRMED
    condition.confirmed_by, condition.confirmed_at = by.user, at
    return _save(work, condition, "condition.confirmed", "")


@transaction.atomic
def reopen_condition(initiative_id: int, condition_id: int, reason: str, by: Actor, at: datetime) -> Outcome:
    """Open a kept or confirmed condition again, with a reason. Raises Conflict ``condition_open``."""
    work, condition = _begin(initiative_id, condition_id, Act.CONFIRM_CONDITION, by, at)
    errors = text_errors("reason", reason)
    if errors:
        raise Invalid(errors)
    if condition.state == ConditionState.OPEN:
        raise Conflict("condition_open", "This condition is open.")
    condition.state = ConditionState.OPEN
    condition.confirmed_by = condition.confirmed_at = None
    condition.reopened_reason = reason.strip()
    return _save(work, condition, "condition.reopened", reason.strip())


def _begin(
    initiative_id: int, condition_id: int, act: Act, by: Actor, at: datetime
) -> tuple[Work, Condition]:
    """The condition and the act under way. Only a condition of the decision that stands still binds."""
    condition = (
        Condition.objects.select_related("decision__gate", "decision__passage", "owner")
        .filter(pk=condition_id, decision__passage__initiative_id=initiative_id)
        .first()
    )
    owner_id = condition.owner_id if condition else None
    work = begin(initiative_id, act, by, at, condition_owner_id=owner_id)
    if condition is None:
        raise NotFound
    condition.refresh_from_db(
        fields=["state", "kept_by", "kept_at", "kept_note", "confirmed_by", "confirmed_at"]
    )
    decision = condition.decision
    if act == Act.CONFIRM_CONDITION:
        separate(decision.passage_id, decision.passage.assessment_id, decision.gate_id, by)
    newer = decision.passage.decisions.filter(gate=decision.gate, pk__gt=decision.pk)
    if newer.exists():
        raise Conflict(
            "condition_superseded", "A later decision has taken the place of the one it belongs to."
        )
    return work, condition


def _save(work: Work, condition: Condition, verb: str, said: str) -> Outcome:
    condition.save()
    data = {
        "condition": condition.pk,
        "text": condition.text,
        "gate": condition.decision.gate.slug,
        "said": said,
    }
    return work.finish(verb, data)
