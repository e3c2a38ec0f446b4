"""Answers proposed from what is known: shown on the card, taken by a person, and never an answer before."""

from typing import Any

import pytest
from django.http import HttpResponse

from checklists.models import Answer
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import api, pages
from tests.integration.workbench.initiatives.scenes import LESSON, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


def checklist(by: User, initiative: Initiative) -> Node:
    return read(pages(by).get(f"/initiatives/{initiative.ref}/checklist/checkpoint-0/"))


def sent(form: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in form.all("input"):
        found.setdefault(node.attrs["name"], []).append(node.attrs["value"])
    return found


def take(by: User, form: Node, **headers: str) -> HttpResponse:
    return pages(by).post(form.attrs["action"], sent(form), headers=headers)


def stands(initiative: Initiative, code: str) -> str | None:
    row = Answer.objects.filter(assessment__passage__initiative=initiative, item__code=code).first()
    return row.declared if row else None


def proposal(by: User, initiative: Initiative, code: str) -> Any:
    framework = {"framework": "poc-checkpoints"}
    return api(by).get(f"initiatives/{initiative.ref}/checklist/{code}/", framework).json()["proposal"]


def edit(initiative: Initiative, by: User, **facts: Any) -> None:
    edit_initiative(initiative.pk, facts, Actor.person(by), clock.now())


def test_a_proposal_is_shown_with_its_reason_and_is_no_answer(lena: User, initiative: Initiative) -> None:
    page = checklist(lena, initiative)
    assert complaints(page) == []
    words = "Proposed from what is known: Not met. No executive sponsor is named."
    assert words in page.by_id("CP0-3-proposal").text
    assert not page.has_id("CP0-7-proposal")
    assert stands(initiative, "CP0-3") is None
    assert proposal(lena, initiative, "CP0-3") == {
        "answer": "not_met",
        "why": "No executive sponsor is named.",
    }
    assert proposal(lena, initiative, "CP0-7") is None


def test_it_follows_what_becomes_known(lena: User, initiative: Initiative) -> None:
    edit(initiative, lena, budget={"estimate_build": "400000"}, plan={"poc_days": 28})
    assert proposal(lena, initiative, "CP0-5") == {
        "answer": "partial", "why": "Building is estimated; a year of running is not."
    }  # fmt: skip
    assert proposal(lena, initiative, "CP0-6")["answer"] == "partial"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_taking_it_records_the_answer_like_any_other(lena: User, initiative: Initiative, htmx: bool) -> None:
    record_answers(initiative.pk, [AnswerChange("CP0-3", note="Elsa?")], Actor.person(lena), clock.now())
    form = checklist(lena, initiative).by_id("CP0-3-proposal").one("form")
    response = take(lena, form, **(HTMX if htmx else {}))
    assert response.status_code == (200 if htmx else 302)
    assert stands(initiative, "CP0-3") == "not_met"
    assert Answer.objects.get(item__code="CP0-3").note == "Elsa?"
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor_id) == ("answer.recorded", lena.pk)
    assert event.data["answers"] == [{"item": "CP0-3", "answer": ["unanswered", "not_met"]}]
    page = read(response) if htmx else checklist(lena, initiative)
    assert not page.by_id("CP0-3-proposal").all("form")
    assert page.by_id("CP0-3-choices").chosen("answer") == "not_met"
    assert proposal(lena, initiative, "CP0-3") is None


def test_every_part_that_is_sent_has_its_place_on_the_page(lena: User, initiative: Initiative) -> None:
    page = checklist(lena, initiative)
    parts = read(take(lena, page.by_id("CP0-3-proposal").one("form"), **HTMX))
    placed = [node for node in parts.walk() if "hx-swap-oob" in node.attrs]
    assert {"CP0-3-choices", "CP0-3-proposal", "CP0-3-version"} <= {node.attrs["id"] for node in placed}
    assert all(page.by_id(node.attrs["id"]).tag == node.tag for node in placed)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_one_that_was_answered_meanwhile_is_not_written_over(
    lena: User, initiative: Initiative, htmx: bool
) -> None:
    form = checklist(lena, initiative).by_id("CP0-3-proposal").one("form")
    change = AnswerChange("CP0-3", "met", f"Elsa said yes. {SCRIPT}")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    response = take(lena, form, **(HTMX if htmx else {}))
    assert response.status_code == 409
    assert SCRIPT not in response.content.decode()
    assert "The proposal was not taken." in read(response).text
    assert stands(initiative, "CP0-3") == "met"
    if not htmx:
        card = read(response).by_id("CP0-3")
        assert card.chosen("answer") == "met"
        assert "Elsa said yes." in card.one("textarea", name="note").text


