"""From audit events to deliveries, and from deliveries to requests.

The audit trail is the outbox: its events are committed with what they tell of, in one order. Each endpoint reads it on
from its own mark and notes its deliveries in the transaction that moves the mark, so that none is left out or noted
twice. One worker at a time is at an endpoint. A message may arrive twice only where a worker dies between the
receiver's yes and its own note of it; both carry the same ``Webhook-Id``.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from readiness.audit.models import Chain, Event
from readiness.audit.recording import CLOCK, record
from readiness.derived import KeyIsGone
from readiness.webhooks.addresses import Forbidden
from readiness.webhooks.models import Delivery, Endpoint, Off, State
from readiness.webhooks.payloads import deliveries
from readiness.webhooks.schedule import next_try, rest, wish
from readiness.webhooks.sending import Answer, Failed, post
from readiness.webhooks.signing import signatures

log = logging.getLogger(__name__)

READ_AT_ONCE = 500
SENT_AT_ONCE = 50
"""So many to one endpoint before it is the next one's turn."""
PATIENCE = 20.0
"""Seconds after which a run begins nothing new: the one worker of a small installation has other things to do."""
LEASE = timedelta(minutes=3)
"""How long an endpoint is left to the worker that took it: longer than a task may run."""
KEPT_FOR = timedelta(days=30)
GONE = 410
ASKS_FOR_PEACE = (429, 503)
TURNED_OFF = "webhook.turned_off"
Post = Callable[[str, Mapping[str, str], bytes, Sequence[str]], Answer]


def owe(at: datetime) -> int:
    """Read the audit trail on for every endpoint and note what it gets. Returns how many deliveries were noted."""
    noted, head = 0, Chain.objects.values_list("seq", flat=True).filter(pk=1).first() or 0
    for key in Endpoint.objects.on().filter(read_up_to__lt=head).values_list("pk", flat=True):
        going = True
        while going:
            going, count = _owe_some(key, at)
            noted += count
    return noted


@transaction.atomic
def _owe_some(key: int, at: datetime) -> tuple[bool, int]:
    """Whether there may be more, and how many were noted."""
    rows = Endpoint.objects.on().select_for_update(skip_locked=True, of=("self",))
    endpoint = rows.filter(pk=key).first()
    if endpoint is None:
        return False, 0  # another worker reads on for it, or it was switched off
    newer = Event.objects.filter(seq__gt=endpoint.read_up_to).select_related("initiative", "actor")
    events = list(newer.order_by("seq")[:READ_AT_ONCE])
    found = [one for event in events for one in _of(endpoint, event, at)]
    Delivery.objects.bulk_create(found)
    if events:
        Endpoint.objects.filter(pk=key).update(read_up_to=events[-1].seq)
    return len(events) == READ_AT_ONCE, len(found)


def _of(endpoint: Endpoint, event: Event, at: datetime) -> list[Delivery]:
    """An event that this version cannot read must not stop those behind it."""
    try:
        return list(deliveries(endpoint, event, at))
    except (KeyError, TypeError, ValueError, AttributeError):
        log.exception("Event %d could not be read for webhooks", event.seq)
        return []


def send_owed(at: datetime, send: Post = post) -> int:
    """Send what is due to every endpoint that is not at rest. Returns how many messages were taken."""
    taken, over_at = 0, time.monotonic() + PATIENCE
    ready = _ready(at).filter(Exists(_due(OuterRef("pk"), at)))
    for key in list(ready.order_by(F("busy_until").asc(nulls_first=True), "pk").values_list("pk", flat=True)):
        if time.monotonic() >= over_at:
            break
        if _ready(at).filter(pk=key).update(busy_until=at + LEASE):
            try:
                taken += _send_to(key, at, send, over_at)
            finally:
                # The moment stays as a mark of whose turn it was last.
                Endpoint.objects.filter(pk=key, busy_until=at + LEASE).update(busy_until=at)
    return taken


def _ready(at: datetime) -> QuerySet[Endpoint]:
    rested = Q(rests_until__isnull=True) | Q(rests_until__lte=at)
    return Endpoint.objects.on().filter(rested, Q(busy_until__isnull=True) | Q(busy_until__lte=at))


def _due(endpoint: Any, at: datetime) -> QuerySet[Delivery]:
    """What may go out now: of the messages about one initiative only the oldest that waits."""
    waiting = Delivery.objects.waiting()
    older = waiting.filter(
        endpoint=OuterRef("endpoint"), initiative=OuterRef("initiative"), pk__lt=OuterRef("pk")
    )
    return waiting.filter(~Exists(older), endpoint=endpoint, due_at__lte=at)


