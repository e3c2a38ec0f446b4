"""What if? Where an initiative would stand with other answers, fresh evidence and gates that are passed.

Pure: standard library only, no database, no clock. Nothing of it is saved, and none of the rules stands here twice: the
facts are changed as the real acts would change them, and then the same functions as ever are asked. In plain words:
docs/rules.md, "What if".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from checklists.said import joined
from checklists.scoring import MET, AnswerValue, ItemFacts, Piece, item_state
from gates.refusals import Refusal, decision_refusal, submit_refusal
from gates.rules import (
    DecisionKind,
    FrameworkDefinition,
    GateFacts,
    GateState,
    Submission,
    gate_criteria,
    lapses_by_act,
    statuses,
)
from readiness.standing.verdict import GOOD_VERDICTS, Beside, Readiness, Verdict, count_in_the_way, readiness


class Supposal(StrEnum):
    """What may be supposed of one item. Evidence is of today; an answer without it meets what lies there."""

    MET_WITH_EVIDENCE = "met_with_evidence"
    RENEWED = "renewed"
    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"


_ANSWERS = {
    Supposal.MET_WITH_EVIDENCE: AnswerValue.MET,
    Supposal.MET: AnswerValue.MET,
    Supposal.PARTIAL: AnswerValue.PARTIAL,
    Supposal.NOT_MET: AnswerValue.NOT_MET,
}
_WITH_EVIDENCE = frozenset({Supposal.MET_WITH_EVIDENCE, Supposal.RENEWED})


@dataclass(frozen=True, slots=True)
class Known:
    """Where it stands, as the rules of readiness take it: one framework, its gates in order, its items by code.

    What guards the same step `beside` it stays as it is: nothing of it is supposed.
    """

    framework: FrameworkDefinition
    gates: tuple[GateFacts, ...]
    items: Mapping[str, ItemFacts]
    today: date
    ended: bool = False
    on_hold: bool = False
    exits_undecided: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Supposed:
    """Where it would stand. `refused`: the gates that could not be passed all the same, by slug, and why."""

    readiness: Readiness
    refused: Mapping[str, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """What one more answer would change. `opens` is the slug of a gate that could then be submitted, "" none.

    `blockers_fewer` may be negative: a gate that can be submitted is no longer blamed on its items.
    """

    item: str
    supposal: Supposal
    verdict: Verdict
    turns_verdict: bool
    reaches_threshold: bool
    opens: str
    blockers_fewer: int
    critical: bool


def suppose(
    known: Known, answers: Mapping[str, Supposal] | None = None, passed: Collection[str] = ()
) -> Supposed:
    """Where it would stand with these answers given in one save, and then these gates passed, one after the other.

    `answers` by item code, `passed` slugs of gates; neither may name what the framework does not have (KeyError for
    an item). A pass is refused where the real submission or decision would be, and then counts for nothing.
    """
    facts = _answered(known, answers or {})
    refused: dict[str, Refusal] = {}
    for place, gate in enumerate(facts):
        if gate.gate.slug in passed:
            refusal = _pass_refused(known, facts, place)
            if refusal is None:
                facts[place] = replace(
                    gate, decision=DecisionKind.PASS, conditions=(), lapse="", waiting=None
                )
            else:
                refused[gate.gate.slug] = refusal
    found = readiness(
        known.framework,
        _states(known, facts),
        ended=known.ended,
        on_hold=known.on_hold,
        exits_undecided=known.exits_undecided,
        beside=known.beside,
    )
    return Supposed(found, refused)


def best_moves(
    known: Known, answers: Mapping[str, Supposal] | None = None, passed: Collection[str] = (), most: int = 5
) -> list[Move]:
    """The single answers that would move it most from there, the best first; none that would change nothing.

    First what turns the verdict, then what lets a gate be submitted, reaches the threshold, takes away most blockers,
    is critical; among equals the framework's order.
    """
    given = dict(answers or {})
    base = suppose(known, given, passed).readiness
    moves = []
    for state in (item for gate in base.gates for item in gate.items):
        if state.effective.value == MET:
            continue
        code = state.item.code
        supposal = _best(known.items[code], state.declared)
        after = suppose(known, {**given, code: supposal}, passed).readiness
        if after.tally.met > base.tally.met:
            moves.append(_move(code, supposal, base, after, critical=state.item.critical))
    return sorted(moves, key=_weight)[:most]


def _best(facts: ItemFacts, declared: AnswerValue) -> Supposal:
    if not facts.item.evidence_required:
        return Supposal.MET
    return Supposal.RENEWED if declared == MET else Supposal.MET_WITH_EVIDENCE


def _move(code: str, supposal: Supposal, base: Readiness, after: Readiness, *, critical: bool) -> Move:
    could = {gate.gate.slug for gate in base.gates if _asks_for_submission(gate)}
    can = [gate.gate.slug for gate in after.gates if _asks_for_submission(gate)]
    return Move(
        item=code,
        supposal=supposal,
        verdict=after.verdict,
        turns_verdict=after.verdict in GOOD_VERDICTS and base.verdict not in GOOD_VERDICTS,
        reaches_threshold=after.threshold_met and not base.threshold_met,
        opens=next((slug for slug in can if slug not in could), ""),
        blockers_fewer=count_in_the_way(base.blockers) - count_in_the_way(after.blockers),
        critical=critical,
    )


def _asks_for_submission(gate: GateState) -> bool:
    return gate.can_submit and not gate.passed


def _weight(move: Move) -> tuple[bool, bool, bool, int, bool]:
    return (
        not move.turns_verdict,
        not move.opens,
        not move.reaches_threshold,
        -move.blockers_fewer,
        not move.critical,
    )


def _answered(known: Known, answers: Mapping[str, Supposal]) -> list[GateFacts]:
    """The gates' facts as one save of these answers would leave them, with the lapses that this act brings about."""
    changed = {code: _with(known.items[code], supposal, known.today) for code, supposal in answers.items()}
    facts = []
    for gate in known.gates:
        items = tuple(
            item_state(changed[state.item.code], known.today) if state.item.code in changed else state
            for state in gate.items
        )
        after = replace(gate, items=items)
        now = gate_criteria(after, known.today)
        held = gate_criteria(gate, known.today).holds
        if not gate.lapse and lapses_by_act(gate.decision, held_before=held, holds_now=now.holds):
            after = replace(after, lapse=joined(clause.message for clause in now.failing))
        facts.append(after)
    return facts


def _with(facts: ItemFacts, supposal: Supposal, today: date) -> ItemFacts:
    pieces = (*facts.pieces, Piece(today)) if supposal in _WITH_EVIDENCE else facts.pieces
    return replace(facts, declared=_ANSWERS.get(supposal, facts.declared), pieces=pieces)


def _pass_refused(known: Known, facts: list[GateFacts], place: int) -> Refusal | None:
    """Why this gate could not be passed now: the words of its submission, else those of its decision."""
    state = _states(known, facts)[place]
    if state.waiting is None:
        refusal = submit_refusal(state)
        if refusal is not None:
            return refusal
    # What waits may be returned and submitted anew: it is decided on what is known now.
    waiting = Submission(known.today, state.criteria.holds)
    again = [*facts[:place], replace(facts[place], waiting=waiting), *facts[place + 1 :]]
    return decision_refusal(DecisionKind.PASS, 0, _states(known, again)[place])


def _states(known: Known, facts: list[GateFacts]) -> tuple[GateState, ...]:
    return statuses(known.framework, facts, known.today, ended=known.ended, on_hold=known.on_hold)
