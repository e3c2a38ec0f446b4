"""A pass that no longer holds: by time, which mends itself, and by an act, which only a new decision ends."""

from datetime import datetime

import pytest
from django.db import transaction

from checklists.models import Evidence
from gates.models import Initiative, Lapse, Submission
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.actions.errors import Conflict
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.material_changes import declare_material_change
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Flag, GateStanding, Standing
from readiness.standing.recompute import fresh_outcome
from readiness.standing.sweeping import recompute_due
from tests.fixtures import FIVE_GATES, answer_all, create, make_ready, pass_gate
from tests.integration.standing.pictures import day

ALL_PASSED = dict.fromkeys(FIVE_GATES, "passed")
LAST_GOOD_DAY = 60  # of the evidence behind DATA-1 and ADPT-4


@pytest.fixture
def one(lena: User, ravi: User) -> Initiative:
    """A pilot that was ready on day 0."""
    initiative = create(lena, day(0), stage="pilot")
    make_ready(initiative, lena, ravi, day(0))
    return initiative


def statuses(one: Initiative) -> dict[str, str]:
    rows = GateStanding.objects.filter(initiative=one, framework="five-gate")
    return dict(rows.order_by("position").values_list("gate", "status"))


def verdict(one: Initiative) -> str:
    return Standing.objects.get(initiative=one).verdict


def say(one: Initiative, by: User, at: datetime, code: str, answer: str) -> None:
    record_answers(one.pk, [AnswerChange(code, answer)], Actor.person(by), at)


def lapsed(first: str) -> dict[str, str]:
    """The picture with one gate lapsed and those behind it locked."""
    place = FIVE_GATES.index(first)
    return {
        gate: "passed" if number < place else "lapsed" if number == place else "locked"
        for number, gate in enumerate(FIVE_GATES)
    }


def test_expired_evidence_lapses_a_gate_and_renewing_it_mends_it_without_a_decision(
    one: Initiative, lena: User
) -> None:
    recompute_due(day(LAST_GOOD_DAY))
    assert (statuses(one), verdict(one)) == (ALL_PASSED, "ready")

    recompute_due(day(LAST_GOOD_DAY + 1))
    assert (statuses(one), verdict(one)) == (lapsed("data"), "not_ready")
    data = GateStanding.objects.get(initiative=one, gate="data")
    assert "is critical and must be Met; it is Partial" in data.lapsed_because
    told = Event.objects.filter(initiative=one).latest("seq")
    assert (told.verb, told.data["standing"]["verdict"]) == ("standing.changed", ["ready", "not_ready"])
    assert told.data["standing"]["gates"]["data"] == ["passed", "lapsed"]
    assert "gate_lapsed" in {flag["code"] for flag in told.data["standing"]["flags_opened"]}
    assert not Lapse.objects.exists()

    answer_all(one, lena, gates=["data", "adoption"], at=day(70))
    assert (statuses(one), verdict(one)) == (ALL_PASSED, "ready")
    assert not Flag.objects.filter(initiative=one, code="gate_lapsed", resolved_at__isnull=True).exists()


def test_a_lapse_by_time_is_seen_on_its_day_by_whoever_asks_first(one: Initiative) -> None:
    gates = fresh_outcome(one.pk, day(LAST_GOOD_DAY + 1)).gates
    assert {gate.gate: gate.status for gate in gates if gate.framework == "five-gate"} == lapsed("data")


def test_lowering_an_answer_stores_a_lapse_in_the_same_transaction(one: Initiative, lena: User) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        say(one, lena, day(3), "INTG-1", "partial")
        assert Lapse.objects.count() == 1
        raise Undone
    assert (Lapse.objects.count(), statuses(one)) == (0, ALL_PASSED)

    say(one, lena, day(3), "INTG-1", "partial")

    stored = Lapse.objects.get()
    assert (stored.decision.gate.slug, stored.by, stored.at) == ("integration", lena, day(3))
    assert (statuses(one), verdict(one)) == (lapsed("integration"), "not_ready")
    event = Event.objects.filter(initiative=one).latest("seq")
    assert (event.verb, event.data["standing"]["gates"]["integration"]) == (
        "answer.recorded",
        ["passed", "lapsed"],
    )


