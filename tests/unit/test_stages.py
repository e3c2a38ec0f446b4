"""Which stage moves are open, and what stands in the way of the others."""

from itertools import pairwise, product

import pytest

from gates.criteria import INITIATIVE_HAS_ENDED, IS_ON_HOLD, Blocker, BlockerCode
from gates.rules import DecisionKind, GateFacts, statuses
from gates.stages import (
    ENDED,
    LADDER,
    Guard,
    Move,
    Stage,
    is_readiness_guard,
    move_blockers,
    neighbours_of,
    next_stage,
    stage_after_stop,
)
from tests.unit.rule_builders import MET, PARTIAL, TODAY, UNANSWERED, checkpoint_of, framework_of, states_of

INTAKE, POC, PILOT, ROLLOUT, LIVE, RETIRED, STOPPED = Stage

CHECKPOINTS = tuple(
    checkpoint_of(f"checkpoint-{n}", size=size, critical=(0,), position=n) for n, size in enumerate((7, 6, 6))
)
GUARDS = (
    Guard(INTAKE, POC, "poc-checkpoints", "checkpoint-0"),
    Guard(POC, PILOT, "poc-checkpoints", "checkpoint-1"),
    Guard(POC, PILOT, "poc-checkpoints", "checkpoint-2"),
    Guard(PILOT, ROLLOUT, "five-gate"),
)
NOT_READY = (Blocker(BlockerCode.GATE_NOT_PASSED, "The Data gate does not meet its criteria yet.", "data"),)


def checkpoints(passed=0, values=None):
    """The states of the three checkpoints, of which the first `passed` are passed."""
    facts = [
        GateFacts(
            gate,
            states_of(gate, values or [MET] * len(gate.items)),
            decision=DecisionKind.PASS if place < passed else None,
        )
        for place, gate in enumerate(CHECKPOINTS)
    ]
    return statuses(framework_of(*CHECKPOINTS), facts, TODAY, ended=False, on_hold=False)


def blockers(start, target, *, passed=3, readiness=(), guards=GUARDS, **options):
    return move_blockers(Move(start, target, **options), guards, checkpoints(passed), readiness)


def codes(found):
    return [str(one.code) for one in found]


def expected_codes(start, target, passed, ready):
    """What the text says of a running initiative that is not on hold, with a reason and a lesson given."""
    order = ["intake", "poc", "pilot", "rollout", "live", "retired"]
    if start in ("retired", "stopped"):
        return {"initiative_ended"}
    if target == "stopped":
        return {"stage_not_next"} if start == "live" else set()
    here, there = order.index(start), order.index(target)
    found = set()
    on_the_way = [(order[n], order[n + 1]) for n in range(here, there)]
    if ("intake", "poc") in on_the_way and passed < 1:
        found.add("checkpoint_not_passed")
    if ("poc", "pilot") in on_the_way and passed < 3:
        found.add("checkpoint_not_passed")
    if (("pilot", "rollout") in on_the_way or ("rollout", "live") in on_the_way) and not ready:
        found.add("gate_not_passed")
    if abs(there - here) != 1:
        found.add("stage_not_next")
    return found


@pytest.mark.parametrize("start", Stage)
@pytest.mark.parametrize("target", Stage)
def test_every_move_meets_the_guards_on_its_way(start, target):
    for passed, ready in product(range(4), (True, False)):
        found = blockers(
            start, target, passed=passed, readiness=() if ready else NOT_READY, reason="Because.", lesson=True
        )
        assert set(codes(found)) == expected_codes(start, target, passed, ready)


@pytest.mark.parametrize("start", Stage)
@pytest.mark.parametrize("target", Stage)
def test_on_hold_only_stopped_is_open(start, target):
    found = blockers(start, target, on_hold=True, reason="Because.", lesson=True)
    is_open = not found
    assert is_open == (target == STOPPED and start in (INTAKE, POC, PILOT, ROLLOUT))
    if not is_open and start not in ENDED and target != STOPPED:
        assert found[0] == IS_ON_HOLD


@pytest.mark.parametrize("target", Stage)
@pytest.mark.parametrize("start", [RETIRED, STOPPED])
def test_nothing_leaves_an_end(start, target):
    assert blockers(start, target, reason="Because.", lesson=True) == (INITIATIVE_HAS_ENDED,)


@pytest.mark.parametrize("start", [POC, PILOT, ROLLOUT, LIVE])
def test_one_step_back_is_free_with_a_reason(start):
    target = LADDER[LADDER.index(start) - 1]
    assert blockers(start, target, passed=0, readiness=NOT_READY, reason="The data changed.") == ()
    for missing in ("", "  \n"):
        assert codes(blockers(start, target, passed=0, reason=missing)) == ["reason_required"]


@pytest.mark.parametrize("start", [INTAKE, POC, PILOT, ROLLOUT])
@pytest.mark.parametrize("on_hold", [True, False])
def test_to_stop_is_free_with_a_lesson(start, on_hold):
    assert blockers(start, STOPPED, passed=0, readiness=NOT_READY, on_hold=on_hold, lesson=True) == ()
    assert codes(blockers(start, STOPPED, on_hold=on_hold)) == ["lesson_required"]


