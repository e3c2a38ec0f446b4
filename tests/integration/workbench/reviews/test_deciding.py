"""The decision page: what was frozen beside what changed, and every decision with what it takes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from gates.models import Condition, Decision, Initiative, Lesson, Submission
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, pass_gate, person, today
from tests.integration.workbench.markup import Node, complaints, read

LESSON = {
    "lesson-outcome": "agreed_criteria",
    "lesson-tried": "Sorting by layout.",
    "lesson-did_not_work": "Layouts change.",
}


def say(
    initiative: Initiative, by: User, code: str, answer: str | None = None, *pieces: Piece, **more: Any
) -> None:
    change = AnswerChange(code, answer, evidence=pieces, **more)
    record_answers(initiative.pk, [change], Actor.person(by), clock.now())


@pytest.fixture
def submitted(initiative: Initiative, lena: User) -> Initiative:
    """Lena's initiative, its Data gate answered and submitted."""
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "Look at DATA-2 first.", Actor.person(lena), clock.now())
    return initiative


@pytest.fixture
def checkpoint(initiative: Initiative, lena: User) -> Initiative:
    """Lena's initiative, its first checkpoint submitted with nothing answered."""
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    return initiative


def path(initiative: Initiative, gate: str = "data") -> str:
    return f"/initiatives/{initiative.ref}/gates/{gate}/decide/"


def review(person: User, initiative: Initiative, gate: str = "data") -> Node:
    response = pages(person).get(path(initiative, gate))
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def decide(client: Client, initiative: Initiative, gate: str = "data", **sent: Any) -> HttpResponse:
    waiting = Submission.objects.filter(gate__slug=gate, decided_at__isnull=True).first()
    given = {
        "submission": str(waiting.pk if waiting else 0),
        "decision": "pass",
        "rationale": "Looked at every item.",
        "rows": "3",
    }
    return client.post(path(initiative, gate), given | sent)


def a_condition(number: int, owner: str, **more: str) -> dict[str, str]:
    given = {"text": f"Promise {number}.", "owner": owner, "due": str(today() + timedelta(days=30))}
    return {f"condition-{number}-{name}": value for name, value in (given | more).items()}


def cards(page: Node) -> dict[str, tuple[str, bool]]:
    """Of each decision its words and whether it can be chosen."""
    found = {}
    for label in page.by_id("id_decision_group").all("label"):
        button = label.one("input", name="decision")
        words = " ".join(part.text for part in label.all("span"))
        found[button.attrs["value"]] = (words, "disabled" not in button.attrs)
    return found


def item(page: Node, code: str) -> Node:
    return next(card for card in page.all("section", class_="card") if card.text.startswith(code))


# --- What is shown ---


def test_what_was_submitted_is_shown_with_the_evidence_behind_every_met(
    submitted: Initiative, ravi: User
) -> None:
    page = review(ravi, submitted)
    assert page.one("h1").text == "Decide the Data gate"
    assert "Look at DATA-2 first." in page.text
    assert "Nothing changed since it was submitted." in page.text
    for number in range(1, 5):
        card = item(page, f"DATA-{number}")
        assert "Declared Met." in card.text
        assert card.links()[f"Proof of DATA-{number}"] == f"https://wiki.example.com/DATA-{number}"
        assert "Look at:" in card.text


def test_what_changed_since_is_marked_item_by_item(submitted: Initiative, lena: User, ravi: User) -> None:
    evidence = submitted.passages.get(framework_slug="five-gate").assessment.evidence
    withdraw_evidence(submitted.pk, evidence.get(item__code="DATA-2").pk, Actor.person(lena), clock.now())
    signed = Piece("link", today(), "Signed <b>sheet</b>", "https://wiki.example.com/signed")
    say(submitted, lena, "DATA-3", None, signed, note="The office signed.")
    page = review(ravi, submitted)
    assert "2 items changed after the submission." in page.text
    second = item(page, "DATA-2")
    assert "Changed since it was submitted Counts as Partial, it was Met." in second.text
    assert "Evidence withdrawn: “Proof of DATA-2”." in second.text
    third = item(page, "DATA-3")
    assert "Note: “The office signed.”" in third.text
    assert "Evidence added: “Signed <b>sheet</b>”." in third.text
    assert "Changed since" not in item(page, "DATA-1").text


