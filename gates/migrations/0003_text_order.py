from django.db import migrations

from checklists.text_order import sort_by_code_point


class Migration(migrations.Migration):
    dependencies = [("gates", "0002_immutable")]

    operations = [sort_by_code_point("gates", "Initiative", "name_key", "business_unit_key")]
