"""The mail of a test: what went out, to whom, and a server that can be told to fail."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from readiness.notices.models import Notice
from readiness.notices.sending import owe, send_owed


def outbox(at: datetime) -> list[EmailMessage]:
    """Do as the task does, and return what went out now."""
    mail.outbox.clear()
    owe(at)
    send_owed(at)
    return list(mail.outbox)


def posted(at: datetime) -> list[tuple[str, str]]:
    """The same as (address, subject and text)."""
    return sorted((one.to[0], f"{one.subject}\n{one.body}") for one in outbox(at))


def addressees(at: datetime) -> list[str]:
    """The names before the @ of whom a mail went to now."""
    return [address.split("@")[0] for address, _ in posted(at)]


def forget(at: datetime) -> None:
    """What happened so far has been told."""
    posted(at)


def owed() -> list[str]:
    """Whom a mail is owed to that was neither sent nor given up."""
    waiting = Notice.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    return sorted(waiting.values_list("recipient__username", flat=True))


class Unreliable(BaseEmailBackend):
    """A mail server that takes a mail, or fails as told for this recipient. What it took lies in ``taken``.

    ``meanwhile`` happens while a mail is on its way.
    """

    failing: ClassVar[dict[str, Exception]] = {}
    taken: ClassVar[list[EmailMessage]] = []
    tried: ClassVar[list[str]] = []
    meanwhile: ClassVar[list[Callable[[], object]]] = []

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]
        for message in email_messages:
            name = message.to[0].split("@")[0]
            self.tried.append(name)
            for happen in self.meanwhile:
                happen()
            if name in self.failing:
                raise self.failing[name]
            self.taken.append(message)
        return len(email_messages)
