"""Moving an initiative from one stage to another, past its guards."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from checklists.said import said
from gates.criteria import Blocker
from gates.models import Initiative, StageEntry
from gates.stages import Move, Stage, move_blockers
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, locked, same_version
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.holds import close_hold
from readiness.actions.lessons import leave_lesson
from readiness.actions.limits import lock_limit, reason_errors, reason_over
from readiness.actions.promises import close_exits, lock_promises
from readiness.actions.texts import text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.flags.calendar import begun_before, counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.judgement import Judgement
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import judge_now


@transaction.atomic
def move_stage(
    initiative_id: int,
    to: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    lesson: Mapping[str, Any] | None = None,
    version: int | None = None,
    over_limit: str = "",
) -> Outcome:
    """Move it, if nothing stands in the way; a stop takes a lesson, a step back a reason.

    ``version``: the one the person saw, or None. ``over_limit``: why it enters although the parallel limit is reached.
    Raises NotFound, NotAllowed, Stale, Invalid (an unknown stage, an incomplete lesson), Conflict ``stage_guarded``
    with every blocker of every guard on the way, or LimitReached.
    """
    if unknown := word_errors("to", to, [stage.value for stage in Stage]):
        raise Invalid(unknown)
    target = Stage(to)
    # The limit is locked after the initiative and before the recompute in `begin`, which may take the audit chain.
    limit = lock_limit(target, locked(initiative_id, by).business_unit_key)
    work = begin(initiative_id, Act.STOP if target == Stage.STOPPED else Act.MOVE_STAGE, by, at)
    same_version(version, work.initiative.version, work.initiative)
    errors = text_errors("reason", reason, required=False) + reason_errors(over_limit)
    if errors:
        raise Invalid(errors)
    source = Stage(work.initiative.stage)
    move = Move(source, target, work.initiative.hold is not None, reason, lesson is not None)
    blockers = blockers_of(move, judge_now(initiative_id, at))
    if blockers:
        raise Conflict("stage_guarded", _refused(source, target), blockers)
    if target == Stage.STOPPED:
        leave_lesson(work, lesson or {})
    over = reason_over(limit, work.initiative, by, over_limit)
    enter_stage(work, target, reason, over)
    data = {"from": source.value, "to": target.value, "reason": reason.strip()}
    if over:
        data["over_limit"] = over
    return work.finish("stage.moved", data, own=True)


def blockers_of(move: Move, judgement: Judgement) -> tuple[Blocker, ...]:
    """Everything that stands in the way of a move today."""
    guards = [guard for passage, _ in judgement.passages for guard in passage.framework.guards]
    return move_blockers(move, guards, judgement.gates, judgement.readiness.blockers)


def enter_stage(work: Work, target: Stage, reason: str, over_limit: str = "") -> None:
    """Close the stay in the present stage and open one in the next, within an act under way."""
    initiative: Initiative = work.initiative
    if target.has_ended:
        close_hold(work)
        close_exits(work, reason)
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
        over_limit=over_limit,
        by=work.actor.user,
        recorded_at=work.at,
    )
    initiative.stage, initiative.stage_since = target.value, _counts_from(initiative, target, work.today)


def _counts_from(initiative: Initiative, target: Stage, today: date) -> date:
    """The day from which its days in this stage count: today, or as much earlier as it was in the stage before.

    A step back and forward again does not set the clock to nothing. Its days in the stage between count there.
    """
    if target.has_ended:
        return today
    earlier = StageEntry.objects.filter(initiative=initiative, stage=target.value, left_on__isnull=False)
    holds = [Period(*days) for days in initiative.holds.values_list("since", "lifted_on")]
    days = [
        counted_days(stay.entered_on, stay.left_on, holds)
        for stay in earlier
        if stay.entered_on is not None and stay.left_on is not None
    ]
    return begun_before(today, sum(days), holds)


def _refused(source: Stage, target: Stage) -> str:
    return said("It cannot move from {before} to {after} yet.", before=source.label, after=target.label)
