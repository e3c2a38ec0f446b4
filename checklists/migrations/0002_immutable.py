"""A published framework version never changes: the database refuses it, whoever asks.

On SQLite a later migration that rebuilds one of these three tables must take these refusals down first and set them up
again after it: a rebuild drops the table's own triggers, and fails on those of the other tables that name it.
"""

from django.db import migrations

from checklists.refusals import Refusal, refuse

FRAMEWORK_STANDS = "A published framework version never changes."
CONTENT_STANDS = "The gates and items of a published framework version never change."

# Over the row of a gate, and over that of an item. ROW stands for OLD or NEW.
GATE_IS_PUBLISHED = """
    EXISTS (
        SELECT 1 FROM checklists_framework AS framework
        WHERE framework.id = ROW.framework_id AND framework.published_at IS NOT NULL
    )
"""
ITEM_IS_PUBLISHED = """
    EXISTS (
        SELECT 1 FROM checklists_gate AS gate
        JOIN checklists_framework AS framework ON framework.id = gate.framework_id
        WHERE gate.id = ROW.gate_id AND framework.published_at IS NOT NULL
    )
"""


def _content_stands(table, condition):
    old, new = condition.replace("ROW.", "OLD."), condition.replace("ROW.", "NEW.")
    return (
        Refusal(table, "INSERT", CONTENT_STANDS, new),
        Refusal(table, "UPDATE", CONTENT_STANDS, f"{old} OR {new}"),
        Refusal(table, "DELETE", CONTENT_STANDS, old),
    )


REFUSALS = (
    Refusal("checklists_framework", "UPDATE", FRAMEWORK_STANDS, "OLD.published_at IS NOT NULL"),
    Refusal("checklists_framework", "DELETE", FRAMEWORK_STANDS, "OLD.published_at IS NOT NULL"),
    *_content_stands("checklists_gate", GATE_IS_PUBLISHED),
    *_content_stands("checklists_item", ITEM_IS_PUBLISHED),
)


class Migration(migrations.Migration):
    dependencies = [("checklists", "0001_initial")]

    operations = [refuse(*REFUSALS)]
