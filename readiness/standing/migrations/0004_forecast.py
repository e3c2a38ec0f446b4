"""The forecast beside the standing, and in which framework a point of the history was counted.

Every standing is asked for anew, so that the next sweep gives each its forecast.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NO_FORECASTS = ["ended", "launched", "reached", "on_hold", "too_short", "not_at_this_pace"]


def ask_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("standing", "Standing").objects.update(due_on=models.F("as_of"))


class Migration(migrations.Migration):
    dependencies = [("standing", "0003_confirmed_cause_says_when")]

    operations = [
        migrations.AddField(
            model_name="historypoint",
            name="framework",
            field=models.CharField(blank=True, default="", help_text="Blank: not known", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="historypoint",
            name="framework_version",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="standing",
            name="forecast_on",
            field=models.DateField(
                null=True, help_text="When the threshold is reached at the present pace"
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="forecast_from",
            field=models.DateField(null=True, help_text="The early end of the forecast's range"),
        ),
        migrations.AddField(
            model_name="standing",
            name="forecast_to",
            field=models.DateField(null=True, help_text="Its late end; null beyond two years"),
        ),
        migrations.AddField(
            model_name="standing",
            name="forecast_none",
            field=models.CharField(
                blank=True,
                choices=[(word, word.replace("_", " ").capitalize()) for word in NO_FORECASTS],
                default="",
                help_text="Why there is no forecast",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    forecast_on__isnull=True, forecast_from__isnull=True, forecast_to__isnull=True
                )
                | (
                    models.Q(forecast_on__isnull=False, forecast_from__isnull=False)
                    & models.Q(forecast_none="")
                ),
                name="a_forecast_has_a_range_or_a_reason",
            ),
        ),
        migrations.RunPython(ask_anew, migrations.RunPython.noop, elidable=True),
    ]
