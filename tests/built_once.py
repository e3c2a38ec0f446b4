"""What several tests stand on, built once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

Built = TypeVar("Built")


@contextmanager
def built_once(build: Callable[[], Built]) -> Iterator[Built]:
    """What ``build`` makes stands in a transaction within; nothing of it is left afterwards.

    PostgreSQL checks references at the end of a transaction, and Django asks for it after every test within: all rows
    that were built would be checked anew each time, so they are checked here.
    """
    with transaction.atomic():
        built = build()
        connection.check_constraints()
        yield built
        transaction.set_rollback(True)
