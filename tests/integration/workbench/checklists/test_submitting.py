"""Submitting a gate or checkpoint, and what was frozen with it."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from gates.models import Initiative, Snapshot, Submission
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, pass_gate, today
from tests.integration.workbench.markup import complaints, read

LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def submit(client: Client, initiative: Initiative, gate: str = "data", **sent: Any) -> HttpResponse:
    return client.post(f"/initiatives/{initiative.ref}/gates/{gate}/submit/", {"note": "", **sent})


def test_the_question_shows_what_will_be_frozen(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    change = AnswerChange("DATA-2", "partial")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    page = read(pages(lena).get(f"/initiatives/{initiative.ref}/gates/data/submit/"))
    assert page.one("h1").text == "Submit the Data gate"
    rows = [[cell.text for cell in row.all("td")] for row in page.one("table").all("tr")[1:]]
    assert rows == [
        ["Met", "Met", "1"],
        ["Partial", "Partial", "1"],
        ["Met", "Met", "1"],
        ["Met", "Met", "1"],
    ]
    assert page.one("textarea", name="note")
    assert complaints(page) == []
    assert not Submission.objects.exists()


def test_a_submission_freezes_the_gate_and_leads_to_its_page(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    client = pages(lena)
    response = submit(client, initiative, note="Look at DATA-2 🚀 فرز <script>alert(1)</script>")
    assert response.headers["Location"] == f"/initiatives/{initiative.ref}/gates/data/"
    made = Submission.objects.get()
    assert made.note == "Look at DATA-2 🚀 فرز <script>alert(1)</script>"
    page = client.get(response.headers["Location"])
    assert "The Data gate is submitted. A reviewer decides it." in read(page).text
    assert b"<script>alert" not in page.content


def test_before_the_criteria_hold_it_shows_what_is_missing_and_no_form(
    initiative: Initiative, lena: User
) -> None:
    page = read(pages(lena).get(f"/initiatives/{initiative.ref}/gates/data/submit/"))
    main = page.one("main")
    assert not main.all("form")
    assert "The criteria of the Data gate do not hold." in main.text
    assert main.links_to(f"/initiatives/{initiative.ref}/checklist/data/#DATA-1")
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("data", "The criteria of the Data gate do not hold."),
        ("adoption", "The Adoption gate is locked until every one before it is passed."),
        ("checkpoint-1", "is locked until every one before it is passed."),
    ],
)
def test_what_cannot_be_submitted_is_refused_and_the_note_kept(
    initiative: Initiative, lena: User, gate: str, message: str
) -> None:
    response = submit(pages(lena), initiative, gate, note="My note.")
    assert response.status_code == 409
    page = read(response)
    assert message in page.text
    assert page.one("textarea", name="note").text == "My note."
    assert not Submission.objects.exists()


def test_a_checkpoint_can_be_submitted_as_it_is_and_warns_of_its_recommendation(
    initiative: Initiative, lena: User
) -> None:
    client = pages(lena)
    page = read(client.get(f"/initiatives/{initiative.ref}/gates/checkpoint-0/submit/"))
    assert page.one("h1").text == "Submit the checkpoint “Before the PoC”"
    assert "It will carry the recommendation to stop" in page.text
    assert "gate" not in page.one("main").text.lower()
    assert submit(client, initiative, "checkpoint-0").status_code == 302
    assert Submission.objects.get().recommendation == "stop"


def test_a_second_submission_while_one_waits_is_refused(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    client = pages(lena)
    submit(client, initiative)
    response = submit(client, initiative, note="Again.")
    assert response.status_code == 409
    assert "The Data gate is submitted already and waits for a decision." in read(response).text
    assert Submission.objects.count() == 1


def test_on_hold_nothing_is_submitted(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    set_hold(initiative.pk, "Budget.", today(), Actor.person(lena), clock.now())
    response = submit(pages(lena), initiative)
    assert response.status_code == 409
    assert "The initiative is on hold" in read(response).text


def test_an_ended_initiative_submits_nothing(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    client = pages(lena)
    assert submit(client, initiative).status_code == 409
    assert not Submission.objects.exists()
    question = client.get(f"/initiatives/{initiative.ref}/gates/data/submit/")
    assert question.headers["Location"] == f"/initiatives/{initiative.ref}/"


def test_a_form_without_a_note_is_a_submission_all_the_same(initiative: Initiative, lena: User) -> None:
    answer_all(initiative, lena, gates=["data"])
    response = pages(lena).post(f"/initiatives/{initiative.ref}/gates/data/submit/", {})
    assert response.status_code == 302
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("x" * 10_000, "At most 2,000 characters; this has 10,000."),
        ("a\x00b", "Null characters are not allowed."),
    ],
    ids=["too long", "a null character"],
)
def test_a_note_that_cannot_be_kept_is_told_at_its_field(
    initiative: Initiative, lena: User, note: str, message: str
) -> None:
    answer_all(initiative, lena, gates=["data"])
    response = submit(pages(lena), initiative, note=note)
    assert response.status_code == 422
    assert message in read(response).text
    assert not Submission.objects.exists()


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_only_the_team_submits(
    initiative: Initiative, lena: User, who: str, request: pytest.FixtureRequest
) -> None:
    answer_all(initiative, lena, gates=["data"])
    client = pages(request.getfixturevalue(who))
    assert client.get(f"/initiatives/{initiative.ref}/gates/data/submit/").status_code == 403
    assert submit(client, initiative).status_code == 403
    assert not Submission.objects.exists()


def test_a_profile_is_never_submitted(initiative: Initiative, lena: User) -> None:
    assert submit(pages(lena), initiative, "profile").status_code == 404


def test_a_hidden_initiative_is_not_there(lena: User, omar: User) -> None:
    assert submit(pages(omar), create(lena, visibility="team")).status_code == 404


# --- What was frozen ---


def test_a_snapshot_shows_what_stood_whatever_came_later(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    piece = Piece("statement", today(), "It holds <b>at 3x</b>.", stated_by="Marta")
    answer_all(initiative, lena, gates=["data"])
    change = AnswerChange("DATA-2", "met", "Tested twice.", (piece,))
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    change = AnswerChange("DATA-2", "not_met", "It broke.")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    snapshot = Snapshot.objects.get()
    page = read(pages(ravi).get(f"/initiatives/{initiative.ref}/snapshots/{snapshot.pk}/"))
    assert complaints(page) == []
    assert "4 of 4 items counted as met. The criteria held." in page.text
    card = next(card for card in page.all("section", class_="card") if "DATA-2" in card.text)
    assert "Declared Met" in card.text
    assert "Tested twice." in card.text
    assert "It holds <b>at 3x</b>." in card.text and "stated by Marta" in card.text
    assert "It broke." not in page.text


def test_a_snapshot_of_a_checkpoint_never_speaks_of_a_gate(initiative: Initiative, lena: User) -> None:
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    page = read(pages(lena).get(f"/initiatives/{initiative.ref}/snapshots/{Snapshot.objects.get().pk}/"))
    assert "gate" not in page.one("main").text.lower()


def test_a_snapshot_is_found_only_below_its_own_initiative(
    initiative: Initiative, lena: User, omar: User, ravi: User
) -> None:
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi)
    other = create(omar, name="Another")
    snapshot = Snapshot.objects.first()
    assert snapshot is not None
    assert pages(lena).get(f"/initiatives/{other.ref}/snapshots/{snapshot.pk}/").status_code == 404
    assert pages(lena).get(f"/initiatives/{initiative.ref}/snapshots/{'9' * 30}/").status_code == 404
    initiative.visibility = "team"
    initiative.save()
    assert pages(omar).get(f"/initiatives/{initiative.ref}/snapshots/{snapshot.pk}/").status_code == 404
