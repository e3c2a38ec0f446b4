"""One act stopped at its most delicate moment while another runs into it. Runs in a process of its own.

The first has locked, read and computed, and is about to write. There it waits until the second has either finished or
waits for a lock, and goes on only then. So what the locks are there for happens every time, and not by luck.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from gates.querysets import InitiativeQuerySet
from readiness.standing import recompute as computing

PATIENCE = 20.0


class Interrupted:
    """What came of it: ``waited`` says whether the second had to wait for the first; ``errors`` what either raised."""

    def __init__(self) -> None:
        self.waited = False
        self.errors: list[str] = []


def interrupted(first: Callable[[], object], second: Callable[[], object]) -> Interrupted:
    """Run the second in the middle of the first, both to their ends."""
    outcome = Interrupted()
    stopped, go_on, over = threading.Event(), threading.Event(), threading.Event()
    write = computing._write

    def stopping_write(*arguments: Any) -> Any:
        if threading.current_thread().name == "first" and not stopped.is_set():
            stopped.set()
            go_on.wait(PATIENCE)
        return write(*arguments)

    def run(act: Callable[[], object], ended: threading.Event) -> None:
        try:
            act()
        except Exception as error:
            outcome.errors.append(f"{threading.current_thread().name}: {type(error).__name__}: {error}")
        finally:
            connection.close()
            ended.set()

    computing._write = stopping_write
    try:
        one = threading.Thread(target=run, args=(first, stopped), name="first")
        two = threading.Thread(target=run, args=(second, over), name="second")
        one.start()
        if not stopped.wait(PATIENCE):
            raise TimeoutError("The first never came to write anything.")
        two.start()
        outcome.waited = _ended_or_waiting(over)
        go_on.set()
        one.join(PATIENCE)
        two.join(PATIENCE)
    finally:
        computing._write = write
    return outcome


def _ended_or_waiting(over: threading.Event) -> bool:
    """Until the second is over or waits for a lock; whether it waits."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if over.is_set():
            return False
        if _somebody_waits():
            return True
        time.sleep(0.01)
    raise TimeoutError("The second neither ended nor waited for a lock.")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def without_row_locks() -> Iterator[None]:
    """What the product would be if nobody locked an initiative's row before reading."""
    locking = InitiativeQuerySet.select_for_update
    InitiativeQuerySet.select_for_update = lambda self, **_: self  # type: ignore[method-assign]
    try:
        yield
    finally:
        InitiativeQuerySet.select_for_update = locking  # type: ignore[method-assign]
