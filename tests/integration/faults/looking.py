"""A look into a stack's database from outside, without the product."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import psycopg2

from tests.services.stacks import Stack


def number(stack: Stack, question: str) -> int:
    """What an SQL query counts in the stack's database."""
    url = stack.environment.get("DATABASE_URL")
    connection = (
        psycopg2.connect(url) if url else sqlite3.connect(stack.var / "fivegates.sqlite3", timeout=20)
    )
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


OWED = (
    "SELECT (SELECT count(*) FROM notices_notice WHERE sent_at IS NULL)"
    " + (SELECT count(*) FROM notices_accountmail WHERE sent_at IS NULL)"
)
UNREAD = "SELECT (SELECT seq FROM audit_chain) - (SELECT coalesce(max(seq), 0) FROM notices_readupto)"
SESSIONS = "SELECT count(*) FROM django_session"


def due(stack: Stack) -> int:
    """How many are due today, where the organisation of these tests is: in UTC."""
    today = datetime.now(UTC).date()
    return number(stack, f"SELECT count(*) FROM standing_standing WHERE due_on <= '{today}'")  # noqa: S608


def all_done(stack: Stack) -> bool:
    """Nothing is due, no event unread, no mail owed, no expired session there."""
    return [due(stack), *(number(stack, question) for question in (UNREAD, OWED, SESSIONS))] == [0, 0, 0, 1]
