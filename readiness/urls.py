"""Every door of the house."""

from django.urls import include, path

from readiness import health

urlpatterns = [
    path("", include("readiness.workbench.urls")),
    path("", include("readiness.portfolio.urls")),
    path("", include("readiness.workbench.account.urls")),
    path("", include("readiness.workbench.people.urls")),
    path("api/", include("readiness.api.urls")),
    path("ui/", include("readiness.ui.urls")),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
]
