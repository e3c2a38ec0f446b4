"""What the database's planner knows of the rows that it holds."""

import logging

from django.db import DatabaseError, connection, transaction

log = logging.getLogger(__name__)


def refresh_statistics() -> None:
    """Have PostgreSQL look at its tables after many rows were written at once; SQLite plans by its indexes alone.

    PostgreSQL looks by itself, but a minute or more later. Until then it takes full tables for empty ones, and the
    first pages after an import would run into the limit of a statement. A table that somebody else is looking at just
    then is left to them. What was written stands in any case: that it takes too long is no failure of an import.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")
    except DatabaseError:
        log.warning("PostgreSQL will look at its tables later, by itself", exc_info=True)
