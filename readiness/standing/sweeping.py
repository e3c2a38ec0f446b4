"""Recomputing many: what is due, or everything. Each batch is a transaction of its own, so that work can be cut off
anywhere, done twice, or done by two workers at once."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from gates.models import Initiative
from readiness.accounts.models import Organisation
from readiness.standing.models import Standing
from readiness.standing.recompute import BATCH, recompute_batch

log = logging.getLogger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError)
"""The database is away, or somebody holds for too long what a batch waits for."""
NOBODY_TO_BLAME = (*UNAVAILABLE, SoftTimeLimitExceeded)
"""What no single initiative is the cause of, and trying one by one would not mend."""


def recompute_due(at: datetime) -> int:
    """Recompute everything whose day has come where the organisation is. Returns how many were looked at."""
    today = Organisation.get().day_of(at)
    # Sorted here: asked for in order, SQLite walks the whole table instead of the small index of what is due.
    due = sorted(Standing.objects.filter(due_on__lte=today).values_list("pk", flat=True))
    return _recompute(due, at, only_if_due=True)


def recompute_these(initiative_ids: Iterable[int], at: datetime) -> int:
    """Recompute these, due or not. Returns how many were looked at."""
    return _recompute(initiative_ids, at, only_if_due=False)


def all_batches() -> Iterator[list[int]]:
    """The keys of every initiative, in batches."""
    yield from _batches(Initiative.objects.order_by("pk").values_list("pk", flat=True))


def _recompute(initiative_ids: Iterable[int], at: datetime, *, only_if_due: bool) -> int:
    """Batch by batch. Where the database is unavailable to one, the next is tried all the same, and the error raised
    at the end: what is due stays due."""
    count = 0
    unavailable: Exception | None = None
    for batch in _batches(list(initiative_ids)):
        try:
            count += _batch(batch, at, only_if_due=only_if_due)
        except UNAVAILABLE as error:
            log.warning("A batch of %d has to wait: %s", len(batch), error)
            unavailable = error
    if unavailable is not None:
        raise unavailable
    return count


def _batch(initiative_ids: Sequence[int], at: datetime, *, only_if_due: bool) -> int:
    """All at once. One that cannot be computed must not keep the others from it: then one by one."""
    try:
        return _looked_at(initiative_ids, at, only_if_due=only_if_due)
    except NOBODY_TO_BLAME:
        raise
    except Exception:
        log.exception("A batch of %d could not be recomputed at once; trying one by one", len(initiative_ids))
    count = 0
    for pk in initiative_ids:
        try:
            count += _looked_at([pk], at, only_if_due=only_if_due)
        except NOBODY_TO_BLAME:
            raise
        except Exception:
            log.exception("AI-%04d could not be recomputed", pk)
    return count


def _looked_at(initiative_ids: Sequence[int], at: datetime, *, only_if_due: bool) -> int:
    """Leaves out what somebody works on right now: their act recomputes it, and nobody waits for anybody."""
    return len(recompute_batch(initiative_ids, at, only_if_due=only_if_due, skip_locked=True))


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        yield batch
