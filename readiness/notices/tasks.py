"""Mails go out each minute. Two workers at once do no harm: each mail is claimed by one."""

from celery import shared_task

from readiness.clock import now
from readiness.notices.account_mails import send_account_mails
from readiness.notices.sending import owe, send_owed


@shared_task(name="notices.send_due", soft_time_limit=50, time_limit=60)
def send_due() -> None:
    """Note the mails that new events ask for, then send what is owed."""
    at = now()
    owe(at)
    send_account_mails(at)
    send_owed(at)
