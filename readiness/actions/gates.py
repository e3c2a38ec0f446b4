"""Submitting a gate or checkpoint for review, and deciding it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.criteria import GateDefinition, recommends_stop
from gates.models import Condition, Decision, Snapshot, Submission
from gates.refusals import decision_refusal, submit_refusal
from gates.rules import DecisionKind, GateState, RefusalCode
from gates.stages import Stage, stage_after_stop
from readiness.accounts.audience import who_may_keep
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.answers import unknown_item
from readiness.actions.comments import COMMENT_MAX, add_comment
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, Stale
from readiness.actions.holds import open_hold
from readiness.actions.lessons import leave_lesson
from readiness.actions.promises import lock_on_passing
from readiness.actions.separation import separate
from readiness.actions.snapshots import freeze, gate_id_of
from readiness.actions.stages import enter_stage
from readiness.actions.texts import askable, coming_day_errors, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.facts import PassageFacts
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import judge_now

RATIONALE_MAX = 5000
CONDITIONS_MAX = 20
ITEM_COMMENTS_MAX = 50


@dataclass(frozen=True, slots=True)
class Promise:
    """A condition as the reviewer words it; ``owner`` is a username."""

    text: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class ItemComment:
    """What the reviewer has to say to the team at one item (its code) of the gate."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them when they decided: the submission's key, and each item's version by its code."""

    submission: int
    versions: Mapping[str, int]


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
    if submission.note:
        data["note"] = submission.note
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
    *,
    item_comments: Sequence[ItemComment] = (),
    seen: Seen | None = None,
) -> tuple[Decision, Outcome]:
    """Decide the waiting submission of a gate; what is said at its items becomes comments at them, with the decision.

    ``lesson`` goes with a stop, ``hold`` (reason, review_on) with a return. ``seen`` None: whatever stands is decided.
    Raises NotFound, NotAllowed (``separation_of_duties`` among others), Invalid, Stale (with the codes of the items
    that were changed since), or Conflict ``another_submission``, ``nothing_submitted``, ``gate_locked``,
    ``criteria_not_met`` (with blockers).
    """
    work = begin(initiative_id, Act.DECIDE, by, at, naming=[one.owner for one in conditions])
    passage, state = _find(initiative_id, gate, at)
    waiting = passage.waiting.get(gate)
    separate(passage.passage_id, gate_id_of(passage, gate), by)
    _still_as_seen(seen, passage, state)
    kind, owners = _checked(decision, rationale, conditions, hold, work, _remarks(item_comments, state))
    refusal = decision_refusal(kind, len(conditions), state)
    if refusal is not None:
        _refuse(refusal.code, refusal.message, refusal.blockers)
    if waiting is None:
        raise Conflict(RefusalCode.NOTHING_SUBMITTED.value, _("Nothing has been submitted here."))
    made = _record(waiting, kind, rationale, freeze(passage, state, "decision", at), by, at)
    Condition.objects.bulk_create(
        # Each has its day: `_checked` has seen to it.
        Condition(decision=made, text=one.text.strip(), owner=owners[one.owner], due=one.due)  # type: ignore[misc]
        for one in conditions
    )
    lock_on_passing(work, passage, gate, kind)
    _carry_out(kind, rationale, lesson, hold, work)
    told = [_told(one, owners[one.owner]) for one in conditions]
    data = _words(made, state.gate, told, item_comments)
    outcome = work.finish("gate.decided", data, own=bool(hold) or kind == DecisionKind.STOP, activity=True)
    _leave_comments(initiative_id, item_comments, by, at)
    return made, outcome


def _words(
    made: Decision,
    gate: GateDefinition,
    conditions: Sequence[dict[str, Any]],
    comments: Sequence[ItemComment],
) -> dict[str, Any]:
    """What the event of a decision says."""
    words: dict[str, Any] = {
        "gate": gate.slug,
        "name": gate.name,
        "kind": gate.kind.value,
        "decision": made.decision,
        "rationale": made.rationale,
        "conditions": list(conditions),
    }
    if comments:
        words["item_comments"] = [{"item": one.item, "text": one.text.strip()} for one in comments]
    return words


def _record(
    waiting: Submission, kind: DecisionKind, rationale: str, snapshot: Snapshot, by: Actor, at: datetime
) -> Decision:
    """The decision on a submission, which waits no longer."""
    made = Decision.objects.create(
        submission=waiting,
        passage_id=waiting.passage_id,
        gate_id=waiting.gate_id,
        decision=kind.value,
        rationale=rationale.strip(),
        by=by.user,
        at=at,
        submitted_by_id=waiting.by_id,
        snapshot=snapshot,
    )
    Submission.objects.filter(pk=waiting.pk).update(decided_at=at)
    return made


