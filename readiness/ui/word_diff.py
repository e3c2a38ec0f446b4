"""What became of a text, word by word. Pure: no template, no request."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORK_MAX = 1_000_000
"""So many pairs of words are compared at most; above that the changed stretch counts as written anew."""

_WORD = re.compile(r"\S+\s*|\s+")


class Part(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is in both (kept), only in the new one (added) or only in the old one (removed)."""

    part: Part
    text: str


def word_diff(before: str, after: str) -> list[Segment]:
    """The stretches that lead from one text to the other, in order of reading.

    The kept and added ones together are the new text, letter by letter. White space alone is no change of words.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    kept_first = [Segment(Part.KEPT, "".join(new[:head]))]
    kept_last = [Segment(Part.KEPT, "".join(new[len(new) - tail :]))]
    return [one for one in [*kept_first, *middle, *kept_last] if one.text]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words the two begin with alike."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one.strip() != other.strip():
            break
        count += 1
    return count


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Segment]:
    if len(old) * len(new) > WORK_MAX:
        yield Segment(Part.REMOVED, "".join(old))
        yield Segment(Part.ADDED, "".join(new))
        return
    matcher = SequenceMatcher(None, [one.strip() for one in old], [one.strip() for one in new])
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            yield Segment(Part.KEPT, "".join(new[new_from:new_to]))
        else:
            yield Segment(Part.REMOVED, "".join(old[old_from:old_to]))
            yield Segment(Part.ADDED, "".join(new[new_from:new_to]))
