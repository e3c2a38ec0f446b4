"""Mails leave from a worker: sending takes time, and how long must not tell whether an account exists."""

from smtplib import SMTPException

from celery import shared_task

from readiness import clock
from readiness.accounts import mails

SENDING_FAILED = (OSError, SMTPException)


@shared_task(
    name="accounts.mail_reset_link",
    autoretry_for=SENDING_FAILED,
    retry_backoff=10,
    retry_backoff_max=600,
    max_retries=5,
)
def mail_reset_link(typed: str) -> None:
    """To whoever has this e-mail; nobody does most of the time, and nothing happens then."""
    mails.send_reset_link(typed, clock.now())


@shared_task(
    name="accounts.mail_invitation",
    autoretry_for=SENDING_FAILED,
    retry_backoff=10,
    retry_backoff_max=600,
    max_retries=5,
)
def mail_invitation(user_id: int) -> None:
    mails.send_invitation(user_id, clock.now())
