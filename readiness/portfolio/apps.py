from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "readiness.portfolio"
    label = "portfolio"
    verbose_name = "Portfolio"
    default_auto_field = "django.db.models.BigAutoField"
