"""What is shown is of one moment: somebody commits between two of its questions, on a connection of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker

from gates.models import ExitCriterion, Initiative
from readiness.accounts.models import User
from readiness.standing.one_state import one_state
from readiness.standing.recompute import judge_to_show
from tests.fixtures import create, person
from tests.integration.actions.arena import Arena, own_database
from tests.integration.actions.exiting import criterion_of, kpi_of
from tests.integration.actions.props import on, say


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("one_state") as found:
        yield found


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    """The test itself is connected to it as well."""
    with _arena.connected():
        yield _arena


@pytest.fixture
def lena(arena: Arena) -> User:
    return User.objects.filter(username="lena").first() or person("lena", lead=True, admin=True)


@pytest.fixture
def elsa(arena: Arena) -> User:
    return User.objects.filter(username="elsa").first() or person("elsa", executive=True)


@contextmanager
def before_the_first_question_to(table: str, arena: Arena, act: Callable[[], Any]) -> Iterator[None]:
    """Somebody else acts, and commits, right before this connection asks the table for the first time."""
    acted: list[Any] = []

    def interrupting(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not acted and sql.startswith("SELECT") and f'FROM "{table}"' in sql.partition("EXISTS")[0]:
            acted.append("begun")
            acted[:] = arena.race(act)
        return execute(sql, *rest)

    with connection.execute_wrapper(interrupting):
        yield
    assert acted and not isinstance(acted[0], Exception)


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, on(0), stage="pilot")


def test_a_kpi_that_comes_with_its_amendment_between_two_questions_is_not_seen(arena, lena):
    live = create(lena, on(0), stage="live")  # where a promise is locked at once, with an amendment
    first = kpi_of(live, lena)
    with before_the_first_question_to(
        "gates_amendment", arena, lambda: kpi_of(live, lena, name="Time saved")
    ):
        shown = judge_to_show(live.pk, on(0))
    assert ([*shown.facts.kpis], [one.kpi for one in shown.facts.amendments]) == ([first], [first])
    later = judge_to_show(live.pk, on(0))
    assert (len(later.facts.kpis), len(later.facts.amendments)) == (2, 2)


def test_a_criterion_that_comes_with_its_kpi_between_two_questions_is_not_seen(arena, lena, elsa, pilot):
    first = criterion_of(pilot, lena, elsa)

    def agree() -> None:
        criterion_of(pilot, lena, elsa, kpi=kpi_of(pilot, lena, name="Time saved"))

    with before_the_first_question_to("gates_exitcriterion", arena, agree):
        shown = judge_to_show(pilot.pk, on(0))
    assert [state.criterion for state in shown.exits] == [first]
    assert ExitCriterion.objects.filter(initiative=pilot).count() == 2


def test_an_answer_with_its_proof_that_comes_between_two_questions_is_seen_as_a_whole_or_not_at_all(
    arena, lena, pilot
):
    def answer() -> None:
        say(pilot, lena, "DATA-1", "met", proof=True)

    with before_the_first_question_to("checklists_evidence", arena, answer):
        shown = judge_to_show(pilot.pk, on(0))
    seen = next(one for one in shown.facts.passages if one.framework.slug == "five-gate")
    assert (seen.answers, seen.evidence) == ({}, {})
    later = judge_to_show(pilot.pk, on(0))
    seen = next(one for one in later.facts.passages if one.framework.slug == "five-gate")
    assert (list(seen.answers), list(seen.evidence)) == (["DATA-1"], ["DATA-1"])


def test_what_is_shown_waits_for_nobody_who_writes(arena, lena, pilot):
    with transaction.atomic():
        say(pilot, lena, "DATA-1", "partial")
        [shown] = arena.race(lambda: judge_to_show(pilot.pk, on(0)))
    assert shown.effective["DATA-1"] == "unanswered"
    assert judge_to_show(pilot.pk, on(0)).effective["DATA-1"] == "partial"


def test_afterwards_the_connection_writes_as_before(arena, lena, pilot):
    judge_to_show(pilot.pk, on(0))
    with pytest.raises(ZeroDivisionError), one_state():
        _ = 1 / 0
    say(pilot, lena, "DATA-1", "partial")
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        with pytest.raises(DatabaseError, match="read-only"), one_state():
            say(pilot, lena, "DATA-2", "partial")


@pytest.mark.django_db
def test_inside_an_act_what_the_act_has_written_is_shown():
    lena = person("lena", lead=True)
    one = create(lena, on(0), stage="pilot")
    with one_state():
        say(one, lena, "DATA-1", "partial")
        assert judge_to_show(one.pk, on(0)).effective["DATA-1"] == "partial"
