"""The checklists, their evidence, and the gates' own pages."""

from django.urls import path
from django.views.decorators.cache import never_cache

from readiness.workbench.checklists import checks, evidence, gates, proposals, reusing, views
from readiness.workbench.refusals import View, answering_refusals

BELOW = "initiatives/<str:ref>"


def page(view: View) -> View:
    """A page that is never shown from a cache: going back must not show an answer that has been changed since."""
    return never_cache(answering_refusals(view))


urlpatterns = [
    path(f"{BELOW}/checklist/<slug:gate>/", page(views.checklist), name="checklist"),
    path(f"{BELOW}/checklist/<slug:gate>/proposals/", page(proposals.proposals_take), name="proposals-take"),
    path(f"{BELOW}/answers/<slug:code>/", page(views.answer), name="answer"),
    path(f"{BELOW}/answers/<slug:code>/check/", page(checks.item_check), name="item-check"),
    path(f"{BELOW}/answers/<slug:code>/evidence/", page(evidence.evidence_add), name="evidence-add"),
    path(f"{BELOW}/answers/<slug:code>/evidence/reuse/", page(reusing.evidence_reuse), name="evidence-reuse"),
    path(f"{BELOW}/evidence/<int:evidence_id>/renew/", page(evidence.evidence_renew), name="evidence-renew"),
    path(
        f"{BELOW}/evidence/<int:evidence_id>/preview/",
        answering_refusals(evidence.evidence_preview),
        name="evidence-preview",
    ),
    path(
        f"{BELOW}/evidence/<int:evidence_id>/withdraw/",
        page(evidence.evidence_withdraw),
        name="evidence-withdraw",
    ),
    path(
        f"{BELOW}/evidence/<int:evidence_id>/file/",
        answering_refusals(evidence.evidence_file),
        name="evidence-file",
    ),
    path(f"{BELOW}/gates/<slug:gate>/", page(gates.gate), name="gate"),
    path(f"{BELOW}/gates/<slug:gate>/submit/", page(gates.gate_submit), name="gate-submit"),
    path(f"{BELOW}/snapshots/<int:snapshot_id>/", page(gates.snapshot), name="snapshot"),
]
