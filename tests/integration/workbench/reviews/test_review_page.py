"""The decision page before anything is sent: what changed, what was frozen, how it stands, who may decide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from checklists.models import Item
from gates.models import Condition, Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.comments import add_comment
from readiness.actions.gates import ItemComment, decide_gate, submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.material_changes import declare_material_change
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, pages, pass_gate, person, promise, today
from tests.integration.workbench.markup import read
from tests.integration.workbench.reviews.scenes import (
    cards,
    criteria_of,
    decide,
    item,
    marked,
    path,
    review,
    say,
    tile,
)


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


def test_at_each_item_stands_what_the_claimed_answer_takes(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    met, partial, unsaid = Item.objects.filter(gate__slug="checkpoint-0").order_by("position")[:3]
    say(initiative, lena, met.code, "met")
    say(initiative, lena, partial.code, "partial")
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    page = review(ravi, initiative, "checkpoint-0")
    for row, label, text in ((met, "Met", met.when_met), (partial, "Partial", partial.when_partial)):
        claim = item(page, row.code).one("p", class_="claim__text")
        assert claim.text == " ".join(text.split())
        assert claim.parent is not None and claim.parent.text.startswith(f"{label} means:")
    assert item(page, unsaid.code).all("p", class_="claim__text") == []


def test_numbered_points_of_a_claim_stand_on_lines_of_their_own(submitted: Initiative, ravi: User) -> None:
    claim = item(review(ravi, submitted), "DATA-1").one("p", class_="claim__text")
    assert "\n(2) " in "".join(one for one in claim.parts if isinstance(one, str))


def test_it_is_a_page_of_the_reviews(submitted: Initiative, ravi: User) -> None:
    entries = (
        review(ravi, submitted).one("nav", **{"aria-label": "Main"}).all("a", **{"aria-current": "page"})
    )
    assert [one.text for one in entries] == ["Reviews"]


def test_a_first_review_says_that_everything_is_new(submitted: Initiative, ravi: User) -> None:
    page = review(ravi, submitted)
    assert "First review: everything is new" in page.text
    assert not page.has_id("unchanged")
    assert tile(page, "Answers, all new") == "4"
    assert tile(page, "New evidence") == "4"
    assert tile(page, "The criteria") == "Fulfilled as submitted and now"


def test_what_changed_since_is_marked_item_by_item(submitted: Initiative, lena: User, ravi: User) -> None:
    evidence = submitted.passages.get(framework_slug="five-gate").assessment.evidence
    withdraw_evidence(submitted.pk, evidence.get(item__code="DATA-2").pk, Actor.person(lena), clock.now())
    signed = Piece("link", today(), "Signed <b>sheet</b>", "https://wiki.example.com/signed")
    say(submitted, lena, "DATA-3", None, signed, note="The office signed.")
    page = review(ravi, submitted)
    assert "2 items changed after the submission." in page.text
    second = marked(item(page, "DATA-2"), "warning")
    assert "Counts as was Met is Partial" in second
    assert "Evidence withdrawn Proof of DATA-2 Lena," in second
    third = marked(item(page, "DATA-3"), "warning")
    assert "Note added: The office signed. Lena," in third
    assert "Evidence added Signed <b>sheet</b>" in third
    assert "Changed since" not in item(page, "DATA-1").text


def test_what_is_new_since_the_last_decision_stands_first_and_the_rest_is_folded(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    by = Actor.person(ravi)
    say(submitted, lena, "DATA-2", note="Tested at the peak.")
    decide_gate(submitted.pk, "data", "return", "Show the peak of May.", by, clock.now())
    may = Piece("link", today(), "May", "https://wiki.example.com/may")
    say(submitted, lena, "DATA-2", "partial", may, note="Tested at three times the peak.")
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, submitted)
    new = marked(item(page, "DATA-2"), "info")
    assert "Answer was Met is Partial Lena," in new
    assert "Tested at added: three times the peak." in new
    assert "Evidence added May of" in new
    folded = page.by_id("unchanged")
    assert folded.all("summary")[0].text == "3 items are as they were"
    assert {node.attrs["id"] for node in folded.all("section")} == {f"review-DATA-{n}" for n in (1, 3, 4)}
    assert "Show the peak of May." in page.text
    assert tile(page, "Answers changed") == "1 1 counts for less"
    assert tile(page, "New evidence") == "1"


def test_what_happened_beside_the_items_is_told(submitted: Initiative, lena: User, ravi: User) -> None:
    by = Actor.person(ravi)
    question = [ItemComment("DATA-2", "Which <b>peak</b>?")]
    decide_gate(submitted.pk, "data", "return", "Again.", by, clock.now(), item_comments=question)
    omar, mia = person("omar"), person("mia")
    earlier = clock.now() - timedelta(days=9)
    submitted.team_roles.create(user=omar, role="member", since=earlier, until=clock.now())
    submitted.team_roles.create(user=mia, role="deputy", since=clock.now())
    note = "Version 3 of the model."
    declare_material_change(submitted.pk, "model", note, ["data"], Actor.person(lena), clock.now())
    add_comment(submitted.pk, "Both are shown now.", Actor.person(lena), clock.now(), gate="data")
    add_comment(submitted.pk, "About nothing here.", Actor.person(lena), clock.now())
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, submitted)
    assert "Left Omar, Member" in page.text and "Joined Mia, Deputy" in page.text
    assert "Joined Omar" not in page.text and "Lena, Technical lead" not in page.text
    assert "Version 3 of the model." in page.text
    assert "Both are shown now." in page.text and "About nothing here." not in page.text
    assert "Which <b>peak</b>? Ravi," in item(page, "DATA-2").text


def test_evidence_that_ran_out_meanwhile_is_named(initiative: Initiative, lena: User, ravi: User) -> None:
    then = clock.now() - timedelta(days=40)
    answer_all(initiative, lena, gates=["data"], at=then)
    old = Piece("link", today() - timedelta(days=45), "Old run", "https://x.example.com/", expires_on=today())
    record_answers(initiative.pk, [AnswerChange("DATA-2", evidence=(old,))], Actor.person(lena), then)
    initiative.passages.get(framework_slug="five-gate").assessment.evidence.filter(title="Old run").update(
        expires_on=today() - timedelta(days=3)
    )
    submit_gate(initiative.pk, "data", "", Actor.person(lena), then)
    decide_gate(initiative.pk, "data", "return", "Again.", Actor.person(ravi), then)
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, initiative)
    assert "Evidence ran out Old run in force through" in item(page, "DATA-2").text
    assert "1 ran out" in tile(page, "New evidence")
    assert "ran out" not in item(page, "DATA-1").text


def test_open_conditions_and_earlier_decisions_stand_beside(
    submitted: Initiative, lena: User, ravi: User
) -> None:
    by = Actor.person(ravi)
    decide_gate(submitted.pk, "data", "return", "The first reason.", by, clock.now())
    pass_gate(submitted, "data", lena, ravi, conditions=[promise(lena, "Write it down.")])
    submit_gate(submitted.pk, "data", "", Actor.person(lena), clock.now())
    page = review(ravi, submitted)
    assert "Write it down. Open Lena," in page.by_id("review-conditions").text
    assert tile(page, "Open conditions") == "1"
    assert "The first reason." in page.text and "Looked at every item." in page.text
    Condition.objects.update(due=today() - timedelta(days=1))
    assert tile(review(ravi, submitted), "Open conditions") == "1 1 overdue"


def test_the_criteria_are_shown_twice(submitted: Initiative, lena: User, ravi: User) -> None:
    say(submitted, lena, "DATA-1", "partial")
    page = review(ravi, submitted)
    assert tile(page, "The criteria") == "Not fulfilled now; they were when submitted"
    clauses = criteria_of(page)
    assert clauses["4 of 4 items are Met; 3 must be."] == ("Holds", "–it read otherwise")
    assert clauses["3 of 4 items are Met; 3 must be."] == ("–it read otherwise", "Holds")
    assert clauses["“Source quality proven” is critical and must be Met; it is Partial."] == (
        "–it read otherwise",
        "Does not hold",
    )
    assert clauses["No other item is Not met."] == ("Holds", "Holds")


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
    under = next(words for words in criteria_of(page) if "without a waiver; under one" in words)
    assert "“Pipeline carries 3x peak”" in under
    assert criteria_of(page)[under] == ("Holds", "Holds")
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


def test_its_queries_do_not_grow_with_what_changed(
    submitted: Initiative, lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    by = Actor.person(lena)
    decide_gate(submitted.pk, "data", "return", "Again.", Actor.person(ravi), clock.now())

    def change(number: int) -> None:
        code = f"DATA-{number % 4 + 1}"
        proof = Piece("link", today(), f"Proof {number}", f"https://x.example.com/{number}")
        say(submitted, lena, code, "partial" if number % 2 else "met", proof, note=f"Note {number}.")
        add_comment(submitted.pk, f"Comment {number}.", by, clock.now(), item=code)
        submitted.team_roles.create(
            user=person(f"p{number}"), role="member", since=clock.now() - timedelta(days=1), until=clock.now()
        )

    def queries() -> int:
        answer_all(submitted, lena, gates=["data"])
        submit_gate(submitted.pk, "data", "", by, clock.now())
        change(1000 + len(counts))
        counts.append(query_count(lambda: pages(ravi).get(path(submitted))))
        decide_gate(submitted.pk, "data", "return", "Again.", Actor.person(ravi), clock.now())
        return counts[-1]

    counts: list[int] = []
    for number in range(4):
        change(number)
    few = queries()
    for number in range(4, 44):
        change(number)
    assert queries() == few
