"""What happens is told: each event once for each webhook that wants it, in its order, and nothing that never happened."""

import json
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.stages import move_stage
from readiness.actions.webhooks import add_webhook, edit_webhook
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.webhooks.delivering import owe, send_owed
from readiness.webhooks.events import Kind
from readiness.webhooks.models import Delivery, Endpoint
from tests.fixtures import answer_all, create
from tests.integration.standing.pictures import day
from tests.integration.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(lena: User, hook: Endpoint) -> Initiative:
    return create(lena, day(1), name="Invoice triage", stage="pilot")


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.requests]


def test_a_submission_arrives(
    one: Initiative, lena: User, ravi: User, hook: Endpoint, receiver: Receiver
) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    owe(day(1))
    Delivery.objects.exclude(kind="gate.submitted").delete()
    assert send_owed(day(1)) == 1
    assert told(receiver) == [
        {
            "type": "gate.submitted",
            "timestamp": day(1).isoformat(),
            "data": {
                "initiative": one.ref,
                "name": "Invoice triage",
                "url": f"http://127.0.0.1:8000/initiatives/{one.ref}/",
                "gate": "checkpoint-0",
                "kind": "checkpoint",
                "submission": {"id": 1, "by": "lena"},
            },
        }
    ]
