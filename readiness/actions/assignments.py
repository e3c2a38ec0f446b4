"""Items that a person of the team is asked to see to, by a day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gates.models import Assignment, AssignmentOutcome
from readiness.accounts.audience import who_may_answer
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.answers import places_in, unknown_item
from readiness.actions.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from readiness.actions.texts import character_errors, coming_day_errors, text_errors
from readiness.audit.recording import Actor

NOTE_MAX = 500
MADE, CHANGED, ENDED = "assignment.made", "assignment.changed", "assignment.ended"


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """What is to change of an open assignment; None leaves as it is. ``version``: the one seen, None for any."""

    person: str | None = None
    due: date | None = None
    note: str | None = None
    version: int | None = None


@transaction.atomic
def assign(
    initiative_id: int, item: str, person: str, due: date | None, by: Actor, at: datetime, *, note: str = ""
) -> Assignment:
    """Ask somebody of the team (by username) to see to the item with this code, until a day that has not passed.

    Raises NotFound, NotAllowed, Conflict ``initiative_ended`` or ``already_assigned``, or Invalid at ``item``,
    ``person``, ``due`` and ``note``.
    """
    work = begin(initiative_id, Act.ASSIGN, by, at)
    if by.user is None:
        raise NotAllowed("not_allowed", _("An assignment is a person's."))
    place = places_in(work.frameworks(), [item]).get(item)
    asked, errors = _person(work, person)
    errors += [
        *coming_day_errors("due", due, work.today),
        *text_errors("note", note, NOTE_MAX, required=False),
    ]
    if place is None:
        raise Invalid([*unknown_item("item", item), *errors])
    if errors or asked is None or due is None:
        raise Invalid(errors)
    standing = Assignment.objects.open().filter(passage=place.passage, item=place.item)
    before = standing.select_related("person").first()
    if before is not None:
        message = _("%(item)s is assigned to %(name)s already. Change that assignment instead.")
        raise Conflict("already_assigned", message % {"item": item, "name": before.person})
    made = Assignment.objects.create(
        passage=place.passage, item=place.item, person=asked, due=due, note=note.strip(), by=by.user, at=at
    )
    work.finish(MADE, made.told, activity=True, edits=False)
    return made


@transaction.atomic
def change_assignment(
    initiative_id: int, assignment_id: int, change: AssignmentChange, by: Actor, at: datetime
) -> Assignment:
    """Name another person, another day or another note. Whoever is asked anew is told so.

    Raises NotFound, NotAllowed, Stale, Conflict ``initiative_ended`` or ``assignment_ended``, or Invalid at
    ``person``, ``due`` and ``note``.
    """
    work, found = _begin(initiative_id, assignment_id, by, at)
    same_version(change.version, found.version, found)
    errors: list[FieldError] = []
    before = (found.person, found.due, found.note)
    if change.person is not None and change.person != found.person.username:
        asked, errors = _person(work, change.person)
        found.person = asked or found.person
    if change.due is not None and change.due != found.due:
        errors += coming_day_errors("due", change.due, work.today)
        found.due = change.due
    if change.note is not None:
        errors += text_errors("note", change.note, NOTE_MAX, required=False)
        found.note = change.note.strip()
    if errors:
        raise Invalid(errors)
    if (found.person, found.due, found.note) == before:
        return found
    found.version += 1
    found.save(update_fields=["person", "due", "note", "version"])
    person, due, note = before
    was = {"person": person.pk, "username": person.username, "name": str(person), "due": due, "note": note}
    work.finish(CHANGED, found.told | {"before": was}, activity=True, edits=False)
    return found


@transaction.atomic
def unassign(
    initiative_id: int, assignment_id: int, by: Actor, at: datetime, *, done: bool, version: int | None = None
) -> Assignment:
    """End an open assignment: because it is done, or taken back.

    Raises NotFound, NotAllowed, Stale, Conflict ``initiative_ended`` or ``assignment_ended``.
    """
    work, found = _begin(initiative_id, assignment_id, by, at)
    same_version(version, found.version, found)
    found.outcome = AssignmentOutcome.DONE if done else AssignmentOutcome.WITHDRAWN
    found.ended_at, found.ended_by = at, by.user
    found.version += 1
    found.save(update_fields=["outcome", "ended_at", "ended_by", "version"])
    work.finish(ENDED, found.told | {"outcome": found.outcome}, activity=True, edits=False)
    return found


def _begin(initiative_id: int, assignment_id: int, by: Actor, at: datetime) -> tuple[Work, Assignment]:
    work = begin(initiative_id, Act.ASSIGN, by, at)
    found = Assignment.objects.of(initiative_id).with_subject().filter(pk=assignment_id).first()
    if found is None:
        raise NotFound
    if found.ended_at is not None:
        raise Conflict("assignment_ended", _("This assignment has ended already."))
    return work, found


def _person(work: Work, username: str) -> tuple[User | None, list[FieldError]]:
    """Who is asked. Somebody who is not on the team and a name that nobody has are told alike."""
    errors = character_errors("person", username)
    if errors:
        return None, errors
    if not username:
        return None, [FieldError("person", "required", _("Choose a person of the team."))]
    found = who_may_answer(work.initiative).filter(username=username).first()
    if found is None:
        message = _("Nobody on the team who may answer goes by %(username)s.") % {"username": username}
        return None, [FieldError("person", "not_on_the_team", message)]
    return found, []
