"""The status of a gate: the table read in its order, locking, submissions, decisions and lapses."""

from itertools import product

import pytest

from checklists.scoring import ItemFacts, Piece
from gates.criteria import BlockerCode, Criteria, GateKind, Waiver
from gates.refusals import (
    clause_blockers,
    decision_refusal,
    gate_blockers,
    not_passed_message,
    submit_refusal,
)
from gates.rules import (
    Condition,
    ConditionState,
    DecisionKind,
    GateFacts,
    GateState,
    GateStatus,
    Lapsed,
    LapsedBy,
    RefusalCode,
    Submission,
    gate_criteria,
    gate_status,
    lapses_by_act,
    statuses,
)
from tests.unit.rule_builders import (
    MET,
    NOT_MET,
    PARTIAL,
    TODAY,
    UNANSWERED,
    checkpoint_of,
    days,
    framework_of,
    from_facts,
    gate_of,
    item,
    state_of,
    states_of,
)
from tests.unit.rule_oracles import read_from_the_table

GOOD = (MET, MET, MET, PARTIAL)
BAD = (MET, MET, PARTIAL, NOT_MET)
WAITING = Submission(TODAY - days(3), criteria_held=True)
PASS, CONDITIONAL, RETURN, STOP = DecisionKind

CONDITIONS = {
    "none": (),
    "open": (Condition(TODAY, ConditionState.OPEN, "train the second shift"),),
    "overdue": (Condition(TODAY - days(1), ConditionState.OPEN, "train the second shift"),),
    "kept late": (Condition(TODAY - days(1), ConditionState.KEPT, "train the second shift"),),
    "confirmed": (Condition(TODAY - days(9), ConditionState.CONFIRMED, "train the second shift"),),
}


def possible_decisions(state: GateState) -> tuple[DecisionKind, ...]:
    """The decisions that are not refused, given a condition where one is needed."""
    wanted = ((kind, int(kind == DecisionKind.PASS_WITH_CONDITIONS)) for kind in DecisionKind)
    return tuple(kind for kind, conditions in wanted if decision_refusal(kind, conditions, state) is None)


def facts(values=GOOD, gate=None, **known):
    gate = gate or gate_of()
    return GateFacts(gate, states_of(gate, values), **known)


EVERYTHING = list(
    product(
        (None, *DecisionKind),
        (True, False),
        (True, False),
        ("", "An answer fell."),
        CONDITIONS,
        (True, False),
    )
)


@pytest.mark.parametrize("kind", [GateKind.GATE, GateKind.CHECKPOINT])
def test_every_combination_is_read_in_the_order_of_the_table(kind):
    gate = gate_of() if kind == GateKind.GATE else checkpoint_of(size=4)
    for decision, good, waiting, lapse, conditions, locked in EVERYTHING:
        one = facts(
            GOOD if good else BAD,
            gate,
            decision=decision,
            waiting=WAITING if waiting else None,
            lapse=lapse,
            conditions=CONDITIONS[conditions],
        )
        found = gate_status(one, gate_criteria(one, TODAY), TODAY, locked=locked)
        assert found == read_from_the_table(
            decision, good, waiting, lapse, set(conditions.split()) - {"none"}, locked
        )


@pytest.mark.parametrize("kind", [GateKind.GATE, GateKind.CHECKPOINT])
def test_it_can_be_submitted_exactly_when_the_text_says(kind):
    first = gate_of("first", min_met=0, position=0)
    second = (gate_of if kind == GateKind.GATE else checkpoint_of)("second", size=4, position=1)
    framework = framework_of(first, second)
    for decision, good, waiting, lapse, conditions, locked in EVERYTHING:
        before = facts(GOOD, first, decision=None if locked else PASS)
        one = facts(
            GOOD if good else BAD,
            second,
            decision=decision,
            waiting=WAITING if waiting else None,
            lapse=lapse,
            conditions=CONDITIONS[conditions],
        )
        for ended, on_hold in product((True, False), repeat=2):
            state = statuses(framework, [before, one], TODAY, ended=ended, on_hold=on_hold)[1]
            criteria_asked = kind == GateKind.GATE
            expected = (
                not locked
                and decision != "stop"
                and not waiting
                and not ended
                and not on_hold
                and (good or not criteria_asked)
            )
            assert state.can_submit == expected
            assert (submit_refusal(state) is None) == expected
            assert state.review_pending == (waiting and state.passed)


