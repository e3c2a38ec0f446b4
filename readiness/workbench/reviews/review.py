"""What a reviewer decides on: what changed since the last review, what was frozen, and how it stands now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.criteria import Clause, criteria, waivers_in_force
from gates.criteria import Waiver as WaiverFacts
from gates.models import Comment, MaterialChange, Waiver
from gates.refusals import decision_refusal
from gates.rules import ConditionState, DecisionKind
from readiness.accounts.models import User
from readiness.actions.differences import NOTHING, Counts, counted, differences
from readiness.standing.links import gate_url
from readiness.standing.words import HOLD, decision_labels
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Choice, Link
from readiness.ui.saying import content, say
from readiness.workbench.checklists.frozen import effective_values
from readiness.workbench.checklists.gate_page import GatePage, ShownCondition, ShownDecision, gate_page
from readiness.workbench.checklists.places import GatePlace, header_at
from readiness.workbench.checklists.words import DECISION_TONES
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.header import Header
from readiness.workbench.initiatives.acts import endings_of
from readiness.workbench.reviews.items import Moments, Record, ReviewItem, moments_of, review_items
from readiness.workbench.reviews.since import (
    TeamChange,
    Writing,
    material_changes,
    ran_out,
    team_changes,
    waivers_since,
    writings_of,
)

HINTS = {
    DecisionKind.PASS.value: gettext_lazy("The criteria hold, as submitted and now."),
    DecisionKind.PASS_WITH_CONDITIONS.value: gettext_lazy(
        "It passes, and somebody promises the rest by a day."
    ),
    DecisionKind.RETURN.value: gettext_lazy("Back to the team, with what is missing."),
    HOLD: gettext_lazy("Back to the team, and nothing moves until a day you name."),
    DecisionKind.STOP.value: gettext_lazy("The initiative ends here, with its lesson."),
}


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """One possible decision; ``refusal`` says why it cannot be taken."""

    value: str
    label: str
    tone: str
    icon: str
    hint: str
    refusal: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One clause of the criteria twice: as submitted and now. A moment in which it stood otherwise is None."""

    message: str
    submitted: bool | None
    now: bool | None


