"""Conditions kept, confirmed and reopened, and waivers granted, each on a page of its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from gates.models import Condition, Initiative, Waiver
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.conditions import keep_condition
from readiness.actions.frameworks import attach_framework
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, pass_gate, promise, today
from tests.integration.workbench.markup import complaints, read

LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


@pytest.fixture
def condition(initiative: Initiative, lena: User, ravi: User, omar: User) -> Condition:
    """Omar's promise to lena's initiative."""
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi, conditions=[promise(omar, "Write the <b>runbook</b>.")])
    return Condition.objects.get()


@pytest.fixture
def kept(condition: Condition, initiative: Initiative, lena: User) -> Condition:
    keep_condition(initiative.pk, condition.pk, "In the <i>wiki</i>.", Actor.person(lena), clock.now())
    return condition


def path(condition: Condition, deed: str) -> str:
    return f"/initiatives/{condition.decision.passage.initiative.ref}/conditions/{condition.pk}/{deed}/"


def do(client: Client, condition: Condition, deed: str, **sent: Any) -> HttpResponse:
    return client.post(path(condition, deed), sent)


def state(condition: Condition) -> str:
    condition.refresh_from_db()
    return condition.state


@pytest.mark.parametrize("who", ["lena", "omar"])
def test_the_team_or_the_owner_marks_a_condition_kept(
    condition: Condition, who: str, request: pytest.FixtureRequest
) -> None:
    client = pages(request.getfixturevalue(who))
    question = client.get(path(condition, "keep"))
    assert complaints(read(question)) == []
    assert b"<b>runbook" not in question.content
    response = do(client, condition, "keep", note="In the wiki 🚀 فرز.")
    assert response.headers["Location"].endswith("/gates/data/#conditions")
    assert state(condition) == "kept"
    assert condition.kept_note == "In the wiki 🚀 فرز."


@pytest.mark.parametrize("who", ["ravi", "elsa", "iris", "ada"])
def test_nobody_else_marks_it_kept(condition: Condition, who: str, request: pytest.FixtureRequest) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.get(path(condition, "keep")).status_code == 403
    assert do(client, condition, "keep").status_code == 403
    assert state(condition) == "open"


def test_a_reviewer_off_the_team_confirms_it_and_the_pass_has_no_conditions_any_more(
    kept: Condition, initiative: Initiative, ravi: User
) -> None:
    client = pages(ravi)
    question = read(client.get(path(kept, "confirm")))
    assert "In the <i>wiki</i>." in question.text
    assert complaints(question) == []
    do(client, kept, "confirm")
    assert state(kept) == "confirmed"
    page = read(client.get(f"/initiatives/{initiative.ref}/gates/data/"))
    assert "Passed" in page.by_id("header-track").all("li")[0].text
    assert "Passed with conditions" not in page.by_id("header-track").text


def test_a_reviewer_reopens_it_with_a_reason(kept: Condition, ravi: User) -> None:
    client = pages(ravi)
    refused = do(client, kept, "reopen", reason="  ")
    assert refused.status_code == 422
    assert "This field is required." in read(refused).text
    do(client, kept, "reopen", reason="The night shift has none.")
    assert state(kept) == "open"
    assert kept.reopened_reason == "The night shift has none."


@pytest.mark.parametrize("deed", ["confirm", "reopen"])
@pytest.mark.parametrize("who", ["lena", "omar", "elsa", "iris", "ada"])
def test_nobody_but_a_reviewer_confirms_or_reopens(
    kept: Condition, deed: str, who: str, request: pytest.FixtureRequest
) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.get(path(kept, deed)).status_code == 403
    assert do(client, kept, deed, reason="No.").status_code == 403
    assert state(kept) == "kept"


@pytest.mark.parametrize("deed", ["confirm", "reopen"])
def test_a_reviewer_who_joined_the_team_is_kept_apart(
    kept: Condition, initiative: Initiative, ravi: User, deed: str
) -> None:
    initiative.team_roles.create(user=ravi, role="member", since=clock.now())
    assert do(pages(ravi), kept, deed, reason="No.").status_code == 403
    assert state(kept) == "kept"


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("confirm", "Only a condition that was marked kept can be confirmed."),
        ("reopen", "This condition is open."),
    ],
)
def test_what_does_not_fit_its_state_is_refused(
    condition: Condition, ravi: User, deed: str, message: str
) -> None:
    response = do(pages(ravi), condition, deed, reason="Why not.")
    assert response.status_code == 409
    assert message in read(response).text


def test_a_condition_is_marked_kept_once(kept: Condition, omar: User) -> None:
    response = do(pages(omar), kept, "keep", note="Me too.")
    assert response.status_code == 409
    page = read(response)
    assert "already." in page.text
    assert page.one("textarea", name="note").text == "Me too."


def test_a_condition_of_a_superseded_decision_is_past(
    condition: Condition, initiative: Initiative, lena: User, ravi: User
) -> None:
    pass_gate(initiative, "data", lena, ravi)
    response = do(pages(lena), condition, "keep", note="Done.")
    assert response.status_code == 409
    assert "A later decision has taken the place" in read(response).text


def test_an_ended_initiative_keeps_no_promises(
    condition: Condition, initiative: Initiative, lena: User
) -> None:
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    client = pages(lena)
    assert client.get(path(condition, "keep")).headers["Location"] == f"/initiatives/{initiative.ref}/"
    assert do(client, condition, "keep", note="Done.").status_code == 409
    assert state(condition) == "open"


@pytest.mark.parametrize(("deed", "field"), [("keep", "note"), ("reopen", "reason")], ids=["keep", "reopen"])
@pytest.mark.parametrize("text", ["x" * 10_000, "a\x00b"], ids=["too long", "a null character"])
def test_words_that_cannot_be_kept_are_told_at_their_field(
    condition: Condition, lena: User, ravi: User, deed: str, field: str, text: str
) -> None:
    response = do(pages(lena if deed == "keep" else ravi), condition, deed, **{field: text})
    assert response.status_code == 422
    page = read(response)
    assert page.by_id(f"id_{field}_error").text


def test_a_condition_of_another_initiative_is_not_there(condition: Condition, omar: User) -> None:
    other = create(omar, name="Another")
    response = pages(omar).post(f"/initiatives/{other.ref}/conditions/{condition.pk}/keep/", {})
    assert response.status_code == 404
    assert pages(omar).get(f"/initiatives/{other.ref}/conditions/{'9' * 30}/keep/").status_code == 404


# --- Waivers ---


def waive(client: Client, initiative: Initiative, **sent: Any) -> HttpResponse:
    given = {"item": "DATA-2", "reason": "Only 40 users.", "expires_on": str(today() + timedelta(days=30))}
    return client.post(f"/initiatives/{initiative.ref}/waivers/new/", given | sent)


def test_a_reviewer_grants_a_waiver_for_an_item_that_was_named(initiative: Initiative, ravi: User) -> None:
    client = pages(ravi)
    page = read(client.get(f"/initiatives/{initiative.ref}/waivers/new/?item=DATA-2"))
    chosen = [option.text for option in page.all("option") if "selected" in option.attrs]
    assert chosen == ["DATA-2 Pipeline carries 3x peak"]
    assert complaints(page) == []
    response = waive(client, initiative)
    assert response.headers["Location"] == f"/initiatives/{initiative.ref}/gates/data/"
    waiver = Waiver.objects.get()
    assert (waiver.item.code, waiver.approver, waiver.reason) == ("DATA-2", ravi, "Only 40 users.")
    assert "Only 40 users." in read(client.get(response.headers["Location"])).text


def test_only_items_that_can_be_waived_are_offered(
    initiative: Initiative, lena: User, ravi: User, omar: User
) -> None:
    create(omar, name="Another, on the same frameworks")
    attach_framework(initiative.pk, "conversational-ai", Actor.person(lena), clock.now())
    page = read(pages(ravi).get(f"/initiatives/{initiative.ref}/waivers/new/"))
    codes = [option.attrs["value"] for option in page.all("option")]
    assert len(codes) == len(set(codes)) == 1 + 10 + 3
    assert "DATA-1" not in codes and "CONV-2" not in codes and "CP0-4" not in codes
    assert codes[1:3] == ["DATA-2", "DATA-3"]
    assert [group.attrs["label"] for group in page.all("optgroup")][0] == "Data"


WRONG = [
    ({"item": "DATA-1"}, "Select a valid choice. DATA-1 is not one of the available choices."),
    ({"item": "NONE-1"}, "Select a valid choice. NONE-1 is not one of the available choices."),
    ({"item": ""}, "This field is required."),
    ({"reason": ""}, "This field is required."),
    ({"reason": "x" * 10_000}, "At most 2,000 characters; this has 10,000."),
    ({"reason": "a\x00b"}, "Null characters are not allowed."),
    ({"expires_on": ""}, "This field is required."),
    ({"expires_on": "2020-01-01"}, "This day has passed."),
    ({"expires_on": "9999-12-31"}, "A day up to 2100."),
]


@pytest.mark.parametrize(("sent", "message"), WRONG, ids=[f"{sent}"[:50] for sent, _ in WRONG])
def test_what_is_wrong_with_a_waiver_is_told_at_its_field(
    initiative: Initiative, ravi: User, sent: dict[str, str], message: str
) -> None:
    response = waive(pages(ravi), initiative, **sent)
    assert response.status_code == 422
    page = read(response)
    assert message in page.text
    assert complaints(page) == []
    assert not Waiver.objects.exists()


def test_a_reviewer_who_wrote_in_the_gate_is_kept_apart_and_keeps_what_was_typed(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    place = initiative.team_roles.create(user=ravi, role="member", since=clock.now())
    answer_all(initiative, ravi, gates=["data"])
    place.until = clock.now()
    place.save()
    response = waive(pages(ravi), initiative, reason="My reason.")
    assert response.status_code == 403
    page = read(response)
    assert "You wrote an answer or evidence in it since its last decision." in page.text
    assert page.one("textarea", name="reason").text == "My reason."
    assert not Waiver.objects.exists()


@pytest.mark.parametrize("who", ["lena", "omar", "elsa", "iris", "ada"])
def test_only_a_reviewer_off_the_team_grants_waivers(
    initiative: Initiative, who: str, request: pytest.FixtureRequest
) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.get(f"/initiatives/{initiative.ref}/waivers/new/").status_code == 403
    assert waive(client, initiative).status_code == 403
    assert not Waiver.objects.exists()


def test_an_ended_initiative_has_no_risks_to_accept(initiative: Initiative, lena: User, ravi: User) -> None:
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    client = pages(ravi)
    question = client.get(f"/initiatives/{initiative.ref}/waivers/new/")
    assert question.headers["Location"] == f"/initiatives/{initiative.ref}/"
    assert waive(client, initiative).status_code == 409
