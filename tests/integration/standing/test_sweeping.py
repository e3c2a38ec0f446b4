"""The sweep: what is due and nothing else, batch by batch, whatever one initiative or one batch comes upon."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from gates.models import Initiative, Passage
from readiness.accounts.models import User
from readiness.actions.holds import set_hold
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing import sweeping, tasks
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create
from tests.integration.standing.pictures import day, picture, unlike_what_stands


def _pilots(lena: User, count: int) -> list[int]:
    return [create(lena, day(0), stage="pilot").pk for _ in range(count)]


def _looked_at_on(number: int) -> list[int]:
    found = Standing.objects.filter(as_of=day(number).date()).order_by("pk")
    return list(found.values_list("pk", flat=True))


def test_only_what_is_due_is_looked_at(lena: User) -> None:
    pilots = _pilots(lena, 3)
    moving = create(lena, day(0), stage="pilot")
    answer_all(moving, lena, at=day(10))
    due = sorted(Standing.objects.filter(due_on__lte=day(21).date()).values_list("pk", flat=True))

    assert sweeping.recompute_due(day(21)) == len(due)
    assert due == pilots
    assert _looked_at_on(21) == due
    assert sweeping.recompute_due(day(21)) == 0


def test_after_a_sweep_nothing_is_due_and_everything_is_as_the_rules_say(lena: User) -> None:
    _pilots(lena, 3)
    for number in (21, 45, 46, 92, 200):
        sweeping.recompute_due(day(number))
        assert not Standing.objects.filter(due_on__lte=day(number).date()).exists()
        assert unlike_what_stands(day(number)) == []


def test_a_sweep_that_comes_twice_writes_once(lena: User) -> None:
    _pilots(lena, 3)
    sweeping.recompute_due(day(100))
    once = picture()
    sweeping.recompute_due(day(100))
    assert picture() == once


def test_a_sweep_that_comes_late_finds_all_that_became_due_meanwhile(lena: User) -> None:
    hourly, missed = create(lena, day(0), stage="pilot"), create(lena, day(0), stage="pilot")
    for number in range(1, 120):
        recompute_batch([hourly.pk], day(number), only_if_due=True)
    recompute_batch([missed.pk], day(119), only_if_due=True)

    def told(one: Initiative) -> list[Any]:
        columns = ("code", "severity", "root_cause", "stalls", "message")
        return list(Flag.objects.filter(initiative=one).order_by("code").values_list(*columns))

    assert told(missed) == told(hourly)


def test_one_that_cannot_be_computed_does_not_keep_the_others_from_it(
    lena: User, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = _pilots(lena, 3)
    Passage.objects.filter(initiative=broken, framework_slug="five-gate").delete()

    assert sweeping.recompute_due(day(100)) == 2
    assert _looked_at_on(100) == [first, last]
    assert f"AI-{broken:04d} could not be recomputed" in caplog.text


Batch = Callable[..., dict[int, Any]]


def _failing(batch: Sequence[int], error: Exception) -> Batch:
    """Recomputes as always, and fails at one batch as a database or a time limit does."""

    def recompute(initiative_ids: Sequence[int], at: datetime, **options: Any) -> dict[int, Any]:
        if list(initiative_ids) == list(batch):
            raise error
        return recompute_batch(initiative_ids, at, **options)

    return recompute


def test_a_batch_that_finds_the_database_busy_waits_and_the_rest_goes_on(
    lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = _pilots(lena, 6)
    monkeypatch.setattr(sweeping, "BATCH", 2)
    busy = OperationalError("canceling statement due to lock timeout")
    monkeypatch.setattr(sweeping, "recompute_batch", _failing(keys[:2], busy))

    with pytest.raises(OperationalError, match="lock timeout"):
        sweeping.recompute_due(day(100))
    assert _looked_at_on(100) == keys[2:]

    monkeypatch.setattr(sweeping, "recompute_batch", recompute_batch)
    assert sweeping.recompute_due(day(100)) == 2
    assert _looked_at_on(100) == keys


def test_where_the_time_does_not_suffice_the_rest_is_still_due(
    lena: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = _pilots(lena, 6)
    monkeypatch.setattr(sweeping, "BATCH", 2)
    monkeypatch.setattr(sweeping, "recompute_batch", _failing(keys[2:4], SoftTimeLimitExceeded()))
    monkeypatch.setattr(tasks, "now", lambda: day(100))

    tasks.recompute_due()  # the soft limit is not taken for an initiative that cannot be computed

    assert "Ran out of time" in caplog.text
    assert _looked_at_on(100) == keys[:2]
    monkeypatch.setattr(sweeping, "recompute_batch", recompute_batch)
    assert sweeping.recompute_due(day(100)) == 4


def test_everything_is_handed_out_in_batches_each_once(lena: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = _pilots(lena, 5)
    monkeypatch.setattr(sweeping, "BATCH", 2)
    assert list(sweeping.all_batches()) == [keys[:2], keys[2:4], keys[4:]]


def test_a_hold_whose_review_has_come_is_due_that_day(lena: User) -> None:
    one = create(lena, day(0), stage="pilot")
    set_hold(one.pk, "Waiting for the contract.", day(30).date(), Actor.person(lena), day(1))
    assert sweeping.recompute_due(day(30)) == 0
    before = Event.objects.count()

    assert sweeping.recompute_due(day(31)) == 1
    assert Event.objects.count() == before + 1
    assert Flag.objects.filter(initiative=one, code="hold_expired", resolved_at__isnull=True).exists()
