"""Readiness is about production, in every stage: the verdict, and everything that stands in its way in one order."""

import pytest

from gates.criteria import BlockerCode
from readiness.actions.holds import set_hold
from readiness.actions.stages import move_stage
from readiness.actions.waivers import grant_waiver
from readiness.standing.recompute import judge_now
from tests.fixtures import FIVE_GATES, answer_all, create, make_ready, pass_gate
from tests.integration.actions.props import (
    LESSON,
    act,
    blockers_of,
    decide,
    on,
    pass_checkpoint,
    promise,
    say,
    standing,
    statuses,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


def codes(initiative, day=None):
    return blockers_of(standing(initiative, day).blockers)


@pytest.mark.parametrize("stage", ["intake", "poc", "pilot", "rollout", "live"])
def test_it_can_be_ready_in_every_stage_and_checkpoints_do_not_matter(lena, ravi, ada, stage):
    one = create(ada, on(0), stage=stage, people={"technical_lead": "lena"})
    assert standing(one).verdict == "not_ready"
    make_ready(one, lena, ravi, on(0))
    now = standing(one)
    assert (now.verdict, now.blockers, str(now.score)) == ("ready", [], "100.0")
    assert set(statuses(one, framework="poc-checkpoints")) == {"open", "locked"}


def test_sixteen_of_twenty_are_needed_a_count_and_never_a_share(lena, ravi):
    """Every gate passes with three of four; five such gates are fifteen."""
    one = create(lena, on(0))
    answer_all(one, lena, at=on(0))
    for code in ("DATA-2", "ARCH-1", "INTG-2", "GOVN-4", "ADPT-3"):
        say(one, lena, code, "partial")
    for slug in FIVE_GATES:
        pass_gate(one, slug, lena, ravi, on(0))
    now = standing(one)
    assert statuses(one) == ["passed"] * 5
    assert (now.met, now.partial, str(now.score), now.threshold_met) == (15, 5, "87.5", False)
    assert (now.verdict, codes(one)) == ("not_ready", [("threshold_not_met", None, None)])
    say(one, lena, "DATA-2", "met")
    now = standing(one)
    assert (now.met, now.threshold_met, now.verdict, now.blockers) == (16, True, "ready", [])


def test_all_twenty_met_are_not_ready_before_anybody_decided(lena):
    one = create(lena, on(0))
    answer_all(one, lena, at=on(0))
    assert (standing(one).met, standing(one).verdict) == (20, "not_ready")
    assert codes(one) == [("gate_not_passed", gate, None) for gate in FIVE_GATES]


def test_nothing_answered_is_named_gate_by_gate_and_item_by_item(lena):
    expected = []
    critical = {
        "data": (1, 4),
        "architecture": (3, 4),
        "integration": (1,),
        "governance": (1, 2, 3),
        "adoption": (1, 2),
    }
    for gate, prefix in zip(FIVE_GATES, ("DATA", "ARCH", "INTG", "GOVN", "ADPT"), strict=True):
        expected.append(("gate_not_passed", gate, None))
        expected += [("critical_not_met", gate, f"{prefix}-{n}") for n in critical[gate]]
        expected += [
            ("item_unanswered", gate, f"{prefix}-{n}") for n in (1, 2, 3, 4) if n not in critical[gate]
        ]
        expected.append(("too_few_met", gate, None))
    assert codes(create(lena, on(0))) == [*expected, ("threshold_not_met", None, None)]


def test_every_clause_that_fails_is_named_in_the_order_of_the_rules(lena, ravi):
    """On hold; Data lapsed with an overdue condition; Architecture short of everything; the threshold missed."""
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0), gates=["data", "architecture", "governance"])
    pass_gate(one, "data", lena, ravi, on(0), [promise(lena, 5)])
    say(one, lena, "DATA-1", "partial", 6)
    say(one, lena, "DATA-2", "not_met", 6)
    say(one, lena, "DATA-3", "unanswered", 6)
    say(one, lena, "ARCH-3", "not_met", 6)
    say(one, lena, "ARCH-1", "not_met", 6)
    say(one, lena, "ARCH-2", "unanswered", 6)
    say(one, lena, "GOVN-4", "not_met", 6)
    grant_waiver(one.pk, "GOVN-4", "Small.", the_day(30), act(ravi), on(6))
    set_hold(one.pk, "Budget.", the_day(30), act(lena), on(6))
    assert codes(one)[:12] == [
        ("on_hold", None, None),
        ("gate_not_passed", "data", None),
        ("critical_not_met", "data", "DATA-1"),
        ("item_not_met", "data", "DATA-2"),
        ("item_unanswered", "data", "DATA-3"),
        ("too_few_met", "data", None),
        ("condition_overdue", "data", None),
        ("gate_not_passed", "architecture", None),
        ("critical_not_met", "architecture", "ARCH-3"),
        ("item_not_met", "architecture", "ARCH-1"),
        ("item_unanswered", "architecture", "ARCH-2"),
        ("too_few_met", "architecture", None),
    ]
    governance = [code for code, gate, _ in codes(one) if gate == "governance"]
    assert governance == ["gate_not_passed"]  # under the waiver its criteria hold; it is locked
    assert codes(one)[-1] == ("threshold_not_met", None, None)


