"""Reports in the background. A task may come twice, or be killed: the rows decide who does what.

A workbook of ten thousand initiatives takes some twenty seconds, on a busy machine minutes: hence the longer limits,
below the time after which a message comes again.
"""

from celery import shared_task

from readiness import clock
from readiness.reports import making, monthly


@shared_task(name="reports.carry_on", soft_time_limit=90, time_limit=120)
def carry_on(work_id: int) -> None:
    """Make one report."""
    making.carry_on(work_id, clock.now())


@shared_task(name="reports.resume", soft_time_limit=50, time_limit=60)
def resume() -> None:
    """Each minute: what lost its message or its worker is taken up again."""
    making.forgotten(clock.now(), _send)


def _send(work_id: int) -> None:
    carry_on.delay(work_id)


@shared_task(name="reports.monthly", soft_time_limit=50, time_limit=60)
def send_monthly() -> None:
    """Each hour: note who is owed the report of this month, and send a task for each that is due."""
    at = clock.now()
    monthly.owe(at)
    for key in monthly.due(at):
        send_one.delay(key)


@shared_task(name="reports.send_one", soft_time_limit=90, time_limit=120)
def send_one(mail_id: int) -> None:
    """Make the report of one person and send it."""
    monthly.send(mail_id, clock.now())


@shared_task(name="reports.tidy", soft_time_limit=90, time_limit=120)
def tidy() -> None:
    """Each day: files that no report names go."""
    making.sweep_orphans(clock.now())
