"""The executive's page: what is ready, what is stuck and why, and what waits for a decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.models import Initiative
from gates.querysets import normalised
from readiness.accounts.models import Organisation
from readiness.clock import now
from readiness.portfolio import charts, figures
from readiness.standing.links import gate_url, initiative_url
from readiness.standing.models import Severity
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    organisation = Organisation.get()
    at = now()
    today = organisation.day_of(at)
    visible = Initiative.objects.visible_to(request.user)
    unit = normalised(request.GET.get("unit", "").replace("\x00", ""))
    rows = visible.filter(business_unit_key=unit) if unit else visible
    waiting_count, waiting = figures.reviews_waiting(rows, today, organisation.zone)
    heat = figures.heat_map(rows)
    context = {
        "at": at,
        "unit": unit,
        "units": visible.units(),
        "headline": figures.headline(rows, organisation.currency),
        "funnel": charts.funnel_steps(figures.funnel(rows), unit),
        "heat_columns": charts.heat_columns(heat),
        "heat_rows": charts.heat_rows(heat),
        "bins": charts.bins(figures.score_bins(rows)),
        "stalled": [_stalled_row(one) for one in figures.stalled(rows, today)],
        "causes": charts.cause_bars(figures.flags_by_root_cause(rows)),
        "outcomes": charts.outcome_segments(figures.outcomes(rows)),
        "waiting_count": waiting_count,
        "waiting": [_waiting_row(one) for one in waiting],
    }
    return render(request, "portfolio/portfolio.html", context)


def _stalled_row(found: figures.Stalled) -> dict[str, object]:
    return {
        "initiative": found.initiative,
        "url": initiative_url(found.initiative.ref),
        "stage": STAGE_WORDS[found.initiative.stage],
        "severity": SEVERITY_WORDS[Severity(found.severity)] if found.severity else None,
        "days": found.days,
        "reasons": found.reasons,
        "since": found.since,
    }


def _waiting_row(found: figures.Waiting) -> dict[str, object]:
    return {
        "initiative": found.initiative,
        "gate": found.submission.gate.name,
        "days": found.days,
        "by": found.submission.by,
        "url": gate_url(found.initiative.ref, found.submission.gate.slug),
    }
