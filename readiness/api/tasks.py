"""What is tidied up behind the API."""

from celery import shared_task

from readiness.api.models import KeptAnswer
from readiness.clock import now


@shared_task(name="api.tidy", soft_time_limit=90, time_limit=120)
def tidy() -> None:
    """Each hour: answers that are kept for nobody any more go."""
    KeptAnswer.objects.all().expired(now()).delete()
