"""What the checklist shows of each item: what was said, what evidence and checks allow, and what counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from checklists.models import Answer, Evidence, EvidenceKind, Item
from checklists.scoring import MET, NOT_MET, PARTIAL, AnswerValue, ItemState, cap
from gates.criteria import GateKind
from gates.models import Waiver
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.standing.proposal_facts import proposals_of
from readiness.standing.words import Word
from readiness.ui.parts import Choice
from readiness.ui.saying import content, say
from readiness.workbench.checklists.forms import AnswerForm, EvidenceForm
from readiness.workbench.checklists.measuring import ShownCheck, shown_checks
from readiness.workbench.checklists.pieces import ShownPiece, shown_pieces
from readiness.workbench.checklists.places import GatePlace
from readiness.workbench.checklists.words import EVIDENCE_ICONS, KINDS_OF_AI, answer_words
from readiness.workbench.together.asked import Together

_POINT = re.compile(r"\s+(?=\(\d\) )")


@dataclass(frozen=True, slots=True)
class ShownWaiver:
    waiver: Waiver
    approver: str


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposed answer: its value, its word and why."""

    value: str
    word: Word
    why: str


@dataclass(slots=True)
class ShownItem:
    """One item as its card shows it. ``form`` and ``evidence_form`` are None where the person only reads.

    ``told`` is what the card says of the last write (a name of templates/workbench/checklist/_told.html), ``told_at``
    when that was.
    """

    row: Item
    state: ItemState
    answers: Mapping[AnswerValue, Word]
    answer: Answer | None
    allowed: Word | None
    pieces: list[ShownPiece]
    withdrawn: list[ShownPiece]
    waiver: ShownWaiver | None
    may_waive: bool
    answered_by: str
    proposal: ShownProposal | None = None
    check: ShownCheck | None = None
    form: AnswerForm | None = None
    evidence_form: EvidenceForm | None = None
    together: Together | None = None
    told: str = ""
    told_at: datetime | None = None
    refusal: str = ""

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def to_renew(self) -> Evidence | None:
        """The piece whose words a new one begins with: the newest that is to be renewed, else the newest of people."""
        given = [one for one in self.pieces if one.evidence.kind != EvidenceKind.CHECK]
        found = next((one for one in given if one.renew), given[0] if given else None)
        return found.evidence if found else None

    @property
    def declared(self) -> Word:
        return self.answers[self.state.declared]

    @property
    def counts(self) -> Word:
        return self.answers[self.state.effective.value]

    @property
    def measured(self) -> Word | None:
        measured = self.answer.measured if self.answer else None
        return self.answers[AnswerValue(measured)] if measured else None

    @property
    def asks_for_evidence(self) -> bool:
        return self.state.item.evidence_required

    @property
    def may_bind(self) -> bool:
        """Whether the person may say which check measures it."""
        return self.form is not None and self.asks_for_evidence

    @property
    def choices(self) -> list[Choice]:
        """The answers side by side, each with what it takes; the last is to have none."""
        texts = self._texts
        return [
            Choice(
                value=value.value,
                label=word.label,
                hint=texts.get(value, ""),
                tone=word.tone,
                icon=word.icon,
            )
            for value, word in self.answers.items()
        ]

    @property
    def evidence_kinds(self) -> list[Choice]:
        return [
            Choice(value=value, label=str(label), icon=EVIDENCE_ICONS[EvidenceKind(value)])
            for value, label in EvidenceForm.KINDS
        ]

    @property
    def withdrawn_summary(self) -> str:
        count = len(self.withdrawn)
        return ngettext("%(count)s piece withdrawn", "%(count)s pieces withdrawn", count) % {"count": count}

    @property
    def meanings(self) -> list[tuple[Word, str]]:
        """What counts as which answer."""
        texts = self._texts
        return [(word, texts[value]) for value, word in self.answers.items() if texts.get(value)]

    @property
    def _texts(self) -> dict[AnswerValue, str]:
        return texts_of(self.row)

    @property
    def kinds_of_ai(self) -> list[tuple[str, str]]:
        return [(KINDS_OF_AI[key], text) for key, text in self.row.applies_to.items() if key in KINDS_OF_AI]


