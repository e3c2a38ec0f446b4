"""From audit events to mails: read on from the mark, owe each mail once, send what is owed.

A mail may go out twice only where a worker dies between the mail server's yes and its own note of it; both copies
carry the same Message-ID.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string

from readiness.accounts.models import Organisation
from readiness.audit.models import Event
from readiness.notices.models import Notice, ReadUpTo
from readiness.notices.news import News, Readership, news_of

log = logging.getLogger(__name__)

READ_AT_ONCE = 500
SENT_AT_ONCE = 200
NEWS_FOR = timedelta(days=3)
"""What happened longer ago is no news any more: nobody wants last week's mails after an outage, or a history's."""
LEASE = timedelta(minutes=5)
"""How long a mail is left to the worker that took it: longer than a task may run."""
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
PATIENCE = 3
"""After so many failures in a row the mail server is taken to be away, and the rest waits for the next minute."""


class Result(Enum):
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


def owe(at: datetime) -> int:
    """Read the audit trail on from the mark and note the mails it asks for. Returns how many events were read."""
    ReadUpTo.objects.get_or_create(pk=1)
    read = 0
    while count := _owe_some(at):
        read += count
    return read


@transaction.atomic
def _owe_some(at: datetime) -> int:
    mark = ReadUpTo.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if mark is None:
        return 0  # another worker is reading on
    events = list(
        Event.objects.filter(seq__gt=mark.seq).select_related("initiative").order_by("seq")[:READ_AT_ONCE]
    )
    if events:
        Notice.objects.bulk_create(_notices(events, at), ignore_conflicts=True)
        mark.seq = events[-1].seq
        mark.save(update_fields=["seq"])
    return len(events)


def _notices(events: Sequence[Event], at: datetime) -> list[Notice]:
    told = [(event, news) for event in events if at - event.at <= NEWS_FOR and (news := _news_of(event))]
    if not told:
        return []
    readership = Readership(event for event, _ in told)
    return [
        Notice(event=event, recipient_id=pk, due_at=at)
        for event, news in told
        for pk in sorted(readership.of(event, news))
    ]


def _news_of(event: Event) -> News | None:
    """The news, if there is any. An event that this version cannot read must not stop those behind it."""
    try:
        news = news_of(event)
    except Exception:
        log.exception("Event %d could not be read for news", event.seq)
        return None
    return news or None


def send_owed(at: datetime) -> int:
    """Send what is due. Returns how many were sent."""
    _owed(at).filter(attempts__gt=len(RETRIES)).update(given_up_at=at)
    keys = list(_owed(at).order_by("due_at", "pk").values_list("pk", flat=True)[:SENT_AT_ONCE])
    sent = failures = 0
    for pk in keys:
        if not _claim(pk, at):
            continue
        result = _send(pk, at)
        sent += result is Result.SENT
        failures = failures + 1 if result is Result.FAILED else 0
        if failures == PATIENCE:
            log.warning("The mail server does not take mails; the rest waits")
            break
    return sent


def _owed(at: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=at)


def _claim(pk: int, at: datetime) -> bool:
    """Take one for this worker: of two that try, the guarded update lets one win.

    The attempt is counted here, so that a mail over which workers die is given up like any other.
    """
    return _owed(at).filter(pk=pk).update(due_at=at + LEASE, attempts=F("attempts") + 1) == 1


def _send(pk: int, at: datetime) -> Result:
    notice = Notice.objects.select_related("event__initiative", "event__actor", "recipient").get(pk=pk)
    try:
        message = _message(notice)
        if message is None:
            _note(notice, given_up_at=at, last_error="It was for nobody any more.")
            return Result.DROPPED
        message.send()
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it is (the server, an address, a text): it must not keep the next mail from being sent.
        _note_failure(notice, at, error)
        return Result.FAILED
    _note(notice, sent_at=at, last_error="")
    return Result.SENT


def _message(notice: Notice) -> EmailMessage | None:
    """The mail; None where it is for nobody any more."""
    event, recipient = notice.event, notice.recipient
    news = news_of(event)
    sentences = Readership([event], recipient.pk).sentences_for(recipient.pk, event, news)
    if not sentences:
        return None
    words = {
        "notice": notice,
        "news": news,
        "sentences": sentences,
        "when": _moment(event.at.astimezone(Organisation.get().zone)),
        "address": settings.FIVEGATES_URL + news.path,
    }
    # A header is one line, whatever somebody has put into a name.
    subject = f"{_line(news.headline, 100)}: {_line(sentences[0], 200)}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {
        "Message-ID": f"<notice-{notice.event_id}-{notice.recipient_id}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    body = render_to_string("emails/notice.txt", words)
    return EmailMessage(subject, body, to=[recipient.email], headers=headers)


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _moment(at: datetime) -> str:
    """Such as 20 Nov 2026, 14:05 CET."""
    return f"{at.day} {at:%b %Y, %H:%M %Z}"


def _note_failure(notice: Notice, at: datetime, error: Exception) -> None:
    """Try again later, and give up after the last retry."""
    log.warning("The mail of event %s to %s failed: %s", notice.event_id, notice.recipient_id, error)
    said = str(error).replace("\x00", "")[:500]
    if notice.attempts > len(RETRIES):
        _note(notice, given_up_at=at, last_error=said)
    else:
        _note(notice, due_at=at + RETRIES[notice.attempts - 1], last_error=said)


def _note(notice: Notice, **changes: object) -> None:
    Notice.objects.filter(pk=notice.pk).update(**changes)