def test_only_a_new_decision_ends_a_lapse_by_an_act(one: Initiative, lena: User, ravi: User) -> None:
    say(one, lena, day(3), "INTG-1", "partial")
    say(one, lena, day(4), "INTG-1", "met")
    assert GateStanding.objects.get(initiative=one, gate="integration").criteria_hold
    for number in (4, 10, 30):
        recompute_due(day(number))
        assert statuses(one) == lapsed("integration")

    submit_gate(one.pk, "integration", "", Actor.person(lena), day(31))
    assert statuses(one)["integration"] == "in_review"
    decide_gate(one.pk, "integration", "return", "Show it.", Actor.person(ravi), day(32))
    assert statuses(one)["integration"] == "returned"
    pass_gate(one, "integration", lena, ravi, day(33))

    # The gates behind it kept their decisions, and show them again.
    assert (statuses(one), verdict(one)) == (ALL_PASSED, "ready")
    assert Lapse.objects.count() == 1


def test_withdrawing_evidence_is_an_act(one: Initiative, lena: User) -> None:
    piece = Evidence.objects.get(assessment__passage__initiative=one, item__code="ADPT-1")
    withdraw_evidence(one.pk, piece.pk, Actor.person(lena), day(5))
    assert statuses(one) == lapsed("adoption")
    assert Lapse.objects.get().decision.gate.slug == "adoption"


def test_an_act_that_leaves_the_criteria_standing_lapses_nothing(one: Initiative, lena: User) -> None:
    say(one, lena, day(3), "DATA-2", "partial")  # three of four are enough, and this one is not critical
    assert (statuses(one), Lapse.objects.count()) == (ALL_PASSED, 0)


def test_what_had_run_out_before_the_act_is_no_lapse_by_the_act(one: Initiative, lena: User) -> None:
    """DATA-1 ran out; somebody then lowers it further: time has done it, and a raised answer mends it."""
    say(one, lena, day(LAST_GOOD_DAY + 5), "DATA-1", "not_met")
    assert statuses(one) == lapsed("data")
    assert not Lapse.objects.exists()
    answer_all(one, lena, gates=["data", "adoption"], at=day(LAST_GOOD_DAY + 6))
    assert statuses(one) == ALL_PASSED


def test_a_gate_that_is_locked_lapses_by_an_act_all_the_same(one: Initiative, lena: User, ravi: User) -> None:
    say(one, lena, day(3), "DATA-1", "partial")
    say(one, lena, day(4), "GOVN-1", "partial")
    assert {lapse.decision.gate.slug for lapse in Lapse.objects.all()} == {"data", "governance"}

    say(one, lena, day(5), "DATA-1", "met")
    say(one, lena, day(5), "GOVN-1", "met")
    pass_gate(one, "data", lena, ravi, day(6))
    assert statuses(one) == lapsed("governance")


def test_a_material_change_lapses_what_it_names_whatever_the_criteria_say(
    one: Initiative, lena: User
) -> None:
    by = Actor.person(lena)
    declare_material_change(one.pk, "vendor", "Another one.", ["architecture", "governance"], by, day(3))
    assert GateStanding.objects.get(initiative=one, gate="architecture").criteria_hold
    assert statuses(one) == lapsed("architecture")
    assert Lapse.objects.count() == 2


def test_an_overdue_condition_lapses_until_it_is_said_to_be_kept(lena: User, ravi: User) -> None:
    one = create(lena, day(0), stage="pilot")
    answer_all(one, lena, at=day(0))
    decision = [Promise("Write the runbook.", "lena", day(20).date())]
    pass_gate(one, "data", lena, ravi, day(0), decision)
    pass_gate(one, "architecture", lena, ravi, day(0))
    condition = one.passages.get(framework_slug="five-gate").decisions.earliest("pk").conditions.get()

    recompute_due(day(20))
    assert statuses(one)["data"] == "passed_with_conditions"
    recompute_due(day(21))
    assert (statuses(one)["data"], statuses(one)["architecture"]) == ("lapsed", "locked")
    assert Flag.objects.filter(initiative=one, code="condition_overdue", resolved_at__isnull=True).exists()

    keep_condition(one.pk, condition.pk, "Done.", Actor.person(lena), day(22))
    assert (statuses(one)["data"], statuses(one)["architecture"]) == ("passed_with_conditions", "passed")
    confirm_condition(one.pk, condition.pk, Actor.person(ravi), day(23))
    assert statuses(one)["data"] == "passed"
    assert not Lapse.objects.exists()


def test_a_waiver_that_runs_out_lapses_by_time(lena: User, ravi: User) -> None:
    one = create(lena, day(0), stage="pilot")
    answer_all(one, lena, at=day(0))
    say(one, lena, day(0), "DATA-2", "not_met")
    grant_waiver(one.pk, "DATA-2", "A known gap.", day(30).date(), Actor.person(ravi), day(0))
    pass_gate(one, "data", lena, ravi, day(0))

    recompute_due(day(30))
    assert statuses(one)["data"] == "passed"
    recompute_due(day(31))
    assert statuses(one)["data"] == "lapsed"
    grant_waiver(one.pk, "DATA-2", "Still known.", day(90).date(), Actor.person(ravi), day(40))
    assert statuses(one)["data"] == "passed"


