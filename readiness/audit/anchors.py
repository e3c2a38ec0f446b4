"""A mark of the chain that was kept outside: an earlier head's hash, or a line of an earlier download.

The chain proves itself only against whoever cannot rewrite all of it. What was noted elsewhere holds against them too.
"""

import json
import re
from dataclasses import dataclass

from readiness.audit import chain
from readiness.audit.models import Event

TEXT_MAX = 500_000
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_NUMBER = re.compile(r"\D{0,5}(\d{1,18})\b")
_ENDS = re.compile(r"[\r\n]+")
"""What ends a line of a download: texts in it may hold other characters that end lines elsewhere."""
_KEYS_END = 2**63


@dataclass(frozen=True, slots=True)
class Mark:
    """What was noted: a hash, and the number of its event where that stood beside it."""

    hash: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What became of a mark: the event that has its hash today, else the one that has its number."""

    mark: Mark
    event: Event | None = None
    other: Event | None = None


def mark_in(text: str) -> Mark | None:
    """The mark in the last line that holds one; None where there is none.

    Understood are a line of NDJSON or CSV as this product writes them, and a hash with or without its number before it.
    """
    for line in reversed(_ENDS.split(text)):
        mark = _of_object(line) or _of_words(line)
        if mark is not None:
            return mark
    return None


def sought(mark: Mark) -> Sought:
    """Look for it in the chain as it is today; at most two queries."""
    event = Event.objects.filter(hash=mark.hash).first()
    if event is not None or mark.seq is None:
        return Sought(mark, event)
    return Sought(mark, None, Event.objects.filter(seq=mark.seq).first())


def _of_object(line: str) -> Mark | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        told = json.loads(line)
    except (RecursionError, ValueError):
        return None
    digest, seq = told.get("hash"), told.get("seq")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest.lower()):
        return None
    known = type(seq) is int and 0 < seq < _KEYS_END
    return _mark(digest.lower(), seq if known else None)


def _of_words(line: str) -> Mark | None:
    """The last hash of the line is its own: before it may stand that of the event before, and what was recorded."""
    hashes = _HASH.findall(line.lower())
    if not hashes:
        return None
    number = None if _HASH.match(line.strip().lower()) else _NUMBER.match(line)
    return _mark(hashes[-1], int(number[1]) if number else None)


def _mark(digest: str, seq: int | None) -> Mark | None:
    """No mark is the hash from which every chain begins: it says nothing."""
    return None if digest == chain.GENESIS else Mark(digest, seq)
