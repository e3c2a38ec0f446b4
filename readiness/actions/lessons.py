"""What a stopped initiative leaves behind."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gates.lessons import lesson_key
from gates.models import ExitTrigger, Initiative, Lesson, LessonOutcome
from readiness.actions.acting import Work
from readiness.actions.errors import FieldError, Invalid
from readiness.actions.texts import text_errors
from readiness.standing.definitions import root_causes

LESSON_MAX = 5000
REQUIRED = ("tried", "did_not_work")
OPTIONAL = ("technical_constraint", "organisational_barrier", "advice")


def agreed_limit_reached(initiative: Initiative) -> bool:
    """Whether an exit criterion that was agreed and locked stands triggered, undecided.

    Only then has an initiative been *stopped on agreed criteria*: it is counted as a success of the process.
    """
    return ExitTrigger.objects.filter(
        criterion__initiative=initiative,
        criterion__locked_at__isnull=False,
        criterion__removed_at__isnull=True,
        decided_at__isnull=True,
    ).exists()


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
    if outcome not in LessonOutcome.values:
        errors.append(
            FieldError(
                f"{path}outcome",
                "unknown_word",
                _("One of %(words)s.") % {"words": ", ".join(LessonOutcome.values)},
            )
        )
    elif (
        outcome == LessonOutcome.AGREED_CRITERIA
        and not as_agreed
        and not agreed_limit_reached(work.initiative)
    ):
        message = _(
            "No exit criterion that was agreed and locked stands triggered. Say how it ended otherwise."
        )
        errors.append(FieldError(f"{path}outcome", "no_limit_reached", message))
    if root_cause and root_cause not in root_causes():
        errors.append(
            FieldError(
                f"{path}root_cause",
                "unknown_word",
                _("One of %(words)s.") % {"words": ", ".join(root_causes())},
            )
        )
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
