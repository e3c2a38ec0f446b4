from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from checklists.text_order import sort_by_code_point
from gates.querysets import normalised, tags_key

KEYS = ["technology_key", "vendor_key", "tags_key"]


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The keys of the initiatives that stand already."""
    rows = apps.get_model("gates", "Initiative").objects.using(schema_editor.connection.alias)
    filled = list(rows.only("pk", "technology", "vendor", "tags"))
    for row in filled:
        row.technology_key, row.vendor_key = normalised(row.technology), normalised(row.vendor)
        row.tags_key = tags_key(row.tags)
    rows.bulk_update(filled, KEYS, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("gates", "0010_working_together")]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="tags_key",
            field=models.TextField(
                blank=True,
                default="",
                help_text="The tags normalised, each between line breaks; blank without any",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="initiative",
            name="technology_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=600),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="initiative",
            name="vendor_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=600),
            preserve_default=False,
        ),
        sort_by_code_point("gates", "Initiative", "technology_key", "vendor_key"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
