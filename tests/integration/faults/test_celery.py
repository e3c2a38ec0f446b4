"""Celery for real: beat, workers and their children as processes, Redis and PostgreSQL, or a folder and SQLite."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.integration.faults.installation import call
from tests.integration.faults.looking import SESSIONS, all_done, due, number
from tests.services import machine
from tests.services.stacks import BEAT, REPOSITORY, WORKER, EmbeddedStack, ServerStack

PILOTS, REVIEWERS = 12, 3
ALL_DONE = {
    "due": 0,
    "found": PILOTS,
    "flags_doubled": 0,
    "told_as_they_stand": True,
    "days_doubled": 0,
    "mails_owed": 0,
    "each_mailed_once": True,
    "to_reviewers": PILOTS * REVIEWERS,
    "sessions": 1,
    "chain": True,
    "stale": [],
}


@contextmanager
def one_more(stack: ServerStack, part: str, *words: str) -> Iterator[Path]:
    """A second worker or beat beside the stack's own; yields its sign of life."""
    alive = stack.scratch / f"{part}-2.alive"
    with open(stack.log, "ab") as output:
        process = subprocess.Popen(
            [*stack.command(part), *words],
            cwd=REPOSITORY,
            env=stack.environment | {"FIVEGATES_SIGN_OF_LIFE": str(alive)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield alive
    finally:
        process.terminate()
        process.wait(60)


def queued(client: redis.Redis) -> int:
    """How many tasks wait or are being worked on."""
    return int(client.llen("celery")) + int(client.hlen("unacked"))


@pytest.fixture
def broker(server: ServerStack) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.environment["REDIS_URL"]) as client:
        yield client


def test_what_beats_missed_is_done_once_by_two_beats_and_two_workers(
    server: ServerStack, broker: redis.Redis
) -> None:
    call(server, "beating:neglected", initiatives=PILOTS)
    schedules = [str(server.var / "beat" / "schedule"), str(server.scratch / "schedule-2")]
    missed = call(server, "beating:yesterdays_beats", paths=schedules)
    assert {"standing.recompute_due", "standing.recompute_all", "notices.send_due"} < set(missed)
    with one_more(server, WORKER), one_more(server, BEAT, f"--schedule={schedules[1]}") as second_beat:
        server.start(WORKER, BEAT)
        machine.wait_until(second_beat.exists, 60, "the second beat")
        machine.wait_until(
            lambda: (due(server), number(server, SESSIONS), queued(broker)) == (0, 1, 0),
            60,
            f"what the beats sent; {server.complaint()}",
        )
        # The mails may have been sent before what they are to tell of was found: a minute later they would be again.
        call(server, "beating:send_all", times=2)
        machine.wait_until(
            lambda: all_done(server) and queued(broker) == 0, 60, f"the mails; {server.complaint()}"
        )
    assert call(server, "beating:state") == ALL_DONE


def test_everything_is_sent_out_in_batches(server: ServerStack, broker: redis.Redis) -> None:
    call(server, "beating:neglected", initiatives=PILOTS)
    batches = call(server, "beating:fan_out", size=5)
    sent = [json.loads(message) for message in broker.lrange("celery", 0, -1)]
    arguments = [json.loads(base64.b64decode(message["body"]))[0][0] for message in sent]
    assert [message["headers"]["task"] for message in sent] == ["standing.recompute_these"] * batches
    assert sorted(pk for batch in arguments for pk in batch) == list(range(1, PILOTS + 1))
    assert max(map(len, arguments)) == 5

    server.start(WORKER)
    machine.wait_until(lambda: queued(broker) == 0, 60, f"the batches; {server.complaint()}")
    assert due(server) == 0
    found = call(server, "beating:state")
    assert (found["found"], found["flags_doubled"], found["stale"]) == (PILOTS, 0, [])


def test_without_redis_the_same_is_done_through_a_folder(embedded_stack: EmbeddedStack) -> None:
    call(embedded_stack, "beating:neglected", initiatives=PILOTS)
    embedded_stack.start()
    call(embedded_stack, "beating:send_all", times=2)
    machine.wait_until(
        lambda: all_done(embedded_stack) and not list((embedded_stack.var / "broker").glob("*.msg")),
        120,
        f"what was sent; {embedded_stack.complaint()}",
    )
    embedded_stack.stop()
    assert call(embedded_stack, "beating:state") == ALL_DONE
