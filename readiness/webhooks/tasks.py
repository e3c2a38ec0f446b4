"""Messages go out every ten seconds. Two workers at once do no harm: each endpoint is taken by one."""

from celery import shared_task

from readiness.clock import now
from readiness.webhooks import delivering


@shared_task(name="webhooks.send_due", soft_time_limit=90, time_limit=120)
def send_due() -> None:
    """Note what new events ask for, then send what is owed."""
    at = now()
    delivering.owe(at)
    delivering.send_owed(at)


@shared_task(name="webhooks.tidy", soft_time_limit=90, time_limit=120)
def tidy() -> None:
    """Forget deliveries of long ago."""
    delivering.tidy(now())
