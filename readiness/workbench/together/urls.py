"""Whom a comment may mention, and items that somebody is asked to see to."""

from django.urls import path
from django.views.decorators.cache import never_cache

from readiness.workbench.refusals import answering_refusals as page
from readiness.workbench.together import assigning, mentioning

BELOW = "initiatives/<str:ref>"

urlpatterns = [
    path("assigned/", never_cache(page(assigning.assigned)), name="assigned"),
    path(f"{BELOW}/mentions/", page(mentioning.mentions), name="mentions"),
    path(
        f"{BELOW}/answers/<slug:code>/assignment/",
        never_cache(page(assigning.item_assignment)),
        name="item-assignment",
    ),
    path(
        f"{BELOW}/assignments/<int:assignment_id>/end/", page(assigning.assignment_end), name="assignment-end"
    ),
]
