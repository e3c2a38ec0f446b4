"""Proving the chain: whole, or in parts of which each takes a request no longer than it may take."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core import signing
from django.db.models import Max

from readiness.audit import chain
from readiness.audit.models import Chain, Event

PART = 20_000
"""So many events are proved in one request: a second or two."""
BATCH = 2_000
SEALED_FOR = 24 * 60 * 60
_SALT = "readiness.audit.proving"
_COLUMNS = (
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "token_name",
    "verb",
    "initiative_id",
    "data",
    "previous_hash",
    "hash",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the chain: an event, and its hash. Before the first event it is 0 and 64 zeros."""

    seq: int = 0
    hash: str = chain.GENESIS


START = Place()


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found on the way from ``begun``: everything holds up to ``reached``.

    ``ended``: there is no more to look at; else it goes on behind ``reached``. With ``broken`` it has ended too.
    """

    begun: Place
    reached: Place
    head: Place
    ended: bool
    broken: chain.Broken | None

    @property
    def checked(self) -> int:
        """How many events were found to hold on this way."""
        return self.reached.seq - self.begun.seq

    @property
    def holds(self) -> bool:
        """Whether the chain is whole to its very end."""
        return self.ended and self.broken is None


def prove(begun: Place = START, most: int | None = None) -> Proof:
    """Look at ``most`` events behind a place at which everything held, or at all of them; a batch at once.

    It may be asked while others write: an event is committed together with the head that knows of it, so the head,
    read after the last event, is never behind it. What is appended later is left to the next proof.
    """
    last = Event.objects.aggregate(last=Max("seq"))["last"] or 0
    head = head_of_chain()
    walk = chain.Walk(begun.seq, begun.hash)
    upto, left = max(last, head.seq), most
    broken, ended = None, False
    while broken is None and not ended and left != 0:
        size = BATCH if left is None else min(BATCH, left)
        links = list(_links(walk.seq, upto, size))
        broken = walk.follow(links)
        ended = len(links) < size or walk.seq == upto
        left = None if left is None else left - len(links)
    if broken is None and ended:
        broken = walk.end(head.seq, head.hash)
    return Proof(begun, Place(walk.seq, walk.hash), head, ended or broken is not None, broken)


def verify() -> tuple[int, chain.Broken | None]:
    """How many events the chain holds, and its first broken link if there is one."""
    found = prove()
    return found.head.seq, found.broken


def head_of_chain() -> Place:
    """The last event, as the head of the chain names it."""
    head = Chain.objects.filter(pk=1).first() or Chain(pk=1)
    return Place(head.seq, head.hash)


def _links(after: int, upto: int, most: int) -> Iterator[chain.Link]:
    rows = Event.objects.filter(seq__gt=after, seq__lte=upto).order_by("seq")
    for row in rows.values_list(*_COLUMNS)[:most]:
        yield chain.Link(*row)


def sealed(place: Place) -> str:
    """A place as it goes out and comes back: only one at which this product found everything to hold is taken up."""
    return signing.dumps([place.seq, place.hash], salt=_SALT)


def unsealed(word: str) -> Place | None:
    """The place, or None where this product did not seal it, or did so more than a day ago."""
    try:
        seq, digest = signing.loads(word, salt=_SALT, max_age=SEALED_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Place(seq, digest)
