"""Handovers and lessons, as they are read."""

from gates import models
from gates.lessons import WORKED
from readiness.accounts.models import User
from readiness.actions.handing_over import HandedOver
from readiness.api import shapes
from readiness.api.documents.readiness import moment, moment_or_none


def handover(row: models.Handover) -> shapes.Handover:
    """The row came with its people and points, see ``HANDOVER_PEOPLE``."""
    return {
        "id": row.pk,
        "leaver": row.leaver.username,
        "roles": row.roles,
        "state": "closed" if row.closed_at else "open",
        "successor": _username(row.successor),
        "opened_by": _username(row.opened_by),
        "opened_at": moment(row.opened_at),
        "closed_by": _username(row.closed_by),
        "closed_at": moment_or_none(row.closed_at),
        "points": [_point(point) for point in row.points.all()],
    }


HANDOVER_PEOPLE = ("leaver", "successor", "opened_by", "closed_by")


def _point(row: models.HandoverPoint) -> shapes.HandoverPoint:
    return {
        "topic": row.topic,
        "title": row.get_topic_display(),
        "note": row.note,
        "done": row.done_at is not None,
        "done_by": _username(row.done_by),
        "done_at": moment_or_none(row.done_at),
    }


def handed_over(done: HandedOver) -> shapes.HandedOver:
    return {
        "leaver": done.leaver.username,
        "successor": done.successor.username,
        "initiatives": [
            {"id": one.ref, "name": one.name, "remarks": done.remarks.get(one.pk, [])}
            for one in done.initiatives
        ],
        "left": [{"id": one.ref, "name": one.name} for one in done.left],
    }


def what_worked(row: models.WhatWorked | None) -> shapes.WhatWorked:
    """The row came with who left it."""
    if row is None:
        return {"made_it_work": "", "reusable": "", "advice": "", "by": None, "at": None}
    return {
        "made_it_work": row.made_it_work,
        "reusable": row.reusable,
        "advice": row.advice,
        "by": _username(row.by),
        "at": moment(row.at),
    }


def library_entry(row: models.Initiative) -> shapes.LibraryEntry:
    """An initiative as ``gates.lessons.library`` finds it."""
    stopped: models.Lesson | None = getattr(row, "lesson", None)
    worked: models.WhatWorked | None = getattr(row, "what_worked", None)
    return {
        "id": row.ref,
        "name": row.name,
        "business_unit": row.business_unit,
        "technology": row.technology,
        "stage": row.stage,
        "kind": stopped.outcome if stopped else WORKED,
        "lesson": _lesson(stopped) if stopped else None,
        "what_worked": what_worked(worked) if worked else None,
    }


def _lesson(row: models.Lesson) -> shapes.Lesson:
    return {
        "outcome": row.outcome,
        "root_cause": row.root_cause or None,
        "tried": row.tried,
        "did_not_work": row.did_not_work,
        "technical_constraint": row.technical_constraint,
        "organisational_barrier": row.organisational_barrier,
        "advice": row.advice,
        "by": _username(row.by),
        "at": moment(row.at),
    }


def _username(person: User | None) -> str | None:
    return None if person is None else person.username
