"""The stages of an initiative, and what stands in the way of moving from one to another.

Pure: standard library only. In plain words: docs/rules.md, "Stage moves".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from checklists.said import joined, said
from gates.criteria import INITIATIVE_HAS_ENDED, IS_ON_HOLD, Blocker, BlockerCode
from gates.refusals import gate_blockers, stopped_blocker
from gates.rules import GateState, GateStatus


class Stage(StrEnum):
    INTAKE = "intake"
    POC = "poc"
    PILOT = "pilot"
    ROLLOUT = "rollout"
    LIVE = "live"
    RETIRED = "retired"
    STOPPED = "stopped"

    @property
    def has_ended(self) -> bool:
        return self in ENDED

    @property
    def label(self) -> str:
        return _LABELS[self]


ENDED = frozenset({Stage.RETIRED, Stage.STOPPED})
LADDER = (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE, Stage.RETIRED)

# The readiness verdict guards these two steps in every installation. The framework whose content names the first
# one, without a gate, is the one that readiness is computed on.
READINESS_STEP = (Stage.PILOT, Stage.ROLLOUT)
READINESS_STEPS = frozenset({READINESS_STEP, (Stage.ROLLOUT, Stage.LIVE)})

_LABELS = {
    Stage.INTAKE: said("Intake"),
    Stage.POC: said("PoC"),
    Stage.PILOT: said("Pilot"),
    Stage.ROLLOUT: said("Rollout"),
    Stage.LIVE: said("Live"),
    Stage.RETIRED: said("Retired"),
    Stage.STOPPED: said("Stopped"),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """One entry of a framework's `guards`: the step it guards, and by which of its gates (None = by all)."""

    from_stage: Stage
    to_stage: Stage
    framework: str
    gate: str | None = None

    @property
    def step(self) -> tuple[Stage, Stage]:
        return self.from_stage, self.to_stage


@dataclass(frozen=True, slots=True)
class Move:
    """A wanted stage move. `lesson` says whether one was given (or stands already)."""

    from_stage: Stage
    to_stage: Stage
    on_hold: bool = False
    reason: str = ""
    lesson: bool = False


def next_stage(stage: Stage) -> Stage | None:
    """One step forward; None from `retired` and `stopped`."""
    if stage in ENDED:
        return None
    return LADDER[LADDER.index(stage) + 1]


def neighbours_of(stage: Stage) -> tuple[Stage, ...]:
    """The stages one step from this one, the next one first; none from `retired` and `stopped`."""
    following = next_stage(stage)
    if following is None:
        return ()
    place = LADDER.index(stage)
    return (following, *LADDER[max(place - 1, 0) : place])


def stage_after_stop(stage: Stage) -> Stage:
    """Where the decision `stop` leads: `stopped`, and `retired` for what is live already."""
    return Stage.RETIRED if stage == Stage.LIVE else Stage.STOPPED


def is_readiness_guard(guard: Guard) -> bool:
    """Whether this guard puts its framework into the readiness verdict.

    The first of an initiative's frameworks with one is what readiness is computed on; the others hold beside it.
    """
    return guard.gate is None and guard.step == READINESS_STEP


def move_blockers(
    move: Move, guards: Iterable[Guard], gates: Sequence[GateState], readiness_blockers: Sequence[Blocker]
) -> tuple[Blocker, ...]:
    """Everything that stands in the way of a move, in order; empty where it is allowed.

    `guards` are those of every framework of the initiative, `gates` the states of all their gates.
    `readiness_blockers` are those of the readiness verdict: there are none where it is `ready` or `conditional`
    and the initiative runs, and they are what guards pilot -> rollout and rollout -> live. They speak for every
    framework that guards the first of these as a whole, so such a guard is not asked again here.
    A longer jump meets the blockers of every guard on its way, then `stage_not_next`.
    """
    if move.from_stage in ENDED:
        return (INITIATIVE_HAS_ENDED,)
    if move.to_stage == Stage.STOPPED:
        return tuple(_stop_blockers(move))
    found = [IS_ON_HOLD] if move.on_hold else []
    distance = LADDER.index(move.to_stage) - LADDER.index(move.from_stage)
    if distance > 0:
        found += _guard_blockers(move, list(guards), gates, readiness_blockers)
    if distance not in (1, -1):
        found.append(Blocker(BlockerCode.STAGE_NOT_NEXT, _not_next_message(move)))
    if distance == -1 and not move.reason.strip():
        found.append(Blocker(BlockerCode.REASON_REQUIRED, said("A step back needs a reason.")))
    return tuple(dict.fromkeys(found))


def _stop_blockers(move: Move) -> list[Blocker]:
    """Free from every stage before live, also on hold, with a lesson."""
    if move.from_stage == Stage.LIVE:
        message = said("What is live is retired, not stopped.")
        return [Blocker(BlockerCode.STAGE_NOT_NEXT, message)]
    if not move.lesson:
        return [
            Blocker(BlockerCode.LESSON_REQUIRED, said("To stop needs a lesson: what was tried and learned."))
        ]
    return []


def _guard_blockers(
    move: Move, guards: list[Guard], gates: Sequence[GateState], readiness_blockers: Sequence[Blocker]
) -> list[Blocker]:
    found: list[Blocker] = []
    way = LADDER[LADDER.index(move.from_stage) : LADDER.index(move.to_stage) + 1]
    for step in pairwise(way):
        for guard in guards:
            if guard.step == step and not is_readiness_guard(guard):
                found += _blockers_of_guard(guard, gates)
        if step in READINESS_STEPS:
            found += readiness_blockers
    return found


def _blockers_of_guard(guard: Guard, gates: Sequence[GateState]) -> list[Blocker]:
    guarding = [
        state
        for state in gates
        if state.gate.framework == guard.framework and guard.gate in (None, state.gate.slug)
    ]
    if not guarding:  # A guard that cannot be read keeps the door shut.
        message = said(
            "The framework “{framework}” guards this step and is not answered here.",
            framework=guard.framework,
        )
        return [Blocker(BlockerCode.CHECKPOINT_NOT_PASSED, message, guard.gate, None, guard.framework)]
    found: list[Blocker] = []
    for state in guarding:
        found += [stopped_blocker(state)] if state.status == GateStatus.STOPPED else []
        found += gate_blockers(state)
    return found


def _not_next_message(move: Move) -> str:
    if move.from_stage == move.to_stage:
        return said("The initiative is in {stage} already.", stage=move.from_stage.label)
    message = said(
        "{target} is not one step from {stage}.", target=move.to_stage.label, stage=move.from_stage.label
    )
    following = next_stage(move.from_stage)
    if following is None:
        return message
    return joined([message, said("The next stage is {stage}.", stage=following.label)])
