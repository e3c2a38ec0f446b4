"""Deciding: every decision with what it takes, and how it is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gates.models import Comment, Condition, Decision, Initiative, Lesson, Submission, Waiver
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.pieces import Piece
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, person, today
from tests.integration.workbench.markup import Node, complaints, read
from tests.integration.workbench.reviews.scenes import LESSON, a_condition, decide, item, path, review, say


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
    page = read(refused)
    assert page.by_id("id_hold-review_on_error").text == "Name a day."
    assert page.by_id("decide").one(class_="form-errors").links_to("#id_hold-review_on")
    assert not page.one("fieldset", class_="decision__part decision__hold").all(class_="field__optional")
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
    assert Lesson.objects.get().outcome == "decided"


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
    ({"rationale": "  "}, "Say why you decide so."),
    ({"rationale": "x" * 10_000}, "At most 5,000 characters; this has 10,000."),
    ({"rationale": "a\x00b"}, "Null characters are not allowed."),
    ({"submission": "x"}, "Enter a whole number."),
    ({"decision": "pass_with_conditions"}, "A pass with conditions needs at least one condition."),
    (
        {"decision": "pass_with_conditions", "condition-0-text": "A promise."},
        "Name somebody active who owns it, may see this initiative, and does not only read.",
    ),
    (
        {"decision": "pass_with_conditions", "condition-1-due": "31.02.2026"},
        "Enter a valid date.",
    ),
    (
        {"decision": "pass_with_conditions", "condition-2-text": "x" * 10_000},
        "At most 2,000 characters; this has 10,000.",
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


# --- Comments at items, a waiver on the way, and what changed meanwhile ---


def test_a_return_leaves_comments_at_items_and_the_team_sees_them(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    said = {"comment-DATA-2-text": "Which <b>peak</b>, @lena?", "comment-DATA-4-text": " "}
    response = decide(pages(ravi), submitted, decision="return", **said)
    assert response.status_code == 302
    assert list(Comment.objects.values_list("item", "body")) == [("DATA-2", "Which <b>peak</b>, @lena?")]
    gate = pages(lena).get(f"/initiatives/{submitted.ref}/gates/data/")
    page = read(gate)
    assert complaints(page) == []
    assert b"<b>peak" not in gate.content
    told = page.by_id("returned").text
    assert "Returned by Ravi" in told and "Looked at every item." in told
    assert "DATA-2 Which <b>peak</b>, @lena?" in told
    assert page.by_id("returned").links_to(f"/initiatives/{submitted.ref}/checklist/data/#DATA-2")


def test_a_comment_that_cannot_be_left_is_named_at_its_item_and_nothing_is_decided(
    submitted: Initiative, ravi: User
) -> None:
    sent = {"comment-DATA-2-text": "Fine.", "comment-DATA-3-text": "Ask @nobody."}
    response = decide(pages(ravi), submitted, decision="return", **sent)
    assert response.status_code == 422
    page = read(response)
    assert complaints(page) == []
    assert "Nobody who may see this initiative goes by @nobody" in item(page, "DATA-3").text
    summary = page.by_id("decide").one(class_="form-errors")
    assert "A comment to the team at DATA-3: Nobody who may see this initiative" in summary.text
    assert summary.links_to("#id_comment-DATA-3-text") and page.has_id("id_comment-DATA-3-text")
    assert page.one("textarea", name="comment-DATA-2-text").text == "Fine."
    assert "open" in page.by_id("remark-DATA-3").attrs
    assert not Decision.objects.exists() and not Comment.objects.exists()


def test_a_waiver_is_granted_on_the_way_and_what_was_typed_stays(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    say(submitted, lena, "DATA-2", "not_met")
    client = pages(ravi)
    page = review(ravi, submitted)
    assert page.all("button", name="grant", value="DATA-2") and not page.all("button", value="DATA-1")
    typed = {"rationale": "So far.", "comment-DATA-3-text": "Good."}
    refused = decide(client, submitted, grant="DATA-2", **typed)
    assert refused.status_code == 422
    assert "This field is required." in item(read(refused), "DATA-2").text
    assert read(refused).one(class_="form-errors").links_to("#id_waiver-DATA-2-reason")
    until = str(today() + timedelta(days=20))
    given = {"waiver-DATA-2-reason": "Few users.", "waiver-DATA-2-expires_on": until}
    response = decide(client, submitted, grant="DATA-2", **typed, **given)
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    assert "DATA-2 is under a waiver." in page.text
    assert page.one("textarea", name="rationale").text == "So far."
    assert page.one("textarea", name="comment-DATA-3-text").text == "Good."
    assert page.one("textarea", name="waiver-DATA-2-reason").text == ""
    assert Waiver.objects.get().reason == "Few users."
    assert not Decision.objects.exists()
    assert decide(client, submitted, grant="DATA-9", **typed).status_code == 422
    assert decide(client, submitted, grant="DATA-1", **{"waiver-DATA-1-reason": "x"}).status_code == 422


def seen_on(page: Node) -> dict[str, str]:
    return {name: page.one("input", name=name).attrs["value"] for name in ("submission", "seen")}


def test_what_changed_while_the_page_was_open_is_shown_before_it_is_decided(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    opened = seen_on(review(ravi, submitted))
    say(submitted, lena, "DATA-3", "partial", note="The office took it back.")
    client = pages(ravi)
    response = decide(client, submitted, decision="return", rationale="Mine.", **opened)
    assert response.status_code == 409
    page = read(response)
    assert complaints(page) == []
    assert "This was changed after you opened the page." in page.text
    alert = page.one(class_="decision__refusal").text
    assert "DATA-3: another answer, another note, Lena," in alert and "DATA-2" not in alert
    assert "Answer was Met is Partial" in item(page, "DATA-3").text
    assert page.one("textarea", name="rationale").text == "Mine."
    assert not Decision.objects.exists()
    assert decide(client, submitted, decision="return", **seen_on(page)).status_code == 302


def test_who_decided_meanwhile_is_named_with_the_reason(submitted: Initiative, ravi: User) -> None:
    opened = seen_on(review(ravi, submitted))
    decide(pages(person("rita", reviewer=True)), submitted, decision="return", rationale="Not yet.")
    response = decide(pages(ravi), submitted, rationale="Mine.", **opened)
    assert response.status_code == 409
    page = read(response)
    assert "Rita decided meanwhile: Return" in page.text and "Not yet." in page.text
    assert page.one("textarea", name="rationale").text == "Mine."


@pytest.mark.parametrize("seen", ["", "DATA-1", "DATA-1:x :3 DATA-77:1", "ⅷ:ⅷ"])
def test_a_page_that_says_nothing_useful_of_what_it_showed_decides_what_stands(
    submitted: Initiative, ravi: User, seen: str
) -> None:
    assert decide(pages(ravi), submitted, decision="return", seen=seen).status_code == 302


# --- On to the next ---


def test_one_decision_leads_to_the_next(submitted: Initiative, lena: User, ravi: User) -> None:
    other = create(lena, name="Claims <b>triage</b>")
    submit_gate(other.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    following = f"/initiatives/{other.ref}/gates/checkpoint-0/decide/"
    client = pages(ravi)
    assert read(client.get(path(submitted))).links()["Skip to the next (1 more)"] == following
    done = client.get(decide(client, submitted).headers["Location"])
    assert b"<b>triage" not in done.content
    assert read(done).links()["Next: Claims <b>triage</b>, Before the PoC (1 left)"] == following
    last = client.get(decide(client, other, "checkpoint-0", decision="return").headers["Location"])
    assert "Nothing else waits for you." in read(last).text


def test_a_condition_is_given_to_whom_may_keep_it(
    submitted: Initiative, ravi: User, omar: User, iris: User
) -> None:
    def taken(owner: str) -> int:
        rows = a_condition(0, owner)
        response = decide(pages(ravi), submitted, decision="pass_with_conditions", **rows)
        return response.status_code

    assert taken("iris") == 422
    Initiative.objects.filter(pk=submitted.pk).update(visibility="team")
    assert taken("omar") == 422
    Initiative.objects.filter(pk=submitted.pk).update(visibility="organisation")
    assert taken("omar") == 302