@dataclass(frozen=True, slots=True)
class Around:
    """What changed beside the items since the last review."""

    team: list[TeamChange]
    material: list[MaterialChange]
    waivers: list[tuple[str, Waiver]]
    comments: list[Comment]

    def __bool__(self) -> bool:
        return bool(self.team or self.material or self.waivers or self.comments)


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top, by which trouble is seen at once."""

    label: str
    value: str
    hint: str
    tone: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class Review:
    """``page`` is the gate's own page: status, submission, decisions, who may do what.

    ``by``: who looks at it. ``counts``: what the submission changed against the last decision, everything where there
    was none.
    """

    page: GatePage
    by: User
    header: Header
    items: list[ReviewItem]
    criteria: list[Criterion]
    held: bool
    around: Around
    counts: Counts
    cards: list[DecisionCard]
    writings: list[Writing]

    @property
    def endings(self) -> tuple[Choice, ...]:
        """How an initiative can have ended, for the lesson of a stop."""
        return endings_of(self.page.place.initiative, self.by)

    @property
    def title(self) -> str:
        return _("Decide %(gate)s") % {"gate": say(self.page.place.state.gate.label)}

    @property
    def crumbs(self) -> list[Link]:
        ref, row = self.page.place.initiative.ref, self.page.place.row
        return [
            Link(label=_("Reviews"), href="/reviews/"),
            Link(label=self.page.place.initiative.name, href=self.header.url),
            Link(label=content(row.name), href=gate_url(ref, row.slug)),
            Link(label=_("Decide")),
        ]

    @property
    def holds(self) -> bool:
        return self.page.place.state.criteria.holds

    @property
    def last(self) -> ShownDecision | None:
        return self.page.standing

    @property
    def is_first(self) -> bool:
        """Nobody has decided here before: everything is new."""
        return self.page.standing is None

    @property
    def changed_items(self) -> list[ReviewItem]:
        return [item for item in self.items if self.is_first or not item.is_unchanged]

    @property
    def unchanged_items(self) -> list[ReviewItem]:
        return [item for item in self.items if not self.is_first and item.is_unchanged]

    @property
    def changed(self) -> int:
        """How many items changed after the submission."""
        return sum(1 for item in self.items if item.since_submitted is not None)

    @property
    def open_conditions(self) -> list[ShownCondition]:
        """Promises of the decision that stands which nobody has confirmed."""
        conditions = self.page.standing.conditions if self.page.standing else []
        return [one for one in conditions if one.condition.state != ConditionState.CONFIRMED]

    @property
    def earlier(self) -> list[ShownDecision]:
        return self.page.decisions[1:]

    @property
    def possible(self) -> bool:
        return any(not card.refusal for card in self.cards)

    @property
    def refusal(self) -> str:
        """Why nothing can be decided."""
        return "" if self.possible else self.cards[0].refusal

    @property
    def tiles(self) -> list[Tile]:
        return [self._criteria_tile(), self._answers_tile(), self._evidence_tile(), self._conditions_tile()]

    def _criteria_tile(self) -> Tile:
        value = _("Fulfilled") if self.holds else _("Not fulfilled")
        if self.held == self.holds:
            hint = _("as submitted and now")
        else:
            hint = _("now, and not as submitted") if self.holds else _("now; they were when submitted")
        good = self.holds and self.held
        return Tile(
            _("The criteria"),
            value,
            hint,
            "good" if good else "critical",
            "check" if good else "warning",
            "#criteria",
        )

    def _answers_tile(self) -> Tile:
        label = _("Answers, all new") if self.is_first else _("Answers changed")
        fallen = sum(1 for item in self.items if item.fell)
        notes = ngettext("%(n)s note changed", "%(n)s notes changed", self.counts.notes)
        hint = notes % {"n": self.counts.notes} if self.counts.notes and not self.is_first else ""
        if fallen:
            hint = ngettext("%(n)s counts for less", "%(n)s count for less", fallen) % {"n": fallen}
        changed = sum(1 for item in self.items if item.has_another_answer)
        tone = "warning" if fallen else "neutral"
        return Tile(label, str(changed), hint, tone, "edit", "#changes")

    def _evidence_tile(self) -> Tile:
        later = [item.since_submitted for item in self.items if item.since_submitted]
        gone = self.counts.withdrawn + sum(len(one.withdrawn) for one in later)
        out = sum(len(one.ran_out) for one in later)
        parts = [
            ngettext("%(n)s withdrawn", "%(n)s withdrawn", gone) % {"n": gone} if gone else "",
            ngettext("%(n)s ran out", "%(n)s ran out", out) % {"n": out} if out else "",
        ]
        return Tile(
            _("New evidence"),
            str(self.counts.added),
            " · ".join(part for part in parts if part),
            "warning" if gone or out else "neutral",
            "file",
            "#changes",
        )

    def _conditions_tile(self) -> Tile:
        overdue = sum(1 for one in self.open_conditions if one.overdue)
        hint = ngettext("%(n)s overdue", "%(n)s overdue", overdue) % {"n": overdue} if overdue else ""
        tone = "critical" if overdue else "warning" if self.open_conditions else "neutral"
        return Tile(
            _("Open conditions"), str(len(self.open_conditions)), hint, tone, "flag", "#review-conditions"
        )


def review_of(request: HttpRequest, place: GatePlace, at: datetime) -> Review:
    """The review of a gate as it stands; without a waiting submission it shows no items."""
    page = gate_page(request, place, at)
    waiting = page.gate.waiting
    decision = page.standing.decision if page.standing else None
    since = decision.at if decision else None
    last = decision.snapshot.content if decision else None
    writings = writings_of(place.initiative, since)
    by_item, at_gate = _comments(place, since)
    items: list[ReviewItem] = []
    counts = Counts(0, 0, 0, 0)
    clauses: list[Criterion] = []
    if waiting is not None:
        moments = moments_of(place, last)
        base = organisation_of(request).day_of(since) if since else None
        items = review_items(place, moments, Record(writings, ran_out(place, base), by_item))
        counts = counted(differences(last or NOTHING, moments.submitted).values())
        clauses = _both(_clauses_submitted(request, place, moments), place.state.criteria.clauses)
    return Review(
        page=page,
        by=person_of(request),
        header=header_at(place, gate_url, crumb="Decide"),
        items=items,
        criteria=clauses,
        held=waiting.criteria_held if waiting else False,
        around=Around(
            team=team_changes(place.initiative, since),
            material=material_changes(place.initiative, since),
            waivers=waivers_since(place, since),
            comments=at_gate,
        ),
        counts=counts,
        cards=_cards(place),
        writings=writings,
    )


def _comments(place: GatePlace, since: datetime | None) -> tuple[dict[str, list[Comment]], list[Comment]]:
    """What was said since the last review, what was said with it included: by item, and of the gate as a whole."""
    rows = Comment.objects.with_people().filter(initiative=place.initiative, gate=place.slug)
    by_item: dict[str, list[Comment]] = defaultdict(list)
    for comment in rows if since is None else rows.filter(at__gte=since):
        by_item[comment.item].append(comment)
    return by_item, by_item.pop("", [])


def _clauses_submitted(request: HttpRequest, place: GatePlace, moments: Moments) -> tuple[Clause, ...]:
    """The criteria over the answers that were frozen, with the waivers that were in force on that day."""
    waivers = [
        WaiverFacts(place.passage.framework.items[one.item_id], one.expires_on)
        for one in place.passage.waivers
        if one.granted_at <= moments.submitted_at
    ]
    day = organisation_of(request).day_of(moments.submitted_at)
    values = effective_values(moments.submitted)
    return criteria(place.state.gate, values, waivers_in_force(waivers, day)).clauses


def _both(submitted: tuple[Clause, ...], now: tuple[Clause, ...]) -> list[Criterion]:
    """Every clause once: those of today, and those of the submission that read otherwise then."""
    then = {clause.message: clause.holds for clause in submitted}
    today = {clause.message: clause.holds for clause in now}
    messages = dict.fromkeys([*today, *then])
    return [Criterion(say(message), then.get(message), today.get(message)) for message in messages]


def _cards(place: GatePlace) -> list[DecisionCard]:
    return [
        DecisionCard(value, label, *DECISION_TONES[value], HINTS[value], _refusal(place, value))
        for value, label in decision_labels(place.kind).items()
    ]


def _refusal(place: GatePlace, value: str) -> str:
    if value == HOLD and place.initiative.hold is not None:
        return _("It is on hold already.")
    kind = DecisionKind.RETURN if value == HOLD else DecisionKind(value)
    refusal = decision_refusal(kind, int(kind == DecisionKind.PASS_WITH_CONDITIONS), place.state)
    return str(say(refusal.message)) if refusal else ""
