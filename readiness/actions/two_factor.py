"""The second factor of a person: set up, proved, its recovery codes made anew, turned off, and reset by an admin.

What is recorded holds no code. Whatever changes the factor ends every session; the door keeps the one it was asked
through.
"""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from readiness.accounts.models import Authenticator, RecoveryCode, User, UserQuerySet
from readiness.accounts.two_factor import (
    RECOVERY_CODES,
    app_key,
    has_authenticator,
    is_demanded,
    new_recovery_code,
    recovery_digest,
    step_of,
)
from readiness.actions.administering import begin_administration, locked_organisation, locked_person
from readiness.actions.errors import Conflict, Invalid, invalid
from readiness.actions.passwords import end_sessions, locked
from readiness.audit.recording import Actor, record
from readiness.derived import KeyIsGone, Seed


class Proof(StrEnum):
    """What somebody proved themselves with."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"


def installation_keys() -> list[str]:
    """The present secret key, and those before it that still hold."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def set_up(user: User, current: str, seed: Seed, code: str, at: datetime) -> tuple[User, list[str]]:
    """Bind a person to the app that was made with ``seed``: the person, and recovery codes that are never told again.

    ``current`` is their password. Raises Invalid, or Conflict ``already_set_up``.
    """
    if not user.check_password(current):
        raise invalid("current", "wrong_password", _("This is not your current password."))
    step = step_of(code, app_key(seed, installation_keys()), at, after=0)
    if step is None:
        raise _wrong_code()
    with transaction.atomic():
        person = locked(user)
        if person.password != user.password:
            raise invalid("current", "wrong_password", _("Your password was changed meanwhile."))
        if has_authenticator(person):
            raise Conflict("already_set_up", _("An authenticator app is set up already."))
        Authenticator.objects.create(
            user=person, salt=seed.salt, key_mark=seed.mark, last_step=step, set_up_at=at
        )
        codes = _replace_codes(person)
        end_sessions(person)
        record(Actor.person(person), "two_factor.set_up", {"username": person.username}, at)
    return person, codes


@transaction.atomic
def prove(user: User, typed: str, at: datetime) -> Proof | None:
    """Whether what was typed is a code of the person's app or one of their recovery codes; each is taken once."""
    authenticator = Authenticator.objects.select_for_update(no_key=True).filter(user=user).first()
    if authenticator is None:
        return None
    try:
        key = app_key(Seed(authenticator.salt, authenticator.key_mark), installation_keys())
        step = step_of(typed, key, at, after=authenticator.last_step)
    except KeyIsGone:
        step = None  # a recovery code still opens
    if step is not None:
        Authenticator.objects.filter(pk=authenticator.pk).update(last_step=step)
        return Proof.APP
    unused = RecoveryCode.objects.filter(user=user, used_at__isnull=True)
    if not unused.filter(digest=recovery_digest(typed)).update(used_at=at):
        return None
    data = {"username": user.username, "left": unused.count()}
    record(Actor.person(user), "two_factor.recovery_code_used", data, at)
    return Proof.RECOVERY_CODE


@transaction.atomic
def renew_recovery_codes(user: User, typed: str, at: datetime) -> list[str]:
    """Ten new recovery codes, never told again; the former ones are void. Raises Invalid for a wrong code."""
    _proved(user, typed, at)
    record(Actor.person(user), "two_factor.recovery_codes_made", {"username": user.username}, at)
    return _replace_codes(user)


@transaction.atomic
def turn_off(user: User, typed: str, at: datetime) -> User:
    """Sign in with the password alone from now on.

    Raises Conflict ``two_factor_demanded`` where the organisation asks for it, or Invalid.
    """
    locked_organisation()  # who asks everybody for one at this moment signs out whoever has none
    person = locked(user)
    if is_demanded(person):
        raise Conflict("two_factor_demanded", _("Your organisation asks for it, so it stays on."))
    _proved(person, typed, at)
    _forget(person)
    record(Actor.person(person), "two_factor.turned_off", {"username": person.username}, at)
    return person


@transaction.atomic
def reset_two_factor(username: str, by: Actor, at: datetime) -> User:
    """Take the factor from who lost their phone: the next sign-in is with the password alone.

    Raises NotFound, NotAllowed, or Conflict ``not_set_up`` or ``own_two_factor``.
    """
    begin_administration(by)
    person = locked_person(username)
    if by.user is not None and by.user.pk == person.pk:
        raise Conflict("own_two_factor", _("Your own is turned off on the page of your account."))
    if not has_authenticator(person):
        raise Conflict(
            "not_set_up", _("%(person)s signs in with the password alone.") % {"person": person.name}
        )
    _forget(person)
    record(by, "two_factor.reset", {"username": person.username}, at)
    return person


def end_unproven_sessions(people: UserQuerySet, policy: str) -> None:
    """Whom a policy binds and who has set nothing up is signed out, and led to it at the next sign-in."""
    bound = people.with_password().bound_to_two_factors(policy).without_authenticator()
    User.objects.filter(pk__in=bound.values("pk")).update(session_generation=F("session_generation") + 1)


def _proved(user: User, typed: str, at: datetime) -> None:
    if prove(user, typed, at) is None:
        raise _wrong_code()


def _wrong_code() -> Invalid:
    return invalid(
        "code", "wrong_code", _("This code is not right, or was used already. Wait for the next one.")
    )


def _forget(person: User) -> None:
    Authenticator.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(user=person).delete()
    end_sessions(person)


def _replace_codes(person: User) -> list[str]:
    RecoveryCode.objects.filter(user=person).delete()
    codes = [new_recovery_code() for _one in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=person, digest=recovery_digest(code)) for code in codes
    )
    return codes
