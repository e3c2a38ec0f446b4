"""The portfolio's pages."""

from django.urls import path

from readiness.portfolio.views import portfolio

urlpatterns = [path("portfolio/", portfolio, name="portfolio")]
