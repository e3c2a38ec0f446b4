"""Moving an initiative from one stage to another, past its guards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gates.criteria import Blocker
from gates.models import Initiative, StageEntry
from gates.stages import Move, Stage, move_blockers
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.errors import Conflict, Invalid, invalid
from readiness.actions.holds import close_hold
from readiness.actions.lessons import leave_lesson
from readiness.actions.promises import lock_promises
from readiness.actions.texts import text_errors
from readiness.audit.recording import Actor
from readiness.standing.judgement import Judgement
from readiness.standing.recompute import Outcome, judge_now


@transaction.atomic
def move_stage(
    initiative_id: int,
    to: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    lesson: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Outcome:
    """Move it, if nothing stands in the way; a stop takes a lesson, a step back a reason.

    ``version``: the one the person saw, or None. Raises NotFound, NotAllowed, Stale, Invalid (an unknown stage, an
    incomplete lesson), or Conflict ``stage_guarded`` with every blocker of every guard on the way.
    """
    if to not in {stage.value for stage in Stage}:
        raise invalid("to", "unknown_word", f"One of {', '.join(stage.value for stage in Stage)}.")
    target = Stage(to)
    work = begin(initiative_id, Act.STOP if target == Stage.STOPPED else Act.MOVE_STAGE, by, at)
    same_version(version, work.initiative.version, work.initiative)
    errors = text_errors("reason", reason, required=False)
    if errors:
        raise Invalid(errors)
    source = Stage(work.initiative.stage)
    move = Move(source, target, work.initiative.hold is not None, reason, lesson is not None)
    blockers = blockers_of(move, judge_now(initiative_id, at))
    if blockers:
        raise Conflict("stage_guarded", _refused(source, target), blockers)
    if target == Stage.STOPPED:
        leave_lesson(work, lesson or {})
    enter_stage(work, target, reason)
    data = {"from": source.value, "to": target.value, "reason": reason.strip()}
    return work.finish("stage.moved", data, own=True)


def blockers_of(move: Move, judgement: Judgement) -> tuple[Blocker, ...]:
    """Everything that stands in the way of a move today."""
    guards = [guard for passage, _ in judgement.passages for guard in passage.framework.guards]
    return move_blockers(move, guards, judgement.gates, judgement.readiness.blockers)


def enter_stage(work: Work, target: Stage, reason: str) -> None:
    """Close the stay in the present stage and open one in the next, within an act under way."""
    initiative: Initiative = work.initiative
    if target.has_ended:
        close_hold(work)
    if target == Stage.LIVE:
        # What is measured after the launch is held against what was promised before it.
        lock_promises(work)
    stay = StageEntry.objects.filter(initiative=initiative, left_on__isnull=True).first()
    if stay is not None:
        stay.left_on = max(work.today, stay.entered_on or work.today)
        stay.save(update_fields=["left_on"])
    StageEntry.objects.create(
        initiative=initiative,
        stage=target.value,
        entered_on=work.today,
        reason=reason.strip(),
        by=work.actor.user,
        recorded_at=work.at,
    )
    initiative.stage, initiative.stage_since = target.value, work.today


def _refused(source: Stage, target: Stage) -> str:
    return f"It cannot move from {source.label} to {target.label} yet."
