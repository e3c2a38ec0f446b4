"""Handing on what one person knows and holds on an initiative, before they leave or after.

A handover has one point for each topic of ``HandoverTopic``. At most one is open for a person on an initiative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Handover, HandoverPoint, HandoverTopic, Initiative, Role, TeamRole
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, invalid
from readiness.actions.texts import character_errors, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

NOTE_MAX = 5000
OPENED = "handover.opened"


@dataclass(frozen=True, slots=True)
class PointChange:
    """What is written at one point; None leaves it as it is."""

    note: str | None = None
    done: bool | None = None


# --- Opening --------------------------------------------------------------------------------------------------


def open_handovers(leaver: User, by: Actor, at: datetime) -> dict[int, dict[str, Any]]:
    """Open one on every running initiative on which this person holds a place and none is open, within an act.

    A fixed number of queries; the caller holds the initiatives' row locks. Returns what the event of each says, by
    the initiative's key.
    """
    running: InitiativeQuerySet = Initiative.objects.running()
    places = TeamRole.objects.filter(user=leaver, until__isnull=True, initiative__in=running)
    already = set(
        Handover.objects.filter(leaver=leaver, closed_at__isnull=True).values_list("initiative_id", flat=True)
    )
    roles: dict[int, list[str]] = {}
    for key, role in places.values_list("initiative_id", "role"):
        roles.setdefault(key, []).append(role)
    wanted = {key: in_order(held) for key, held in sorted(roles.items()) if key not in already}
    _open(wanted, leaver, by, at)
    return {key: _opened(leaver, held) for key, held in wanted.items()}


@transaction.atomic
def start_handover(initiative_id: int, username: str, by: Actor, at: datetime) -> tuple[Handover, Outcome]:
    """Open one by hand, for somebody who is going to leave.

    Raises NotFound, NotAllowed, Invalid (nobody of that name holds a place here), or Conflict ``handover_open`` or
    ``initiative_ended``.
    """
    work = begin(initiative_id, Act.EDIT_PEOPLE, by, at)
    errors = character_errors("leaver", username)
    if errors:
        raise Invalid(errors)
    leaver = User.objects.named(username).first()
    places = TeamRole.objects.filter(initiative=work.initiative, user=leaver, until__isnull=True)
    roles = in_order(places.values_list("role", flat=True)) if leaver else []
    if leaver is None or not roles:
        unknown = _("%(value)s holds no place on this initiative.") % {"value": username}
        raise invalid("leaver", "unknown_person", unknown if username else _("Name a person."))
    if Handover.objects.filter(initiative=work.initiative, leaver=leaver, closed_at__isnull=True).exists():
        raise Conflict(
            "handover_open", _("The handover of %(leaver)s is open already.") % {"leaver": leaver.name}
        )
    [handover] = _open({work.initiative.pk: roles}, leaver, by, at)
    return handover, work.finish(OPENED, _opened(leaver, roles))


def _open(roles: Mapping[int, Sequence[str]], leaver: User, by: Actor, at: datetime) -> list[Handover]:
    handovers = Handover.objects.bulk_create(
        Handover(initiative_id=key, leaver=leaver, roles=list(held), opened_by=by.user, opened_at=at)
        for key, held in roles.items()
    )
    HandoverPoint.objects.bulk_create(
        HandoverPoint(handover=handover, topic=topic)
        for handover in handovers
        for topic in HandoverTopic.values
    )
    return handovers


def _opened(leaver: User, roles: Sequence[str]) -> dict[str, Any]:
    return {"leaver": leaver.username, "name": leaver.name, "roles": list(roles)}


def in_order(roles: Any) -> list[str]:
    """Roles as they are listed everywhere, each once."""
    held = set(roles)
    return [role.value for role in Role if role in held]


# --- Writing --------------------------------------------------------------------------------------------------


@transaction.atomic
def write_handover(
    initiative_id: int,
    handover_id: int,
    by: Actor,
    at: datetime,
    *,
    points: Mapping[str, PointChange] | None = None,
    successor: str | None = None,
) -> Outcome:
    """Write points by their topic and name the successor; what is not given stays. ``successor`` "" takes it back.

    Raises NotFound, NotAllowed, Invalid with every field that is wrong, or Conflict ``handover_closed`` or
    ``initiative_ended``.
    """
    work, handover = _begin(initiative_id, handover_id, by, at, naming=successor)
    wanted = points or {}
    errors = [error for topic, change in wanted.items() for error in _point_errors(topic, change)]
    successor_before = handover.successor
    if successor is not None:
        errors += _name_successor(handover, successor)
    if errors:
        raise Invalid(errors)
    written = _write_points(handover, wanted, work)
    renamed = handover.successor != successor_before
    if renamed:
        handover.save(update_fields=["successor"])
    if not written and not renamed:
        return work.before
    data = {**_of(handover), "topics": list(written), "notes": written}
    if renamed:
        data["successor"] = handover.successor.name if handover.successor else ""
    return work.finish("handover.written", data)


@transaction.atomic
def close_handover(
    initiative_id: int, handover_id: int, by: Actor, at: datetime
) -> tuple[list[str], Outcome]:
    """Close it, finished or not. Returns the topics that were not handed on.

    Raises NotFound, NotAllowed, or Conflict ``handover_closed`` or ``initiative_ended``.
    """
    work, handover = _begin(initiative_id, handover_id, by, at)
    missing = list(handover.points.filter(done_at__isnull=True).values_list("topic", flat=True))
    handover.closed_by, handover.closed_at = by.user, at
    handover.save(update_fields=["closed_by", "closed_at"])
    return missing, work.finish("handover.closed", {**_of(handover), "missing": missing})


def find_handover(initiative_id: int, handover_id: int) -> Handover:
    """One of this initiative's, with its people. Raises NotFound."""
    rows = Handover.objects.filter(initiative=initiative_id).select_related("leaver", "successor")
    handover = rows.filter(pk=handover_id).first()
    if handover is None:
        raise NotFound
    return handover


