"""What to do next: the actions that move an initiative most, ranked.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Next best actions".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from checklists.said import content, joined, said, template
from checklists.scoring import ANSWER_LABELS, MET, UNANSWERED, ItemState, Lowered
from gates.rules import ConditionState, GateState, GateStatus
from gates.stages import Guard, Move, Stage, is_readiness_guard, move_blockers, next_stage
from readiness.standing.flags.thresholds import Severity
from readiness.standing.verdict import Readiness


class Rank(IntEnum):
    AT_ONCE = 1
    ITEMS = 2
    REVIEW = 3
    FACTS = 4


class ActionCode(StrEnum):
    LIFT_HOLD = "lift_hold"
    MOVE_STAGE = "move_stage"
    KEEP_CONDITION = "keep_condition"
    SUBMIT_GATE = "submit_gate"
    DECIDE_EXIT = "decide_exit"
    ADD_EVIDENCE = "add_evidence"
    RENEW_EVIDENCE = "renew_evidence"
    MEND_CHECK = "mend_check"
    ANSWER_ITEM = "answer_item"
    RAISE_ITEM = "raise_item"
    DECIDE_GATE = "decide_gate"
    CONFIRM_CONDITION = "confirm_condition"
    MEND_FLAG = "mend_flag"


class ForRole(StrEnum):
    """Whom an action speaks to. The team counts as lead."""

    LEAD = "lead"
    REVIEWER = "reviewer"
    EXECUTIVE = "executive"


@dataclass(frozen=True, slots=True)
class NextAction:
    """One action. `flag` is the code of the flag it answers, `stage` the stage it moves to, where there is one."""

    rank: Rank
    code: ActionCode
    message: str
    for_role: ForRole
    framework: str | None = None
    gate: str | None = None
    item: str | None = None
    flag: str | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """An open flag that asks for something. `code` as in the flag rules, `message` what it says of this initiative.

    One that is snoozed asks for nothing. `acknowledged`: somebody has said that they saw it.
    """

    code: str
    severity: Severity
    title: str
    message: str
    for_role: ForRole = ForRole.LEAD
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the next actions are drawn from.

    `gates` are the states of all gates of all frameworks of the initiative, framework after framework, each in
    its order; `guards` those of the same frameworks. `exits_undecided`: one sentence for each exit criterion that
    stands triggered without a decision.
    """

    stage: Stage
    on_hold: bool
    readiness: Readiness
    gates: tuple[GateState, ...]
    guards: tuple[Guard, ...]
    exits_undecided: tuple[str, ...] = ()
    flags: tuple[OpenFlag, ...] = ()


_SEVEREST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)

_LOWERED = {
    Lowered.NO_EVIDENCE: (ActionCode.ADD_EVIDENCE, template("Add evidence to “{item}”.")),
    Lowered.EVIDENCE_WITHDRAWN: (ActionCode.ADD_EVIDENCE, template("Add evidence to “{item}”.")),
    Lowered.EVIDENCE_AGED: (ActionCode.RENEW_EVIDENCE, template("Renew the evidence of “{item}”.")),
    Lowered.EVIDENCE_EXPIRED: (ActionCode.RENEW_EVIDENCE, template("Renew the evidence of “{item}”.")),
    Lowered.CHECK_NOT_PASSED: (
        ActionCode.MEND_CHECK,
        template("Mend what the automated check of “{item}” found."),
    ),
    Lowered.MEASURED: (ActionCode.MEND_CHECK, template("Mend what the automated check of “{item}” found.")),
    Lowered.MEASURED_EXPIRED: (ActionCode.MEND_CHECK, template("Run the automated check of “{item}” again.")),
}


def next_actions(situation: Situation) -> tuple[NextAction, ...]:
    """The next best actions, the first one first. An ended initiative has none."""
    if situation.stage.has_ended:
        return ()
    tracks = _tracks(situation)
    return (
        *_at_once(situation, tracks),
        *_items(situation, tracks),
        *_for_reviewers(tracks),
        *_missing_facts(situation.flags),
    )


