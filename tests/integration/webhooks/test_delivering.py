"""What becomes of a message that is not taken at once, on a clock that the test turns."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.webhooks import change_secret, edit_webhook, ping, replay
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import COMMAND, Actor, Ledger
from readiness.webhooks import delivering
from readiness.webhooks.delivering import KEPT_FOR, LEASE, SENT_AT_ONCE, owe, send_owed, tidy
from readiness.webhooks.models import OVERLAP, Delivery, Endpoint
from readiness.webhooks.schedule import LONGEST_WISH, RETRIES
from readiness.webhooks.sending import Answer, Failed
from tests.fixtures import create
from tests.integration.standing.pictures import day
from tests.integration.webhooks.receiver import Killed, Receiver, status

pytestmark = pytest.mark.django_db
BUSY = status("500 Oops")


@pytest.fixture
def one(lena: User, hook: Endpoint) -> Initiative:
    """It has told everything so far."""
    made = create(lena, day(1), name="Invoice triage", stage="pilot")
    owe(day(1))
    Delivery.objects.all().delete()
    return made


def happen(*scores: tuple[Initiative, int]) -> None:
    """The score of an initiative moves to so much; each gives one message."""
    ledger = Ledger(day(1))
    for initiative, score in scores:
        data = {"standing": {"score": ["0.0", f"{score}.0"]}}
        ledger.append(COMMAND, "standing.changed", data, initiative.pk)
    ledger.close()
    owe(day(1))


def arrived(receiver: Receiver) -> list[tuple[str, float]]:
    """What came in, taken or not: of which initiative, and its score."""
    bodies = [json.loads(request.body)["data"] for request in receiver.requests]
    return [(data["initiative"], data["score"]["after"]) for data in bodies]


def states() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts"))


def test_it_is_tried_again_with_the_same_name_and_body_for_three_days_and_then_parked(
    one: Initiative, hook: Endpoint, receiver: Receiver
) -> None:
    happen((one, 1))
    receiver.script = [BUSY] * 50
    at, tries = day(1), []
    while Delivery.objects.waiting().exists():
        before = receiver.accepted
        send_owed(at)
        tries += [at] * (receiver.accepted - before)
        due = Delivery.objects.get().due_at
        # A moment too early nothing is sent, however often a worker comes by.
        assert send_owed(due - timedelta(milliseconds=1)) == 0
        at = due
    assert [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)] == list(RETRIES)
    assert receiver.accepted == len(RETRIES) + 1
    assert len({(request.headers["Webhook-Id"], request.body) for request in receiver.requests}) == 1
    assert len({request.headers["Webhook-Signature"] for request in receiver.requests}) == len(tries)
    parked = Delivery.objects.get()
    assert (parked.state, parked.last_status, parked.ended_at) == ("parked", 500, tries[-1])
    assert tries[-1] - tries[0] > timedelta(days=3)
    hook.refresh_from_db()
    assert (hook.is_on, hook.failing_since, hook.failures) == (True, day(1), len(tries))


def test_what_is_parked_is_sent_again_as_it_was(
    one: Initiative, ada: User, hook: Endpoint, receiver: Receiver
) -> None:
    happen((one, 1), (one, 2))
    receiver.script = [BUSY]
    send_owed(day(1))
    first = Delivery.objects.earliest("pk")
    Delivery.objects.filter(pk=first.pk).update(state="parked", ended_at=day(4))
    assert send_owed(day(4)) == 1  # what stood behind it goes on
    replay(hook.pk, first.pk, Actor.person(ada), day(5))
    assert send_owed(day(5)) == 1
    assert arrived(receiver) == [(one.ref, 1), (one.ref, 2), (one.ref, 1)]
    assert receiver.requests[0].headers["Webhook-Id"] == receiver.requests[2].headers["Webhook-Id"]
    assert receiver.requests[0].body == receiver.requests[2].body
    assert states() == [("delivered", 1), ("delivered", 1)]


def test_of_one_initiative_nothing_overtakes_and_others_are_not_held_up(
    one: Initiative, lena: User, receiver: Receiver
) -> None:
    other = create(lena, day(1), name="Another")
    owe(day(1))
    Delivery.objects.all().delete()
    happen((one, 1), (one, 2), (other, 1), (one, 3), (other, 2))
    receiver.script = [BUSY]
    assert send_owed(day(1)) == 0
    soon = day(1) + timedelta(seconds=5)
    receiver.script = [BUSY]
    assert send_owed(soon) == 0  # the first of the other, which is due for longer
    for minute in range(1, 8):
        send_owed(soon + timedelta(minutes=minute))
    taken = arrived(receiver)[2:]
    assert [score for ref, score in taken if ref == one.ref] == [1, 2, 3]
    assert [score for ref, score in taken if ref == other.ref] == [1, 2]
    assert len(taken) == 5


def test_a_receiver_that_fails_is_left_in_peace_and_is_whole_again_after_a_yes(
    one: Initiative, lena: User, hook: Endpoint, receiver: Receiver
) -> None:
    others = [create(lena, day(1), name=f"Number {number}") for number in range(3)]
    owe(day(1))
    Delivery.objects.all().delete()
    happen(*((other, 1) for other in others))
    receiver.script = [BUSY] * 2
    moments = [day(1) + timedelta(seconds=seconds) for seconds in (0, 1, 4, 5, 6, 14, 15)]
    counts = []
    for at in moments:
        send_owed(at)
        counts.append(receiver.accepted)
    assert counts == [1, 1, 1, 2, 2, 2, 5]
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since, hook.rests_until) == (0, None, None)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (status("503 Busy", "Retry-After: 900"), timedelta(seconds=900)),
        (status("429 Slow", "Retry-After: 60"), timedelta(seconds=60)),
        (status("429 Slow", "Retry-After: 1"), RETRIES[0]),
        (status("503 Busy", "Retry-After: 99999999"), LONGEST_WISH),
        (status("500 Oops", "Retry-After: 900"), RETRIES[0]),
        (status("301 Moved", "Location: https://example.org/"), RETRIES[0]),
        (status("404 Not Found"), RETRIES[0]),
        (b"", RETRIES[0]),
    ],
)
def test_when_it_is_tried_next(
    one: Initiative, hook: Endpoint, receiver: Receiver, answer: bytes, expected: timedelta
) -> None:
    happen((one, 1))
    receiver.script = [answer]
    send_owed(day(1))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.due_at - day(1)) == ("waiting", expected)
    hook.refresh_from_db()
    assert hook.rests_until == day(1) + expected
    assert bool(delivery.last_error) == (answer == b"")


def test_a_receiver_that_is_gone_gets_nothing_more(
    one: Initiative, ada: User, hook: Endpoint, receiver: Receiver
) -> None:
    happen((one, 1), (one, 2))
    receiver.script = [status("410 Gone")]
    send_owed(day(1))
    happen((one, 3))
    for later in (day(1), day(2), day(9)):
        send_owed(later)
    assert receiver.accepted == 1
    assert states() == [("parked", 1), ("parked", 0)]
    hook.refresh_from_db()
    assert hook.off == "gone"
    event = Event.objects.get(verb="webhook.turned_off")
    assert (event.actor_kind, event.data) == (ActorKind.CLOCK, {"webhook": hook.pk, "because": "410"})
    edit_webhook(hook.pk, {"active": True}, Actor.person(ada), day(9))
    happen((one, 4))
    send_owed(day(9))
    assert arrived(receiver)[1:] == [(one.ref, 4)]


def test_one_worker_at_a_time_is_at_a_webhook_and_a_dead_one_is_followed(
    one: Initiative, hook: Endpoint
) -> None:
    happen((one, 1))
    seen: list[int] = []

    def meanwhile(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
        seen.append(send_owed(day(1), dies))
        return Answer(200)

    def dies(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
        raise Killed

    assert (send_owed(day(1), meanwhile), seen) == (1, [0])
    happen((one, 2))
    Endpoint.objects.update(busy_until=day(1) + LEASE)  # as one that was killed leaves it
    assert send_owed(day(1) + LEASE - timedelta(seconds=1), meanwhile) == 0
    assert send_owed(day(1) + LEASE, meanwhile) == 1


def test_a_message_over_which_workers_die_is_counted(one: Initiative, hook: Endpoint) -> None:
    happen((one, 1))

    def dies(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
        raise Killed

    with pytest.raises(Killed):
        send_owed(day(1), dies)
    assert states() == [("waiting", 1)]


def test_nobody_waits_for_long_because_of_another(
    one: Initiative, hook: Endpoint, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run begins nothing new once its time is over; whose turn it was last comes last in the next."""
    second = Endpoint.objects.get(pk=hook.pk)
    second.pk = None
    second.save()
    happen(*((one, score) for score in range(1, 4)))
    turns: list[Any] = []

    def send(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
        turns.append(Endpoint.objects.get(busy_until__gt=at).pk)
        return Answer(200)

    monkeypatch.setattr(delivering, "SENT_AT_ONCE", 1)
    for minute in range(3):
        at = day(1) + timedelta(minutes=minute)
        send_owed(at, send)
    assert turns == [hook.pk, second.pk] * 3
    happen((one, 4))
    monkeypatch.setattr(delivering, "PATIENCE", 0.0)
    assert send_owed(day(2), send) == 0
    assert SENT_AT_ONCE > 1


def test_old_and_new_secret_sign_for_a_day(
    one: Initiative, ada: User, hook: Endpoint, receiver: Receiver
) -> None:
    change_secret(hook.pk, Actor.person(ada), day(1))
    for at in (day(1), day(1) + OVERLAP - timedelta(seconds=1), day(1) + OVERLAP):
        ping(hook.pk, Actor.person(ada), at)
        send_owed(at)
    signed = [len(request.headers["Webhook-Signature"].split()) for request in receiver.requests]
    assert signed == [2, 2, 1]


def test_a_key_that_is_gone_is_said_and_an_older_one_still_signs(
    one: Initiative, ada: User, hook: Endpoint, receiver: Receiver, settings: LazySettings
) -> None:
    happen((one, 1))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "k" * 60
    assert send_owed(day(1)) == 0
    assert "SECRET_KEY" in Delivery.objects.get().last_error
    change_secret(
        hook.pk, Actor.person(ada), day(1)
    )  # the one before it is out of reach, and is missed by nobody
    hook.refresh_from_db()
    assert len(hook.signers(day(1))) == 1
    settings.SECRET_KEY_FALLBACKS = [old]
    assert len(hook.signers(day(1))) == 2
    assert send_owed(day(2)) == 1


def test_a_host_that_is_no_longer_listed_gets_nothing(
    one: Initiative, hook: Endpoint, receiver: Receiver, settings: LazySettings
) -> None:
    happen((one, 1))
    settings.FIVEGATES_WEBHOOK_HOSTS = ()
    assert send_owed(day(1)) == 0
    assert (receiver.accepted, states()) == (0, [("waiting", 1)])
    assert "https://" in Delivery.objects.get().last_error


def test_what_ended_long_ago_is_forgotten(one: Initiative, hook: Endpoint) -> None:
    happen((one, 1), (one, 2), (one, 3))
    first, second, _third = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(state="delivered", ended_at=day(1))
    Delivery.objects.filter(pk=second.pk).update(state="parked", ended_at=day(2))
    assert tidy(day(1) + KEPT_FOR) == 1
    assert tidy(day(400)) == 1
    assert states() == [("waiting", 0)]


def test_every_committed_event_arrives_whatever_the_receiver_does(
    one: Initiative, lena: User, hook: Endpoint
) -> None:
    """Three initiatives, thirty events, and a receiver of every mood: nothing is lost, nothing overtakes."""
    some = [one, *(create(lena, day(1), name=f"Number {number}") for number in range(2))]
    owe(day(1))
    Delivery.objects.all().delete()
    happen(*((some[number % 3], number) for number in range(30)))
    moods: list[Answer | Failed] = [
        *(Answer(200), Answer(500), Answer(204), Failed("No whole answer."), Answer(301), Answer(202)),
        *(Answer(429, "3"), Answer(200), Answer(503, "2"), Answer(201), Answer(200)),
    ]
    taken: dict[str, list[float]] = {initiative.ref: [] for initiative in some}
    names: list[str] = []

    def moody(url: str, headers: Mapping[str, str], body: bytes, listed: Sequence[str]) -> Answer:
        mood = moods[len(names) % len(moods)]
        names.append(headers["Webhook-Id"])
        if isinstance(mood, Failed):
            raise mood
        if mood.status < 300:
            data = json.loads(body)["data"]
            taken[data["initiative"]].append(data["score"]["after"])
        return mood

    at: datetime = day(1)
    while Delivery.objects.waiting().exists():
        assert at < day(3)
        send_owed(at, moody)
        at += timedelta(seconds=30)
    assert taken == {
        initiative.ref: [float(number) for number in range(place, 30, 3)]
        for place, initiative in enumerate(some)
    }
    assert not Delivery.objects.exclude(state="delivered").exists()
    assert sum(Delivery.objects.values_list("attempts", flat=True)) == len(names)
