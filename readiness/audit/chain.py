"""The arithmetic of the chain: standard library only, so that it can be checked outside the product."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What of an event goes into its hash. ``data`` holds JSON values without floats."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    token_name: str
    verb: str
    initiative_id: int | None
    data: dict[str, Any]
    previous_hash: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold."""

    seq: int
    reason: str


def canonical(link: Link) -> str:
    """The event as JSON: keys sorted, no spaces, moments in UTC with microseconds."""
    return json.dumps(
        {
            "actor_id": link.actor_id,
            "actor_kind": link.actor_kind,
            "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "data": link.data,
            "initiative_id": link.initiative_id,
            "seq": link.seq,
            "token_name": link.token_name,
            "verb": link.verb,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def digest(link: Link) -> str:
    """SHA-256 of the previous hash, a line feed and the canonical JSON, in hexadecimal."""
    return hashlib.sha256(f"{link.previous_hash}\n{canonical(link)}".encode()).hexdigest()


def first_broken(links: Iterable[Link], head_seq: int, head_hash: str) -> Broken | None:
    """The first link that does not hold, or None when the chain is whole up to its recorded head."""
    previous, expected = GENESIS, 1
    for link in links:
        if link.seq != expected:
            return Broken(expected, f"event {expected} is missing: the next one found is {link.seq}")
        if link.previous_hash != previous:
            return Broken(link.seq, "it does not follow the event before it")
        if digest(link) != link.hash:
            return Broken(link.seq, "its content does not match its hash")
        previous, expected = link.hash, expected + 1
    last = expected - 1
    if head_seq != last:
        return Broken(min(head_seq, last) + 1, f"the chain ends at {last}, but its head says {head_seq}")
    if head_hash != previous:
        return Broken(head_seq, "the head of the chain names another hash")
    return None


def chained(links: Iterable[Link], previous_hash: str) -> Iterator[Link]:
    """The same links, each with the hash of the one before it and its own."""
    for link in links:
        following = replace(link, previous_hash=previous_hash)
        previous_hash = digest(following)
        yield replace(following, hash=previous_hash)
