"""What a snapshot holds, as a page shows it.

Contents are as ``readiness.actions.snapshots`` makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.models import EvidenceKind, Framework
from checklists.scoring import AnswerValue
from readiness.standing.words import Word
from readiness.workbench.checklists.pieces import piece_url
from readiness.workbench.checklists.words import EVIDENCE_ICONS, answer_words

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FrozenPiece:
    """``age`` in days, on the day on which it is looked at."""

    pk: int
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
        pk=piece["id"],
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
