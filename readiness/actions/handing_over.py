"""One act for somebody who leaves: another person takes every place of theirs, and what stands in their name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from gates.models import Assignment, Handover, Initiative, Role, TeamRole
from gates.owing import Owed, owed_by, owes
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, Relation, allows
from readiness.actions.acting import hold_people
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.handovers import in_order, successor_errors
from readiness.actions.passing_on import pass_on
from readiness.audit.models import ActorKind
from readiness.audit.recording import Actor
from readiness.standing.recompute import Deed, recompute

Roles = dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What changed hands: the initiatives in the order of their names; with the places go the open assignments, open
    conditions, KPIs, and exit criteria to decide.

    ``remarks``: by the initiative's key, what the team should look at now. ``left``: initiatives the actor sees, where
    the leaver keeps their places because somebody else has to change them.
    """

    leaver: User
    successor: User
    initiatives: list[Initiative] = field(default_factory=list)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    left: list[Initiative] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Holding:
    """What somebody holds on one initiative: the roles of their places, and what stands in their name."""

    initiative: Initiative
    roles: list[str]
    owed: Owed


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody holds and the actor may hand over, by the names of the initiatives; ``left`` as above."""

    leaver: User
    holdings: list[Holding]
    left: list[Initiative]


def leaving(username: str, by: Actor) -> Leaving:
    """What would change hands. Raises NotFound, or NotAllowed where the actor may change people nowhere of it."""
    gone = _leaver(username)
    may, may_not = _shared_out(gone, by)
    return Leaving(gone, _holdings(gone, may), list(may_not))


@transaction.atomic
def hand_over_everything(leaver: str, successor: str, by: Actor, at: datetime) -> HandedOver:
    """Put the successor into every place of the leaver's on running initiatives, give them what stands in the leaver's
    name there, and close the open handovers.

    Everywhere the actor may change people: all of it or nothing, but for what ``remarks`` says has to stay. Raises
    NotFound, NotAllowed, Invalid (at ``to``), or Conflict ``nothing_to_hand_over``.
    """
    may, may_not = _shared_out(_leaver(leaver), by)
    locked = list(
        may.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
    )
    # Asked once more: whoever was waited for may have taken the actor from a team.
    keys = list(may.filter(pk__in=locked).order_by("pk").values_list("pk", flat=True))
    gone, following = _people(leaver, successor)
    roles, owed, left = _roles_of(gone, keys), owed_by(gone.pk, keys), list(may_not)
    held = sorted({*roles, *owed})
    recompute(held, at, only_if_due=True)
    had = _roles_of(following, held)
    _replace(gone, following, roles, had, at)
    passed, stays = pass_on(gone, following, owed, by, at)
    changed = sorted({*roles, *passed})
    if not changed:
        raise Conflict("nothing_to_hand_over", _nothing(gone))
    _close_handovers(gone, following, changed, by, at)
    taken = _take_assignments(gone, following, changed)
    _touch(changed, by, at)
    each = {
        key: {"roles": roles.get(key, []), "assignments": taken.get(key, []), **passed.get(key, {})}
        for key in changed
    }
    recompute(changed, at, _deed(gone, following, each, by))
    remarks = {key: _remarks(following, roles.get(key, []), had.get(key, [])) for key in roles}
    for key, said in stays.items():
        remarks.setdefault(key, []).extend(said)
    return HandedOver(
        leaver=gone,
        successor=following,
        initiatives=list(Initiative.objects.filter(pk__in=changed)),
        remarks={key: said for key, said in remarks.items() if said},
        left=left,
    )


def holdings_of(person: User) -> list[Holding]:
    """The running initiatives on which this person holds a place or something stands in their name, by name; five
    queries."""
    return _holdings(person, _held_by(person))


def _holdings(person: User, held: InitiativeQuerySet) -> list[Holding]:
    initiatives = list(held)
    keys = [initiative.pk for initiative in initiatives]
    roles, owed = _roles_of(person, keys), owed_by(person.pk, keys)
    return [Holding(one, roles.get(one.pk, []), owed.get(one.pk, Owed())) for one in initiatives]


def _nothing(gone: User) -> str:
    return _("Nothing that you may hand over is in the name of %(gone)s.") % {"gone": gone.name}


def _leaver(username: str) -> User:
    person = User.objects.named(username).first()
    if person is None:
        raise NotFound(_("There is no person with the username %(username)s.") % {"username": username})
    return person


def _people(leaver: str, successor: str) -> tuple[User, User]:
    """Both, their rows locked: neither is deactivated meanwhile."""
    hold_people([leaver, successor])
    gone = _leaver(leaver)
    following, errors = successor_errors(gone, successor, "to")
    if following is None:
        raise Invalid(errors)
    return gone, following


def _held_by(person: User) -> InitiativeQuerySet:
    on_team = TeamRole.objects.filter(user=person, initiative=OuterRef("pk"), until__isnull=True)
    held: InitiativeQuerySet = Initiative.objects.running().filter(Q(Exists(on_team)) | owes(person.pk))
    return held


def _shared_out(gone: User, by: Actor) -> tuple[InitiativeQuerySet, InitiativeQuerySet]:
    """Where they hold something: those where the actor may change people, and those the actor only sees.

    Raises NotAllowed where there is none of the first, except for who may change people everywhere.
    """
    held, user = _held_by(gone), by.user
    if user is None or allows(user, Act.EDIT_PEOPLE):
        return held, held.none()
    own = held.on_team_of(user)
    if not allows(user, Act.EDIT_PEOPLE, Relation(on_team=True)) or not own.exists():
        raise NotAllowed(
            "not_allowed",
            _("You may not %(edit_people)s where %(gone)s holds a place.")
            % {"edit_people": Act.EDIT_PEOPLE.words, "gone": gone.name},
        )
    return own, held.visible_to(user).exclude(pk__in=own.values("pk"))


def _roles_of(person: User, keys: Sequence[int]) -> Roles:
    places = TeamRole.objects.filter(user=person, initiative__in=keys, until__isnull=True)
    found: Roles = {}
    for key, role in places.order_by("initiative").values_list("initiative_id", "role"):
        found.setdefault(key, []).append(role)
    return {key: in_order(roles) for key, roles in found.items()}


def _replace(gone: User, following: User, roles: Roles, had: Roles, at: datetime) -> None:
    """Close the places of the one and open those of the other, where that one does not hold them already."""
    places = TeamRole.objects.filter(user=gone, initiative__in=list(roles), until__isnull=True)
    places.update(until=Greatest(F("since"), Value(at, output_field=DateTimeField())))
    TeamRole.objects.bulk_create(
        TeamRole(initiative_id=key, user=following, role=role, since=at)
        for key, held in roles.items()
        for role in held
        if role not in had.get(key, [])
    )


def _close_handovers(gone: User, following: User, keys: Sequence[int], by: Actor, at: datetime) -> None:
    still_open = Handover.objects.filter(leaver=gone, initiative__in=keys, closed_at__isnull=True)
    still_open.update(successor=following, closed_by=by.user, closed_at=at)


def _take_assignments(gone: User, following: User, keys: Sequence[int]) -> dict[int, list[str]]:
    """Their open assignments become the other's, with the day they had; the items' codes by initiative."""
    rows = Assignment.objects.open().filter(person=gone, passage__initiative__in=keys)
    taken: dict[int, list[str]] = {}
    for key, code in rows.order_by("pk").values_list("passage__initiative", "item__code"):
        taken.setdefault(key, []).append(code)
    rows.update(person=following, version=F("version") + 1)
    return taken


def _touch(keys: Sequence[int], by: Actor, at: datetime) -> None:
    """What every act does to the rows it writes (see ``acting.Work.finish``), for all of them at once."""
    rows = Initiative.objects.filter(pk__in=keys)
    rows.update(updated_at=at, version=F("version") + 1, people_known=True)
    if by.kind == ActorKind.PERSON:
        rows.update(as_of=None)
    if by.by_hand:
        own = Q(initiative__in=keys, user=by.user, until__isnull=True)
        TeamRole.objects.filter(own).update(heard_on=Organisation.get().day_of(at))


def _deed(gone: User, following: User, each: Mapping[int, dict[str, Any]], by: Actor) -> Deed:
    data = {
        "leaver": gone.username,
        "name": gone.name,
        "to": following.username,
        "to_name": following.name,
        "person": following.pk,
    }
    return Deed(by, "people.handed_over", data, each=each)


def _remarks(following: User, taken: Sequence[str], had: Sequence[str]) -> list[str]:
    """What is allowed and still wants a second look."""
    said = []
    name = {"person": following.name}
    now = {*taken, *had}
    if {Role.BUSINESS_OWNER, Role.TECHNICAL_LEAD} <= now:
        said.append(_("%(person)s is business owner and technical lead now: one person alone.") % name)
    elif Role.DEPUTY in now and now & {Role.BUSINESS_OWNER, Role.TECHNICAL_LEAD}:
        said.append(_("%(person)s is their own deputy now.") % name)
    if following.is_auditor:
        said.append(_("%(person)s is an auditor, and only reads there.") % name)
    return said
