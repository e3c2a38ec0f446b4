"""The reviewer's inbox: what waits, for whom, how long, and which promises are to be looked at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gates.models import Condition, Initiative
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.standing.models import Threshold
from tests.fixtures import answer_all, create, pages, pass_gate, person, promise, today
from tests.integration.workbench.markup import Node, complaints, read

LESSON = {"tried": "Sorting by layout.", "did_not_work": "Layouts change.", "outcome": "decided"}


def inbox(person: User) -> Node:
    response = pages(person).get("/reviews/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def waiting(person: User) -> list[str]:
    """The rows of what waits, each as one line of words."""
    page = inbox(person)
    cards = [page.by_id(name) for name in ("mine", "others") if page.has_id(name)]
    return [row.text for card in cards for row in card.one("tbody").all("tr")]


def submitted(by: User, days_ago: int, name: str, **facts: Any) -> Initiative:
    """An initiative whose Data gate was submitted so many days ago."""
    then = clock.now() - timedelta(days=days_ago)
    made = create(by, at=then, name=name, **facts)
    answer_all(made, by, gates=["data"], at=then)
    submit_gate(made.pk, "data", "", Actor.person(by), then)
    return made


def tabs(page: Node) -> dict[str, str]:
    """What can be shown alone, with how many there are of it."""
    links = page.one("nav", class_="tabs").all("a")
    return {link.parts[0]: link.one("span").text for link in links if link.all("span")}  # type: ignore[misc]


def test_nothing_waits_at_first(ravi: User) -> None:
    page = inbox(ravi)
    assert "Nothing waits for your decision" in page.text
    assert not page.all("table")


def test_the_oldest_submission_stands_first_with_its_age(lena: User, ravi: User) -> None:
    submitted(lena, 3, "Young")
    submitted(lena, 20, "Old")
    submitted(lena, 13, "Between")
    rows = waiting(ravi)
    assert ["Old" in rows[0], "Between" in rows[1], "Young" in rows[2]] == [True] * 3
    assert "20 days, 14 allowed Overdue" in rows[0]
    assert "13 days, 14 allowed Lena" in rows[1]
    assert "3 days, 14 allowed" in rows[2]


def test_it_is_overdue_from_the_day_the_organisation_has_set(lena: User, ravi: User) -> None:
    submitted(lena, 5, "Slow")
    Threshold.objects.create(code="decision_overdue", stage="", key="days", value=5)
    assert "Overdue" in waiting(ravi)[0]
    assert tabs(inbox(ravi))["Overdue"] == "1"


def test_days_on_hold_are_not_held_against_anybody(lena: User, ravi: User) -> None:
    made = submitted(lena, 20, "Held")
    by = Actor.person(lena)
    set_hold(made.pk, "Budget.", today(), by, clock.now() - timedelta(days=15))
    lift_hold(made.pk, by, clock.now() - timedelta(days=5))
    assert "10 days, 14 allowed" in waiting(ravi)[0]
    assert "Overdue" not in waiting(ravi)[0]


def test_each_row_leads_to_the_review(lena: User, ravi: User) -> None:
    made = submitted(lena, 2, "Triage")
    assert inbox(ravi).links_to(f"/initiatives/{made.ref}/gates/data/decide/")


def test_what_a_reviewer_may_not_decide_is_listed_last_with_the_reason(
    lena: User, ravi: User, omar: User
) -> None:
    own = submitted(lena, 30, "Ravi wrote here")
    own.team_roles.create(user=ravi, role="member", since=clock.now() - timedelta(days=40))
    record_answers(own.pk, [AnswerChange("DATA-1", "met", "Mine.")], Actor.person(ravi), clock.now())
    submitted(omar, 2, "Somebody else's")
    rows = waiting(ravi)
    assert "Somebody else's" in rows[0]
    assert "Ravi wrote here" in rows[1]
    assert "Not for you." in rows[1]
    assert "You wrote an answer or evidence in it since its last decision." in rows[1]
    assert "You are on the team of this initiative." in rows[1]
    assert not inbox(ravi).links_to(f"/initiatives/{own.ref}/gates/data/decide/")
    assert tabs(inbox(ravi))["Mine to decide"] == "1"
    assert tabs(inbox(ravi))["Waiting for others"] == "1"


def test_writing_before_the_last_decision_bars_nobody(lena: User, ravi: User) -> None:
    made = submitted(lena, 30, "Long ago")
    early = clock.now() - timedelta(days=25)
    place = made.team_roles.create(user=ravi, role="member", since=early - timedelta(days=3))
    record_answers(made.pk, [AnswerChange("DATA-2", "met", "Mine.")], Actor.person(ravi), early)
    place.until = early
    place.save()
    rita = User.objects.create(username="rita", name="Rita", is_reviewer=True, created_at=early)
    decide_gate(made.pk, "data", "return", "Again.", Actor.person(rita), early + timedelta(days=1))
    submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
    assert "Not for you" not in waiting(ravi)[0]
    assert inbox(ravi).links_to(f"/initiatives/{made.ref}/gates/data/decide/")


def test_a_submission_behind_a_lapsed_gate_waits_for_nobody(lena: User, ravi: User) -> None:
    then = clock.now() - timedelta(days=30)
    made = create(lena, at=then, name="Blocked")
    answer_all(made, lena, at=then)
    pass_gate(made, "data", lena, ravi, at=then)
    submit_gate(made.pk, "architecture", "", Actor.person(lena), then)
    lapse = clock.now() - timedelta(days=26)
    record_answers(made.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), lapse)
    row = waiting(ravi)[0]
    assert "4 days, 14 allowed" in row
    assert "Overdue" not in row
    assert "It is behind an earlier one that is not passed any more." in row
    assert tabs(inbox(ravi))["Mine to decide"] == "0"


def test_a_checkpoint_shows_its_recommendation_and_a_second_review_that_it_is_one(
    lena: User, ravi: User
) -> None:
    made = create(lena, name="Both")
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi)
    submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
    submit_gate(made.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    gate, checkpoint = waiting(ravi)
    assert "Gate Periodic review" in gate
    assert "Checkpoint First submission Recommendation: stop" in checkpoint


def test_an_ended_initiative_waits_for_nobody(lena: User, ravi: User) -> None:
    made = submitted(lena, 2, "Over")
    move_stage(made.pk, Stage.STOPPED, Actor.person(lena), clock.now(), "", LESSON)
    assert waiting(ravi) == []


def test_reviewers_see_what_only_a_team_may_see(lena: User, ravi: User) -> None:
    submitted(lena, 2, "Secret", visibility="team")
    assert "Secret" in waiting(ravi)[0]


@pytest.mark.parametrize("who", ["lena", "elsa", "omar", "iris", "ada"])
def test_only_reviewers_have_an_inbox(who: str, request: pytest.FixtureRequest) -> None:
    assert pages(request.getfixturevalue(who)).get("/reviews/").status_code == 403


# --- Promises ---


def test_a_condition_said_to_be_kept_is_to_be_confirmed(lena: User, ravi: User, omar: User) -> None:
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi, conditions=[promise(omar, "Write the <b>runbook</b>.")])
    condition = Condition.objects.get()
    assert "Write the" not in inbox(ravi).text
    keep_condition(made.pk, condition.pk, "In the wiki.", Actor.person(omar), clock.now())
    page = inbox(ravi)
    assert "Write the <b>runbook</b>." in page.text and "In the wiki." in page.text
    assert page.links_to(f"/initiatives/{made.ref}/conditions/{condition.pk}/confirm/")
    confirm_condition(made.pk, condition.pk, Actor.person(ravi), clock.now())
    assert "Write the" not in inbox(ravi).text


def test_a_reviewer_who_is_on_the_team_is_told_why_not_to_confirm(lena: User, ravi: User) -> None:
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi, conditions=[promise(lena)])
    condition = Condition.objects.get()
    keep_condition(made.pk, condition.pk, "Done.", Actor.person(lena), clock.now())
    made.team_roles.create(user=ravi, role="member", since=clock.now())
    page = inbox(ravi)
    assert not page.links_to(f"/initiatives/{made.ref}/conditions/{condition.pk}/confirm/")
    assert "Not for you. You are on the team of this initiative." in page.text


def test_who_said_that_it_is_kept_is_told_why_not_to_confirm(lena: User, ravi: User) -> None:
    """A reviewer who owns it, off the team."""
    rosa = person("rosa", reviewer=True)
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi, conditions=[promise(rosa)])
    condition = Condition.objects.get()
    keep_condition(made.pk, condition.pk, "Done.", Actor.person(rosa), clock.now())
    to_confirm = f"/initiatives/{made.ref}/conditions/{condition.pk}/confirm/"
    assert "Not for you. You said yourself that it is kept." in inbox(rosa).text
    assert not inbox(rosa).links_to(to_confirm)
    gate_page = f"/initiatives/{made.ref}/gates/data/"
    assert not read(pages(rosa).get(gate_page)).links_to(to_confirm)
    assert read(pages(ravi).get(gate_page)).links_to(to_confirm)


def test_overdue_conditions_are_listed_until_a_new_decision_takes_their_place(lena: User, ravi: User) -> None:
    then = clock.now() - timedelta(days=20)
    made = create(lena, at=then)
    answer_all(made, lena, gates=["data"], at=then)
    pass_gate(made, "data", lena, ravi, at=then, conditions=[promise(lena, "Test it.", days=-5)])
    page = inbox(ravi)
    assert "Overdue conditions" in page.text and "Test it." in page.text
    assert tabs(page)["Overdue"] == "1"
    pass_gate(made, "data", lena, ravi)
    assert "Test it." not in inbox(ravi).text


# --- As many as there are ---


def test_long_lists_come_in_pages(lena: User, ravi: User) -> None:
    for number in range(52):
        made = create(lena, name=f"Initiative {number}")
        submit_gate(made.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    client = pages(ravi)
    first = read(client.get("/reviews/"))
    assert len(first.all("table")[0].all("tr")) == 51
    assert tabs(first)["Mine to decide"] == "52"
    second = read(client.get("/reviews/?page=2"))
    assert len(second.all("table")[0].all("tr")) == 3
    assert client.get("/reviews/?page=x").status_code == 200


def test_its_queries_do_not_grow_with_what_waits(
    lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    def one_more(number: int) -> None:
        made = create(lena, name=f"Initiative {number}")
        answer_all(made, lena, gates=["data"])
        pass_gate(made, "data", lena, ravi, conditions=[promise(lena)])
        condition = Condition.objects.get(decision__passage__initiative=made)
        keep_condition(made.pk, condition.pk, "Done.", Actor.person(lena), clock.now())
        submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())

    client = pages(ravi)
    one_more(0)
    few = query_count(lambda: client.get("/reviews/"))
    for number in range(1, 50):
        one_more(number)
    assert query_count(lambda: client.get("/reviews/")) == few


# --- What is new, and what is at stake ---


def test_a_first_submission_says_how_much_there_is_to_look_at(lena: User, ravi: User) -> None:
    submitted(lena, 2, "New")
    row = waiting(ravi)[0]
    assert "First submission" in row
    assert "4 answers 4 pieces of evidence" in row
    assert "Pilot → Rollout now in Intake" in row


def test_a_resubmission_says_what_changed_since_the_return(lena: User, ravi: User) -> None:
    made = submitted(lena, 20, "Again")
    decide_gate(made.pk, "data", "return", "Show the peak.", Actor.person(ravi), clock.now())
    links = [Piece("link", today(), f"Run {n}", f"https://wiki.example.com/run-{n}") for n in (1, 2)]
    changes = [
        AnswerChange("DATA-2", "partial", evidence=tuple(links)),
        AnswerChange("DATA-3", note="Signed."),
    ]
    record_answers(made.pk, changes, Actor.person(lena), clock.now())
    submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
    row = waiting(ravi)[0]
    assert "After a return" in row
    assert "1 answer changed 2 new pieces of evidence" in row


def test_a_periodic_review_shows_what_is_still_promised(lena: User, ravi: User) -> None:
    then = clock.now() - timedelta(days=20)
    made = create(lena, at=then)
    answer_all(made, lena, gates=["data"], at=then)
    conditions = [promise(lena, "Test it.", days=5), promise(lena, "Sign it.", days=9)]
    pass_gate(made, "data", lena, ravi, at=then, conditions=conditions)
    submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
    assert "Nothing changed 2 open conditions" in waiting(ravi)[0]
    Condition.objects.filter(text="Test it.").update(due=today() - timedelta(days=1))
    assert "2 open conditions, 1 overdue" in waiting(ravi)[0]


def test_what_lapsed_by_an_act_is_named_so(lena: User, ravi: User) -> None:
    made = create(lena)
    answer_all(made, lena, gates=["data"])
    pass_gate(made, "data", lena, ravi)
    for answer in ("partial", "met"):
        record_answers(made.pk, [AnswerChange("DATA-1", answer)], Actor.person(lena), clock.now())
    submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
    assert "After a lapse" in waiting(ravi)[0]


# --- Shown alone ---


def test_each_view_has_its_address_and_shows_its_own(lena: User, ravi: User, omar: User) -> None:
    submitted(lena, 20, "Late one")
    own = submitted(omar, 3, "Own one")
    own.team_roles.create(user=ravi, role="member", since=clock.now() - timedelta(days=4))
    promised = create(lena, name="Promised one")
    answer_all(promised, lena, gates=["data"])
    pass_gate(promised, "data", lena, ravi, conditions=[promise(lena)])
    keep_condition(promised.pk, Condition.objects.get().pk, "Done.", Actor.person(lena), clock.now())
    names = ("Late one", "Own one", "Promised one")
    expected = {
        "": names,
        "mine": names[:1],
        "others": names[1:2],
        "conditions": names[2:],
        "overdue": names[:1],
        "nothing-known": names,
    }
    client = pages(ravi)
    for view, there in expected.items():
        page = read(client.get("/reviews/", {"show": view} if view else {}))
        assert complaints(page) == []
        assert tuple(name for name in names if name in page.text) == there, view
    counts = tabs(read(client.get("/reviews/?show=others")))
    assert counts == {
        "Mine to decide": "1",
        "Waiting for others": "1",
        "Conditions to confirm": "1",
        "Overdue": "1",
    }


def test_an_empty_view_says_so_and_leads_back(ravi: User) -> None:
    page = read(pages(ravi).get("/reviews/?show=conditions"))
    assert "Nothing here" in page.text
    assert page.links()["Show everything"] == "?"


def test_the_way_to_the_oldest_is_one_step(lena: User, ravi: User) -> None:
    submitted(lena, 3, "Young")
    old = submitted(lena, 20, "Old")
    expected = f"/initiatives/{old.ref}/gates/data/decide/"
    assert inbox(ravi).links()["Decide the oldest"] == expected
