"""What triggers is written once, stands until somebody decides, and is watched from the PoC to the rollout."""

from datetime import date
from typing import Any

import pytest

from gates.models import ExitCriterion, ExitTrigger, Initiative
from readiness.accounts.models import User
from readiness.actions.gates import submit_gate
from readiness.actions.holds import set_hold
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create
from tests.integration.actions.exiting import LEARNED, criterion_of, decide, kpi_of, read, state, trip
from tests.integration.actions.props import LESSON, act, on, pass_checkpoint, the_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, on(-1), stage="pilot")


@pytest.fixture
def weekly(pilot: Initiative, lena: User, elsa: User) -> ExitCriterion:
    """Weekly use under 30 % for four weeks: stop, decides elsa."""
    return criterion_of(pilot, lena, elsa)


def triggers(criterion: ExitCriterion) -> list[date]:
    return list(ExitTrigger.objects.filter(criterion=criterion).values_list("on", flat=True))


def told(initiative: Initiative) -> list[dict[str, Any]]:
    """What the trail says of triggers."""
    events = Event.objects.filter(initiative=initiative).order_by("seq")
    return [one for event in events for one in event.data.get("standing", {}).get("exits_triggered", [])]


def codes(initiative: Initiative) -> list[str]:
    return [one["code"] for one in Standing.objects.get(initiative=initiative).blockers]


def test_time_alone_triggers_it_by_the_sweep_of_that_day(weekly, lena):
    read(weekly, lena, "20", 1)
    read(weekly, lena, "29.9999", 20)
    assert Standing.objects.get(initiative=weekly.initiative).due_on <= the_day(29)

    for day in range(21, 29):
        recompute_due(on(day))
    assert triggers(weekly) == []
    recompute_due(on(29, 0))

    trigger = ExitTrigger.objects.get(criterion=weekly)
    assert (trigger.on, trigger.at) == (the_day(29), on(29, 0))
    assert trigger.words == "Weekly use under 30 % for 4 weeks"
    assert trigger.readings == [
        {"on": the_day(1).isoformat(), "value": "20"},
        {"on": the_day(20).isoformat(), "value": "29.9999"},
    ]
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor) == ("standing.changed", None)
    assert told(weekly.initiative) == [
        {"criterion": weekly.pk, "words": "Weekly use under 30 % for 4 weeks", "decider": "elsa"}
    ]


def test_a_reading_triggers_it_in_the_same_act(weekly, lena):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 28)

    event = Event.objects.latest("seq")
    assert event.verb == "reading.added"
    assert [one["criterion"] for one in event.data["standing"]["exits_triggered"]] == [weekly.pk]
    assert triggers(weekly) == [the_day(28)]


def test_whatever_runs_twice_writes_it_once(weekly, lena):
    trip(weekly, lena)
    before = Event.objects.count()

    for hour in (10, 11, 12):
        recompute_due(on(28, hour))
        recompute_batch([weekly.initiative_id], on(28, hour))

    assert triggers(weekly) == [the_day(28)]
    assert Event.objects.count() == before
    recompute_batch([weekly.initiative_id], on(29))
    assert triggers(weekly) == [the_day(28)]
    assert len(told(weekly.initiative)) == 1


def test_it_stands_whatever_later_readings_say(weekly, lena):
    trip(weekly, lena)
    read(weekly, lena, "99", 30)

    assert state(weekly, 200).status == "triggered"
    assert state(weekly, 200).on == the_day(28)
    recompute_due(on(200))
    assert triggers(weekly) == [the_day(28)]
    assert "exit_undecided" in codes(weekly.initiative)


def test_it_blocks_ready_and_asks_for_a_decision(weekly, lena):
    trip(weekly, lena)

    standing = Standing.objects.get(initiative=weekly.initiative)
    sentence = "Weekly use under 30 % for 4 weeks: reached on 30 March 2026; a decision by Elsa is due."
    assert [one["message"] for one in standing.blockers if one["code"] == "exit_undecided"] == [sentence]
    assert [one["message"] for one in standing.next_actions if one["code"] == "decide_exit"] == [sentence]
    flag = Flag.objects.get(initiative=weekly.initiative, code="exit_triggered", resolved_at__isnull=True)
    assert (flag.severity, flag.opened_on) == ("critical", the_day(28))


def test_what_was_reached_is_said_with_its_parts_also_when_it_is_computed_again(weekly, lena):
    trip(weekly, lena)
    recompute_batch([weekly.initiative_id], on(200))

    blockers = Standing.objects.get(initiative=weekly.initiative).blockers
    [found] = [one["said"]["parts"] for one in blockers if one["code"] == "exit_undecided"]
    assert found["criterion"]["said"]["template"] == "{kpi} under {limit} {when}"


def test_the_blocker_and_the_flag_go_with_the_decision(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "rework")

    assert "exit_undecided" not in codes(weekly.initiative)
    assert not Flag.objects.filter(code="exit_triggered", resolved_at__isnull=True).exists()
    assert state(weekly, 28).status == "armed"


# --- After a decision -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["rework", "hold"])
def test_after_rework_or_a_hold_only_later_readings_count(weekly, lena, elsa, decision):
    trip(weekly, lena)
    given = {"review_on": the_day(40)} if decision == "hold" else {}
    decide(weekly, elsa, decision, 30, **given)
    for day in (31, 60, 100, 300):
        recompute_due(on(day))
    assert triggers(weekly) == [the_day(28)]


