"""An initiative is put on hold and the hold is lifted. The days between count in no rule."""

import pytest

from gates.models import Hold, Initiative
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.holds import lift_hold, set_hold
from readiness.portfolio.decisions import decision_groups
from readiness.portfolio.figures import Reviews
from readiness.portfolio.questions import holds_to_review
from readiness.standing.definitions import thresholds
from readiness.workbench.home.owed import hold_waits
from readiness.workbench.home.waits import Kind
from tests.fixtures import create, make_ready
from tests.integration.actions.props import (
    act,
    answer_checkpoint,
    blockers_of,
    errors,
    flags,
    gate,
    on,
    refused,
    say,
    standing,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def hold(initiative, by, day=1, review=30, reason="Waiting for the budget."):
    return set_hold(initiative.pk, reason, None if review is None else the_day(review), act(by), on(day))


def lift(initiative, by, day=2):
    return lift_hold(initiative.pk, act(by), on(day))


def test_a_hold_has_a_reason_and_a_day_to_look_at_it_again(initiative, lena):
    hold(initiative, lena, reason=" Waiting for the budget. ")
    initiative.refresh_from_db()
    kept = initiative.hold
    assert (kept.since, kept.reason, kept.review_on, kept.by) == (
        the_day(1),
        "Waiting for the budget.",
        the_day(30),
        lena,
    )
    assert (kept.lifted_on, initiative.stage, initiative.version) == (None, "intake", 2)


@pytest.mark.parametrize(
    ("reason", "review", "wrong"),
    [
        ("", None, [("reason", "required"), ("review_on", "required")]),
        (" \n", 30, [("reason", "required")]),
        ("x" * 2001, 30, [("reason", "too_long")]),
        ("a\x00", 30, [("reason", "null_characters")]),
        ("Budget.", 0, [("review_on", "in_the_past")]),
        ("Budget.", 300 * 365, [("review_on", "out_of_range")]),
    ],
)
def test_a_hold_that_says_neither_why_nor_until_when_is_refused(initiative, lena, reason, review, wrong):
    with refused(Invalid) as caught:
        hold(initiative, lena, reason=reason, review=review)
    assert errors(caught) == wrong


def test_it_can_be_looked_at_again_the_same_day(initiative, lena):
    hold(initiative, lena, day=1, review=1)
    assert "hold_expired" not in flags(initiative, 1)


def test_there_is_one_hold_at_a_time(initiative, lena):
    with refused(Conflict, "not_on_hold"):
        lift(initiative, lena)
    hold(initiative, lena)
    with refused(Conflict, "already_on_hold"):
        hold(initiative, lena)
    lift(initiative, lena, 5)
    with refused(Conflict, "not_on_hold"):
        lift(initiative, lena, 5)
    hold(initiative, lena, 5)
    assert list(Hold.objects.values_list("since", "lifted_on")) == [
        (the_day(1), the_day(5)),
        (the_day(5), None),
    ]


def test_the_team_and_executives_hold_and_lift_and_nobody_else_does(
    initiative, lena, omar, ravi, elsa, iris, ada
):
    for by in (omar, ravi, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            hold(initiative, by)
    hold(initiative, elsa)
    for by in (omar, ravi, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            lift(initiative, by)
    lift(initiative, lena)


def test_nothing_can_be_submitted_on_hold_and_everything_again_afterwards(initiative, lena):
    answer_checkpoint(initiative, lena, "checkpoint-0")
    assert gate(initiative, "checkpoint-0").can_submit
    hold(initiative, lena)
    assert not gate(initiative, "checkpoint-0").can_submit
    with refused(Conflict, "on_hold"):
        submit(initiative, "checkpoint-0", lena, 1)
    lift(initiative, lena)
    submit(initiative, "checkpoint-0", lena, 2)


def test_a_hold_leaves_the_verdict_as_it_is_and_is_named_first_among_the_blockers(initiative, lena, ravi):
    make_ready(initiative, lena, ravi, on(0))
    hold(initiative, lena)
    assert standing(initiative).verdict == "ready"
    assert blockers_of(standing(initiative).blockers) == [("on_hold", None, None)]
    assert standing(initiative).next_actions[0]["code"] == "lift_hold"
    lift(initiative, lena)
    assert standing(initiative).blockers == []


def test_days_on_hold_do_not_count_and_the_planned_end_moves_by_them(lena):
    poc = create(lena, on(0), stage="poc", plan={"poc_days": 28})
    hold(poc, lena, 10, review=40)
    lift(poc, lena, 30)  # twenty days: the 10th up to, not including, the 30th
    assert "stage_overrun" not in flags(poc, 48)
    assert flags(poc, 49)["stage_overrun"] == "info"


def test_a_hold_over_the_planned_end_raises_no_alarm_until_it_is_lifted(lena):
    poc = create(lena, on(0), stage="poc", plan={"poc_days": 28})
    hold(poc, lena, 28, review=400)
    assert "stage_overrun" not in flags(poc, 300)
    lift(poc, lena, 300)
    assert "stage_overrun" not in flags(poc, 300)
    assert "stage_overrun" in flags(poc, 301)


def test_what_is_live_and_on_hold_is_asked_about_again(lena, ada):
    """On the portfolio and on the home of its team."""
    live = create(ada, on(0), stage="live", people={"technical_lead": "lena"})
    hold(live, lena, 1, review=30)
    assert "hold_expired" not in flags(live, 30)
    assert flags(live, 31)["hold_expired"] == "warning"
    running = Initiative.objects.visible_to(lena).running()
    assert list(holds_to_review(running)) == [live]
    assert [(one.initiative, one.kind) for one in hold_waits(lena, running, the_day(31))] == [
        (live, Kind.HOLD)
    ]
    (group,) = [
        one
        for one in decision_groups(running, Reviews(0, 0, []), the_day(31), thresholds())
        if one.icon == "pause"
    ]
    assert (group.count, [one.initiative for one in group.decisions]) == (1, [live])


def test_on_hold_nothing_new_is_raised_but_what_its_review_is_about(lena, omar, elsa):
    people = {"business_owner": "elsa", "executive_sponsor": "elsa", "deputy": "omar"}
    pilot = create(lena, on(0), stage="pilot", business_unit="Finance", people=people)
    say(pilot, lena, "DATA-1", "met", 0, proof=True)
    before = flags(pilot, 0)
    hold(pilot, lena, 1, review=30)
    assert flags(pilot, 30).keys() <= before.keys()
    assert flags(pilot, 31).keys() - before.keys() == {"hold_expired"}
    late = flags(pilot, 500).keys() - before.keys()
    assert late == {"hold_expired", "evidence_expired"}
