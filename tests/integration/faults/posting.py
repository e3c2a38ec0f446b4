"""What the test of the sender prepares and looks at, in a process of its own on the data of the workers."""

from collections import Counter
from typing import Any

from django.db import transaction

from readiness import clock
from readiness.actions.webhooks import add_webhook
from readiness.audit.recording import COMMAND, Actor, Ledger
from readiness.webhooks.events import Kind
from readiness.webhooks.models import Delivery, Endpoint
from tests.fixtures import create, person


def subscribed(url: str, initiatives: int, events: int) -> dict[str, Any]:
    """A webhook to this address, and events about these initiatives in turn: the score of each moves to 1, 2, 3 …

    Its secret, and the names of the initiatives.
    """
    lena, ada = person("lena", lead=True), person("ada", admin=True)
    at = clock.now()
    some = [create(lena, at, stage="pilot") for _ in range(initiatives)]
    _, secret = add_webhook(url, [Kind.READINESS_CHANGED], "", Actor.person(ada), at)
    with transaction.atomic():
        ledger = Ledger(at)
        for score in range(1, events + 1):
            for one in some:
                data = {"standing": {"score": [f"{score - 1}.0", f"{score}.0"]}}
                ledger.append(COMMAND, "standing.changed", data, one.pk)
        ledger.close()
    return {"secret": secret, "refs": [one.ref for one in some]}


def leases_run_out() -> int:
    """The minutes pass for which the webhook is left to a worker that died over it; how many were left to one."""
    return Endpoint.objects.filter(busy_until__gt=clock.now()).update(busy_until=clock.now())


def states() -> dict[str, int]:
    """How many deliveries are in each state, by word; those that nobody has noted yet are in none."""
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))
