"""From an audit event to the messages that are sent: their names, and their bytes."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from gates.models import Initiative
from readiness.audit.models import Event
from readiness.standing.links import initiative_url
from readiness.webhooks.events import told_by
from readiness.webhooks.models import Delivery, Endpoint


def deliveries(endpoint: Endpoint, event: Event, at: datetime) -> Iterator[Delivery]:
    """What an endpoint gets of one event."""
    if event.initiative is None:
        return
    by = event.actor.username if event.actor else None
    for told in told_by(event.verb, event.data, by):
        if told.kind in endpoint.events:
            yield Delivery(
                endpoint=endpoint,
                message_id=f"evt_{event.seq}_{told.place}",
                kind=told.kind.value,
                initiative=event.initiative,
                body=written(told.kind, event.at, about(event.initiative) | told.facts),
                made_at=at,
                due_at=at,
            )


def about(initiative: Initiative) -> dict[str, Any]:
    """Which initiative, in the words of REST."""
    url = settings.FIVEGATES_URL + initiative_url(initiative.ref)
    return {"initiative": initiative.ref, "name": initiative.name, "url": url}


def written(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """A message as Standard Webhooks lays it out."""
    message = {"type": str(kind), "timestamp": at.isoformat(), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
