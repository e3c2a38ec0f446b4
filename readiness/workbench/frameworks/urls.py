"""Addresses of the frameworks; the workbench includes them at its root."""

from django.urls import path

from readiness.workbench.frameworks import starting, views

urlpatterns = [
    path("frameworks/", views.frameworks, name="frameworks"),
    path("organisation/frameworks/", views.framework_publish, name="framework-publish"),
    path("organisation/frameworks/beginning/", starting.beginning, name="frameworks-beginning"),
    path("frameworks/<slug:slug>/", views.framework, name="framework"),
    path("frameworks/<slug:slug>/file/", views.framework_file, name="framework-file"),
]
