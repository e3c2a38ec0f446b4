"""The pages of project leads, reviewers and admins."""

from django.urls import include, path

urlpatterns = [
    path("", include("readiness.workbench.initiatives.urls")),
]
