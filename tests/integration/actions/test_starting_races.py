"""Two admins choose at once what new initiatives begin with, on real connections: the second is told of the first."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from pytest_django import DjangoDbBlocker

from gates.models import StartingFramework
from readiness.accounts.models import Organisation, User
from readiness.actions import starting
from readiness.actions.errors import Stale
from readiness.actions.starting import choose_starting, starting_slugs
from readiness.audit.models import Event
from readiness.audit.recording import Actor, verify
from tests.fixtures import create, person
from tests.integration.actions.arena import Arena, own_database
from tests.integration.actions.props import act, on

ROUNDS = 6
USUAL = ("poc-checkpoints", "five-gate", "environment-gap")
CHOICES = [("five-gate",), ("five-gate", "poc-checkpoints"), ("environment-gap", "five-gate")]


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("starting") as arena:
        yield arena


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    with _arena.connected():
        StartingFramework.objects.all().delete()
        yield _arena


def somebody(username: str, **roles: bool) -> User:
    return User.objects.filter(username=username).first() or person(username, **roles)


def test_one_of_those_who_choose_at_once_is_heard(arena: Arena) -> None:
    admins = [somebody(f"admin{number}", admin=True) for number in range(len(CHOICES))]
    for _round in range(ROUNDS):
        StartingFramework.objects.all().delete()
        before = Event.objects.filter(verb="frameworks.chosen").count()
        results = arena.race(
            *[
                lambda by=by, slugs=slugs: choose_starting(slugs, act(by), on(0), USUAL)
                for by, slugs in zip(admins, CHOICES, strict=True)
            ]
        )
        assert sum(isinstance(one, Stale) for one in results) == len(CHOICES) - 1
        heard = next(slugs for slugs, one in zip(CHOICES, results, strict=True) if isinstance(one, list))
        assert starting_slugs() == heard
        assert Event.objects.filter(verb="frameworks.chosen").count() == before + 1
    assert verify()[1] is None


def test_what_begins_meanwhile_begins_with_one_choice_or_the_other_never_with_half_of_each(
    arena: Arena,
) -> None:
    ada, lena = somebody("ada", admin=True), somebody("lena", lead=True)
    for _round in range(ROUNDS):
        StartingFramework.objects.all().delete()
        _chosen, one = arena.race(
            lambda: choose_starting(("environment-gap", "five-gate"), act(ada), on(0)),
            lambda: create(lena, on(0)),
        )
        slugs = tuple(one.passages.order_by("position").values_list("framework_slug", flat=True))
        assert slugs in {USUAL, ("environment-gap", "five-gate")}


def test_without_the_lock_more_than_one_would_be_heard(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: here they do meet. (SQLite has one writer at a time, and needs no further lock.)"""
    if arena.settings["ENGINE"].endswith("sqlite3"):
        assert arena.settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return

    def unlocked(by: Actor) -> Organisation:
        return Organisation.get()

    def careless(by: User, slugs: tuple[str, ...]) -> bool:
        try:
            choose_starting(slugs, act(by), on(0), USUAL)
        except IntegrityError:
            return True
        return False

    monkeypatch.setattr(starting, "begin_administration", unlocked)
    admins = [somebody(f"admin{number}", admin=True) for number in range(len(CHOICES))]
    clashed = 0
    for _round in range(ROUNDS):
        StartingFramework.objects.all().delete()
        results = arena.race(
            *[
                lambda by=by, slugs=slugs: careless(by, slugs)
                for by, slugs in zip(admins, CHOICES, strict=True)
            ]
        )
        clashed += sum(one is True for one in results)
    assert clashed > 0
