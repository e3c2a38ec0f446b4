"""Mails that carry a link to set a password. Links are made when a mail is sent, so that no queue holds a key."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.accounts.backend import may_sign_in
from readiness.accounts.languages import language_of
from readiness.accounts.models import Organisation, User
from readiness.accounts.password_links import LIFETIME, Occasion, make_link_key

FILES = "django.core.mail.backends.filebased.EmailBackend"


def is_delivered() -> bool:
    """Whether a mail leaves the house: without a mail server each is a file in the folder of the data."""
    return settings.EMAIL_BACKEND != FILES


def link_path(person: User, occasion: Occasion, at: datetime) -> str:
    """The address, without its host, under which this person sets a password once."""
    return reverse("password_link", args=[make_link_key(person, occasion, at)])


def send_reset_link(typed: str, at: datetime) -> bool:
    """Mail a link to the person with this e-mail, if there is one who has a password and may sign in."""
    person = User.objects.with_password().with_email(typed.strip()).first()
    if person is None or not may_sign_in(person):
        return False
    _send(person, Occasion.RESET, at)
    return True


def send_invitation(user_id: int, at: datetime) -> bool:
    """Mail a person the link with which they set their first password."""
    person = User.objects.filter(pk=user_id).exclude(email="").first()
    if person is None or not may_sign_in(person):
        return False
    _send(person, Occasion.INVITATION, at)
    return True


def _send(person: User, occasion: Occasion, at: datetime) -> None:
    hours = int(LIFETIME[occasion].total_seconds() // 3600)
    organisation = Organisation.get()
    words: dict[str, object] = {
        "person": person,
        "organisation": organisation,
        "link": settings.FIVEGATES_URL + link_path(person, occasion, at),
    }
    with translation.override(language_of(person, organisation)):
        words["lasts"] = _lasting(hours)
        subject = render_to_string(f"registration/{occasion.value}_subject.txt", words)
        body = render_to_string(f"registration/{occasion.value}_mail.txt", words)
    send_mail(" ".join(subject.split()), body, None, [person.email])


def _lasting(hours: int) -> str:
    if hours >= 48:
        return _("%(days)s days") % {"days": hours // 24}
    return ngettext("one hour", "%(hours)s hours", hours) % {"hours": hours}
