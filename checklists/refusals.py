"""Refusals held by the database itself: triggers, in the dialect of each engine, for use in migrations.

A refusal raises ``django.db.IntegrityError`` on SQLite and PostgreSQL alike.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import StateApps


@dataclass(frozen=True, slots=True)
class Refusal:
    """``operation`` (INSERT, UPDATE or DELETE) on ``table`` is refused.

    ``when`` is an SQL condition over OLD and NEW that both engines understand; without one, always.
    """

    table: str
    operation: str
    message: str
    when: str = "1 = 1"

    @property
    def name(self) -> str:
        return f"refuse_{self.operation.lower()}_{self.table}"


def refuse(*refusals: Refusal) -> RunPython:
    """The migration operation that sets these refusals up, and takes them down again."""
    return RunPython(_each(refusals, _CREATE), _each(refusals, _DROP))


def _create_on_sqlite(refusal: Refusal) -> list[str]:
    return [
        f"CREATE TRIGGER {refusal.name} BEFORE {refusal.operation} ON {refusal.table} WHEN {refusal.when} "
        f"BEGIN SELECT RAISE(ABORT, '{refusal.message}'); END"
    ]


def _create_on_postgresql(refusal: Refusal) -> list[str]:
    row = "OLD" if refusal.operation == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {refusal.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refusal.when} THEN RAISE EXCEPTION '{refusal.message}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {row}; END $$",
        f"CREATE TRIGGER {refusal.name} BEFORE {refusal.operation} ON {refusal.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {refusal.name}()",
    ]


def _drop_on_sqlite(refusal: Refusal) -> list[str]:
    return [f"DROP TRIGGER {refusal.name}"]


def _drop_on_postgresql(refusal: Refusal) -> list[str]:
    return [f"DROP TRIGGER {refusal.name} ON {refusal.table}", f"DROP FUNCTION {refusal.name}()"]


_Dialects = dict[str, Callable[[Refusal], list[str]]]
_CREATE: _Dialects = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
_DROP: _Dialects = {"sqlite": _drop_on_sqlite, "postgresql": _drop_on_postgresql}


def _each(
    refusals: tuple[Refusal, ...], dialects: _Dialects
) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    def run(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        statements = dialects[schema_editor.connection.vendor]
        with schema_editor.connection.cursor() as cursor:
            for refusal in refusals:
                for statement in statements(refusal):
                    cursor.execute(statement)

    return run
