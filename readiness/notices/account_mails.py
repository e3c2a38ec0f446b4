"""Mails to a person about their own account: written, and sent at once, each tried again until it went out.

Like other mails they are found from rows: what a worker took and did not finish another takes up after a while.
"""

import logging
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from readiness.accounts.languages import language_of
from readiness.accounts.models import Organisation
from readiness.accounts.subscribed_mails import one_line, own_headers
from readiness.notices.about_accounts import by_whom, sentence_of
from readiness.notices.models import AccountMail
from readiness.notices.sending import LEASE, PATIENCE, RETRIES, SENT_AT_ONCE

log = logging.getLogger(__name__)


def account_mail(row: AccountMail) -> EmailMessage:
    """The mail of a row, in its reader's language, its moment in the organisation's zone; nothing is sent yet."""
    reader, organisation = row.recipient, Organisation.get()
    with timezone.override(organisation.zone), translation.override(language_of(reader, organisation)):
        said = sentence_of(row.event)
        words = {
            "reader": reader,
            "organisation": organisation,
            "sentence": said,
            "at": row.event.at,
            "by": by_whom(row.event),
            "forgotten": settings.FIVEGATES_URL + reverse("password_reset"),
            "account": settings.FIVEGATES_URL + reverse("account"),
        }
        body = render_to_string("emails/account.txt", words)
    headers = own_headers(f"account-{row.event_id}-{row.pk}")
    return EmailMessage(one_line(f"Fivegates: {said}"), body, to=[row.address], headers=headers)


def send_account_mails(at: datetime) -> int:
    """Send what is due. Returns how many mails went out."""
    due = AccountMail.objects.to_be_sent().filter(due_at__lte=at)
    due.filter(attempts__gt=len(RETRIES)).update(given_up_at=at)
    sent = failures = 0
    for key in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:SENT_AT_ONCE]):
        if not _claimed(key, at):
            continue
        took = _send(AccountMail.objects.select_related("event__actor", "recipient").get(pk=key), at)
        sent += took
        failures = 0 if took else failures + 1
        if failures == PATIENCE:
            log.warning("The mail server does not take mails; the rest waits")
            break
    return sent


@transaction.atomic
def _claimed(key: int, at: datetime) -> bool:
    """Whether this worker has the mail to itself. The attempt counts from here, so that one over which workers die is
    given up like any other."""
    due = AccountMail.objects.to_be_sent().filter(pk=key, due_at__lte=at)
    if not due.select_for_update(skip_locked=True).exists():
        return False
    return due.update(due_at=at + LEASE, attempts=F("attempts") + 1) == 1


def _send(row: AccountMail, at: datetime) -> bool:
    try:
        account_mail(row).send()
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it is (the server, an address, a text): it must not keep the next mail from being sent.
        log.warning("Mail of event %d to person %s failed: %s", row.event_id, row.recipient_id, error)
        row.last_error = str(error).replace("\x00", "")[:500]
        if row.attempts > len(RETRIES):
            row.given_up_at = at
        else:
            row.due_at = at + RETRIES[row.attempts - 1]
        row.save(update_fields=["last_error", "given_up_at", "due_at"])
        return False
    AccountMail.objects.filter(pk=row.pk).update(sent_at=at, last_error="")
    return True
