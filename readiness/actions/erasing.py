"""A person is erased: who they were is taken out of their account, and what only they needed is removed.

What they did stays, under a pseudonym: decisions, answers and comments belong to the organisation's record. The audit
trail is not touched: what its events say is hashed, and names in it stay (docs/operating.md says which, and why).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gates.models import Amendment, ExitCriterion, Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Function, SavedView, SystemRole, User, UserQuerySet
from readiness.actions.administering import begin_administration, locked_with_places
from readiness.actions.errors import Conflict
from readiness.actions.handing_over import holdings_of
from readiness.actions.people import refuse_erased
from readiness.actions.person_map import GO_WITH_THEM, PARTS
from readiness.audit.models import Event
from readiness.audit.recording import Actor, record
from readiness.standing.marking import mark_due
from readiness.standing.models import Flag
from readiness.work.models import LongWork

ERASED = "person.erased"
SPONSOR = "sponsor"
"""The filter of the portfolio that is a username."""
SUBJECT_MAX = 300


@dataclass(frozen=True, slots=True)
class _Before:
    """Who they were. ``names``: the present one and those before it, the longest first, as one may begin another."""

    username: str
    names: tuple[str, ...]


@transaction.atomic
def erase_person(username: str, by: Actor, at: datetime) -> User:
    """Put a pseudonym in place of a deactivated person, for good.

    Raises NotFound, NotAllowed, or Conflict ``erased``, ``still_active`` (so the last active admin is never erased), or
    ``holds_places`` where somebody has to follow them first.
    """
    organisation = begin_administration(by)
    # What is refused below is rolled back; rows of initiatives are locked before those of people.
    mark_due(_initiatives_naming(User.objects.named(username)), organisation.day_of(at))
    person = locked_with_places(username)
    refuse_erased(person)
    if person.is_active:
        raise Conflict(
            "still_active", _("%(person)s is active. Deactivate them first.") % {"person": person.name}
        )
    _refuse_places(person)
    _remove_what_is_theirs(person)
    before = _Before(person.username, _names_of(person))
    _make_pseudonymous(person, at)
    _rename_in_agreements(person, before)
    _rename_in_flags(person, before)
    _rename_in_filters(person, before)
    _rename_in_imports(person, before)
    record(by, ERASED, {"person": person.pk, "username": person.username}, at)
    return person


def _refuse_places(person: User) -> None:
    held = holdings_of(person)
    if held:
        where = "; ".join(one.initiative.ref for one in held)
        raise Conflict(
            "holds_places",
            _("%(person)s still holds something on initiatives. Hand it over first: %(where)s.")
            % {"person": person.name, "where": where},
        )


def _initiatives_naming(people: UserQuerySet) -> InitiativeQuerySet:
    """What is computed of these may say the name: who is to keep a condition, who decides an exit."""
    anywhere = Q()
    for label, part in PARTS.items():
        if not part.initiative:
            continue
        named = Q()
        for column in (*part.theirs, *part.touched):
            named |= Q(**{f"{column}__in": people})
        rows = apps.get_model(label)._default_manager.filter(named).order_by()
        anywhere |= Q(pk__in=rows.exclude(**{part.initiative: None}).values(part.initiative))
    found: InitiativeQuerySet = Initiative.objects.filter(anywhere)
    return found


def _remove_what_is_theirs(person: User) -> None:
    """The files of reports go with the next sweep of files that no row names."""
    for label in GO_WITH_THEM:
        model, part = apps.get_model(label), PARTS[label]
        for column in (*part.theirs, *part.touched):
            model._default_manager.filter(**{column: person}).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def _make_pseudonymous(person: User, at: datetime) -> None:
    person.name, person.username = f"Former person {person.pk}", _free_username(person.pk)
    person.email = person.unit = person.language = ""
    person.function = Function.BUSINESS
    for role in SystemRole:
        setattr(person, f"is_{role.value}", False)
    person.set_unusable_password()
    person.last_login = person.seen_at = person.before_visit_at = None
    person.session_generation += 1
    person.version += 1
    person.erased_at = at
    person.save()


def _names_of(person: User) -> tuple[str, ...]:
    """What they are called, and were called until an admin changed it: what was said then says it still."""
    edits = Event.objects.filter(
        verb="person.edited", at__gte=person.created_at, data__username=person.username
    )
    changed = [event.data["changed"].get("name") for event in edits]
    return tuple(sorted({person.name, *(name[0] for name in changed if name)}, key=len, reverse=True))


def _rename_in_agreements(person: User, before: _Before) -> None:
    """What was agreed of an exit names who decides, and so does a change of it; under the other name it would look as
    if that had been changed."""
    for criterion in ExitCriterion.objects.filter(promised__decider=before.username):
        criterion.promised = {**criterion.promised, "decider": person.username}
        criterion.save(update_fields=["promised"])
    for amendment in Amendment.objects.filter(changes__has_key="decider").iterator():
        anew = _renamed(amendment.changes, before, person)
        if anew != amendment.changes:
            amendment.changes = anew
            amendment.save(update_fields=["changes"])


def _rename_in_flags(person: User, before: _Before) -> None:
    """Flags that are closed keep what they said; an open one is said anew with the next computation."""
    among = _initiatives_naming(User.objects.filter(pk=person.pk))
    for flag in Flag.objects.filter(initiative__in=among).iterator():
        told = [flag.message, flag.said, flag.details]
        anew = [_renamed(one, before, person) for one in told]
        if anew != told:
            flag.message, flag.said, flag.details = anew
            flag.save(update_fields=["message", "said", "details"])


def _rename_in_filters(person: User, before: _Before) -> None:
    """What others keep of the portfolio may be narrowed to what this person sponsors."""
    for view in SavedView.objects.filter(query__contains=urlencode({SPONSOR: before.username})):
        chosen = parse_qsl(view.query, keep_blank_values=True)
        view.query = urlencode(
            [
                (key, person.username if (key, text) == (SPONSOR, before.username) else text)
                for key, text in chosen
            ]
        )
        view.save(update_fields=["query"])
    for label in ("reports.Subscription", "reports.Report"):
        for row in apps.get_model(label)._default_manager.filter(**{f"asked__{SPONSOR}": before.username}):
            row.asked = {**row.asked, SPONSOR: person.username}
            row.subject = _renamed(row.subject, before, person)[:SUBJECT_MAX]
            row.save(update_fields=["asked", "subject"])


def _rename_in_imports(person: User, before: _Before) -> None:
    """What came of an import tells whom its rows named. One that is under way tells so anew."""
    for work in LongWork.objects.filter(result__has_key="people", ended_at__isnull=False).iterator():
        told = {part: _renamed(work.result.get(part), before, person) for part in ("people", "entries")}
        if work.result != work.result | told:
            work.result |= told
            work.save(update_fields=["result"])


def _renamed(value: Any, before: _Before, person: User) -> Any:
    """The same JSON, the pseudonym in place of a text that is the username, and of a name where it stands alone."""
    if isinstance(value, dict):
        return {key: _renamed(one, before, person) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, before, person) for one in value]
    if not isinstance(value, str):
        return value
    if value == before.username:
        return person.username
    names = "|".join(map(re.escape, before.names))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda _match: person.name, value)


def _free_username(key: int) -> str:
    """Such as former-17; somebody may have chosen that."""
    name, number = f"former-{key}", 1
    while User.objects.named(name).exists():
        number += 1
        name = f"former-{key}-{number}"
    return name
