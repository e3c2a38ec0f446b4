"""The page of the causes: what holds initiatives up, where, what was stopped for it, and what helps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from readiness.portfolio.causes import figures
from readiness.portfolio.causes.shown import cause_rows, in_order, meanings, symptom_lines, table
from readiness.portfolio.frame import Frame, frame_of
from readiness.portfolio.symptoms.answers import Code
from readiness.portfolio.symptoms.loading import load
from readiness.portfolio.symptoms.rules import symptoms


@require_safe
def causes(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-causes")
    rows, scope = frame.rows, frame.scope
    found = in_order(figures.causes(rows, frame.today))
    loaded = load(rows, frame.organisation, frame.today, narrowed=scope.narrows_units)
    showing = symptoms(loaded.facts, frame.today)
    addresses = _symptom_pages(frame)
    context = {
        "frame": frame,
        "rows": cause_rows(found, scope),
        "flagged": figures.in_all(rows),
        "flagged_url": scope.listing(behind="flagged:"),
        "days": figures.RESOLVED_DAYS,
        "units": table(figures.matrix(rows, "unit"), found, scope),
        "technologies": table(figures.matrix(rows, "technology"), found, scope),
        "meanings": meanings(found, showing, addresses),
        "symptoms": symptom_lines(showing, addresses),
        "symptoms_url": scope.address(reverse("symptoms")),
    }
    return render(request, "portfolio/causes.html", context)


def _symptom_pages(frame: Frame) -> dict[str, str]:
    return {code.value: frame.scope.address(reverse("symptom", args=[code.value])) for code in Code}