def test_what_is_new_since_the_last_decision_is_marked_too(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    by = Actor.person(ravi)
    decide_gate(submitted.pk, "data", "return", "Show the peak of May.", by, clock.now())
    say(submitted, lena, "DATA-2", None, Piece("link", today(), "May", "https://wiki.example.com/may"))
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, submitted)
    assert "New since the last decision Evidence added: “May”." in item(page, "DATA-2").text
    assert "New since" not in item(page, "DATA-1").text
    assert "Show the peak of May." in page.text


def test_the_criteria_are_shown_twice(submitted: Initiative, lena: User, ravi: User) -> None:
    say(submitted, lena, "DATA-1", "partial")
    page = review(ravi, submitted)
    frozen, now = (
        next(card for card in page.all("section", class_="card") if card.text.startswith(title)).text
        for title in ("The criteria, as submitted", "The criteria now")
    )
    assert "They held." in frozen and "4 of 4 items are Met" in frozen
    assert "They do not hold." in now and "is critical and must be Met; it is Partial." in now


def test_a_waiver_counts_in_the_frozen_criteria_only_if_it_stood_then(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    until = today() + timedelta(days=30)
    answer_all(initiative, lena, gates=["data"])
    say(initiative, lena, "DATA-2", "not_met")
    grant_waiver(initiative.pk, "DATA-2", "Few users.", until, Actor.person(ravi), clock.now())
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    say(initiative, lena, "DATA-3", "partial")
    page = review(ravi, initiative)
    frozen = next(card for card in page.all("section", class_="card") if "as submitted" in card.text[:40])
    assert "No other item is Not met without a waiver; under one: “Pipeline carries 3x peak”" in frozen.text
    assert "DATA-2 through" in page.text and "Few users." in page.text


def test_a_gate_and_a_checkpoint_have_words_of_their_own(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    submit_gate(submitted.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    gate = [words.split(" ")[0] for words, _ in cards(review(ravi, submitted)).values()]
    assert list(cards(review(ravi, submitted))) == ["pass", "pass_with_conditions", "return", "stop"]
    assert gate == ["Pass", "Pass", "Return", "Stop"]
    page = review(ravi, submitted, "checkpoint-0")
    labels = [words.split(" ")[0] for words, _ in cards(page).values()]
    assert labels == ["Go", "Go", "Rework", "Hold", "Stop"]
    assert page.one("h1").text == "Decide the checkpoint “Before the PoC”"
    assert "Recommendation: stop" in page.text


def test_only_what_is_possible_can_be_chosen_and_the_rest_says_why(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    assert all(possible for _, possible in cards(review(ravi, submitted)).values())
    say(submitted, lena, "DATA-1", "partial")
    found = cards(review(ravi, submitted))
    assert {value: possible for value, (_, possible) in found.items()} == {
        "pass": False,
        "pass_with_conditions": False,
        "return": True,
        "stop": True,
    }
    assert "The criteria of the Data gate do not hold." in found["pass"][0]


def test_a_submission_behind_a_lapsed_gate_cannot_be_decided(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    answer_all(initiative, lena)
    pass_gate(initiative, "data", lena, ravi)
    submit_gate(initiative.pk, "architecture", "", Actor.person(lena), clock.now())
    say(initiative, lena, "DATA-1", "partial")
    page = review(ravi, initiative, "architecture")
    assert "It cannot be decided now" in page.text
    assert not page.all("form", class_="form decision")
    response = decide(pages(ravi), initiative, "architecture", decision="return")
    assert response.status_code == 409
    assert "The Architecture gate is locked until every one before it is passed." in read(response).text


def test_an_initiative_on_hold_already_offers_no_second_hold(
    checkpoint: Initiative, lena: User, ravi: User
) -> None:
    set_hold(checkpoint.pk, "Budget.", today(), Actor.person(lena), clock.now())
    words, possible = cards(review(ravi, checkpoint, "checkpoint-0"))["hold"]
    assert not possible and "It is on hold already." in words


def test_where_nothing_waits_it_leads_to_the_gate(initiative: Initiative, ravi: User) -> None:
    response = pages(ravi).get(path(initiative))
    assert response.headers["Location"] == f"/initiatives/{initiative.ref}/gates/data/"


def test_on_an_ended_initiative_nothing_is_left_to_decide(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    lesson = {"tried": "Sorting.", "did_not_work": "Layouts.", "outcome": "decided"}
    move_stage(submitted.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", lesson)
    client = pages(ravi)
    assert client.get(path(submitted)).headers["Location"] == f"/initiatives/{submitted.ref}/"
    response = decide(client, submitted)
    assert response.status_code == 409
    assert "This initiative has ended (stopped)." in read(response).text


# --- Deciding ---


def test_a_pass(submitted: Initiative, ravi: User) -> None:
    client = pages(ravi)
    response = decide(client, submitted, rationale="Held <b>twice</b> 🚀 فرز.")
    assert response.headers["Location"] == f"/initiatives/{submitted.ref}/gates/data/"
    made = Decision.objects.get()
    assert (made.decision, made.by, made.rationale) == ("pass", ravi, "Held <b>twice</b> 🚀 فرز.")
    page = client.get(response.headers["Location"])
    assert "Decided. The Data gate: pass." in read(page).text
    assert b"<b>twice" not in page.content


def test_a_pass_with_conditions_leaves_empty_rows_out(submitted: Initiative, ravi: User, lena: User) -> None:
    sent = a_condition(0, "lena") | a_condition(2, "ravi")
    response = decide(pages(ravi), submitted, decision="pass_with_conditions", **sent)
    assert response.status_code == 302
    made = list(Condition.objects.order_by("pk").values_list("text", "owner__username"))
    assert made == [("Promise 0.", "lena"), ("Promise 2.", "ravi")]


def test_another_row_is_added_and_nothing_typed_is_lost_or_decided(submitted: Initiative, ravi: User) -> None:
    sent = a_condition(0, "lena", due="") | {"rationale": "So far."}
    response = decide(pages(ravi), submitted, decision="pass_with_conditions", another="1", **sent)
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    assert len(page.all(class_="decision__row")) == 4
    assert page.one("input", name="rows").attrs["value"] == "4"
    assert page.one("textarea", name="condition-0-text").text == "Promise 0."
    assert page.one("textarea", name="rationale").text == "So far."
    assert page.chosen("decision") == "pass_with_conditions"
    assert not page.all(class_="field__error")
    assert not Decision.objects.exists()
    assert decide(pages(ravi), submitted, another="1", rows="999").status_code == 200
    assert decide(pages(ravi), submitted, another="1", rows="x").status_code == 200


def test_a_return_may_put_it_on_hold_and_need_not(submitted: Initiative, ravi: User, lena: User) -> None:
    client = pages(ravi)
    decide(client, submitted, decision="return")
    submitted.refresh_from_db()
    assert submitted.hold is None
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    day = today() + timedelta(days=20)
    sent = {"hold-reason": "The source is being replaced.", "hold-review_on": str(day)}
    assert decide(client, submitted, decision="return", **sent).status_code == 302
    submitted.refresh_from_db()
    assert submitted.hold is not None
    assert (submitted.hold.reason, submitted.hold.review_on) == ("The source is being replaced.", day)


def test_a_hold_of_a_checkpoint_is_a_return_with_a_hold(checkpoint: Initiative, ravi: User) -> None:
    client = pages(ravi)
    refused = decide(client, checkpoint, "checkpoint-0", decision="hold")
    assert refused.status_code == 422
    assert read(refused).by_id("id_hold-review_on_error").text == "Name a day."
    assert not Decision.objects.exists()
    sent = {"hold-reason": "Budget of May.", "hold-review_on": str(today() + timedelta(days=9))}
    response = decide(client, checkpoint, "checkpoint-0", decision="hold", **sent)
    assert response.status_code == 302
    assert Decision.objects.get().decision == "return"
    checkpoint.refresh_from_db()
    assert checkpoint.hold is not None


def test_a_stop_ends_the_initiative_with_its_lesson(checkpoint: Initiative, ravi: User) -> None:
    response = decide(pages(ravi), checkpoint, "checkpoint-0", decision="stop", **LESSON)
    assert response.headers["Location"] == f"/initiatives/{checkpoint.ref}/"
    checkpoint.refresh_from_db()
    assert checkpoint.stage == "stopped"
    assert Lesson.objects.get().outcome == "agreed_criteria"


def test_a_stop_without_its_lesson_is_told_at_the_fields(checkpoint: Initiative, ravi: User) -> None:
    response = decide(pages(ravi), checkpoint, "checkpoint-0", decision="stop", **{"lesson-tried": "All."})
    assert response.status_code == 422
    page = read(response)
    assert page.by_id("id_lesson-did_not_work_error").text == "This field is required."
    assert page.one("textarea", name="lesson-tried").text == "All."
    assert complaints(page) == []
    assert not Decision.objects.exists()


# --- What is refused ---

REFUSED: list[tuple[dict[str, str], str]] = [
    ({"decision": ""}, "Choose a decision."),
    ({"decision": "perhaps"}, "Select a valid choice. perhaps is not one of the available choices."),
    ({"decision": "hold"}, "Select a valid choice. hold is not one of the available choices."),
    ({"rationale": "  "}, "This field is required."),
    ({"rationale": "x" * 10_000}, "At most 5000 characters; this has 10000."),
    ({"rationale": "a\x00b"}, "Null characters are not allowed."),
    ({"submission": "x"}, "Enter a whole number."),
    ({"decision": "pass_with_conditions"}, "A pass with conditions needs at least one condition."),
    (
        {"decision": "pass_with_conditions", "condition-0-text": "A promise."},
        "Name an active person who owns it.",
    ),
    (
        {"decision": "pass_with_conditions", "condition-1-due": "31.02.2026"},
        "Enter a valid date.",
    ),
    (
        {"decision": "pass_with_conditions", "condition-2-text": "x" * 10_000},
        "At most 2000 characters; this has 10000.",
    ),
    (
        {"decision": "return", "hold-reason": "Budget."},
        "Name a day.",
    ),
    (
        {"decision": "return", "hold-reason": "Budget.", "hold-review_on": "2020-01-01"},
        "This day has passed.",
    ),
]


@pytest.mark.parametrize(("sent", "message"), REFUSED, ids=[f"{sent}"[:60] for sent, _ in REFUSED])
def test_what_is_wrong_with_a_decision_is_told_and_nothing_decided(
    submitted: Initiative, ravi: User, sent: dict[str, str], message: str
) -> None:
    response = decide(pages(ravi), submitted, **sent)
    assert response.status_code == 422
    page = read(response)
    assert message in page.text
    assert complaints(page) == []
    assert not Decision.objects.exists()


def test_an_error_in_a_condition_stands_in_its_own_row(submitted: Initiative, ravi: User) -> None:
    sent = a_condition(0, "lena") | a_condition(2, "lena", due="2020-01-01")
    response = decide(pages(ravi), submitted, decision="pass_with_conditions", **sent)
    assert response.status_code == 422
    page = read(response)
    assert page.by_id("id_condition-2-due_error").text == "This day has passed."
    assert not page.has_id("id_condition-0-due_error")
    assert page.one("textarea", name="condition-0-text").text == "Promise 0."


def test_a_pass_while_the_criteria_do_not_hold_is_refused_with_what_stands_in_the_way(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    say(submitted, lena, "DATA-1", "partial")
    response = decide(pages(ravi), submitted, rationale="It is good enough.")
    assert response.status_code == 409
    page = read(response)
    assert "The criteria of the Data gate do not hold." in page.text
    assert page.links_to(f"/initiatives/{submitted.ref}/checklist/data/#DATA-1")
    assert page.one("textarea", name="rationale").text == "It is good enough."
    assert page.chosen("decision") == "pass"
    assert not Decision.objects.exists()


def test_who_was_quicker_wins_and_what_was_typed_is_shown_once_more(
    submitted: Initiative, ravi: User
) -> None:
    quicker = person("rita", reviewer=True)
    client = pages(ravi)
    waiting = str(Submission.objects.get().pk)
    decide(pages(quicker), submitted, decision="return")
    response = decide(client, submitted, submission=waiting, rationale="Mine.")
    assert response.status_code == 409
    page = read(response)
    assert "has no submission that waits for a decision" in page.text
    assert page.one("textarea", name="rationale").text == "Mine."
    assert Decision.objects.count() == 1


def test_a_submission_that_nobody_looked_at_is_not_decided_unseen(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    quicker = person("rita", reviewer=True)
    looked_at = str(Submission.objects.get().pk)
    decide(pages(quicker), submitted, decision="return")
    submit_gate(submitted.pk, "data", "Anew.", Actor.person(lena), clock.now())
    client = pages(ravi)
    response = decide(client, submitted, submission=looked_at)
    assert response.status_code == 409
    page = read(response)
    assert "Another submission has taken the place of the one you looked at." in page.text
    assert "Anew." in page.text
    newer = page.one("input", name="submission").attrs["value"]
    assert newer != looked_at
    assert decide(client, submitted, submission=newer).status_code == 302


@pytest.mark.parametrize("who", ["lena", "omar", "elsa", "iris", "ada"])
def test_only_a_reviewer_off_the_team_decides(
    submitted: Initiative, who: str, request: pytest.FixtureRequest
) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.get(path(submitted)).status_code == 403
    assert decide(client, submitted).status_code == 403
    assert not Decision.objects.exists()


def test_who_submitted_it_never_decides_it_whatever_their_role(submitted: Initiative, lena: User) -> None:
    lena.is_reviewer = True
    lena.save()
    assert decide(pages(lena), submitted).status_code == 403


def test_a_reviewer_who_wrote_in_it_may_look_but_not_decide(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    place = initiative.team_roles.create(user=ravi, role="member", since=clock.now())
    answer_all(initiative, ravi, gates=["data"])
    place.until = clock.now()
    place.save()
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, initiative)
    assert "You may not decide this" in page.text
    assert "You wrote an answer or evidence in it since its last decision." in page.text
    assert not page.all("form", class_="form decision")
    assert decide(pages(ravi), initiative).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("gate", ["profile", "nothing"])
def test_what_is_no_gate_is_not_found(initiative: Initiative, ravi: User, gate: str) -> None:
    assert pages(ravi).get(path(initiative, gate)).status_code == 404


def test_what_people_wrote_is_shown_as_text(submitted: Initiative, lena: User, ravi: User) -> None:
    script = "<script>alert(1)</script>"
    piece = Piece("statement", today(), script, stated_by=script)
    say(submitted, lena, "DATA-2", "met", piece, note=script)
    response = pages(ravi).get(path(submitted))
    assert script.encode() not in response.content
    assert script in read(response).text


def test_its_queries_do_not_grow_with_the_history_of_the_gate(
    submitted: Initiative, lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    client = pages(ravi)

    def round_trip(number: int) -> None:
        by = Actor.person(ravi)
        decide_gate(submitted.pk, "data", "return", "Again.", by, clock.now())
        pieces = [Piece("link", today(), "Proof", f"https://x.example.com/{number}/{n}") for n in range(5)]
        say(submitted, lena, "DATA-2", None, *pieces)
        submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())

    round_trip(0)
    few = query_count(lambda: client.get(path(submitted)))
    for number in range(1, 8):
        round_trip(number)
    assert query_count(lambda: client.get(path(submitted))) == few


def test_a_hidden_initiative_is_not_there(lena: User, omar: User) -> None:
    hidden = create(lena, visibility="team")
    assert pages(omar).get(path(hidden)).status_code == 404
