"""The page Time: how long it takes to production and in each stage, and what becomes of what was begun."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness.portfolio import time_charts
from readiness.portfolio.durations import cohorts, courses, production, times_in_stage
from readiness.portfolio.frame import frame_of
from readiness.portfolio.views import published_conversion


@require_safe
def time_page(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-time")
    scope = frame.scope
    found = courses(frame.rows, frame.today)
    to_production, begun = production(found), cohorts(found)
    context = {
        "frame": frame,
        **time_charts.production_shown(to_production, scope),
        "stages": time_charts.stage_rows(times_in_stage(found), scope),
        "cohorts": time_charts.cohort_rows(begun, scope),
        "stacks": time_charts.cohort_stacks(begun),
        "stack_names": time_charts.cohort_names(),
        "not_begun": time_charts.not_begun(to_production),
        "published": published_conversion(),
    }
    return render(request, "portfolio/time.html", context)
