"""What does it mean? The readiness of one initiative for production: verdict and blockers.

Pure: standard library only, no database, no clock. In plain words: docs/rules.md, "Readiness".
"""

from collections.abc import Sequence
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
class Readiness:
    """How ready an initiative is for production, on the framework that guards pilot -> rollout.

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


def readiness(
    framework: FrameworkDefinition,
    gates: Sequence[GateState],
    *,
    ended: bool,
    on_hold: bool,
    exits_undecided: Sequence[str] = (),
) -> Readiness:
    """Verdict and blockers from the states of the framework's gates, in its order.

    `exits_undecided` are the exit criteria that stand triggered without a decision, one sentence each. Whether
    the initiative ended or is on hold adds a blocker and leaves the verdict as it is.
    """
    items = [state for gate in gates for state in gate.items]
    counts = tally(state.effective.value for state in items)
    required = framework.required_met or 0
    threshold_met = counts.total > 0 and counts.met >= required
    clear = threshold_met and not exits_undecided and all(gate.passed for gate in gates)
    blockers = [INITIATIVE_HAS_ENDED] if ended else []
    blockers += [IS_ON_HOLD] if on_hold else []
    blockers += [Blocker(BlockerCode.EXIT_UNDECIDED, message) for message in exits_undecided]
    blockers += [stopped_blocker(gate) for gate in gates if gate.status == GateStatus.STOPPED]
    for gate in gates:
        blockers += gate_blockers(gate)
    if not threshold_met:
        blockers.append(_threshold_blocker(framework, counts))
    return Readiness(
        framework=framework.slug,
        verdict=_verdict(gates) if clear else Verdict.NOT_READY,
        tally=counts,
        declared_points=declared_points(items),
        optimism_gap=optimism_gap(items),
        required_met=required,
        threshold_met=threshold_met,
        gates=tuple(gates),
        blockers=tuple(blockers),
        changes_on=earliest(gate.changes_on for gate in gates),
    )


def deploy_allowed(verdict: Verdict, stage: Stage, *, on_hold: bool) -> bool:
    """Whether a delivery pipeline may deploy: a good verdict, from the pilot on, and not on hold."""
    return verdict in GOOD_VERDICTS and stage in DEPLOY_STAGES and not on_hold


def deploy_blockers(found: Readiness, stage: Stage) -> tuple[Blocker, ...]:
    """The blockers of readiness and, before the pilot, that it is too early: empty where a deploy is allowed."""
    if stage not in _BEFORE_DEPLOY:
        return found.blockers
    message = said("The initiative is in {stage}; deploying is open from the pilot on.", stage=stage.label)
    return (*found.blockers, Blocker(BlockerCode.STAGE_TOO_EARLY, message))


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
