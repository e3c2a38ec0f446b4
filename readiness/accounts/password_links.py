"""Links with which a person sets a password once: signed, short-lived, and void as soon as anything has changed."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from readiness.accounts.backend import may_sign_in
from readiness.accounts.models import User

SALT = "readiness.accounts.password_links"


class Occasion(StrEnum):
    RESET = "reset"
    INVITATION = "invitation"


LIFETIME = {
    Occasion.RESET: timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    Occasion.INVITATION: timedelta(days=3),
}


def make_link_key(person: User, occasion: Occasion, at: datetime) -> str:
    """The part of the address that opens the door once. It holds no secret of the person's."""
    return _signer().sign_object([person.pk, occasion.value, int(at.timestamp()), _state(person)])


def holder_of(key: str, at: datetime) -> User | None:
    """Whose password this key may set now; None when it is forged, too old, used, or overtaken by a change."""
    try:
        pk, occasion, made, state = _signer().unsign_object(key)
    except (BadSignature, ValueError):
        return None
    if at - datetime.fromtimestamp(made, tz=UTC) > LIFETIME[Occasion(occasion)]:
        return None
    person = User.objects.filter(pk=pk).first()
    if person is None or not may_sign_in(person) or not _still_so(person, state):
        return None
    return person


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def _still_so(person: User, state: str) -> bool:
    """Whether nothing has changed since the link was made, with this secret key or a former one that still holds."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(state, _state(person, secret)) for secret in secrets)


def _state(person: User, secret: str | None = None) -> str:
    """Changes with the password, a sign-in, the e-mail and the end of sessions: each makes older links void."""
    parts = (person.pk, person.password, person.last_login, person.email, person.session_generation)
    return salted_hmac(SALT, "|".join(map(str, parts)), secret, algorithm="sha256").hexdigest()[:32]
