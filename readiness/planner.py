"""What the database's planner knows of the rows that it holds."""

from django.db import connection


def refresh_statistics() -> None:
    """Have PostgreSQL look at its tables after many rows were written at once; SQLite plans by its indexes alone.

    PostgreSQL looks by itself, but a minute or more later. Until then it takes full tables for empty ones, and the
    first pages after an import would run into the limit of a statement. A table that somebody else is looking at just
    then is left to them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")
