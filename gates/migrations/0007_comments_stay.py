from django.db import migrations

from checklists.refusals import Refusal, refuse

COMMENT = "A comment is never edited or deleted."


class Migration(migrations.Migration):
    dependencies = [("gates", "0006_withdrawn_readings_say_why")]

    operations = [
        refuse(
            Refusal("gates_comment", "UPDATE", COMMENT),
            Refusal("gates_comment", "DELETE", COMMENT),
        )
    ]
