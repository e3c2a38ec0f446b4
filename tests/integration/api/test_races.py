"""Many at once, over HTTP, on both databases: nothing acknowledged is lost, and of two winners there is one."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tests.services.machine import wait_until
from tests.services.stacks import Stack

EDITORS, TIMES = 5, 5
REVIEWERS = 6
GATES = ("data", "architecture", "integration", "governance", "adoption")
WORLD = f"""
import json
from tests.fixtures import answer_all, create, person, token_for
lead = person("lead", lead=True)
one = create(lead)
answer_all(one, lead)
reviewers = [person(f"reviewer-{{n}}", reviewer=True) for n in range({REVIEWERS})]
print(json.dumps({{"ref": one.ref, "lead": token_for(lead), "reviewers": [token_for(r) for r in reviewers]}}))
"""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    etag: str
    body: dict[str, Any]
    again: bool = False


def _send(
    stack: Stack, token: str, method: str, path: str, body: Any = None, etag: str = "", key: str | None = None
) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if etag:
        headers["If-Match"] = etag
    if key is not None:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=30)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1/{path}", content, headers)
        response = connection.getresponse()
        again = response.headers.get("Idempotent-Replayed") == "true"
        return Answer(response.status, response.headers.get("ETag", ""), json.loads(response.read()), again)
    finally:
        connection.close()


def _at_once(calls: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(calls))
    failed: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        try:
            barrier.wait(30)
            call()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []


def _count_up(stack: Stack, token: str, path: str, *, minding: bool) -> Callable[[], None]:
    """Adds one to the number in an item's note, so many times; minding the version, or not."""

    def run() -> None:
        done = 0
        while done < TIMES:
            seen = _send(stack, token, "GET", path)
            note = str(int(seen.body["note"] or 0) + 1)
            put = _send(stack, token, "PUT", path, {"note": note}, seen.etag if minding else "")
            assert put.status in (200, 412), put
            done += put.status == 200

    return run


def test_of_many_editors_and_reviewers_every_acknowledged_write_counts_once(stack: Stack) -> None:
    world = json.loads(stack.shell(WORLD).strip().splitlines()[-1])
    lead, at = world["lead"], f"initiatives/{world['ref']}"

    minded = f"{at}/checklist/DATA-1/"
    before = _send(stack, lead, "GET", minded)
    _at_once([_count_up(stack, lead, minded, minding=True) for _ in range(EDITORS)])
    after = _send(stack, lead, "GET", minded)
    assert int(after.body["note"]) == EDITORS * TIMES
    assert _version(after) - _version(before) == EDITORS * TIMES

    # The same without the version: the last write wins, so some are lost. Otherwise the above would prove nothing.
    unminded = f"{at}/checklist/DATA-2/"
    _at_once([_count_up(stack, lead, unminded, minding=False) for _ in range(EDITORS)])
    assert int(_send(stack, lead, "GET", unminded).body["note"]) < EDITORS * TIMES

    decision = {"decision": "pass", "rationale": "Looked."}
    for gate in GATES:
        submitted = _posted_at_once(stack, [lead] * 3, f"{at}/gates/{gate}/submit/", {})
        assert submitted == {(201, ""): 1, (409, "already_submitted"): 2}
        decided = _posted_at_once(stack, world["reviewers"], f"{at}/gates/{gate}/decision/", decision)
        assert decided == {(201, ""): 1, (409, "nothing_submitted"): REVIEWERS - 1}
    assert _send(stack, lead, "GET", f"{at}/readiness/").body["verdict"] == "ready"


def test_of_many_that_send_the_same_key_one_has_an_effect_and_all_are_told_of_it(stack: Stack) -> None:
    world = json.loads(stack.shell(WORLD).strip().splitlines()[-1])
    facts = {"name": "Sent again", "business_problem": "Answers get lost.", "business_unit": "IT"}

    def made(key: str | None) -> list[Answer]:
        answers: list[Answer] = []
        send = partial(_send, stack, world["lead"], "POST", "initiatives/", facts, key=key)
        _at_once([lambda: answers.append(send())] * EDITORS)
        assert [one.status for one in answers] == [201] * EDITORS, answers
        return answers

    for number in range(3):
        answers = made(f"key-{number}")
        assert len({json.dumps(one.body) for one in answers}) == 1
        assert sorted(one.again for one in answers) == [False, *[True] * (EDITORS - 1)]
    # Without a key each of them is one more: otherwise the above would prove nothing.
    assert len({one.body["id"] for one in made(None)}) == EDITORS
    listed = _send(stack, world["lead"], "GET", "initiatives/?search=Sent%20again&limit=200")
    assert len(listed.body["results"]) == 3 + EDITORS


def test_who_hung_up_before_the_answer_came_asks_again_for_it(stack: Stack) -> None:
    world = json.loads(stack.shell(WORLD).strip().splitlines()[-1])
    lead, path = world["lead"], f"initiatives/{world['ref']}/comments/"

    def said(words: str) -> list[int]:
        rows = _send(stack, lead, "GET", path).body["results"]
        return [row["id"] for row in rows if row["body"] == words]

    def sent_twice(words: str, key: str | None) -> int:
        _hang_up(stack, lead, path, {"body": words}, key)
        wait_until(lambda: bool(said(words)), 30, "what nobody heard the answer to")
        again = _send(stack, lead, "POST", path, {"body": words}, key=key)
        assert (again.status, again.again) == (201, key is not None)
        assert again.body["id"] in said(words)
        return len(said(words))

    assert sent_twice("With a key", "hung-up") == 1
    assert sent_twice("Without one", None) == 2


def _hang_up(stack: Stack, token: str, path: str, body: dict[str, str], key: str | None) -> None:
    """Send it whole, and be gone."""
    named = {} if key is None else {"Idempotency-Key": key}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **named}
    connection = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=30)
    connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
    connection.close()


def _posted_at_once(
    stack: Stack, tokens: list[str], path: str, body: dict[str, str]
) -> dict[tuple[int, str], int]:
    """How often each status and code came back."""
    answers: list[Answer] = []
    _at_once(
        [lambda token=token: answers.append(_send(stack, token, "POST", path, body)) for token in tokens]
    )  # type: ignore[misc]
    return dict(Counter((one.status, one.body.get("code", "")) for one in answers))


def _version(answer: Answer) -> int:
    return int(answer.etag.strip('"').rpartition("-")[2])
