"""What a stopped initiative leaves behind."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from checklists.said import listed
from gates.lessons import lesson_key
from gates.models import ExitTrigger, Initiative, Lesson, LessonOutcome
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, Relation, allows, at_exit, relation_to
from readiness.actions.acting import Work
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.texts import text_errors, word_errors
from readiness.standing.definitions import root_causes
from readiness.ui.saying import say

LESSON_MAX = 5000
REQUIRED = ("tried", "did_not_work")
OPTIONAL = ("technical_constraint", "organisational_barrier", "advice")


def agreed_before(trigger: ExitTrigger, organisation: Organisation) -> bool:
    """Whether its criterion had been agreed and locked before the day on which it was reached."""
    locked_at = trigger.criterion.locked_at
    return locked_at is not None and organisation.day_of(locked_at) < trigger.on


def agreed_limits_reached(initiative: Initiative, organisation: Organisation) -> list[ExitTrigger]:
    """The triggers, undecided, of exit criteria that had been agreed and locked before.

    Only where there is one has an initiative been *stopped on agreed criteria*: a success of the process.
    """
    waiting = ExitTrigger.objects.filter(
        criterion__initiative=initiative, criterion__removed_at__isnull=True, decided_at__isnull=True
    ).select_related("criterion__decider")
    return [one for one in waiting if agreed_before(one, organisation)]


def may_say_as_agreed(initiative: Initiative, user: User) -> bool:
    """Whether this person can stop it now and say that it was on agreed criteria."""
    reached = agreed_limits_reached(initiative, Organisation.get())
    return bool(reached) and may_decide_one(user, relation_to(user, initiative), reached)


def may_decide_one(user: User, relation: Relation, reached: Iterable[ExitTrigger]) -> bool:
    """Whether this person may decide one of them: who stops on it, by whichever door, decides it."""
    return any(
        allows(user, Act.DECIDE_EXIT, at_exit(relation, user, one.criterion.decider)) for one in reached
    )


def leave_lesson(
    work: Work, lesson: Mapping[str, Any], path: str = "lesson.", *, as_agreed: bool = False
) -> Lesson:
    """Store the lesson of an act under way. Raises Invalid with every field that is wrong.

    ``as_agreed``: the act itself decides an exit criterion that was reached, so that nobody has to claim it.
    """
    texts = {name: str(lesson.get(name) or "") for name in (*REQUIRED, *OPTIONAL)}
    errors: list[FieldError] = []
    for name, value in texts.items():
        errors += text_errors(f"{path}{name}", value, LESSON_MAX, required=name in REQUIRED)
    outcome, root_cause = lesson.get("outcome") or "", lesson.get("root_cause") or ""
    errors += word_errors(f"{path}outcome", outcome, LessonOutcome.values)
    if outcome == LessonOutcome.AGREED_CRITERIA and not as_agreed:
        errors += _claim_errors(work, f"{path}outcome")
    if root_cause:
        errors += word_errors(f"{path}root_cause", root_cause, root_causes())
    if errors:
        raise Invalid(errors)
    kept = {name: value.strip() for name, value in texts.items()}
    row = Lesson(
        initiative=work.initiative,
        by=work.actor.user,
        at=work.at,
        outcome=outcome,
        root_cause=root_cause,
        **kept,
    )
    row.search_key = lesson_key(row)
    row.save()
    return row


def _claim_errors(work: Work, field: str) -> list[FieldError]:
    """What stands against saying that it was stopped on agreed criteria."""
    reached = agreed_limits_reached(work.initiative, work.organisation)
    if not reached:
        message = _(
            "No exit criterion that was agreed and locked before stands triggered. Say how it ended otherwise."
        )
        return [FieldError(field, "no_limit_reached", message)]
    user = work.actor.user
    if user is None or may_decide_one(user, work.relation, reached):
        return []
    deciders = dict.fromkeys(one.criterion.decider.name or one.criterion.decider.username for one in reached)
    message = _(
        "Only %(deciders)s or an executive decides that. Say how it ended otherwise, or ask them."
    ) % {"deciders": say(listed(deciders))}
    return [FieldError(field, "decided_by_another", message)]