def test_what_only_a_person_can_know_does_not_contradict_their_met(
    lena: User, initiative: Initiative
) -> None:
    change = AnswerChange("CP0-1", "met")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    assert checklist(lena, initiative).by_id("CP0-1-proposal").text == ""


def test_all_of_a_checkpoint_are_taken_at_once(lena: User, initiative: Initiative) -> None:
    form = checklist(lena, initiative).by_id("checklist-side").one("form")
    assert len(sent(form)["take"]) == 6
    back = f"/initiatives/{initiative.ref}/checklist/checkpoint-0/"
    response = take(lena, form)
    assert (response.status_code, response["Location"]) == (302, back)
    assert [stands(initiative, f"CP0-{number}") for number in range(1, 8)] == [
        "partial", "not_met", "not_met", "partial", "not_met", "not_met", None
    ]  # fmt: skip
    assert len(Event.objects.latest("seq").data["answers"]) == 6
    assert not checklist(lena, initiative).by_id("checklist-side").all("form")


def test_with_htmx_it_leads_back_to_the_page(lena: User, initiative: Initiative) -> None:
    response = take(lena, checklist(lena, initiative).by_id("checklist-side").one("form"), **HTMX)
    assert response.status_code == 204
    assert response["HX-Redirect"] == f"/initiatives/{initiative.ref}/checklist/checkpoint-0/"


def test_where_one_moved_meanwhile_none_is_taken(lena: User, initiative: Initiative) -> None:
    form = checklist(lena, initiative).by_id("checklist-side").one("form")
    record_answers(initiative.pk, [AnswerChange("CP0-2", "met")], Actor.person(lena), clock.now())
    response = pages(lena).post(form.attrs["action"], sent(form), follow=True)
    assert "CP0-2 was answered in the meantime. Nothing was taken: look again." in read(response).text
    assert stands(initiative, "CP0-3") is None


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["CP0-3"],
        ["CP0-3:unanswered:0"],
        ["CP0-3:met:-1"],
        ["CP0-3:met:9999999999"],
        ["\x00:met:0"],
        ["x" * 40 + ":met:0"],
        ["NOPE-1:met:0"],
        ["CP0-3:met:0", "CP0-3:partial:0"],
    ],
)
def test_what_is_no_proposal_is_not_taken(lena: User, initiative: Initiative, given: list[str]) -> None:
    path = f"/initiatives/{initiative.ref}/checklist/checkpoint-0/proposals/"
    response = pages(lena).post(path, {"take": given})
    assert response.status_code == 302
    assert not Answer.objects.exists()


def test_who_only_reads_sees_the_proposal_and_takes_nothing(
    ravi: User, lena: User, initiative: Initiative
) -> None:
    page = checklist(ravi, initiative)
    assert "Proposed from what is known: Not met." in page.by_id("CP0-3-proposal").text
    assert not page.by_id("CP0-3-proposal").all("form")
    assert not page.by_id("checklist-side").all("form")


def test_on_an_ended_initiative_nothing_is_proposed(lena: User, initiative: Initiative) -> None:
    form = checklist(lena, initiative).by_id("checklist-side").one("form")
    move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    assert checklist(lena, initiative).by_id("CP0-3-proposal").text == ""
    assert proposal(lena, initiative, "CP0-3") is None
    response = pages(lena).post(form.attrs["action"], sent(form), follow=True)
    assert "This initiative has ended (stopped)." in read(response).text
    assert not Answer.objects.exists()
