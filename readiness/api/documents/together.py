"""Comments and assignments, as they are read."""

from datetime import date

from gates import models
from readiness.api import shapes
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.api.etags import assignment_etag


def comment(row: models.Comment) -> shapes.Comment:
    """The row came with who said it and whom it mentions."""
    return {
        "id": row.pk,
        "gate": row.gate or None,
        "item": row.item or None,
        "by": row.by.username,
        "at": moment(row.at),
        "body": row.body,
        "mentions": [one.person.username for one in row.mentions.all()],
    }


def assignment(row: models.Assignment, today: date) -> shapes.Assignment:
    """The row came with its subject and ``adrift``."""
    is_open = row.ended_at is None
    return {
        "id": row.pk,
        "gate": row.item.gate.slug,
        "item": row.item.code,
        "person": row.person.username,
        "due": row.due.isoformat(),
        "note": row.note,
        "by": row.by.username,
        "at": moment(row.at),
        "state": "open" if is_open else "ended",
        "overdue": is_open and row.due < today,
        "to_be_handed_on": is_open and row.adrift,
        "outcome": row.outcome or None,
        "ended_by": row.ended_by.username if row.ended_by else None,
        "ended_at": moment_or_none(row.ended_at),
        "etag": assignment_etag(row),
    }
