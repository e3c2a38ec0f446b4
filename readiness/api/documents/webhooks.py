"""Webhooks and their deliveries."""

import json
from datetime import datetime

from readiness.api import shapes
from readiness.api.documents.readiness import moment, moment_or_none
from readiness.webhooks.models import Delivery, Endpoint


def webhook(row: Endpoint, at: datetime) -> shapes.Webhook:
    until = row.previous_until
    return {
        "id": row.pk,
        "url": row.url,
        "description": row.description,
        "events": list(row.events),
        "active": row.is_on,
        "inactive_because": row.off or None,
        "failing_since": moment(row.failing_since) if row.failing_since else None,
        "previous_secret_until": moment(until) if until and at < until else None,
        "created_by": row.created_by.username if row.created_by else None,
        "created_at": moment(row.created_at),
    }


def webhook_with_secret(row: Endpoint, secret: str, at: datetime) -> shapes.WebhookWithSecret:
    return {**webhook(row, at), "secret": secret}


def delivery(row: Delivery) -> shapes.WebhookDelivery:
    return {
        "id": row.pk,
        "webhook_id": row.message_id,
        "type": row.kind,
        "initiative": row.initiative.ref if row.initiative else None,
        "state": row.state,
        "attempts": row.attempts,
        "made_at": moment(row.made_at),
        "due_at": moment_or_none(row.next_at),
        "waits_for": getattr(row, "behind", None),
        "tried_at": moment_or_none(row.tried_at),
        "ended_at": moment_or_none(row.ended_at),
        "last_status": row.last_status,
        "last_error": row.last_error,
        "headers": row.headers,
        "body": row.body,
        "payload": json.loads(row.body),
    }
