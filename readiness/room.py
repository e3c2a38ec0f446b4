"""A disk that is full: how it shows, whoever says it, and that nothing half written stays behind."""

import errno
import sqlite3

from django.core.files import File
from django.core.files.storage import Storage

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
DISK_FULL = "53100"
"""As PostgreSQL says it (its error code `disk_full`)."""


def is_full(error: BaseException | None) -> bool:
    """Whether this came about because a disk, or somebody's share of it, is full; causes are looked at too."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            return True
        if getattr(error, "pgcode", None) == DISK_FULL:
            return True
        error = error.__cause__
    return False


def save_whole(store: Storage, key: str, content: File) -> str:
    """Lay a file down under a key that nobody else has, or leave nothing of it there. Returns the key."""
    try:
        return store.save(key, content)
    except BaseException:
        store.delete(key)
        raise
