"""Nobody decides what they submitted, what they wrote in, or what their own team did, since its last decision."""

import pytest

from readiness.actions.answers import withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.errors import NotAllowed
from readiness.actions.initiatives import edit_initiative
from readiness.actions.waivers import grant_waiver
from tests.fixtures import answer_all, create, person
from tests.integration.actions.props import (
    act,
    decide,
    evidence,
    on,
    promise,
    refused,
    say,
    status,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(db):
    """A reviewer who comes to the team and leaves it."""
    return person("rosa", reviewer=True)


@pytest.fixture
def initiative(lena):
    made = create(lena, on(0))
    answer_all(made, lena, at=on(0))
    return made


def team(initiative, by, day, *members, **roles):
    people = roles | {"members": ["lena", *members]}
    return edit_initiative(initiative.pk, {"people": people}, act(by), on(day))


def barred(initiative, by, slug="data", day=9, kind="pass"):
    """The words in which they are told that they may not decide."""
    with refused(NotAllowed, "separation_of_duties") as caught:
        decide(initiative, slug, by, kind, day)
    return caught.value.message


@pytest.mark.parametrize(
    "role", ["business_owner", "executive_sponsor", "technical_lead", "deputy", "members"]
)
def test_whoever_is_on_the_team_in_any_role_does_not_decide(initiative, lena, rosa, role):
    submit(initiative, "data", lena)
    team(
        initiative,
        lena,
        1,
        *(["rosa"] if role == "members" else []),
        **({} if role == "members" else {role: "rosa"}),
    )
    for kind in ("pass", "return", "stop"):
        assert "on the team" in barred(initiative, rosa, kind=kind)


def test_who_was_on_the_team_since_the_last_decision_does_not_decide_having_left(
    initiative, lena, ravi, rosa
):
    team(initiative, lena, 0, "rosa")
    team(initiative, lena, 1)
    submit(initiative, "data", lena, 2)
    assert "were on the team" in barred(initiative, rosa)
    decide(initiative, "data", ravi, "return", 10)
    submit(initiative, "data", lena, 11)
    decide(initiative, "data", rosa, day=12)  # she had left before the last decision
    assert status(initiative, "data") == "passed"


def test_who_left_the_team_after_the_last_decision_does_not_make_the_next(initiative, lena, ravi, rosa):
    team(initiative, lena, 0, "rosa")
    submit(initiative, "data", lena, 1)
    decide(initiative, "data", ravi, "return", 2)
    team(initiative, lena, 3)
    submit(initiative, "data", lena, 4)
    assert "were on the team" in barred(initiative, rosa)


def test_who_left_before_the_last_decision_on_one_gate_still_does_not_decide_another(
    initiative, lena, ravi, rosa
):
    """The last decision is the gate's own: on the next gate there was none yet."""
    team(initiative, lena, 0, "rosa")
    team(initiative, lena, 1)
    submit(initiative, "data", lena, 2)
    decide(initiative, "data", ravi, day=3)
    submit(initiative, "architecture", lena, 4)
    assert "were on the team" in barred(initiative, rosa, "architecture")


def test_who_comes_back_to_the_team_is_on_the_team(initiative, lena, ravi, rosa):
    team(initiative, lena, 0, "rosa")
    team(initiative, lena, 1)
    submit(initiative, "data", lena, 2)
    decide(initiative, "data", ravi, "return", 3)
    team(initiative, lena, 4, "rosa")
    submit(initiative, "data", lena, 5)
    assert "are on the team" in barred(initiative, rosa)


def test_who_submitted_it_does_not_decide_it(initiative, lena, rosa):
    team(initiative, lena, 0, "rosa")
    submit(initiative, "data", rosa, 1)
    team(initiative, lena, 2)
    told = barred(initiative, rosa)
    assert "You submitted it." in told
    assert "were on the team" in told


WRITINGS = {
    "an answer": lambda one, by, day: say(one, by, "DATA-2", "partial", day),
    "an answer taken back": lambda one, by, day: say(one, by, "DATA-2", "unanswered", day),
    "a note": lambda one, by, day: say(one, by, "DATA-2", None, day, note="Asked."),
    "a piece of evidence": lambda one, by, day: say(one, by, "DATA-2", None, day, proof=True),
    "a withdrawal": lambda one, by, day: withdraw_evidence(
        one.pk, evidence(one, "DATA-3")[0].pk, act(by), on(day)
    ),
}


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS)
def test_who_wrote_in_it_is_told_so_beside_having_been_on_the_team(initiative, lena, ravi, rosa, write):
    team(initiative, lena, 0, "rosa")
    write(initiative, rosa, 1)
    team(initiative, lena, 2)
    answer_all(initiative, lena, gates=["data"], at=on(3))
    submit(initiative, "data", lena, 3)
    assert "You wrote an answer or evidence in it" in barred(initiative, rosa)
    decide(initiative, "data", ravi, day=9)


