"""The canvas as it is shown: its sections, filled in or read, and beside them what the first checkpoint lacks."""

from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from checklists.models import Gate
from checklists.scoring import MET
from gates.models import Initiative, KpiKind
from gates.promises import with_unit
from gates.rules import PASSED_STATUSES, GateState, GateStatus
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.standing.exits import words_of
from readiness.standing.facts import PassageFacts
from readiness.standing.judgement import Judgement
from readiness.standing.links import canvas_url, checklist_url, gate_url
from readiness.standing.outcome import Outcome
from readiness.standing.proposal_facts import proposals_of, what_is_known
from readiness.standing.recompute import judge_to_show
from readiness.standing.words import ANSWER_WORDS, GATE_WORDS, Word
from readiness.ui.charts import Segment
from readiness.ui.local import within
from readiness.ui.parts import Choice
from readiness.ui.saying import content, say
from readiness.workbench.canvas.sections import (
    APPROACH,
    BUDGET,
    FILLED_IN,
    KPIS,
    ORDER,
    PEOPLE,
    PLAN,
    PROBLEM,
    STAKEHOLDERS,
    Content,
    Section,
    said,
)
from readiness.workbench.initiatives.facts_form import Difference
from readiness.workbench.initiatives.forms import ActionForm
from readiness.workbench.promises.words import LIMIT_NAMES

START = (Stage.INTAKE, Stage.POC)
SECTION_OF_FACT = {
    "initiative.business_problem": PROBLEM,
    "people.executive_sponsor": PEOPLE,
    "people.business_owner": PEOPLE,
    "kpis.complete": KPIS,
    "budget.production_estimate": BUDGET,
    "plan.dates": PLAN,
}
"""Where on the canvas a fact is told; one that is not here is told on the checklist."""


@dataclass(slots=True)
class ShownSection:
    """A section; ``form`` is None where it is only read, and then ``told`` is what stands in it.

    ``saved``: the time of a save that was just made, "" else; ``added``: the fields whose typed words it took in among
    what is chosen. ``refusal``, ``moved`` and ``differences`` say why one
    was not.
    """

    section: Section
    seen: str
    told: list[tuple[str, str]]
    form: ActionForm | None = None
    saved: str = ""
    added: list[str] = field(default_factory=list)
    refusal: str = ""
    moved: bool = False
    differences: list[Difference] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    figure_title: str = ""

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        form = self.form
        return [[form[name] for name in row] for row in self.section.rows] if form else []

    @property
    def gathered(self) -> list[str]:
        """The fields of ``added`` as they stand now, each to take the place of itself on the page."""
        form = self.form
        return [form[name].as_widget(attrs={"hx-swap-oob": "true"}) for name in self.added] if form else []

    @property
    def functions(self) -> list[list[forms.BoundField]]:
        """Of the stakeholders: the fields of each function."""
        if self.form is None or self.section is not STAKEHOLDERS:
            return []
        names = [name.removesuffix("_contact") for name in self.form.fields if name.endswith("_contact")]
        return [[self.form[one] for one in self.form.fields if one.startswith(f"{name}_")] for name in names]

    @property
    def approaches(self) -> list[Choice]:
        if self.form is None or self.section is not APPROACH:
            return []
        choices = getattr(self.form.fields["approach"], "choices", [])
        return [Choice(value=value, label=label) for value, label in choices]


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """A KPI or an exit criterion in a line, and what more there is to say of it."""

    words: str
    more: str


@dataclass(frozen=True, slots=True)
class Point:
    """One item of the first checkpoint: what it counts as, what is known about it, and where to mend it."""

    code: str
    title: str
    word: Word
    why: str
    url: str
    met: bool


@dataclass(frozen=True, slots=True)
class Take:
    """An answer that what is known proposes, to be taken: ``sent`` is how a form sends it, ``why`` what is known."""

    sent: str
    title: str
    word: Word
    why: str


@dataclass(frozen=True, slots=True)
class FirstCheckpoint:
    """What guards the step from intake to the PoC. ``takes``: what can be taken, in the framework's order."""

    name: str
    slug: str
    status: Word
    passed: bool
    points: list[Point]
    needed: int
    takes: list[Take]
    checklist_url: str
    gate_url: str

    @property
    def met(self) -> int:
        return sum(1 for point in self.points if point.met)

    @property
    def lacks(self) -> list[Point]:
        return [point for point in self.points if not point.met]

    @property
    def complete(self) -> list[Point]:
        return [point for point in self.points if point.met]

    @property
    def sentence(self) -> str:
        return _("%(met)s of %(points)s met, %(needed)s needed") % {
            "met": self.met,
            "points": len(self.points),
            "needed": self.needed,
        }


@dataclass(frozen=True, slots=True)
class Canvas:
    sections: list[ShownSection]
    kpis: list[PromisedLine]
    exits: list[PromisedLine]
    checkpoint: FirstCheckpoint | None

    def section(self, slug: str) -> ShownSection:
        return next(one for one in self.sections if one.section.slug == slug)


def canvas_of(
    initiative: Initiative, outcome: Outcome, acts: frozenset[Act], reader: User, at: datetime
) -> Canvas:
    """The whole canvas as the reader sees it; a fixed number of queries."""
    judgement = judge_to_show(initiative.pk, at)
    content = Content.of(initiative, reader)
    return Canvas(
        sections=[shown_section(one, content, acts) for one in ORDER],
        kpis=_kpis(judgement),
        exits=_exits(judgement),
        checkpoint=first_checkpoint(initiative, outcome, judgement),
    )


