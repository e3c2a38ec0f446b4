from typing import Any

from django.db import migrations


def found(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Organisation").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(found, migrations.RunPython.noop)]
