"""Addresses of reports; the project includes them at its root."""

from django.urls import path

from readiness.reports import pages

urlpatterns = [
    path("portfolio/reports/", pages.reports, name="portfolio-reports"),
    path("portfolio/reports/monthly/", pages.monthly_choice, name="portfolio-reports-monthly"),
    path("portfolio/reports/unsubscribe/<str:key>/", pages.unsubscribe, name="portfolio-reports-unsubscribe"),
    path("portfolio/reports/<int:report_id>/", pages.report, name="portfolio-report"),
    path("portfolio/reports/<int:report_id>/progress/", pages.progress, name="portfolio-report-progress"),
    path("portfolio/reports/<int:report_id>/resume/", pages.resume, name="portfolio-report-resume"),
    path("portfolio/reports/<int:report_id>/file/", pages.download, name="portfolio-report-file"),
]
