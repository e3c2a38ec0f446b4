"""What a reviewer decides on: what was frozen, beside what changed since, with the evidence behind every answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from checklists.models import Item
from gates.criteria import Waiver as WaiverFacts
from gates.criteria import criteria, waivers_in_force
from gates.models import TeamRole
from gates.refusals import decision_refusal
from gates.rules import DecisionKind
from readiness.accounts.models import User
from readiness.actions.snapshots import content_of
from readiness.standing.links import checklist_url, gate_url
from readiness.standing.words import Word
from readiness.ui.parts import Choice
from readiness.workbench.checklists.frozen import (
    FrozenItem,
    changes,
    effective_values,
    frozen_items,
)
from readiness.workbench.checklists.gate_page import GatePage, gate_page
from readiness.workbench.checklists.page import ShownClause, shown_clauses
from readiness.workbench.checklists.places import GatePlace, header_at
from readiness.workbench.checklists.words import DECISION_TONES, HOLD, answer_words, decision_labels
from readiness.workbench.finding import organisation_of
from readiness.workbench.header import Header
from readiness.workbench.initiatives.acts import ENDINGS
from readiness.workbench.reviews.forms import People

HINTS = {
    DecisionKind.PASS.value: "The criteria hold, as submitted and now.",
    DecisionKind.PASS_WITH_CONDITIONS.value: "It passes, and somebody promises the rest by a day.",
    DecisionKind.RETURN.value: "Back to the team, with what is missing.",
    HOLD: "Back to the team, and nothing moves until a day you name.",
    DecisionKind.STOP.value: "The initiative ends here, with its lesson.",
}


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item of the submission. ``now`` is None where it counts as it did; ``since_last`` is what the submission
    changed against the last decision."""

    frozen: FrozenItem
    statement: str
    reviewer_check: str
    now: Word | None
    changed: list[str]
    since_last: list[str]
    href: str


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
class Review:
    """``page`` is the gate's own page: status, submission, decisions, who may do what."""

    page: GatePage
    header: Header
    items: list[ReviewItem]
    clauses_frozen: list[ShownClause]
    clauses_now: list[ShownClause]
    held: bool
    cards: list[DecisionCard]

    @property
    def endings(self) -> tuple[Choice, ...]:
        """How an initiative can have ended, for the lesson of a stop."""
        return ENDINGS

    @property
    def title(self) -> str:
        return f"Decide {self.page.place.state.gate.label}"

    @property
    def holds(self) -> bool:
        return self.page.place.state.criteria.holds

    @property
    def changed(self) -> int:
        return sum(1 for item in self.items if item.changed)

    @property
    def possible(self) -> bool:
        return any(not card.refusal for card in self.cards)

    @property
    def refusal(self) -> str:
        """Why nothing can be decided."""
        return "" if self.possible else self.cards[0].refusal


def review_of(request: HttpRequest, place: GatePlace, at: datetime) -> Review:
    """The review of a gate as it stands; without a waiting submission it shows no items."""
    page = gate_page(request, place, at)
    waiting = page.gate.waiting
    frozen = waiting.snapshot.content if waiting else None
    return Review(
        page=page,
        header=header_at(place, gate_url, crumb="Decide"),
        items=_items(place, frozen, page) if frozen else [],
        clauses_frozen=_clauses_frozen(request, place, frozen) if frozen else [],
        clauses_now=shown_clauses(place),
        held=waiting.criteria_held if waiting else False,
        cards=_cards(place),
    )


def _items(place: GatePlace, frozen: Mapping, page: GatePage) -> list[ReviewItem]:
    framework, words = place.row.framework, answer_words(place.row.framework)
    now = content_of(place.passage, place.state)
    values, before = effective_values(now), effective_values(frozen)
    changed = changes(frozen, now, framework)
    last = page.standing.decision.snapshot.content if page.standing else None
    since_last = changes(last, frozen, framework) if last else {}
    rows: dict[str, Item] = {item.code: item for item in place.row.items.all()}
    return [
        ReviewItem(
            frozen=item,
            statement=rows[item.code].statement,
            reviewer_check=rows[item.code].reviewer_check,
            now=words[values[item.code]] if values[item.code] != before[item.code] else None,
            changed=changed.get(item.code, []),
            since_last=since_last.get(item.code, []),
            href=checklist_url(place.initiative.ref, place.slug, item.code),
        )
        for item in frozen_items(place.initiative.ref, frozen, framework, place.today)
    ]


def _clauses_frozen(request: HttpRequest, place: GatePlace, frozen: Mapping) -> list[ShownClause]:
    """The criteria over the answers that were frozen, with the waivers that were in force on that day."""
    waiting = place.passage.waiting[place.slug]
    waivers = [
        WaiverFacts(place.passage.framework.items[one.item_id], one.expires_on)
        for one in place.passage.waivers
        if one.granted_at <= waiting.at
    ]
    day = organisation_of(request).day_of(waiting.at)
    found = criteria(place.state.gate, effective_values(frozen), waivers_in_force(waivers, day))
    return [ShownClause(clause.holds, clause.message, "") for clause in found.clauses]


def _cards(place: GatePlace) -> list[DecisionCard]:
    return [
        DecisionCard(value, label, *DECISION_TONES[value], HINTS[value], _refusal(place, value))
        for value, label in decision_labels(place.kind).items()
    ]


def _refusal(place: GatePlace, value: str) -> str:
    if value == HOLD and place.initiative.hold is not None:
        return "It is on hold already."
    kind = DecisionKind.RETURN if value == HOLD else DecisionKind(value)
    refusal = decision_refusal(kind, int(kind == DecisionKind.PASS_WITH_CONDITIONS), place.state)
    return refusal.message if refusal else ""


def people_to_promise(place: GatePlace) -> People:
    """Who can own a condition: the team first, then everybody else who is active."""
    places = TeamRole.objects.filter(initiative=place.initiative, until__isnull=True)
    on_team = set(places.values_list("user", flat=True))
    team: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for user in User.objects.active():
        named = (user.username, f"{user.name}, {user.unit}" if user.unit else user.name)
        (team if user.pk in on_team else others).append(named)
    return [("The team", team), ("Others", others)]
