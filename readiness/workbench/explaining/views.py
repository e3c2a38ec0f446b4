"""Why an initiative is ready or not, and what would be if: reads only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from readiness.clock import now
from readiness.standing.judgement import known_of
from readiness.standing.links import why_url
from readiness.standing.recompute import fresh_outcome, judge_to_show
from readiness.workbench.checklists.written import by_htmx
from readiness.workbench.explaining.choices import choices_of
from readiness.workbench.explaining.clauses import explanation
from readiness.workbench.explaining.forecasts import shown_forecast
from readiness.workbench.explaining.supposed import questions, shown_supposed
from readiness.workbench.finding import acts_here, find_initiative, organisation_of
from readiness.workbench.header import OVERVIEW, header_of
from readiness.workbench.initiatives.blockers import way_words
from readiness.workbench.initiatives.next_steps import next_steps

PAGE = "workbench/explaining/page.html"
RESULT = "workbench/explaining/_supposed.html"


@require_safe
def initiative_why(request: HttpRequest, ref: str) -> HttpResponse:
    """The page; for htmx only where it would stand, with the address that says so."""
    initiative = find_initiative(request, ref)
    at = now()
    organisation = organisation_of(request)
    outcome = fresh_outcome(initiative.pk, at)
    judgement = judge_to_show(initiative.pk, at)
    known = known_of(judgement, organisation.zone)
    choices = choices_of(request.GET, known.framework)
    address = why_url(initiative.ref) + choices.query()
    if not by_htmx(request) and "" in request.GET.values():
        return redirect(f"{address}#what-if")
    context = {
        "initiative": initiative,
        "choices": choices,
        "supposed": shown_supposed(initiative.ref, known, judgement.readiness, choices),
        "why_url": why_url(initiative.ref),
    }
    if by_htmx(request):
        response = render(request, RESULT, context)
        response["HX-Replace-Url"] = address
        return response
    acts = frozenset() if initiative.has_ended else acts_here(request, initiative)
    explained = explanation(initiative, judgement, acts)
    today = organisation.day_of(at)
    context |= {
        "explained": explained,
        "header": header_of(initiative, outcome, crumb=str(explained.title), section=OVERVIEW),
        "steps": next_steps(initiative, outcome, acts),
        "standing": outcome.standing,
        "in_the_way": way_words(outcome.standing.blockers),
        "forecast": shown_forecast(initiative, outcome.standing, today),
        "questions": questions(known, judgement.readiness, choices),
    }
    return render(request, PAGE, context)
