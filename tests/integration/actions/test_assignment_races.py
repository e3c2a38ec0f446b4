"""Two who assign the same item at the same moment: one of them does, and the database holds one open assignment."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from pytest_django import DjangoDbBlocker

from gates.models import Assignment
from readiness import clock
from readiness.actions.assignments import assign
from readiness.actions.errors import Conflict
from readiness.audit.models import Event
from readiness.audit.recording import Actor, verify
from tests.fixtures import create, person, today
from tests.integration.actions.arena import Arena, own_database


@pytest.fixture
def arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("assignments") as arena, arena.connected():
        yield arena


def test_one_of_two_assigns_the_item(arena: Arena) -> None:
    lena, mia = person("lena", lead=True), person("mia")
    due = today() + timedelta(days=9)
    for number in range(5):
        row = create(lena, name=f"Number {number}", people={"members": ["lena", "mia"]})
        came = arena.race(
            partial(assign, row.pk, "DATA-1", "mia", due, Actor.person(lena), clock.now()),
            partial(assign, row.pk, "DATA-1", "lena", due, Actor.person(mia), clock.now()),
        )
        refused = [one for one in came if isinstance(one, Conflict)]
        assert [one.code for one in refused] == ["already_assigned"], came
        assert Assignment.objects.open().of(row.pk).count() == 1
        assert Event.objects.filter(initiative=row.pk, verb="assignment.made").count() == 1
    assert verify()[1] is None
