from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "readiness.standing"
    label = "standing"
    verbose_name = "Standing"
    default_auto_field = "django.db.models.BigAutoField"
