"""The page of an initiative's promises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness.clock import now
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.finding import acts_of, find_initiative, organisation_of
from readiness.workbench.header import PROMISES, header_of


@require_safe
def promises(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    at = now()
    today = organisation_of(request).day_of(at)
    acts = frozenset() if initiative.has_ended else acts_of(request, initiative)
    context = {
        "initiative": initiative,
        "today": today,
        "header": header_of(initiative, fresh_outcome(initiative.pk, at), crumb=PROMISES),
        "acts": {act.name.lower() for act in acts},
    }
    return render(request, "workbench/promises/page.html", context)