def test_an_end_comes_before_a_stopped_gate_and_that_before_the_others(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    pass_gate(one, "data", lena, ravi, on(0))
    submit(one, "architecture", lena)
    decide(one, "architecture", ravi, "stop", lesson=LESSON)
    assert codes(one) == [
        ("initiative_ended", None, None),
        ("gate_stopped", "architecture", None),
        ("gate_not_passed", "integration", None),
        ("gate_not_passed", "governance", None),
        ("gate_not_passed", "adoption", None),
    ]
    assert standing(one).verdict == "not_ready"


def test_what_is_ready_and_stopped_all_the_same_keeps_its_verdict_and_names_its_end(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    make_ready(one, lena, ravi, on(0))
    move_stage(one.pk, "stopped", act(lena), on(1), lesson=LESSON)
    assert codes(one) == [("initiative_ended", None, None)]


def test_every_blocker_says_in_a_sentence_what_is_wrong_and_where_it_is_mended(lena):
    for blocker in standing(create(lena, on(0))).blockers:
        assert blocker["code"] in set(BlockerCode)
        assert blocker["message"].endswith(".")
        assert blocker["framework"] == "five-gate"
        assert (blocker["gate"] is None) == (blocker["code"] == "threshold_not_met")


def test_points_that_are_declared_and_not_counted_are_the_optimism_gap(lena):
    one = create(lena, on(0))
    for code in ("DATA-1", "DATA-2"):
        say(one, lena, code, "met")
    say(one, lena, "DATA-3", "met", proof=True)
    now = standing(one)
    assert (str(now.declared_points), str(now.points), str(now.optimism_gap)) == ("3.0", "2.0", "1.0")


# --- Next best actions -----------------------------------------------------------------------------------------


def actions(initiative, day=0):
    """(rank, what, gate, item, for whom)"""
    return [
        (one.rank.value, one.code.value, one.gate, one.item, one.for_role.value)
        for one in judge_now(initiative.pk, on(day)).next_actions
    ]


def first(initiative, day=0):
    return actions(initiative, day)[0]


def test_what_only_has_to_be_done_comes_first_a_gate_to_submit(lena):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    assert first(one) == (1, "submit_gate", "data", None, "lead")


def test_a_stage_move_without_blockers_comes_before_everything_else(lena, ravi):
    one = create(lena, on(0))
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    answer_all(one, lena, at=on(0))
    assert first(one) == (1, "move_stage", None, None, "lead")
    move_stage(one.pk, "poc", act(lena), on(0))
    assert first(one)[1] == "submit_gate"


def test_then_critical_items_declared_met_and_capped_then_other_critical_ones_then_the_rest(lena):
    one = create(lena, on(0), stage="pilot")
    say(one, lena, "DATA-4", "met")  # critical, and nothing behind it
    say(one, lena, "DATA-2", "met")  # not critical, and nothing behind it
    ranked = [(code, item) for rank, code, gate, item, _ in actions(one) if rank == 2 and gate == "data"]
    assert ranked == [
        ("add_evidence", "DATA-4"),
        ("answer_item", "DATA-1"),
        ("add_evidence", "DATA-2"),
        ("answer_item", "DATA-3"),
    ]
    assert first(one) == (2, "add_evidence", "data", "DATA-4", "lead")


def test_evidence_that_aged_is_to_be_renewed_and_a_lower_answer_to_be_raised(lena):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    say(one, lena, "DATA-2", "partial")
    ranked = [(code, item) for rank, code, gate, item, _ in actions(one, 61) if rank == 2 and gate == "data"]
    assert ranked == [("renew_evidence", "DATA-1"), ("raise_item", "DATA-2")]


def test_items_are_those_of_the_first_gate_that_is_not_passed(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0), gates=["data"])
    pass_gate(one, "data", lena, ravi, on(0))
    assert {gate for rank, _, gate, _, _ in actions(one) if rank == 2} == {"architecture"}


def test_then_a_waiting_submission_for_the_reviewers_and_last_what_flags_ask_for_by_severity(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0), gates=["data"])
    submit(one, "data", lena)
    found = actions(one)
    assert [rank for rank, *_ in found] == sorted(rank for rank, *_ in found)
    assert [row for row in found if row[0] == 3] == [(3, "decide_gate", "data", None, "reviewer")]
    severities = [flag.severity.value for flag in judge_now(one.pk, on(0)).flags.raised]
    about_flags = [one for one in judge_now(one.pk, on(0)).next_actions if one.rank == 4]
    by_code = {flag.code: flag.severity.value for flag in judge_now(one.pk, on(0)).flags.raised}
    order = ["critical", "warning", "info"]
    ranked = [order.index(by_code[action.flag]) for action in about_flags]
    assert ranked == sorted(ranked)
    assert len(ranked) == len(severities) > 0


def test_an_overdue_condition_is_to_be_kept_and_a_kept_one_to_be_confirmed(lena, ravi):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    pass_gate(one, "data", lena, ravi, on(0), [promise(lena, 5)])
    assert first(one, 6) == (1, "keep_condition", "data", None, "lead")


def test_what_is_on_hold_is_to_be_lifted_and_what_has_ended_has_nothing_to_do(lena):
    one = create(lena, on(0), stage="pilot")
    set_hold(one.pk, "Budget.", the_day(30), act(lena), on(0))
    assert first(one)[1] == "lift_hold"
    move_stage(one.pk, "stopped", act(lena), on(1), lesson=LESSON)
    assert actions(one, 1) == []
    assert standing(one).next_actions == []


def test_the_first_action_is_stored_where_every_list_finds_it(lena):
    one = create(lena, on(0), stage="pilot")
    answer_all(one, lena, at=on(0))
    stored = standing(one).next_actions[0]
    assert (stored["code"], stored["gate"], stored["rank"]) == ("submit_gate", "data", 1)
