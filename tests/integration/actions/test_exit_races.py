"""Exit criteria on real connections: what triggers under several at once triggers once, and is decided once."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoDbBlocker

from gates.models import ExitCriterion, ExitTrigger
from readiness.accounts.models import User
from readiness.actions.errors import Refused
from readiness.audit.models import Event
from readiness.audit.recording import verify
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create, person
from tests.integration.actions.arena import Arena, own_database
from tests.integration.actions.exiting import criterion_of, decide, read, trip
from tests.integration.actions.props import on

ROUNDS = 5


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("exit_races") as found:
        yield found


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    """The test itself is connected to it as well; what other tests left there stays."""
    with _arena.connected():
        yield _arena


def someone(username: str, **roles: bool) -> User:
    return User.objects.filter(username=username).first() or person(username, **roles)


@pytest.fixture
def lena(arena: Arena) -> User:
    return someone("lena", lead=True)


@pytest.fixture
def elsa(arena: Arena) -> User:
    return someone("elsa", executive=True)


@pytest.fixture
def weekly(lena: User, elsa: User) -> ExitCriterion:
    return criterion_of(create(lena, on(0), stage="pilot"), lena, elsa)


def told(criterion: ExitCriterion) -> list[int]:
    events = Event.objects.filter(initiative=criterion.initiative_id)
    found = [one for event in events for one in event.data.get("standing", {}).get("exits_triggered", [])]
    return [one["criterion"] for one in found]


@pytest.mark.django_db
def test_the_database_itself_takes_no_second_open_trigger():
    lena = person("lena", lead=True)
    criterion = criterion_of(create(lena, on(0), stage="pilot"), lena, person("elsa", executive=True))
    trigger = trip(criterion, lena)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitTrigger.objects.create(criterion=criterion, on=trigger.on, at=trigger.at, words="Again.")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_sweeps_and_readings_at_once_write_one_trigger(arena, lena, weekly, number):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 27)
    pk = weekly.initiative_id

    results = arena.race(
        lambda: recompute_due(on(28)),
        lambda: recompute_batch([pk], on(28)),
        lambda: read(weekly, lena, "19", 28),
        lambda: recompute_due(on(28)),
    )

    assert [result for result in results if isinstance(result, Refused)] == []
    assert ExitTrigger.objects.filter(criterion=weekly).count() == 1
    assert told(weekly) == [weekly.pk]
    assert verify()[1] is None


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_decisions_at_once_one_is_taken_and_the_other_is_told(arena, lena, elsa, weekly, number):
    trigger = trip(weekly, lena)

    results = arena.race(
        lambda: decide(weekly, elsa, "rework", reason="Try the new screen."),
        lambda: decide(weekly, elsa, "stop", lesson={"tried": "It.", "did_not_work": "It did not."}),
    )

    refusals = [result for result in results if isinstance(result, Refused)]
    assert len(refusals) == 1
    assert refusals[0].code in {"exit_not_triggered", "initiative_ended"}
    trigger.refresh_from_db()
    assert Event.objects.filter(initiative=weekly.initiative_id, verb="exit.decided").count() == 1
    assert trigger.decision in {"rework", "stop"}