def test_a_profile_has_no_status_and_cannot_be_submitted():
    profile = gate_of("profile", min_met=0, kind=GateKind.PROFILE)
    state = state_of(facts(BAD, profile, decision=PASS))
    assert state.status is None
    assert state.submit_refused == RefusalCode.NOT_A_GATE
    assert state.criteria == Criteria(True, ())
    assert gate_blockers(state) == []


# Locking.


FIVE = tuple(gate_of(name, position=place) for place, name in enumerate(["data", "arch", "intg"]))


def three(*known, sequential=True, today=TODAY):
    framework = framework_of(*FIVE, sequential=sequential)
    found = [
        GateFacts(gate, states_of(gate, one.pop("values", GOOD)), **one)
        for gate, one in zip(FIVE, known, strict=True)
    ]
    return statuses(framework, found, today, ended=False, on_hold=False)


def shown(states):
    return [str(state.status) for state in states]


@pytest.mark.parametrize("decisions", list(product((None, *DecisionKind), repeat=3)))
def test_a_gate_is_locked_exactly_while_an_earlier_one_is_not_passed(decisions):
    states = three(*({"decision": decision} for decision in decisions))
    for place, decision in enumerate(decisions):
        earlier = all(one in (PASS, CONDITIONAL) for one in decisions[:place])
        if decision != STOP:
            assert (states[place].status == GateStatus.LOCKED) == (not earlier)
        else:
            assert states[place].status == GateStatus.STOPPED


@pytest.mark.parametrize("decisions", list(product((None, *DecisionKind), repeat=3)))
def test_a_framework_in_any_order_never_locks(decisions):
    states = three(*({"decision": decision} for decision in decisions), sequential=False)
    assert GateStatus.LOCKED not in [state.status for state in states]


def test_a_passed_gate_behind_a_lapsed_one_shows_locked_and_comes_back_by_itself():
    late = {"decision": PASS, "conditions": CONDITIONS["overdue"]}
    assert shown(three(late, {"decision": PASS}, {"decision": PASS})) == ["lapsed", "locked", "locked"]
    kept = {"decision": PASS, "conditions": CONDITIONS["kept late"]}
    assert shown(three(kept, {"decision": PASS}, {"decision": PASS})) == [
        "passed_with_conditions",
        "passed",
        "passed",
    ]


def test_a_passed_gate_that_fell_behind_the_lock_shows_lapsed_afterwards():
    states = three({"decision": PASS}, {"decision": PASS, "values": BAD}, {})
    assert shown(states) == ["passed", "lapsed", "locked"]


def test_a_submission_behind_a_lapsed_gate_stays_and_cannot_be_decided():
    states = three({"decision": PASS, "lapse": "An answer fell."}, {"waiting": WAITING}, {})
    assert shown(states) == ["lapsed", "locked", "locked"]
    assert decision_refusal(RETURN, 0, states[1]).code == RefusalCode.GATE_LOCKED
    assert possible_decisions(states[1]) == ()


# Lapses.


def test_a_lapse_by_time_names_what_ran_out_and_ends_on_the_day_it_holds_again():
    late = facts(decision=CONDITIONAL, conditions=CONDITIONS["overdue"])
    assert state_of(late).lapsed_because == Lapsed(
        LapsedBy.TIME, "The condition “train the second shift” was due on 19 February 2028 and is still open."
    )
    assert state_of(late, TODAY - days(1)).status == GateStatus.PASSED_WITH_CONDITIONS


def test_evidence_that_ran_out_lapses_a_pass_and_fresh_evidence_ends_that():
    gate = gate_of(critical=(0,), min_met=1, size=1)
    definition = item("DATA-1", critical=True, max_age=60)

    def on(today, *found):
        items = from_facts(gate, {"DATA-1": ItemFacts(definition, MET, found)}, today)
        return state_of(GateFacts(gate, items, decision=PASS), today)

    old = Piece(TODAY)
    assert on(TODAY + days(60), old).status == GateStatus.PASSED
    assert on(TODAY + days(60), old).changes_on == TODAY + days(61)
    lapsed = on(TODAY + days(61), old)
    assert (lapsed.status, lapsed.lapsed_because.by) == (GateStatus.LAPSED, LapsedBy.TIME)
    assert on(TODAY + days(61), old, Piece(TODAY + days(61))).status == GateStatus.PASSED


