"""What does it mean? The readiness of one initiative for production: verdict and blockers.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Readiness".
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from checklists.said import content, said
from checklists.scoring import Tally, declared_points, earliest, optimism_gap, tally
from gates.criteria import INITIATIVE_HAS_ENDED, IS_ON_HOLD, Blocker, BlockerCode
from gates.refusals import gate_blockers, stopped_blocker
from gates.rules import FrameworkDefinition, GateState, GateStatus
from gates.stages import Stage


class Verdict(StrEnum):
    READY = "ready"
    CONDITIONAL = "conditional"
    NOT_READY = "not_ready"


GOOD_VERDICTS = frozenset({Verdict.READY, Verdict.CONDITIONAL})
DEPLOY_STAGES = frozenset({Stage.PILOT, Stage.ROLLOUT, Stage.LIVE})
_BEFORE_DEPLOY = frozenset({Stage.INTAKE, Stage.POC})


@dataclass(frozen=True, slots=True)
class Beside:
    """A further framework that guards pilot -> rollout as a whole, with the states of its gates, in its order."""

    framework: FrameworkDefinition
    gates: tuple[GateState, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an initiative is for production, on the framework that guards pilot -> rollout.

    Its counts and `gates` are those of that framework. What guards the same step `beside` it has to hold too: it is in
    the verdict and in the blockers, and in no count.

    `blockers` name every failing clause in the order of `BlockerCode`, gate by gate. They are empty exactly where
    the verdict is `ready` or `conditional` and the initiative neither ended nor on hold. Points and score are
    decimals; `optimism_gap` is declared minus effective points and never negative. `changes_on` is the next day
    on which any of this may change without anyone's act: possibly too early, never too late; None = not by time.
    """

    framework: str
    verdict: Verdict
    tally: Tally
    declared_points: Decimal
    optimism_gap: Decimal
    required_met: int
    threshold_met: bool
    gates: tuple[GateState, ...]
    blockers: tuple[Blocker, ...]
    changes_on: date | None
    beside: tuple[Beside, ...] = ()

    @property
    def every_gate(self) -> tuple[GateState, ...]:
        """Those of its framework, then those of what guards the step beside it."""
        return (*self.gates, *(gate for one in self.beside for gate in one.gates))


def readiness(
    framework: FrameworkDefinition,
    gates: Sequence[GateState],
    *,
    ended: bool,
    on_hold: bool,
    exits_undecided: Sequence[str] = (),
    beside: Sequence[Beside] = (),
) -> Readiness:
    """Verdict and blockers from the states of the framework's gates, in its order.

    `beside` are the other frameworks of the initiative that guard the same step: each has to hold as well.
    `exits_undecided` are the exit criteria that stand triggered without a decision, one sentence each. Whether
    the initiative ended or is on hold adds a blocker and leaves the verdict as it is.
    """
    items = [state for gate in gates for state in gate.items]
    counts = _counted(gates)
    threshold_met = _reaches(framework, counts)
    guarding = [*gates, *(gate for one in beside for gate in one.gates)]
    short = [] if threshold_met else [(framework, counts)]
    short += [
        (one.framework, found) for one in beside if not _reaches(one.framework, found := _counted(one.gates))
    ]
    clear = not short and not exits_undecided and all(gate.passed for gate in guarding)
    blockers = [INITIATIVE_HAS_ENDED] if ended else []
    blockers += [IS_ON_HOLD] if on_hold else []
    blockers += [Blocker(BlockerCode.EXIT_UNDECIDED, message) for message in exits_undecided]
    blockers += [stopped_blocker(gate) for gate in guarding if gate.status == GateStatus.STOPPED]
    for gate in guarding:
        blockers += gate_blockers(gate)
    blockers += [_threshold_blocker(asked, met) for asked, met in short]
    return Readiness(
        framework=framework.slug,
        verdict=_verdict(guarding) if clear else Verdict.NOT_READY,
        tally=counts,
        declared_points=declared_points(items),
        optimism_gap=optimism_gap(items),
        required_met=framework.required_met or 0,
        threshold_met=threshold_met,
        gates=tuple(gates),
        blockers=tuple(blockers),
        changes_on=earliest(gate.changes_on for gate in guarding),
        beside=tuple(beside),
    )


def count_in_the_way(blockers: Sized) -> int:
    """How many things stand in the way: the one count of it, on every page and over REST.

    Each failing clause is one thing: that it has ended or is on hold, an exit criterion to decide, each gate that is
    not passed, each item or condition to be mended in it, and the threshold. Of *production* these are the blockers
    of ``Readiness``; of a *stage move* those of its guards, so that a move to the PoC counts its checkpoint only; of
    a *deploy* before the pilot there is one more, that it is too early.
    """
    return len(blockers)


def deploy_allowed(verdict: Verdict, stage: Stage, *, on_hold: bool) -> bool:
    """Whether a delivery pipeline may deploy: a good verdict, from the pilot on, and not on hold."""
    return verdict in GOOD_VERDICTS and stage in DEPLOY_STAGES and not on_hold


def deploy_blockers(found: Readiness, stage: Stage) -> tuple[Blocker, ...]:
    """The blockers of readiness and, before the pilot, that it is too early: empty where a deploy is allowed."""
    if stage not in _BEFORE_DEPLOY:
        return found.blockers
    message = said("The initiative is in {stage}; deploying is open from the pilot on.", stage=stage.label)
    return (*found.blockers, Blocker(BlockerCode.STAGE_TOO_EARLY, message))


def _counted(gates: Sequence[GateState]) -> Tally:
    return tally(state.effective.value for gate in gates for state in gate.items)


def _reaches(framework: FrameworkDefinition, counts: Tally) -> bool:
    return counts.total > 0 and counts.met >= (framework.required_met or 0)


def _verdict(gates: Sequence[GateState]) -> Verdict:
    """Of gates that all are passed: conditional with an unconfirmed condition or a waiver that is needed."""
    conditional = any(gate.status == GateStatus.PASSED_WITH_CONDITIONS or gate.waived for gate in gates)
    return Verdict.CONDITIONAL if conditional else Verdict.READY


def _threshold_blocker(framework: FrameworkDefinition, counts: Tally) -> Blocker:
    message = said(
        "{met} of {total} items are Met; {framework} asks for {needed}.",
        met=counts.met,
        total=counts.total,
        framework=content(framework.name),
        needed=framework.required_met or 0,
    )
    return Blocker(BlockerCode.THRESHOLD_NOT_MET, message, framework=framework.slug)
