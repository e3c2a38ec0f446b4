"""What the bodies about flags may hold."""

from readiness.actions.texts import REASON_MAX
from readiness.api.fields import Day, Shape, Text, Word
from readiness.standing.definitions import root_causes


class CauseBody(Shape):
    """The root cause as a person sees it."""

    example = {"root_cause": "integration", "note": "The interface was promised for May."}

    root_cause = Word([*root_causes()])
    note = Text(REASON_MAX, required=False)


class SnoozeBody(Shape):
    """Until when reminders are quiet, and why."""

    example = {"until": "2099-01-31", "reason": "The new owner begins in January."}

    until = Day()
    reason = Text(REASON_MAX)
