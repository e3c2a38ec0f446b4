"""The strip that stands above every page of one initiative: name, stage, score, verdict and the track of its gates."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gates.models import Initiative
from gates.rules import PASSED_STATUSES, GateStatus
from gates.stages import Stage
from readiness.standing.links import checklist_url, gate_url, initiative_url, why_url
from readiness.standing.models import GateStanding
from readiness.standing.outcome import Outcome
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, STAGE_WORDS, VERDICT_WORDS, Word
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Link, Step
from readiness.ui.saying import content

OVERVIEW, CHECKLIST, PROMISES, HISTORY = (
    gettext_lazy("Overview"),
    gettext_lazy("Checklist"),
    gettext_lazy("Promises"),
    gettext_lazy("History"),
)
ROADMAP, BUDGET, PEOPLE, COMMENTS = (
    gettext_lazy("Roadmap"),
    gettext_lazy("Budget"),
    gettext_lazy("People"),
    gettext_lazy("Comments"),
)
CANVAS = gettext_lazy("Canvas")
SECTIONS = {
    OVERVIEW: "",
    CANVAS: "canvas/",
    PROMISES: "promises/",
    ROADMAP: "roadmap/",
    BUDGET: "budget/",
    PEOPLE: "people/",
    COMMENTS: "comments/",
    HISTORY: "history/",
}
"""The pages of one initiative and where they lie below its own, in the order of their tabs; see also CHECKLIST."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the strip shows.

    ``heading`` is the page's own name, ``crumbs`` lead back, ``sections`` are the initiative's own pages, ``track`` is
    one step a gate that readiness is computed on.
    """

    initiative: Initiative
    heading: str
    outcome: Outcome
    stage: Word
    verdict: Word
    crumbs: list[Link]
    sections: list[Link]
    track: list[Step]
    url: str
    why_url: str


def header_of(initiative: Initiative, outcome: Outcome, crumb: str = "", section: str = "") -> Header:
    """``crumb``: the name of the page below the initiative's, "" on that itself.

    ``section``: the tab it belongs to, where that is not the one of the crumb's name.
    """
    crumbs = [Link(label=_("Initiatives"), href="/initiatives/")]
    if crumb:
        crumbs += [Link(label=initiative.name, href=initiative_url(initiative.ref)), Link(label=crumb)]
    else:
        crumbs += [Link(label=initiative.ref)]
    framework = outcome.standing.framework
    gates = [gate for gate in outcome.gates if gate.framework == framework]
    return Header(
        initiative=initiative,
        heading=str(crumb or OVERVIEW),
        outcome=outcome,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        verdict=VERDICT_WORDS[Verdict(outcome.standing.verdict)],
        crumbs=crumbs,
        sections=_sections(initiative, outcome, crumb or OVERVIEW, section),
        track=[gate_step(initiative, gate) for gate in gates],
        url=initiative_url(initiative.ref),
        why_url=why_url(initiative.ref),
    )


def _sections(initiative: Initiative, outcome: Outcome, page: str, section: str) -> list[Link]:
    links = {name: f"{initiative_url(initiative.ref)}{below}" for name, below in SECTIONS.items()}
    links[CHECKLIST] = first_checklist_url(initiative, outcome)
    order = [OVERVIEW, CHECKLIST, *(name for name in SECTIONS if name != OVERVIEW)]
    return [Link(label=name, href=links[name], current=name == page, holds=name == section) for name in order]


def first_checklist_url(initiative: Initiative, outcome: Outcome) -> str:
    """The checklist at the first gate that readiness is computed on and that is not passed."""
    gates = [gate for gate in outcome.gates if gate.framework == outcome.standing.framework]
    unpassed = [gate for gate in gates if GateStatus(gate.status) not in PASSED_STATUSES]
    return checklist_url(initiative.ref, (unpassed or gates)[0].gate)


def gate_step(initiative: Initiative, gate: GateStanding, *, current: bool = False) -> Step:
    """One station of a track: where this gate stands, and how many of its items are met."""
    if not gate.status:
        return Step(
            name=content(gate.name),
            status=_("%(answered)s of %(total)s answered")
            % {"answered": gate.met + gate.partial + gate.not_met, "total": gate.total},
            href=checklist_url(initiative.ref, gate.gate),
            current=current,
        )
    word = GATE_WORDS[GateStatus(gate.status)]
    return Step(
        name=content(gate.name),
        status=word.label,
        tone=word.tone,
        icon=word.icon,
        sublabel=_("%(met)s of %(total)s met") % {"met": gate.met, "total": gate.total},
        href=gate_url(initiative.ref, gate.gate),
        current=current,
    )
