from django.db import migrations

from checklists.refusals import Refusal, refuse

DECISION = "A decision is never edited or deleted."
SNAPSHOT = "What was frozen never changes."


class Migration(migrations.Migration):
    dependencies = [("gates", "0001_initial")]

    operations = [
        refuse(
            Refusal("gates_decision", "UPDATE", DECISION),
            Refusal("gates_decision", "DELETE", DECISION),
            Refusal("gates_snapshot", "UPDATE", SNAPSHOT),
            Refusal("gates_snapshot", "DELETE", SNAPSHOT),
        )
    ]