def shown_section(section: Section, content: Content, acts: frozenset[Act]) -> ShownSection:
    """A section as it stands, to be filled in by who may."""
    if section.slug not in FILLED_IN:
        return ShownSection(section, "", [])
    form = content.form(section)
    may = section.act in acts and not content.initiative.has_ended
    title, segments = figure_of(section, content.initiative)
    return ShownSection(
        section=section,
        seen=content.seen(section),
        told=_told(section, content, form),
        form=form if may else None,
        segments=segments,
        figure_title=title,
    )


def _told(section: Section, content: Content, form: ActionForm) -> list[tuple[str, str]]:
    if section is not STAKEHOLDERS:
        return [(str(form[name].label), said(form[name])) for row in section.rows for name in row]
    told = []
    for row in content.stakeholders:
        involved = said(form[f"{row.function}_involved_on"])
        words = [
            row.contact,
            _("involved since %(involved)s") % {"involved": involved} if involved else _("not involved yet"),
        ]
        if not row.needed:
            words = [_("There is none")]
        told.append((row.get_function_display(), ", ".join(word for word in words if word)))
    return told


def figure_of(section: Section, initiative: Initiative) -> tuple[str, list[Segment]]:
    """The shape of the budget, or of the plan; nothing where too little is known."""
    if section is BUDGET:
        data, change = initiative.data_share, initiative.change_share
        if data is None and change is None:
            return "", []
        rest = 100 - (data or 0) - (change or 0)
        parts = [
            (_("Data work"), data or 0),
            (_("Change and training"), change or 0),
            (_("Everything else"), rest),
        ]
        return _("Shape of the budget, in percent"), _segments(parts)
    if section is PLAN:
        parts = [
            (str(say(stage.label)), getattr(initiative, f"{stage.value}_days") or 0)
            for stage in (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT)
        ]
        if sum(1 for _, days in parts if days) > 1:
            return _("Planned days"), _segments(parts)
    return "", []


def _segments(parts: list[tuple[str, int]]) -> list[Segment]:
    return [
        Segment(label=label, value=value, series=place)
        for place, (label, value) in enumerate(parts, start=1)
        if value
    ]


def _kpis(judgement: Judgement) -> list[PromisedLine]:
    lines = []
    for kpi in judgement.facts.kpis:
        limits = [
            f"{within(LIMIT_NAMES[name])} {say(with_unit(value, kpi.unit))}"
            for name in ("go_limit", "stop_limit")
            if (value := getattr(kpi, name)) is not None
        ]
        kind = within(KpiKind(kpi.kind).label)
        locked = [within(pgettext("a promise", "Locked"))] if kpi.locked_at else []
        lines.append(PromisedLine(kpi.name, ", ".join([kind, *(limits or [_("no limits yet")]), *locked])))
    return lines


def _exits(judgement: Judgement) -> list[PromisedLine]:
    facts = judgement.facts
    return [
        PromisedLine(
            words_of(facts, one),
            _("%(get_action_display)s; %(decider)s decides")
            % {"get_action_display": one.get_action_display(), "decider": one.decider},
        )
        for one in facts.criteria
    ]


def first_checkpoint(
    initiative: Initiative, outcome: Outcome, judgement: Judgement
) -> FirstCheckpoint | None:
    """The checkpoint that guards the step from intake to the PoC, as it is stored; None where none does."""
    guards = [guard for passage, _ in judgement.passages for guard in passage.framework.guards]
    named = next((guard for guard in guards if guard.step == START and guard.gate), None)
    found = judgement.gate(named.gate) if named and named.gate else None
    if named is None or found is None:
        return None
    passage, state = found
    stored = next(one for one in outcome.gates if (one.framework, one.gate) == (named.framework, named.gate))
    rows = Gate.objects.filter(framework=passage.framework.pk, slug=stored.gate).prefetch_related("items")
    return FirstCheckpoint(
        name=stored.name,
        slug=stored.gate,
        status=GATE_WORDS[GateStatus(stored.status)],
        passed=GateStatus(stored.status) in PASSED_STATUSES,
        points=_points(initiative, judgement, state, rows.get()),
        needed=stored.min_met,
        takes=_takes(judgement, passage, state),
        checklist_url=checklist_url(initiative.ref, stored.gate),
        gate_url=gate_url(initiative.ref, stored.gate),
    )


def _takes(judgement: Judgement, passage: PassageFacts, state: GateState) -> list[Take]:
    proposals = proposals_of(judgement)
    takes = []
    for item in state.items:
        code = item.item.code
        if code not in proposals:
            continue
        answer, proposal = passage.answers.get(code), proposals[code]
        takes.append(
            Take(
                sent=f"{code}:{proposal.answer.value}:{answer.version if answer else 0}",
                title=content(item.item.title),
                word=ANSWER_WORDS[proposal.answer],
                why=say(proposal.why),
            )
        )
    return takes


def _points(initiative: Initiative, judgement: Judgement, state: GateState, gate: Gate) -> list[Point]:
    known = what_is_known(judgement)
    rows = {row.code: row for row in gate.items.all()}
    points = []
    for item in state.items:
        code = item.item.code
        row, told = rows[code], known.get(code)
        section = SECTION_OF_FACT.get(row.fact)
        place = canvas_url(initiative.ref, section.slug) if section else ""
        points.append(
            Point(
                code=code,
                title=content(row.title),
                word=ANSWER_WORDS[item.effective.value],
                why=say(told.why) if told else content(row.statement),
                url=place or checklist_url(initiative.ref, gate.slug, code),
                met=item.effective.value == MET,
            )
        )
    return points
