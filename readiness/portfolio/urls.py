"""The portfolio's pages."""

from django.urls import path

from readiness.portfolio.symptom_views import symptom, symptom_board
from readiness.portfolio.views import portfolio

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/symptoms/", symptom_board, name="symptoms"),
    path("portfolio/symptoms/<slug:code>/", symptom, name="symptom"),
]
