"""Killed in the middle of work, with the power taken away and not asked: nothing that was acknowledged is lost.

Every write goes to a place of its own: on places written again and again, the next write would heal what the last one
lost, and the test would see nothing.
"""

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException

from tests.services import machine
from tests.services.stacks import BEAT, WEB, WORKER, EmbeddedStack, ServerStack, Stack

INITIATIVES = 25
CLIENTS = 4
PARTS_IN_TURN = (WORKER, WEB, BEAT)
ROUNDS = 3  # fewer than the deaths within a minute that `serve` bears with
ITEMS = [f"{gate}-{number}" for gate in ("DATA", "ARCH", "INTG", "GOVN", "ADPT") for number in range(1, 5)]

# Entered two months ago: much has become due since, and nobody has looked.
ENTER = f"""
from datetime import timedelta
from readiness import clock
from tests.fixtures import create, person, token_for
lena = person("lena", lead=True)
long_ago = clock.now() - timedelta(days=60)
refs = [create(lena, long_ago, name=f"Initiative {{n}}", stage="pilot").ref for n in range({INITIATIVES})]
print(token_for(lena), *refs)
"""
COUNT_FLAGS = """
import json
from collections import Counter
from readiness.audit.models import Event
from readiness.standing.models import Flag
def opened(data):
    if isinstance(data, dict):
        yield from data.get("flags_opened", [])
        for value in data.values():
            yield from opened(value)
told = Counter((e.initiative_id, flag["code"]) for e in Event.objects.all() for flag in opened(e.data))
stand = Counter(Flag.objects.values_list("initiative_id", "code"))
print(json.dumps({"flags": stand.total(), "same": told == stand,
                  "doubled": [key for key, times in stand.items() if times > 1]}))
"""
COMMENTS = """
import json
from gates.models import Comment
print(json.dumps([list(one) for one in Comment.objects.values_list("body", "pk")]))
"""
# What is computed from nothing, beside what stands: they must be the same.
COMPARE = """
import json
from readiness.standing.models import Standing
from readiness.standing.sweeping import all_batches, recompute_these
from readiness import clock
def picture():
    return {s.initiative_id: [str(s.score), s.met, s.partial, s.verdict, s.stalled] for s in Standing.objects.all()}
before = picture()
for batch in all_batches():
    recompute_these(batch, clock.now())
after = picture()
print(json.dumps({"same": before == after, "count": len(after)}))
"""


@dataclass
class Client:
    """Somebody who sends again and again until there is an answer."""

    url: str
    token: str
    failed: int = 0
    refused: list[str] = field(default_factory=list)

    def tried(self, url: str, body: dict[str, str], key: str = "") -> dict[str, object] | None:
        """What was answered; None where nothing was heard, or a refusal, which is noted."""
        try:
            return ask(url, self.token, body, key)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                self.refused.append(f"{error.code} {error.read()!r}")
        except (OSError, HTTPException):
            time.sleep(0.05)
        self.failed += 1
        return None


@dataclass
class Writer(Client):
    """It writes its share, as far as it was let, and remembers what was answered."""

    share: list[tuple[str, str, str]] = field(default_factory=list)
    let: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    acknowledged: dict[tuple[str, str], str] = field(default_factory=dict)

    def run(self, until: threading.Event) -> None:
        for ref, item, answer in self.share:
            self.let.acquire()
            url = f"{self.url}/api/v1/initiatives/{ref}/checklist/{item}/"
            while not until.is_set() and (ref, item) not in self.acknowledged:
                if self.tried(url, {"answer": answer}) is not None:
                    self.acknowledged[ref, item] = answer
                elif self.refused:
                    until.set()


@dataclass
class Sender(Client):
    """It comments until it was enough, each time with a key, and remembers which comment it was told of."""

    name: str = ""
    acknowledged: dict[str, object] = field(default_factory=dict)

    def run(self, enough: threading.Event) -> None:
        while not (enough.is_set() or self.refused):
            words = f"{self.name}-{len(self.acknowledged)}"
            while words not in self.acknowledged and not self.refused:
                answer = self.tried(self.url, {"body": words}, words)
                if answer is not None:
                    self.acknowledged[words] = answer["id"]


def ask(url: str, token: str, body: dict[str, str] | None = None, key: str = "") -> dict[str, object]:
    """GET; with a body PUT, or with a key POST."""
    named = {"Idempotency-Key": key} if key else {}
    request = urllib.request.Request(
        url,
        method="POST" if key else "PUT" if body else "GET",
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **named},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def shares(refs: list[str], seed: int) -> Iterator[list[tuple[str, str, str]]]:
    """Every item of every initiative once, each with an answer, dealt to the clients."""
    rng = random.Random(seed)
    writes = [(ref, item, rng.choice(["partial", "not_met"])) for ref in refs for item in ITEMS]
    rng.shuffle(writes)
    yield from (writes[number::CLIENTS] for number in range(CLIENTS))


