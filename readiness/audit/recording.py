"""Who acts, and the ledger in which it is written: events are appended to the chain, and never changed."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder

from gates.asking import Prepared
from readiness.audit import chain
from readiness.audit.models import ActorKind, Chain, Event
from readiness.audit.proving import verify as verify

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (perhaps by a token), a command, an import, or the passing of time."""

    kind: ActorKind
    user: Any = None
    token_name: str = ""

    @classmethod
    def person(cls, user: Any, token_name: str = "") -> Self:
        return cls(ActorKind.PERSON, user, token_name)

    @property
    def by_hand(self) -> bool:
        """Whether a person acts themselves, and no program in their name."""
        return self.kind == ActorKind.PERSON and not self.token_name

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None


COMMAND = Actor(ActorKind.COMMAND)
IMPORT = Actor(ActorKind.IMPORT)
CLOCK = Actor(ActorKind.CLOCK)
IMPORTED = "initiative.imported"
"""The verb of what a file brought in, also where a person sent the file: nobody worked on the initiative."""


_locked_head = Prepared(lambda keys: Chain.objects.filter(pk__in=keys).order_by().select_for_update())


class Ledger:
    """The chain, locked until the transaction ends. It is the last lock a transaction takes."""

    def __init__(self, at: datetime) -> None:
        head = _locked_head.one(1)
        if head is None:
            raise Chain.DoesNotExist
        self._head = head
        self.at = at
        self._links: list[chain.Link] = []

    @property
    def last(self) -> int:
        """The number of the last event that is written, 0 before the first."""
        return self._head.seq

    def tick(self) -> datetime:
        """A moment later than every tick before it, whoever took it: its order is the order of commits."""
        last = self._head.ticked_at
        self._head.ticked_at = self.at if last is None or self.at > last else last + MICROSECOND
        return self._head.ticked_at

    def append(self, actor: Actor, verb: str, data: dict[str, Any], initiative_id: int | None = None) -> None:
        """Note one event; ``close`` writes it. ``data`` holds whatever JSON can, decimals and days included."""
        self._links.append(
            chain.Link(
                seq=self._head.seq + len(self._links) + 1,
                at=self.at,
                actor_kind=actor.kind.value,
                actor_id=actor.user_id,
                token_name=actor.token_name,
                verb=verb,
                initiative_id=initiative_id,
                data=json.loads(json.dumps(data, cls=DjangoJSONEncoder), parse_float=str),
                previous_hash="",
            )
        )

    def close(self) -> None:
        """Write the noted events and the new head."""
        links = list(chain.chained(self._links, self._head.hash))
        Event.objects.bulk_create([_event(link) for link in links])
        if links:
            self._head.seq, self._head.hash = links[-1].seq, links[-1].hash
        self._head.save(update_fields=["seq", "hash", "ticked_at"])
        self._links = []


def record(actor: Actor, verb: str, data: dict[str, Any], at: datetime) -> None:
    """Append one event that concerns no initiative."""
    ledger = Ledger(at)
    ledger.append(actor, verb, data)
    ledger.close()


def _event(link: chain.Link) -> Event:
    return Event(
        seq=link.seq,
        at=link.at,
        actor_kind=link.actor_kind,
        actor_id=link.actor_id,
        token_name=link.token_name,
        verb=link.verb,
        initiative_id=link.initiative_id,
        data=link.data,
        previous_hash=link.previous_hash,
        hash=link.hash,
    )
