"""From audit events to notices, and from notices to mails: read on from the mark, note each once, send what is due.

A mail may go out twice only where a worker dies between the mail server's yes and its own note of it; both copies
carry the same Message-ID.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Min, QuerySet

from readiness.accounts.models import Organisation
from readiness.audit.models import Event
from readiness.notices.about_accounts import mails_about_accounts
from readiness.notices.choosing import Wishes, mail_due
from readiness.notices.mails import mail_of
from readiness.notices.models import AccountMail, Notice, ReadUpTo
from readiness.notices.news import News, Readership, news_of

log = logging.getLogger(__name__)

READ_AT_ONCE = 500
SENT_AT_ONCE = 200
MOST_IN_A_MAIL = 200
NEWS_FOR = timedelta(days=14)
"""What happened longer ago is no news any more, nor is a history's."""
MAILED_FOR = timedelta(days=3)
"""What happened longer ago stands under the bell alone: nobody wants last week's mails after an outage."""
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
        mailed = [event for event in events if at - event.at <= MAILED_FOR]
        AccountMail.objects.bulk_create(mails_about_accounts(mailed, at), ignore_conflicts=True)
        mark.seq = events[-1].seq
        mark.save(update_fields=["seq"])
    return len(events)


def _notices(events: Sequence[Event], at: datetime) -> list[Notice]:
    told = [(event, news) for event in events if at - event.at <= NEWS_FOR and (news := _news_of(event))]
    if not told:
        return []
    readership = Readership(event for event, _ in told)
    heard = [
        (event, person, message)
        for event, news in told
        for person, message in sorted(readership.of(event, news).items())
    ]
    wishes, zone = Wishes({person for _, person, _ in heard}), Organisation.get().zone
    return [
        Notice(
            event=event,
            recipient_id=person,
            kind=message.kind,
            due_at=mail_due(wishes.of(person, message.kind), at, zone)
            if at - event.at <= MAILED_FOR and readership.has_address(person)
            else None,
        )
        for event, person, message in heard
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
    """Send what is due: one mail a person, with all that is due to them. Returns how many mails went out."""
    _due(at).filter(attempts__gt=len(RETRIES)).update(given_up_at=at)
    people = _due(at).values("recipient").annotate(first=Min("due_at")).order_by("first", "recipient")
    sent = failures = 0
    for person in list(people.values_list("recipient", flat=True)[:SENT_AT_ONCE]):
        notices = _claim(person, at)
        if not notices:
            continue
        result = _send(notices, at)
        sent += result is Result.SENT
        failures = failures + 1 if result is Result.FAILED else 0
        if failures == PATIENCE:
            log.warning("The mail server does not take mails; the rest waits")
            break
    return sent


def _due(at: datetime) -> QuerySet[Notice]:
    return Notice.objects.to_be_mailed().filter(due_at__lte=at)


@transaction.atomic
def _claim(person: int, at: datetime) -> list[int]:
    """Take one mail of a person's for this worker: of two that try, one finds the rows locked or taken.

    The attempt is counted here, so that a mail over which workers die is given up like any other.
    """
    due = _due(at).filter(recipient=person).order_by("due_at", "pk")
    oldest = due.first()
    if oldest is None:
        return []
    together = due.filter(mail=oldest.mail)[:MOST_IN_A_MAIL]
    keys = [one.pk for one in together.select_for_update(skip_locked=True, of=("self",))]
    if keys:
        mail = oldest.mail or f"{min(keys)}-{person}"
        Notice.objects.filter(pk__in=keys).update(due_at=at + LEASE, attempts=F("attempts") + 1, mail=mail)
    return keys


def _send(keys: list[int], at: datetime) -> Result:
    rows = Notice.objects.filter(pk__in=keys).order_by("event__seq")
    notices = list(rows.select_related("event__initiative", "event__actor", "recipient"))
    try:
        message = mail_of(notices)
        if message is None:
            _note(notices, given_up_at=at, last_error="It was for nobody any more.")
            return Result.DROPPED
        message.send()
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it is (the server, an address, a text): it must not keep the next mail from being sent.
        _note_failure(notices, at, error)
        return Result.FAILED
    _note(notices, sent_at=at, last_error="")
    return Result.SENT


def _note_failure(notices: list[Notice], at: datetime, error: Exception) -> None:
    """Try again later, and give up after the last retry."""
    attempts = notices[0].attempts
    log.warning("Mail %s to person %s failed: %s", notices[0].mail, notices[0].recipient_id, error)
    said = str(error).replace("\x00", "")[:500]
    if attempts > len(RETRIES):
        _note(notices, still_due=at + LEASE, given_up_at=at, last_error=said)
    else:
        _note(notices, still_due=at + LEASE, due_at=at + RETRIES[attempts - 1], last_error=said)


def _note(notices: list[Notice], *, still_due: datetime | None = None, **changes: object) -> None:
    """``still_due``: only where that still stands, and nobody ended their mails while this one was tried."""
    rows = Notice.objects.filter(pk__in=[one.pk for one in notices])
    if still_due is not None:
        rows = rows.filter(due_at=still_due)
    rows.update(**changes)
