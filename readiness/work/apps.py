from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "readiness.work"
    label = "work"
    verbose_name = "Long work"
    default_auto_field = "django.db.models.BigAutoField"
