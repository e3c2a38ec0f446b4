"""Webhooks over REST: added, changed, tried and removed by admins; what was parked is sent again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.actions.webhooks import MOST, add_webhook
from readiness.api.documents.readiness import moment
from readiness.api.models import KeptAnswer
from readiness.audit.models import Chain, Event
from readiness.audit.recording import Actor
from readiness.webhooks.events import Kind
from readiness.webhooks.models import OVERLAP, Delivery, Endpoint
from readiness.webhooks.signing import shown
from tests.fixtures import api, create

pytestmark = pytest.mark.django_db

URL = "https://192.0.1.7/fivegates?token=of-theirs"
HOOK = {"url": URL, "events": ["stage.changed", "gate.decided"], "description": "The pipeline."}


def everything_stored() -> str:
    """Every row of every table that this could have been written to."""
    tables = [Endpoint, Delivery, Event, KeptAnswer]
    return json.dumps([list(table._default_manager.values()) for table in tables], default=str)


def park(hook: int) -> Delivery:
    at = clock.now()
    return Delivery.objects.create(
        endpoint_id=hook,
        message_id="evt_9_1",
        kind="gate.decided",
        body='{"type":"gate.decided"}',
        state="parked",
        attempts=10,
        made_at=at,
        due_at=at,
        ended_at=at,
        last_status=500,
    )


def test_an_admin_adds_one_and_reads_it_back(ada: User) -> None:
    admin = api(ada)
    made = admin.post("webhooks/", HOOK)
    assert made.status_code == 201
    told = made.json()
    secret = told.pop("secret")
    assert told == {
        "id": Endpoint.objects.get().pk,
        "url": URL,
        "description": "The pipeline.",
        "events": ["gate.decided", "stage.changed"],
        "active": True,
        "inactive_because": None,
        "failing_since": None,
        "previous_secret_until": None,
        "created_by": "ada",
        "created_at": told["created_at"],
    }
    assert admin.get(made["Location"]).json() == told
    assert admin.get("webhooks/").json()["results"] == [told]
    assert shown(Endpoint.objects.get().signers(clock.now())[0]) == secret
    assert Endpoint.objects.get().read_up_to == Chain.objects.get().seq
    all_of_them = admin.post("webhooks/", {"url": URL}).json()
    assert all_of_them["events"] == [kind.value for kind in Kind]


def test_a_secret_is_told_once_and_kept_nowhere(ada: User, caplog: pytest.LogCaptureFixture) -> None:
    admin, key = api(ada), {"Idempotency-Key": "one"}
    caplog.set_level("DEBUG")
    first = admin.post("webhooks/", HOOK, **key).json()
    again = admin.post("webhooks/", HOOK, **key)
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.json() == first | {"secret": None}
    at = f"webhooks/{first['id']}/"
    second = admin.post(f"{at}secret/", **{"Idempotency-Key": "two"}).json()
    assert admin.post(f"{at}secret/", **{"Idempotency-Key": "two"}).json() == second | {"secret": None}
    assert first["secret"] != second["secret"]
    row = Endpoint.objects.get()
    assert row.previous_until is not None
    secrets = [shown(one) for one in row.signers(row.previous_until - OVERLAP)]
    assert secrets == [second["secret"], first["secret"]]
    everywhere = everything_stored() + caplog.text + str(admin.get(at).json())
    for secret in secrets:
        assert secret not in everywhere and secret.removeprefix("whsec_") not in everywhere
    # Nor what the receiver may keep secret in its address.
    assert "of-theirs" not in json.dumps(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("sent", "status", "field", "code"),
    [
        ({}, 400, "url", "required"),
        ({"url": ""}, 422, "url", "required"),
        ({"url": 7}, 400, "url", "wrong_type"),
        ({"url": "http://example.org/"}, 422, "url", "address_not_allowed"),
        ({"url": "https://127.0.0.1/"}, 422, "url", "address_not_allowed"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, 422, "url", "address_not_allowed"),
        ({"url": "https://0x7f.1/"}, 422, "url", "address_not_allowed"),
        ({"url": "https://redis/"}, 422, "url", "address_not_allowed"),
        ({"url": "\ud800"}, 400, "url", "surrogate_characters"),
        ({"url": "https://example.org/\x00"}, 400, "url", "null_characters"),
        ({"url": URL, "events": []}, 422, "events", "required"),
        ({"url": URL, "events": ["gate.opened"]}, 400, "events.0", "unknown_word"),
        ({"url": URL, "events": "gate.decided"}, 400, "events", "wrong_type"),
        ({"url": URL, "description": "x" * 201}, 422, "description", "too_long"),
        ({"url": URL, "description": "a\nb"}, 422, "description", "control_characters"),
        ({"url": URL, "active": False}, 400, "active", "read_only"),
        ({"url": URL, "secret": "whsec_x"}, 400, "secret", "read_only"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    ada: User, sent: dict[str, Any], status: int, field: str, code: str
) -> None:
    answer = api(ada).post("webhooks/", sent)
    told = answer.json()["errors"][0]
    assert (answer.status_code, told["field"], told["code"]) == (status, field, code)
    assert not Endpoint.objects.exists()


def test_a_name_that_leads_home_is_refused_and_one_that_leads_nowhere_yet_is_not(ada: User) -> None:
    by, at = Actor.person(ada), clock.now()
    from_home = {"home.example.org": ["8.8.8.8", "127.0.0.1"]}

    def ask(host: str, port: int) -> list[str]:
        return from_home.get(host, [])

    with pytest.raises(Exception, match="127.0.0.1, which is no public address"):
        add_webhook("https://home.example.org/", ["gate.decided"], "", by, at, ask=ask)
    assert add_webhook("https://later.example.org/", ["gate.decided"], "", by, at, ask=ask)[0].pk


def test_a_listed_host_may_be_private_and_plain(ada: User, settings: LazySettings) -> None:
    settings.FIVEGATES_WEBHOOK_HOSTS = ("127.0.0.1:5000",)
    assert api(ada).post("webhooks/", {"url": "http://127.0.0.1:5000/"}).status_code == 201
    assert api(ada).post("webhooks/", {"url": "http://127.0.0.1:5001/"}).status_code == 422


def test_it_is_changed_field_by_field_and_switched_off_and_on(ada: User) -> None:
    admin = api(ada)
    at = f"webhooks/{admin.post('webhooks/', HOOK).json()['id']}/"
    assert admin.patch(at, {"description": "Another."}).json()["description"] == "Another."
    assert admin.patch(at, {"events": ["flag.opened"]}).json()["events"] == ["flag.opened"]
    assert admin.patch(at, {"events": []}).status_code == 422
    waiting = park(Endpoint.objects.get().pk)
    Delivery.objects.update(state="waiting", ended_at=None)
    off = admin.patch(at, {"active": False}).json()
    assert (off["active"], off["inactive_because"]) == (False, "admin")
    waiting.refresh_from_db()
    assert waiting.state == "parked"
    assert admin.post(f"{at}ping/").json()["code"] == "webhook_off"
    assert admin.post(f"{at}deliveries/{waiting.pk}/replay/").json()["code"] == "webhook_off"
    before = Event.objects.count()
    assert admin.patch(at, {"active": False, "description": "Another."}).status_code == 200
    assert Event.objects.count() == before  # the same again is no change
    on = admin.patch(at, {"active": True}).json()
    assert (on["active"], on["inactive_because"]) == (True, None)
    assert Endpoint.objects.get().read_up_to == Chain.objects.get().seq
    edits = (
        Event.objects.filter(verb="webhook.edited").order_by("seq").values_list("data__changed", flat=True)
    )
    assert [list(one) for one in edits] == [["description"], ["events"], ["active"], ["active"]]


def test_a_ping_and_a_replay_wait_to_be_sent(ada: User) -> None:
    admin = api(ada)
    key = admin.post("webhooks/", HOOK).json()["id"]
    at = f"webhooks/{key}/"
    ping = admin.post(f"{at}ping/")
    assert (ping.status_code, ping.json()["type"], ping.json()["state"]) == (201, "ping", "waiting")
    assert ping.json()["payload"]["data"] == {"webhook": key}
    parked = park(key)
    replayed = admin.post(f"{at}deliveries/{parked.pk}/replay/")
    told = replayed.json()
    assert (replayed.status_code, told["state"], told["attempts"]) == (200, "waiting", 0)
    assert told["webhook_id"] == "evt_9_1"
    assert admin.post(f"{at}deliveries/{parked.pk}/replay/").json()["code"] == "delivery_not_parked"
    assert admin.post(f"{at}deliveries/999999/replay/").status_code == 404
    assert admin.post(f"webhooks/999999/deliveries/{parked.pk}/replay/").status_code == 404


def test_deliveries_are_listed_the_newest_first_in_a_fixed_number_of_queries(ada: User, lena: User) -> None:
    admin, one = api(ada), create(lena)
    key = admin.post("webhooks/", HOOK).json()["id"]
    park(key)
    at = clock.now()

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert admin.get(f"webhooks/{key}/deliveries/").status_code == 200
        return len(found)

    few = asked()
    Delivery.objects.bulk_create(
        Delivery(
            endpoint_id=key, message_id=f"evt_1_{number}", kind="flag.opened", initiative=one, body="{}",
            made_at=at, due_at=at,
        )
        for number in range(40)
    )  # fmt: skip
    assert asked() == few
    listed = admin.get(f"webhooks/{key}/deliveries/").json()["results"]
    assert [listed[0]["webhook_id"], listed[-1]["webhook_id"]] == ["evt_1_39", "evt_9_1"]
    assert (listed[0]["initiative"], listed[-1]["initiative"]) == (one.ref, None)
    parked = admin.get(f"webhooks/{key}/deliveries/", {"state": "parked"}).json()["results"]
    assert [(one["webhook_id"], one["due_at"], one["last_status"]) for one in parked] == [
        ("evt_9_1", None, 500)
    ]
    assert admin.get(f"webhooks/{key}/deliveries/", {"state": "lost"}).status_code == 400


def test_one_is_read_with_what_was_sent_what_came_back_and_what_follows(ada: User, lena: User) -> None:
    admin, one, at = api(ada), create(lena), clock.now()
    key = admin.post("webhooks/", HOOK).json()["id"]
    later, given = at + timedelta(hours=2), {"kind": "flag.opened", "made_at": at, "initiative": one}
    body = '{"type":"flag.opened","data":{"name":"Öl"}}'
    first = Delivery.objects.create(
        endpoint_id=key, message_id="evt_1_1", body=body, due_at=later, attempts=3, last_status=503,
        tried_at=datetime.fromtimestamp(1796256000, UTC), **given,
    )  # fmt: skip
    second = Delivery.objects.create(endpoint_id=key, message_id="evt_2_1", body="{}", due_at=at, **given)
    told = admin.get(f"webhooks/{key}/deliveries/{first.pk}/").json()
    assert (told["body"], told["payload"]["data"]["name"], told["attempts"]) == (body, "Öl", 3)
    assert told["headers"] == {"Webhook-Id": "evt_1_1", "Webhook-Timestamp": "1796256000"}
    assert (told["last_status"], told["tried_at"]) == (503, "2026-12-03T00:00:00Z")
    assert (told["waits_for"], told["due_at"]) == (None, moment(later))
    behind = admin.get(f"webhooks/{key}/deliveries/{second.pk}/").json()
    assert (behind["waits_for"], behind["tried_at"]) == ("evt_1_1", None)
    assert (behind["headers"], behind["due_at"]) == ({"Webhook-Id": "evt_2_1"}, moment(at))
    Endpoint.objects.update(rests_until=later)
    assert admin.get(f"webhooks/{key}/deliveries/{second.pk}/").json()["due_at"] == moment(later)
    listed = admin.get(f"webhooks/{key}/deliveries/").json()["results"]
    assert [row["waits_for"] for row in listed] == ["evt_1_1", None]
    Delivery.objects.update(state="delivered", ended_at=at)
    assert admin.get(f"webhooks/{key}/deliveries/{second.pk}/").json()["waits_for"] is None
    for wrong in (f"webhooks/{key}/deliveries/999999/", f"webhooks/999999/deliveries/{first.pk}/"):
        assert admin.get(wrong).status_code == 404


def test_one_that_is_removed_leaves_only_its_trace(ada: User) -> None:
    admin = api(ada)
    key = admin.post("webhooks/", HOOK).json()["id"]
    park(key)
    assert admin.delete(f"webhooks/{key}/").status_code == 204
    assert admin.delete(f"webhooks/{key}/").status_code == 404
    assert not Delivery.objects.exists()
    assert Event.objects.get(verb="webhook.removed").data == {"webhook": key, "origin": "https://192.0.1.7"}


def test_there_are_only_so_many(ada: User) -> None:
    by, at = Actor.person(ada), clock.now()
    for _ in range(MOST):
        add_webhook(URL, ["gate.decided"], "", by, at)
    assert api(ada).post("webhooks/", HOOK).json()["code"] == "too_many_webhooks"
