"""What depends on time. Every task may run twice, be cut off, or meet another of its kind: the rows decide."""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from readiness.clock import now
from readiness.standing import sweeping

log = logging.getLogger(__name__)


@shared_task(name="standing.recompute_due", soft_time_limit=90, time_limit=120)
def recompute_due() -> None:
    """Hourly: recompute what is due. What the time does not suffice for is still due an hour later."""
    try:
        log.info("Recomputed %d that were due", sweeping.recompute_due(now()))
    except SoftTimeLimitExceeded:
        log.warning("Ran out of time; the rest is still due")


@shared_task(name="standing.recompute_these", soft_time_limit=90, time_limit=120)
def recompute_these(initiative_ids: list[int]) -> None:
    """One batch of the nightly recompute."""
    sweeping.recompute_these(initiative_ids, now())


@shared_task(name="standing.recompute_all", soft_time_limit=90, time_limit=120)
def recompute_all() -> None:
    """Nightly: recompute everything, batch by batch over the workers; the net below the hourly task."""
    for batch in sweeping.all_batches():
        recompute_these.delay(batch)
