"""Submitting a gate or checkpoint for review, and deciding it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gates.criteria import recommends_stop
from gates.models import Condition, Decision, Submission
from gates.refusals import decision_refusal, submit_refusal
from gates.rules import DecisionKind, GateState, RefusalCode
from gates.stages import Stage, stage_after_stop
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.holds import open_hold
from readiness.actions.lessons import leave_lesson
from readiness.actions.promises import lock_on_passing
from readiness.actions.separation import separate
from readiness.actions.snapshots import freeze, gate_id_of
from readiness.actions.stages import enter_stage
from readiness.actions.texts import askable, coming_day_errors, text_errors
from readiness.audit.recording import Actor
from readiness.standing.facts import PassageFacts
from readiness.standing.recompute import Outcome, judge_now

RATIONALE_MAX = 5000
CONDITIONS_MAX = 20


@dataclass(frozen=True, slots=True)
class Promise:
    """A condition as the reviewer words it; ``owner`` is a username."""

    text: str
    owner: str
    due: date | None


@transaction.atomic
def submit_gate(
    initiative_id: int, gate: str, note: str, by: Actor, at: datetime
) -> tuple[Submission, Outcome]:
    """Hand a gate to the reviewers and freeze it.

    Raises NotFound, NotAllowed, Invalid, or Conflict ``gate_locked``, ``already_submitted``, ``criteria_not_met``
    (with blockers), ``on_hold`` …
    """
    work = begin(initiative_id, Act.SUBMIT, by, at)
    passage, state = _find(initiative_id, gate, at)
    errors = text_errors("note", note, required=False)
    if errors:
        raise Invalid(errors)
    refusal = submit_refusal(state)
    if refusal is not None:
        raise Conflict(refusal.code.value, refusal.message, refusal.blockers)
    snapshot = freeze(passage, state, "submission", at)
    over = passage.framework.recommend_stop_over
    values = [item.effective.value for item in state.items]
    stop = over is not None and recommends_stop(state.gate.kind, values, over)
    submission = Submission.objects.create(
        passage_id=passage.passage_id,
        gate_id=snapshot.gate_id,
        by=by.user,
        at=at,
        note=note.strip(),
        snapshot=snapshot,
        criteria_held=state.criteria.holds,
        recommendation="stop" if stop else "",
    )
    data = {"gate": gate, "name": state.gate.name, "kind": state.gate.kind.value, "submission": submission.pk}
    return submission, work.finish("gate.submitted", data, activity=True)


@transaction.atomic
def decide_gate(
    initiative_id: int,
    gate: str,
    decision: str,
    rationale: str,
    by: Actor,
    at: datetime,
    conditions: Sequence[Promise] = (),
    lesson: Mapping[str, Any] | None = None,
    hold: Mapping[str, Any] | None = None,
) -> tuple[Decision, Outcome]:
    """Decide the waiting submission of a gate.

    ``lesson`` goes with a stop, ``hold`` (reason, review_on) with a return. Raises NotFound, NotAllowed
    (``separation_of_duties`` among others), Invalid, or Conflict ``nothing_submitted``, ``gate_locked``,
    ``criteria_not_met`` (with blockers).
    """
    work = begin(initiative_id, Act.DECIDE, by, at)
    passage, state = _find(initiative_id, gate, at)
    waiting = passage.waiting.get(gate)
    separate(passage.passage_id, passage.assessment_id, gate_id_of(passage, gate), by)
    kind, owners = _checked(decision, rationale, conditions, hold, work)
    refusal = decision_refusal(kind, len(conditions), state)
    if refusal is not None:
        _refuse(refusal.code, refusal.message, refusal.blockers)
    if waiting is None:
        raise Conflict(RefusalCode.NOTHING_SUBMITTED.value, "Nothing has been submitted here.")
    made = Decision.objects.create(
        submission=waiting,
        passage_id=passage.passage_id,
        gate_id=waiting.gate_id,
        decision=kind.value,
        rationale=rationale.strip(),
        by=by.user,
        at=at,
        submitted_by_id=waiting.by_id,
        snapshot=freeze(passage, state, "decision", at),
    )
    Submission.objects.filter(pk=waiting.pk).update(decided_at=at)
    Condition.objects.bulk_create(
        # Each has its day: `_checked` has seen to it.
        Condition(decision=made, text=one.text.strip(), owner=owners[one.owner], due=one.due)  # type: ignore[misc]
        for one in conditions
    )
    lock_on_passing(work, passage, gate, kind)
    _carry_out(kind, rationale, lesson, hold, work)
    data: dict[str, Any] = {
        "gate": gate,
        "name": state.gate.name,
        "kind": state.gate.kind.value,
        "decision": kind.value,
        "rationale": made.rationale,
        "conditions": [one.text for one in conditions],
    }
    return made, work.finish("gate.decided", data, own=bool(hold) or kind == DecisionKind.STOP, activity=True)


def _find(initiative_id: int, gate: str, at: datetime) -> tuple[PassageFacts, GateState]:
    """The gate as it stands now, computed afresh under the row lock."""
    found = judge_now(initiative_id, at).gate(gate)
    if found is None or found[1].status is None:
        raise NotFound
    return found


def _checked(
    decision: str, rationale: str, conditions: Sequence[Promise], hold: Mapping[str, Any] | None, work: Work
) -> tuple[DecisionKind, dict[str, User]]:
    words = [kind.value for kind in DecisionKind]
    errors: list[FieldError] = []
    if decision not in words:
        errors.append(FieldError("decision", "unknown_word", f"One of {', '.join(words)}."))
    errors += text_errors("rationale", rationale, RATIONALE_MAX)
    if hold is not None and decision != DecisionKind.RETURN:
        errors.append(FieldError("hold", "not_with_this_decision", "A hold goes with a return only."))
    if len(conditions) > CONDITIONS_MAX:
        errors.append(FieldError("conditions", "too_many", f"At most {CONDITIONS_MAX} conditions."))
    usernames = askable(condition.owner for condition in conditions)
    owners = {user.username: user for user in User.objects.active().filter(username__in=usernames)}
    for position, condition in enumerate(conditions):
        prefix = f"conditions.{position}"
        errors += text_errors(f"{prefix}.text", condition.text)
        errors += coming_day_errors(f"{prefix}.due", condition.due, work.today)
        if condition.owner not in owners:
            errors.append(
                FieldError(f"{prefix}.owner", "unknown_person", "Name an active person who owns it.")
            )
    if errors:
        raise Invalid(errors)
    return DecisionKind(decision), owners


def _refuse(code: RefusalCode, message: str, blockers: Sequence[Any]) -> None:
    if code in (RefusalCode.CONDITIONS_REQUIRED, RefusalCode.CONDITIONS_NOT_ALLOWED):
        raise Invalid([FieldError("conditions", code.value, message)])
    raise Conflict(code.value, message, blockers)


def _carry_out(
    kind: DecisionKind,
    rationale: str,
    lesson: Mapping[str, Any] | None,
    hold: Mapping[str, Any] | None,
    work: Work,
) -> None:
    """What a decision does beside itself: a stop ends the initiative, a return may put it on hold."""
    if kind == DecisionKind.STOP:
        if lesson is None:
            raise Invalid(
                [FieldError("lesson", "required", "To stop needs a lesson: what was tried and learned.")]
            )
        leave_lesson(work, lesson)
        enter_stage(work, stage_after_stop(Stage(work.initiative.stage)), rationale)
    elif hold is not None:
        open_hold(work, str(hold.get("reason") or ""), hold.get("review_on"), path="hold.")
