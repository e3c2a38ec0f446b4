"""The portfolio's figures: the very same that its page shows."""

from datetime import date
from decimal import Decimal

from gates.limits import LIMITED
from gates.models import ParallelLimit
from gates.promises import ValueStatus
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.api import shapes
from readiness.api.documents.readiness import moment
from readiness.portfolio import figures
from readiness.portfolio.books import rates_of
from readiness.portfolio.scores import score_bins
from readiness.portfolio.symptoms.answers import Figure
from readiness.portfolio.symptoms.board import Shown, board
from readiness.portfolio.value import Value, value
from readiness.standing.definitions import root_causes
from readiness.standing.links import gate_url, initiative_url

BEHIND_TOLD = 50
"""So many of the initiatives behind a symptom are named; `count` says how many there are."""


def portfolio(rows: InitiativeQuerySet, organisation: Organisation, today: date) -> shapes.Portfolio:
    """In a fixed number of queries, however many rows there are."""
    waiting = figures.reviews_waiting(rows, today, organisation.zone)
    return {
        "headline": _headline(figures.headline(rows, rates_of(organisation, today))),
        "funnel": [
            {"stage": one.stage.value, "reached": one.reached, "now": one.now} for one in figures.funnel(rows)
        ],
        "units": [_unit(row) for row in figures.heat_map(rows)],
        "scores": [{"low": one.low, "high": one.high, "count": one.count} for one in score_bins(rows)],
        "stalled": [_stalled(one) for one in figures.stalled(rows, today)],
        "root_causes": [
            {
                "root_cause": one.root_cause,
                "name": root_causes()[one.root_cause].name,
                "initiatives": one.initiatives,
                "confirmed": one.confirmed,
            }
            for one in figures.flags_by_root_cause(rows)
        ],
        "reviews_waiting": {"count": waiting.count, "oldest": [_waiting(one) for one in waiting.oldest]},
        "outcomes": _outcomes(figures.outcomes(rows)),
        "value": _value(value(rows, today, organisation.currency)),
    }


def symptom_list(
    visible: InitiativeQuerySet,
    organisation: Organisation,
    today: date,
    unit: str | None,
    *,
    narrowed: bool = False,
) -> shapes.Symptoms:
    """``visible``: all that the person may see; ``unit``: the key of the one to speak of, "" where none is named;
    None for all. ``narrowed``: filters left some initiatives of their units out."""
    found = board(visible, organisation, today, unit, BEHIND_TOLD, narrowed=narrowed)
    return {
        "from": found.days.first.isoformat(),
        "to": found.days.last.isoformat(),
        "initiatives": found.counted,
        "symptoms": [_symptom(one) for one in found.shown],
        "units": [
            {
                "business_unit": one.unit if one.unit_key else "",
                "initiatives": one.initiatives,
                "symptoms": [
                    {"code": it.code.value, "state": it.state.value, "figure": _figure(it.figure)}
                    for it in one.symptoms
                ],
            }
            for one in found.units
        ],
        "units_in_all": found.units_in_all,
    }


def _symptom(shown: Shown) -> shapes.Symptom:
    found = shown.symptom
    return {
        "code": found.code.value,
        "title": shown.definition.title,
        "state": found.state.value,
        "figure": _figure(found.figure),
        "series": [_figure(one) for one in found.series],
        "message": found.sentence,
        "root_cause": shown.definition.root_cause,
        "countermeasure": shown.definition.what_to_do,
        "count": len(found.keys),
        "initiatives": [
            {"id": one.ref, "name": one.name, "url": initiative_url(one.ref)} for one in shown.behind
        ],
    }


def _figure(figure: Figure) -> shapes.Figure:
    return {
        "numerator": float(figure.numerator),
        "denominator": float(figure.denominator),
        "unit": figure.unit,
    }


def _value(found: Value) -> shapes.PortfolioValue:
    return {
        "live": found.live,
        "with_kpi": found.with_kpi,
        "checks": [
            {
                "days": one.mark,
                "not_due": one.counts[ValueStatus.NOT_DUE],
                "unmeasured": one.counts[ValueStatus.UNMEASURED],
                "below": one.counts[ValueStatus.BELOW],
                "on": one.counts[ValueStatus.ON],
                "above": one.counts[ValueStatus.ABOVE],
            }
            for one in found.marks
        ],
        "monthly": [
            {
                "currency": one.currency,
                "promised": _money(one.promised),
                "realised": _money(one.realised),
                "kpis": one.kpis,
                "measured": one.measured,
            }
            for one in found.monthly
        ],
        "falling_short": found.short,
    }


def parallel_limits() -> shapes.Limits:
    """Every limit, in the order in which the rules know the stages."""
    rows = sorted(
        ParallelLimit.objects.all(), key=lambda one: (LIMITED.index(Stage(one.stage)), one.unit_key)
    )
    return {
        "limits": [{"stage": one.stage, "business_unit": one.unit, "most": one.most} for one in rows],
    }


def _headline(found: figures.Headline) -> shapes.Headline:
    return {
        "total": found.total,
        "running": found.running,
        "ready": found.ready,
        "ready_live": found.ready_live,
        "conditional": found.conditional,
        "conditional_live": found.conditional_live,
        "stalled": found.stalled,
        "live": found.live,
        "spent": _money(found.spent),
        "spent_stalled": _money(found.spent_stalled),
        "currency": found.currency,
        "unconverted": found.unconverted,
    }


def _unit(row: figures.UnitRow) -> shapes.UnitRow:
    named = row.unit if row.unit_key else ""
    return {
        "business_unit": None if row.unit_key == figures.OTHERS else named,
        "initiatives": row.initiatives,
        "gates": [
            {
                "gate": cell.gate,
                "name": cell.name,
                "total": cell.total,
                "passed": cell.passed,
                "lapsed": cell.lapsed,
                "in_review": cell.in_review,
            }
            for cell in row.cells
        ],
    }


def _stalled(found: figures.Stalled) -> shapes.StalledInitiative:
    row = found.initiative
    return {
        "initiative": row.ref,
        "name": row.name,
        "business_unit": row.business_unit,
        "stage": row.stage,
        "spent": None if row.budget_spent is None else _money(row.budget_spent),
        "days": found.days,
        "reasons": list(found.reasons),
        "root_cause": found.cause or None,
        "root_cause_confirmed": found.is_confirmed,
        "since": found.since.isoformat() if found.since else None,
        "url": initiative_url(row.ref),
    }


def _waiting(found: figures.Waiting) -> shapes.WaitingReview:
    ref, gate = found.initiative.ref, found.submission.gate.slug
    return {
        "initiative": ref,
        "name": found.initiative.name,
        "gate": gate,
        "submitted_by": found.submission.by.username,
        "submitted_at": moment(found.submission.at),
        "days": found.days,
        "url": gate_url(ref, gate),
    }


def _outcomes(found: figures.Outcomes) -> shapes.Outcomes:
    return {
        "live": found.live,
        "retired": found.retired,
        "stopped_on_criteria": found.stopped_on_criteria,
        "stopped_by_decision": found.stopped_by_decision,
        "faded_out": found.faded_out,
        "succeeded": found.succeeded,
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
