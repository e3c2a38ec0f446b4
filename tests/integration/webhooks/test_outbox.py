"""What happens is told: each event once to each webhook that wants it, in order, and nothing that never happened."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from standardwebhooks import Webhook

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.stages import move_stage
from readiness.actions.webhooks import add_webhook, edit_webhook
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger
from readiness.standing.sweeping import recompute_due
from readiness.webhooks import delivering
from readiness.webhooks.delivering import owe, send_owed
from readiness.webhooks.models import Delivery, Endpoint
from readiness.webhooks.signing import shown
from tests.fixtures import answer_all, create
from tests.integration.standing.pictures import day
from tests.integration.webhooks.receiver import Killed, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(lena: User, hook: Endpoint) -> Initiative:
    return create(lena, day(1), name="Invoice triage", stage="pilot")


def sent(receiver: Receiver, at: datetime) -> list[dict[str, Any]]:
    """What arrives when a worker comes by."""
    before = len(receiver.requests)
    owe(at)
    send_owed(at)
    return [json.loads(request.body) for request in receiver.requests[before:]]


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [message["type"] for message in messages]


def test_a_submission_arrives_signed(lena: User, hook: Endpoint, receiver: Receiver) -> None:
    """At this very moment: a receiver takes nothing that was signed long ago."""
    at = clock.now()
    one = create(lena, at, name="Invoice triage", stage="pilot")
    sent(receiver, at)
    submission, _ = submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), at)
    messages = sent(receiver, at)
    assert messages[0] == {
        "type": "gate.submitted",
        "timestamp": at.isoformat(),
        "data": {
            "initiative": one.ref,
            "name": "Invoice triage",
            "url": f"{settings.FIVEGATES_URL}/initiatives/{one.ref}/",
            "gate": "checkpoint-0",
            "kind": "checkpoint",
            "submission": {"id": submission.pk, "by": "lena"},
        },
    }
    assert kinds(messages) == ["gate.submitted", "readiness.changed"]
    request = receiver.requests[-2]
    assert request.line == "POST /hook?to=us HTTP/1.1"
    seq = Event.objects.get(verb="gate.submitted").seq
    assert request.headers["Webhook-Id"] == f"evt_{seq}_1"
    secret = shown(hook.signers(at)[0])
    assert Webhook(secret).verify(request.body, request.headers) == messages[0]
    assert len(request.body) < 20_000


def test_what_each_act_tells(
    one: Initiative, lena: User, ravi: User, hook: Endpoint, receiver: Receiver
) -> None:
    by, at = Actor.person(lena), day(1)
    first = kinds(sent(receiver, at))
    assert set(first) <= {"flag.opened", "readiness.changed"}
    answer_all(one, lena, framework="poc-checkpoints", gates=["checkpoint-0"], at=at)
    sent(receiver, at)
    submit_gate(one.pk, "checkpoint-0", "", by, at)
    decide_gate(one.pk, "checkpoint-0", "pass", "It holds.", Actor.person(ravi), at)
    found = sent(receiver, at)
    assert kinds(found) == ["gate.submitted", "readiness.changed", "gate.decided", "readiness.changed"]
    assert found[2]["data"]["decision"] == {"decision": "pass", "by": "ravi"}
    assert {"gate": "checkpoint-0", "before": "in_review", "after": "passed"} in found[3]["data"]["gates"]

    move_stage(one.pk, "poc", by, at, "Too early.")
    moved = sent(receiver, at)[0]
    assert (moved["type"], moved["data"]["by"]) == ("stage.changed", "lena")
    assert moved["data"]["stage"] == {"before": "pilot", "after": "poc"}


def test_a_stop_by_a_decision_changes_the_stage_as_well(
    one: Initiative, lena: User, ravi: User, hook: Endpoint, receiver: Receiver
) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    sent(receiver, day(1))
    judge, lesson = (
        Actor.person(ravi),
        {"tried": "Sorting.", "did_not_work": "Layouts.", "outcome": "decided"},
    )
    decide_gate(one.pk, "checkpoint-0", "stop", "It does not work.", judge, day(1), lesson=lesson)
    found = {message["type"]: message["data"] for message in sent(receiver, day(1))}
    assert found["stage.changed"]["stage"] == {"before": "pilot", "after": "stopped"}
    assert found["gate.decided"]["decision"]["decision"] == "stop"


def test_what_time_alone_does_is_told(
    one: Initiative, lena: User, hook: Endpoint, receiver: Receiver
) -> None:
    sent(receiver, day(1))
    recompute_due(day(60))
    assert "no_activity" in flags(sent(receiver, day(60)), "flag.opened")
    record_answers(one.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), day(60))
    assert "no_activity" in flags(sent(receiver, day(60)), "flag.resolved")


def flags(messages: list[dict[str, Any]], kind: str) -> set[str]:
    return {message["data"]["flag"]["code"] for message in messages if message["type"] == kind}


def test_a_webhook_gets_what_it_asked_for_and_no_more(
    one: Initiative, lena: User, ada: User, hook: Endpoint, receiver: Receiver
) -> None:
    edit_webhook(hook.pk, {"events": ["gate.submitted"]}, Actor.person(ada), day(1))
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert kinds(sent(receiver, day(1))) == ["gate.submitted"]


def test_it_gets_nothing_from_before_it_was_there_or_while_it_was_off(
    one: Initiative, lena: User, ada: User, receiver: Receiver, hook: Endpoint
) -> None:
    by = Actor.person(ada)
    sent(receiver, day(1))
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    edit_webhook(hook.pk, {"active": False}, by, day(1))
    add_webhook(f"http://{receiver.authority}/second", ["gate.submitted"], "", by, day(1))
    edit_webhook(hook.pk, {"active": True, "events": ["gate.submitted"]}, by, day(1))
    assert sent(receiver, day(1)) == []
    other = create(lena, day(1), stage="pilot", name="Another")
    submit_gate(other.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert kinds(sent(receiver, day(1))) == ["gate.submitted"] * 2
    assert sorted(request.line.split()[1] for request in receiver.requests[-2:]) == ["/hook?to=us", "/second"]


def test_what_was_rolled_back_is_told_to_nobody(
    one: Initiative, lena: User, hook: Endpoint, receiver: Receiver
) -> None:
    sent(receiver, day(1))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
        raise ZeroDivisionError
    assert sent(receiver, day(1)) == []
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert kinds(sent(receiver, day(1))) == ["gate.submitted", "readiness.changed"]


def test_reading_twice_or_dying_in_between_notes_each_once(
    one: Initiative, lena: User, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(day(1))
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    noted = Delivery.objects.count()
    with pytest.raises(Killed), monkeypatch.context() as patched:
        patched.setattr(delivering.Endpoint.objects, "filter", _dies)
        owe(day(1))
    assert Delivery.objects.count() == noted
    assert [owe(day(1)), owe(day(1))] == [2, 0]


def _dies(**_: object) -> None:
    raise Killed


def test_an_event_that_cannot_be_read_stops_nothing(
    one: Initiative, lena: User, hook: Endpoint, receiver: Receiver
) -> None:
    sent(receiver, day(1))
    ledger = Ledger(day(1))
    ledger.append(COMMAND, "gate.submitted", {"of": "another version"}, one.pk)
    ledger.close()
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), day(1))
    assert kinds(sent(receiver, day(1))) == ["gate.submitted", "readiness.changed"]


def test_a_thousand_events_are_read_on_in_pieces(
    one: Initiative, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "READ_AT_ONCE", 2)
    owe(day(1))
    ledger = Ledger(day(1))
    for number in range(5):
        data = {"standing": {"score": [f"{number}.0", f"{number + 1}.0"]}}
        ledger.append(COMMAND, "standing.changed", data, one.pk)
    ledger.close()
    assert owe(day(1)) == 5
    scores = [json.loads(one.body)["data"]["score"]["after"] for one in Delivery.objects.order_by("-pk")[:5]]
    assert scores == [5.0, 4.0, 3.0, 2.0, 1.0]
