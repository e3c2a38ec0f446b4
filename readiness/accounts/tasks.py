"""Mails leave from a worker: sending takes time, and how long must not tell whether an account exists."""

from smtplib import SMTPException

from celery import shared_task

from readiness import clock
from readiness.accounts import mails

RETRY = {"autoretry_for": (OSError, SMTPException), "retry_backoff": 10, "retry_backoff_max": 600, "max_retries": 5}


@shared_task(name="accounts.mail_reset_link", **RETRY)
def mail_reset_link(typed: str) -> None:
    """To whoever has this e-mail; nobody does most of the time, and nothing happens then."""
    mails.send_reset_link(typed, clock.now())


@shared_task(name="accounts.mail_invitation", **RETRY)
def mail_invitation(user_id: int) -> None:
    mails.send_invitation(user_id, clock.now())