def _send_to(key: int, at: datetime, send: Post, over_at: float) -> int:
    """Until nothing is due, the receiver fails once, or it is another's turn."""
    for taken in range(SENT_AT_ONCE):
        endpoint = Endpoint.objects.on().filter(pk=key).first()
        delivery = _due(key, at).order_by("due_at", "pk").first()
        if endpoint is None or delivery is None or time.monotonic() >= over_at:
            return taken
        if not _send(endpoint, delivery, at, send):
            return taken
    return SENT_AT_ONCE


def _send(endpoint: Endpoint, delivery: Delivery, at: datetime, send: Post) -> bool:
    """Whether it was taken. The attempt is counted first, so that a message over which workers die is parked too."""
    delivery.attempts += 1
    Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts, tried_at=at)
    body, moment = delivery.body.encode(), int(at.timestamp())
    try:
        headers = {
            "Webhook-Id": delivery.message_id,
            "Webhook-Timestamp": str(moment),
            "Webhook-Signature": signatures(endpoint.signers(at), delivery.message_id, moment, body),
        }
        answer = send(endpoint.url, headers, body, settings.FIVEGATES_WEBHOOK_HOSTS)
    except KeyIsGone:
        return _failed(
            endpoint, delivery, at, "Its secret was made with a SECRET_KEY that is gone: change it."
        )
    except (Failed, Forbidden) as error:
        return _failed(endpoint, delivery, at, str(error))
    if 200 <= answer.status < 300:
        _taken(endpoint, delivery, at, answer)
        return True
    if answer.status == GONE:
        _turn_off(endpoint, delivery, at)
        return False
    return _failed(endpoint, delivery, at, "", answer)


def _taken(endpoint: Endpoint, delivery: Delivery, at: datetime, answer: Answer) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.DELIVERED.value, ended_at=at, last_status=answer.status, last_error=""
    )
    Endpoint.objects.filter(pk=endpoint.pk, failures__gt=0).update(
        failures=0, failing_since=None, rests_until=None
    )


def _failed(
    endpoint: Endpoint, delivery: Delivery, at: datetime, error: str, answer: Answer | None = None
) -> bool:
    """Try again later, or park it after the last retry; and leave the receiver in peace for a while."""
    status = answer.status if answer else None
    log.warning("Webhook %d did not take %s: %s", endpoint.pk, delivery.message_id, error or status)
    wished = wish(answer.retry_after) if answer and answer.status in ASKS_FOR_PEACE else timedelta()
    later, changes = next_try(delivery.attempts), {"last_status": status, "last_error": error[:300]}
    with transaction.atomic():
        row = Delivery.objects.waiting().filter(pk=delivery.pk)
        if later is None:
            row.update(**changes, state=State.PARKED.value, ended_at=at)
        else:
            row.update(**changes, due_at=at + max(later, wished))
        pause = max(rest(endpoint.failures + 1), wished)
        Endpoint.objects.filter(pk=endpoint.pk).update(
            failures=F("failures") + 1, failing_since=endpoint.failing_since or at, rests_until=at + pause
        )
    return False


@transaction.atomic
def _turn_off(endpoint: Endpoint, delivery: Delivery, at: datetime) -> None:
    """The receiver said that it is gone: nothing more is sent until an admin switches it on again."""
    row = Endpoint.objects.on().select_for_update(no_key=True).filter(pk=endpoint.pk).first()
    if row is None:
        return
    Delivery.objects.filter(pk=delivery.pk).update(last_status=GONE, last_error="")
    switch_off(row, Off.GONE, at)
    record(CLOCK, TURNED_OFF, {"webhook": endpoint.pk, "because": "410"}, at)


def switch_off(endpoint: Endpoint, why: Off, at: datetime) -> None:
    """The caller holds its row lock. What waits is parked: it may be sent again once the endpoint is on."""
    endpoint.off = why.value
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    endpoint.save(update_fields=["off", "failures", "failing_since", "rests_until"])
    endpoint.deliveries.waiting().update(state=State.PARKED.value, ended_at=at)


def tidy(at: datetime) -> int:
    """Forget what was delivered or parked long ago: what happened stands in the audit trail. Returns how many."""
    old = Delivery.objects.filter(ended_at__lte=at - KEPT_FOR).order_by("pk").values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(old[:10_000])).delete()[0]
