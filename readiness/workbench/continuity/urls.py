"""People, handovers and comments of one initiative, and what it teaches."""

from django.urls import path

from readiness.workbench.continuity import comments, handovers, people, teaching
from readiness.workbench.refusals import answering_refusals as page

BELOW = "initiatives/<str:ref>"

urlpatterns = [
    path(f"{BELOW}/people/", page(people.initiative_people), name="initiative-people"),
    path(f"{BELOW}/people/handovers/", page(handovers.handover_start), name="handover-start"),
    path(f"{BELOW}/people/handovers/<int:handover_id>/", page(handovers.handover), name="handover"),
    path(
        f"{BELOW}/people/handovers/<int:handover_id>/close/",
        page(handovers.handover_close),
        name="handover-close",
    ),
    path(f"{BELOW}/comments/", page(comments.initiative_comments), name="initiative-comments"),
    path(f"{BELOW}/what-worked/", page(teaching.what_worked), name="what-worked"),
]
