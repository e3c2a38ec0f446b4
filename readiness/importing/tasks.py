"""Imports in the background. A task may come twice, or be killed: the row of the work decides who does it."""

from celery import shared_task

from readiness.clock import now
from readiness.importing import jobs


@shared_task(name="importing.carry_on", soft_time_limit=90, time_limit=120)
def carry_on(work_id: int) -> None:
    """One slice of a check or a run."""
    if jobs.carry_on(work_id, now()):
        carry_on.delay(work_id)


@shared_task(name="importing.resume", soft_time_limit=50, time_limit=60)
def resume() -> None:
    """Each minute: what lost its message or its worker is taken up again."""
    jobs.forgotten(now(), _send)


def _send(work_id: int) -> None:
    carry_on.delay(work_id)
