"""The roadmap, the budget and the profile of an initiative."""

from django.urls import path
from django.views.decorators.cache import never_cache

from readiness.workbench.plans import budget, profile, roadmap
from readiness.workbench.refusals import View, answering_refusals

BELOW = "initiatives/<str:ref>"


def page(view: View) -> View:
    """A page that is never shown from a cache: going back must not show what has been changed since."""
    return never_cache(answering_refusals(view))


urlpatterns = [
    path(f"{BELOW}/roadmap/", page(roadmap.roadmap), name="initiative-roadmap"),
    path(f"{BELOW}/roadmap/phases/<str:kind>/begin/", page(roadmap.phase_begin), name="phase-begin"),
    path(
        f"{BELOW}/roadmap/phases/<str:kind>/take-back/", page(roadmap.phase_take_back), name="phase-take-back"
    ),
    path(f"{BELOW}/budget/", page(budget.budget), name="initiative-budget"),
    path(f"{BELOW}/profile/<slug:framework>/", page(profile.profile), name="profile"),
]
