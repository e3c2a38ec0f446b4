"""Passwords, the links that set them, and the sessions they open. What is recorded never holds a secret.

A password is hashed before the transaction begins: a slow hash must not hold a database's only write lock.
"""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from readiness.accounts.models import User
from readiness.accounts.password_links import Occasion, holder_of, make_link_key
from readiness.actions.administering import begin_administration, locked_person
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound, invalid
from readiness.audit.recording import Actor, record

PASSWORD_MAX = 1024
VOID = gettext_lazy("This link has been used already, or is too old. Ask for a new one.")


def password_errors(password: str, person: User) -> list[FieldError]:
    """What is wrong with a new password: too short, too long, too common, too like its owner."""
    if len(password) > PASSWORD_MAX:
        return [
            FieldError(
                "password",
                "too_long",
                _("At most %(password_max)s characters.") % {"password_max": PASSWORD_MAX},
            )
        ]
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [FieldError("password", each.code or "invalid", each.messages[0]) for each in error.error_list]
    return []


@transaction.atomic
def make_password_link(username: str, by: Actor, at: datetime) -> tuple[User, str]:
    """The person, and the key of a link with which they set a password once.

    Raises NotFound, NotAllowed, or Conflict ``inactive_person``.
    """
    begin_administration(by)
    person = locked_person(username)
    if not person.is_active:
        raise Conflict("inactive_person", _("%(person)s is not active.") % {"person": person.name})
    record(by, "password.link_made", {"username": person.username}, at)
    return person, make_link_key(person, Occasion.INVITATION, at)


def set_password_by_link(key: str, password: str, at: datetime) -> User:
    """Set a password with a link. It works once: of two that use it together, one is refused.

    Raises NotFound when the link is void, or Invalid.
    """
    holder = holder_of(key, at)
    if holder is None:
        raise NotFound(str(VOID))
    encoded = _encoded(password, holder)
    with transaction.atomic():
        person = locked(holder)
        if holder_of(key, at) is None:
            raise NotFound(str(VOID))
        return _set(person, encoded, at, how="link")


def change_own_password(user: User, current: str, password: str, at: datetime) -> User:
    """Change one's own password; every session of the person ends. The door keeps the one it was asked through.

    Raises Invalid, also when ``current`` is wrong.
    """
    if not user.check_password(current):
        raise invalid("current", "wrong_password", _("This is not your current password."))
    verified, encoded = user.password, _encoded(password, user)
    with transaction.atomic():
        person = locked(user)
        if person.password != verified:
            raise invalid("current", "wrong_password", _("Your password was changed meanwhile."))
        return _set(person, encoded, at, how="own")


@transaction.atomic
def end_own_sessions(user: User, at: datetime) -> User:
    """End every session of one's own. The door keeps the one it was asked through."""
    person = locked(user)
    end_sessions(person)
    record(Actor.person(person), "sessions.ended", {"username": person.username}, at)
    return person


def locked(user: User) -> User:
    """The person as they stand now, the row locked."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def end_sessions(person: User) -> None:
    """Of a locked row: every session, and every password link that is still out."""
    person.session_generation += 1
    person.save(update_fields=["session_generation"])


def _encoded(password: str, person: User) -> str:
    errors = password_errors(password, person)
    if errors:
        raise Invalid(errors)
    return make_password(password)


def _set(person: User, encoded: str, at: datetime, how: str) -> User:
    person.password = encoded
    person.session_generation += 1
    person.save(update_fields=["password", "session_generation"])
    record(Actor.person(person), "password.changed", {"username": person.username, "by": how}, at)
    return person
