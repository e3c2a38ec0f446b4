"""Ten events without their guard, and everything that somebody who owns the database could do to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from readiness.audit import chain
from readiness.audit.models import ActorKind, Chain, Event
from readiness.audit.recording import COMMAND, record
from tests.integration.standing.pictures import day


def ten_unguarded() -> None:
    """Ten events, and no guard: what follows is done by somebody who owns the database."""
    for number in range(10):
        record(COMMAND, "thing.done", {"number": number}, day(number))
    with connection.cursor() as cursor:
        for operation in ("update", "delete"):
            name = f"refuse_{operation}_audit_event"
            on_table = "" if connection.vendor == "sqlite" else " ON audit_event"
            cursor.execute(f"DROP TRIGGER {name}{on_table}")


def _event(seq: int) -> Any:
    return Event.objects.filter(seq=seq)


def _swap() -> None:
    """The fourth and the fifth change places, with all they hold but their numbers."""
    fourth, fifth = _event(4).values().get(), _event(5).values().get()
    for row in (fourth, fifth):
        row.pop("seq")
    _event(4).update(hash="0")
    _event(5).update(**fourth)
    _event(4).update(**fifth)


def _insert() -> None:
    """One more behind the last, rightly hashed, that the head knows nothing of."""
    last = Event.objects.latest("seq")
    link = chain.Link(11, day(11), "command", None, "", "thing.done", None, {}, last.hash)
    Event.objects.create(
        seq=11,
        at=day(11),
        actor_kind="command",
        verb="thing.done",
        previous_hash=last.hash,
        hash=chain.digest(link),
    )


TAMPERING: dict[str, tuple[Callable[[], object], int, str]] = {
    "what was done": (lambda: _event(4).update(verb="thing.undone"), 4, "content does not match"),
    "what was said": (lambda: _event(4).update(data={"number": 4}), 4, "content does not match"),
    "when": (lambda: _event(4).update(at=F("at") + timedelta(microseconds=1)), 4, "content does not match"),
    "by what": (lambda: _event(4).update(actor_kind=ActorKind.CLOCK), 4, "content does not match"),
    "with which token": (lambda: _event(4).update(token_name="another"), 4, "content does not match"),
    "its hash": (lambda: _event(4).update(hash="f" * 64), 4, "content does not match"),
    "what it follows": (lambda: _event(4).update(previous_hash="f" * 64), 4, "does not follow"),
    "the first": (lambda: _event(1).update(verb="thing.undone"), 1, "content does not match"),
    "the first is deleted": (lambda: _event(1).delete(), 1, "event 1 is missing"),
    "one is deleted": (lambda: _event(4).delete(), 4, "event 4 is missing"),
    "the last is deleted": (lambda: _event(10).delete(), 10, "the chain ends at 9, but its head says 10"),
    "all are deleted": (lambda: Event.objects.all().delete(), 1, "the chain ends at 0, but its head says 10"),
    "two are swapped": (_swap, 4, "does not follow"),
    "one is inserted": (_insert, 11, "the chain ends at 11, but its head says 10"),
    "the head's number": (
        lambda: Chain.objects.update(seq=9),
        10,
        "the chain ends at 10, but its head says 9",
    ),
    "the head's hash": (lambda: Chain.objects.update(hash="f" * 64), 10, "names another hash"),
    "the head is deleted": (lambda: Chain.objects.all().delete(), 1, "its head says 0"),
    "two places": (
        lambda: (_event(8).update(verb="x"), _event(3).update(verb="y")),
        3,
        "content does not match",
    ),
}
