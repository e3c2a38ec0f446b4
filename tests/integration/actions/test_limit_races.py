"""Two enter a limited stage at once, on real connections: where there is room for one, one enters."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import User
from readiness.actions import limits
from readiness.actions.limits import LimitReached
from readiness.actions.stages import move_stage
from readiness.audit.recording import verify
from readiness.standing.models import Standing
from tests.fixtures import create, person
from tests.integration.actions.arena import Arena, own_database
from tests.integration.actions.props import act, on

ROUNDS = 6
AT_ONCE = 4


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("limits") as arena:
        yield arena


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    with _arena.connected():
        ParallelLimit.objects.all().delete()
        yield _arena


def people() -> tuple[User, User]:
    found = {user.username: user for user in User.objects.all()}
    lena = found.get("lena") or person("lena", lead=True)
    return lena, found.get("ada") or person("ada", admin=True)


def leads() -> list[User]:
    """One for each who enters: two acts that name the same person would wait for each other anyway."""
    names = [f"lead{number}" for number in range(AT_ONCE)]
    found = {user.username: user for user in User.objects.filter(username__in=names)}
    return [found.get(name) or person(name, lead=True) for name in names]


def refused(results: list[object]) -> int:
    return sum(isinstance(result, LimitReached) for result in results)


def in_pilot(unit: str) -> int:
    return Initiative.objects.filter(stage="pilot", business_unit=unit).count()


@pytest.mark.parametrize("own", [True, False])
def test_of_several_who_are_taken_over_at_once_only_so_many_enter(arena: Arena, own: bool) -> None:
    by_each = leads()
    for number in range(ROUNDS):
        unit = f"Unit {own} {number}"
        ParallelLimit.objects.all().delete()
        key = unit.lower() if own else ""
        ParallelLimit.objects.create(stage="pilot", unit=unit if own else "", unit_key=key, most=2)
        enter = [
            lambda unit=unit, lead=lead: create(lead, on(0), stage="pilot", business_unit=unit)
            for lead in by_each
        ]
        assert refused(arena.race(*enter)) == AT_ONCE - 2
        assert in_pilot(unit) == 2


def test_of_two_who_step_back_at_once_one_enters_also_where_a_day_has_come(arena: Arena) -> None:
    """A due initiative is recomputed at the door of the act and takes the chain: the limit is locked before."""
    lena, ada = people()
    for number in range(ROUNDS):
        unit = f"Stepping {number}"
        ParallelLimit.objects.create(stage="pilot", unit=unit, unit_key=unit.lower(), most=1)
        ones = [
            create(ada, on(0), stage="rollout", business_unit=unit, people={"members": ["lena"]})
            for _ in range(2)
        ]
        due = Standing.objects.filter(initiative=ones[0])
        due.update(due_on=on(0).date() - timedelta(days=1))
        results = arena.race(
            *[lambda one=one: move_stage(one.pk, "pilot", act(lena), on(0), "Too early.") for one in ones]
        )
        assert [type(result) for result in results if isinstance(result, Exception)] == [LimitReached]
        assert in_pilot(unit) == 1
    assert verify()[1] is None


def test_without_the_lock_they_would_slip_under_it(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: here the two do meet. (SQLite has one writer at a time, and needs no further lock.)"""
    by_each = leads()
    if arena.settings["ENGINE"].endswith("sqlite3"):
        assert arena.settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return

    def unlocked(stage: str, unit_key: str) -> ParallelLimit | None:
        return ParallelLimit.objects.filter(stage=stage, unit_key=unit_key).first()

    monkeypatch.setattr("readiness.actions.initiatives.lock_limit", unlocked)
    slipped = 0
    for number in range(ROUNDS):
        unit = f"Careless {number}"
        ParallelLimit.objects.create(stage="pilot", unit=unit, unit_key=unit.lower(), most=1)
        enter = [
            lambda unit=unit, lead=lead: create(lead, on(0), stage="pilot", business_unit=unit)
            for lead in by_each
        ]
        arena.race(*enter)
        slipped += in_pilot(unit) - 1
    assert slipped > 0
    assert limits.lock_limit is not unlocked
