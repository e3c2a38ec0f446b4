"""The reviewer's side: the inbox, decisions, waivers and conditions."""

from django.urls import path

from readiness.workbench.checklists.urls import BELOW, page
from readiness.workbench.reviews import conditions, confirming, deciding, inbox, waivers

urlpatterns = [
    path("reviews/", page(inbox.reviews), name="reviews"),
    path("reviews/conditions/", page(confirming.conditions_confirm), name="conditions-confirm"),
    path(f"{BELOW}/gates/<slug:gate>/decide/", page(deciding.gate_decide), name="gate-decide"),
    path(f"{BELOW}/waivers/new/", page(waivers.waiver_new), name="waiver-new"),
    path(
        f"{BELOW}/conditions/<int:condition_id>/keep/", page(conditions.condition_keep), name="condition-keep"
    ),
    path(
        f"{BELOW}/conditions/<int:condition_id>/give/", page(conditions.condition_give), name="condition-give"
    ),
    path(
        f"{BELOW}/conditions/<int:condition_id>/confirm/",
        page(conditions.condition_confirm),
        name="condition-confirm",
    ),
    path(
        f"{BELOW}/conditions/<int:condition_id>/reopen/",
        page(conditions.condition_reopen),
        name="condition-reopen",
    ),
]
