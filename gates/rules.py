"""May it go on? The status of every gate, who waits for whom, and which decisions are possible.

Pure: standard library only, no database, and no clock: `today` comes in as an argument. In plain words:
docs/rules.md, "Gate status".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checklists.said import joined, said
from checklists.scoring import MET, ItemState, day_after, earliest
from gates.criteria import (
    Criteria,
    GateDefinition,
    GateKind,
    Waiver,
    criteria,
    waivers_in_force,
)


class GateStatus(StrEnum):
    """In reading order: the first that applies."""

    STOPPED = "stopped"
    LOCKED = "locked"
    IN_REVIEW = "in_review"
    LAPSED = "lapsed"
    PASSED_WITH_CONDITIONS = "passed_with_conditions"
    PASSED = "passed"
    RETURNED = "returned"
    ELIGIBLE = "eligible"
    OPEN = "open"


class DecisionKind(StrEnum):
    PASS = "pass"  # noqa: S105 (a decision, not a password)
    PASS_WITH_CONDITIONS = "pass_with_conditions"  # noqa: S105
    RETURN = "return"
    STOP = "stop"


class ConditionState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    CONFIRMED = "confirmed"


class LapsedBy(StrEnum):
    """By time it ends by itself on the day it holds again; by an act, only a new decision ends it."""

    TIME = "time"
    ACT = "act"


class RefusalCode(StrEnum):
    """Why a submission or a decision is refused, each list in the order in which it is asked."""

    NOT_A_GATE = "not_a_gate"
    INITIATIVE_ENDED = "initiative_ended"
    ON_HOLD = "on_hold"
    GATE_STOPPED = "gate_stopped"
    NOTHING_SUBMITTED = "nothing_submitted"
    GATE_LOCKED = "gate_locked"
    ALREADY_SUBMITTED = "already_submitted"
    CRITERIA_NOT_MET = "criteria_not_met"
    CONDITIONS_REQUIRED = "conditions_required"
    CONDITIONS_NOT_ALLOWED = "conditions_not_allowed"


PASSED_STATUSES = frozenset({GateStatus.PASSED, GateStatus.PASSED_WITH_CONDITIONS})
PASSING_DECISIONS = frozenset({DecisionKind.PASS, DecisionKind.PASS_WITH_CONDITIONS})


@dataclass(frozen=True, slots=True)
class FrameworkDefinition:
    """One framework version. `gates` in order; `sequential` is `order: sequential`: only then gates lock."""

    slug: str
    name: str
    sequential: bool
    gates: tuple[GateDefinition, ...]
    required_met: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A promise attached to a pass. `due` is its last good day."""

    due: date
    state: ConditionState
    text: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission without a decision. `criteria_held`: did the criteria hold in what it froze?"""

    submitted_on: date
    criteria_held: bool


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What is known about one gate of one initiative.

    `items` as in the gate's definition. `decision` is the last one, `conditions` are those of that decision, and
    `lapse` says by which act that decision lapsed (one sentence; "" = by none): a new decision starts afresh.
    """

    gate: GateDefinition
    items: tuple[ItemState, ...]
    waivers: tuple[Waiver, ...] = ()
    decision: DecisionKind | None = None
    conditions: tuple[Condition, ...] = ()
    lapse: str = ""
    waiting: Submission | None = None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Why a pass no longer holds, in whole sentences."""

    by: LapsedBy
    reason: str


@dataclass(frozen=True, slots=True)
class GateState:
    """Where a gate stands today.

    `status` is None for a profile. `lapsed_because` is given whenever the last decision was a pass that no longer
    holds, also while the status shows `locked` or `in_review`. `waived` maps the codes of items below `met` that
    are under a waiver in force to its last good day. `overdue` are conditions past their date and still open.
    `submit_refused` is None where the gate can be submitted. `changes_on` is the next day on which any of this
    may change without anyone's act: possibly too early, never too late; None = not by time.
    """

    gate: GateDefinition
    items: tuple[ItemState, ...]
    status: GateStatus | None
    criteria: Criteria
    submit_refused: RefusalCode | None
    review_pending: bool
    lapsed_because: Lapsed | None
    waived: Mapping[str, date]
    conditions: tuple[Condition, ...]
    overdue: tuple[Condition, ...]
    waiting: Submission | None
    changes_on: date | None

    @property
    def can_submit(self) -> bool:
        return self.submit_refused is None

    @property
    def passed(self) -> bool:
        """Passed, or passed with conditions, and shown so."""
        return self.status in PASSED_STATUSES

    @property
    def met(self) -> int:
        return sum(1 for state in self.items if state.effective.value == MET)

    @property
    def total(self) -> int:
        return len(self.items)


def gate_criteria(facts: GateFacts, today: date) -> Criteria:
    """The criteria of a gate as they stand today. A profile asks for nothing."""
    if facts.gate.kind == GateKind.PROFILE:
        return Criteria(True, ())
    values = {state.item.code: state.effective.value for state in facts.items}
    return criteria(facts.gate, values, waivers_in_force(facts.waivers, today))


def overdue_conditions(conditions: Iterable[Condition], today: date) -> tuple[Condition, ...]:
    """Conditions that are open on a day after their due date. A kept one is not overdue."""
    return tuple(one for one in conditions if one.state == ConditionState.OPEN and today > one.due)


def overdue_message(condition: Condition) -> str:
    """The sentence of an overdue condition."""
    return said(
        "The condition “{text}” was due on {day} and is still open.", text=condition.text, day=condition.due
    )


def lapsed_because(facts: GateFacts, found: Criteria, today: date) -> Lapsed | None:
    """Why the last decision, a pass, no longer holds; None where it holds or was no pass.

    `found` are the gate's criteria today. An act counts before time, because only a new decision ends it.
    """
    if facts.decision not in PASSING_DECISIONS:
        return None
    if facts.lapse:
        return Lapsed(LapsedBy.ACT, facts.lapse)
    reasons = [clause.message for clause in found.failing]
    reasons += [overdue_message(one) for one in overdue_conditions(facts.conditions, today)]
    return Lapsed(LapsedBy.TIME, joined(reasons)) if reasons else None


def lapses_by_act(decision: DecisionKind | None, *, held_before: bool, holds_now: bool) -> bool:
    """Whether an act makes a pass lapse: with it the criteria ceased to hold.

    `held_before` and `holds_now` speak of the criteria just before and after the act, on the same day: what ran
    out earlier is no act. A declared material change lapses a pass whatever the criteria say.
    """
    return decision in PASSING_DECISIONS and held_before and not holds_now


def gate_status(facts: GateFacts, found: Criteria, today: date, *, locked: bool) -> GateStatus | None:
    """The status of one gate, read in the order of `GateStatus`; None for a profile.

    `found` are the gate's criteria today; `locked` says that an earlier gate of a sequential framework is
    neither passed nor passed with conditions.
    """
    if facts.gate.kind == GateKind.PROFILE:
        return None
    if facts.decision == DecisionKind.STOP:
        return GateStatus.STOPPED
    if locked:
        return GateStatus.LOCKED
    passed = facts.decision in PASSING_DECISIONS
    holds = passed and lapsed_because(facts, found, today) is None
    if facts.waiting is not None and not holds:
        return GateStatus.IN_REVIEW
    if passed and not holds:
        return GateStatus.LAPSED
    if passed:
        confirmed = all(one.state == ConditionState.CONFIRMED for one in facts.conditions)
        return GateStatus.PASSED if confirmed else GateStatus.PASSED_WITH_CONDITIONS
    if facts.decision == DecisionKind.RETURN:
        return GateStatus.RETURNED
    return GateStatus.ELIGIBLE if found.holds else GateStatus.OPEN


def statuses(
    framework: FrameworkDefinition, facts: Sequence[GateFacts], today: date, *, ended: bool, on_hold: bool
) -> tuple[GateState, ...]:
    """Where every gate of one framework stands today, in its order. `facts` in the same order.

    `ended` and `on_hold` speak of the initiative: then nothing can be submitted.
    """
    states: list[GateState] = []
    locked = False
    changes_on: date | None = None
    for one in facts:
        found = gate_criteria(one, today)
        status = gate_status(one, found, today, locked=locked)
        own_change = _changes_on(one, today)
        # A gate that may lock or unlock those behind it passes its day on to them.
        changes_on = earliest((changes_on, own_change)) if framework.sequential else own_change
        waived = waivers_in_force(one.waivers, today)
        state = GateState(
            gate=one.gate,
            items=one.items,
            status=status,
            criteria=found,
            submit_refused=_submit_refused(one, status, found, ended=ended, on_hold=on_hold),
            review_pending=one.waiting is not None and status in PASSED_STATUSES,
            lapsed_because=lapsed_because(one, found, today),
            waived={s.item.code: waived[s.item.code] for s in one.items if _needs_waiver(s, waived)},
            conditions=one.conditions,
            overdue=overdue_conditions(one.conditions, today),
            waiting=one.waiting,
            changes_on=changes_on,
        )
        states.append(state)
        locked = framework.sequential and (locked or not state.passed)
    return tuple(states)


def _needs_waiver(state: ItemState, waived: dict[str, date]) -> bool:
    return state.item.code in waived and state.effective.value != MET


def _changes_on(facts: GateFacts, today: date) -> date | None:
    days = [state.effective.changes_on for state in facts.items]
    days += [day_after(one.expires_on) for one in facts.waivers if one.expires_on >= today]
    days += [
        day_after(one.due)
        for one in facts.conditions
        if one.state == ConditionState.OPEN and one.due >= today
    ]
    return earliest(days)


def _submit_refused(
    facts: GateFacts, status: GateStatus | None, found: Criteria, *, ended: bool, on_hold: bool
) -> RefusalCode | None:
    if status is None:
        return RefusalCode.NOT_A_GATE
    if ended:
        return RefusalCode.INITIATIVE_ENDED
    if on_hold:
        return RefusalCode.ON_HOLD
    if status == GateStatus.STOPPED:
        return RefusalCode.GATE_STOPPED
    if status == GateStatus.LOCKED:
        return RefusalCode.GATE_LOCKED
    if facts.waiting is not None:
        return RefusalCode.ALREADY_SUBMITTED
    # A checkpoint can go to the reviewers as it is, so that they can send it round again or stop it.
    if facts.gate.kind == GateKind.GATE and not found.holds:
        return RefusalCode.CRITERIA_NOT_MET
    return None
