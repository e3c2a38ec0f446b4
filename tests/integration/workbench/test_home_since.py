"""What happened since a person was last here, and what a visit is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.visits import note_visit
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.comments import add_comment
from readiness.actions.initiatives import edit_initiative
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person
from tests.integration.workbench.initiatives.scenes import ago
from tests.integration.workbench.markup import Node, read
from tests.integration.workbench.test_home import heads, titled

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def last_here(user: User, days: int) -> None:
    """As if their last page but those of today had been so many days ago."""
    User.objects.filter(pk=user.pk).update(seen_at=ago(days))


def since(user: User) -> Node:
    return titled(read(pages(user).get("/")), "Since you were last here")


def test_a_visit_ends_half_an_hour_after_its_last_page() -> None:
    user = person("vera")
    began = user.created_at + timedelta(days=2)
    for minute in range(0, 100, 10):
        note_visit(user, began + minute * MINUTE)
    user.refresh_from_db()
    assert (user.seen_at, user.before_visit_at) == (began + 90 * MINUTE, None), "the first visit"
    note_visit(user, began + 119 * MINUTE)
    assert user.before_visit_at is None
    note_visit(user, began + 149 * MINUTE)
    user.refresh_from_db()
    assert user.before_visit_at == began + 119 * MINUTE, "half an hour later another one has begun"
    note_visit(user, began + 160 * MINUTE)
    assert user.before_visit_at == began + 119 * MINUTE, "and stays the one before, page after page"


def test_most_pages_write_nothing_and_of_two_at_once_one_writes() -> None:
    user = person("vera")
    at = user.created_at + timedelta(days=1)
    note_visit(user, at)
    with CaptureQueriesContext(connection) as asked:
        note_visit(user, at + 4 * MINUTE)
    assert len(asked) == 0
    one, other = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    later = at + timedelta(hours=5)
    note_visit(one, later)
    note_visit(other, later + timedelta(seconds=1))
    assert (other.seen_at, other.before_visit_at) == (later, at)


def test_a_program_and_a_health_check_are_no_visit(lena: User) -> None:
    last_here(lena, 3)
    client = pages(lena)
    before = User.objects.get(pk=lena.pk).seen_at
    client.get("/api/v1/initiatives/")
    client.get("/health/live/")
    assert User.objects.get(pk=lena.pk).seen_at == before
    client.get("/initiatives/")
    lena.refresh_from_db()
    assert lena.before_visit_at == before and lena.seen_at > before


def test_what_others_did_is_told_by_initiative_and_stays_on_the_second_look(lena: User, elsa: User) -> None:
    mine, other = create(lena, ago(9), name="Mine"), create(elsa, ago(9), name="Not mine")
    last_here(lena, 3)
    add_comment(mine.pk, "How is it going?", Actor.person(elsa), clock.now())
    add_comment(other.pk, "Unseen.", Actor.person(elsa), clock.now())
    record_answers(mine.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), clock.now(), "five-gate")
    for _ in range(2):
        card = since(lena)
        assert "Mine" in card.text and "Elsa" in card.text and "Not mine" not in card.text
        assert "Answered" not in card.text, "what they did themselves they know"
        assert card.links_to(f"/initiatives/{mine.ref}/history/")
    told = f"Since {ago(3):%-d %b %Y}"
    assert told in card.text


def test_what_was_there_before_is_not_told_again(lena: User, elsa: User) -> None:
    mine = create(lena, ago(9))
    add_comment(mine.pk, "Long ago.", Actor.person(elsa), ago(5))
    last_here(lena, 3)
    assert "Nobody else changed anything" in since(lena).text


def test_nobody_has_been_here_before_their_first_visit(lena: User) -> None:
    create(lena)
    assert "Since you were last here" not in heads(read(pages(lena).get("/")))


def test_much_of_one_kind_is_one_line_and_there_are_twelve_at_most(lena: User, elsa: User) -> None:
    last_here(lena, 3)
    member = person("mia")
    for number in range(7):
        one = create(lena, ago(9), name=f"N {number}", people={"members": ["lena", "mia"]})
        for _ in range(3):
            add_comment(one.pk, "Again.", Actor.person(elsa), clock.now())
        edit_initiative(one.pk, {"technology": f"T{number}"}, Actor.person(member), clock.now())
    card = since(lena)
    assert len(card.all("li")) == 12
    assert "and 2 more like it" in card.text
    assert "More happened than is shown here" in card.text


def test_it_costs_one_query_however_much_happened(lena: User, elsa: User) -> None:
    def asked() -> int:
        client = pages(lena)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    first = create(lena, ago(9))
    last_here(lena, 3)
    pages(lena).get("/")
    add_comment(first.pk, "One.", Actor.person(elsa), clock.now())
    few = asked()
    for number in range(8):
        add_comment(create(lena, ago(9), name=f"N {number}").pk, "More.", Actor.person(elsa), clock.now())
    assert asked() == few
