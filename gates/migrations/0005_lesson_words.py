from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from gates.words import word_key

INDEXES = {"gates_lesson": "lesson_words", "gates_whatworked": "what_worked_words"}
LESSON = ("tried", "did_not_work", "technical_constraint", "organisational_barrier", "advice", "root_cause")
WHAT_WORKED = ("made_it_work", "reusable", "advice")


def index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The indexes that ``gates.words.HoldsWords`` asks on PostgreSQL; SQLite reads the rows."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON {table} USING gin (array_to_tsvector(string_to_array(search_key, ' ')))"
        )


def unindex(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES.values():
        schema_editor.execute(f"DROP INDEX {name}")


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The words of the lessons that stand already."""
    for model, fields in (("Lesson", LESSON), ("WhatWorked", WHAT_WORKED)):
        rows = apps.get_model("gates", model).objects.using(schema_editor.connection.alias)
        filled = list(rows.select_related("initiative"))
        for row in filled:
            row.search_key = word_key([row.initiative.search_key, *(getattr(row, field) for field in fields)])
        rows.bulk_update(filled, ["search_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("gates", "0004_promises")]

    operations = [
        migrations.RunPython(index, unindex),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
