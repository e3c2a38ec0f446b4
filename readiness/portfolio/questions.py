"""The questions that a figure of the portfolio and a list of initiatives share: asked in one place, their counts agree.

Each takes initiatives and returns those of them that the question is about, from stored columns.
"""

from django.db.models import Exists, OuterRef, QuerySet

from gates.models import Submission
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.standing.models import Flag, Severity
from readiness.standing.next_actions import ActionCode


def waiting_submissions(rows: InitiativeQuerySet) -> QuerySet[Submission]:
    """What a reviewer could decide now: of running initiatives, and not behind a lapsed gate."""
    return Submission.objects.filter(
        decided_at__isnull=True, locked_since__isnull=True, passage__initiative__in=rows.running()
    )


def past_intake(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those under way: in PoC, pilot, rollout or live."""
    return rows.running().exclude(stage=Stage.INTAKE.value)


def awaiting_review(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those with a submission that waits for a decision."""
    waiting = waiting_submissions(rows).filter(passage__initiative=OuterRef("pk"))
    return rows.filter(Exists(waiting))


def free_to_move(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those whose next step is a stage move that nothing stands in the way of."""
    return rows.running().filter(standing__next_actions__0__code=ActionCode.MOVE_STAGE.value)


def holds_to_review(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those on hold past the day on which the hold was to be looked at again."""
    return rows.filter(_open_flag("hold_expired"))


def far_beyond_plan(rows: InitiativeQuerySet) -> InitiativeQuerySet:
    """Those so much longer in their stage than planned that it is critical: to go on or to stop is a decision."""
    return rows.filter(_open_flag("stage_overrun", Severity.CRITICAL))


def flagged(rows: InitiativeQuerySet, code: str) -> InitiativeQuerySet:
    """Those on which this flag is open."""
    return rows.filter(_open_flag(code))


def suspected_of(rows: InitiativeQuerySet, root_cause: str) -> InitiativeQuerySet:
    """Those on which a flag with this suspected root cause is open."""
    return rows.filter(Exists(_open_flags().filter(root_cause=root_cause)))


def _open_flag(code: str, severity: Severity | None = None) -> Exists:
    flags = _open_flags().filter(code=code)
    return Exists(flags.filter(severity=severity.value) if severity else flags)


def _open_flags() -> QuerySet[Flag]:
    return Flag.objects.filter(initiative=OuterRef("pk"), resolved_at__isnull=True)
