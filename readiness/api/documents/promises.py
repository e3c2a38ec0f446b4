"""KPIs, their readings and amendments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from gates.models import Amendment, Initiative, Kpi, Reading
from gates.promises import Measured, ValueCheck, plain
from readiness.api import shapes
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.api.etags import kpi_etag
from readiness.standing.kpis import KpiState, against, kpi_states


def kpis(row: Initiative, rows: Sequence[Kpi], today: date) -> list[shapes.Kpi]:
    """In a fixed number of queries."""
    return [_kpi(row.ref, state) for state in kpi_states(row, rows, today, recent=1)]


def _kpi(ref: str, state: KpiState) -> shapes.Kpi:
    kpi = state.kpi
    return {
        "id": kpi.pk,
        "initiative": ref,
        "name": kpi.name,
        "kind": kpi.kind,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "signal": kpi.signal or None,
        "due": kpi.due or None,
        "owner": kpi.owner.username if kpi.owner else None,
        "baseline": _measure(kpi.baseline),
        "target": _measure(kpi.target),
        "go_limit": _measure(kpi.go_limit),
        "stop_limit": _measure(kpi.stop_limit),
        "locked_at": moment_or_none(kpi.locked_at),
        "promised": _promised(kpi) if kpi.locked_at else None,
        "amendments": [amendment(one) for one in state.amendments],
        "latest_reading": _latest(kpi, state.latest),
        "readings_count": state.count,
        "value_checks": [_check(kpi, check) for check in state.checks],
        "created_at": moment(kpi.created_at),
        "etag": kpi_etag(kpi),
    }


def _promised(kpi: Kpi) -> shapes.Promised:
    limits = kpi.promised_limits
    return {
        "direction": limits.direction.value,
        "unit": kpi.promised["unit"],
        "baseline": _measure(limits.baseline),
        "target": _measure(limits.target),
        "go_limit": _measure(limits.go_limit),
        "stop_limit": _measure(limits.stop_limit),
    }


def _measure(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _latest(kpi: Kpi, row: Reading | None) -> shapes.LatestReading | None:
    if row is None:
        return None
    found = against(kpi.limits, row.value)
    return {
        "on": row.on.isoformat(),
        "value": plain(row.value),
        "against": found.value if found else None,
    }


def _check(kpi: Kpi, check: ValueCheck) -> shapes.ValueCheck:
    return {
        "mark": check.mark,
        "due_on": check.due_on.isoformat(),
        "status": check.status.value,
        "measured": _measured(check.reading),
        "promised": _measure(check.promised),
    }


def _measured(one: Measured | None) -> shapes.Measured | None:
    return None if one is None else {"on": one.on.isoformat(), "value": plain(one.value)}


def reading(row: Reading) -> shapes.Reading:
    return {
        "id": row.pk,
        "on": row.on.isoformat(),
        "value": plain(row.value),
        "note": row.note,
        "source": row.source,
        "by": row.by.username if row.by else None,
        "received_at": moment(row.received_at),
        "withdrawn_at": moment_or_none(row.withdrawn_at),
        "withdrawn_reason": row.withdrawn_reason,
    }


def amendment(row: Amendment) -> shapes.Amendment:
    """``row`` with its promise and its people read."""
    return {
        "id": row.pk,
        "kpi": row.kpi_id,
        "criterion": row.criterion_id,
        "promise": str(row.kpi or row.criterion),
        "changes": [
            {"field": field, "before": before, "after": after}
            for field, (before, after) in sorted(row.changes.items())
        ],
        "reason": row.reason,
        "after_reading": row.after_reading,
        "by": row.by.username if row.by else None,
        "at": moment(row.at),
        "acknowledged_by": row.acknowledged_by.username if row.acknowledged_by else None,
        "acknowledged_at": moment_or_none(row.acknowledged_at),
    }
