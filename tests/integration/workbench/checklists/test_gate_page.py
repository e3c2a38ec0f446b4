"""The page of a gate: where it stands and why, what was decided, what was promised."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gates.models import Condition, Initiative, Snapshot
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.waivers import grant_waiver
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, make_ready, pages, pass_gate, promise, today
from tests.integration.workbench.markup import Node, complaints, read


def gate(client: Client, initiative: Initiative, slug: str = "data") -> Node:
    response = client.get(f"/initiatives/{initiative.ref}/gates/{slug}/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def at(initiative: Initiative, slug: str, page: str) -> str:
    return f"/initiatives/{initiative.ref}/gates/{slug}/{page}/"


def test_an_open_gate_says_which_clause_fails_and_where_to_mend_it(
    initiative: Initiative, lena: User
) -> None:
    page = gate(pages(lena), initiative)
    assert page.one("h1").text == "Gate: Data"
    assert "The criteria do not hold" in page.text
    clauses = page.all("li", class_="clause")
    assert "“Source quality proven” is critical and must be Met; it is Unanswered." in clauses[0].text
    assert clauses[0].all("a")[0].attrs["href"] == f"/initiatives/{initiative.ref}/checklist/data/#DATA-1"
    holding = [one.text for one in clauses if one.all("svg", aria_label="Holds")]
    assert holding == ["No other item is Not met."]
    assert "Nothing has been decided here yet." in page.text


def test_the_team_submits_when_the_criteria_hold_and_nobody_else_is_offered_it(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    assert not gate(pages(lena), initiative).links_to(at(initiative, "data", "submit"))
    answer_all(initiative, lena, gates=["data"])
    assert gate(pages(lena), initiative).links_to(at(initiative, "data", "submit"))
    assert not gate(pages(ravi), initiative).links_to(at(initiative, "data", "submit"))


def test_a_submission_is_shown_with_its_note_and_its_days(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    began = clock.now() - timedelta(days=20)
    early = create(lena, at=began)
    answer_all(early, lena, gates=["data"], at=began)
    submit_gate(early.pk, "data", "Look at <b>DATA-2</b>.", Actor.person(lena), began + timedelta(days=8))
    page = gate(pages(ravi), early)
    assert "Lena submitted it on" in page.text
    assert "It has waited 12 days." in page.text
    assert "Look at <b>DATA-2</b>." in page.text
    assert page.links_to(at(early, "data", "decide"))
    assert not gate(pages(lena), early).links_to(at(early, "data", "decide"))


def test_a_checkpoint_that_is_half_empty_carries_the_recommendation_to_stop(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    page = gate(pages(ravi), initiative, "checkpoint-0")
    assert page.one("h1").text == "Checkpoint: Before the PoC"
    assert "Recommendation: stop" in page.text
    assert "The criteria did not hold in what was submitted." in page.text


def test_a_reviewer_on_the_team_is_offered_no_decision(initiative: Initiative, lena: User) -> None:
    lena.is_reviewer = True
    lena.save()
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    page = gate(pages(lena), initiative, "checkpoint-0")
    assert not page.links_to(at(initiative, "checkpoint-0", "decide"))


def test_a_former_team_member_who_reviews_learns_why_not(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    place = initiative.team_roles.create(user=ravi, role="member", since=clock.now())
    place.until = clock.now()
    place.save()
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    page = gate(pages(ravi), initiative, "checkpoint-0")
    assert "You may not decide here." in page.text
    assert "You were on the team of this initiative since its last decision." in page.text
    assert not page.links_to(at(initiative, "checkpoint-0", "decide"))


def test_decisions_are_listed_newest_first_and_the_older_is_superseded(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "First try.", Actor.person(lena), clock.now())
    by = Actor.person(ravi)
    decide_gate(initiative.pk, "data", "return", "The <i>report</i> is missing.", by, clock.now())
    pass_gate(initiative, "data", lena, ravi)
    page = gate(pages(lena), initiative)
    decisions = page.by_id("decisions").all("section", class_="card")
    assert decisions[0].text.startswith("Pass Ravi")
    assert decisions[1].text.startswith("Return superseded Ravi")
    assert "The <i>report</i> is missing." in decisions[1].text
    assert "“First try.”" in decisions[1].text
    snapshots = Snapshot.objects.filter(passage__initiative=initiative).count()
    links = [link for link in page.by_id("decisions").all("a") if "/snapshots/" in link.attrs["href"]]
    assert len(links) == snapshots == 4


def test_the_decisions_of_a_checkpoint_have_words_of_their_own(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    by = Actor.person(ravi)
    decide_gate(initiative.pk, "checkpoint-0", "return", "Once more.", by, clock.now())
    page = gate(pages(lena), initiative, "checkpoint-0")
    assert page.by_id("decisions").all("section", class_="card")[0].text.startswith("Rework Ravi")


def test_a_gate_that_lapsed_by_an_act_says_which_and_since_when(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    make_ready(initiative, lena, ravi)
    change = AnswerChange("DATA-1", "not_met")
    record_answers(initiative.pk, [change], Actor.person(lena), clock.now())
    page = gate(pages(lena), initiative)
    assert "It no longer holds" in page.text
    assert "Only a new decision ends this" in page.text
    assert f"Lapsed on {today():%-d %b %Y}" in page.by_id("decisions").text


def test_a_gate_that_lapsed_by_time_ends_by_itself(initiative: Initiative, lena: User, ravi: User) -> None:
    began = clock.now() - timedelta(days=70)
    early = create(lena, at=began)
    answer_all(early, lena, gates=["data"], at=began)
    pass_gate(early, "data", lena, ravi, at=began)
    page = gate(pages(lena), early)
    assert "It no longer holds" in page.text
    assert "This ends by itself on the day it holds again" in page.text


def test_a_passed_gate_can_be_submitted_for_a_periodic_review(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi)
    links = gate(pages(lena), initiative).links()
    assert links["Submit for a periodic review"] == at(initiative, "data", "submit")
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    page = gate(pages(lena), initiative)
    assert "it stays passed until it is decided" in page.text
    assert "Submit for a periodic review" not in page.text


# --- Conditions ---


@pytest.fixture
def conditional(initiative: Initiative, lena: User, ravi: User, omar: User) -> Initiative:
    """Passed with one condition, which omar keeps."""
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi, conditions=[promise(omar, "Write the <b>runbook</b>.")])
    return initiative


def deeds(page: Node) -> set[str]:
    """What is offered at the conditions."""
    return {link.text for link in page.by_id("conditions").all("a")}


def test_the_team_and_the_owner_may_mark_a_condition_kept(
    conditional: Initiative, lena: User, omar: User, ravi: User, elsa: User
) -> None:
    assert deeds(gate(pages(lena), conditional)) == {"Mark as kept", "Give it to somebody else"}
    assert deeds(gate(pages(omar), conditional)) == {"Mark as kept", "Give it to somebody else"}
    assert deeds(gate(pages(ravi), conditional)) == set()
    assert deeds(gate(pages(elsa), conditional)) == set()
    assert "Write the <b>runbook</b>." in gate(pages(lena), conditional).by_id("conditions").text


def test_a_reviewer_off_the_team_may_confirm_or_reopen_what_is_kept(
    conditional: Initiative, lena: User, ravi: User
) -> None:
    condition = Condition.objects.get()
    keep_condition(conditional.pk, condition.pk, "In the wiki.", Actor.person(lena), clock.now())
    page = gate(pages(ravi), conditional)
    assert deeds(page) == {"Confirm", "Reopen"}
    assert "Said to be kept by Lena" in page.by_id("conditions").text
    assert "In the wiki." in page.by_id("conditions").text
    assert deeds(gate(pages(lena), conditional)) == set()
    confirm_condition(conditional.pk, condition.pk, Actor.person(ravi), clock.now())
    page = gate(pages(ravi), conditional)
    assert deeds(page) == {"Reopen"}
    assert "Confirmed by Ravi" in page.by_id("conditions").text


def test_an_overdue_condition_is_marked(lena: User, ravi: User) -> None:
    began = clock.now() - timedelta(days=20)
    early = create(lena, at=began)
    answer_all(early, lena, gates=["data"], at=began)
    due = promise(lena, days=-15)
    pass_gate(early, "data", lena, ravi, at=began, conditions=[due])
    assert "Overdue" in gate(pages(lena), early).by_id("conditions").text


def test_conditions_of_a_superseded_decision_bind_nobody(
    conditional: Initiative, lena: User, ravi: User
) -> None:
    pass_gate(conditional, "data", lena, ravi)
    page = gate(pages(lena), conditional)
    assert not page.has_id("conditions")
    assert "Write the <b>runbook</b>." in page.by_id("decisions").text


# --- Waivers ---


def test_waivers_are_listed_those_in_force_first(initiative: Initiative, lena: User, ravi: User) -> None:
    began = clock.now() - timedelta(days=40)
    early = create(lena, at=began)
    by = Actor.person(ravi)
    grant_waiver(early.pk, "DATA-2", "For a month.", today(began) + timedelta(days=30), by, began)
    grant_waiver(early.pk, "DATA-3", "For a year.", today(began) + timedelta(days=365), by, began)
    rows = [row.text for row in gate(pages(lena), early).all("ul", class_="plain-rows")[0].all("li")]
    assert rows[0].startswith("DATA-3 Data governance file approved In force For a year.")
    assert rows[1].startswith("DATA-2 Pipeline carries 3x peak Expired For a month.")


def test_a_reviewer_is_offered_a_waiver_at_a_gate_but_not_at_a_checkpoint(
    initiative: Initiative, lena: User, ravi: User
) -> None:
    path = f"/initiatives/{initiative.ref}/waivers/new/"
    assert gate(pages(ravi), initiative).links_to(path)
    assert not gate(pages(ravi), initiative, "checkpoint-0").links_to(path)
    assert not gate(pages(lena), initiative).links_to(path)


# --- Finding ---


def test_a_profile_has_no_gate_page_and_leads_to_its_drawing(initiative: Initiative, lena: User) -> None:
    response = pages(lena).get(f"/initiatives/{initiative.ref}/gates/profile/")
    assert response.headers["Location"] == f"/initiatives/{initiative.ref}/checklist/profile/"


@pytest.mark.parametrize("slug", ["nothing", "conversation"])
def test_a_gate_that_is_not_there_is_not_found(initiative: Initiative, lena: User, slug: str) -> None:
    assert pages(lena).get(f"/initiatives/{initiative.ref}/gates/{slug}/").status_code == 404


def test_a_hidden_initiative_has_no_gates_for_others(lena: User, omar: User) -> None:
    hidden = create(lena, visibility="team")
    assert pages(omar).get(f"/initiatives/{hidden.ref}/gates/data/").status_code == 404


def test_its_queries_do_not_grow_with_its_history(
    initiative: Initiative,
    lena: User,
    ravi: User,
    omar: User,
    query_count: Callable[[Callable[[], Any]], int],
) -> None:
    client = pages(ravi)
    path = f"/initiatives/{initiative.ref}/gates/data/"
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi, conditions=[promise(omar)])
    pass_gate(initiative, "data", lena, ravi, conditions=[promise(omar)])
    few = query_count(lambda: client.get(path))
    for number in range(8):
        promises = [promise(omar, f"Promise {number}.{n}") for n in range(5)]
        pass_gate(initiative, "data", lena, ravi, conditions=promises)
    assert query_count(lambda: client.get(path)) == few
