"""The checklist of a gate as different people meet it, and as time has left it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gates.models import Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import submit_gate
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, make_ready, pages, pass_gate, today
from tests.integration.workbench.markup import Node, complaints, read

LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def checklist(client: Client, initiative: Initiative, gate: str = "data") -> Node:
    response = client.get(f"/initiatives/{initiative.ref}/checklist/{gate}/")
    assert response.status_code == 200
    return read(response)


def say(
    initiative: Initiative, by: User, code: str, answer: str | None = None, *pieces: Piece, **more: Any
) -> None:
    change = AnswerChange(code, answer, evidence=pieces, **more)
    record_answers(initiative.pk, [change], Actor.person(by), clock.now())


@pytest.mark.parametrize(
    ("gate", "heading", "codes"),
    [
        ("data", "Checklist: Data", [f"DATA-{number}" for number in range(1, 5)]),
        ("checkpoint-0", "Checklist: Before the PoC", [f"CP0-{number}" for number in range(1, 8)]),
        ("profile", "PoC-to-production gap", [f"ENV-{number}" for number in range(1, 11)]),
        ("conversation", "Checklist: Conversation in the wild", [f"CONV-{number}" for number in range(1, 9)]),
    ],
)
def test_every_framework_has_its_checklist(
    initiative: Initiative, lena: User, gate: str, heading: str, codes: list[str]
) -> None:
    attach_framework(initiative.pk, "conversational-ai", Actor.person(lena), clock.now())
    page = checklist(pages(lena), initiative, gate)
    assert page.one("h1").text == heading
    assert [node.attrs["id"] for node in page.all("article")] == codes
    assert complaints(page) == []


def test_the_questions_to_begin_with_are_open_until_something_is_answered(
    initiative: Initiative, lena: User
) -> None:
    def is_open() -> bool:
        found = checklist(pages(lena), initiative).all("details")
        return "open" in next(one for one in found if "Questions to begin with" in one.text).attrs

    assert is_open()
    say(initiative, lena, "DATA-2", note="Half of it is there.")
    assert is_open()
    say(initiative, lena, "DATA-2", "partial")
    assert not is_open()


def test_a_checkpoint_is_never_called_a_gate_nor_a_gate_a_checkpoint(
    initiative: Initiative, lena: User
) -> None:
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    gate = checklist(pages(lena), initiative).by_id("checklist-side").text.lower()
    checkpoint = checklist(pages(lena), initiative, "checkpoint-0").by_id("checklist-side").text.lower()
    own, _, _ = checkpoint.partition("next best action")
    assert "checkpoint" not in gate.partition("next best action")[0]
    assert "gate" not in own
    assert "reviews and decisions of this checkpoint" in own


def test_a_profile_speaks_of_the_way_to_production_and_of_no_fault(
    initiative: Initiative, lena: User
) -> None:
    say(initiative, lena, "ENV-1", "not_met")
    say(initiative, lena, "ENV-2", "partial")
    page = checklist(pages(lena), initiative, "profile")
    labels = [node.text for node in page.by_id("ENV-3").all("label") if node.all("input", name="answer")]
    wanted = ["As in a PoC", "On the way", "As in production", "Unanswered"]
    assert [label.startswith(word) for label, word in zip(labels, wanted, strict=True)] == [True] * 4
    assert page.by_id("ENV-1-counts").text.startswith("As in a PoC")
    side = page.by_id("checklist-side")
    assert "2 of 10 described" in side.text
    assert [node.attrs.get("data-tone") for node in side.all(class_="profile__dot")] == ["neutral", "info"]
    assert "Submit" not in page.text


def test_all_three_states_are_shown_with_the_reason_why_less_counts(
    initiative: Initiative, lena: User
) -> None:
    say(initiative, lena, "DATA-2", "met")
    card = checklist(pages(lena), initiative).by_id("DATA-2")
    states = card.by_id("DATA-2-state")
    shown = dict(zip([n.text for n in states.all("dt")], [n.text for n in states.all("dd")], strict=True))
    assert shown == {
        "Declared": "Met",
        "Evidence allows": "Partial",
        "Measured": "No check yet",
        "Counts as": "Partial",
    }
    assert "Met counts as Partial: no evidence has been given." in card.by_id("DATA-2-state").text


def test_evidence_says_of_which_day_it_is_and_for_how_long_it_holds(
    initiative: Initiative, lena: User
) -> None:
    day = today()
    fresh = Piece("link", day - timedelta(days=10), "The newest report", "https://wiki.example.com/a")
    old = Piece("link", day - timedelta(days=90), "An older report", "https://wiki.example.com/b")
    said = Piece(
        "statement",
        day - timedelta(days=1),
        "The owner agreed.",
        stated_by="Marta, head of data",
        expires_on=day + timedelta(days=5),
    )
    say(initiative, lena, "DATA-1", "met", fresh, old, said)
    pieces = checklist(pages(lena), initiative).by_id("DATA-1-pieces").all("li")
    texts = {node.one(class_="piece__title").text: node.text for node in pieces}
    until = f"Good for 50 more days, through {day + timedelta(days=50):%-d %b %Y}"
    assert "Allows Met" in texts["The newest report"] and until in texts["The newest report"]
    ran_out = f"Ran out 30 days ago, on {day - timedelta(days=30):%-d %b %Y}"
    assert ran_out in texts["An older report"] and "Allows Partial" in texts["An older report"]
    until = f"Good for 5 more days, through {day + timedelta(days=5):%-d %b %Y}"
    assert until in texts["The owner agreed."]
    assert "stated by Marta, head of data" in texts["The owner agreed."]
    address = pieces[1].all("a")[0].attrs  # the newest is the statement
    assert address["rel"] == "noopener noreferrer nofollow"


def test_withdrawn_evidence_stays_to_be_seen(initiative: Initiative, lena: User) -> None:
    say(initiative, lena, "DATA-1", "met", Piece("link", today(), "Proof", "https://wiki.example.com/a"))
    piece = initiative.passages.get(framework_slug="five-gate").assessment.evidence.get()
    withdraw_evidence(initiative.pk, piece.pk, Actor.person(lena), clock.now())
    card = checklist(pages(lena), initiative).by_id("DATA-1-pieces")
    assert card.one("summary").text == "1 piece withdrawn"
    assert "withdrawn on" in card.text
    assert not card.all(class_="piece__withdraw")


def test_a_waiver_in_force_is_shown_at_its_item(initiative: Initiative, lena: User, ravi: User) -> None:
    until = today() + timedelta(days=30)
    grant_waiver(initiative.pk, "DATA-2", "Only 40 users until May.", until, Actor.person(ravi), clock.now())
    card = checklist(pages(lena), initiative).by_id("DATA-2")
    words = f"Under a waiver through {until:%-d %b %Y}, granted by Ravi: Only 40 users until May."
    assert words in card.by_id("DATA-2-state").text
    assert "Waiver" in card.by_id("DATA-2-counts").text


def test_only_a_reviewer_is_offered_a_waiver_and_never_for_a_critical_item(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    address = f"/initiatives/{initiative.ref}/waivers/new/?item="
    page = checklist(pages(ravi), initiative)
    assert page.links_to(f"{address}DATA-2")
    assert not page.links_to(f"{address}DATA-1")
    assert not checklist(pages(lena), initiative).links_to(f"{address}DATA-2")
    assert not checklist(pages(ravi), initiative, "checkpoint-0").links_to(f"{address}CP0-4")


def test_the_guidance_of_an_item_stands_beside_it(initiative: Initiative, lena: User) -> None:
    card = checklist(pages(lena), initiative).by_id("DATA-1")
    text = card.text
    for words in (
        "Critical",
        "All production sources are listed",
        "The reviewer looks at",
        "Source list with owners",
        "60 days old",
        "Generative AI and agents",
    ):
        assert words in text


@pytest.mark.parametrize("who", ["ravi", "omar", "elsa", "iris", "ada"])
def test_who_may_not_answer_reads_without_a_single_form(
    initiative: Initiative, lena: User, who: str, request: pytest.FixtureRequest
) -> None:
    say(
        initiative,
        lena,
        "DATA-1",
        "met",
        Piece("link", today(), "Proof", "https://x.example.com"),
        note="Look.",
    )
    page = checklist(pages(request.getfixturevalue(who)), initiative)
    main = page.one("main")
    assert not main.all("form")
    assert [node.attrs["id"] for node in main.all("input")] == [
        "checklist-keys-on"
    ]  # a wish of this browser alone
    assert "Only the team answers it." in main.text
    assert "Look." in page.by_id("DATA-1").text
    assert "Withdraw" not in main.text
    assert complaints(page) == []


def test_nobody_answers_on_an_ended_initiative(initiative: Initiative, lena: User) -> None:
    move_stage(initiative.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    page = checklist(pages(lena), initiative)
    assert not page.one("main").all("form")
    assert "This initiative has ended." in page.text
    assert "Next best action" not in page.text


def test_every_gate_leads_to_the_next_one(initiative: Initiative, lena: User) -> None:
    base = f"/initiatives/{initiative.ref}/checklist"
    page = checklist(pages(lena), initiative, "architecture")
    neighbours = page.one("nav", aria_label="The neighbouring gates").links()
    assert neighbours == {"Data": f"{base}/data/", "Integration": f"{base}/integration/"}
    steps = page.by_id("header-track").all("a")
    assert [step.attrs["href"].split("/")[-2] for step in steps] == [
        "data",
        "architecture",
        "integration",
        "governance",
        "adoption",
    ]
    tabs = page.one("nav", aria_label="Checklists of this initiative").links()
    assert tabs["PoC checkpoints"] == f"{base}/checkpoint-0/"
    assert tabs["PoC-to-production gap"] == f"{base}/profile/"


def test_the_checklists_of_a_framework_are_entered_at_the_first_gate_not_passed(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi)
    page = checklist(pages(lena), initiative, "profile")
    tabs = page.one("nav", aria_label="Checklists of this initiative").links()
    assert tabs["5-Gate Production Readiness"] == f"/initiatives/{initiative.ref}/checklist/architecture/"


def test_what_is_missing_is_said_until_the_gate_can_be_submitted(initiative: Initiative, lena: User) -> None:
    submit = f"/initiatives/{initiative.ref}/gates/data/submit/"
    page = checklist(pages(lena), initiative)
    assert "“Source quality proven” is critical and must be Met; it is Unanswered." in page.text
    assert not page.links_to(submit)
    answer_all(initiative, lena, gates=["data"])
    page = checklist(pages(lena), initiative)
    assert "4 of 4 met, 3 needed" in page.by_id("checklist-strip").text
    assert page.by_id("checklist-strip").links_to(submit)
    assert page.by_id("checklist-side").links()["Submit for review"] == submit


def test_a_locked_gate_can_be_answered_and_says_why_it_waits(initiative: Initiative, lena: User) -> None:
    page = checklist(pages(lena), initiative, "adoption")
    assert page.all("input", name="answer")
    assert "An earlier gate is not passed yet; answer its items all the same." in page.text


def test_a_lapsed_gate_says_what_made_it_lapse(initiative: Initiative, lena: User, ravi: User) -> None:
    make_ready(initiative, lena, ravi)
    say(initiative, lena, "DATA-1", "partial")
    side = checklist(pages(lena), initiative).by_id("checklist-side").text
    assert "It no longer holds" in side
    assert "“Source quality proven” is critical and must be Met; it is Partial." in side
    assert "Only a new decision ends this" in side


def test_what_people_wrote_is_shown_as_text(initiative: Initiative, lena: User) -> None:
    script = "<script>alert('x')</script>"
    piece = Piece("statement", today(), f"{script} said so", stated_by=f"{script}")
    say(initiative, lena, "DATA-1", "met", piece, note=f"{script} 🚀 فرز")
    for who in (lena,):
        response = pages(who).get(f"/initiatives/{initiative.ref}/checklist/data/")
        assert b"<script>alert" not in response.content
        assert f"{script} 🚀 فرز" in read(response).by_id("DATA-1").one("textarea", name="note").text


def test_an_address_that_is_no_web_address_never_becomes_a_link(initiative: Initiative, lena: User) -> None:
    say(initiative, lena, "DATA-1", "met", Piece("link", today(), "Proof", "https://x.example.com"))
    initiative.passages.get(framework_slug="five-gate").assessment.evidence.update(url="javascript:alert(1)")
    pieces = checklist(pages(lena), initiative).by_id("DATA-1-pieces")
    assert not pieces.one(class_="piece__title").all("a")


@pytest.mark.parametrize(
    "path",
    [
        "AI-0001/checklist/nothing/",
        "AI-9999/checklist/data/",
        "AI-1/checklist/data/",
        "AI-99999999999999999999/checklist/data/",
    ],
)
def test_what_is_not_there_is_not_found(initiative: Initiative, lena: User, path: str) -> None:
    path = path.replace("AI-0001", initiative.ref)
    assert pages(lena).get(f"/initiatives/{path}").status_code == 404


def test_a_team_only_initiative_is_not_there_for_others(lena: User, omar: User, ravi: User) -> None:
    hidden = create(lena, visibility="team")
    path = f"/initiatives/{hidden.ref}/checklist/data/"
    assert pages(omar).get(path).status_code == 404
    assert pages(ravi).get(path).status_code == 200


def test_the_page_is_never_kept_by_a_browser(initiative: Initiative, lena: User) -> None:
    response = pages(lena).get(f"/initiatives/{initiative.ref}/checklist/data/")
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_who_is_not_signed_in_sees_it(initiative: Initiative) -> None:
    response = Client().get(f"/initiatives/{initiative.ref}/checklist/data/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")


def test_its_queries_do_not_grow_with_what_was_written(
    initiative: Initiative, lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    client = pages(lena)
    path = f"/initiatives/{initiative.ref}/checklist/data/"
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi)
    few = query_count(lambda: client.get(path))
    answer_all(initiative, lena)
    for number in range(5):
        pieces = [Piece("link", today(), "Proof", f"https://x.example.com/{number}/{n}") for n in range(10)]
        say(initiative, lena, "DATA-2", None, *pieces)
        pass_gate(initiative, "data", lena, ravi)
    assert query_count(lambda: client.get(path)) == few
