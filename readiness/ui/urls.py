"""Addresses of the ground floor; the project includes them below /ui/."""

from django.urls import path

from readiness.ui import views

app_name = "ui"

urlpatterns = [
    path("theme/", views.choose_theme, name="theme"),
    path("gallery/", views.gallery, name="gallery"),
]
