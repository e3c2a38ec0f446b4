"""The executive's page: what to decide, what is ready, what is stuck and why, and what it costs."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gates.models import Initiative
from gates.stages import Stage
from readiness.accounts.current import organisation_of
from readiness.accounts.models import User
from readiness.clock import now
from readiness.portfolio import charts, figures
from readiness.portfolio.decisions import decision_groups
from readiness.portfolio.questions import State, units_of
from readiness.portfolio.value import Value, value
from readiness.standing.definitions import ResearchFigure, flag_rules, research_figures
from readiness.standing.links import initiative_url
from readiness.standing.models import Flag, Severity
from readiness.standing.thresholds import current_thresholds
from readiness.standing.verdict import Verdict
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    at = now()
    today = organisation.day_of(at)
    visible = Initiative.objects.visible_to(cast(User, request.user))
    units, unit = units_of(visible, request.GET.get("unit", ""))
    rows = visible.filter(business_unit_key=unit) if unit else visible
    waiting = figures.reviews_waiting(rows, today, organisation.zone)
    heat = figures.heat_map(rows)
    headline = figures.headline(rows, organisation.currency)
    stalled = figures.stalled(rows, today)
    outcomes = figures.outcomes(rows)
    context = {
        "at": at,
        "zone": organisation.time_zone,
        "unit": unit,
        "unit_name": dict(units).get(unit, ""),
        "units": units,
        "basis": figures.basis(rows, today, organisation.currency),
        "headline": headline,
        "links": _links(unit),
        "decisions": decision_groups(rows, waiting, today, current_thresholds(), unit),
        "funnel": charts.funnel_steps(figures.funnel(rows), unit),
        "published": published_conversion(),
        "heat_columns": charts.heat_columns(heat),
        "heat_rows": charts.heat_rows(heat),
        "bins": charts.bins(figures.score_bins(rows)),
        "stalled": [_stalled_row(one) for one in stalled],
        "causes": charts.cause_bars(figures.flags_by_root_cause(rows), unit),
        "outcomes": charts.outcome_segments(outcomes, unit),
        "ended_well": _ended_well(outcomes),
        "value": _value(value(rows, today, organisation.currency), unit),
        "money": charts.money_segments(headline),
        "spent": charts.money(headline.spent, headline.currency),
        "stalled_hint": _stalled_hint(headline),
        "waiting_count": waiting[0],
        "waiting_longest": waiting[1][0].days if waiting[1] else None,
    }
    return render(request, "portfolio/portfolio.html", context)


def _ended_well(outcomes: figures.Outcomes) -> str:
    """A stop on agreed criteria stands beside what is live: the process did what it is for."""
    if not outcomes.total:
        return ""
    return (
        f"{outcomes.succeeded:,} of {outcomes.total:,} came to a good end: {outcomes.live + outcomes.retired:,} went "
        f"live, {outcomes.stopped_on_criteria:,} stopped on agreed criteria."
    )


def _value(found: Value, unit: str) -> dict[str, object]:
    return {
        "live": found.live,
        "with_kpi": found.with_kpi,
        "marks": [(one.mark, one.due, charts.value_segments(one)) for one in found.marks],
        "monthly": [charts.monthly_words(one) for one in found.monthly],
        "short": found.short,
        "to_look_at": [(initiative_url(one.ref), one.name) for one in found.to_look_at],
        "url": charts.listing_url(stage=Stage.LIVE.value, unit=unit),
    }


def published_conversion() -> list[ResearchFigure]:
    """What others published about the way to production: shown as quoted, never beside ours as if alike."""
    return [one for one in research_figures().values() if one.shown == "conversion"]


def _links(unit: str) -> dict[str, str]:
    """The lists behind the figures: each holds as many initiatives as its figure says."""
    return {
        "running": charts.listing_url(state=State.RUNNING, unit=unit),
        "ready": charts.listing_url(verdict=Verdict.READY, state=State.RUNNING, unit=unit),
        "conditional": charts.listing_url(verdict=Verdict.CONDITIONAL, state=State.RUNNING, unit=unit),
        "stalled": charts.listing_url(state=State.STALLED, unit=unit),
        "symptoms": reverse("symptoms") + (f"?{urlencode({'unit': unit})}" if unit else ""),
    }


def _stalled_hint(headline: figures.Headline) -> str:
    """What was spent on them, where anything is known to be."""
    if not headline.spent_stalled:
        return "in PoC, pilot or rollout"
    return f"{charts.money(headline.spent_stalled, headline.currency)} spent"


def _stalled_row(found: figures.Stalled) -> dict[str, object]:
    initiative = found.initiative
    spent = initiative.budget_spent
    return {
        "initiative": initiative,
        "url": initiative_url(initiative.ref),
        "stage": STAGE_WORDS[Stage(initiative.stage)],
        "days": found.days,
        "spent": charts.money(spent, initiative.currency) if spent is not None else "",
        "reasons": [_reason(flag) for flag in found.flags],
        "since": found.since,
    }


def _reason(flag: Flag) -> dict[str, object]:
    return {"title": flag_rules()[flag.code].title, "word": SEVERITY_WORDS[Severity(flag.severity)]}
