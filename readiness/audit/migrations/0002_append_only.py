from typing import Any

from django.db import migrations

from checklists.refusals import Refusal, refuse

EVENT = "The audit trail is append-only."


def begin_chain(apps: Any, schema_editor: Any) -> None:
    apps.get_model("audit", "Chain").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(begin_chain, migrations.RunPython.noop),
        refuse(
            Refusal("audit_event", "UPDATE", EVENT),
            Refusal("audit_event", "DELETE", EVENT),
        ),
    ]
