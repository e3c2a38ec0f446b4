"""The criteria of a gate and of a checkpoint, against the text read once more, by brute force."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.criteria import BlockerCode, GateKind, Waiver, criteria, recommends_stop, waivers_in_force
from tests.unit.rule_builders import (
    ALL_VALUES,
    MET,
    NOT_MET,
    PARTIAL,
    TODAY,
    UNANSWERED,
    WORTH,
    by_code,
    checkpoint_of,
    days,
    gate_of,
)
from tests.unit.rule_oracles import gate_asks

MASKS = list(product((False, True), repeat=4))
LONG = TODAY + days(90)


@pytest.mark.parametrize("mask", MASKS)
def test_every_gate_of_four_items_is_what_the_text_says(mask):
    critical = [place for place, on in enumerate(mask) if on]
    for min_met in (0, 3, 4):
        gate = gate_of(critical=critical, min_met=min_met)
        for values in product(ALL_VALUES, repeat=4):
            for waiver_mask in MASKS:
                waived = {one.code: LONG for one, on in zip(gate.items, waiver_mask, strict=True) if on}
                found = criteria(gate, by_code(gate, values), waived)
                expected = gate_asks(gate, values, waived)
                assert [(str(clause.code), clause.item) for clause in found.failing] == expected
                assert found.holds == (not expected)


@pytest.mark.parametrize(
    ("size", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (19, 13)]
)
def test_two_thirds_are_rounded_up(size, needed):
    assert checkpoint_of(size=size).required == needed


@pytest.mark.parametrize(("size", "needed"), [(6, 4), (7, 5)])
@pytest.mark.parametrize("critical", [(), (0,), (0, 1, 5)])
def test_every_checkpoint_asks_for_two_thirds_and_the_critical_items_and_nothing_else(size, needed, critical):
    checkpoint = checkpoint_of(size=size, critical=critical)
    for values in product(ALL_VALUES, repeat=size):
        met = [place for place, value in enumerate(values) if value == "met"]
        holds = len(met) >= needed and set(critical) <= set(met)
        found = criteria(checkpoint, by_code(checkpoint, values))
        assert found.holds == holds
        failing = {str(clause.code) for clause in found.failing}
        assert failing <= {"critical_not_met", "too_few_met"}


def test_the_larger_of_a_count_and_a_share_is_asked():
    assert gate_of(size=6, min_met=5, share=Fraction(1, 2)).required == 5
    assert gate_of(size=6, min_met=1, share=Fraction(1, 2)).required == 3
    assert gate_of(size=6, min_met=None).required == 0


def test_an_item_nobody_knows_of_is_unanswered():
    gate = gate_of(critical=(), min_met=0)
    assert [clause.item for clause in criteria(gate, {}).failing] == ["DATA-1", "DATA-2", "DATA-3", "DATA-4"]


def test_a_critical_item_that_is_not_met_fails_once_and_no_waiver_helps():
    gate = gate_of(critical=(0,), min_met=3)
    found = criteria(gate, by_code(gate, [NOT_MET, MET, MET, MET]), {"DATA-1": LONG})
    assert [(clause.code, clause.item) for clause in found.failing] == [
        (BlockerCode.CRITICAL_NOT_MET, "DATA-1")
    ]


def test_a_waiver_never_counts_as_met():
    gate = gate_of(min_met=3)
    found = criteria(gate, by_code(gate, [MET, MET, NOT_MET, PARTIAL]), {"DATA-3": LONG})
    assert [clause.code for clause in found.failing] == [BlockerCode.TOO_FEW_MET]


def test_failing_clauses_name_the_items_in_words():
    gate = gate_of(critical=(0,), min_met=3)
    found = criteria(gate, by_code(gate, [PARTIAL, NOT_MET, UNANSWERED, MET]))
    assert [clause.message for clause in found.failing] == [
        "“Title of DATA-1” is critical and must be Met; it is Partial.",
        "“Title of DATA-2” is Not met and under no waiver.",
        "“Title of DATA-3” is Unanswered and under no waiver.",
        "1 of 4 items are Met; 3 must be.",
    ]


def test_clauses_that_hold_are_told_too_and_a_waiver_with_its_end():
    gate = gate_of(critical=(0,), min_met=3)
    found = criteria(gate, by_code(gate, [MET, MET, MET, NOT_MET]), {"DATA-4": LONG})
    assert found.holds
    assert [(str(clause.code), clause.message) for clause in found.clauses] == [
        ("critical_not_met", "Every critical item is Met."),
        (
            "item_not_met",
            "No other item is Not met without a waiver; under one: “Title of DATA-4” (through 20 May 2028).",
        ),
        ("item_unanswered", "No other item is Unanswered."),
        ("too_few_met", "3 of 4 items are Met; 3 must be."),
    ]


def gates():
    return st.builds(
        lambda size, marked, need, kind: (
            checkpoint_of(size=size, critical=[m for m in marked if m < size])
            if kind == GateKind.CHECKPOINT
            else gate_of(size=size, critical=[m for m in marked if m < size], min_met=min(need, size))
        ),
        st.integers(1, 8),
        st.sets(st.integers(0, 7)),
        st.integers(0, 8),
        st.sampled_from([GateKind.GATE, GateKind.CHECKPOINT]),
    )


@given(gates(), st.data())
def test_raising_an_answer_or_granting_a_waiver_never_breaks_criteria_that_held(gate, data):
    values = data.draw(
        st.lists(st.sampled_from(ALL_VALUES), min_size=len(gate.items), max_size=len(gate.items))
    )
    waived = {one.code: LONG for one in gate.items if data.draw(st.booleans())}
    before = criteria(gate, by_code(gate, values), waived)
    place = data.draw(st.integers(0, len(values) - 1))
    better = data.draw(st.sampled_from([v for v in ALL_VALUES if WORTH[v] >= WORTH[values[place]]]))
    raised = [*values[:place], better, *values[place + 1 :]]
    after = criteria(gate, by_code(gate, raised), waived)
    assert after.holds or not before.holds
    assert len(after.failing) <= len(before.failing)
    assert (
        criteria(gate, by_code(gate, values), {**waived, gate.items[place].code: LONG}).holds
        or not before.holds
    )


def test_a_waiver_is_in_force_through_its_last_day_and_the_longest_counts():
    waivers = [Waiver("DATA-1", TODAY), Waiver("DATA-1", TODAY + days(5)), Waiver("DATA-2", TODAY)]
    assert waivers_in_force(waivers, TODAY) == {"DATA-1": TODAY + days(5), "DATA-2": TODAY}
    assert waivers_in_force(reversed(waivers), TODAY) == {"DATA-1": TODAY + days(5), "DATA-2": TODAY}
    assert waivers_in_force(waivers, TODAY + days(1)) == {"DATA-1": TODAY + days(5)}
    assert waivers_in_force(waivers, TODAY + days(6)) == {}


@pytest.mark.parametrize("size", [6, 7])
def test_a_checkpoint_recommends_to_stop_when_more_than_half_is_missing(size):
    for values in product(ALL_VALUES, repeat=size):
        missing = values.count(NOT_MET) + values.count(UNANSWERED)
        assert recommends_stop(GateKind.CHECKPOINT, values) == (missing > size / 2)


def test_a_gate_never_recommends_and_neither_does_an_empty_checkpoint():
    assert not recommends_stop(GateKind.GATE, [NOT_MET] * 4)
    assert not recommends_stop(GateKind.CHECKPOINT, [])
