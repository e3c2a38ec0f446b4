"""Many at once, each on initiatives of their own, all on the one audit chain. Runs in a process of its own."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from readiness import clock
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import submit_gate
from readiness.audit.models import Chain, Event
from readiness.audit.recording import Actor, verify
from readiness.standing.models import Flag, HistoryPoint, Standing
from readiness.standing.sweeping import all_batches, recompute_due, recompute_these
from tests.fixtures import create, person
from tests.integration.standing.pictures import unlike_what_stands

WRITERS = 8


def _together(acts: list[Callable[[], object]]) -> list[str]:
    """Run them all at once; what they raised."""
    barrier, errors = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(60)
            act()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


def write_together(initiatives: int) -> dict[str, Any]:
    """Eight writers, two sweeps of everything, and one who proves the chain all the while."""
    lena = person("lena", lead=True)
    by, long_ago = Actor.person(lena), clock.now() - timedelta(days=100)
    owned = [[create(lena, long_ago, stage="pilot").pk for _ in range(initiatives)] for _ in range(WRITERS)]
    Standing.objects.update(due_on="2020-01-01")
    over, proofs = threading.Event(), []

    def write(keys: list[int]) -> None:
        for pk in keys:
            record_answers(pk, [AnswerChange("DATA-1", "partial", note="🚦 é")], by, clock.now())
            submit_gate(pk, "checkpoint-0", "", by, clock.now())

    def sweep() -> None:
        recompute_due(clock.now())
        for batch in all_batches():
            recompute_these(batch, clock.now())

    def prove() -> None:
        while not over.is_set():
            proofs.append(verify()[1] is None)
        connection.close()

    prover = threading.Thread(target=prove)
    prover.start()
    errors = _together([*(lambda keys=keys: write(keys) for keys in owned), sweep, sweep])
    over.set()
    prover.join(60)
    recompute_due(clock.now())
    return {"errors": errors, "proofs": len(proofs), "held": all(proofs), **_state()}


def _state() -> dict[str, Any]:
    seqs = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    moments = list(Standing.objects.values_list("computed_at", flat=True))
    flags = list(Flag.objects.filter(resolved_at__isnull=True).values_list("initiative", "code"))
    days = list(HistoryPoint.objects.values_list("initiative", "on"))
    return {
        "gapless": seqs == list(range(1, Chain.objects.get().seq + 1)),
        "whole": verify()[1] is None,
        "moments": len(moments) == len(set(moments)),
        "flags": len(flags) == len(set(flags)) > 0,
        "days": len(days) == len(set(days)),
        "answered": Standing.objects.filter(partial=1).count(),
        "submitted": Event.objects.filter(verb="gate.submitted").count(),
        "stale": unlike_what_stands(clock.now()),
    }
