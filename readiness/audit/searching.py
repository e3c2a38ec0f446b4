"""Finding events: by what they are, by who and what they are about, and by the words that were recorded."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet

from checklists.models import Gate
from gates.models import Initiative
from gates.querysets import normalised
from readiness.audit.models import Event

WINDOW = 20_000
"""Among so many events words are looked for in one request; further back on demand."""
BATCH = 1_000
_READ = ("seq", "actor_id", "initiative_id", "token_name", "verb", "data")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events are asked for; None and "": all. ``actor`` is a username, ``since`` is included, ``until`` is not.

    ``called``: what a kind of event is called, by its verb, so that it is found by these words too.
    """

    verb: str = ""
    actor: str = ""
    initiative_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    called: Callable[[str], str] = str

    def rows(self) -> QuerySet[Event]:
        """Those of them that the database can tell, with the words left out of account."""
        wanted = Q()
        for name, value in (
            ("verb", self.verb or None),
            ("actor__username", self.actor or None),
            ("initiative", self.initiative_id),
            ("at__gte", self.since),
            ("at__lt", self.until),
        ):
            if value is not None:
                wanted &= Q(**{name: value})
        return Event.objects.filter(wanted)

    def told(self) -> dict[str, Any]:
        """What is asked for, as the trail notes it of a download: what is not narrowed is not named."""
        about = None if self.initiative_id is None else Initiative(pk=self.initiative_id).ref
        named = {
            "verb": self.verb,
            "actor": self.actor,
            "initiative": about,
            "since": self.since,
            "until": self.until,
            "words": self.words,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of events, the newest first. ``more``: others stand behind the last of them.

    ``looked``: among how many events words were looked for. ``back_to``: the number of the oldest of them where older
    ones were not looked at any more, else None.
    """

    events: list[Event]
    more: bool
    looked: int = 0
    back_to: int | None = None


def newest(asked: Asked, before: int | None, most: int, window: int = WINDOW) -> Found:
    """At most ``most`` events before a number. Words are looked for among ``window`` of them and no others."""
    rows = asked.rows().order_by("-seq")
    shown = rows.select_related("actor", "initiative")
    fits = _fitting(asked)
    if fits is None:
        found = list((shown if before is None else shown.filter(seq__lt=before))[: most + 1])
        return Found(found[:most], len(found) > most)
    keys: list[int] = []
    looked, place, exhausted = 0, before, False
    while len(keys) <= most and looked < window and not exhausted:
        size = min(BATCH, window - looked)
        batch = list((rows if place is None else rows.filter(seq__lt=place)).values(*_READ)[:size])
        for one in batch:
            looked, place = looked + 1, one["seq"]
            if fits(one):
                keys.append(place)
                if len(keys) > most:
                    break
        else:
            exhausted = len(batch) < size
    further = len(keys) <= most and not exhausted and rows.filter(seq__lt=place).exists()
    events = list(shown.filter(seq__in=keys[:most]))
    return Found(events, len(keys) > most, looked, place if further else None)


def oldest_first(asked: Asked, last: int) -> Iterator[list[Event]]:
    """All of them up to the one of this number, batch by batch: no more than one is held."""
    rows = asked.rows().filter(seq__lte=last).select_related("actor").order_by("seq")
    fits = _fitting(asked)
    batch = list(rows[:BATCH])
    while batch:
        yield [one for one in batch if fits is None or fits({name: getattr(one, name) for name in _READ})]
        batch = list(rows.filter(seq__gt=batch[-1].seq)[:BATCH]) if len(batch) == BATCH else []


def _fitting(asked: Asked) -> Callable[[Mapping[str, Any]], bool] | None:
    """Whether an event holds every word, itself or in the initiative or person it is about; None without a word.

    Here and not in the database, because no two of them agree on the lower case of every letter. Three queries.
    """
    words = normalised(asked.words).split()
    if not words:
        return None
    initiatives = _holding(Initiative, words)
    people = _holding(get_user_model(), words)
    gates = _gates_called(words)
    called: dict[str, str] = {}
    written = {word: json.dumps(word, ensure_ascii=False)[1:-1] for word in words}

    def fits(row: Mapping[str, Any]) -> bool:
        data = row["data"]
        recorded = json.dumps(data, ensure_ascii=False).casefold()
        verb = row["verb"]
        if verb not in called:
            called[verb] = normalised(asked.called(verb))
        beside = f"{verb} {called[verb]} {normalised(row['token_name'])}"
        return all(
            written[word] in recorded
            or word in beside
            or row["initiative_id"] in initiatives[word]
            or row["actor_id"] in people[word]
            or data.get("gate") in gates[word]
            for word in words
        )

    return fits


def _holding(model: type[Model], words: list[str]) -> dict[str, set[int]]:
    """The keys of the rows that hold each word."""
    any_of = Q()
    for word in words:
        any_of |= Q(search_key__contains=word)
    rows = list(model._default_manager.filter(any_of).order_by().values_list("pk", "search_key"))
    return {word: {pk for pk, text in rows if word in text} for word in words}


def _gates_called(words: list[str]) -> dict[str, set[str]]:
    """The slugs of the gates whose name holds each word: an event names a gate by its slug."""
    rows = [(slug, normalised(name)) for slug, name in Gate.objects.order_by().values_list("slug", "name")]
    return {word: {slug for slug, name in rows if word in name} for word in words}
