"""Handovers and lessons."""

from typing import Annotated, TypedDict

from gates.lessons import KINDS
from gates.models import HandoverTopic, LessonOutcome
from gates.stages import Stage
from readiness.api.shapes.common import Moment, Ref, Username
from readiness.api.typed import Told, Words
from readiness.standing.definitions import root_causes


class HandoverPoint(TypedDict):
    topic: Annotated[str, Words(HandoverTopic)]
    title: str
    note: str
    done: Annotated[bool, Told("Whether it was handed on.")]
    done_by: Username | None
    done_at: Moment | None


class Handover(TypedDict):
    """What one person who leaves hands on."""

    id: int
    leaver: Username
    roles: Annotated[list[str], Told("The places they held when it was opened: words of a team's roles.")]
    state: Annotated[str, Words(["open", "closed"])]
    successor: Username | None
    opened_by: Username | None
    opened_at: Moment
    closed_by: Username | None
    closed_at: Moment | None
    points: list[HandoverPoint]


class HandedInitiative(TypedDict):
    id: Ref
    name: str
    remarks: Annotated[list[str], Told("What the team should look at now.")]


class LeftInitiative(TypedDict):
    id: Ref
    name: str


class HandedOver(TypedDict):
    leaver: Username
    successor: Username
    initiatives: Annotated[list[HandedInitiative], Told("Where every place changed hands.")]
    left: Annotated[
        list[LeftInitiative], Told("Seen, and not yours to change: the leaver's places stay there.")
    ]


class WhatWorked(TypedDict):
    """What made a live initiative work. All empty, `by` and `at` null, while nothing was left."""

    made_it_work: str
    reusable: Annotated[str, Told("What others can take over.")]
    advice: str
    by: Username | None
    at: Moment | None


class Lesson(TypedDict):
    """What a stopped initiative leaves."""

    outcome: Annotated[str, Words(LessonOutcome)]
    root_cause: Annotated[str | None, Words(root_causes())]
    tried: str
    did_not_work: str
    technical_constraint: str
    organisational_barrier: str
    advice: str
    by: Username | None
    at: Moment


class LibraryEntry(TypedDict):
    """One initiative and what it left: as a rule one of `lesson` and `what_worked`."""

    id: Ref
    name: str
    business_unit: str
    technology: str
    stage: Annotated[str, Words(Stage)]
    kind: Annotated[str, Words(KINDS)]
    lesson: Lesson | None
    what_worked: WhatWorked | None
