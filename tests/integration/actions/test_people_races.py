"""Somebody is deactivated while an act gives them something to do: on real connections, and each time for certain."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from gates.models import Handover, Initiative, TeamRole
from readiness.accounts.models import User
from readiness.actions.acting import locked
from readiness.actions.assignments import assign
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.exits import add_criterion, edit_criterion
from readiness.actions.gates import Promise, decide_gate
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.handovers import start_handover, write_handover
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.actions.kpis import create_kpi, edit_kpi
from readiness.actions.people import deactivate_person, edit_person, profile_of
from readiness.audit.models import Event
from readiness.audit.recording import verify
from readiness.standing.models import Standing
from tests.fixtures import answer_all, create, person
from tests.integration.actions.arena import PATIENCE, Arena, own_database
from tests.integration.actions.exiting import criterion_of, kpi_of, terms
from tests.integration.actions.props import act, on, submit, the_day

NUMBERS = count(1)


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("people_races") as found:
        yield found


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    """The test itself is connected to it as well."""
    with _arena.connected():
        yield _arena


class Scene:
    """One initiative with its people; each test has its own. ``mia`` is who is deactivated, ``gone`` leaves too."""

    def __init__(self) -> None:
        number = next(NUMBERS)
        self.lena, self.mia, self.gone = (
            person(f"{name}-{number}", **roles)
            for name, roles in (("lena", {"lead": True}), ("mia", {"executive": True}), ("gone", {}))
        )
        self.ada, self.ravi = person(f"ada-{number}", admin=True), person(f"ravi-{number}", reviewer=True)
        self.one: Initiative = create(self.lena, on(0), stage="poc", people={"members": [self.gone.username]})

    def edit(self, **people: Any) -> None:
        edit_initiative(self.one.pk, {"people": people}, act(self.lena), on(0))

    def deactivate(self) -> None:
        deactivate_person(self.mia.username, act(self.ada), on(0))

    @property
    def has_mia(self) -> bool:
        return TeamRole.objects.filter(initiative=self.one, user=self.mia, until__isnull=True).exists()

    @property
    def hands_over(self) -> bool:
        return Handover.objects.filter(initiative=self.one, leaver=self.mia, closed_at__isnull=True).exists()


@pytest.fixture
def scene(arena: Arena) -> Scene:
    return Scene()


def meet(
    arena: Arena, first: Callable[[], Any], second: Callable[[], Any], then: Callable[[], Any] | None = None
) -> Any:
    """What the second comes to, which runs into the first: that has acted, goes on with ``then``, and commits.

    SQLite has one writer at a time: there the second comes after the first.
    """
    if connection.vendor == "sqlite":
        assert arena.settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        with transaction.atomic():
            first()
            if then is not None:
                then()
        return arena.race(second)[0]
    with ThreadPoolExecutor(max_workers=1) as threads:
        with transaction.atomic():
            first()
            coming = threads.submit(lambda: arena.race(second)[0])
            wait_until_it_waits(coming)
            if then is not None:
                then()
        return coming.result(PATIENCE)


def wait_until_it_waits(coming: Future[Any]) -> None:
    """Until it ended, or waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    while not coming.done() and not somebody_waits():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


# --- Who is being deactivated is given nothing more to do ------------------------------------------------------


def a_role(scene: Scene) -> Callable[[], Any]:
    return lambda: scene.edit(deputy=scene.mia.username)


def a_members_place(scene: Scene) -> Callable[[], Any]:
    return lambda: scene.edit(members=[scene.gone.username, scene.mia.username])


def a_role_on_a_new_one(scene: Scene) -> Callable[[], Any]:
    facts = {"name": "New", "business_problem": "It waits.", "people": {"deputy": scene.mia.username}}
    return lambda: create_initiative(facts, act(scene.lena), on(0))


def a_new_kpi(scene: Scene) -> Callable[[], Any]:
    given = {"name": "Weekly use", "owner": scene.mia.username}
    return lambda: create_kpi(scene.one.pk, given, act(scene.lena), on(0))


def a_kpi(scene: Scene) -> Callable[[], Any]:
    kpi = kpi_of(scene.one, scene.lena)
    return lambda: edit_kpi(scene.one.pk, kpi.pk, {"owner": scene.mia.username}, act(scene.lena), on(0))


def a_new_exit_criterion(scene: Scene) -> Callable[[], Any]:
    given = terms(kpi_of(scene.one, scene.lena), scene.mia)
    return lambda: add_criterion(scene.one.pk, given, act(scene.lena), on(0))


def an_exit_criterion(scene: Scene) -> Callable[[], Any]:
    criterion, given = criterion_of(scene.one, scene.lena, scene.lena), {"decider": scene.mia.username}
    return lambda: edit_criterion(scene.one.pk, criterion.pk, given, act(scene.lena), on(0))


