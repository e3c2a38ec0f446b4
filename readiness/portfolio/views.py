"""The executive's page: what to decide, what is ready, what is stuck and why, and what it costs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.stages import Stage
from readiness.portfolio import charts, figures
from readiness.portfolio.books import rates_of
from readiness.portfolio.changes import changes_of
from readiness.portfolio.compare_charts import change_lists
from readiness.portfolio.decisions import REVIEWS, decisions_due
from readiness.portfolio.frame import SECTIONS, frame_of
from readiness.portfolio.lately import since_then
from readiness.portfolio.money import burn_of_stalled
from readiness.portfolio.past.loading import lives
from readiness.portfolio.past.marks import counted
from readiness.portfolio.questions import State
from readiness.portfolio.scope import Scope
from readiness.portfolio.scores import score_bins, threshold
from readiness.portfolio.sentence import sentence
from readiness.portfolio.symptoms.window import months_before
from readiness.portfolio.value import Value, value
from readiness.standing.definitions import ResearchFigure, flag_rules, research_figures
from readiness.standing.links import initiative_url
from readiness.standing.models import Flag, Severity
from readiness.standing.thresholds import current_thresholds
from readiness.standing.verdict import Verdict
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS
from readiness.ui.local import number
from readiness.ui.saying import content


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio")
    rows, scope, today, organisation = frame.rows, frame.scope, frame.today, frame.organisation
    due, waiting = decisions_due(rows, frame.person, today, organisation.zone, current_thresholds(), scope)
    heat = figures.heat_map(rows)
    rates = rates_of(organisation, today)
    headline = figures.headline(rows, rates)
    outcomes = figures.outcomes(rows)
    since = months_before(today, 1)
    known = lives(rows, since, today, organisation.zone)
    context = {
        "frame": frame,
        "headline": headline,
        "sentence": sentence(
            scope,
            headline.total,
            headline.live,
            headline.stalled,
            due.yours,
            burn_of_stalled(rows, today, rates),
        ),
        "links": _links(scope),
        "since": since,
        "changes": change_lists(changes_of(known, since, today), scope),
        "deltas": since_then(counted(known, since), headline),
        "pages": {name.removeprefix("portfolio-"): scope.address(reverse(name)) for name in SECTIONS},
        "due": due,
        "funnel": charts.funnel_steps(figures.funnel(rows), scope),
        "published": published_conversion(),
        "heat_columns": charts.heat_columns(heat),
        "heat_rows": charts.heat_rows(heat, scope),
        "bins": charts.bins(score_bins(rows)),
        "asked": threshold(rows),
        "stalled": [_stalled_row(one) for one in figures.stalled(rows, today)],
        "causes": charts.cause_bars(figures.flags_by_root_cause(rows), scope),
        "outcomes": charts.outcome_segments(outcomes, scope),
        "ended_well": _ended_well(outcomes),
        "value": _value(value(rows, today, organisation.currency), scope),
        "money": charts.money_segments(headline),
        "spent": charts.money(headline.spent, headline.currency),
        "ready_hint": charts.ready_hint(headline),
        "conditional_hint": charts.conditional_hint(headline),
        "stalled_hint": _stalled_hint(headline),
        "waiting": waiting.count,
        "waiting_hint": charts.reviews_hint(waiting),
    }
    return render(request, "portfolio/portfolio.html", context)


def _ended_well(outcomes: figures.Outcomes) -> str:
    """A stop on agreed criteria stands beside what is live: the process did what it is for."""
    if not outcomes.total:
        return ""
    return _(
        "%(succeeded)s of %(total)s came to a good end: %(live)s went live, "
        "%(stopped_on_criteria)s stopped on agreed criteria."
    ) % {
        "succeeded": number(f"{outcomes.succeeded:,}"),
        "total": number(f"{outcomes.total:,}"),
        "live": number(f"{outcomes.launched:,}"),
        "stopped_on_criteria": number(f"{outcomes.stopped_on_criteria:,}"),
    }


def _value(found: Value, scope: Scope) -> dict[str, object]:
    return {
        "live": found.live,
        "with_kpi": found.with_kpi,
        "marks": [(one.mark, one.due, charts.value_segments(one)) for one in found.marks],
        "monthly": [charts.monthly_words(one) for one in found.monthly],
        "short": found.short,
        "to_look_at": [(initiative_url(one.ref), one.name) for one in found.to_look_at],
        "url": scope.listing(stage=Stage.LIVE.value),
    }


def published_conversion() -> list[ResearchFigure]:
    """What others published about the way to production: shown as quoted, never beside ours as if alike."""
    return [one for one in research_figures().values() if one.shown == "conversion"]


def _links(scope: Scope) -> dict[str, str]:
    """The lists behind the figures: each holds as many initiatives as its figure says."""
    return {
        "running": scope.listing(state=State.RUNNING),
        "ready": scope.listing(verdict=Verdict.READY, state=State.BEFORE_LIVE),
        "conditional": scope.listing(verdict=Verdict.CONDITIONAL, state=State.BEFORE_LIVE),
        "stalled": scope.listing(state=State.STALLED),
        "waiting": scope.listing(behind=REVIEWS),
        "unconverted": scope.listing(behind="not_converted:spent"),
    }


def _stalled_hint(headline: figures.Headline) -> str:
    """What was spent on them, where anything is known to be."""
    if not headline.spent_stalled:
        return _("in PoC, pilot or rollout")
    return _("%(amount)s spent") % {"amount": charts.money(headline.spent_stalled, headline.currency)}


def _stalled_row(found: figures.Stalled) -> dict[str, object]:
    initiative = found.initiative
    spent = initiative.budget_spent
    return {
        "initiative": initiative,
        "url": initiative_url(initiative.ref),
        "stage": STAGE_WORDS[Stage(initiative.stage)],
        "days": found.days,
        "spent": charts.money(spent, initiative.currency) if spent is not None else "",
        "cause": charts.stalled_cause(found),
        "who": charts.whom_to_ask(found),
        "reasons": [_reason(flag) for flag in found.flags],
        "since": found.since,
    }


def _reason(flag: Flag) -> dict[str, object]:
    return {"title": content(flag_rules()[flag.code].title), "word": SEVERITY_WORDS[Severity(flag.severity)]}
