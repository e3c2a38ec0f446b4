"""What is refused at a gate, and why: submissions, decisions, and the blockers of a gate that is not passed.

Pure: standard library only. In plain words: docs/rules.md, "Gate status" and "Blockers".
"""

from dataclasses import dataclass

from checklists.said import capitalised, joined, said, template
from gates.criteria import Blocker, BlockerCode, GateKind
from gates.rules import (
    PASSING_DECISIONS,
    DecisionKind,
    GateState,
    GateStatus,
    LapsedBy,
    RefusalCode,
    overdue_message,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a submission or decision is refused; `blockers` go with `criteria_not_met`."""

    code: RefusalCode
    message: str
    blockers: tuple[Blocker, ...] = ()


def submit_refusal(state: GateState) -> Refusal | None:
    """Why this gate cannot be submitted, in words; None where it can."""
    code = state.submit_refused
    return None if code is None else _refusal(code, state)


def decision_refusal(decision: DecisionKind, conditions: int, state: GateState) -> Refusal | None:
    """Why this decision, with so many conditions, cannot be taken on the waiting submission; None where it can.

    A pass of either kind needs the criteria to hold twice: in what was frozen and now. With conditions it needs
    at least one, without it takes none. Who may decide is another question: gates/separation.py.
    """
    if state.submit_refused == RefusalCode.INITIATIVE_ENDED:
        return _refusal(RefusalCode.INITIATIVE_ENDED, state)
    if state.waiting is None:
        return _refusal(RefusalCode.NOTHING_SUBMITTED, state)
    if state.status == GateStatus.LOCKED:
        return _refusal(RefusalCode.GATE_LOCKED, state)
    if decision in PASSING_DECISIONS and not (state.criteria.holds and state.waiting.criteria_held):
        return _refusal(RefusalCode.CRITERIA_NOT_MET, state)
    if decision == DecisionKind.PASS_WITH_CONDITIONS and conditions < 1:
        return _refusal(RefusalCode.CONDITIONS_REQUIRED, state)
    if decision != DecisionKind.PASS_WITH_CONDITIONS and conditions > 0:
        return _refusal(RefusalCode.CONDITIONS_NOT_ALLOWED, state)
    return None


_REFUSALS = {
    RefusalCode.NOT_A_GATE: template("{gate} is a profile: it is drawn, not decided."),
    RefusalCode.INITIATIVE_ENDED: template(
        "The initiative has ended: nothing can be submitted or decided any more."
    ),
    RefusalCode.ON_HOLD: template(
        "The initiative is on hold: nothing can be submitted until the hold is lifted."
    ),
    RefusalCode.GATE_STOPPED: template("{gate} was decided with a stop."),
    RefusalCode.NOTHING_SUBMITTED: template("{gate} has no submission that waits for a decision."),
    RefusalCode.GATE_LOCKED: template("{gate} is locked until every one before it is passed."),
    RefusalCode.ALREADY_SUBMITTED: template("{gate} is submitted already and waits for a decision."),
    RefusalCode.CRITERIA_NOT_MET: template("The criteria of {gate} do not hold."),
    RefusalCode.CONDITIONS_REQUIRED: template("A pass with conditions needs at least one condition."),
    RefusalCode.CONDITIONS_NOT_ALLOWED: template("Conditions belong to a pass with conditions only."),
}


def _refusal(code: RefusalCode, state: GateState) -> Refusal:
    message = capitalised(said(_REFUSALS[code], gate=state.gate.label))
    if code != RefusalCode.CRITERIA_NOT_MET:
        return Refusal(code, message)
    blockers = clause_blockers(state)
    if state.waiting is not None and not state.waiting.criteria_held:
        blockers.append(_blocker(state, BlockerCode.NOT_MET_WHEN_SUBMITTED, _NOT_HELD))
    return Refusal(code, message, tuple(blockers))


_NOT_HELD = said(
    "The criteria did not hold in what was submitted: return it, so that it can be submitted again."
)

_NOT_PASSED = {
    GateStatus.STOPPED: template("{gate} was decided with a stop."),
    GateStatus.LOCKED: template("{gate} is locked until every one before it is passed."),
    GateStatus.IN_REVIEW: template("{gate} waits for a decision."),
    GateStatus.LAPSED: template("{gate} was passed, and that has lapsed."),
    GateStatus.RETURNED: template("{gate} was returned and not submitted since."),
    GateStatus.ELIGIBLE: template("{gate} meets its criteria and waits to be submitted."),
    GateStatus.OPEN: template("{gate} does not meet its criteria yet."),
}


def clause_blockers(state: GateState) -> list[Blocker]:
    """Every failing clause of a gate's criteria as a blocker, then its overdue conditions."""
    found = [_blocker(state, clause.code, clause.message, clause.item) for clause in state.criteria.failing]
    found += [_blocker(state, BlockerCode.CONDITION_OVERDUE, overdue_message(one)) for one in state.overdue]
    return found


def gate_blockers(state: GateState) -> list[Blocker]:
    """Why a gate or checkpoint counts as not passed, with its failing clauses; empty where it is passed.

    A profile and a gate without a status block nothing. A stopped gate is named once, as `gate_stopped`, which
    the caller puts first; only its clauses follow here.
    """
    if state.status is None or state.passed:
        return []
    found = clause_blockers(state)
    if state.status != GateStatus.STOPPED:
        checkpoint = state.gate.kind == GateKind.CHECKPOINT
        code = BlockerCode.CHECKPOINT_NOT_PASSED if checkpoint else BlockerCode.GATE_NOT_PASSED
        found.insert(0, _blocker(state, code, not_passed_message(state)))
    return found


def stopped_blocker(state: GateState) -> Blocker:
    return _blocker(state, BlockerCode.GATE_STOPPED, not_passed_message(state))


def not_passed_message(state: GateState) -> str:
    """One or two sentences: that a gate is not passed, where it stands, and what made it lapse."""
    if state.status is None or state.passed:
        return ""
    message = capitalised(said(_NOT_PASSED[state.status], gate=state.gate.label))
    lapsed = state.lapsed_because
    if lapsed is not None and lapsed.by == LapsedBy.ACT:
        why = said("It lapsed: {reason} Only a new decision ends that.", reason=lapsed.reason)
        return joined([message, why])
    return message


def _blocker(state: GateState, code: BlockerCode, message: str, item: str | None = None) -> Blocker:
    return Blocker(code, message, state.gate.slug, item, state.gate.framework)