def _tracks(situation: Situation) -> list[list[GateState]]:
    """The gates that matter now, one list a framework: what guards the next step, readiness, and overlays.

    Checkpoints of other steps are left out: in the pilot nobody need go back to the one before the PoC.
    """
    own_guards = [guard for guard in situation.guards if not is_readiness_guard(guard)]
    step = (situation.stage, next_stage(situation.stage))
    tracks: list[list[GateState]] = []
    for framework in dict.fromkeys(guard.framework for guard in own_guards if guard.step == step):
        guarding = {guard.gate for guard in own_guards if guard.step == step and guard.framework == framework}
        tracks.append(_up_to(guarding, [one for one in situation.gates if one.gate.framework == framework]))
    tracks.append(list(situation.readiness.gates))
    tracks += [list(one.gates) for one in situation.readiness.beside]
    guarding_frameworks = {guard.framework for guard in situation.guards} | {situation.readiness.framework}
    others = [one for one in situation.gates if one.gate.framework not in guarding_frameworks]
    for framework in dict.fromkeys(one.gate.framework for one in others):
        tracks.append([one for one in others if one.gate.framework == framework])
    return [[one for one in track if one.status is not None] for track in tracks]


def _up_to(guarding: set[str | None], gates: list[GateState]) -> list[GateState]:
    """The gates through the last that guards; all where the whole framework does."""
    if None in guarding:
        return gates
    last = max((place for place, one in enumerate(gates) if one.gate.slug in guarding), default=-1)
    return gates[: last + 1]


def _at_once(situation: Situation, tracks: list[list[GateState]]) -> list[NextAction]:
    found: list[NextAction] = []
    if situation.on_hold:
        message = said("It is on hold. Lift the hold, or stop it.")
        found.append(NextAction(Rank.AT_ONCE, ActionCode.LIFT_HOLD, message, ForRole.LEAD))
    target = next_stage(situation.stage)
    if target is not None and target != Stage.RETIRED:
        move = Move(situation.stage, target, on_hold=situation.on_hold)
        if not move_blockers(move, situation.guards, situation.gates, situation.readiness.blockers):
            message = said("Move it on to {stage}: nothing stands in the way.", stage=target.label)
            found.append(NextAction(Rank.AT_ONCE, ActionCode.MOVE_STAGE, message, ForRole.LEAD, stage=target))
    for state in _all(tracks):
        found += _conditions(state)
        if _asks_for_submission(state):
            message = said("Submit {gate} for review: its criteria hold.", gate=state.gate.label)
            found.append(_at_gate(Rank.AT_ONCE, ActionCode.SUBMIT_GATE, message, ForRole.LEAD, state))
    found += [
        NextAction(Rank.AT_ONCE, ActionCode.DECIDE_EXIT, message, ForRole.EXECUTIVE)
        for message in situation.exits_undecided
    ]
    return found


def _asks_for_submission(state: GateState) -> bool:
    """A checkpoint whose criteria do not hold can be submitted, and a passed gate again; neither is urged."""
    return state.can_submit and state.criteria.holds and not state.passed


def _conditions(state: GateState) -> list[NextAction]:
    """An overdue condition has made a pass lapse; to say that it is kept ends that at once."""
    return [
        _at_gate(
            Rank.AT_ONCE,
            ActionCode.KEEP_CONDITION,
            said(
                "Keep the overdue condition “{text}” of {gate}, and say so.",
                text=one.text,
                gate=state.gate.label,
            ),
            ForRole.LEAD,
            state,
        )
        for one in state.overdue
    ]


def _items(situation: Situation, tracks: list[list[GateState]]) -> list[NextAction]:
    found = [action for track in tracks for action in _items_of_track(track, situation)]
    readiness = situation.readiness
    if not readiness.threshold_met and all(gate.passed for gate in readiness.gates):
        # Every gate is passed and the count is still short: any item helps.
        found += [
            _item_action(gate, item, situation) for gate in readiness.gates for item in _by_urgency(gate)
        ]
    return found


