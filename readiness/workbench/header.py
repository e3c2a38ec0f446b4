"""The strip that stands above every page of one initiative: name, stage, score, verdict and the track of its gates."""

from dataclasses import dataclass

from gates.models import Initiative
from gates.rules import GateStatus
from gates.stages import Stage
from readiness.standing.links import checklist_url, gate_url, initiative_url
from readiness.standing.models import GateStanding
from readiness.standing.recompute import Outcome
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, STAGE_WORDS, VERDICT_WORDS, Word
from readiness.ui.parts import Link, Step


@dataclass(frozen=True, slots=True)
class Header:
    """What the strip shows. ``crumbs`` lead back, ``track`` is one step a gate that readiness is computed on."""

    initiative: Initiative
    outcome: Outcome
    stage: Word
    verdict: Word
    crumbs: list[Link]
    track: list[Step]
    url: str

    @property
    def score_label(self) -> str:
        standing = self.outcome.standing
        return f"{standing.met} of {standing.total} met, {standing.required_met} needed"


def header_of(initiative: Initiative, outcome: Outcome, current: str = "", crumb: str = "") -> Header:
    """``current`` is the slug of the gate the page is about, ``crumb`` the name of the page below the initiative's."""
    crumbs = [Link(label="Initiatives", href="/initiatives/")]
    if crumb:
        crumbs += [Link(label=initiative.name, href=initiative_url(initiative.ref)), Link(label=crumb)]
    else:
        crumbs += [Link(label=initiative.ref)]
    framework = outcome.standing.framework
    gates = [gate for gate in outcome.gates if gate.framework == framework]
    return Header(
        initiative=initiative,
        outcome=outcome,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        verdict=VERDICT_WORDS[Verdict(outcome.standing.verdict)],
        crumbs=crumbs,
        track=[gate_step(initiative, gate, current=gate.gate == current) for gate in gates],
        url=initiative_url(initiative.ref),
    )


def gate_step(initiative: Initiative, gate: GateStanding, *, current: bool = False) -> Step:
    """One station of a track: where this gate stands, and how many of its items are met."""
    if not gate.status:
        return Step(
            name=gate.name,
            status=f"{gate.met + gate.partial + gate.not_met} of {gate.total} answered",
            href=checklist_url(initiative.ref, gate.gate),
            current=current,
        )
    word = GATE_WORDS[GateStatus(gate.status)]
    return Step(
        name=gate.name,
        status=word.label,
        tone=word.tone,
        icon=word.icon,
        sublabel=f"{gate.met} of {gate.total} met",
        href=gate_url(initiative.ref, gate.gate),
        current=current,
    )
