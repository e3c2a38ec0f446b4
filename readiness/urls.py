"""Every door of the house."""

from django.urls import include, path

from readiness import health, metrics

handler400 = "readiness.failures.bad_request"
handler403 = "readiness.failures.permission_denied"
handler404 = "readiness.failures.page_not_found"
handler500 = "readiness.failures.server_error"

urlpatterns = [
    path("", include("readiness.workbench.urls")),
    path("", include("readiness.portfolio.urls")),
    path("", include("readiness.workbench.account.urls")),
    path("", include("readiness.workbench.people.urls")),
    path("", include("readiness.notices.urls")),
    path("", include("readiness.importing.urls")),
    path("", include("readiness.reports.urls")),
    path("api/", include("readiness.api.urls")),
    path("ui/", include("readiness.ui.urls")),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
