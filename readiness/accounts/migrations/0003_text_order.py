from django.db import migrations

from checklists.text_order import sort_by_code_point


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_the_organisation")]

    operations = [sort_by_code_point("accounts", "User", "name_key", "username")]