def test_a_lapse_moves_no_stage_but_guards_the_next(one: Initiative, lena: User) -> None:
    lead = Actor.person(lena)
    move_stage(one.pk, "rollout", lead, day(1))
    say(one, lena, day(2), "DATA-1", "partial")

    one.refresh_from_db()
    assert one.stage == "rollout"
    assert Flag.objects.get(initiative=one, code="gate_lapsed").severity == "critical"
    assert Standing.objects.get(initiative=one).stalled
    with pytest.raises(Conflict) as refused:
        move_stage(one.pk, "live", lead, day(3))
    assert refused.value.code == "stage_guarded"


# --- A submission that waits behind a lapsed gate ---------------------------------------------------------------


def waiting_behind(lena: User, ravi: User) -> Initiative:
    """Data was passed on day 0 and lapses on day 61; Architecture was submitted on day 50."""
    one = create(lena, day(0), stage="pilot")
    answer_all(one, lena, at=day(0))
    pass_gate(one, "data", lena, ravi, day(0))
    submit_gate(one.pk, "architecture", "", Actor.person(lena), day(50))
    return one


def overdue(one: Initiative) -> Flag | None:
    return Flag.objects.filter(initiative=one, code="decision_overdue", resolved_at__isnull=True).first()


def test_the_days_behind_a_lapsed_gate_do_not_count(lena: User, ravi: User) -> None:
    one = waiting_behind(lena, ravi)
    recompute_due(day(61))
    assert (statuses(one)["data"], statuses(one)["architecture"]) == ("lapsed", "locked")
    assert Submission.objects.get(decided_at__isnull=True).locked_since == day(61).date()
    with pytest.raises(Conflict) as refused:
        decide_gate(one.pk, "architecture", "return", "Later.", Actor.person(ravi), day(62))
    assert refused.value.code == "gate_locked"

    for number in range(62, 81):
        recompute_due(day(number))
        assert overdue(one) is None, "it is no reproach to those who cannot decide"

    answer_all(one, lena, at=day(81))  # day 61 to 80: 20 days
    waiting = Submission.objects.get(decided_at__isnull=True)
    assert (waiting.days_locked, waiting.locked_since) == (20, None)
    assert statuses(one)["architecture"] == "in_review"

    recompute_due(day(50 + 14 + 20 - 1))
    assert overdue(one) is None
    recompute_due(day(50 + 14 + 20))
    flag = overdue(one)
    assert flag is not None
    assert flag.severity == "warning"
    recompute_due(day(50 + 28 + 20))
    assert overdue(one).severity == "critical"  # type: ignore[union-attr]


def test_a_day_on_hold_behind_a_lapsed_gate_is_left_out_once(lena: User, ravi: User) -> None:
    one = waiting_behind(lena, ravi)
    lead = Actor.person(lena)
    recompute_due(day(61))
    set_hold(one.pk, "A contract.", day(99).date(), lead, day(65))
    lift_hold(one.pk, lead, day(75))  # ten days, which no rule counts anyway
    answer_all(one, lena, at=day(81))
    assert Submission.objects.get(decided_at__isnull=True).days_locked == 10

    recompute_due(day(50 + 14 + 20 - 1))
    assert overdue(one) is None
    recompute_due(day(50 + 14 + 20))
    assert overdue(one) is not None


def test_it_is_counted_anew_each_time_the_gate_lapses(lena: User, ravi: User) -> None:
    one = waiting_behind(lena, ravi)
    recompute_due(day(61))
    answer_all(one, lena, at=day(63))
    say(one, lena, day(63), "DATA-1", "partial")
    waiting = Submission.objects.get(decided_at__isnull=True)
    assert (waiting.days_locked, waiting.locked_since) == (2, day(63).date())
    say(one, lena, day(64), "DATA-1", "met")
    assert statuses(one)["data"] == "lapsed"
    pass_gate(one, "data", lena, ravi, day(66))
    waiting = Submission.objects.get(decided_at__isnull=True)
    assert (waiting.days_locked, waiting.locked_since) == (5, None)


def test_a_late_sweep_does_not_charge_the_reviewers_with_the_days_it_missed(lena: User, ravi: User) -> None:
    """Workers were away from day 60 to day 70; the gate lapsed on day 61 all the same."""
    one = waiting_behind(lena, ravi)
    recompute_due(day(70))
    answer_all(one, lena, at=day(81))
    assert Submission.objects.get(decided_at__isnull=True).days_locked == 20
