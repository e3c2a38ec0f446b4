"""Where the fields that choose people ask for them."""

from django.urls import path

from readiness.workbench.choosing import views
from readiness.workbench.refusals import answering_refusals as page

urlpatterns = [
    path(
        "initiatives/<str:ref>/candidates/<slug:place>/",
        page(views.candidates),
        name="candidates",
    ),
    path("people/<str:username>/hand-over/candidates/", page(views.successors), name="successors"),
]
