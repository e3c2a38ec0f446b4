"""A database of its own, committed and open to as many connections as are wanted: what a test in a rolled-back
transaction cannot have."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from readiness.actions.errors import Refused

ALIAS = "default"
PATIENCE = 60  # seconds until whoever waits for the others gives up
# Nobody keeps this data, and a busy machine is no reason to be told that the database is.
UNHURRIED = {
    "sqlite": {"init_command": "PRAGMA synchronous=OFF;", "timeout": PATIENCE},
    "postgresql": {"options": f"-c lock_timeout={PATIENCE}s"},
}


@dataclass(frozen=True)
class Arena:
    """Connections of a thread are its own: this one puts another in the place of the thread's ``default``."""

    wrapper: type[BaseDatabaseWrapper]
    settings: dict[str, Any]

    @contextmanager
    def connected(self) -> Iterator[BaseDatabaseWrapper]:
        usual = connections[ALIAS]
        own = self.wrapper(self.settings, ALIAS)
        connections[ALIAS] = own
        try:
            yield own
        finally:
            own.close()
            connections[ALIAS] = usual

    def race(self, *contestants: Callable[[], Any]) -> list[Any]:
        """Let them all go at the same moment, each in a thread with a connection of its own.

        Returns what each came back with, in the order given: what it returned, or how it was refused.
        """
        start = Barrier(len(contestants), timeout=PATIENCE)

        def run(contestant: Callable[[], Any]) -> Any:
            with self.connected() as connection:
                connection.ensure_connection()
                start.wait()
                try:
                    return contestant()
                except Refused as refusal:
                    return refusal

        with ThreadPoolExecutor(max_workers=len(contestants)) as threads:
            return list(threads.map(run, contestants))


@contextmanager
def own_database(suffix: str) -> Iterator[Arena]:
    """A copy of the test database as it stands: migrated, the frameworks loaded, and nobody in it."""
    usual = connections[ALIAS]
    settings = usual.settings_dict | usual.creation.get_test_db_clone_settings(suffix)
    settings["OPTIONS"] = settings["OPTIONS"] | UNHURRIED[usual.vendor]
    if usual.vendor == "sqlite":
        _copy_file(usual, Path(settings["NAME"]))
    else:
        usual.close()  # PostgreSQL copies no database that somebody is connected to
        usual.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
    try:
        yield Arena(type(usual), settings)
    finally:
        usual.close()
        usual.creation.destroy_test_db(suffix=suffix, verbosity=0)


def _copy_file(source: BaseDatabaseWrapper, target: Path) -> None:
    """As SQLite itself copies: the file alone lacks what still lies in the log while anybody is connected."""
    for left_over in target.parent.glob(f"{target.name}*"):
        left_over.unlink()
    source.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        source.connection.backup(copy)
    source.close()
