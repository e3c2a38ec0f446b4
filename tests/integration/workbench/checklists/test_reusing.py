"""The list of what other items have, and one click that attaches a piece."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from checklists.models import Evidence
from gates.models import Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, today
from tests.integration.workbench.markup import Node, complaints, read

HTMX = {"hx-request": "true"}
LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def path(initiative: Initiative, code: str = "DATA-2") -> str:
    return f"/initiatives/{initiative.ref}/answers/{code}/evidence/reuse/"


def give(initiative: Initiative, by: User, code: str, title: str, age: int = 0, **more: Any) -> Evidence:
    url = f"https://wiki.example.com/{title.replace(' ', '-').lower()}"
    piece = Piece("link", today() - timedelta(days=age), title, url, **more)
    record_answers(initiative.pk, [AnswerChange(code, evidence=(piece,))], Actor.person(by), clock.now())
    return Evidence.objects.filter(
        assessment__passage__initiative=initiative, item__code=code, title=title
    ).get()


def titles(page: Node) -> list[str]:
    return [node.text for node in page.by_id("reuse-found").all("p", class_="piece__title")]


def use(client: Client, initiative: Initiative, piece: Evidence, *, htmx: bool = False) -> HttpResponse:
    return client.post(path(initiative), {"evidence": piece.pk}, headers=HTMX if htmx else {})


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_is_in_force_elsewhere_is_offered_newest_first_with_the_items_that_have_it(
    initiative: Initiative, lena: User, htmx: bool
) -> None:
    give(initiative, lena, "DATA-1", "Load test")
    give(initiative, lena, "DATA-3", "Load test")
    give(initiative, lena, "ARCH-1", "Network plan")
    page = read(pages(lena).get(path(initiative), headers=HTMX if htmx else {}))
    assert titles(page) == ["Network plan", "Load test"]
    first, second = page.by_id("reuse-found").all("li")
    assert "DATA-1" in second.text and "DATA-3" in second.text and "ARCH-1" in first.text
    assert "Good for" in first.text and "2 pieces in force" in page.text
    assert page.has_id("main") is not htmx
    assert complaints(page) == [] or htmx


def test_what_ran_out_was_withdrawn_or_lies_here_already_is_not_offered(
    initiative: Initiative, lena: User
) -> None:
    give(initiative, lena, "DATA-1", "Too old for here", age=211)
    give(initiative, lena, "DATA-1", "Good here, not there", age=210)
    give(initiative, lena, "DATA-1", "Expired", age=9, expires_on=today() - timedelta(days=1))
    withdraw_evidence(
        initiative.pk, give(initiative, lena, "DATA-1", "Withdrawn").pk, Actor.person(lena), clock.now()
    )
    give(initiative, lena, "DATA-1", "Here already")
    give(initiative, lena, "DATA-2", "Here already")
    assert titles(read(pages(lena).get(path(initiative)))) == ["Good here, not there"]


@pytest.mark.parametrize("words", ["LOAD", "wiki.example.com load", "data-1", "link LOAD"])
def test_it_is_searched_by_title_address_item_and_kind(
    initiative: Initiative, lena: User, words: str
) -> None:
    give(initiative, lena, "DATA-1", "Load test")
    give(initiative, lena, "ARCH-1", "Network plan")
    assert titles(read(pages(lena).get(path(initiative), {"q": words}))) == ["Load test"]


def test_nothing_found_says_what_to_do(initiative: Initiative, lena: User) -> None:
    assert "Add a link, a file or a statement instead." in read(pages(lena).get(path(initiative))).text
    give(initiative, lena, "DATA-1", "Load test")
    assert "Search for other words." in read(pages(lena).get(path(initiative), {"q": "zebra"})).text


def test_one_click_attaches_it_and_leads_back_to_the_item(initiative: Initiative, lena: User) -> None:
    piece, client = give(initiative, lena, "DATA-1", "Load test"), pages(lena)
    response = use(client, initiative, piece)
    assert response.headers["Location"].endswith("/checklist/data/?told=reused&item=DATA-2#DATA-2")
    card = read(client.get(response.headers["Location"])).by_id("DATA-2")
    assert card.by_id("DATA-2-told").text.startswith("Evidence attached")
    assert "Load test" in card.by_id("DATA-2-pieces").text


def test_with_htmx_the_card_is_answered_and_what_is_typed_at_it_stays(
    initiative: Initiative, lena: User
) -> None:
    piece = give(initiative, lena, "DATA-1", "Load test")
    record_answers(initiative.pk, [AnswerChange("DATA-2", "met")], Actor.person(lena), clock.now())
    parts = read(use(pages(lena), initiative, piece, htmx=True))
    assert "Load test" in parts.by_id("DATA-2-pieces").text
    assert parts.by_id("DATA-2-counts").text.startswith("Met")
    assert not parts.has_id("DATA-2-add")
    assert parts.by_id("DATA-2-evidence-version").attrs["value"] == "2"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_was_withdrawn_in_the_meantime_is_refused_at_the_item(
    initiative: Initiative, lena: User, htmx: bool
) -> None:
    piece = give(initiative, lena, "DATA-1", "Load test")
    withdraw_evidence(initiative.pk, piece.pk, Actor.person(lena), clock.now())
    response = use(pages(lena), initiative, piece, htmx=htmx)
    assert response.status_code == 409
    assert "This piece of evidence was withdrawn." in read(response).by_id("DATA-2-told").text


def test_a_piece_of_another_initiative_is_not_there(initiative: Initiative, lena: User, omar: User) -> None:
    hidden = create(omar, name="Another", visibility="team")
    piece = give(hidden, omar, "DATA-1", "Secret test")
    client = pages(lena)
    assert use(client, initiative, piece).status_code == 404
    assert client.post(path(initiative), {"evidence": "x"}).status_code == 404
    assert "Secret test" not in read(client.get(path(initiative))).text
    assert client.get(path(hidden)).status_code == 404


def test_on_an_ended_initiative_there_is_nothing_to_attach(initiative: Initiative, lena: User) -> None:
    piece = give(initiative, lena, "DATA-1", "Load test")
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    assert pages(lena).get(path(initiative)).headers["Location"] == f"/initiatives/{initiative.ref}/"
    assert use(pages(lena), initiative, piece).status_code == 409


def test_its_queries_do_not_grow_with_what_there_is(
    initiative: Initiative, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    give(initiative, lena, "DATA-1", "Load test")
    client = pages(lena)
    few = query_count(lambda: client.get(path(initiative)))
    for number in range(25):
        give(initiative, lena, "ARCH-1", f"Plan {number}")
    page = read(client.get(path(initiative)))
    assert len(titles(page)) == 20 and "26 pieces in force" in page.text
    assert query_count(lambda: client.get(path(initiative))) == few
