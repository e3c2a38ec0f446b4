"""The arithmetic of the chain: standard library only, so that it can be checked outside the product."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
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


class Breach(StrEnum):
    """In which way a link does not hold."""

    MISSING = "missing"
    """The event is not there, and a later one is."""
    UNLINKED = "unlinked"
    """It does not name the hash of the event before it."""
    ALTERED = "altered"
    """Its content does not give its hash."""
    LENGTH = "length"
    """The chain ends earlier or later than its head says."""
    HEAD = "head"
    """It ends where its head says, but not with the hash that the head names."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold."""

    seq: int
    reason: str
    breach: Breach


def moment(at: datetime) -> str:
    """A moment as it is hashed: ISO 8601 in UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(link: Link) -> str:
    """The event as JSON: keys sorted, no spaces, moments in UTC with microseconds."""
    return json.dumps(
        {
            "actor_id": link.actor_id,
            "actor_kind": link.actor_kind,
            "at": moment(link.at),
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


class Walk:
    """A way along the chain that can be taken up again where it was left: behind ``seq``, whose hash is ``hash``."""

    def __init__(self, seq: int = 0, hash: str = GENESIS) -> None:
        self.seq, self.hash = seq, hash

    def follow(self, links: Iterable[Link]) -> Broken | None:
        """Go along these links; the first that does not hold, before which the way then ends, or None."""
        for link in links:
            expected = self.seq + 1
            if link.seq != expected:
                reason = f"event {expected} is missing: the next one found is {link.seq}"
                return Broken(expected, reason, Breach.MISSING)
            if link.previous_hash != self.hash:
                return Broken(link.seq, "it does not follow the event before it", Breach.UNLINKED)
            if digest(link) != link.hash:
                return Broken(link.seq, "its content does not match its hash", Breach.ALTERED)
            self.seq, self.hash = link.seq, link.hash
        return None

    def end(self, head_seq: int, head_hash: str) -> Broken | None:
        """What does not hold where there is no further link, or None: then the chain is whole up to its head."""
        if head_seq != self.seq:
            reason = f"the chain ends at {self.seq}, but its head says {head_seq}"
            return Broken(min(head_seq, self.seq) + 1, reason, Breach.LENGTH)
        if head_hash != self.hash:
            return Broken(head_seq, "the head of the chain names another hash", Breach.HEAD)
        return None


def chained(links: Iterable[Link], previous_hash: str) -> Iterator[Link]:
    """The same links, each with the hash of the one before it and its own."""
    for link in links:
        following = replace(link, previous_hash=previous_hash)
        previous_hash = digest(following)
        yield replace(following, hash=previous_hash)
