"""What differs between two moments of a gate, item by item: a plain comparison of two frozen contents.

Contents are as ``readiness.actions.snapshots`` makes them. Standard library only: no database, no words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]
NOTHING: Content = {"items": ()}
"""The content of a gate that nobody ever looked at."""

_BLANK: Content = {
    "answer": "unanswered",
    "effective": "unanswered",
    "measured": None,
    "note": "",
    "evidence": (),
}


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """What is different at one item: pairs of old and new, None where they are the same.

    ``added`` and ``withdrawn`` are keys of pieces of evidence; a piece that came and went in between is in both.
    """

    code: str
    answer: tuple[str, str] | None
    effective: tuple[str, str] | None
    measured: tuple[str | None, str | None] | None
    note: tuple[str, str] | None
    added: tuple[int, ...]
    withdrawn: tuple[int, ...]

    @property
    def is_answer(self) -> bool:
        """Whether what is said, measured or counted is another."""
        return bool(self.answer or self.effective or self.measured)

    @property
    def is_anything(self) -> bool:
        return self.is_answer or bool(self.note or self.added or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items have another answer or another note, and how many pieces of evidence came or went."""

    answers: int
    notes: int
    added: int
    withdrawn: int


def differences(before: Content, after: Content) -> dict[str, ItemDifference]:
    """What is different in ``after``, by the item's code in its order; an item without a difference is left out.

    An item that is not in ``before`` counts as unanswered there, with neither note nor evidence.
    """
    old = {item["code"]: item for item in before["items"]}
    found = (_difference(old.get(item["code"], _BLANK), item) for item in after["items"])
    return {one.code: one for one in found if one.is_anything}


def counted(found: Iterable[ItemDifference]) -> Counts:
    every = list(found)
    return Counts(
        answers=sum(1 for one in every if one.is_answer),
        notes=sum(1 for one in every if one.note),
        added=sum(len(one.added) for one in every),
        withdrawn=sum(len(one.withdrawn) for one in every),
    )


def _difference(old: Content, new: Content) -> ItemDifference:
    known = {piece["id"]: piece["withdrawn"] for piece in old["evidence"]}
    return ItemDifference(
        code=new["code"],
        answer=_pair(old["answer"], new["answer"]),
        effective=_pair(old["effective"], new["effective"]),
        measured=_pair(old.get("measured"), new.get("measured")),
        note=_pair(old.get("note", ""), new.get("note", "")),
        added=tuple(piece["id"] for piece in new["evidence"] if piece["id"] not in known),
        withdrawn=tuple(
            piece["id"] for piece in new["evidence"] if piece["withdrawn"] and not known.get(piece["id"])
        ),
    )


def _pair(old: Any, new: Any) -> tuple[Any, Any] | None:
    return None if old == new else (old, new)
