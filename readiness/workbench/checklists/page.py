"""The checklist of one gate as the page shows it, whole or in the parts that an answer changes."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.models import Submission
from gates.refusals import submit_refusal
from gates.rules import GateStatus, LapsedBy
from readiness.standing.links import checklist_url
from readiness.standing.words import GATE_WORDS, Word
from readiness.ui.parts import Link, Mark, Step
from readiness.ui.saying import content, say
from readiness.workbench.checklists.items import ShownItem, shown_items
from readiness.workbench.checklists.places import (
    GatePlace,
    framework_tabs,
    header_at,
    neighbours,
    track_label,
    track_of,
)
from readiness.workbench.checklists.words import answer_words
from readiness.workbench.header import Header
from readiness.workbench.initiatives.next_steps import NextStep, next_steps
from readiness.workbench.together.asked import ShownAssignment, together_on


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


@dataclass(frozen=True)
class ChecklistPage:
    """What is around the items is made when it is first asked for: after a write at one item most of it is not."""

    place: GatePlace
    items: list[ShownItem]
    gate: GateView
    progress: Progress

    @cached_property
    def header(self) -> Header:
        return header_at(self.place, checklist_url, crumb=self.place.checklist_title)

    @cached_property
    def track(self) -> list[Step]:
        return track_of(self.place, checklist_url)

    @property
    def track_label(self) -> str:
        return track_label(self.place)

    @property
    def tabs(self) -> list[Link]:
        return framework_tabs(self.place)

    @cached_property
    def _neighbours(self) -> tuple[Link | None, Link | None]:
        return neighbours(self.place, checklist_url)

    @property
    def previous(self) -> Link | None:
        return self._neighbours[0]

    @property
    def next(self) -> Link | None:
        return self._neighbours[1]

    @property
    def scale(self) -> list[Word]:
        """The words of a profile from one end to the other."""
        words = answer_words(self.place.row.framework)
        return [word for value, word in words.items() if value != AnswerValue.UNANSWERED]

    @property
    def is_fresh(self) -> bool:
        """Nothing of it is answered yet."""
        return all(item.answer is None or item.answer.declared is None for item in self.items)

    @property
    def proposed(self) -> list[ShownItem]:
        """Those for which something else is proposed than what was said."""
        return [item for item in self.items if item.proposal]

    @property
    def asked_here(self) -> list[ShownAssignment]:
        """Which of its items somebody is asked to see to."""
        return [item.together.asked for item in self.items if item.together and item.together.asked]

    def item(self, code: str) -> ShownItem:
        return next(item for item in self.items if item.code == code)


def checklist_page(place: GatePlace, whole: str | None = None) -> ChecklistPage:
    """The page; with ``whole`` only what a write at the item of this code may have changed on it."""
    items = shown_items(place, whole)
    codes = [item.code for item in items]
    found = together_on(place.initiative, codes, place.acts, place.today, talk=whole is None)
    for item in items:
        item.together = found[item.code]
    return ChecklistPage(place, items, gate_view(place), progress_of(place, items))


def gate_view(place: GatePlace) -> GateView:
    status, refusal = place.state.status, submit_refusal(place.state)
    steps = next_steps(place.initiative, place.outcome, place.acts)
    return GateView(
        place=place,
        status=GATE_WORDS[GateStatus(status)] if status else None,
        clauses=shown_clauses(place),
        refusal=say(refusal.message) if refusal else "",
        next_step=(steps.own or steps.first) if steps else None,
    )


def shown_clauses(place: GatePlace) -> list[ShownClause]:
    ref, slug = place.initiative.ref, place.slug
    return [
        ShownClause(
            clause.holds, say(clause.message), checklist_url(ref, slug, clause.item) if clause.item else ""
        )
        for clause in place.state.criteria.clauses
    ]


def progress_of(place: GatePlace, items: list[ShownItem]) -> Progress:
    marks = [
        Mark(
            label=f"{item.code} {content(item.row.title)}: {item.counts.label}",
            tone=item.counts.tone,
            icon=item.counts.icon,
            href=f"#{item.code}",
        )
        for item in items
    ]
    standing = place.standing
    if place.kind == GateKind.PROFILE:
        said = standing.met + standing.partial + standing.not_met
        sentence = _("%(said)s of %(total)s described") % {"said": said, "total": standing.total}
        return Progress(said, standing.total, None, sentence, marks)
    figures = {"met": standing.met, "total": standing.total, "needed": standing.min_met}
    sentence = _("%(met)s of %(total)s met, %(needed)s needed") % figures
    return Progress(standing.met, standing.total, standing.min_met, sentence, marks)
