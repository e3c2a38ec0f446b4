"""Reading what stands as of one moment, without a lock: for showing, never for deciding."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """What is read inside is of one moment, whoever commits meanwhile; nobody waits, and nothing can be written.

    Inside a transaction that is under way this changes nothing: who decides there holds the lock.
    """
    if connection.in_atomic_block:
        yield
        return
    usual = None
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # it is what sets the mode
        usual = connection.transaction_mode  # type: ignore[attr-defined]  # of SQLite only
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # IMMEDIATE waits for writers
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = usual  # type: ignore[attr-defined]
