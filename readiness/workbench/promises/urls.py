"""What an initiative promises, what was read, and when it is to be stopped."""

from django.urls import path

from readiness.workbench.promises import views
from readiness.workbench.refusals import answering_refusals as page

BELOW = "initiatives/<str:ref>/promises"

urlpatterns = [
    path(f"{BELOW}/", page(views.promises), name="promises"),
]
