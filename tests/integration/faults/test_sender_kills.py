"""The sender of webhooks killed while the receiver has the message and has not answered: nothing is lost or overtaken.

The receiver holds its answer back until whoever delivers is dead. So each kill hits the moment of which nobody can tell
whether the message was taken: it has to come again, as the same message.
"""

import base64
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import psutil
import pytest

from readiness.webhooks.signing import PREFIX, signatures
from tests.integration.faults.installation import call
from tests.integration.webhooks.receiver import TAKEN, Receiver, Request
from tests.services import machine
from tests.services.stacks import WORKER, EmbeddedStack, ServerStack, Stack

INITIATIVES, EVENTS = 3, 6
KILLS = 3  # fewer than the deaths within a minute that `serve` bears with
TAKEN_BEFORE = 2
"""So many messages are taken before each kill."""


@dataclass(frozen=True)
class Arrival:
    """A message as it came in: its name, its bytes, and what they tell of."""

    name: str
    body: bytes
    initiative: str
    score: float


class Holding:
    """An answer that is held back until it is let go, and then never given."""

    def __init__(self) -> None:
        self.reached, self.let_go = threading.Event(), threading.Event()

    def __call__(self, wire: socket.socket) -> None:
        self.reached.set()
        self.let_go.wait(120)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def arrivals(requests: Sequence[Request], secret: str) -> list[Arrival]:
    """What came in; raises where a signature does not hold."""
    found, key = [], base64.b64decode(secret.removeprefix(PREFIX))
    for request in requests:
        name, moment = request.headers["Webhook-Id"], int(request.headers["Webhook-Timestamp"])
        assert request.headers["Webhook-Signature"] == signatures([key], name, moment, request.body)
        data = json.loads(request.body)["data"]
        found.append(Arrival(name, request.body, data["initiative"], data["score"]["after"]))
    return found


def wrongs(found: Sequence[Arrival], refs: Sequence[str], events: int) -> set[str]:
    """What may not be: see the control below."""
    wrong = set()
    for ref in refs:
        of_it = [one for one in found if one.initiative == ref]
        scores = [one.score for one in of_it]
        if set(scores) != set(map(float, range(1, events + 1))):
            wrong.add("lost")
        if scores != sorted(scores):
            wrong.add("overtaken")
    by_name = {one.name: one.body for one in found}
    if any(by_name[one.name] != one.body for one in found):
        wrong.add("changed")
    if len(by_name) != len({(one.initiative, one.score) for one in found}):
        wrong.add("renamed")
    return wrong


def kill_who_delivers(family: int, port: int) -> int:
    """Kill the process of this family that is connected to the receiver, as the kernel would; its number."""
    whole = [psutil.Process(family), *psutil.Process(family).children(recursive=True)]
    [found] = [
        one for one in whole if any(wire.raddr and wire.raddr.port == port for wire in one.net_connections())
    ]
    found.kill()
    return found.pid


def mend(stack: Stack, killed: int) -> None:
    """Bring the worker back: by itself where `serve` or a living master watches, else as its manager would start it."""
    if isinstance(stack, EmbeddedStack):
        stack.wait_until_replaced(WORKER, killed)
    elif isinstance(stack, ServerStack):
        machine.wait_until(lambda: not psutil.pid_exists(killed), 60, "the end of who was killed")


def all_delivered(stack: Stack) -> bool:
    """Have it sent on, as beat does, and see whether everything is out."""
    stack.send("webhooks.send_due")
    return bool(call(stack, "posting:states") == {"delivered": INITIATIVES * EVENTS})


@pytest.mark.parametrize("which", ["embedded_stack", "server"])
def test_whoever_dies_over_a_message_it_comes_again_as_the_same_and_in_its_turn(
    request: pytest.FixtureRequest, receiver: Receiver, which: str
) -> None:
    stack: EmbeddedStack | ServerStack = request.getfixturevalue(which)
    stack.environment["FIVEGATES_WEBHOOK_HOSTS"] = receiver.authority
    url = f"http://{receiver.authority}/hook"
    world = call(stack, "posting:subscribed", url=url, initiatives=INITIATIVES, events=EVENTS)
    turns = [Holding() for _ in range(KILLS)]
    receiver.script = [answer for turn in turns for answer in (*[TAKEN] * TAKEN_BEFORE, turn)]
    stack.start() if isinstance(stack, EmbeddedStack) else stack.start(WORKER)
    held: list[Arrival] = []
    for turn in turns:
        stack.send("webhooks.send_due")
        machine.wait_until(turn.reached.is_set, 60, f"a message on its way; {stack.complaint()}")
        killed = kill_who_delivers(stack.pid(WORKER), receiver.port)
        held += arrivals(receiver.requests, world["secret"])[-1:]
        turn.let_go.set()
        mend(stack, killed)
        assert call(stack, "posting:leases_run_out") == 1
    machine.wait_until(partial(all_delivered, stack), 120, f"the rest of the messages; {stack.complaint()}")

    found = arrivals(receiver.requests, world["secret"])
    assert wrongs(found, world["refs"], EVENTS) == set()
    times = Counter(one.name for one in found)
    assert {name for name, count in times.items() if count > 1} == {one.name for one in held}
    assert len(found) == INITIATIVES * EVENTS + KILLS


def test_what_is_looked_at_would_show_what_a_kill_might_do() -> None:
    """The control: the same look at what a sender that is not careful would have left."""
    whole = [
        Arrival(f"evt_{ref}_{score}", b"{%d}" % score, ref, float(score))
        for score in (1, 2, 3)
        for ref in "ab"
    ]
    again = [*whole[:3], whole[2], *whole[3:]]
    assert wrongs(again, "ab", 3) == set()
    damages = {
        "lost": whole[:-1],
        "overtaken": [whole[2], whole[1], whole[0], *whole[3:]],
        "changed": [*again[:3], replace(again[3], body=b"{}"), *again[4:]],
        "renamed": [*again[:3], replace(again[3], name="evt_9_9"), *again[4:]],
    }
    for damage, found in damages.items():
        assert wrongs(found, "ab", 3) == {damage}
    assert wrongs([*whole, whole[0]], "ab", 3) == {"overtaken"}
