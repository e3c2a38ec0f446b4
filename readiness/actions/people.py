"""People come, change and go: entered, edited, deactivated, let in again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Function, Organisation, SystemRole, Token, User, UserQuerySet
from readiness.actions.acting import same_version
from readiness.actions.administering import begin_administration, locked_with_places
from readiness.actions.errors import Conflict, FieldError, Invalid
from readiness.actions.handovers import OPENED, open_handovers
from readiness.actions.lines import line_errors
from readiness.actions.texts import word_errors
from readiness.actions.two_factor import end_unproven_sessions
from readiness.audit.recording import Actor, Ledger, record
from readiness.standing.marking import mark_due

CREATED = "person.created"
USERNAME_MAX, NAME_MAX, EMAIL_MAX, UNIT_MAX = 60, 120, 254, 200


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a person beside their username. ``function`` is a word of ``Function``."""

    name: str
    email: str = ""
    unit: str = ""
    function: str = Function.BUSINESS.value
    roles: frozenset[SystemRole] = frozenset()

    def stripped(self) -> "Profile":
        return Profile(self.name.strip(), self.email.strip(), self.unit.strip(), self.function, self.roles)


@transaction.atomic
def create_person(
    username: str, profile: Profile, by: Actor, at: datetime, *, password: str | None = None
) -> User:
    """Enter a person, without a password unless one is given (already checked).

    Raises NotAllowed, or Invalid with an error at each field that is wrong, taken or too long.
    """
    begin_administration(by)
    person, told = enter_person(username, profile, at, password=password)
    record(by, CREATED, told, at)
    return person


def enter_person(
    username: str, profile: Profile, at: datetime, *, password: str | None = None
) -> tuple[User, dict[str, Any]]:
    """Write a person within an act of administration under way: they, and what the event is to tell. Raises Invalid."""
    profile = profile.stripped()
    person = User(username=username.strip(), created_at=at)
    errors = shape_errors(person.username, profile)
    errors += _taken_errors(person.username, profile.email, among=User.objects.all())
    if errors:
        raise Invalid(errors)
    _apply(profile, person)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    told = {"username": person.username, "profile": _as_data(profile), "with_password": password is not None}
    return person, told


@transaction.atomic
def edit_person(
    username: str, profile: Profile, by: Actor, at: datetime, *, version: int | None = None
) -> User:
    """Change what is known of a person; the username stays. Initiatives where they hold a place become due.

    Raises NotFound, NotAllowed, Stale when ``version`` no longer stands, Conflict ``last_admin`` or ``erased``, or
    Invalid.
    """
    organisation = begin_administration(by)
    person = locked_with_places(username)
    refuse_erased(person)
    same_version(version, person.version, person)
    profile, before = profile.stripped(), profile_of(person)
    others = User.objects.exclude(pk=person.pk)
    errors = [*_profile_errors(profile), *_taken_errors("", profile.email, among=others)]
    if errors:
        raise Invalid(errors)
    changed = _differences(before, profile)
    if not changed:
        return person
    if SystemRole.ADMIN in before.roles - profile.roles and person.is_active:
        _refuse_last_admin(person, organisation)
    _apply(profile, person)
    person.version += 1
    person.save()
    if "roles" in changed:
        end_unproven_sessions(User.objects.filter(pk=person.pk), organisation.two_factor_for)
    if changed.keys() & {"name", "unit", "function"}:
        mark_due(_initiatives_of(person), organisation.day_of(at))
    record(by, "person.edited", {"username": person.username, "changed": changed}, at)
    return person


@transaction.atomic
def deactivate_person(username: str, by: Actor, at: datetime) -> User:
    """Close every door to a person at once: sessions end, tokens are revoked. Their places on initiatives stay, and a
    handover opens on each that is running.

    Raises NotFound, NotAllowed, or Conflict ``last_admin`` or ``already_inactive``.
    """
    organisation = begin_administration(by)
    person = locked_with_places(username)
    if not person.is_active:
        raise Conflict("already_inactive", _("%(person)s is not active.") % {"person": person.name})
    _refuse_last_admin(person, organisation)
    person.is_active = False
    person.session_generation += 1
    person.version += 1
    person.save()
    revoked = Token.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=at)
    mark_due(_initiatives_of(person), organisation.day_of(at))
    opened = open_handovers(person, by, at)
    ledger = Ledger(at)
    ledger.append(by, "person.deactivated", {"username": person.username, "tokens_revoked": revoked})
    for initiative_id, data in opened.items():
        ledger.append(by, OPENED, data, initiative_id)
    ledger.close()
    return person