def test_what_is_live_is_retired_freely_and_never_stopped():
    assert blockers(LIVE, RETIRED, passed=0, readiness=NOT_READY) == ()
    assert codes(blockers(LIVE, STOPPED, lesson=True)) == ["stage_not_next"]
    assert stage_after_stop(LIVE) == RETIRED
    assert {stage_after_stop(stage) for stage in (INTAKE, POC, PILOT, ROLLOUT)} == {STOPPED}


def test_a_guarded_step_carries_the_failing_clauses_of_its_checkpoint():
    values = [PARTIAL, MET, MET, MET, UNANSWERED, UNANSWERED, UNANSWERED]
    states = checkpoints()[:0] + statuses(
        framework_of(CHECKPOINTS[0]),
        [GateFacts(CHECKPOINTS[0], states_of(CHECKPOINTS[0], values))],
        TODAY,
        ended=False,
        on_hold=False,
    )
    found = move_blockers(Move(INTAKE, POC), GUARDS, states, ())
    assert [(str(one.code), one.gate, one.item) for one in found] == [
        ("checkpoint_not_passed", "checkpoint-0", None),
        ("critical_not_met", "checkpoint-0", "CHECKPOINT-0-1"),
        ("too_few_met", "checkpoint-0", None),
    ]


def test_a_jump_meets_every_guard_in_order_each_once_and_is_not_next():
    found = blockers(INTAKE, LIVE, passed=0, readiness=(IS_ON_HOLD, *NOT_READY), on_hold=True)
    assert [(str(one.code), one.gate) for one in found] == [
        ("on_hold", None),
        ("checkpoint_not_passed", "checkpoint-0"),
        ("checkpoint_not_passed", "checkpoint-1"),
        ("checkpoint_not_passed", "checkpoint-2"),
        ("gate_not_passed", "data"),
        ("stage_not_next", None),
    ]
    assert found[-1].message == "Live is not one step from Intake. The next stage is PoC."


def test_a_checkpoint_that_lapsed_locks_the_ones_that_guard_the_next_step():
    facts = [
        GateFacts(
            gate,
            states_of(gate, [MET] * len(gate.items)),
            decision=DecisionKind.PASS,
            lapse="The vendor was replaced." if place == 0 else "",
        )
        for place, gate in enumerate(CHECKPOINTS)
    ]
    states = statuses(framework_of(*CHECKPOINTS), facts, TODAY, ended=False, on_hold=False)
    found = move_blockers(Move(POC, PILOT), GUARDS, states, ())
    assert [one.gate for one in found] == ["checkpoint-1", "checkpoint-2"]


def test_guards_come_from_the_content_and_nowhere_else():
    unguarded = (Guard(PILOT, ROLLOUT, "five-gate"),)
    assert blockers(INTAKE, POC, passed=0, guards=unguarded) == ()
    whole = (Guard(INTAKE, POC, "poc-checkpoints"),)
    assert [one.gate for one in blockers(INTAKE, POC, passed=1, guards=whole)] == [
        "checkpoint-1",
        "checkpoint-2",
    ]
    extra = (*GUARDS, Guard(PILOT, ROLLOUT, "poc-checkpoints", "checkpoint-2"))
    assert codes(blockers(PILOT, ROLLOUT, passed=0, guards=extra)) == ["checkpoint_not_passed"]


def test_the_verdict_guards_the_way_to_production_whatever_the_content_says():
    assert blockers(PILOT, ROLLOUT, guards=(), readiness=NOT_READY) == NOT_READY
    assert blockers(ROLLOUT, LIVE, guards=(), readiness=NOT_READY) == NOT_READY
    assert blockers(PILOT, POC, guards=(), readiness=NOT_READY, reason="Because.") == ()


def test_a_guard_that_is_not_answered_here_keeps_the_door_shut():
    lost = (Guard(INTAKE, POC, "another-framework", "gone"),)
    assert codes(blockers(INTAKE, POC, guards=lost)) == ["checkpoint_not_passed"]


def test_a_stopped_checkpoint_keeps_the_door_shut():
    facts = [
        GateFacts(gate, states_of(gate, [MET] * len(gate.items)), decision=DecisionKind.STOP)
        for gate in CHECKPOINTS
    ]
    states = statuses(framework_of(*CHECKPOINTS), facts, TODAY, ended=False, on_hold=False)
    assert codes(move_blockers(Move(INTAKE, POC), GUARDS, states, ())) == ["gate_stopped"]


def test_only_a_whole_framework_before_rollout_decides_readiness():
    assert [is_readiness_guard(guard) for guard in GUARDS] == [False, False, False, True]
    assert not is_readiness_guard(Guard(PILOT, ROLLOUT, "five-gate", "data"))


def test_stages_follow_each_other():
    assert [next_stage(one) for one in (INTAKE, POC, PILOT, ROLLOUT, LIVE)] == [
        POC,
        PILOT,
        ROLLOUT,
        LIVE,
        RETIRED,
    ]
    assert [next_stage(one) for one in (RETIRED, STOPPED)] == [None, None]
    assert [neighbours_of(one) for one in (INTAKE, POC, LIVE, RETIRED, STOPPED)] == [
        (POC,),
        (PILOT, INTAKE),
        (RETIRED, ROLLOUT),
        (),
        (),
    ]
    assert all(not before.has_ended for before, _ in pairwise(LADDER))
    assert [stage for stage in Stage if stage.has_ended] == [RETIRED, STOPPED]


def test_a_move_to_where_it_is_says_so():
    assert [one.message for one in blockers(POC, POC)] == ["The initiative is in PoC already."]
