"""The canvas of one initiative, and the saving of its sections."""

from django.urls import path
from django.views.decorators.cache import never_cache

from readiness.workbench.canvas import views
from readiness.workbench.refusals import View, answering_refusals

BELOW = "initiatives/<str:ref>"


def page(view: View) -> View:
    """Never shown from a cache: going back must not show what has been saved over since."""
    return never_cache(answering_refusals(view))


urlpatterns = [
    path(f"{BELOW}/canvas/", page(views.canvas), name="canvas"),
    path(f"{BELOW}/canvas/<slug:section>/", page(views.canvas_section), name="canvas-section"),
]
