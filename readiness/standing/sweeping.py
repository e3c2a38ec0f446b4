"""Recomputing many: what is due, or everything. Each batch is a transaction of its own, so that work can be cut off
anywhere, done twice, or done by two workers at once."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from gates.models import Initiative
from readiness.accounts.models import Organisation
from readiness.standing.models import Standing
from readiness.standing.recompute import BATCH, recompute_batch

log = logging.getLogger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError)
"""The database is away, or somebody holds for too long what a batch waits for."""
NOBODY_TO_BLAME = (*UNAVAILABLE, SoftTimeLimitExceeded)
"""What no single initiative is the cause of, and trying one by one would not mend."""


def due_by(today: date) -> QuerySet[Standing]:
    """What is to be recomputed, as its day has come."""
    return Standing.objects.filter(due_on__lte=today)


def recompute_due(at: datetime) -> int:
    """Recompute everything whose day has come where the organisation is. Returns how many were looked at."""
    # Sorted here: asked for in order, SQLite walks the whole table instead of the small index of what is due.
    due = sorted(due_by(Organisation.get().day_of(at)).values_list("pk", flat=True))
    return _recompute(due, at, only_if_due=True)


def recompute_these(initiative_ids: Iterable[int], at: datetime) -> int:
    """Recompute these, due or not. Returns how many were looked at."""
    return _recompute(initiative_ids, at, only_if_due=False)


def all_batches() -> Iterator[list[int]]:
    """The keys of every initiative, in batches."""
    yield from _batches(Initiative.objects.order_by("pk").values_list("pk", flat=True))


def _recompute(initiative_ids: Iterable[int], at: datetime, *, only_if_due: bool) -> int:
    """First what nobody works on, then what is left: one row that somebody holds keeps no other from its turn."""
    sweep = _Sweep(at, only_if_due)
    sweep.over(list(initiative_ids), waiting=False)
    sweep.over(sweep.left, waiting=True)
    if sweep.unavailable is not None:
        raise sweep.unavailable
    return sweep.looked_at


class _Sweep:
    """``left`` is what the last round could not get at, ``unavailable`` the last reason why."""

    def __init__(self, at: datetime, only_if_due: bool) -> None:
        self.at = at
        self.only_if_due = only_if_due
        self.looked_at = 0
        self.left: list[int] = []
        self.unavailable: Exception | None = None

    def over(self, initiative_ids: Sequence[int], *, waiting: bool) -> None:
        """One round. Where the database is unavailable to one batch, the next is tried all the same."""
        self.left, self.unavailable = [], None
        for batch in _batches(initiative_ids):
            try:
                self._batch(batch, waiting)
            except UNAVAILABLE as error:
                log.warning("A batch of %d has to wait: %s", len(batch), error)
                self.left += batch
                self.unavailable = error

    def _batch(self, initiative_ids: Sequence[int], waiting: bool) -> None:
        """All at once. One that cannot be computed must not keep the others from it: then one by one."""
        try:
            self._look_at(initiative_ids, waiting)
        except NOBODY_TO_BLAME:
            raise
        except Exception:
            log.exception("A batch of %d could not be recomputed; trying one by one", len(initiative_ids))
            self._one_by_one(initiative_ids, waiting)

    def _one_by_one(self, initiative_ids: Sequence[int], waiting: bool) -> None:
        for pk in initiative_ids:
            try:
                self._look_at([pk], waiting)
            except NOBODY_TO_BLAME:
                raise
            except Exception:
                log.exception("AI-%04d could not be recomputed", pk)

    def _look_at(self, initiative_ids: Sequence[int], waiting: bool) -> None:
        """Without waiting, what somebody works on right now is left for later."""
        found = recompute_batch(
            initiative_ids, self.at, only_if_due=self.only_if_due, skip_locked=not waiting
        )
        self.looked_at += len(found)
        self.left += [pk for pk in initiative_ids if pk not in found]


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        yield batch
