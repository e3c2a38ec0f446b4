"""What the web server refuses by itself is a problem document for programs."""

import http.client
import json
import threading
from collections.abc import Iterator

import pytest
import waitress
from waitress.channel import HTTPChannel

from readiness.serving.refusing import refuse_as_problems

LIMIT = 10


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of which the application is never reached."""
    monkeypatch.setattr(HTTPChannel, "error_task_class", HTTPChannel.error_task_class)
    refuse_as_problems()
    server = waitress.create_server(
        lambda environ, start: [], host="127.0.0.1", port=0, max_request_body_size=LIMIT, map={}
    )
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)
    running.join(10)


def _asked(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, b"x" * (LIMIT + 1))
    return connection.getresponse()


def test_a_body_beyond_all_limits_is_refused_as_a_problem_below_the_api_and_in_words_elsewhere(
    port: int,
) -> None:
    refused = _asked(port, "/api/v1/initiatives/AI-0001/checklist/DATA-1/evidence/")
    assert (refused.status, refused.headers["Content-Type"]) == (413, "application/problem+json")
    told = json.loads(refused.read())
    assert (told["status"], told["code"]) == (413, "too_large")
    elsewhere = _asked(port, "/initiatives/new/")
    assert (elsewhere.status, elsewhere.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