def _find(initiative_id: int, gate: str, at: datetime) -> tuple[PassageFacts, GateState]:
    """The gate as it stands now, computed afresh under the row lock."""
    found = judge_now(initiative_id, at).gate(gate)
    if found is None or found[1].status is None:
        raise NotFound
    return found


def _still_as_seen(seen: Seen | None, passage: PassageFacts, state: GateState) -> None:
    """Refuse to decide what the person has not looked at. Asked under the lock: nothing comes in between."""
    waiting = passage.waiting.get(state.gate.slug)
    if seen is None or waiting is None:
        return
    if waiting.pk != seen.submission:
        raise Conflict(
            "another_submission",
            _(
                "Another submission has taken the place of the one you looked at. "
                "Look at this one before you decide."
            ),
        )
    versions = item_versions(passage, state)
    moved = [code for code, version in seen.versions.items() if versions.get(code, version) != version]
    if moved:
        raise Stale(moved)


def item_versions(passage: PassageFacts, state: GateState) -> dict[str, int]:
    """Of each item of a gate how often anything at it was changed, 0 where nothing was ever said."""
    codes = [one.item.code for one in state.items]
    return {code: passage.answers[code].version if code in passage.answers else 0 for code in codes}


def _remarks(item_comments: Sequence[ItemComment], state: GateState) -> list[FieldError]:
    """What is wrong with the comments at items."""
    known = {one.item.code for one in state.items}
    errors: list[FieldError] = []
    if len(item_comments) > ITEM_COMMENTS_MAX:
        errors.append(
            FieldError(
                "item_comments",
                "too_many",
                _("At most %(item_comments_max)s comments.") % {"item_comments_max": ITEM_COMMENTS_MAX},
            )
        )
    for position, one in enumerate(item_comments):
        prefix = f"item_comments.{position}"
        if one.item not in known:
            errors += unknown_item(f"{prefix}.item", one.item)
        errors += text_errors(f"{prefix}.text", one.text, COMMENT_MAX)
    return errors


def _leave_comments(
    initiative_id: int, item_comments: Sequence[ItemComment], by: Actor, at: datetime
) -> None:
    for position, one in enumerate(item_comments):
        try:
            add_comment(initiative_id, one.text, by, at, item=one.item)
        except Invalid as refused:  # somebody is mentioned who cannot be
            message = " ".join(error.message for error in refused.errors)
            code = refused.errors[0].code
            raise Invalid([FieldError(f"item_comments.{position}.text", code, message)]) from refused


def _checked(
    decision: str,
    rationale: str,
    conditions: Sequence[Promise],
    hold: Mapping[str, Any] | None,
    work: Work,
    found: list[FieldError],
) -> tuple[DecisionKind, dict[str, User]]:
    """``found``: what is wrong elsewhere, to be told with the rest."""
    words = [kind.value for kind in DecisionKind]
    errors = [*found, *word_errors("decision", decision, words)]
    errors += text_errors("rationale", rationale, RATIONALE_MAX)
    if hold is not None and decision != DecisionKind.RETURN:
        errors.append(FieldError("hold", "not_with_this_decision", _("A hold goes with a return only.")))
    if len(conditions) > CONDITIONS_MAX:
        errors.append(
            FieldError(
                "conditions",
                "too_many",
                _("At most %(conditions_max)s conditions.") % {"conditions_max": CONDITIONS_MAX},
            )
        )
    usernames = askable(condition.owner for condition in conditions)
    owners = {user.username: user for user in who_may_keep(work.initiative).filter(username__in=usernames)}
    for position, condition in enumerate(conditions):
        prefix = f"conditions.{position}"
        errors += text_errors(f"{prefix}.text", condition.text)
        errors += coming_day_errors(f"{prefix}.due", condition.due, work.today)
        if condition.owner not in owners:
            message = _("Name somebody active who owns it, may see this initiative, and does not only read.")
            errors.append(FieldError(f"{prefix}.owner", "unknown_person", message))
    if errors:
        raise Invalid(errors)
    return DecisionKind(decision), owners


def _told(condition: Promise, owner: User) -> dict[str, Any]:
    """What the event says of a condition: who owes it, and by when."""
    due = condition.due.isoformat() if condition.due else None
    return {"text": condition.text.strip(), "owner": owner.username, "person": owner.pk, "due": due}


def texts_of(conditions: Sequence[Mapping[str, Any] | str]) -> list[str]:
    """The texts of the conditions in an event ``gate.decided``; events of earlier installations name them alone."""
    return [one if isinstance(one, str) else one["text"] for one in conditions]


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
                [FieldError("lesson", "required", _("To stop needs a lesson: what was tried and learned."))]
            )
        leave_lesson(work, lesson)
        enter_stage(work, stage_after_stop(Stage(work.initiative.stage)), rationale)
    elif hold is not None:
        open_hold(work, str(hold.get("reason") or ""), hold.get("review_on"), path="hold.")