def successor_errors(leaver: User, username: str, field: str) -> tuple[User | None, list[FieldError]]:
    """Who is named to follow, and what is wrong with them: unknown, no longer active, or the same person."""
    errors = character_errors(field, username)
    person = None if errors else User.objects.named(username).first()
    if errors:
        return None, errors
    if person is None:
        unknown = _("There is no person with the username %(username)s.") % {"username": username}
        message = unknown if username else _("Name a person.")
        return None, [FieldError(field, "unknown_person" if username else "required", message)]
    if person == leaver:
        return None, [FieldError(field, "same_person", _("The successor is somebody else."))]
    if not person.is_active:
        return None, [
            FieldError(
                field, "inactive_person", _("%(person)s is no longer active.") % {"person": person.name}
            )
        ]
    return person, []


def _begin(
    initiative_id: int, handover_id: int, by: Actor, at: datetime, naming: str | None = None
) -> tuple[Work, Handover]:
    work = begin(initiative_id, Act.EDIT_PEOPLE, by, at, naming=[naming])
    handover = find_handover(initiative_id, handover_id)
    if handover.closed_at is not None:
        raise Conflict(
            "handover_closed", _("The handover of %(leaver)s is closed.") % {"leaver": handover.leaver.name}
        )
    return work, handover


def _point_errors(topic: str, change: PointChange) -> list[FieldError]:
    if unknown := word_errors(f"points.{topic}", topic, HandoverTopic.values):
        return unknown
    if change.note is None:
        return []
    return text_errors(f"points.{topic}.note", change.note, NOTE_MAX, required=False)


def _name_successor(handover: Handover, username: str) -> list[FieldError]:
    """Set the successor (unsaved), unless something is wrong with them. Who was named already stays when they leave."""
    if handover.successor is not None and handover.successor.username == username:
        return []
    if not username:
        handover.successor = None
        return []
    handover.successor, errors = successor_errors(handover.leaver, username, "successor")
    return errors


def _write_points(handover: Handover, wanted: Mapping[str, PointChange], work: Work) -> dict[str, str]:
    """Write what changed; returns the notes as they are now, by topic in order."""
    changed = []
    for point in handover.points.filter(topic__in=list(wanted)).order_by("pk"):
        change = wanted[point.topic]
        before = (point.note, point.done_at)
        if change.note is not None:
            point.note = change.note.strip()
        if change.done is not None and change.done != (point.done_at is not None):
            point.done_by = work.actor.user if change.done else None
            point.done_at = work.at if change.done else None
        if (point.note, point.done_at) != before:
            changed.append(point)
    HandoverPoint.objects.bulk_update(changed, ["note", "done_by", "done_at"])
    return {point.topic: point.note for point in changed}


def _of(handover: Handover) -> dict[str, Any]:
    return {"leaver": handover.leaver.username, "name": handover.leaver.name}
