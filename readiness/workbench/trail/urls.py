"""Addresses of the audit trail."""

from django.urls import path

from readiness.workbench.trail import proof, views

urlpatterns = [
    path("audit/", views.audit_trail, name="audit"),
    path("audit/proof/", proof.audit_proof, name="audit-proof"),
    path("audit/file/<slug:form>/", views.trail_file, name="audit-file"),
    path("audit/candidates/<slug:place>/", views.candidates, name="audit-candidates"),
]
