"""Webhooks on the admin's pages, and in the trail."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.actions import webhooks as acts
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.demo.cast import DOMAIN
from readiness.webhooks.delivering import send_owed
from readiness.webhooks.models import Delivery, Endpoint
from readiness.webhooks.sending import post
from tests.fixtures import create, pages
from tests.integration.workbench.initiatives.scenes import SCRIPT
from tests.integration.workbench.markup import read
from tests.integration.workbench.test_limits import sane

pytestmark = pytest.mark.django_db

HOOKS = "/organisation/webhooks/"
URL = "https://192.0.1.7/fivegates"
SENT = {"url": URL, "events": ["gate.decided", "flag.opened"], "description": "The pipeline"}


def delivery(hook: Endpoint, **columns: object) -> Delivery:
    at = clock.now()
    given = {"message_id": "evt_7_1", "kind": "gate.decided", "body": "{}", "made_at": at, "due_at": at}
    return Delivery.objects.create(endpoint=hook, **given | columns)


def test_one_is_added_and_its_secret_is_shown_once(ada: User) -> None:
    admin = pages(ada)
    assert HOOKS in sane(admin.get("/organisation/")).links().values()
    empty = sane(admin.get(HOOKS))
    assert "No webhook yet" in empty.text
    ticked = [one.attrs["value"] for one in empty.all("input", name="events") if "checked" in one.attrs]
    assert ticked == ["gate.decided", "stage.changed", "flag.opened"]
    made = sane(admin.post(HOOKS, SENT), 201)
    secret = made.one("code", **{"data-secret": ""}).text
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    hook = Endpoint.objects.get()
    assert (hook.url, hook.events, hook.description) == (URL, ["gate.decided", "flag.opened"], "The pipeline")
    for address in (HOOKS, f"{HOOKS}{hook.pk}/", "/audit/"):
        assert secret not in admin.get(address).content.decode()
    (row,) = sane(admin.get(HOOKS)).one("tbody").all("tr")
    assert row.text == f"{URL}The pipeline On 0 0"
    assert "Webhook added" in read(admin.get("/audit/")).text


def test_what_is_refused_stays_as_it_was_typed(ada: User) -> None:
    admin = pages(ada)
    for sent in (SENT | {"url": "https://127.0.0.1/x"}, SENT | {"events": []}, SENT | {"url": SCRIPT}):
        page = sane(admin.post(HOOKS, sent), 422)
        assert page.one("input", name="url").attrs["value"] == sent["url"]
        assert page.one("input", name="description").attrs["value"] == "The pipeline"
    assert (
        "127.0.0.1 is no public address"
        in sane(admin.post(HOOKS, SENT | {"url": "https://127.0.0.1/"}), 422).text
    )
    assert not Endpoint.objects.exists()


def test_of_a_made_up_receiver_the_page_says_so_and_how_to_name_another(ada: User) -> None:
    admin = pages(ada)
    made_up = f"https://hooks.{DOMAIN}/fivegates"
    hook = Endpoint.objects.create(
        url=made_up, events=SENT["events"], salt="s", key_mark="m", read_up_to=0, created_by=ada,
        created_at=clock.now(),
    )  # fmt: skip
    acts.change_secret(hook.pk, Actor.person(ada), clock.now())
    at, said = f"{HOOKS}{hook.pk}/", "There is no such receiver"
    page = sane(admin.get(at))
    assert said in page.text and f"hooks.{DOMAIN} is a made-up name" in page.text
    admin.post(f"{at}ping/")
    send_owed(clock.now(), partial(post, ask=lambda _host, _port: ()))
    assert f"hooks.{DOMAIN} is a made-up name, and no receiver has it." in sane(admin.get(at)).text
    admin.post(at, SENT)
    assert said not in sane(admin.get(at)).text


def test_it_is_changed_tried_switched_and_removed(ada: User) -> None:
    admin = pages(ada)
    admin.post(HOOKS, SENT)
    hook = Endpoint.objects.get()
    at = f"{HOOKS}{hook.pk}/"
    assert admin.post(at, SENT | {"description": "Another"})["Location"] == at
    assert sane(admin.post(at, SENT | {"url": "http://192.0.1.7/"}), 422).one("input", name="url")
    first = hook.salt
    shown = sane(admin.post(f"{at}secret/"))
    assert "the one before it signs as well" in shown.text and shown.all("code", **{"data-secret": ""})
    hook.refresh_from_db()
    assert (hook.description, hook.previous_salt) == ("Another", first)
    assert admin.post(f"{at}ping/").status_code == 302
    [sent, told] = sane(admin.get(at)).one("tbody").all("tr")
    ping = hook.deliveries.get()
    assert sent.one("th").text == f"Sent to try it Test {ping.message_id}"
    assert told.one("pre").text == ping.body
    for _ in range(2):
        assert admin.post(f"{at}switch/", {"on": "0"}).status_code == 302
    off = sane(admin.get(at))
    assert "Switched off" in off.text and "Send a test" not in off.text
    assert "Nothing while the webhook is off." in off.text
    assert "switch it on first" in read(admin.post(f"{at}ping/", follow=True)).text
    assert admin.post(f"{at}switch/", {"on": "1"}).status_code == 302
    assert "cannot" not in sane(admin.get(f"{at}remove/")).text
    for _ in range(2):
        assert admin.post(f"{at}remove/")["Location"] == HOOKS
    assert admin.get(at).status_code == 404
    trail = read(admin.get("/audit/")).text
    assert "Webhook removed" in trail and "Switched off." in trail and "Number" in trail


def test_what_was_parked_is_seen_and_sent_again(ada: User, lena: User) -> None:
    admin = pages(ada)
    admin.post(HOOKS, SENT)
    hook, one = Endpoint.objects.get(), create(lena)
    at = f"{HOOKS}{hook.pk}/"
    parked = delivery(
        hook, state="parked", ended_at=clock.now(), attempts=10, last_error=f"TLS {SCRIPT}", initiative=one
    )
    delivery(hook, message_id="evt_7_2", state="delivered", ended_at=clock.now(), attempts=1, last_status=204)
    delivery(hook, message_id="evt_7_3", attempts=2, last_status=500)
    rows = sane(admin.get(at)).one("tbody").all("tr")[::2]
    assert [bool(row.all("button")) for row in rows] == [False, False, True]
    assert f"A gate was decided{one.ref}evt_7_1 Parked" in rows[2].text and SCRIPT in rows[2].text
    assert len(sane(admin.get(f"{at}?state=parked")).one("tbody").all("pre")) == 1
    assert len(sane(admin.get(f"{at}?state=nonsense&page=x")).one("tbody").all("pre")) == 3
    assert "Nothing here" not in sane(admin.get(at)).text
    replay = f"{at}deliveries/{parked.pk}/replay/"
    assert admin.post(replay)["Location"] == at
    assert "Only what is parked can be sent again" in read(admin.post(replay, follow=True)).text
    parked.refresh_from_db()
    assert (parked.state, parked.attempts) == ("waiting", 0)
    Endpoint.objects.update(failing_since=clock.now(), off="gone")
    assert "Gone" in sane(admin.get(at)).text
    Endpoint.objects.update(off="")
    assert "Failing" in sane(admin.get(HOOKS)).text
    assert Event.objects.filter(verb="webhook.replayed").count() == 1


def test_what_was_sent_is_opened_with_what_came_back_and_what_follows(ada: User, lena: User) -> None:
    admin = pages(ada)
    admin.post(HOOKS, SENT)
    hook, one, other = Endpoint.objects.get(), create(lena), create(lena)
    at, body = clock.now(), f'{{"type":"gate.decided","data":{{"name":"{SCRIPT}"}}}}'
    later, tried = at + timedelta(hours=2), datetime.fromtimestamp(1796256000, UTC)
    more = {"attempts": 3, "tried_at": tried, "initiative": one, "body": body}
    delivery(hook, message_id="evt_1_1", due_at=later, last_status=503, **more)
    delivery(hook, message_id="evt_2_1", initiative=one)
    delivery(hook, message_id="evt_3_1", initiative=other)
    delivery(hook, message_id="evt_4_1", state="delivered", ended_at=at, attempts=1, last_status=204)
    delivery(hook, message_id="evt_5_1", state="parked", ended_at=at, attempts=10, last_error="TLS: expired")
    page = sane(admin.get(f"{HOOKS}{hook.pk}/"))
    rows = page.one("tbody").all("tr")
    told = {row.attrs["id"]: opened for row, opened in zip(rows[::2], rows[1::2], strict=True)}
    first = told["evt_1_1"]
    assert first.one("pre").text == body
    shown = [line.text for line in first.one("ul").all("code")]
    assert shown == ["Webhook-Id: evt_1_1", "Webhook-Timestamp: 1796256000", "Webhook-Signature: v1,…"]
    for words in (f"POST {URL}", "3 of 10, the last one", "503 The answer was 503", "not before"):
        assert words in first.text
    assert "Webhook-Timestamp" not in told["evt_2_1"].text
    assert "It is sent after evt_1_1, which is about the same initiative." in told["evt_2_1"].text
    assert "It is sent within seconds" in told["evt_3_1"].text and "0 of 10" in told["evt_3_1"].text
    assert "Nothing: it was taken." in told["evt_4_1"].text
    assert "TLS: expired" in told["evt_5_1"].text
    assert "It is not sent again by itself." in told["evt_5_1"].text
    assert "Next goes evt_3_1. It is sent within seconds" in page.text
    Endpoint.objects.update(rests_until=later)
    assert "Next goes evt_3_1. Not before" in sane(admin.get(f"{HOOKS}{hook.pk}/")).text
    delivery(hook, message_id="evt_6_1", attempts=1, tried_at=at)
    assert "the worker ended over it" in sane(admin.get(f"{HOOKS}{hook.pk}/")).text


def test_the_page_asks_as_much_of_many_as_of_few(ada: User, lena: User) -> None:
    admin = pages(ada)
    admin.post(HOOKS, SENT)
    hook, one = Endpoint.objects.get(), create(lena)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert admin.get(f"{HOOKS}{hook.pk}/").status_code == 200
        return len(found)

    delivery(hook, message_id="evt_0_1", initiative=one)
    asked()
    few = asked()
    for number in range(1, 30):
        delivery(hook, message_id=f"evt_{number}_1", initiative=one)
    assert asked() == few