def test_after_rework_it_triggers_again_on_what_is_read_then(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "rework", 30)
    read(weekly, lena, "20", 30)
    read(weekly, lena, "20", 31)
    read(weekly, lena, "20", 45)

    recompute_due(on(58))
    assert triggers(weekly) == [the_day(28)], "the reading of the day of the decision does not count"
    recompute_due(on(59))
    assert triggers(weekly) == [the_day(28), the_day(59)]


def test_going_on_quiets_it_through_the_expiry_and_no_longer(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "go_on", 28, expires_on=the_day(50))
    assert (state(weekly, 50).status, state(weekly, 50).quiet_through) == ("quiet", the_day(50))
    assert state(weekly, 51).quiet_through is None

    for day in range(29, 51):
        recompute_due(on(day))
    assert triggers(weekly) == [the_day(28)]
    assert Standing.objects.get(initiative=weekly.initiative).due_on <= the_day(51)
    recompute_due(on(51))
    assert triggers(weekly) == [the_day(28), the_day(51)], "what it was decided on counts again"


def test_after_going_on_a_better_reading_ends_it(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "go_on", 28, expires_on=the_day(50))
    read(weekly, lena, "31", 49)

    for day in (51, 60, 100):
        recompute_due(on(day))
    assert triggers(weekly) == [the_day(28)]


def test_held_days_do_not_count(weekly, lena):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 14)
    set_hold(weekly.initiative_id, "The data are away.", the_day(40), act(lena), on(20))

    for day in range(21, 60):
        recompute_due(on(day))
    assert triggers(weekly) == []


def test_on_hold_it_may_open(weekly, lena):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 20)
    set_hold(weekly.initiative_id, "The data are away.", the_day(40), act(lena), on(28, 8))
    assert triggers(weekly) == [the_day(28)], "the day on which the hold begins finds four weeks before it"

    flag = Flag.objects.get(initiative=weekly.initiative, code="exit_triggered")
    assert flag.resolved_at is None


# --- Where it is watched ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "watched"),
    [("intake", False), ("poc", True), ("pilot", True), ("rollout", True), ("live", False)],
)
def test_the_stages_in_which_it_is_watched(lena, elsa, ada, stage, watched):
    one = create(lena, on(0))
    Initiative.objects.filter(pk=one.pk).update(stage=stage)
    weekly = criterion_of(one, lena, elsa)
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 28)
    recompute_due(on(40))

    assert triggers(weekly) == ([the_day(28)] if watched else [])
    assert state(weekly, 40).watched is watched
    assert state(weekly, 40).status == ("triggered" if watched else "armed")


def test_an_ended_initiative_has_none(weekly, lena):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 27)
    move_stage(weekly.initiative_id, "stopped", act(lena), on(27), lesson=LESSON)
    recompute_batch([weekly.initiative_id], on(40))

    assert triggers(weekly) == []
    assert state(weekly, 40).status == "armed"


def test_at_a_checkpoint_from_the_day_it_is_submitted(lena, ravi, elsa):
    one = create(lena, on(0), stage="poc")
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    kpi = kpi_of(one, lena, name="Accuracy")
    criterion = criterion_of(
        one, lena, elsa, kpi=kpi, limit="80", window_days=None, checkpoint="checkpoint-1", action="rework"
    )
    read(criterion, lena, "79", 5)
    assert triggers(criterion) == []

    submit_gate(one.pk, "checkpoint-1", "Half way.", act(lena), on(10))

    trigger = ExitTrigger.objects.get(criterion=criterion)
    assert (trigger.on, trigger.readings) == (the_day(10), [{"on": the_day(5).isoformat(), "value": "79"}])
    assert trigger.words.startswith("Accuracy under 80 % at “")
    decide(criterion, elsa, "rework", 11)
    read(criterion, lena, "80", 12)
    assert triggers(criterion) == [the_day(10)]
    read(criterion, lena, "79.5", 13)
    assert triggers(criterion) == [the_day(10), the_day(13)]


def test_each_criterion_has_its_own(weekly, lena, elsa):
    other = criterion_of(weekly.initiative, lena, elsa, kpi=weekly.kpi, limit="25", action="hold")
    trip(weekly, lena)
    decide(weekly, elsa, "rework")

    assert [state(one, 28).status for one in (weekly, other)] == ["armed", "triggered"]
    assert codes(weekly.initiative).count("exit_undecided") == 1


# --- Ended by another door ----------------------------------------------------------------------------------------


def test_a_stop_by_another_door_decides_it(weekly, lena):
    trigger = trip(weekly, lena)
    move_stage(weekly.initiative_id, "stopped", act(lena), on(30), lesson=LESSON)

    trigger.refresh_from_db()
    assert (trigger.decision, trigger.by, trigger.decided_on) == ("stop", lena, the_day(30))
    assert trigger.reason == "Decided with the end of the initiative."
    assert not Flag.objects.filter(initiative=weekly.initiative, resolved_at__isnull=True).exists()


def test_a_stop_at_one_criterion_decides_the_others_too(weekly, lena, elsa):
    other = criterion_of(weekly.initiative, lena, lena, kpi=weekly.kpi, limit="25")
    trip(weekly, lena)
    decide(weekly, elsa, "stop", 30, reason="Enough.", lesson=LEARNED)

    found = ExitTrigger.objects.get(criterion=other)
    assert (found.decision, found.by, found.reason) == ("stop", elsa, "Enough.")
