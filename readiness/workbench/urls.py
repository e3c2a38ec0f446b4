"""The pages of project leads, reviewers and admins."""

from django.urls import include, path

from readiness.workbench.home.views import beginning, home

urlpatterns = [
    path("", beginning, name="home"),
    path("home/", home, name="home-page"),
    path("", include("readiness.workbench.initiatives.urls")),
    path("", include("readiness.workbench.canvas.urls")),
    path("", include("readiness.workbench.choosing.urls")),
    path("", include("readiness.workbench.drafts.urls")),
    path("", include("readiness.workbench.explaining.urls")),
    path("", include("readiness.workbench.checklists.urls")),
    path("", include("readiness.workbench.continuity.urls")),
    path("", include("readiness.workbench.frameworks.urls")),
    path("", include("readiness.workbench.lessons.urls")),
    path("", include("readiness.workbench.plans.urls")),
    path("", include("readiness.workbench.promises.urls")),
    path("", include("readiness.workbench.reviews.urls")),
    path("", include("readiness.workbench.saved.urls")),
    path("", include("readiness.workbench.together.urls")),
    path("", include("readiness.workbench.trail.urls")),
]
