"""What the bodies and queries of comments and assignments may hold."""

from typing import Any, ClassVar

from readiness.actions.assignments import NOTE_MAX
from readiness.actions.comments import COMMENT_MAX
from readiness.api.bodies import CODE_MAX, SLUG_MAX, USERNAME_MAX
from readiness.api.fields import Day, Shape, Text, Word
from readiness.api.queries import PageQuery


class CommentBody(Shape):
    """About the initiative as a whole, or the `gate` or `item` that is named. `@username` mentions somebody."""

    example: ClassVar[dict[str, Any]] = {
        "body": "@lena the works council has no objection: the minutes follow.",
        "item": "GOVN-3",
    }

    body = Text(COMMENT_MAX)
    gate = Text(SLUG_MAX, hold=True, required=False, allow_null=True, help_text="A gate's slug.")
    item = Text(CODE_MAX, hold=True, required=False, allow_null=True, help_text="An item's code.")


class CommentFilters(PageQuery):
    gate = Text(SLUG_MAX, hold=True, required=False, help_text="Those on this gate and its items.")
    item = Text(CODE_MAX, hold=True, required=False, help_text="Those on this item.")


class NewAssignment(Shape):
    """Which item, who sees to it, and until when."""

    example: ClassVar[dict[str, Any]] = {"item": "DATA-1", "person": "lena", "due": "2099-01-15"}

    item = Text(CODE_MAX, hold=True)
    person = Text(USERNAME_MAX, hold=True, help_text="Somebody of the team who may answer.")
    due = Day()
    note = Text(NOTE_MAX, required=False)


class AssignmentBody(Shape):
    """What is absent stays as it is."""

    example: ClassVar[dict[str, Any]] = {"person": "omar", "due": "2099-02-01"}

    person = Text(USERNAME_MAX, hold=True, required=False)
    due = Day(required=False)
    note = Text(NOTE_MAX, required=False)


class AssignmentEnd(Shape):
    """How an assignment ends: done, or taken back."""

    example: ClassVar[dict[str, Any]] = {"outcome": "done"}

    outcome = Word(["done", "withdrawn"], help_text="`withdrawn` takes it back.")


class AssignmentFilters(PageQuery):
    state = Word(["open", "ended", "all"], required=False, help_text="`open` if not given.")
    item = Text(CODE_MAX, hold=True, required=False, help_text="The code of one item.")
    person = Text(USERNAME_MAX, hold=True, required=False, help_text="A username.")