def test_who_wrote_before_the_last_decision_may_make_the_next(initiative, lena, ravi, rosa):
    team(initiative, lena, 0, "rosa")
    say(initiative, rosa, "DATA-2", "partial", 1)
    team(initiative, lena, 2)
    submit(initiative, "data", lena, 3)
    decide(initiative, "data", ravi, "return", 4)
    submit(initiative, "data", lena, 5)
    decide(initiative, "data", rosa, day=6)
    assert status(initiative, "data") == "passed"


def test_who_wrote_in_one_gate_only_did_not_write_in_another(initiative, lena, rosa):
    team(initiative, lena, 0, "rosa")
    say(initiative, rosa, "ARCH-1", "partial", 1)
    team(initiative, lena, 2)
    submit(initiative, "data", lena, 3)
    told = barred(initiative, rosa)
    assert "wrote" not in told
    assert "were on the team" in told


def test_an_admin_who_put_themselves_on_the_team_to_answer_does_not_decide_though_a_reviewer(
    initiative, lena
):
    both = person("both", admin=True, reviewer=True)
    team(initiative, both, 0, "both")
    say(initiative, both, "DATA-2", "partial", 1)
    team(initiative, both, 2)
    submit(initiative, "data", lena, 3)
    assert "wrote" in barred(initiative, both)


def test_a_place_on_another_initiatives_team_bars_from_nothing_here(initiative, lena, rosa):
    other = create(lena, on(0), name="Another")
    team(other, lena, 0, "rosa")
    submit(initiative, "data", lena)
    decide(initiative, "data", rosa)


def test_the_roles_of_a_person_who_is_on_no_team_take_nothing_away(initiative, lena):
    everything = person("every", lead=True, reviewer=True, executive=True, auditor=True, admin=True)
    submit(initiative, "data", lena)
    decide(initiative, "data", everything)


# --- The same holds for waivers and conditions --------------------------------------------------------------


def waive(initiative, by, code="DATA-2", day=9):
    return grant_waiver(initiative.pk, code, "Small.", the_day(day + 30), act(by), on(day))


def test_whoever_may_not_decide_a_gate_grants_no_waiver_in_it(initiative, lena, ravi, rosa):
    team(initiative, lena, 0, "rosa")
    with refused(NotAllowed, "separation_of_duties"):
        waive(initiative, rosa)
    say(initiative, rosa, "DATA-2", "partial", 1)
    team(initiative, lena, 2)
    with refused(NotAllowed, "separation_of_duties") as caught:
        waive(initiative, rosa)
    assert "wrote" in caught.value.message
    waive(initiative, ravi)
    submit(initiative, "data", lena, 10)
    decide(initiative, "data", ravi, day=10)
    waive(initiative, rosa, "DATA-3", 11)  # since the last decision she did nothing here


def test_whoever_may_not_decide_a_gate_confirms_and_reopens_no_condition_of_it(initiative, lena, ravi, rosa):
    submit(initiative, "data", lena)
    made = decide(initiative, "data", ravi, "pass_with_conditions", 0, promise(lena))
    condition = made.conditions.get().pk
    team(initiative, lena, 1, "rosa")
    keep_condition(initiative.pk, condition, "Written.", act(lena), on(1))
    for members in (["rosa"], []):
        team(initiative, lena, 2, *members)
        with refused(NotAllowed, "separation_of_duties"):
            confirm_condition(initiative.pk, condition, act(rosa), on(3))
        with refused(NotAllowed, "separation_of_duties"):
            reopen_condition(initiative.pk, condition, "Not written.", act(rosa), on(3))
    confirm_condition(initiative.pk, condition, act(ravi), on(3))


def test_who_was_on_the_team_before_the_decision_confirms_its_condition(initiative, lena, ravi, rosa):
    team(initiative, lena, 0, "rosa")
    team(initiative, lena, 1)
    submit(initiative, "data", lena, 2)
    condition = decide(initiative, "data", ravi, "pass_with_conditions", 3, promise(lena)).conditions.get().pk
    keep_condition(initiative.pk, condition, "Written.", act(lena), on(4))
    confirm_condition(initiative.pk, condition, act(rosa), on(5))
    assert status(initiative, "data") == "passed"


def test_who_submitted_a_periodic_review_confirms_no_condition_meanwhile(initiative, lena, ravi, rosa):
    submit(initiative, "data", lena)
    condition = decide(initiative, "data", ravi, "pass_with_conditions", 1, promise(lena)).conditions.get().pk
    keep_condition(initiative.pk, condition, "Written.", act(lena), on(1))
    team(initiative, lena, 2, "rosa")
    submit(initiative, "data", rosa, 3)
    team(initiative, lena, 3)
    with refused(NotAllowed, "separation_of_duties") as caught:
        confirm_condition(initiative.pk, condition, act(rosa), on(4))
    assert "You submitted it." in caught.value.message
