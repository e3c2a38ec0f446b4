"""Killed with the transaction open: not somewhere near the work, but in the middle of it, each time.

The test holds the lock that every transaction takes last. Whoever is at work then stands there with its rows locked
and everything computed, and is killed. (tests/integration/test_serving_kills.py kills at random, over many writes.)
"""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg2

from tests.integration.faults.installation import Installation, call
from tests.integration.faults.looking import due
from tests.services import machine
from tests.services.stacks import WEB, WORKER, ServerStack

PILOTS = 10
WAITING = """
    SELECT client_port FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def the_last_lock(stack: ServerStack) -> Iterator[Any]:
    """Hold the audit chain's row; yields a cursor to look around with, outside of that transaction."""
    url = stack.environment["DATABASE_URL"]
    with closing(psycopg2.connect(url)) as holding, closing(psycopg2.connect(url)) as looking:
        looking.autocommit = True
        holding.cursor().execute("SELECT 1 FROM audit_chain WHERE id = 1 FOR UPDATE")
        yield looking.cursor()
        holding.rollback()


def kill_who_waits(cursor: Any, family: int) -> int:
    """Wait until a process below `family` stands at the lock, kill it as the kernel would, and return its number."""
    found: list[int] = []

    def waits() -> bool:
        cursor.execute(WAITING)
        ports = {port for (port,) in cursor.fetchall()}
        found.extend(
            child.pid
            for child in psutil.Process(family).children(recursive=True)
            if ports & {one.laddr.port for one in child.net_connections()}
        )
        return bool(found)

    machine.wait_until(waits, 60, "somebody at the lock")
    psutil.Process(found[0]).kill()
    return found[0]


def test_a_child_of_the_worker_killed_in_the_middle_of_a_batch(server: ServerStack) -> None:
    call(server, "beating:neglected", initiatives=PILOTS)
    server.start(WORKER)
    master = server.pid(WORKER)
    with the_last_lock(server) as cursor:
        server.send("standing.recompute_due")
        killed = kill_who_waits(cursor, master)

    machine.wait_until(lambda: due(server) == 0, 60, f"the sweep by another child; {server.complaint()}")
    assert server.processes[WORKER].poll() is None, "the worker outlives its child"
    assert not psutil.pid_exists(killed)
    found = call(server, "beating:state")
    assert (found["found"], found["flags_doubled"], found["told_as_they_stand"]) == (PILOTS, 0, True)
    assert (found["stale"], found["chain"]) == ([], True)


def ask(stack: ServerStack, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """The status and the document; raises where no answer came."""
    with closing(http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=30)) as connection:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, f"/api/v1/{path}", None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def test_a_web_server_killed_in_the_middle_of_an_answer(server: ServerStack) -> None:
    """What was not acknowledged has left no half; what was is there, in every figure, with no worker running."""
    world = call(server, "beating:neglected", initiatives=2)
    token, refs = world["token"], world["refs"]
    server.start(WEB)
    unanswered: list[Exception] = []

    def put() -> None:
        try:
            ask(server, token, "PUT", f"initiatives/{refs[0]}/checklist/DATA-1/", {"answer": "partial"})
        except (OSError, http.client.HTTPException) as error:
            unanswered.append(error)

    with the_last_lock(server) as cursor:
        client = threading.Thread(target=put)
        client.start()
        kill_who_waits(cursor, server.pid(WEB))
        client.join(30)
    assert len(unanswered) == 1

    machine.wait_until(lambda: server.status("/health/ready/") == 200, 60, "a web server that answers")
    _, left = ask(server, token, "GET", f"initiatives/{refs[0]}/checklist/DATA-1/")
    assert left["answer"] == "unanswered"
    for count, ref in enumerate(refs, start=1):
        status, said = ask(
            server, token, "PUT", f"initiatives/{ref}/checklist/DATA-1/", {"answer": "partial"}
        )
        assert (status, said["readiness"]["partial"]) == (200, 1)
        assert ask(server, token, "GET", f"initiatives/{ref}/readiness/")[1] == said["readiness"]
        listed = {one["initiative"]: one for one in ask(server, token, "GET", "scores/")[1]["results"]}
        assert listed[ref]["computed_at"] == said["readiness"]["computed_at"]
        assert sum(one["partial"] for one in listed.values()) == count
    found = call(server, "beating:state")
    assert (found["chain"], found["flags_doubled"], found["stale"]) == (True, 0, [])


def test_what_is_looked_at_would_show_what_a_kill_might_do(on_postgres: Installation) -> None:
    """The controls of the tests above, and of those of the workers."""
    on_postgres.call("beating:neglected", initiatives=2)
    assert on_postgres.call("beating:damaged") == {
        "a doubled flag": ["flags_doubled", "told_as_they_stand"],
        "a score older than its answers": ["stale"],
        "a flag lost": ["told_as_they_stand", "stale"],
        "an event changed": ["chain"],
        "a mail forgotten": ["mails_owed", "each_mailed_once"],
        "a mark forgotten": ["due"],
    }