def kill_and_mend(stack: Stack, part: str) -> None:
    """Kill a part, and wait until it is back: by itself where `serve` watches, else as its manager would start it."""
    if isinstance(stack, EmbeddedStack):
        stack.wait_until_replaced(part, stack.kill(part))
    elif isinstance(stack, ServerStack):
        stack.kill_group(part)
        stack.start(part)


def test_no_acknowledged_write_is_lost_and_no_flag_doubled(stack: Stack) -> None:
    token, *refs = stack.shell(ENTER).split()
    writers = [Writer(stack.url, token, share=share) for share in shares(refs, seed=20)]
    enough = threading.Event()
    threads = [threading.Thread(target=writer.run, args=(enough,)) for writer in writers]
    for thread in threads:
        thread.start()
    deaths = PARTS_IN_TURN * ROUNDS
    # However quick the machine is, each part is killed while there is something left to write.
    at_once = INITIATIVES * len(ITEMS) // CLIENTS // len(deaths)
    try:
        for part in deaths:
            stack.send("standing.recompute_all")
            wanted = _heard(writers)
            _let(writers, at_once)
            machine.wait_until(
                partial(_reached, partial(_heard, writers), wanted), 120, "a write before a death"
            )
            kill_and_mend(stack, part)
        _let(writers, INITIATIVES * len(ITEMS))
        for thread in threads:
            thread.join(300)
    finally:
        enough.set()
        _let(writers, INITIATIVES * len(ITEMS))

    assert [writer.refused for writer in writers] == [[]] * CLIENTS
    assert sum(writer.failed for writer in writers) > 0, "nobody noticed that the server was killed"
    assert _heard(writers) == INITIATIVES * len(ITEMS)
    _holds(stack, token, writers)


def _let(writers: list[Writer], writes: int) -> None:
    for writer in writers:
        writer.let.release(writes)


def _heard(clients: Iterable[Writer | Sender]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _reached(count: Callable[[], int], wanted: int) -> bool:
    return count() > wanted


def test_what_was_sent_again_with_its_key_was_done_once(stack: Stack) -> None:
    """Also where it was done, and the server died before it could say so."""
    token, ref, *_ = stack.shell(ENTER).split()
    url = f"{stack.url}/api/v1/initiatives/{ref}/comments/"
    senders = [Sender(url, token, name=f"client-{number}") for number in range(CLIENTS)]
    enough = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(enough,)) for sender in senders]
    for thread in threads:
        thread.start()

    try:
        for _round in range(ROUNDS):
            wanted = _heard(senders) + CLIENTS
            machine.wait_until(
                partial(_reached, partial(_heard, senders), wanted), 60, "some writing between two deaths"
            )
            kill_and_mend(stack, WEB)
    finally:
        enough.set()
        for thread in threads:
            thread.join(120)
    assert [sender.refused for sender in senders] == [[]] * CLIENTS
    assert sum(sender.failed for sender in senders) > 0, "nobody noticed that the server was killed"
    told = {words: key for sender in senders for words, key in sender.acknowledged.items()}
    stand = json.loads(stack.shell(COMMENTS))
    assert sorted(stand) == sorted([words, key] for words, key in told.items())


def _holds(stack: Stack, token: str, writers: list[Writer]) -> None:
    said = {place: answer for writer in writers for place, answer in writer.acknowledged.items()}
    for ref in {ref for ref, _ in said}:
        checklist = ask(f"{stack.url}/api/v1/initiatives/{ref}/checklist/", token)
        stands = {(ref, item["code"]): item["answer"] for item in checklist["items"]}  # type: ignore[attr-defined]
        assert stands == {place: answer for place, answer in said.items() if place[0] == ref}

    stack.send("standing.recompute_all")
    flags = json.loads(stack.shell(COUNT_FLAGS))
    assert flags["flags"] > INITIATIVES
    assert flags["doubled"] == []
    assert flags["same"], "each flag was told of once, in the audit trail that mails are sent from"
    assert json.loads(stack.shell(COMPARE)) == {"same": True, "count": INITIATIVES}
    stack.manage("verify_audit")


def test_what_is_due_is_worked_out_although_the_worker_was_killed_over_it(server_stack: ServerStack) -> None:
    """A sweep whose worker dies is done by the next worker, from what the database says is due."""
    server_stack.start(WORKER)
    server_stack.shell(ENTER)
    server_stack.shell(
        "from readiness.standing.models import Standing; Standing.objects.update(due_on='2020-01-01')"
    )
    server_stack.send("standing.recompute_due")
    server_stack.kill_group(WORKER)

    server_stack.start(WORKER)
    due = "from readiness.standing.models import Standing; print(Standing.objects.filter(due_on='2020-01-01').count())"
    machine.wait_until(lambda: server_stack.shell(due).strip() == "0", 120, "the sweep")
