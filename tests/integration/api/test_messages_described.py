"""What webhooks send is what the OpenAPI document says of it, no less and no more."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.api.views.description import document
from readiness.audit.models import Event
from readiness.webhooks.events import PING, Kind, told_by
from readiness.webhooks.payloads import about, written
from tests.fixtures import answer_all, api, create, pass_gate

pytestmark = pytest.mark.django_db
EXIT = {"criterion": 3, "words": "Use below 20.", "decider": "elsa"}


def faults(kind: str, message: Any) -> list[str]:
    """What of a message is not as it is described; a field that is not described is one too."""
    described = document()
    body = described["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"]
    named = {
        name: schema | {"unevaluatedProperties": False} if schema.get("type") == "object" else schema
        for name, schema in described["components"]["schemas"].items()
    }
    schema = body | {"unevaluatedProperties": False, "components": {"schemas": named}}
    return [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(schema).iter_errors(message)]


def sent() -> list[tuple[str, Any]]:
    """Everything that was there to tell, as it goes out."""
    found = []
    for event in Event.objects.exclude(initiative=None).select_related("actor", "initiative"):
        for told in told_by(event.verb, event.data, event.actor.username if event.actor else None):
            body = written(told.kind, event.at, about(event.initiative) | told.facts)
            found.append((told.kind.value, json.loads(body)))
    return found


def test_each_kind_is_described(lena: User) -> None:
    assert document()["webhooks"].keys() == {*Kind, PING}


def test_what_is_sent_is_as_it_is_described(lena: User, ravi: User) -> None:
    one = create(lena, stage="pilot")
    answer_all(one, lena)
    pass_gate(one, "data", lena, ravi)
    api(lena).patch(f"initiatives/{one.ref}/", {"people": {"business_owner": "lena"}})
    api(lena).post(f"initiatives/{one.ref}/stage/", {"to": "poc", "reason": "Once more."})
    messages = sent()
    for told in told_by("standing.changed", {"standing": {"exits_triggered": [EXIT]}}, None):
        messages.append(
            (told.kind.value, json.loads(written(told.kind, clock.now(), about(one) | told.facts)))
        )
    messages.append((PING, json.loads(written(PING, clock.now(), {"webhook": 7}))))
    for kind, message in messages:
        assert faults(kind, message) == [], (kind, message)
    assert {kind for kind, _ in messages} == {*Kind, PING}


def test_what_is_not_described_would_be_found(initiative: Initiative) -> None:
    data: dict[str, Any] = about(initiative) | {"gates": [], "score": {"before": 0.0, "after": 5.0}}
    right = {"type": "readiness.changed", "timestamp": "2026-12-01T09:20:00+00:00", "data": data}
    assert faults("readiness.changed", right) == []
    wrong = (data | {"further": 1}, data | {"score": 5.0}, {"gates": []}, data | {"verdict": None})
    assert all(faults("readiness.changed", right | {"data": one}) for one in wrong)
