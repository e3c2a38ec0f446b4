"""The portfolio's figures: the very same that its page shows."""

from datetime import date
from decimal import Decimal

from gates.limits import LIMITED
from gates.models import ParallelLimit
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import Organisation
from readiness.api import shapes
from readiness.api.documents.readiness import moment
from readiness.portfolio import figures
from readiness.standing.definitions import root_causes
from readiness.standing.links import gate_url, initiative_url


def portfolio(rows: InitiativeQuerySet, organisation: Organisation, today: date) -> shapes.Portfolio:
    """In a fixed number of queries, however many rows there are."""
    count, oldest = figures.reviews_waiting(rows, today, organisation.zone)
    return {
        "headline": _headline(figures.headline(rows, organisation.currency)),
        "funnel": [
            {"stage": one.stage.value, "reached": one.reached, "now": one.now} for one in figures.funnel(rows)
        ],
        "units": [_unit(row) for row in figures.heat_map(rows)],
        "scores": [
            {"low": one.low, "high": one.high, "count": one.count} for one in figures.score_bins(rows)
        ],
        "stalled": [_stalled(one) for one in figures.stalled(rows, today)],
        "root_causes": [
            {"root_cause": slug, "name": root_causes()[slug].name, "initiatives": number}
            for slug, number in figures.flags_by_root_cause(rows)
        ],
        "reviews_waiting": {"count": count, "oldest": [_waiting(one) for one in oldest]},
        "outcomes": _outcomes(figures.outcomes(rows)),
    }


def parallel_limits() -> shapes.Limits:
    """Every limit, in the order in which the rules know the stages."""
    rows = sorted(ParallelLimit.objects.all(), key=lambda one: (LIMITED.index(Stage(one.stage)), one.unit_key))
    return {
        "limits": [{"stage": one.stage, "business_unit": one.unit, "most": one.most} for one in rows],
    }


def _headline(found: figures.Headline) -> shapes.Headline:
    return {
        "total": found.total,
        "running": found.running,
        "ready": found.ready,
        "conditional": found.conditional,
        "stalled": found.stalled,
        "live": found.live,
        "spent": _money(found.spent),
        "spent_stalled": _money(found.spent_stalled),
        "currency": found.currency,
    }


def _unit(row: figures.UnitRow) -> shapes.UnitRow:
    return {
        "business_unit": row.unit,
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
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
