"""The board report as a page: the portfolio's own charts and words, laid out for paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from gates.stages import Stage
from readiness.portfolio import charts, figures
from readiness.portfolio.decisions import REVIEWS
from readiness.portfolio.lately import Delta, since_then
from readiness.portfolio.money_charts import money_shown
from readiness.portfolio.questions import State
from readiness.reports.contents import Contents, in_a_sentence
from readiness.reports.over_time import as_shown, over_time
from readiness.standing.definitions import flag_rules
from readiness.standing.links import initiative_url
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS
from readiness.ui.markup import figure
from readiness.ui.paper import STATIC, painted

AGAINST_SHOWN = 10
SHEETS = (STATIC / "tokens.css", Path(__file__).parent / "print" / "report.css")


def document(found: Contents) -> str:
    """The whole document as HTML, its drawings painted. Links lead to the lists behind the figures."""
    past = over_time(found)
    deltas = since_then(past.lately.then.counted, found.headline)
    words = _words(found) | {"tiles": _tiles(found, deltas)} | as_shown(past, found)
    return painted(render_to_string("reports/report.html", words))


def _words(found: Contents) -> dict[str, Any]:
    scope, headline = found.scope, found.headline
    return {
        "language": get_language(),
        "bidi": get_language_bidi(),
        "title": _("AI portfolio: %(organisation)s") % {"organisation": found.organisation.name},
        "found": found,
        "basis": found.basis,
        "headline": headline,
        "sentence": in_a_sentence(found),
        "decisions": found.decisions,
        "funnel": charts.funnel_steps(found.funnel, scope),
        "heat_columns": charts.heat_columns(found.gates),
        "heat_rows": charts.heat_rows(found.gates, scope),
        "stalled": [_stalled(one) for one in found.stalled],
        "stalled_url": scope.listing(state=State.STALLED),
        "causes": charts.cause_bars(found.causes, scope),
        "endings": charts.outcome_segments(found.outcomes, scope),
        **_money(found),
        "marks": [(one.mark, one.due, charts.value_segments(one)) for one in found.value.marks],
        "to_look_at": [(initiative_url(one.ref), one.name) for one in found.value.to_look_at],
        "address": settings.FIVEGATES_URL + scope.address("/portfolio/"),
    }


def _money(found: Contents) -> dict[str, Any]:
    """As the page of money tells it; of a long list only the first."""
    money = money_shown(found.accounts, found.scope)
    against = money["value"]["against"]
    return {
        "money": money,
        "against": against[:AGAINST_SHOWN],
        "more_against": max(0, len(against) - AGAINST_SHOWN),
    }


def _tiles(found: Contents, deltas: Mapping[str, Delta]) -> list[dict[str, str]]:
    """The one-minute picture: as the tiles of the page, each with the list behind it."""
    headline, listing = found.headline, found.scope.listing
    all_of_them = _("of %(total)s in all") % {"total": figure(headline.total)}
    stuck = (
        _("%(amount)s spent") % {"amount": charts.money(headline.spent_stalled, headline.currency)}
        if headline.spent_stalled
        else _("in PoC, pilot or rollout")
    )
    rows = [
        ("running", _("Running"), headline.running, all_of_them, "accent", listing(state=State.RUNNING)),
        ("ready", _("Ready for production"), headline.ready_ahead, charts.ready_hint(headline), "good",
         listing(verdict=Verdict.READY, state=State.BEFORE_LIVE)),
        ("conditional", _("Conditional"), headline.conditional_ahead, charts.conditional_hint(headline), "warning",
         listing(verdict=Verdict.CONDITIONAL, state=State.BEFORE_LIVE)),
        ("stalled", _("Stalled"), headline.stalled, stuck, "critical", listing(state=State.STALLED)),
        ("waiting", _("Reviews waiting"), found.waiting.count,
         charts.reviews_hint(found.waiting) or _("for a decision"), "info", listing(behind=REVIEWS)),
    ]  # fmt: skip
    return [
        {
            "label": label,
            "value": figure(value),
            "delta": deltas[name].words if name in deltas else "",
            "hint": hint,
            "tone": tone,
            "href": href,
        }
        for name, label, value, hint, tone, href in rows
    ]


def _stalled(found: figures.Stalled) -> dict[str, Any]:
    initiative = found.initiative
    spent = initiative.budget_spent
    return {
        "name": initiative.name,
        "ref": initiative.ref,
        "unit": initiative.business_unit,
        "url": initiative_url(initiative.ref),
        "stage": STAGE_WORDS[Stage(initiative.stage)].label,
        "days": found.days,
        "spent": charts.money(spent, initiative.currency) if spent is not None else "",
        "cause": charts.stalled_cause(found),
        "who": charts.whom_to_ask(found),
        "reasons": [
            (flag_rules()[flag.code].title, SEVERITY_WORDS[Severity(flag.severity)]) for flag in found.flags
        ],
        "since": found.since,
    }
