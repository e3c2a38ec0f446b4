"""Addresses of notifications; the project includes them at its root."""

from django.urls import path

from readiness.notices import pages

urlpatterns = [
    path("notifications/", pages.notifications, name="notifications"),
    path("notifications/read/", pages.mark_read, name="notifications-read"),
    path("account/notifications/", pages.settings, name="account-notifications"),
    path("unsubscribe/<str:key>/", pages.unsubscribe, name="unsubscribe"),
]