def a_condition(scene: Scene) -> Callable[[], Any]:
    answer_all(scene.one, scene.lena, at=on(0))
    submit(scene.one, "data", scene.lena)
    promises = [Promise("Write the runbook.", scene.mia.username, the_day(9))]
    word = "pass_with_conditions"
    return lambda: decide_gate(scene.one.pk, "data", word, "Looked.", act(scene.ravi), on(0), promises)


def what_somebody_hands_on(scene: Scene) -> Callable[[], Any]:
    handover, _ = start_handover(scene.one.pk, scene.gone.username, act(scene.lena), on(0))
    name = scene.mia.username.upper()
    return lambda: write_handover(scene.one.pk, handover.pk, act(scene.lena), on(0), successor=name)


def everything_of_somebody(scene: Scene) -> Callable[[], Any]:
    names = (scene.gone.username, scene.mia.username.upper())
    return lambda: hand_over_everything(*names, act(scene.lena), on(0))


def an_item(scene: Scene) -> Callable[[], Any]:
    scene.edit(members=[scene.mia.username])
    due = the_day(9)
    return lambda: assign(scene.one.pk, "DATA-1", scene.mia.username, due, act(scene.lena), on(0))


GIVEN = [
    a_role,
    a_members_place,
    a_role_on_a_new_one,
    a_new_kpi,
    a_kpi,
    a_new_exit_criterion,
    an_exit_criterion,
    a_condition,
    what_somebody_hands_on,
    everything_of_somebody,
    an_item,
]


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: given.__name__)
def test_who_is_being_deactivated_is_given_nothing(arena, scene, given):
    name_them = given(scene)
    refused = meet(arena, scene.deactivate, name_them)
    assert isinstance(refused, Invalid), refused
    assert verify()[1] is None


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: given.__name__)
def test_who_is_active_is_given_it(scene, given):
    """The control: nothing else is wrong with it."""
    given(scene)()


# --- Who has just come is handed over --------------------------------------------------------------------------


def test_a_place_that_is_about_to_be_committed_is_handed_over(arena, scene):
    meet(arena, lambda: scene.edit(deputy=scene.mia.username), scene.deactivate)
    assert not User.objects.get(pk=scene.mia.pk).is_active
    assert (scene.has_mia, scene.hands_over) == (True, True)


def test_a_place_that_comes_by_handing_over_is_handed_over_again(arena, scene):
    meet(arena, everything_of_somebody(scene), scene.deactivate)
    assert (scene.has_mia, scene.hands_over) == (True, True)


def test_who_is_being_taken_from_the_team_hands_nothing_over_there(arena, scene):
    """What they might do before they waited counts no more."""
    other = person(f"other-{scene.one.pk}", lead=True)
    scene.edit(members=[scene.gone.username, other.username])
    names = (scene.gone.username, scene.mia.username)
    refused = meet(
        arena,
        lambda: scene.edit(members=[scene.gone.username]),
        lambda: hand_over_everything(*names, act(other), on(0)),
    )
    assert isinstance(refused, Conflict | NotAllowed), refused
    assert not scene.has_mia


# --- One order -------------------------------------------------------------------------------------------------


def rename(scene: Scene) -> None:
    edit_person(scene.mia.username, replace(profile_of(scene.mia), name="Mia Neu"), act(scene.ada), on(0))


def hand_over(scene: Scene) -> None:
    hand_over_everything(scene.mia.username, scene.gone.username, act(scene.ada), on(0))


@pytest.mark.parametrize("second", [Scene.deactivate, rename, hand_over], ids=lambda one: one.__name__)
def test_whoever_locks_a_person_waits_for_the_initiative_first(arena, scene, second):
    """Else each of the two would wait for what the other holds."""
    scene.edit(members=[scene.mia.username])
    meet(
        arena,
        lambda: locked(scene.one.pk, act(scene.lena)),
        lambda: second(scene),
        then=lambda: scene.edit(deputy=scene.mia.username),
    )
    scene.mia.refresh_from_db()
    if second is Scene.deactivate:
        assert (scene.mia.is_active, scene.hands_over) == (False, True)
    elif second is rename:
        assert scene.mia.name == "Mia Neu"
    else:
        assert not scene.has_mia
    assert verify()[1] is None


@pytest.mark.django_db
def test_people_are_locked_before_a_recompute_at_the_door_takes_the_chain():
    scene = Scene()
    Standing.objects.filter(initiative=scene.one).update(due_on=the_day(0), score=99)
    with CaptureQueriesContext(connection) as captured:
        scene.edit(deputy=scene.mia.username)
    found = [re.search(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', query["sql"]) for query in captured]
    tables = list(dict.fromkeys(one[1] for one in found if one))
    locking = ["gates_initiative", "accounts_user", "audit_chain"]
    assert tables == ([] if connection.vendor == "sqlite" else locking)
    assert Event.objects.filter(initiative=scene.one.pk, verb="standing.changed").exists()
