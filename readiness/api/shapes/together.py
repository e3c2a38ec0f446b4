"""Comments and assignments."""

from typing import Annotated, TypedDict

from gates.models import AssignmentOutcome
from readiness.api.shapes.common import Day, Etag, Moment, Username
from readiness.api.typed import Told, Words


class Comment(TypedDict):
    id: int
    gate: Annotated[
        str | None, Told("The slug of the gate it speaks of; null for the initiative as a whole.")
    ]
    item: Annotated[str | None, Told("The code of the item it speaks of.")]
    by: Username
    at: Moment
    body: Annotated[str, Told("Plain text; it may hold line breaks.")]
    mentions: Annotated[list[Username], Told("Whom it speaks to.")]


class Assignment(TypedDict):
    """An item that a person of the team is asked to see to."""

    id: int
    gate: str
    item: Annotated[str, Told("The item's code.")]
    person: Username
    due: Annotated[Day, Told("The last good day: overdue from the day after.")]
    note: str
    by: Username
    at: Moment
    state: Annotated[str, Words(["open", "ended"])]
    overdue: bool
    to_be_handed_on: Annotated[bool, Told("The person can no longer do it: ask somebody else.")]
    outcome: Annotated[str | None, Words(AssignmentOutcome)]
    ended_by: Annotated[Username | None, Told("Null also where it ended by itself.")]
    ended_at: Moment | None
    etag: Etag