def test_a_waiver_that_ran_out_lapses_a_pass():
    waived = facts((MET, MET, MET, NOT_MET), decision=PASS, waivers=(Waiver("DATA-4", TODAY),))
    assert state_of(waived).status == GateStatus.PASSED
    assert state_of(waived).waived == {"DATA-4": TODAY}
    assert state_of(waived).changes_on == TODAY + days(1)
    assert state_of(waived, TODAY + days(1)).status == GateStatus.LAPSED
    assert state_of(waived, TODAY + days(1)).waived == {}


def test_a_lapse_by_an_act_stays_though_the_criteria_hold_again():
    state = state_of(facts(GOOD, decision=PASS, lapse="DATA-1 was lowered to Partial."))
    assert state.status == GateStatus.LAPSED
    assert state.lapsed_because == Lapsed(LapsedBy.ACT, "DATA-1 was lowered to Partial.")
    assert state.can_submit


def test_a_lapsed_gate_that_is_submitted_again_is_in_review_and_still_says_why():
    state = state_of(facts(GOOD, decision=PASS, lapse="DATA-1 was lowered.", waiting=WAITING))
    assert state.status == GateStatus.IN_REVIEW
    assert not state.review_pending
    assert state.lapsed_because.by == LapsedBy.ACT


@pytest.mark.parametrize("decision", [None, *DecisionKind])
@pytest.mark.parametrize(("before", "after"), list(product((GOOD, BAD), repeat=2)))
def test_an_act_lapses_a_pass_when_with_it_the_criteria_cease_to_hold(decision, before, after):
    held, holds = [gate_criteria(facts(values), TODAY).holds for values in (before, after)]
    expected = decision in (PASS, CONDITIONAL) and before == GOOD and after == BAD
    assert lapses_by_act(decision, held_before=held, holds_now=holds) == expected


def test_the_state_tells_the_next_day_of_every_clock_in_it():
    waiver = Waiver("DATA-4", TODAY + days(9))
    condition = Condition(TODAY + days(4), ConditionState.OPEN, "x")
    assert state_of(facts()).changes_on is None
    assert state_of(facts(waivers=(waiver,))).changes_on == TODAY + days(10)
    assert state_of(facts(waivers=(waiver,), conditions=(condition,))).changes_on == TODAY + days(5)
    assert state_of(facts(waivers=(waiver,)), TODAY + days(10)).changes_on is None
    kept = Condition(TODAY + days(4), ConditionState.KEPT, "x")
    assert state_of(facts(conditions=(kept,))).changes_on is None


def test_a_later_gate_changes_no_later_than_the_one_that_locks_it():
    waiver = {"waivers": (Waiver("DATA-4", TODAY),), "decision": PASS, "values": (MET, MET, MET, NOT_MET)}
    assert [state.changes_on for state in three(waiver, {}, {})] == [TODAY + days(1)] * 3
    free = three({}, {"waivers": (Waiver("ARCH-1", TODAY),)}, {}, sequential=False)
    assert [state.changes_on for state in free] == [None, TODAY + days(1), None]


# Decisions.


def test_every_decision_is_possible_exactly_when_the_text_says():
    for decision, good, held, waiting in product(DecisionKind, (True, False), (True, False), (True, False)):
        for conditions in (0, 1, 3):
            submission = Submission(TODAY, criteria_held=held) if waiting else None
            state = state_of(facts(GOOD if good else BAD, checkpoint_of(size=4), waiting=submission))
            refusal = decision_refusal(decision, conditions, state)
            if not waiting:
                expected = "nothing_submitted"
            elif decision in (PASS, CONDITIONAL) and not (good and held):
                expected = "criteria_not_met"
            elif decision == CONDITIONAL and conditions == 0:
                expected = "conditions_required"
            elif decision != CONDITIONAL and conditions > 0:
                expected = "conditions_not_allowed"
            else:
                expected = None
            assert (refusal.code if refusal else None) == expected


