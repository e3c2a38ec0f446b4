"""A condition is open until it is kept, and kept until a reviewer confirms it or opens it again."""

import pytest

from gates.models import Condition
from readiness.accounts.models import User
from readiness.actions.conditions import confirm_condition, keep_condition, reopen_condition
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.initiatives import edit_initiative
from readiness.audit.models import Event
from readiness.standing.sweeping import recompute_due
from tests.fixtures import FIVE_GATES, answer_all, create, pass_gate, person
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    decide,
    errors,
    flags,
    gate,
    on,
    promise,
    refused,
    standing,
    status,
    statuses,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oona(db):
    """Owns the condition and is on no team."""
    return person("oona", lead=True)


@pytest.fixture
def initiative(lena, ravi, oona):
    """The Data gate is passed on one condition, due on day 30."""
    made = create(lena, on(0), stage="pilot")
    answer_all(made, lena, at=on(0))
    submit(made, "data", lena)
    decide(made, "data", ravi, "pass_with_conditions", 0, promise(oona))
    return made


def the_condition():
    return Condition.objects.get()


def keep(initiative, by, day=1, note="It is in the wiki."):
    return keep_condition(initiative.pk, the_condition().pk, note, act(by), on(day))


def confirm(initiative, by, day=2):
    return confirm_condition(initiative.pk, the_condition().pk, act(by), on(day))


def reopen(initiative, by, day=2, reason="The page is empty."):
    return reopen_condition(initiative.pk, the_condition().pk, reason, act(by), on(day))


def test_its_owner_marks_it_kept_with_a_note_and_a_reviewer_confirms_it(initiative, oona, ravi):
    keep(initiative, oona, note=" It is in the wiki. ")
    kept = the_condition()
    assert (kept.state, kept.kept_by, kept.kept_at, kept.kept_note) == (
        "kept",
        oona,
        on(1),
        "It is in the wiki.",
    )
    assert status(initiative, "data") == "passed_with_conditions"
    confirm(initiative, ravi)
    confirmed = the_condition()
    assert (confirmed.state, confirmed.confirmed_by, confirmed.confirmed_at) == ("confirmed", ravi, on(2))
    assert status(initiative, "data") == "passed"
    told = Event.objects.filter(verb__startswith="condition.").order_by("seq").values_list("verb", "actor_id")
    assert list(told) == [("condition.kept", oona.pk), ("condition.confirmed", ravi.pk)]


def test_the_team_marks_it_kept_as_well(initiative, lena):
    keep(initiative, lena)
    assert the_condition().kept_by == lena


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_nobody_else_marks_it_kept(initiative, request, who):
    by = request.getfixturevalue(who)
    with refused(NotAllowed, "not_allowed"):
        keep(initiative, by)


@pytest.mark.parametrize("who", ["lena", "oona", "omar", "elsa", "iris", "ada"])
def test_nobody_but_a_reviewer_confirms_or_reopens_it(initiative, lena, request, who):
    keep(initiative, lena)
    by = request.getfixturevalue(who)
    with refused(NotAllowed):
        confirm(initiative, by)
    with refused(NotAllowed):
        reopen(initiative, by)


def test_a_reviewer_opens_it_again_with_a_reason_and_it_can_be_kept_once_more(initiative, oona, ravi):
    keep(initiative, oona)
    for reason, code in (
        ("", "required"),
        (" \n", "required"),
        ("x" * 2001, "too_long"),
        ("\x00", "null_characters"),
    ):
        with refused(Invalid) as caught:
            reopen(initiative, ravi, reason=reason)
        assert errors(caught) == [("reason", code)]
    reopen(initiative, ravi)
    assert (the_condition().state, the_condition().reopened_reason) == ("open", "The page is empty.")
    keep(initiative, oona, 3, "Now it is not.")
    assert (the_condition().state, the_condition().kept_note) == ("kept", "Now it is not.")


def test_a_confirmed_condition_can_be_opened_again_too(initiative, oona, ravi):
    keep(initiative, oona)
    confirm(initiative, ravi)
    reopen(initiative, ravi, 3)
    again = the_condition()
    assert (again.state, again.confirmed_by, again.confirmed_at) == ("open", None, None)
    assert status(initiative, "data") == "passed_with_conditions"


def test_each_step_takes_the_one_before(initiative, oona, ravi):
    with refused(Conflict, "condition_not_kept"):
        confirm(initiative, ravi)
    with refused(Conflict, "condition_open"):
        reopen(initiative, ravi)
    keep(initiative, oona)
    with refused(Conflict, "condition_not_open"):
        keep(initiative, oona, 2)
    confirm(initiative, ravi)
    with refused(Conflict, "condition_not_open"):
        keep(initiative, oona, 3)
    with refused(Conflict, "condition_not_kept"):
        confirm(initiative, ravi, 3)


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_note_is_kept_as_it_was_typed(initiative, oona, text):
    keep(initiative, oona, note=text)
    assert the_condition().kept_note == text


def test_a_note_has_its_limits(initiative, oona):
    for note, code in (
        ("x" * 2001, "too_long"),
        ("\x00", "null_characters"),
        ("\ud800", "surrogate_characters"),
    ):
        with refused(Invalid) as caught:
            keep(initiative, oona, note=note)
        assert errors(caught) == [("note", code)]


