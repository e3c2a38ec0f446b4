"""Exchange rates."""

from readiness.accounts import models
from readiness.api import shapes
from readiness.api.documents.readiness import moment


def rate(row: models.Rate) -> shapes.ExchangeRate:
    return {
        "id": row.pk,
        "currency": row.currency,
        "into": row.into,
        "on": row.on.isoformat(),
        "rate": f"{row.rate.normalize():f}",
        "entered_by": row.entered_by.username if row.entered_by else None,
        "entered_at": moment(row.entered_at),
    }
