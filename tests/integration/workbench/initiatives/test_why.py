"""Why it is ready or not: the page by verdict, and the what-if beside what really happens."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import resolve

from checklists.models import Answer, Evidence
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.holds import set_hold
from readiness.actions.pieces import Piece
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.judgement import known_of
from readiness.standing.models import Standing
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import judge_now
from readiness.standing.supposing import Supposal, Supposed, suppose
from tests.fixtures import answer_all, create, make_ready, pages, pass_gate, promise, today
from tests.integration.workbench.markup import Node, read


def why(initiative: Initiative) -> str:
    return f"/initiatives/{initiative.ref}/why/"


def page_of(user: User, initiative: Initiative, query: str = "", status: int = 200) -> Node:
    response = pages(user).get(why(initiative) + query)
    assert response.status_code == status
    return read(response)


def supposed_on(page: Node) -> Node:
    return next(node for node in page.walk() if node.attrs.get("id") == "supposed")


def says(initiative: Initiative, by: User, code: str, answer: str, *pieces: Piece) -> Outcome:
    change = AnswerChange(code, answer, evidence=pieces)
    return record_answers(initiative.pk, [change], Actor.person(by), clock.now())


def proof(code: str, days_ago: int = 0, expires_in: int | None = None) -> Piece:
    on = today() - timedelta(days=days_ago)
    until = None if expires_in is None else today() + timedelta(days=expires_in)
    return Piece("link", on, f"New proof of {code}", f"https://wiki.example.com/new/{code}", expires_on=until)


def test_a_new_initiative_is_told_what_stands_in_its_way(initiative: Initiative, omar: User) -> None:
    """Also somebody who only reads is told, with a place to go for each thing."""
    page = page_of(omar, initiative)
    assert [node.text for node in page.walk() if node.tag == "h1"] == ["Why it is not ready"]
    assert "Every gate is passed: 0 of 5 are." in page.text
    assert "At least 16 items are Met: 0 of 20 are." in page.text
    assert "No exit criterion waits for a decision." in page.text
    blockers = Standing.objects.get(initiative=initiative).blockers
    for blocker in blockers:
        if blocker["code"] != "threshold_not_met":
            assert blocker["message"] in page.text
    links = [
        node.attrs["href"]
        for node in page.walk()
        if node.tag == "a" and "/checklist/" in node.attrs.get("href", "")
    ]
    assert len(set(links)) >= 20
    for link in links:
        resolve(urlparse(link).path)


@pytest.mark.parametrize("conditions", [False, True])
def test_the_title_goes_with_the_verdict(lena: User, ravi: User, conditions: bool) -> None:
    one = create(lena)
    answer_all(one, lena)
    for gate in ("data", "architecture", "integration", "governance"):
        pass_gate(one, gate, lena, ravi)
    pass_gate(one, "adoption", lena, ravi, conditions=[promise(lena)] if conditions else [])
    page = page_of(lena, one)
    title = next(node.text for node in page.walk() if node.tag == "h1")
    assert title == ("Why it is ready under conditions" if conditions else "Why it is ready")
    assert ("Adoption is passed with conditions" in page.text) == conditions


def test_one_that_has_ended_is_told_and_nothing_is_supposed(lena: User) -> None:
    from_start = create(lena)
    Initiative.objects.filter(pk=from_start.pk).update(stage="stopped")
    page = page_of(lena, from_start)
    assert "has ended" in page.text
    assert not [node for node in page.walk() if node.attrs.get("id") == "what-if"]


def test_on_hold_only_who_may_lift_it_is_led_there(initiative: Initiative, lena: User, ravi: User) -> None:
    set_hold(
        initiative.pk, "The vendor is bought.", today() + timedelta(days=20), Actor.person(lena), clock.now()
    )
    for reader, is_led in ((lena, True), (ravi, False)):
        page = page_of(reader, initiative)
        leads = [
            node for node in page.walk() if node.attrs.get("href") == f"/initiatives/{initiative.ref}/hold/"
        ]
        assert "It is on hold" in page.text
        assert (leads != []) is is_led, reader.username


def test_where_the_verdict_is_shown_it_leads_there(initiative: Initiative, lena: User) -> None:
    for path in ("", "people/", "stage/", "checklist/data/"):
        page = read(pages(lena).get(f"/initiatives/{initiative.ref}/{path}"))
        assert why(initiative) in [node.attrs.get("href") for node in page.walk() if node.tag == "a"], path
    for path in ("/", "/initiatives/"):
        listing = read(pages(lena).get(path))
        assert why(initiative) in [node.attrs.get("href") for node in listing.walk() if node.tag == "a"], path


def test_nothing_is_saved(initiative: Initiative, lena: User) -> None:
    before = (Answer.objects.count(), Evidence.objects.count(), Event.objects.count())
    page_of(lena, initiative, "?DATA-1=met_with_evidence&passed=data")
    assert (Answer.objects.count(), Evidence.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?NOPE-1=met", "There is no item “NOPE-1” here."),
        ("?DATA-1=splendid", "DATA-1 cannot be “splendid”."),
        ("?passed=kitchen", "There is no gate “kitchen” here."),
        ("?" + "x" * 500 + "=met", f"“{'x' * 40}…”"),
        ("?DATA-1=%00%ff", "DATA-1 cannot be"),
        ("?DATA-1=met&DATA-1=nothing", "DATA-1 cannot be “nothing”."),
    ],
)
def test_what_cannot_be_supposed_is_left_out_and_said(
    initiative: Initiative, lena: User, query: str, said: str
) -> None:
    assert said in supposed_on(page_of(lena, initiative, query)).text
    assert said in read(pages(lena).get(why(initiative) + query, headers={"HX-Request": "true"})).text


def test_hundreds_of_mistakes_are_not_all_repeated(initiative: Initiative, lena: User) -> None:
    query = "?" + "&".join(f"NOPE-{number}=met" for number in range(300))
    assert supposed_on(page_of(lena, initiative, query)).text.count("There is no item") == 5


def test_without_a_script_the_form_leads_to_an_address_that_says_only_what_is_supposed(
    initiative: Initiative, lena: User
) -> None:
    response = pages(lena).get(why(initiative) + "?DATA-1=&DATA-2=met&DATA-3=&passed=data")
    assert response.status_code == 302
    address = urlparse(response["Location"])
    assert (address.path, parse_qs(address.query)) == (
        why(initiative),
        {"DATA-2": ["met"], "passed": ["data"]},
    )


def test_with_a_script_only_the_result_comes_and_the_address_is_set(
    initiative: Initiative, lena: User
) -> None:
    asked = why(initiative) + "?DATA-1=&DATA-2=met_with_evidence"
    response = pages(lena).get(asked, headers={"HX-Request": "true"})
    assert response["HX-Replace-Url"] == why(initiative) + "?DATA-2=met_with_evidence"
    html = response.content.decode()
    assert "<html" not in html and "What if: nothing is saved" in html
    page = page_of(lena, initiative, "?DATA-2=met_with_evidence")
    assert read(response).text == supposed_on(page).text


def test_what_would_move_it_most_is_a_link_that_supposes_it(lena: User) -> None:
    one = create(lena)
    answer_all(one, lena, gates=["data"])
    says(one, lena, "DATA-1", "partial")
    page = page_of(lena, one)
    link = next(
        node for node in supposed_on(page).walk() if "DATA-1=met_with_evidence" in node.attrs.get("href", "")
    )
    then = page_of(lena, one, "?" + urlparse(link.attrs["href"]).query)
    assert "Ready to submit" in supposed_on(then).text


# --- Supposed and done for real -----------------------------------------------------------------------------------


def supposed_of(initiative: Initiative, answers: dict[str, Supposal], passed: tuple[str, ...]) -> Supposed:
    judgement = judge_now(initiative.pk, clock.now())
    return suppose(known_of(judgement, Organisation.get().zone), answers, passed)


def carry_out(
    initiative: Initiative, answers: dict[str, Supposal], passed: tuple[str, ...], lead: User, reviewer: User
) -> Standing:
    """The same by the acts of people: one save, then a submission and a pass each."""
    changes = [
        AnswerChange(
            code,
            None if supposal == Supposal.RENEWED else supposal.value.removesuffix("_with_evidence"),
            evidence=(proof(code),) if supposal in {Supposal.RENEWED, Supposal.MET_WITH_EVIDENCE} else (),
        )
        for code, supposal in answers.items()
    ]
    if changes:
        record_answers(initiative.pk, changes, Actor.person(lead), clock.now())
    for gate in passed:
        pass_gate(initiative, gate, lead, reviewer)
    return Standing.objects.get(initiative=initiative)


GIVEN, RENEWED, SAID, HALF, NO = (
    Supposal.MET_WITH_EVIDENCE,
    Supposal.RENEWED,
    Supposal.MET,
    Supposal.PARTIAL,
    Supposal.NOT_MET,
)
SAID_OF_A_BLOCKER = ("code", "message", "gate", "item", "framework")
FIVE = ("data", "architecture", "integration", "governance", "adoption")


@pytest.mark.parametrize(
    ("ready", "answers", "passed"),
    [
        (False, {"DATA-1": SAID, "DATA-2": GIVEN, "INTG-1": HALF, "ADPT-4": NO}, ()),
        (False, {f"DATA-{number}": GIVEN for number in range(1, 5)}, ("data",)),
        (True, {"DATA-2": NO}, ()),
        (True, {"DATA-2": NO, "ARCH-1": HALF}, ()),
        (True, {"ADPT-4": HALF}, ()),
        (True, {"INTG-2": RENEWED, "INTG-3": HALF}, ("integration",)),
        (True, {}, FIVE),
    ],
)
def test_what_is_supposed_is_what_happens_when_it_is_done(
    lena: User, ravi: User, ready: bool, answers: dict[str, Supposal], passed: tuple[str, ...]
) -> None:
    one = create(lena)
    if ready:
        make_ready(one, lena, ravi)
    then = supposed_of(one, answers, passed)
    real = carry_out(one, answers, passed, lena, ravi)
    found = then.readiness
    assert then.refused == {}
    assert (found.verdict, found.tally.score, found.tally.met) == (real.verdict, real.score, real.met)
    told = [{name: blocker[name] for name in SAID_OF_A_BLOCKER} for blocker in real.blockers]
    assert [{name: getattr(one, name) for name in SAID_OF_A_BLOCKER} for one in found.blockers] == told
    statuses = {gate.gate.slug: gate.status for gate in found.gates}
    gates = one.gate_standings.filter(framework="five-gate").values_list("gate", "status")
    assert {gate: status.value for gate, status in statuses.items() if status} == dict(gates)


def test_the_number_of_queries_is_fixed(lena: User, ravi: User, query_count: Callable[..., int]) -> None:
    small, large = create(lena), create(lena)
    make_ready(large, lena, ravi)
    browser = pages(lena)
    browser.get(why(small))
    counts = [
        query_count(partial(browser.get, why(one) + query))
        for one in (small, large)
        for query in ("", "?DATA-1=not_met&DATA-2=met&ARCH-1=partial&passed=data&passed=adoption")
    ]
    assert max(counts) - min(counts) <= 3, counts
    assert max(counts) <= 60