def test_what_can_be_decided_depends_on_the_criteria_then_and_now():
    held, not_held = Submission(TODAY, True), Submission(TODAY, False)
    assert possible_decisions(state_of(facts(GOOD, waiting=held))) == (PASS, CONDITIONAL, RETURN, STOP)
    assert possible_decisions(state_of(facts(BAD, waiting=held))) == (RETURN, STOP)
    assert possible_decisions(state_of(facts(GOOD, waiting=not_held))) == (RETURN, STOP)
    assert possible_decisions(state_of(facts(GOOD))) == ()
    assert possible_decisions(state_of(facts(GOOD, waiting=held), ended=True)) == ()


def test_a_refused_pass_carries_what_fails_now_and_that_it_failed_when_submitted():
    gate = gate_of(critical=(0,))
    state = state_of(facts((PARTIAL, MET, MET, MET), gate, waiting=Submission(TODAY, False)))
    refusal = decision_refusal(PASS, 0, state)
    assert [(str(one.code), one.gate, one.item) for one in refusal.blockers] == [
        ("critical_not_met", "data", "DATA-1"),
        ("not_met_when_submitted", "data", None),
    ]
    assert refusal.message == "The criteria of the Data gate do not hold."


@pytest.mark.parametrize(
    ("known", "ended", "on_hold", "code"),
    [
        ({}, True, True, "initiative_ended"),
        ({}, False, True, "on_hold"),
        ({"decision": STOP}, False, False, "gate_stopped"),
        ({"waiting": WAITING}, False, False, "already_submitted"),
        ({"values": BAD}, False, False, "criteria_not_met"),
        ({"waiting": WAITING, "decision": PASS}, False, False, "already_submitted"),
    ],
)
def test_a_refused_submission_says_the_first_reason_in_words(known, ended, on_hold, code):
    refusal = submit_refusal(state_of(facts(**known), ended=ended, on_hold=on_hold))
    assert refusal.code == code
    assert refusal.message[0].isupper()
    assert bool(refusal.blockers) == (code == "criteria_not_met")


def test_a_locked_gate_refuses_a_submission_before_anything_else_of_its_own():
    refusal = submit_refusal(three({}, {"waiting": WAITING, "values": BAD}, {})[1])
    assert (refusal.code, refusal.message) == (
        "gate_locked",
        "The Arch gate is locked until every one before it is passed.",
    )


# Blockers of one gate.


def test_the_blockers_of_a_gate_come_in_order_with_its_place():
    gate = gate_of(critical=(3,), min_met=3)
    values = (NOT_MET, UNANSWERED, MET, PARTIAL)
    state = state_of(facts(values, gate, decision=CONDITIONAL, conditions=CONDITIONS["overdue"]))
    assert [(str(one.code), one.item) for one in gate_blockers(state)] == [
        ("gate_not_passed", None),
        ("critical_not_met", "DATA-4"),
        ("item_not_met", "DATA-1"),
        ("item_unanswered", "DATA-2"),
        ("too_few_met", None),
        ("condition_overdue", None),
    ]
    assert {(one.gate, one.framework) for one in gate_blockers(state)} == {("data", "five-gate")}


def test_a_passed_gate_blocks_nothing_and_a_checkpoint_uses_its_own_word():
    assert gate_blockers(state_of(facts(decision=PASS))) == []
    checkpoint = state_of(facts(GOOD, checkpoint_of(size=4)))
    assert [one.code for one in gate_blockers(checkpoint)] == [BlockerCode.CHECKPOINT_NOT_PASSED]
    assert "gate" not in gate_blockers(checkpoint)[0].message
    assert not_passed_message(checkpoint).startswith("The checkpoint “Checkpoint-0” meets its criteria")


def test_a_stopped_gate_leaves_its_heading_to_the_caller():
    state = state_of(facts(BAD, decision=STOP))
    assert gate_blockers(state) == clause_blockers(state)


def test_a_gate_that_lapsed_by_an_act_says_that_only_a_decision_ends_it():
    message = not_passed_message(state_of(facts(decision=PASS, lapse="The model was replaced.")))
    assert message == (
        "The Data gate was passed, and that has lapsed. It lapsed: The model was replaced. "
        "Only a new decision ends that."
    )
