"""Recomputing many: what is due, or everything. Each batch is a transaction of its own, so that work can be cut off
anywhere, done twice, or done by two workers at once."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import Error

from gates.models import Initiative
from readiness.accounts.models import Organisation
from readiness.standing.models import Standing
from readiness.standing.recompute import BATCH, recompute_batch

log = logging.getLogger(__name__)


def recompute_due(at: datetime) -> int:
    """Recompute everything whose day has come where the organisation is. Returns how many were looked at."""
    today = Organisation.get().day_of(at)
    due = Standing.objects.filter(due_on__lte=today).order_by("pk").values_list("pk", flat=True)
    return _recompute(due, at, only_if_due=True)


def recompute_these(initiative_ids: Iterable[int], at: datetime) -> int:
    """Recompute these, due or not. Returns how many were looked at."""
    return _recompute(initiative_ids, at, only_if_due=False)


def all_batches() -> Iterator[list[int]]:
    """The keys of every initiative, in batches."""
    yield from _batches(Initiative.objects.order_by("pk").values_list("pk", flat=True))


def _recompute(initiative_ids: Iterable[int], at: datetime, *, only_if_due: bool) -> int:
    count = 0
    for batch in _batches(list(initiative_ids)):
        count += len(batch)
        try:
            recompute_batch(batch, at, only_if_due=only_if_due)
        except Error:
            raise
        except Exception:
            # One initiative that cannot be computed must not keep the others of its batch from it.
            log.exception("A batch of %d could not be recomputed at once; trying one by one", len(batch))
            _one_by_one(batch, at, only_if_due=only_if_due)
    return count


def _one_by_one(initiative_ids: Sequence[int], at: datetime, *, only_if_due: bool) -> None:
    for pk in initiative_ids:
        try:
            recompute_batch([pk], at, only_if_due=only_if_due)
        except Error:
            raise
        except Exception:
            log.exception("AI-%04d could not be recomputed", pk)


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        yield batch
