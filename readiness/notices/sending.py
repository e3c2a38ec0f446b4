"""From audit events to mails: read on from the mark, owe each mail once, send what is owed.

A mail may go out twice only where a worker dies between the mail server's yes and its own note of it; both copies
carry the same Message-ID.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from readiness.audit.models import Event
from readiness.notices.models import Notice, ReadUpTo
from readiness.notices.news import news_of, recipients, sentences_for

log = logging.getLogger(__name__)

READ_AT_ONCE = 500
SENT_AT_ONCE = 200
NEWS_FOR = timedelta(days=3)
"""What happened longer ago is no news any more: nobody wants last week's mails after an outage, or a history's."""
LEASE = timedelta(minutes=5)
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def owe(at: datetime) -> int:
    """Read the audit trail on from the mark and note the mails it asks for. Returns how many events were read."""
    read = 0
    while count := _owe_some(at):
        read += count
    return read


@transaction.atomic
def _owe_some(at: datetime) -> int:
    mark = ReadUpTo.objects.select_for_update().get_or_create(pk=1)[0]
    events = list(Event.objects.filter(seq__gt=mark.seq).select_related("initiative").order_by("seq")[:READ_AT_ONCE])
    notices = [
        Notice(event=event, recipient_id=pk, due_at=at)
        for event in events
        if at - event.at <= NEWS_FOR
        for pk in recipients(event, news_of(event))
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if events:
        mark.seq = events[-1].seq
        mark.save(update_fields=["seq"])
    return len(events)


def send_owed(at: datetime) -> int:
    """Send what is due. Returns how many were sent."""
    owed = Notice.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=at)
    keys = list(owed.order_by("due_at", "pk").values_list("pk", flat=True)[:SENT_AT_ONCE])
    return sum(1 for pk in keys if _claim(pk, at) and _send(pk, at))


def _claim(pk: int, at: datetime) -> bool:
    """Take one for this worker: of two that try, the guarded update lets one win."""
    owed = Notice.objects.filter(pk=pk, sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=at)
    return owed.update(due_at=at + LEASE) == 1


def _send(pk: int, at: datetime) -> bool:
    notice = Notice.objects.select_related("event__initiative", "event__actor", "recipient").get(pk=pk)
    message = _message(notice)
    try:
        if message is not None:
            message.send()
    except OSError as error:
        _note_failure(notice, at, error)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=at, attempts=notice.attempts + 1, last_error="")
    return message is not None


def _message(notice: Notice) -> EmailMessage | None:
    """The mail; None where it is for nobody any more."""
    news = news_of(notice.event)
    sentences = sentences_for(notice.recipient, notice.event, news)
    if not sentences or not notice.recipient.is_active or not notice.recipient.email:
        return None
    body = render_to_string(
        "emails/notice.txt",
        {"notice": notice, "news": news, "sentences": sentences, "address": settings.FIVEGATES_URL + news.path},
    )
    subject = " ".join(f"{news.headline}: {sentences[0]}".split())[:200]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    identity = f"<notice-{notice.event_id}-{notice.recipient_id}@{domain}>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[notice.recipient.email], headers=headers)


def _note_failure(notice: Notice, at: datetime, error: OSError) -> None:
    """Try again later, and give up after the last retry."""
    log.warning("The mail of event %s to %s failed: %s", notice.event_id, notice.recipient_id, error)
    changes: dict[str, object] = {"attempts": notice.attempts + 1, "last_error": str(error)[:500]}
    if notice.attempts < len(RETRIES):
        changes["due_at"] = at + RETRIES[notice.attempts]
    else:
        changes["given_up_at"] = at
    Notice.objects.filter(pk=notice.pk).update(**changes)
