"""What the bodies of handovers and lessons may hold."""

from typing import Any, ClassVar

from readiness.actions.handovers import NOTE_MAX
from readiness.actions.lessons import LESSON_MAX
from readiness.api.bodies import USERNAME_MAX
from readiness.api.fields import Shape, Text, Truth


class HandoverStart(Shape):
    """Who leaves and, if known, who follows."""

    example = {"leaver": "lena"}

    leaver = Text(USERNAME_MAX, hold=True)


class PointBody(Shape):
    """One point. What is absent stays as it is."""

    note = Text(NOTE_MAX, required=False)
    done = Truth(required=False)


class PointsBody(Shape):
    """By topic. Points that are absent stay as they are."""

    setup = PointBody(required=False)
    reasons = PointBody(required=False)
    access = PointBody(required=False)
    data = PointBody(required=False)  # type: ignore[assignment]  # the serializer's own `data` is of no use here
    open_ends = PointBody(required=False)
    contacts = PointBody(required=False)


class HandoverBody(Shape):
    """What is absent stays as it is; a `successor` of null takes the name back."""

    example: ClassVar[dict[str, Any]] = {
        "successor": None,
        "points": {"access": {"note": "Service account in the vault, owner: platform team.", "done": True}},
    }

    successor = Text(USERNAME_MAX, hold=True, required=False, allow_null=True)
    points = PointsBody(required=False)


class HandOverBody(Shape):
    """Who takes every place."""

    example = {"to": "omar"}

    to = Text(USERNAME_MAX, hold=True)


class GivenBody(Shape):
    """Who keeps the condition from now on."""

    example = {"owner": "omar"}

    owner = Text(USERNAME_MAX, hold=True)


class WhatWorkedBody(Shape):
    """What is absent stays as it is; the first time `made_it_work` is needed."""

    example = {
        "made_it_work": "Two clerks tested every week and their remarks were built in by the next.",
        "reusable": "The masking of personal data, as a library.",
        "advice": "Agree on the stop limit before anybody sees a demo.",
    }

    made_it_work = Text(LESSON_MAX, required=False)
    reusable = Text(LESSON_MAX, required=False)
    advice = Text(LESSON_MAX, required=False)
