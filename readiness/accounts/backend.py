"""Who is let in: by username or e-mail, whatever its case, and a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from gates.asking import Prepared
from readiness.accounts.models import Organisation, User

_person = Prepared(lambda keys: User.objects.filter(pk__in=keys).order_by())


class NameOrEmailBackend(BaseBackend):
    """Asked at sign-in and at every request: a person who may not sign in has no session either."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The person, or None. One password is hashed in every case, so that time does not tell who exists."""
        if username is None or password is None:
            return None
        person = person_named(username)
        if person is None:
            make_password(password)
            return None
        if not person.check_password(password):
            return None
        return person if may_sign_in(person) else None

    def get_user(self, user_id: int) -> User | None:
        person = _person.one(user_id)
        return person if person is not None and may_sign_in(person) else None


def person_named(typed: str) -> User | None:
    """Who has this username or e-mail, whatever its case; a username goes before an e-mail."""
    wanted = typed.strip()
    return User.objects.named(wanted).first() or User.objects.with_email(wanted).first()


def may_sign_in(person: User) -> bool:
    """Whether a door is open to this person now: not to the deactivated, nor to the demo's own outside a demo."""
    return person.is_active and (not person.is_demo or Organisation.get().demo)
