"""Do the criteria of one gate hold? What a gate asks, and the clauses that explain the answer.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Gate criteria".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from checklists.said import content, joined, said
from checklists.scoring import (
    ANSWER_LABELS,
    MET,
    NOT_MET,
    PARTIAL,
    UNANSWERED,
    AnswerValue,
    ItemDefinition,
)


class GateKind(StrEnum):
    """A gate is a domain, a checkpoint a point in time; a profile is drawn and has no status."""

    GATE = "gate"
    CHECKPOINT = "checkpoint"
    PROFILE = "profile"


# The word of the framework's `kind` (gates, checkpoints, profile, overlay) -> what its gates are.
KIND_OF_GATES = {
    "gates": GateKind.GATE,
    "overlay": GateKind.GATE,
    "checkpoints": GateKind.CHECKPOINT,
    "profile": GateKind.PROFILE,
}


class BlockerCode(StrEnum):
    """Every reason that can stand in a list of blockers, in the order in which readiness lists them."""

    INITIATIVE_ENDED = "initiative_ended"
    ON_HOLD = "on_hold"
    EXIT_UNDECIDED = "exit_undecided"
    GATE_STOPPED = "gate_stopped"
    GATE_NOT_PASSED = "gate_not_passed"
    CRITICAL_NOT_MET = "critical_not_met"
    ITEM_NOT_MET = "item_not_met"
    ITEM_UNANSWERED = "item_unanswered"
    TOO_FEW_MET = "too_few_met"
    CONDITION_OVERDUE = "condition_overdue"
    THRESHOLD_NOT_MET = "threshold_not_met"
    # A stage move adds:
    CHECKPOINT_NOT_PASSED = "checkpoint_not_passed"
    STAGE_NOT_NEXT = "stage_not_next"
    REASON_REQUIRED = "reason_required"
    LESSON_REQUIRED = "lesson_required"
    # A decision and the deploy check add:
    NOT_MET_WHEN_SUBMITTED = "not_met_when_submitted"
    STAGE_TOO_EARLY = "stage_too_early"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why something is refused or not ready, and where to mend it (the edge adds the address)."""

    code: BlockerCode
    message: str
    gate: str | None = None
    item: str | None = None
    framework: str | None = None


INITIATIVE_HAS_ENDED = Blocker(
    BlockerCode.INITIATIVE_ENDED,
    said("The initiative has ended; only comments and lessons can be added."),
)
IS_ON_HOLD = Blocker(BlockerCode.ON_HOLD, said("The initiative is on hold; lift the hold, or stop it."))


