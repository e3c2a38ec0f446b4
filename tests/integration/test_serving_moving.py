"""From the embedded SQLite to PostgreSQL, as `docs/operating.md` says it is done."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.services.machine import ServiceFailed
from tests.services.stacks import EmbeddedStack, Stack

PASSWORD = "a-long-enough-passphrase"  # noqa: S105

REFUSED = (
    "DELETE FROM audit_event",
    "UPDATE checklists_framework SET name = 'other'",
    "INSERT INTO checklists_gate SELECT * FROM checklists_gate",
)
"""What the database itself refuses, after the move as before."""


@pytest.fixture
def worked_in(embedded_stack: EmbeddedStack) -> EmbeddedStack:
    """An embedded installation in which somebody did something."""
    embedded_stack.manage("create_admin", "ada", "--password-stdin", text=f"{PASSWORD}\n")
    embedded_stack.manage("create_admin", "bea", "--password-stdin", text=f"{PASSWORD}\n")
    return embedded_stack


@pytest.fixture
def server(scratch: Path, postgres_database: str) -> Iterator[Stack]:
    """The same version on PostgreSQL, prepared and empty."""
    stack = Stack(scratch, {"DATABASE_URL": postgres_database, "FIVEGATES_VAR": str(scratch / "server")})
    stack.manage("prepare")
    yield stack


def _file(stack: Stack) -> Path:
    return stack.var / "fivegates.sqlite3"


def _moved(server: Stack, file: Path) -> str:
    return server.manage("move_from_sqlite", str(file))


def _asked(server: Stack, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.environment["DATABASE_URL"])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_everything_is_moved_and_work_goes_on(worked_in: EmbeddedStack, server: Stack) -> None:
    with closing(sqlite3.connect(_file(worked_in))) as old:
        people = old.execute("SELECT id, username, password FROM accounts_user ORDER BY id").fetchall()
        frameworks = old.execute("SELECT id, slug FROM checklists_framework ORDER BY id").fetchall()
        events = old.execute("SELECT seq, hash FROM audit_event ORDER BY seq").fetchall()
    assert [name for _, name, _ in people] == ["ada", "bea"]
    assert events != []

    kept = _file(worked_in).with_name("kept #1 (50%)?.sqlite3")
    shutil.copyfile(_file(worked_in), kept)
    said = _moved(server, kept)

    assert f"The audit chain holds: {len(events)} events." in said
    assert _asked(server, "SELECT id, username, password FROM accounts_user ORDER BY id") == people
    assert _asked(server, "SELECT id, slug FROM checklists_framework ORDER BY id") == frameworks
    assert _asked(server, "SELECT seq, hash FROM audit_event ORDER BY seq") == events
    # Numbers go on behind those that came along, and so does the chain.
    server.manage("create_admin", "cem", "--password-stdin", text=f"{PASSWORD}\n")
    assert "The audit chain holds" in server.manage("verify_audit")
    for statement in REFUSED:
        with pytest.raises(psycopg2.errors.CheckViolation):
            _asked(server, statement)


def test_only_an_empty_database_is_filled_and_only_from_a_file_of_this_version(
    worked_in: EmbeddedStack, server: Stack, scratch: Path
) -> None:
    text, older = scratch / "text", scratch / "older.sqlite3"
    text.write_text("This is no database. " * 100)
    shutil.copyfile(_file(worked_in), older)
    with closing(sqlite3.connect(older)) as old, old:
        old.execute("DELETE FROM django_migrations WHERE app = 'webhooks'")
    for file, why in ((scratch / "none", "no file"), (text, "cannot be read"), (older, "another version")):
        with pytest.raises(ServiceFailed, match=why):
            _moved(server, file)
    with pytest.raises(ServiceFailed, match="has to name the PostgreSQL"):
        _moved(worked_in, _file(worked_in))

    _moved(server, _file(worked_in))
    with pytest.raises(ServiceFailed, match="Somebody worked in the database"):
        _moved(server, _file(worked_in))


def test_a_file_whose_trail_was_changed_is_not_moved(worked_in: EmbeddedStack, server: Stack) -> None:
    with closing(sqlite3.connect(_file(worked_in))) as old, old:
        old.execute("DROP TRIGGER refuse_update_audit_event")
        old.execute("UPDATE audit_event SET token_name = 'other' WHERE seq = 1")

    with pytest.raises(ServiceFailed, match="broken at event 1"):
        _moved(server, _file(worked_in))

    assert _asked(server, "SELECT count(*) FROM accounts_user") == [(0,)]
    assert _asked(server, "SELECT count(*) > 0 FROM checklists_framework") == [(True,)]
