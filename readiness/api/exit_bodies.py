"""What the bodies of writes about exit criteria may hold."""

from typing import Any, ClassVar

from gates.models import LessonOutcome
from gates.promises import Comparator, ExitAction
from readiness.actions.exits import DECISION_WORDS, WINDOW_MAX
from readiness.actions.texts import REASON_MAX
from readiness.api.bodies import SLUG_MAX, USERNAME_MAX, LessonBody
from readiness.api.fields import Day, Measure, Shape, Text, Whole, Word

COMPARATORS = [one.value for one in Comparator]
ACTIONS = [one.value for one in ExitAction]
KEY_MAX = 2**63 - 1


class CriterionFacts(Shape):
    """What a PATCH may change. What is absent stays as it is; once the criterion is locked, a change is an amendment
    and needs a `reason`.
    """

    example: ClassVar[dict[str, Any]] = {"action": "rework"}

    told_only = frozenset(
        {
            "id",
            "initiative",
            "kpi_name",
            "unit",
            "words",
            "state",
            "quiet_until",
            "watched",
            "trigger",
            "past_triggers",
            "locked_at",
            "promised",
            "amendments",
            "created_at",
            "url",
            "etag",
            "readiness",
        }
    )

    kpi = Whole(1, KEY_MAX, required=False, help_text="The `id` of a KPI of this initiative.")
    comparator = Word(COMPARATORS, required=False, help_text="Strict: the limit itself is neither.")
    limit = Measure(required=False)
    window_days = Whole(
        1, WINDOW_MAX, required=False, allow_null=True, help_text="For so many days; else at a checkpoint."
    )
    checkpoint = Text(
        SLUG_MAX,
        hold=True,
        required=False,
        allow_null=True,
        help_text="The slug of a checkpoint, from the day it is submitted; else a window of days.",
    )
    action = Word(ACTIONS, required=False)
    decider = Text(USERNAME_MAX, hold=True, required=False)
    reason = Text(REASON_MAX, required=False, help_text="Why a locked promise is amended.")


class NewCriterion(CriterionFacts):
    """What a POST may hold: `window_days` or `checkpoint`, one of the two. After the promises were locked it is locked
    at once, and needs a `reason`.
    """

    example = {
        "kpi": 4711,
        "comparator": "under",
        "limit": "30",
        "window_days": 28,
        "action": "stop",
        "decider": "elsa",
    }

    kpi = Whole(1, KEY_MAX, help_text="The `id` of a KPI of this initiative.")
    comparator = Word(COMPARATORS, help_text="Strict: the limit itself is neither.")
    limit = Measure()
    action = Word(ACTIONS)
    decider = Text(USERNAME_MAX, hold=True)


class ExitLessonBody(LessonBody):
    """What it leaves to the next one.

    Its `outcome` is found: `agreed_criteria` where the criterion had been locked before it was reached, else `decided`.
    """

    outcome = Word([LessonOutcome.AGREED_CRITERIA.value, LessonOutcome.DECIDED.value], required=False)


class ExitDecisionBody(Shape):
    """`hold` takes `review_on`, `go_on` takes `expires_on`, `stop` a `lesson`; all but `stop` need a `reason`."""

    example: ClassVar[dict[str, Any]] = {
        "decision": "rework",
        "reason": "The reminder came too late in the day. It moves to the morning shift.",
    }

    decision = Word(DECISION_WORDS)
    reason = Text(REASON_MAX, required=False)
    review_on = Day(required=False, allow_null=True, help_text="When the hold is looked at again.")
    expires_on = Day(
        required=False, allow_null=True, help_text="Through this day nothing triggers; at most 366 days."
    )
    lesson = ExitLessonBody(required=False, allow_null=True)
