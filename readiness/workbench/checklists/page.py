"""The checklist of one gate as the page shows it, whole or in the parts that an answer changes."""

from dataclasses import dataclass

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.models import Submission
from gates.refusals import submit_refusal
from gates.rules import GateStatus, LapsedBy
from readiness.standing.links import checklist_url
from readiness.standing.words import GATE_WORDS, Word
from readiness.ui.parts import Link, Mark
from readiness.workbench.checklists.items import ShownItem, shown_items
from readiness.workbench.checklists.places import (
    GatePlace,
    framework_tabs,
    header_at,
    neighbours,
    track_label,
)
from readiness.workbench.checklists.words import answer_words
from readiness.workbench.header import Header
from readiness.workbench.initiatives.next_steps import NextStep, next_steps


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One clause of the criteria; ``href`` leads to the item it speaks of."""

    holds: bool
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the gate is: ``done`` of ``total``, of which ``needed`` (None for a profile) are asked for."""

    done: int
    total: int
    needed: int | None
    sentence: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class GateView:
    """Where the gate stands, in words: for the checklist's side, the gate's page and the decision."""

    place: GatePlace
    status: Word | None
    clauses: list[ShownClause]
    refusal: str
    next_step: NextStep | None

    @property
    def is_profile(self) -> bool:
        return self.place.kind == GateKind.PROFILE

    @property
    def waiting(self) -> Submission | None:
        """The submission that waits for a decision."""
        return self.place.passage.waiting.get(self.place.slug)

    @property
    def lapsed_because(self) -> str:
        lapsed = self.place.state.lapsed_because
        return lapsed.reason if lapsed else ""

    @property
    def lapsed_by_act(self) -> bool:
        lapsed = self.place.state.lapsed_because
        return lapsed is not None and lapsed.by == LapsedBy.ACT

    @property
    def can_submit(self) -> bool:
        return self.place.state.can_submit

    @property
    def failing(self) -> int:
        return sum(1 for clause in self.clauses if not clause.holds)


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    place: GatePlace
    header: Header
    track_label: str
    tabs: list[Link]
    items: list[ShownItem]
    gate: GateView
    progress: Progress
    previous: Link | None
    next: Link | None

    @property
    def scale(self) -> list[Word]:
        """The words of a profile from one end to the other."""
        words = answer_words(self.place.row.framework)
        return [word for value, word in words.items() if value != AnswerValue.UNANSWERED]

    @property
    def proposed(self) -> list[ShownItem]:
        """Those for which something else is proposed than what was said."""
        return [item for item in self.items if item.proposal]

    def item(self, code: str) -> ShownItem:
        return next(item for item in self.items if item.code == code)


def checklist_page(place: GatePlace) -> ChecklistPage:
    items = shown_items(place)
    previous, following = neighbours(place, checklist_url)
    return ChecklistPage(
        place=place,
        header=header_at(place, checklist_url, crumb=place.checklist_title),
        track_label=track_label(place),
        tabs=framework_tabs(place),
        items=items,
        gate=gate_view(place),
        progress=progress_of(place, items),
        previous=previous,
        next=following,
    )


def gate_view(place: GatePlace) -> GateView:
    status, refusal = place.state.status, submit_refusal(place.state)
    steps = next_steps(place.initiative, place.outcome, place.acts)
    return GateView(
        place=place,
        status=GATE_WORDS[GateStatus(status)] if status else None,
        clauses=shown_clauses(place),
        refusal=refusal.message if refusal else "",
        next_step=(steps.own or steps.first) if steps else None,
    )


def shown_clauses(place: GatePlace) -> list[ShownClause]:
    ref, slug = place.initiative.ref, place.slug
    return [
        ShownClause(
            clause.holds, clause.message, checklist_url(ref, slug, clause.item) if clause.item else ""
        )
        for clause in place.state.criteria.clauses
    ]


def progress_of(place: GatePlace, items: list[ShownItem]) -> Progress:
    marks = [
        Mark(
            label=f"{item.code} {item.row.title}: {item.counts.label}",
            tone=item.counts.tone,
            icon=item.counts.icon,
            href=f"#{item.code}",
        )
        for item in items
    ]
    standing = place.standing
    if place.kind == GateKind.PROFILE:
        said = standing.met + standing.partial + standing.not_met
        return Progress(said, standing.total, None, f"{said} of {standing.total} described", marks)
    sentence = f"{standing.met} of {standing.total} met, {standing.min_met} needed"
    return Progress(standing.met, standing.total, standing.min_met, sentence, marks)
