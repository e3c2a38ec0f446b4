"""How work is asked for, taken, told of and ended. Every write is one guarded update: of two workers one has it.

A worker takes a piece, and with it a claim of its own. As long as it gives signs of life nobody else takes it; a worker
that comes back from the dead finds its claim gone at its next sign of life, and stops (``ClaimLost``).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from checklists.said import said, stored_parts
from readiness.accounts.models import User
from readiness.work.models import SAID, LongWork, State

MOST_CLAIMS = 5
"""Taken so often without getting on: then it is said to be broken."""
BROKEN = said("It was begun several times and did not get on. Nothing more is done; ask for it anew.")
FULL = said("The server has no room left. Ask whoever runs it to make some; then ask for this anew.")
KEPT = 100
"""So many of each kind are kept, the newest."""


class AlreadyUnderWay(Exception):
    """Work of the same lock is active. ``work`` is that one, None where it has just ended."""

    def __init__(self, work: LongWork | None) -> None:
        super().__init__("This is under way already.")
        self.work = work


class ClaimLost(Exception):
    """Another worker has taken over."""


def ask_for(
    kind: str, title: str, by: User, at: datetime, params: Mapping[str, Any], *, lock: str = ""
) -> LongWork:
    """Enter a piece of work. Whoever asks has to send its task afterwards. Raises AlreadyUnderWay."""
    try:
        with transaction.atomic():
            made = LongWork.objects.create(
                kind=kind, title=title[:300], lock=lock, by=by, params=dict(params), asked_at=at, beat_at=at
            )
    except IntegrityError:
        raise AlreadyUnderWay(LongWork.objects.active().filter(lock=lock).first()) from None
    _forget_old(kind)
    return made


def take(work_id: int, at: datetime) -> LongWork | None:
    """Claim a piece of work; None where it has ended or somebody else is at it. Taken too often, it has failed."""
    claim = secrets.token_hex(16)
    taken = (
        LongWork.objects.filter(pk=work_id)
        .to_be_taken(at)
        .update(state=State.RUNNING.value, claim=claim, claims=F("claims") + 1, beat_at=at)
    )
    if not taken:
        return None
    work = LongWork.objects.select_related("by").get(pk=work_id, claim=claim)
    if work.claims > MOST_CLAIMS:
        fail(work, BROKEN, at)
        return None
    return work


def beat(work: LongWork, at: datetime, done: int, total: int | None) -> None:
    """A sign of life, with how far it is. Raises ClaimLost."""
    got_on = done != work.done
    work.done, work.total, work.beat_at = done, total, at
    changes: dict[str, Any] = {"done": done, "total": total, "beat_at": at}
    _write(work, changes | ({"claims": 1} if got_on else {}))


def note(work: LongWork, at: datetime, result: Mapping[str, Any]) -> None:
    """Keep what is known before the end, also for whoever carries on; a sign of life. Raises ClaimLost."""
    work.result, work.beat_at = dict(result), at
    _write(work, {"result": work.result, "beat_at": at})


def pause(work: LongWork, at: datetime) -> None:
    """Give it back: the rest is done by the next who takes it. Raises ClaimLost."""
    _write(work, {"state": State.WAITING.value, "claim": "", "claims": 0, "beat_at": at})


def finish(work: LongWork, at: datetime, result: Mapping[str, Any]) -> None:
    """Raises ClaimLost."""
    ended = {"state": State.DONE.value, "result": dict(result), "ended_at": at, "beat_at": at, "claim": ""}
    _write(work, ended)


def fail(work: LongWork, message: str, at: datetime, result: Mapping[str, Any] | None = None) -> None:
    """``message`` is for whoever asked; ``result`` what else there is to keep. Raises ClaimLost.

    What was said is kept with its parts: whoever asked may read another language than English.
    """
    ended = {"state": State.FAILED.value, "message": str(message), "ended_at": at, "beat_at": at, "claim": ""}
    kept = dict(result or {}) | ({SAID: parts} if (parts := stored_parts(message)) else {})
    _write(work, ended | ({"result": kept} if kept else {}))


def _write(work: LongWork, changes: Mapping[str, Any]) -> None:
    if not LongWork.objects.filter(pk=work.pk, claim=work.claim, state=State.RUNNING.value).update(**changes):
        raise ClaimLost


def _forget_old(kind: str) -> None:
    """Old ended rows go: what was done stands in the audit trail."""
    old = LongWork.objects.filter(kind=kind).order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 100]
    LongWork.objects.filter(pk__in=list(old), ended_at__isnull=False).delete()
