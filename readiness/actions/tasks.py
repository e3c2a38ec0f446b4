"""What is tidied up while nobody looks. Every task may run twice, or be killed half way: the next run finishes it."""

from datetime import datetime

from celery import shared_task
from django.contrib.sessions.models import Session

from readiness import clock
from readiness.accounts import throttle
from readiness.actions.files import sweep_orphans
from readiness.actions.old_results import forget_old_results


@shared_task(name="actions.clean_up", soft_time_limit=90, time_limit=120)
def clean_up() -> None:
    """Remove expired sessions, files that nobody wants, counts of sign-ins and results of checks of long ago."""
    clean_up_at(clock.now())


def clean_up_at(at: datetime) -> tuple[int, int]:
    """As of this moment: how many sessions and how many files were removed."""
    throttle.forget_old(at)
    forget_old_results()
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    return sessions, sweep_orphans(at)
