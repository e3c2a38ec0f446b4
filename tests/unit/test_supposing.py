"""What if: the same rules on changed facts, what is refused, and which answers move it most."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.scoring import AnswerValue, ItemFacts, Piece, item_state
from gates.rules import (
    Condition,
    ConditionState,
    DecisionKind,
    GateFacts,
    GateStatus,
    RefusalCode,
    Submission,
    statuses,
)
from readiness.standing.supposing import Known, Supposal, best_moves, suppose
from readiness.standing.verdict import Verdict, readiness
from tests.unit.rule_builders import MET, NOT_MET, PARTIAL, TODAY, UNANSWERED, days, framework_of, gate_of

DATA = gate_of("data", critical=(0,))
ADOPTION = gate_of("adoption", critical=(1,), position=1)
FRAMEWORK = framework_of(DATA, ADOPTION, required_met=6)
CODES = [item.code for gate in FRAMEWORK.gates for item in gate.items]
GIVEN, RENEWED, SAID, HALF, NO = (
    Supposal.MET_WITH_EVIDENCE,
    Supposal.RENEWED,
    Supposal.MET,
    Supposal.PARTIAL,
    Supposal.NOT_MET,
)
FRESH = (Piece(TODAY),)


def known(
    declared: Mapping[str, AnswerValue] | None = None,
    pieces: Mapping[str, tuple[Piece, ...]] | None = None,
    today: date = TODAY,
    ended: bool = False,
    on_hold: bool = False,
    exits_undecided: tuple[str, ...] = (),
    **gates: Mapping[str, object],
) -> Known:
    """The small framework with these answers (with evidence of today unless ``pieces`` says another)."""
    answers = declared or {}
    items = {
        item.code: ItemFacts(
            item,
            answers.get(item.code, UNANSWERED),
            (pieces or {}).get(item.code, FRESH if item.code in answers else ()),
        )
        for gate in FRAMEWORK.gates
        for item in gate.items
    }
    facts = tuple(
        GateFacts(
            gate,
            tuple(item_state(items[item.code], today) for item in gate.items),
            **gates.get(gate.slug, {}),  # type: ignore[arg-type]
        )
        for gate in FRAMEWORK.gates
    )
    return Known(FRAMEWORK, facts, items, today, ended, on_hold, exits_undecided)


def all_met(*, but: Mapping[str, AnswerValue] | None = None) -> dict[str, AnswerValue]:
    return dict.fromkeys(CODES, MET) | dict(but or {})


PASSED = {"decision": DecisionKind.PASS}
BOTH = {"data": PASSED, "adoption": PASSED}


def value(found: Known, code: str, supposal: Supposal) -> AnswerValue:
    then = suppose(found, {code: supposal}).readiness
    return next(s.effective.value for gate in then.gates for s in gate.items if s.item.code == code)


def test_nothing_supposed_is_how_it_stands() -> None:
    found = known(all_met(but={"DATA-2": NOT_MET}), **BOTH)
    as_it_is = readiness(
        FRAMEWORK,
        statuses(FRAMEWORK, found.gates, TODAY, ended=False, on_hold=False),
        ended=False,
        on_hold=False,
    )
    assert suppose(found).readiness == as_it_is
    assert suppose(found).refused == {}


@pytest.mark.parametrize(
    ("supposal", "without", "with_evidence", "withdrawn"),
    [
        (GIVEN, MET, MET, MET),
        (SAID, PARTIAL, MET, PARTIAL),
        (HALF, PARTIAL, PARTIAL, PARTIAL),
        (NO, NOT_MET, NOT_MET, NOT_MET),
        (RENEWED, UNANSWERED, UNANSWERED, UNANSWERED),
    ],
)
def test_what_is_supposed_meets_the_evidence_that_lies_there(
    supposal: Supposal, without: AnswerValue, with_evidence: AnswerValue, withdrawn: AnswerValue
) -> None:
    for pieces, expected in (
        ((), without),
        (FRESH, with_evidence),
        ((Piece(TODAY, withdrawn=True),), withdrawn),
    ):
        assert value(known(pieces={"DATA-2": pieces}), "DATA-2", supposal) == expected


def test_renewed_evidence_lifts_what_had_expired_and_leaves_the_answer() -> None:
    old = {"DATA-2": (Piece(TODAY - days(10), TODAY - days(1)),)}
    assert value(known({"DATA-2": MET}, old), "DATA-2", RENEWED) == MET
    assert value(known({"DATA-2": PARTIAL}, old), "DATA-2", RENEWED) == PARTIAL


def test_a_measurement_is_not_supposed_away() -> None:
    found = known({"DATA-2": MET})
    measured = replace(found.items["DATA-2"], measured=NOT_MET)
    found = replace(found, items={**found.items, "DATA-2": measured})
    assert value(found, "DATA-2", GIVEN) == NOT_MET


def test_gates_are_passed_one_after_the_other_and_the_verdict_turns() -> None:
    found = known(all_met())
    assert suppose(found).readiness.verdict == Verdict.NOT_READY
    assert suppose(found, passed={"adoption", "data"}).readiness.verdict == Verdict.READY
    alone = suppose(found, passed={"adoption"})
    assert alone.refused["adoption"].code == RefusalCode.GATE_LOCKED
    assert alone.readiness == suppose(found).readiness


@pytest.mark.parametrize(
    ("found", "answers", "code"),
    [
        (known({}), {}, RefusalCode.CRITERIA_NOT_MET),
        (known(all_met()), {"DATA-1": NO}, RefusalCode.CRITERIA_NOT_MET),
        (known(all_met(), on_hold=True), {}, RefusalCode.ON_HOLD),
        (known(all_met(), ended=True), {}, RefusalCode.INITIATIVE_ENDED),
        (known(all_met(), data={"decision": DecisionKind.STOP}), {}, RefusalCode.GATE_STOPPED),
    ],
)
def test_a_pass_is_refused_where_the_real_one_would_be(
    found: Known, answers: Mapping[str, Supposal], code: RefusalCode
) -> None:
    then = suppose(found, answers, {"data"})
    assert then.refused["data"].code == code
    assert not then.readiness.gates[0].passed


@pytest.mark.parametrize("held", [True, False])
def test_what_waits_is_decided_on_what_is_known_now(held: bool) -> None:
    found = known(all_met(), data={"waiting": Submission(TODAY, held)})
    assert suppose(found, passed={"data"}).readiness.gates[0].status == GateStatus.PASSED


def test_a_pass_ends_what_the_last_decision_left_open() -> None:
    overdue = Condition(TODAY - days(1), ConditionState.OPEN, "Runbook")
    gate = {"decision": DecisionKind.PASS_WITH_CONDITIONS, "conditions": (overdue,), "lapse": "It fell."}
    found = known(all_met(), data=gate, adoption=PASSED)
    assert suppose(found).readiness.gates[0].status == GateStatus.LAPSED
    assert suppose(found, passed={"data"}).readiness.verdict == Verdict.READY


def test_a_lowered_answer_lapses_a_pass_by_act() -> None:
    found = known(all_met(), **BOTH)
    then = suppose(found, {"DATA-1": NO}).readiness
    assert then.gates[0].status == GateStatus.LAPSED
    assert "Only a new decision ends that." in then.blockers[0].message


def test_what_had_lapsed_by_time_is_no_act_of_whoever_supposes() -> None:
    expired = {"DATA-1": (Piece(TODAY - days(9), TODAY - days(1)),)}
    found = known(all_met(), expired, **BOTH)
    then = suppose(found, {"DATA-2": HALF}).readiness
    assert "Only a new decision" not in then.blockers[0].message
    assert suppose(found, {"DATA-1": RENEWED}).readiness.verdict == Verdict.READY


# --- What moves it most -------------------------------------------------------------------------------------------


def test_first_what_turns_the_verdict() -> None:
    expired = {"DATA-1": (Piece(TODAY - days(9), TODAY - days(1)),)}
    found = known(all_met(but={"ADOPTION-1": PARTIAL}), expired, **BOTH)
    first, second = best_moves(found)
    assert (first.item, first.supposal, first.turns_verdict) == ("DATA-1", RENEWED, True)
    assert (second.item, second.turns_verdict) == ("ADOPTION-1", False)


def test_then_what_opens_a_gate_then_the_threshold() -> None:
    found = known({"DATA-1": MET, "DATA-2": MET, "DATA-4": PARTIAL})
    first = best_moves(found)[0]
    assert (first.item, first.opens, first.supposal) == ("DATA-3", "data", GIVEN)
    nearly = known(all_met(but={"DATA-2": PARTIAL, "ADOPTION-3": PARTIAL, "ADOPTION-4": PARTIAL}), **BOTH)
    assert [move.reaches_threshold for move in best_moves(nearly)] == [True, True, True]


def test_what_a_measurement_holds_down_moves_nothing() -> None:
    found = known(all_met(but={"DATA-2": PARTIAL}))
    held = replace(found.items["DATA-2"], measured=PARTIAL)
    assert best_moves(replace(found, items={**found.items, "DATA-2": held})) == []


def test_only_so_many_are_named() -> None:
    assert len(best_moves(known({}), most=3)) == 3
    assert best_moves(known(all_met())) == []


VALUES = st.sampled_from([*AnswerValue])
SUPPOSALS = st.dictionaries(st.sampled_from(CODES), st.sampled_from([*Supposal]), max_size=8)
DECISIONS = st.sampled_from([None, *DecisionKind])


@given(st.lists(VALUES, min_size=8, max_size=8), DECISIONS, DECISIONS, SUPPOSALS)
@settings(max_examples=150, deadline=None)
def test_it_always_stands_by_the_rules(
    values: list[AnswerValue],
    first: DecisionKind | None,
    second: DecisionKind | None,
    answers: dict[str, Supposal],
) -> None:
    """Ready only where nothing blocks, whatever is supposed passed; and a move does what it says."""
    found = known(
        dict(zip(CODES, values, strict=True)), data={"decision": first}, adoption={"decision": second}
    )
    for count in range(3):
        for passed in combinations(("data", "adoption"), count):
            then = suppose(found, answers, passed)
            assert (then.readiness.verdict == Verdict.NOT_READY) == bool(then.readiness.blockers)
            state = {gate.gate.slug: gate for gate in then.readiness.gates}
            assert all(state[slug].passed for slug in passed if slug not in then.refused)
            for move in best_moves(found, answers, passed):
                after = suppose(found, {**answers, move.item: move.supposal}, passed).readiness
                assert after.verdict == move.verdict
                assert after.tally.met == then.readiness.tally.met + 1
