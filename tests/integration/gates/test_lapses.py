"""A pass that no longer holds: by time it ends by itself, by an act only a new decision ends it."""

import pytest

from gates.models import Decision, Lapse, MaterialChange, Submission
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.errors import Invalid
from readiness.actions.initiatives import edit_initiative
from readiness.actions.material_changes import declare_material_change
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due
from readiness.standing.verdict import Verdict, deploy_allowed
from tests.fixtures import answer_all, create, make_ready, pass_gate
from tests.integration.actions.props import (
    act,
    answer_checkpoint,
    decide,
    errors,
    evidence,
    flags,
    gate,
    link,
    on,
    pass_checkpoint,
    refused,
    say,
    standing,
    status,
    statuses,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db

LAPSED = ["lapsed", "locked", "locked", "locked", "locked"]
PASSED = ["passed"] * 5


@pytest.fixture
def ready(lena, ravi):
    """A pilot of which all twenty items are met and all five gates passed, on day 0."""
    made = create(lena, on(0), stage="pilot")
    make_ready(made, lena, ravi, on(0))
    return made


def withdraw_all(initiative, by, code, day):
    for piece in evidence(initiative, code):
        withdraw_evidence(initiative.pk, piece.pk, act(by), on(day))


def lower(initiative, by, *codes):
    for code in codes:
        say(initiative, by, code, "partial", 1)


# --- By an act ----------------------------------------------------------------------------------------------

FALLS = {
    "a critical answer lowered": lambda one, by: say(one, by, "DATA-1", "partial", 1),
    "any answer lowered to not met": lambda one, by: say(one, by, "DATA-2", "not_met", 1),
    "an answer taken back": lambda one, by: say(one, by, "DATA-3", "unanswered", 1),
    "evidence withdrawn": lambda one, by: withdraw_all(one, by, "DATA-4", 1),
    "one more lowered to partial": lambda one, by: lower(one, by, "DATA-2", "DATA-3"),
}


@pytest.mark.parametrize("fall", FALLS.values(), ids=FALLS)
def test_an_act_with_which_the_criteria_cease_to_hold_makes_the_pass_lapse_at_once(ready, lena, fall):
    fall(ready, lena)
    assert statuses(ready) == LAPSED
    assert standing(ready).verdict == "not_ready"
    lapse = Lapse.objects.get()
    assert (lapse.decision.gate.slug, lapse.by, lapse.at) == ("data", lena, on(1))
    assert lapse.reason == gate(ready, "data").lapsed_because != ""


@pytest.mark.parametrize("fall", FALLS.values(), ids=FALLS)
def test_only_a_new_decision_ends_it(ready, lena, ravi, fall):
    fall(ready, lena)
    answer_all(ready, lena, gates=["data"], at=on(2))
    assert gate(ready, "data").criteria_hold
    assert statuses(ready) == LAPSED
    assert gate(ready, "data").can_submit
    submit(ready, "data", lena, 3)
    assert status(ready, "data") == "in_review"
    decide(ready, "data", ravi, day=4)
    assert statuses(ready) == PASSED
    assert standing(ready).verdict == "ready"


def test_a_fall_that_leaves_the_criteria_whole_changes_no_status(ready, lena):
    say(ready, lena, "DATA-2", "partial", 1)
    assert statuses(ready) == PASSED
    assert not Lapse.objects.exists()


def test_the_gates_behind_it_keep_their_decision_and_show_it_again(ready, lena, ravi):
    say(ready, lena, "DATA-1", "not_met", 1)
    assert Decision.objects.count() == 5
    say(ready, lena, "DATA-1", "met", 2)
    pass_gate(ready, "data", lena, ravi, on(3))
    assert statuses(ready) == PASSED
    assert Decision.objects.count() == 6  # it needs no decision anew


def test_a_gate_that_fell_while_it_was_locked_shows_it_when_it_is_not(ready, lena, ravi):
    say(ready, lena, "DATA-1", "not_met", 1)
    say(ready, lena, "ARCH-3", "not_met", 2)
    assert statuses(ready) == LAPSED
    say(ready, lena, "DATA-1", "met", 3)
    say(ready, lena, "ARCH-3", "met", 3)
    pass_gate(ready, "data", lena, ravi, on(4))
    assert statuses(ready) == ["passed", "lapsed", "locked", "locked", "locked"]
    pass_gate(ready, "architecture", lena, ravi, on(5))
    assert statuses(ready) == PASSED


def test_a_gate_in_the_middle_locks_only_those_behind_it(ready, lena):
    say(ready, lena, "INTG-1", "not_met", 1)
    assert statuses(ready) == ["passed", "passed", "lapsed", "locked", "locked"]


def test_one_write_can_make_several_gates_lapse(ready, lena):
    changes = [AnswerChange(code, "not_met") for code in ("DATA-1", "GOVN-1")]
    record_answers(ready.pk, changes, act(lena), on(1))
    assert set(Lapse.objects.values_list("decision__gate__slug", flat=True)) == {"data", "governance"}
    event = Event.objects.order_by("seq").last()
    assert event.data["standing"]["gates"]["data"] == ["passed", "lapsed"]


def test_a_lapse_and_the_act_behind_it_are_one_transaction_and_one_event(ready, lena):
    before = Event.objects.count()
    say(ready, lena, "DATA-1", "not_met", 1)
    assert Event.objects.count() == before + 1


def test_a_lapse_moves_no_stage_back_and_is_critical_from_the_rollout_on(lena, ravi, ada):
    for stage, severity in (("pilot", "warning"), ("rollout", "critical"), ("live", "critical")):
        one = create(ada, on(0), stage=stage, people={"technical_lead": "lena"})
        make_ready(one, lena, ravi, on(0))
        say(one, lena, "DATA-1", "not_met", 1)
        one.refresh_from_db()
        now = standing(one)
        assert (one.stage, now.verdict) == (stage, "not_ready")
        assert flags(one, 1)["gate_lapsed"] == severity
        assert not deploy_allowed(Verdict(now.verdict), one.stage, on_hold=False)


# --- By time ------------------------------------------------------------------------------------------------


def test_evidence_that_runs_out_makes_it_lapse_on_the_day_after_its_last(ready):
    assert statuses(ready, 60) == PASSED
    assert recompute_due(on(61)) == 1
    assert statuses(ready) == LAPSED
    assert not Lapse.objects.exists()
    assert "DATA" not in gate(ready, "data").lapsed_because  # in words, not in codes
    assert gate(ready, "data").lapsed_because


def test_that_ends_by_itself_on_the_day_it_holds_again(ready, lena):
    assert statuses(ready, 61) == LAPSED
    say(ready, lena, "DATA-1", None, 70, link(day=65))
    assert statuses(ready) == PASSED
    assert standing(ready).verdict == "ready"
    assert Decision.objects.count() == 5


def test_what_ran_out_before_an_act_is_not_that_acts_doing(ready, lena):
    say(ready, lena, "ADPT-1", None, 61, note="Nothing to do with it.")
    assert statuses(ready) == LAPSED
    assert not Lapse.objects.exists()


def test_while_it_is_lapsed_by_time_nothing_else_is_recorded_of_it(ready, lena):
    """The criteria had ceased to hold before: no act was the one with which they did."""
    recompute_batch([ready.pk], on(61))
    say(ready, lena, "DATA-2", "partial", 62)
    assert not Lapse.objects.exists()


def test_an_act_counts_before_time(ready, lena):
    say(ready, lena, "DATA-1", "not_met", 1)
    reason = gate(ready, "data").lapsed_because
    assert gate(ready, "data", 200).lapsed_because == reason
    assert status(ready, "data") == "lapsed"


# --- A material change --------------------------------------------------------------------------------------


def declare(initiative, by, *gates, kind="model", note="A newer model.", day=1):
    return declare_material_change(initiative.pk, kind, note, gates, act(by), on(day))[0]


@pytest.mark.parametrize("kind", ["model", "vendor", "data_source", "user_group"])
def test_a_material_change_makes_the_passed_gates_it_names_lapse_and_no_others(ready, lena, kind):
    declare(ready, lena, "governance", "architecture", kind=kind)
    assert statuses(ready) == ["passed", "lapsed", "locked", "locked", "locked"]
    assert set(Lapse.objects.values_list("decision__gate__slug", flat=True)) == {"architecture", "governance"}
    made = MaterialChange.objects.get()
    assert (made.kind, made.note, made.by) == (kind, "A newer model.", lena)
    assert made.gates == ["architecture", "governance"]
    assert "A newer model." in gate(ready, "architecture").lapsed_because


def test_it_lapses_though_every_criterion_holds_and_only_a_decision_ends_it(ready, lena, ravi):
    declare(ready, lena, "data")
    assert gate(ready, "data").criteria_hold
    answer_all(ready, lena, gates=["data"], at=on(2))
    assert statuses(ready) == LAPSED
    pass_gate(ready, "data", lena, ravi, on(3))
    assert statuses(ready) == PASSED


def test_gates_that_were_not_passed_are_named_without_effect(lena, ravi):
    one = create(lena, on(0))
    answer_all(one, lena, at=on(0))
    pass_gate(one, "data", lena, ravi, on(0))
    submit(one, "architecture", lena)
    decide(one, "architecture", ravi, "return")
    declare(one, lena, "architecture", "integration", "checkpoint-0")
    assert statuses(one)[:3] == ["passed", "returned", "locked"]
    assert not Lapse.objects.exists()
    event = Event.objects.get(verb="material_change.declared")
    assert event.data["lapsed"] == []


def test_a_checkpoint_can_be_named_too(lena, ravi):
    one = create(lena, on(0))
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    declare(one, lena, "checkpoint-0")
    assert status(one, "checkpoint-0") == "lapsed"


def test_declaring_it_twice_lapses_it_once(ready, lena):
    declare(ready, lena, "data", "data")
    declare(ready, lena, "data", day=2)
    assert Lapse.objects.count() == 1
    assert [made.gates for made in MaterialChange.objects.order_by("pk")] == [["data"], ["data"]]


@pytest.mark.parametrize(
    ("kind", "note", "gates", "wrong"),
    [
        ("weather", "", [], [("note", "required"), ("kind", "unknown_word"), ("gates", "required")]),
        ("model", "x" * 2001, ["data"], [("note", "too_long")]),
        ("model", "\x00", ["data"], [("note", "null_characters")]),
        (
            "model",
            "New.",
            ["data", "no-such", "\x00"],
            [("gates.1", "unknown_gate"), ("gates.2", "unknown_gate")],
        ),
        ("model", "New.", ["conversation"], [("gates.0", "unknown_gate")]),
    ],
)
def test_a_change_says_of_what_and_names_gates_that_exist(ready, lena, kind, note, gates, wrong):
    with refused(Invalid) as caught:
        declare(ready, lena, *gates, kind=kind, note=note)
    assert errors(caught) == wrong


# --- A periodic review --------------------------------------------------------------------------------------


def test_a_passed_gate_can_be_submitted_again_and_stays_passed_with_the_review_pending(ready, lena, ravi):
    assert gate(ready, "data").can_submit
    submit(ready, "data", lena, 5)
    now = gate(ready, "data")
    assert (now.status, now.review_pending, now.can_submit) == ("passed", True, False)
    assert (statuses(ready), standing(ready).verdict) == (PASSED, "ready")
    decide(ready, "data", ravi, day=6)
    now = gate(ready, "data")
    assert (now.status, now.review_pending, now.can_submit) == ("passed", False, True)
    assert Decision.objects.filter(gate__slug="data").count() == 2


def test_a_periodic_review_that_is_returned_takes_the_pass_away(ready, lena, ravi):
    submit(ready, "data", lena, 5)
    decide(ready, "data", ravi, "return", 6)
    assert statuses(ready) == ["returned", "locked", "locked", "locked", "locked"]
    assert standing(ready).verdict == "not_ready"


def test_a_pass_that_lapses_while_its_review_waits_is_in_review(ready, lena, ravi):
    submit(ready, "data", lena, 5)
    say(ready, lena, "DATA-1", "not_met", 6)
    now = gate(ready, "data")
    assert (now.status, now.review_pending) == ("in_review", False)
    assert now.lapsed_because
    assert statuses(ready)[1] == "locked"
    say(ready, lena, "DATA-1", "met", 7)
    assert status(ready, "data") == "in_review"  # lapsed by an act: only the decision ends it
    decide(ready, "data", ravi, day=8)
    assert statuses(ready) == PASSED


def test_only_what_meets_its_criteria_today_is_submitted_for_a_periodic_review(ready):
    assert not gate(ready, "data", 61).can_submit


def test_days_behind_a_lapsed_gate_do_not_count_against_the_reviewers(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    pass_gate(one, "data", lena, ravi, on(0))
    submit(one, "architecture", lena, 0)
    say(one, lena, "DATA-1", "not_met", 5)
    say(one, lena, "DATA-1", "met", 6)
    assert "decision_overdue" not in flags(one, 30)
    submit(one, "data", lena, 30)
    decide(one, "data", ravi, day=30)
    waiting = Submission.objects.get(gate__slug="architecture")
    assert (waiting.days_locked, waiting.locked_since) == (25, None)
    assert "decision_overdue" not in flags(one, 38)  # 38 days, of which 25 behind the lapsed gate: 13
    assert flags(one, 39)["decision_overdue"] == "warning"


def test_every_flag_of_a_lapse_is_resolved_when_it_ends(ready, lena, ravi):
    say(ready, lena, "DATA-1", "not_met", 1)
    assert Flag.objects.filter(initiative=ready, code="gate_lapsed", resolved_at=None).count() == 1
    say(ready, lena, "DATA-1", "met", 2)
    pass_gate(ready, "data", lena, ravi, on(3))
    assert not Flag.objects.filter(initiative=ready, code="gate_lapsed", resolved_at=None).exists()


def test_what_has_nothing_to_do_with_the_criteria_makes_nothing_lapse(ready, lena, ravi):
    edit_initiative(ready.pk, {"vendor": "Acme", "people": {"deputy": "lena"}}, act(lena), on(1))
    answer_checkpoint(ready, lena, "checkpoint-0", "not_met", 1)
    grant_waiver(ready.pk, "DATA-2", "Small.", the_day(9), act(ravi), on(1))
    assert statuses(ready, 10) == PASSED
    assert not Lapse.objects.exists()
