"""From the embedded SQLite to an empty PostgreSQL: every row as it is, or nothing.

Django's own `dumpdata` and `loaddata` cannot: the database refuses what does not come through an act, and frameworks
that were loaded are never written to again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

from readiness.audit.recording import verify
from readiness.databases import database
from readiness.demo.seeding import holds_data

SOURCE = "moved_from"
"""The alias of the SQLite database while it is read."""
BATCH = 500

Model = type[models.Model]


def move_from_sqlite(path: Path, say: Callable[[str], None]) -> None:
    """Copy the database in the file ``path`` into the one of the settings.

    That one is PostgreSQL, migrated, and nobody did anything in it yet; what `prepare` put there is replaced. All in
    one transaction: raises CommandError, or whatever the database refused, and has then written nothing.
    """
    if connection.vendor != "postgresql":
        raise CommandError("DATABASE_URL has to name the PostgreSQL database to move to.")
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    with _opened(path):
        _require_migrated(
            SOURCE, "Start the version that you now run on it once (make run), and stop it again"
        )
        _require_migrated("default", "Run manage.py prepare")
        if holds_data():
            raise CommandError(
                "Somebody worked in the database to move to already. Only an empty one is filled."
            )
        # Of both: nobody writes to the file from here on, and what stands in it is read as of one moment.
        with transaction.atomic(SOURCE), transaction.atomic():
            _copy(_tables(), say)
            events, broken = verify()
            if broken is not None:
                raise CommandError(f"The audit chain is broken at event {broken.seq}: {broken.reason}.")
            say(f"The audit chain holds: {events} events.")


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    # Beside the address, in which "#", "?" and "%" of a path would mean something else.
    source = database("sqlite://:memory:") | {"NAME": str(path)}
    connections.settings[SOURCE] = connections.configure_settings(
        {"default": connections.settings["default"], SOURCE: source}
    )[SOURCE]
    try:
        yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.settings[SOURCE]


def _require_migrated(alias: str, remedy: str) -> None:
    which = "file" if alias == SOURCE else "database to move to"
    try:
        loader = MigrationExecutor(connections[alias]).loader
    except DatabaseError as problem:
        raise CommandError(f"The {which} cannot be read: {problem}") from problem
    if set(loader.applied_migrations) != set(loader.disk_migrations):
        raise CommandError(f"The {which} is of another version than this one. {remedy}.")


def _tables() -> list[Model]:
    """Every table of ours and of Django, also those between two models."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _copy(tables: list[Model], say: Callable[[str], None]) -> None:
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        # Long trails take longer to check than a page may take to load.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"TRUNCATE {names}")
        with _nothing_refused(cursor, tables):
            for model in tables:
                _fill(model)
            # References are looked at when the transaction ends, else: tables are filled in no particular order.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    rows = sum(_compared(model) for model in tables)
    say(f"Moved {rows} rows in {len(tables)} tables; each was read again and is the same.")


@contextmanager
def _nothing_refused(cursor: Any, tables: list[Model]) -> Iterator[None]:
    """What stood in the old database was refused nothing there. If anything fails, this too is undone."""
    _switch_triggers(cursor, tables, "DISABLE")
    yield
    _switch_triggers(cursor, tables, "ENABLE")


def _switch_triggers(cursor: Any, tables: list[Model], word: str) -> None:
    for model in tables:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def _rows(model: Model, alias: str) -> Iterator[Any]:
    return model._base_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH)


def _fill(model: Model) -> None:
    rows = _rows(model, SOURCE)
    while some := list(islice(rows, BATCH)):
        model._base_manager.using("default").bulk_create(some)


def _compared(model: Model) -> int:
    """How many rows there are. Raises CommandError for the first that is not what it was."""
    fields = model._meta.concrete_fields
    count = 0
    for old, new in zip_longest(_rows(model, SOURCE), _rows(model, "default")):
        if old is None or new is None or any(_value(old, one) != _value(new, one) for one in fields):
            raise CommandError(f"A row of {model._meta.db_table} is not what it was: {(old or new).pk}.")
        count += 1
    return count


def _value(row: models.Model, field: Any) -> Any:
    return field.value_from_object(row)
