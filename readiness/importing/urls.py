"""Addresses of the imports; the project includes them at its root."""

from django.urls import path

from readiness.importing import pages

urlpatterns = [
    path("organisation/imports/", pages.imports, name="imports"),
    path("organisation/imports/template.csv", pages.import_sample, name="import-sample"),
    path("organisation/imports/template.yaml", pages.import_sample_mapping, name="import-sample-mapping"),
    path("organisation/imports/<int:work_id>/", pages.import_page, name="import"),
    path("organisation/imports/<int:work_id>/progress/", pages.import_progress, name="import-progress"),
    path("organisation/imports/<int:work_id>/left-out.csv", pages.import_left_out, name="import-left-out"),
    path("organisation/imports/<int:work_id>/run/", pages.import_run, name="import-run"),
    path("organisation/imports/<int:work_id>/resume/", pages.import_resume, name="import-resume"),
]
