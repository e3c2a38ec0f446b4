"""What a snapshot holds, as a page shows it, and what differs between two.

Contents are as ``readiness.actions.snapshots`` makes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.models import EvidenceKind, Framework
from checklists.scoring import AnswerValue
from readiness.standing.words import Word
from readiness.workbench.checklists.items import piece_url
from readiness.workbench.checklists.words import EVIDENCE_ICONS, answer_words

Content = Mapping[str, Any]
MISSING: Content = {
    "answer": AnswerValue.UNANSWERED.value,
    "effective": AnswerValue.UNANSWERED.value,
    "evidence": [],
}


@dataclass(frozen=True, slots=True)
class FrozenPiece:
    """``age`` in days, on the day on which it is looked at."""

    title: str
    icon: str
    href: str
    on_web: bool
    stated_by: str
    effective_on: date
    age: int
    expires_on: date | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """One item as it stood; ``measured`` is None where no check spoke."""

    code: str
    title: str
    critical: bool
    declared: Word
    measured: Word | None
    counts: Word
    why: str
    note: str
    asks_for_evidence: bool
    pieces: list[FrozenPiece]


def frozen_items(ref: str, content: Content, framework: Framework, today: date) -> list[FrozenItem]:
    """Every item of a snapshot, in the framework's order, with the age of its evidence on a day."""
    words = answer_words(framework)
    return [
        FrozenItem(
            code=item["code"],
            title=item["title"],
            critical=item["critical"],
            declared=words[AnswerValue(item["answer"])],
            measured=words[AnswerValue(item["measured"])] if item["measured"] else None,
            counts=words[AnswerValue(item["effective"])],
            why=item["why"],
            note=item["note"],
            asks_for_evidence=framework.evidence_required,
            pieces=[_frozen_piece(ref, piece, today) for piece in item["evidence"]],
        )
        for item in content["items"]
    ]


def _frozen_piece(ref: str, piece: Content, today: date) -> FrozenPiece:
    kind = EvidenceKind(piece["kind"])
    effective_on = date.fromisoformat(piece["effective_on"])
    return FrozenPiece(
        title=piece["title"],
        icon=EVIDENCE_ICONS[kind],
        href=piece_url(ref, piece["id"], kind, piece["url"]),
        on_web=kind != EvidenceKind.FILE,
        stated_by=piece["stated_by"],
        effective_on=effective_on,
        age=(today - effective_on).days,
        expires_on=date.fromisoformat(piece["expires_on"]) if piece["expires_on"] else None,
        withdrawn=piece["withdrawn"],
    )


def effective_values(content: Content) -> dict[str, AnswerValue]:
    """What counted, by the item's code."""
    return {item["code"]: AnswerValue(item["effective"]) for item in content["items"]}


def changes(before: Content, after: Content, framework: Framework) -> dict[str, list[str]]:
    """What is different in ``after``, in sentences by the item's code; an item without a change is left out."""
    words = answer_words(framework)
    old = {item["code"]: item for item in before["items"]}
    found = {
        item["code"]: list(_differences(old.get(item["code"], MISSING), item, words))
        for item in after["items"]
    }
    return {code: sentences for code, sentences in found.items() if sentences}


def _differences(old: Content, new: Content, words: Mapping[AnswerValue, Word]) -> Iterator[str]:
    def said(value: str) -> str:
        return words[AnswerValue(value)].label

    if old["answer"] != new["answer"]:
        yield f"Declared {said(new['answer'])}, it was {said(old['answer'])}."
    if old["effective"] != new["effective"]:
        yield f"Counts as {said(new['effective'])}, it was {said(old['effective'])}."
        if new["why"]:
            yield new["why"]
    if old.get("measured") != new.get("measured") and new.get("measured"):
        yield f"Measured {said(new['measured'])}."
    if old.get("note", "") != new["note"]:
        yield f"Note: “{new['note']}”" if new["note"] else "The note was taken away."
    known = {piece["id"]: piece for piece in old["evidence"]}
    for piece in new["evidence"]:
        was = known.get(piece["id"])
        if was is None:
            yield f"Evidence added: “{piece['title']}”."
        if piece["withdrawn"] and (was is None or not was["withdrawn"]):
            yield f"Evidence withdrawn: “{piece['title']}”."
