"""A waiver accepts the risk of one item for a while. It never counts as met."""

import pytest

from gates.models import Waiver
from readiness.actions.errors import Invalid
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.standing.sweeping import recompute_due
from tests.fixtures import FIVE_GATES, answer_all, create, pass_gate
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    decide,
    errors,
    flags,
    gate,
    on,
    refused,
    say,
    standing,
    status,
    statuses,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena):
    made = create(lena, on(0), stage="pilot")
    answer_all(made, lena, at=on(0))
    return made


def waive(initiative, by, code="DATA-2", until=30, day=0, reason="The old system is switched off in June."):
    expires_on = None if until is None else the_day(until)
    return grant_waiver(initiative.pk, code, reason, expires_on, act(by), on(day))[0]


def ready_but_one(initiative, lena, ravi, until=30):
    """Every gate passed, DATA-2 not met and under a waiver."""
    say(initiative, lena, "DATA-2", "not_met")
    waive(initiative, ravi, until=until)
    for slug in FIVE_GATES:
        pass_gate(initiative, slug, lena, ravi, on(0))


def test_a_waiver_says_why_by_whom_and_until_when(initiative, ravi):
    waive(initiative, ravi, reason=" Small. ", day=1)
    made = Waiver.objects.get()
    assert (made.item.code, made.reason, made.approver) == ("DATA-2", "Small.", ravi)
    assert (made.granted_at, made.expires_on) == (on(1), the_day(30))
    event = Event.objects.get(verb="waiver.granted")
    assert (event.data["item"], event.data["reason"], event.data["expires_on"]) == (
        "DATA-2",
        "Small.",
        str(the_day(30)),
    )


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        (None, "", [("reason", "required"), ("expires_on", "required")]),
        (-1, "Small.", [("expires_on", "in_the_past")]),
        (300 * 365, "Small.", [("expires_on", "out_of_range")]),
        (30, "x" * 2001, [("reason", "too_long")]),
        (30, "\x00", [("reason", "null_characters")]),
    ],
)
def test_a_waiver_without_a_reason_or_an_end_is_refused(initiative, ravi, until, reason, wrong):
    with refused(Invalid) as caught:
        waive(initiative, ravi, until=until, reason=reason)
    assert errors(caught) == wrong


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_its_reason_is_kept_as_it_was_typed(initiative, ravi, text):
    assert waive(initiative, ravi, reason=text).reason == text


@pytest.mark.parametrize("code", ["DATA-1", "DATA-4", "ADPT-1", "CP0-1"])
def test_a_critical_item_cannot_be_waived(initiative, ravi, code):
    with refused(Invalid) as caught:
        waive(initiative, ravi, code)
    assert errors(caught) == [("item", "item_critical")]


@pytest.mark.parametrize("code", ["DATA-9", "", "CONV-1", "DATA-2\x00", "\ud800", "x" * 5000])
def test_an_item_that_is_not_there_cannot_be_waived(initiative, ravi, code):
    with refused(Invalid) as caught:
        waive(initiative, ravi, code)
    assert [error.field for error in caught.value.errors] == ["item"]


def test_under_a_waiver_the_criteria_hold_and_the_verdict_is_conditional(initiative, lena, ravi):
    ready_but_one(initiative, lena, ravi)
    now = standing(initiative)
    assert statuses(initiative) == ["passed"] * 5
    assert (now.verdict, now.met, now.not_met, now.blockers) == ("conditional", 19, 1, [])


def test_a_waiver_does_not_count_towards_the_minimum_nor_the_threshold(initiative, lena, ravi):
    for code in ("DATA-2", "ARCH-1", "INTG-2", "GOVN-4", "ADPT-3"):
        say(initiative, lena, code, "not_met")
        waive(initiative, ravi, code)
    for slug in FIVE_GATES:
        pass_gate(initiative, slug, lena, ravi, on(0))
    now = standing(initiative)
    assert (now.met, now.required_met, now.threshold_met, now.verdict) == (15, 16, False, "not_ready")
    assert [blocker["code"] for blocker in now.blockers] == ["threshold_not_met"]


def test_a_waiver_on_what_is_met_changes_nothing_and_on_what_is_partial_makes_it_conditional(
    initiative, lena, ravi
):
    for slug in FIVE_GATES:
        pass_gate(initiative, slug, lena, ravi, on(0))
    waive(initiative, ravi)
    assert standing(initiative).verdict == "ready"
    say(initiative, lena, "DATA-2", "partial")
    assert standing(initiative).verdict == "conditional"
    say(initiative, lena, "DATA-2", "met")
    assert standing(initiative).verdict == "ready"


def test_without_a_waiver_a_partial_item_leaves_a_passed_gate_ready(initiative, lena, ravi):
    for slug in FIVE_GATES:
        pass_gate(initiative, slug, lena, ravi, on(0))
    say(initiative, lena, "DATA-2", "partial")
    assert standing(initiative).verdict == "ready"


def test_it_holds_through_its_last_day_and_the_pass_lapses_on_the_day_after(initiative, lena, ravi):
    ready_but_one(initiative, lena, ravi, until=30)
    assert standing(initiative, 30).verdict == "conditional"
    assert recompute_due(on(30)) == 0
    assert recompute_due(on(31)) == 1
    assert statuses(initiative) == ["lapsed", "locked", "locked", "locked", "locked"]
    assert standing(initiative).verdict == "not_ready"
    assert gate(initiative, "data").lapsed_because
    assert "gate_lapsed" in flags(initiative, 31)


def test_that_lapse_ends_by_itself_when_another_waiver_is_granted(initiative, lena, ravi):
    ready_but_one(initiative, lena, ravi, until=30)
    assert status(initiative, "data", 31) == "lapsed"
    waive(initiative, ravi, until=60, day=35)
    assert statuses(initiative) == ["passed"] * 5
    assert standing(initiative).verdict == "conditional"
    assert status(initiative, "data", 61) == "lapsed"


def test_it_can_end_today(initiative, lena, ravi):
    say(initiative, lena, "DATA-2", "not_met")
    waive(initiative, ravi, until=0)
    assert status(initiative, "data", 0) == "eligible"
    assert status(initiative, "data", 1) == "open"


def test_of_two_waivers_the_longer_counts(initiative, lena, ravi):
    say(initiative, lena, "DATA-2", "unanswered")
    waive(initiative, ravi, until=50)
    waive(initiative, ravi, until=10)
    assert status(initiative, "data", 50) == "eligible"
    assert status(initiative, "data", 51) == "open"


def test_a_waiver_that_ran_out_before_the_decision_keeps_it_from_passing(initiative, lena, ravi):
    say(initiative, lena, "DATA-2", "not_met")
    waive(initiative, ravi, until=5)
    submit(initiative, "data", lena, 5)
    assert status(initiative, "data", 6) == "in_review"
    decide(initiative, "data", ravi, "return", 6)
    assert status(initiative, "data") == "returned"