def test_of_several_conditions_all_must_be_confirmed(lena, ravi, oona):
    one = create(lena, on(0))
    answer_all(one, lena, at=on(0))
    submit(one, "data", lena)
    made = decide(
        one, "data", ravi, "pass_with_conditions", 0, promise(oona), promise(lena, text="Train the desk.")
    )
    for condition, expected in zip(
        made.conditions.order_by("pk"), ("passed_with_conditions", "passed"), strict=True
    ):
        keep_condition(one.pk, condition.pk, "Done.", act(lena), on(1))
        confirm_condition(one.pk, condition.pk, act(ravi), on(1))
        assert status(one, "data") == expected


def test_the_verdict_is_conditional_until_it_is_confirmed(initiative, lena, ravi, oona):
    for slug in FIVE_GATES[1:]:
        pass_gate(initiative, slug, lena, ravi, on(0))
    assert standing(initiative).verdict == "conditional"
    keep(initiative, oona)
    assert standing(initiative).verdict == "conditional"
    confirm(initiative, ravi)
    assert standing(initiative).verdict == "ready"


def test_it_is_overdue_from_the_day_after_and_the_pass_lapses_with_it(initiative):
    assert statuses(initiative, 30)[:2] == ["passed_with_conditions", "eligible"]
    assert recompute_due(on(31)) == 1
    assert statuses(initiative)[:2] == ["lapsed", "locked"]
    assert "Write the runbook." in gate(initiative, "data").lapsed_because
    codes = [blocker["code"] for blocker in standing(initiative).blockers]
    assert codes[:2] == ["gate_not_passed", "condition_overdue"]
    assert flags(initiative, 31).keys() >= {"gate_lapsed", "condition_overdue"}


def test_to_say_that_it_is_kept_ends_that_lapse_at_once(initiative, oona, ravi):
    assert status(initiative, "data", 31) == "lapsed"
    keep(initiative, oona, 33)
    assert statuses(initiative)[:2] == ["passed_with_conditions", "eligible"]
    reopen(initiative, ravi, 34)
    assert statuses(initiative)[:2] == ["lapsed", "locked"]
    keep(initiative, oona, 35)
    confirm(initiative, ravi, 36)
    assert statuses(initiative)[:2] == ["passed", "eligible"]


def test_a_kept_condition_is_never_overdue(initiative, oona):
    keep(initiative, oona, 30)
    assert status(initiative, "data", 50) == "passed_with_conditions"


def test_a_condition_of_a_decision_that_was_superseded_binds_no_more(initiative, lena, ravi, oona):
    submit(initiative, "data", lena, 1)
    decide(initiative, "data", ravi, day=2)
    assert status(initiative, "data", 40) == "passed"
    for step in (lambda: keep(initiative, oona, 3), lambda: reopen(initiative, ravi, 3)):
        with refused(Conflict, "condition_superseded"):
            step()


def test_a_condition_of_another_initiative_is_not_there(initiative, lena, ravi):
    other = create(lena, on(0), name="Another")
    for step in (keep, confirm, reopen):
        with refused(NotFound, "not_found"):
            step(other, lena if step is keep else ravi)
    with refused(NotFound, "not_found"):
        keep_condition(initiative.pk, 10**9, "Done.", act(lena), on(1))


def test_an_owner_who_may_not_know_of_the_initiative_is_not_told_of_it(initiative, lena, oona):
    edit_initiative(initiative.pk, {"visibility": "team"}, act(lena), on(1))
    with refused(NotFound, "not_found"):
        keep(initiative, oona)


def test_its_owner_keeps_it_whatever_role_they_have_but_an_auditor_only_reads(lena, ravi, elsa, iris):
    for owner in (elsa, ravi, iris):
        one = create(lena, on(0))
        answer_all(one, lena, at=on(0))
        submit(one, "data", lena)
        given_to = (
            elsa if owner is iris else owner
        )  # an auditor owns what they were given before they were one
        condition = decide(one, "data", ravi, "pass_with_conditions", 0, promise(given_to)).conditions.get()
        Condition.objects.filter(pk=condition.pk).update(owner=owner)
        if owner is iris:
            with refused(NotAllowed, "not_allowed"):
                keep_condition(one.pk, condition.pk, "Done.", act(owner), on(1))
        else:
            keep_condition(one.pk, condition.pk, "Done.", act(owner), on(1))
            assert Condition.objects.get(pk=condition.pk).state == "kept"


@pytest.mark.parametrize("note", ["", "  \n"])
def test_to_keep_it_says_how(initiative, lena, note):
    with refused(Invalid) as caught:
        keep(initiative, lena, note=note)
    assert errors(caught) == [("note", "required")]
    assert the_condition().state == "open"


def test_nobody_confirms_what_they_said_themselves(initiative, oona, ravi):
    """Also where they are a reviewer, off the team."""
    User.objects.filter(pk=oona.pk).update(is_reviewer=True)
    oona.refresh_from_db()
    keep(initiative, oona)
    with refused(NotAllowed, "separation_of_duties") as caught:
        confirm(initiative, oona)
    assert caught.value.message == "You said yourself that it is kept."
    assert the_condition().state == "kept"
    reopen(initiative, oona)
    keep(initiative, oona)
    confirm(initiative, ravi)
    assert the_condition().state == "confirmed"