@dataclass(frozen=True, slots=True)
class GateDefinition:
    """One gate of a framework version: the same for every initiative. `items` in the framework's order.

    A gate counts its minimum (`min_met`), a checkpoint a share of its items, rounded up (`min_share_met`); where
    both are given the larger count is asked.
    """

    framework: str
    slug: str
    name: str
    kind: GateKind
    position: int
    items: tuple[ItemDefinition, ...]
    min_met: int | None = None
    min_share_met: Fraction | None = None

    @property
    def required(self) -> int:
        """How many items must be met."""
        share = self.min_share_met
        by_share = 0 if share is None else -(-share.numerator * len(self.items) // share.denominator)
        return max(self.min_met or 0, by_share)

    @property
    def label(self) -> str:
        """`the Data gate`, or `the checkpoint “Before the PoC”`: the two words are never mixed."""
        if self.kind == GateKind.CHECKPOINT:
            return said("the checkpoint “{name}”", name=content(self.name))
        return said("the {name} gate", name=content(self.name))


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted risk for one item (its code), through its last good day."""

    item: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a gate's criteria. `code` is the word of its failure, whether it holds or not."""

    code: BlockerCode
    holds: bool
    message: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Criteria:
    """Whether a gate's criteria hold, with every clause: a failing one for each item, a holding one in all."""

    holds: bool
    clauses: tuple[Clause, ...]

    @property
    def failing(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if not clause.holds)


def waivers_in_force(waivers: Iterable[Waiver], today: date) -> dict[str, date]:
    """Item code -> last good day, of the waivers that are in force today; the longest where there are several."""
    found: dict[str, date] = {}
    for waiver in waivers:
        if today <= waiver.expires_on and waiver.expires_on >= found.get(waiver.item, today):
            found[waiver.item] = waiver.expires_on
    return found


def criteria(
    gate: GateDefinition, values: Mapping[str, AnswerValue], waived: Mapping[str, date] | None = None
) -> Criteria:
    """The criteria of a gate over effective answers.

    `values` maps item codes to effective answers; an item that is missing there is unanswered. `waived` is what
    `waivers_in_force` found. A gate asks for its minimum, for every critical item, and that no item is not met or
    unanswered unless it is under a waiver in force; a checkpoint asks for its share and every critical item.
    A critical item that is not met fails once, as `critical_not_met`: it is one thing to mend. A waiver for a
    critical item has no effect.
    """
    clauses = _critical_clauses(gate, values)
    if gate.kind != GateKind.CHECKPOINT:
        clauses += _item_clauses(gate, values, waived or {})
    clauses.append(_count_clause(gate, values))
    return Criteria(all(clause.holds for clause in clauses), tuple(clauses))


def _critical_clauses(gate: GateDefinition, values: Mapping[str, AnswerValue]) -> list[Clause]:
    code = BlockerCode.CRITICAL_NOT_MET
    critical = [item for item in gate.items if item.critical]
    failing = [
        Clause(
            code,
            False,
            said(
                "“{item}” is critical and must be Met; it is {answer}.",
                item=content(item.title),
                answer=_word(values, item),
            ),
            item.code,
        )
        for item in critical
        if values.get(item.code) != MET
    ]
    if failing or not critical:
        return failing
    return [Clause(code, True, said("Every critical item is Met."))]


def _item_clauses(
    gate: GateDefinition, values: Mapping[str, AnswerValue], waived: Mapping[str, date]
) -> list[Clause]:
    others = [item for item in gate.items if not item.critical]
    clauses = _without(NOT_MET, BlockerCode.ITEM_NOT_MET, others, values, waived)
    return clauses + _without(UNANSWERED, BlockerCode.ITEM_UNANSWERED, others, values, waived)


def _without(
    value: AnswerValue,
    code: BlockerCode,
    items: Sequence[ItemDefinition],
    values: Mapping[str, AnswerValue],
    waived: Mapping[str, date],
) -> list[Clause]:
    """The clause that no item may have this value, unless it is under a waiver."""
    having = [item for item in items if values.get(item.code, UNANSWERED) == value]
    label = ANSWER_LABELS[value]
    failing = [
        Clause(
            code,
            False,
            said("“{item}” is {answer} and under no waiver.", item=content(item.title), answer=label),
            item.code,
        )
        for item in having
        if item.code not in waived
    ]
    if failing:
        return failing
    if not having:
        return [Clause(code, True, said("No other item is {answer}.", answer=label))]
    covered = joined(
        (
            said("“{item}” (through {day})", item=content(item.title), day=waived[item.code])
            for item in having
        ),
        ", ",
    )
    message = said(
        "No other item is {answer} without a waiver; under one: {items}.", answer=label, items=covered
    )
    return [Clause(code, True, message)]


def _count_clause(gate: GateDefinition, values: Mapping[str, AnswerValue]) -> Clause:
    met = sum(1 for item in gate.items if values.get(item.code) == MET)
    need, total = gate.required, len(gate.items)
    message = said("{met} of {total} items are Met; {needed} must be.", met=met, total=total, needed=need)
    return Clause(BlockerCode.TOO_FEW_MET, met >= need, message)


def _word(values: Mapping[str, AnswerValue], item: ItemDefinition) -> str:
    return ANSWER_LABELS[values.get(item.code, UNANSWERED)]


def recommends_stop(kind: GateKind, frozen: Iterable[AnswerValue], over: Fraction = Fraction(1, 2)) -> bool:
    """Whether a submitted checkpoint carries the recommendation to stop, from the answers it froze.

    It does where `not_met` and `unanswered` together are more than `over` of its items; a gate never does.
    """
    values = list(frozen)
    short = len(values) - values.count(MET) - values.count(PARTIAL)
    return kind == GateKind.CHECKPOINT and short * over.denominator > over.numerator * len(values)