@transaction.atomic
def reactivate_person(username: str, by: Actor, at: datetime) -> User:
    """Let a person in again, with their old roles and password, without their old sessions and tokens.

    Raises NotFound, NotAllowed, or Conflict ``already_active`` or ``erased``.
    """
    organisation = begin_administration(by)
    person = locked_with_places(username)
    refuse_erased(person)
    if person.is_active:
        raise Conflict("already_active", _("%(person)s is active.") % {"person": person.name})
    person.is_active = True
    person.version += 1
    person.save()
    mark_due(_initiatives_of(person), organisation.day_of(at))
    record(by, "person.reactivated", {"username": person.username}, at)
    return person


def refuse_erased(person: User) -> None:
    """Raises Conflict ``erased``: nobody comes back from that."""
    if person.erased_at is not None:
        raise Conflict("erased", _("%(person)s was erased.") % {"person": person.name})


def profile_of(person: User) -> Profile:
    return Profile(person.name, person.email, person.unit, person.function, person.roles)


def _apply(profile: Profile, person: User) -> None:
    person.name, person.email, person.unit = profile.name, profile.email, profile.unit
    person.function = profile.function
    for role in SystemRole:
        setattr(person, f"is_{role.value}", role in profile.roles)


def _as_data(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "email": profile.email,
        "unit": profile.unit,
        "function": profile.function,
        "roles": _words(profile.roles),
    }


def _words(roles: Iterable[SystemRole]) -> list[str]:
    return sorted(role.value for role in roles)


def _differences(before: Profile, after: Profile) -> dict[str, list[Any]]:
    old, new = _as_data(before), _as_data(after)
    return {field: [old[field], new[field]] for field in old if old[field] != new[field]}


def _initiatives_of(person: User) -> InitiativeQuerySet:
    """Those on which this person holds a place now."""
    return Initiative.objects.on_team_of(person)


def _refuse_last_admin(person: User, organisation: Organisation) -> None:
    if not person.is_admin:
        return
    others = User.objects.admins().able_to_sign_in(organisation).exclude(pk=person.pk)
    if not others.exists():
        raise Conflict(
            "last_admin",
            _("%(person)s is the last active admin. Make someone else an admin first.")
            % {"person": person.name},
        )


def shape_errors(username: str, profile: Profile) -> list[FieldError]:
    """What is wrong with a new person by itself, whoever else is here."""
    return [*_username_errors(User(username=username)), *_profile_errors(profile.stripped())]


def _username_errors(person: User) -> list[FieldError]:
    errors = line_errors("username", person.username, USERNAME_MAX)
    if errors:
        return errors
    try:
        User._meta.get_field("username").clean(person.username, person)
    except ValidationError as error:
        return [FieldError("username", "invalid", error.messages[0])]
    if not any(character.isalnum() for character in person.username):
        # "." and ".." would not survive in an address.
        return [FieldError("username", "invalid", _("At least one letter or digit."))]
    return []


def _profile_errors(profile: Profile) -> list[FieldError]:
    errors = line_errors("name", profile.name, NAME_MAX)
    errors += line_errors("unit", profile.unit, UNIT_MAX, required=False)
    wrong = line_errors("email", profile.email, EMAIL_MAX, required=False)
    if profile.email and not wrong:
        try:
            User._meta.get_field("email").run_validators(profile.email)
        except ValidationError:
            wrong = [FieldError("email", "invalid", _("An e-mail address such as name@example.org."))]
    errors += wrong
    return errors + word_errors("function", profile.function, Function.values)


def _taken_errors(username: str, email: str, among: UserQuerySet) -> list[FieldError]:
    """A username or an e-mail that already lets somebody else in, in either place and whatever its case."""
    errors = []
    for field, value in (("username", username), ("email", email)):
        if value and (among.named(value).exists() or among.with_email(value).exists()):
            errors.append(FieldError(field, "taken", str(_TAKEN[field])))
    return errors


_TAKEN = {
    "username": gettext_lazy("This username is already in use."),
    "email": gettext_lazy("This e-mail address is already in use."),
}
