"""Acknowledging and snoozing quiet reminders; they change no figure and no `stalled`. A cause is named by a person."""

import pytest

from gates.models import Initiative
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.flags import acknowledge_flag, confirm_cause, snooze_flag
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.standing.models import Flag, GateStanding, HistoryPoint, Standing
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create, pass_gate
from tests.integration.actions.props import (
    LESSON,
    UNUSUAL_TEXTS,
    act,
    errors,
    flags,
    on,
    refused,
    standing,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stalled(lena):
    """A pilot that nobody has touched for a year."""
    made = create(lena, on(0), stage="pilot")
    assert standing(made, 365).stalled
    return made


def flag(initiative, code="stage_overrun"):
    return Flag.objects.get(initiative=initiative, code=code, resolved_at=None)


def acknowledge(flag, by, day=365):
    return acknowledge_flag(flag.pk, act(by), on(day))


def snooze(flag, by, until=400, day=365, reason="The contract comes in April."):
    return snooze_flag(flag.pk, None if until is None else the_day(until), reason, act(by), on(day))


def figures(initiative):
    quiet = {"computed_at", "acknowledged_by_id", "acknowledged_at", "snoozed_until", "snooze_reason"}
    quiet |= {"next_actions", "due_on"}  # a snoozed flag asks for nothing until its day
    return [
        [
            {key: value for key, value in row.items() if key not in quiet}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Standing, GateStanding, Flag, HistoryPoint)
    ]


def test_neither_changes_a_figure_or_stalled(stalled, lena):
    before = figures(stalled)
    acknowledge(flag(stalled), lena)
    snooze(flag(stalled, "no_activity"), lena)
    assert figures(stalled) == before
    assert standing(stalled).stalled
    stalled.refresh_from_db()
    assert (stalled.version, stalled.last_activity_on) == (1, None)


def test_who_saw_it_and_until_when_it_is_quiet_is_kept_with_it_and_in_the_audit_trail(stalled, lena, ravi):
    acknowledge(flag(stalled), lena)
    snooze(flag(stalled), ravi, 365, reason=" Today only. ")
    kept = flag(stalled)
    assert (kept.acknowledged_by, kept.acknowledged_at) == (lena, on(365))
    assert (kept.snoozed_until, kept.snooze_reason) == (the_day(365), "Today only.")
    told = Event.objects.filter(verb__startswith="flag.").order_by("seq").values_list("verb", "actor_id")
    assert list(told) == [("flag.acknowledged", lena.pk), ("flag.snoozed", ravi.pk)]


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        (None, "", [("until", "required"), ("reason", "required")]),
        (364, "Later.", [("until", "in_the_past")]),
        (300 * 365, "Later.", [("until", "out_of_range")]),
        (400, " ", [("reason", "required")]),
        (400, "x" * 2001, [("reason", "too_long")]),
        (400, "a\x00", [("reason", "null_characters")]),
    ],
)
def test_to_snooze_takes_a_reason_and_a_day_that_has_not_passed(stalled, lena, until, reason, wrong):
    with refused(Invalid) as caught:
        snooze(flag(stalled), lena, until, reason=reason)
    assert errors(caught) == wrong