def _items_of_track(track: list[GateState], situation: Situation) -> list[NextAction]:
    """The items to mend in the first gate that is not passed; where all of its are met, in the one after."""
    for state in track:
        if state.passed or state.status == GateStatus.STOPPED:
            continue
        items = _by_urgency(state)
        if items:
            return [_item_action(state, item, situation) for item in items]
    return []


def _by_urgency(state: GateState) -> list[ItemState]:
    """Critical items declared met that count for less, other critical ones, the rest; each as in the framework."""
    return sorted((one for one in state.items if one.effective.value != MET), key=_urgency)


def _urgency(state: ItemState) -> int:
    if not state.item.critical:
        return 2
    return 0 if state.declared == MET else 1


def _item_action(gate: GateState, state: ItemState, situation: Situation) -> NextAction:
    """What is to be done at an item. One that is not asked for readiness says where it is asked."""
    item, counted = content(state.item.title), state.effective
    message: str
    if counted.value == UNANSWERED:
        code, message = ActionCode.ANSWER_ITEM, said("Answer “{item}”.", item=item)
    elif counted.lowered_by is not None and state.declared in (MET, UNANSWERED):
        code, words = _LOWERED[counted.lowered_by]
        message = joined([said(words, item=item), counted.why])
    else:
        code = ActionCode.RAISE_ITEM
        answer = ANSWER_LABELS[counted.value]
        message = said("Bring “{item}” to Met: it is {answer}.", item=item, answer=answer)
        message = joined([message, counted.why]) if counted.why else message
    if gate.gate.framework != situation.readiness.framework:
        message = joined([content(gate.gate.name), message], ": ")
    return _at_gate(Rank.ITEMS, code, message, ForRole.LEAD, gate, state.item.code)


def _for_reviewers(tracks: list[list[GateState]]) -> list[NextAction]:
    found: list[NextAction] = []
    for state in _all(tracks):
        if state.waiting is not None and state.status != GateStatus.LOCKED:
            gate, day = state.gate.label, state.waiting.submitted_on
            message = said("Decide {gate}, submitted on {day}.", gate=gate, day=day)
            if state.review_pending:
                message = said(
                    "Decide the periodic review of {gate}, submitted on {day}.", gate=gate, day=day
                )
            found.append(_at_gate(Rank.REVIEW, ActionCode.DECIDE_GATE, message, ForRole.REVIEWER, state))
        found += [
            _at_gate(
                Rank.REVIEW,
                ActionCode.CONFIRM_CONDITION,
                said(
                    "Confirm or reopen the condition “{text}” of {gate}: it is said to be kept.",
                    text=one.text,
                    gate=state.gate.label,
                ),
                ForRole.REVIEWER,
                state,
            )
            for one in state.conditions
            if one.state == ConditionState.KEPT
        ]
    return found


def _missing_facts(flags: Iterable[OpenFlag]) -> list[NextAction]:
    """By severity; what somebody has acknowledged comes after what nobody has."""
    ordered = sorted(flags, key=lambda flag: (flag.acknowledged, _SEVEREST_FIRST.index(flag.severity)))
    return [
        NextAction(Rank.FACTS, ActionCode.MEND_FLAG, _flag_message(one), one.for_role, flag=one.code)
        for one in ordered
    ]


def _flag_message(flag: OpenFlag) -> str:
    title = content(flag.title)
    return joined([title, flag.message], ": ") if flag.message else title


def _all(tracks: Sequence[Sequence[GateState]]) -> list[GateState]:
    return [state for track in tracks for state in track]


def _at_gate(
    rank: Rank,
    code: ActionCode,
    message: str,
    for_role: ForRole,
    state: GateState,
    item: str | None = None,
) -> NextAction:
    return NextAction(rank, code, message, for_role, state.gate.framework, state.gate.slug, item)
