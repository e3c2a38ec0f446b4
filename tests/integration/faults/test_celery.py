"""Celery for real: beat, workers and their children as processes, Redis and PostgreSQL, or a folder and SQLite."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from tests.integration.faults.installation import call
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


def number(stack: ServerStack, question: str) -> int:
    """What an SQL query counts in the stack's database."""
    with (
        closing(psycopg2.connect(stack.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(question)
        return int(cursor.fetchone()[0])


DUE = "SELECT count(*) FROM standing_standing WHERE due_on <= current_date"
OWED = "SELECT count(*) FROM notices_notice WHERE sent_at IS NULL"
READ = "SELECT (SELECT coalesce(max(seq), 0) FROM notices_readupto) - (SELECT seq FROM audit_chain)"
SESSIONS = "SELECT count(*) FROM django_session"


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
    others = str(server.scratch / "schedule-2")
    for path in (str(server.var / "beat" / "schedule"), others):
        entries = call(server, "beating:yesterdays_beat", path=path)
        assert {"standing.recompute_due", "standing.recompute_all", "notices.send_due"} < set(entries)
    with one_more(server, WORKER), one_more(server, BEAT, f"--schedule={others}") as second_beat:
        server.start(WORKER, BEAT)
        machine.wait_until(second_beat.exists, 60, "the second beat")

        def done() -> bool:
            left = (number(server, DUE), number(server, OWED), number(server, READ), number(server, SESSIONS))
            return left == (0, 0, 0, 1) and queued(broker) == 0

        machine.wait_until(done, 90, f"what the beats sent; {server.complaint()}")
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
    assert number(server, DUE) == 0
    found = call(server, "beating:state")
    assert (found["found"], found["flags_doubled"], found["stale"]) == (PILOTS, 0, [])


def test_without_redis_the_same_is_done_through_a_folder(embedded_stack: EmbeddedStack) -> None:
    call(embedded_stack, "beating:neglected", initiatives=PILOTS)
    embedded_stack.start()
    for task in ("standing.recompute_due", "standing.recompute_all", "actions.clean_up", "notices.send_due"):
        for _ in range(2):
            embedded_stack.send(task)

    def done() -> bool:
        found: dict[str, Any] = call(embedded_stack, "beating:state")
        return found == ALL_DONE

    machine.wait_until(done, 90, f"what was sent; {embedded_stack.complaint()}")
    left = [path for path in (embedded_stack.var / "broker").glob("*.msg")]
    assert left == []
    assert os.listdir(embedded_stack.var / "mail")
