"""An event as it is taken along: complete enough for the chain to be recomputed by whoever has the file alone."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gates.models import Initiative
from readiness.audit import chain
from readiness.audit.models import Event

COLUMNS = (
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "actor",
    "token_name",
    "verb",
    "initiative_id",
    "initiative",
    "data",
    "hashed",
    "previous_hash",
    "hash",
)
"""Of a table. ``hashed`` is the text that was hashed, to the letter: other cells are guarded against formulas."""


def told(event: Event) -> dict[str, Any]:
    """One event, that came with its actor, as JSON holds it: all that goes into its hash, and names beside the keys."""
    return {
        "seq": event.seq,
        "at": chain.moment(event.at),
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "actor": event.actor.username if event.actor else None,
        "token_name": event.token_name,
        "verb": event.verb,
        "initiative_id": event.initiative_id,
        "initiative": Initiative(pk=event.initiative_id).ref if event.initiative_id else None,
        "data": event.data,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def told_in_columns(event: Event) -> dict[str, Any]:
    """The same for a table, with the text that was hashed."""
    link = chain.Link(
        seq=event.seq,
        at=event.at,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        token_name=event.token_name,
        verb=event.verb,
        initiative_id=event.initiative_id,
        data=event.data,
        previous_hash=event.previous_hash,
    )
    return {**told(event), "hashed": chain.canonical(link)}


def recorded(data: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """What an event holds as pairs to read: the way to a value, such as ``answers 1 note``, and the value."""
    inner: Sequence[tuple[str, Any]]
    if isinstance(data, dict) and data:
        inner = [(str(key), value) for key, value in data.items()]
    elif isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        inner = [(str(number), value) for number, value in enumerate(data, start=1)]
    else:
        yield way, _words(data)
        return
    for name, value in inner:
        yield from recorded(value, f"{way} › {name}" if way else name)


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    return "" if value in (None, {}) else json.dumps(value, ensure_ascii=False)