def test_the_team_reviewers_and_executives_quiet_it_and_nobody_else_does(
    stalled, lena, omar, ravi, elsa, iris, ada
):
    for by in (lena, ravi, elsa):
        acknowledge(flag(stalled), by)
        snooze(flag(stalled), by)
    for by in (omar, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            acknowledge(flag(stalled), by)
        with refused(NotAllowed, "not_allowed"):
            snooze(flag(stalled), by)


def test_what_one_may_not_know_of_has_no_flag(stalled, lena, omar):
    edit_initiative(stalled.pk, {"visibility": "team"}, act(lena), on(365))
    with refused(NotFound, "not_found"):
        acknowledge(flag(stalled), omar)
    with refused(NotFound, "not_found"):
        acknowledge_flag(10**6, act(lena), on(365))


def test_a_flag_that_is_resolved_is_quiet_already(stalled, lena, omar, elsa):
    gone = flag(stalled, "no_business_owner")
    edit_initiative(stalled.pk, {"people": {"business_owner": "elsa"}}, act(lena), on(365))
    for quieting in (acknowledge, snooze):
        with refused(Conflict, "flag_resolved"):
            quieting(gone, lena)


def test_a_flag_whose_rule_ceased_to_hold_by_now_is_resolved_first(lena):
    """Whoever acts on what an old page shows acts on how it stands today."""
    poc = create(lena, on(0), stage="poc", plan={"decision_on": the_day(2)})
    assert standing(poc, 5).flags_open
    late = flag(poc, "decision_overdue")
    edit_initiative(poc.pk, {"plan": {"decision_on": None}}, act(lena), on(6))
    with refused(Conflict, "flag_resolved"):
        acknowledge(late, lena, 6)


def test_whoever_waits_with_checkpoint_0_waits_for_a_reviewer(initiative, lena):
    submit(initiative, "checkpoint-0", lena, 1)
    assert "decision_overdue" not in flags(initiative, 14)
    assert flags(initiative, 15)["decision_overdue"] == "warning"
    assert not standing(initiative, 40).stalled


def test_whoever_waits_with_a_periodic_review_of_what_is_live_does_too(lena, ada, ravi):
    live = create(ada, on(0), stage="live", people={"technical_lead": "lena"})
    answer_all(live, lena, gates=["data"], at=on(0))
    pass_gate(live, "data", lena, ravi, at=on(0))
    submit(live, "data", lena, 1)
    assert "decision_overdue" not in flags(live, 14)
    assert flags(live, 15)["decision_overdue"] == "warning"


def test_an_imported_initiative_that_nobody_edited_stays_on_the_day_its_file_speaks_of(stalled, lena):
    Initiative.objects.filter(pk=stalled.pk).update(as_of=the_day(365))
    before = figures(stalled)
    acknowledge(flag(stalled), lena, 2000)
    snooze(flag(stalled, "no_activity"), lena, 2100, 2000)
    assert Initiative.objects.get(pk=stalled.pk).as_of == the_day(365)
    after = figures(stalled)
    assert [row["code"] for row in after[2]] == [row["code"] for row in before[2]]
    assert after[0][0]["stalled"] == before[0][0]["stalled"]


def name_cause(flag, by, cause="integration", note="", day=365):
    return confirm_cause(flag.pk, cause, act(by), on(day), note)


def test_a_cause_is_confirmed_or_corrected_and_can_be_changed_again(stalled, lena, ravi):
    name_cause(flag(stalled), lena, "momentum")
    kept = flag(stalled)
    assert (kept.root_cause, kept.confirmed_cause, kept.cause) == ("momentum",) * 3
    assert (kept.confirmed_by, kept.confirmed_at) == (lena, on(365))

    name_cause(flag(stalled), ravi, "integration", " No interface. ", 366)
    kept = flag(stalled)
    assert (kept.root_cause, kept.confirmed_cause, kept.cause) == ("momentum", "integration", "integration")
    assert (kept.confirmed_by, kept.confirmed_at) == (ravi, on(366))
    told = Event.objects.filter(verb="cause.confirmed").order_by("seq").last()
    assert told.data == {
        "flag": "stage_overrun",
        "suspected": "momentum",
        "cause": "integration",
        "note": "No interface.",
    }


def test_to_name_a_cause_changes_no_figure_of_the_initiative_and_edits_nothing(stalled, lena):
    Initiative.objects.filter(pk=stalled.pk).update(as_of=the_day(365))
    recompute_batch([stalled.pk], on(365))
    before = figures(stalled)
    name_cause(flag(stalled), lena, day=900)
    after = figures(stalled)
    assert [after[0], after[1], after[3]] == [before[0], before[1], before[3]]
    stalled.refresh_from_db()
    assert (stalled.as_of, stalled.version, stalled.last_activity_on) == (the_day(365), 1, None)


def test_a_flag_that_comes_back_is_suspected_anew(stalled, lena):
    name_cause(flag(stalled), lena)
    edit_initiative(stalled.pk, {"plan": {"pilot_days": 500}}, act(lena), on(366))
    edit_initiative(stalled.pk, {"plan": {"pilot_days": 90}}, act(lena), on(367))
    assert (flag(stalled).confirmed_cause, flag(stalled).confirmed_by) == ("", None)
    assert Flag.objects.filter(initiative=stalled, confirmed_cause="integration").count() == 1


@pytest.mark.parametrize(
    ("cause", "note", "wrong"),
    [
        ("fate", "", [("root_cause", "unknown_word")]),
        ("", "x" * 2001, [("root_cause", "unknown_word"), ("note", "too_long")]),
        ("integration", "a\x00", [("note", "null_characters")]),
    ],
)
def test_a_cause_is_one_of_the_list(stalled, lena, cause, note, wrong):
    with refused(Invalid) as caught:
        name_cause(flag(stalled), lena, cause, note)
    assert errors(caught) == wrong


@pytest.mark.parametrize("note", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_note_may_hold_any_text(stalled, lena, note):
    name_cause(flag(stalled), lena, note=note)
    assert Event.objects.filter(verb="cause.confirmed").get().data["note"] == note


def test_the_team_and_reviewers_name_a_cause_and_nobody_else_does(stalled, lena, omar, ravi, elsa, iris, ada):
    for by in (lena, ravi):
        name_cause(flag(stalled), by)
    for by in (omar, elsa, iris, ada):
        with refused(NotAllowed, "not_allowed"):
            name_cause(flag(stalled), by)


def test_of_what_has_ended_or_is_resolved_no_cause_is_named(stalled, lena):
    gone = flag(stalled, "no_business_owner")
    edit_initiative(stalled.pk, {"people": {"business_owner": "lena"}}, act(lena), on(365))
    with refused(Conflict, "flag_resolved"):
        name_cause(gone, lena)
    late = flag(stalled)
    move_stage(stalled.pk, "stopped", act(lena), on(366), lesson=LESSON)
    with refused(Conflict, "flag_resolved"):
        name_cause(late, lena, day=366)
