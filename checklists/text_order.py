"""Text that sorts alike on both databases, for use in migrations."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython
from django.db.migrations.state import StateApps


def sort_by_code_point(app: str, model: str, *fields: str) -> RunPython:
    """The migration operation that makes these text columns sort by code point.

    SQLite always does. PostgreSQL sorts by the language its database was made with, unless a column says otherwise.
    """

    def run(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        if connection.vendor != "postgresql":
            return
        meta = apps.get_model(app, model)._meta
        table = connection.ops.quote_name(meta.db_table)
        for field in map(meta.get_field, fields):
            column = connection.ops.quote_name(field.column)
            kind = field.db_type(connection)
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE "C"')

    return RunPython(run, RunPython.noop)
