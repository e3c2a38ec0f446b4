from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_languages")]

    operations = [
        migrations.AddField(
            "user",
            "seen_at",
            models.DateTimeField(
                blank=True, help_text="The last page they opened, to within five minutes", null=True
            ),
        ),
        migrations.AddField(
            "user",
            "before_visit_at",
            models.DateTimeField(
                blank=True, help_text="When the visit before the present one ended", null=True
            ),
        ),
    ]
