from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "readiness.workbench"
    label = "workbench"
    verbose_name = "Workbench"
    default_auto_field = "django.db.models.BigAutoField"
