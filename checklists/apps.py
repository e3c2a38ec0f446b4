from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "checklists"
    label = "checklists"
    default_auto_field = "django.db.models.BigAutoField"
