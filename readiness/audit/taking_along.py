"""The trail taken along as a file: what goes into it, and the event that says so."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from readiness.audit.models import Event
from readiness.audit.recording import Actor, Ledger
from readiness.audit.searching import Asked, oldest_first


def take_along(asked: Asked, form: str, by: Actor, at: datetime) -> Iterator[list[Event]]:
    """The events that are asked for, up to the last one there is now, batch by batch.

    That they leave is an event as well, written before the first of them does: a download that breaks off half way
    has left. It is not among them.
    """
    with transaction.atomic():
        ledger = Ledger(at)
        last = ledger.last
        told = {"format": form, "filters": asked.told(), "up_to": last}
        ledger.append(by, "trail.downloaded", told)
        ledger.close()
    return oldest_first(asked, last)