def texts_of(row: Item) -> dict[AnswerValue, str]:
    """What counts as which answer; numbered points on lines of their own."""
    texts = {MET: row.when_met, PARTIAL: row.when_partial, NOT_MET: row.when_not_met}
    return {value: _POINT.sub("\n", content(text)) for value, text in texts.items()}


def shown_items(place: GatePlace, whole: str | None = None) -> list[ShownItem]:
    """Every item of the gate in order; two queries, and one more where checks measure any of them.

    ``whole``: only the item of this code is made ready for its card, the others for the figures beside it.
    """
    words = answer_words(place.row.framework)
    names = _names(place)
    states = {state.item.code: state for state in place.state.items}
    items = [
        _shown_item(place, row, states[row.code], words, names)
        if whole in (None, row.code)
        else _figure(row, states[row.code], words, place)
        for row in place.row.items.all()
    ]
    proposals, checks = proposals_of(place.judgement), shown_checks(place)
    for item in items:
        item.check = checks.get(item.code)
        proposal = proposals.get(item.code)
        if proposal is not None:
            item.proposal = ShownProposal(proposal.answer.value, words[proposal.answer], say(proposal.why))
    return items


def _figure(row: Item, state: ItemState, words: Mapping[AnswerValue, Word], place: GatePlace) -> ShownItem:
    """An item for what is counted and drawn, without its evidence and its forms."""
    answer = place.passage.answers.get(row.code)
    return ShownItem(row, state, words, answer, None, [], [], None, may_waive=False, answered_by="")


def _names(place: GatePlace) -> dict[int | None, str]:
    """Everyone who wrote in this framework, by key; the team's names are known already."""
    people: set[int | None] = {answer.answered_by_id for answer in place.passage.answers.values()}
    people |= {piece.added_by_id for pieces in place.passage.evidence.values() for piece in pieces}
    people |= {waiver.approver_id for waiver in place.passage.waivers}
    names: dict[int | None, str] = {role.user_id: str(role.user) for role in place.judgement.facts.team}
    others = people - names.keys() - {None}
    if others:
        users = User.objects.filter(pk__in=others).order_by().only("username", "name")
        names |= {user.pk: str(user) for user in users}
    return names


def _shown_item(
    place: GatePlace,
    row: Item,
    state: ItemState,
    words: Mapping[AnswerValue, Word],
    names: Mapping[int | None, str],
) -> ShownItem:
    answer = place.passage.answers.get(row.code)
    pieces = shown_pieces(place, state, words, names)
    item = ShownItem(
        row=row,
        state=state,
        answers=words,
        answer=answer,
        allowed=_allowed(place, state, words),
        pieces=[one for one in pieces if one.evidence.withdrawn_at is None],
        withdrawn=[one for one in pieces if one.evidence.withdrawn_at is not None],
        waiver=_waiver(place, row.code, names),
        may_waive=_may_waive(place, state),
        answered_by=names.get(answer.answered_by_id, "") if answer else "",
    )
    if place.may_answer:
        item.form = AnswerForm.of(row.code, answer)
        item.evidence_form = EvidenceForm.of(row.code, answer, place.today)
    return item


def _allowed(place: GatePlace, state: ItemState, words: Mapping[AnswerValue, Word]) -> Word | None:
    """The best answer that the evidence allows; None where the framework does not ask for any."""
    if not state.item.evidence_required:
        return None
    pieces = tuple(one.counted for one in place.passage.evidence.get(state.item.code, ()))
    return words[cap(pieces, state.item.evidence_max_age_days, place.judgement.as_of).value]


def _waiver(place: GatePlace, code: str, names: Mapping[int | None, str]) -> ShownWaiver | None:
    """The waiver in force, the longest where there are several."""
    own = [one for one in place.passage.waivers if place.passage.framework.items[one.item_id] == code]
    in_force = [one for one in own if one.expires_on >= place.judgement.as_of]
    if not in_force:
        return None
    longest = max(in_force, key=lambda one: one.expires_on)
    return ShownWaiver(longest, names.get(longest.approver_id, ""))


def _may_waive(place: GatePlace, state: ItemState) -> bool:
    """A waiver means something for an item of a gate that is not critical and does not count as met."""
    wanted = place.kind == GateKind.GATE and not state.item.critical and state.effective.value != MET
    return wanted and Act.WAIVE in place.acts and not place.initiative.has_ended
