"""As on a server: the production settings behind a proxy, asked over the wire."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.stacks import WEB, ServerStack

HOST = "readiness.example.org"
HTTPS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@pytest.fixture
def server(scratch: Path, postgres_database: str, redis_url: str) -> Iterator[ServerStack]:
    stack = ServerStack(
        scratch,
        postgres_database,
        redis_url,
        {
            "FIVEGATES_ENV": "production",
            "FIVEGATES_BEHIND_PROXY": "true",
            "FIVEGATES_STATIC_ROOT": str(scratch / "static"),
            "SECRET_KEY": "0123456789abcdefghij" * 3,
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        },
    )
    stack.prepare()  # collects the style sheets and scripts too
    stack.start(WEB)
    yield stack
    stack.stop()


def _get(
    server: ServerStack, path: str, headers: dict[str, str], method: str = "GET"
) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer, text


def test_a_server_behind_a_proxy(server: ServerStack) -> None:
    plain, _ = _get(server, "/login/", {"Host": HOST})
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/login/")

    stranger, _ = _get(server, "/login/", HTTPS | {"Host": "evil.example.com"})
    assert stranger.status == 400

    followed, _ = _get(server, "/login/", HTTPS | {"Host": "evil.example.com", "Referer": f"https://{HOST}/"})
    assert followed.status == 400

    probed, _ = _get(server, "/health/ready/", {})
    assert probed.status == 200
    # A probe may ask every few seconds: nothing about it is worth a line.
    head, nothing = _get(server, "/health/ready/", {}, "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, "19", "")
    assert "HEAD" not in server.log.read_text()

    page, text = _get(server, "/login/", HTTPS)
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (page.headers["X-Frame-Options"], page.headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    cookies = page.headers.get_all("Set-Cookie") or []
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-csrf"]
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in cookies[0]

    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    assert linked != []
    for path in linked:
        served, _ = _get(server, path, HTTPS)
        assert served.status == 200, path
        assert "immutable" in served.headers["Cache-Control"], path


def test_what_was_forgotten_is_said_when_a_server_is_prepared(server: ServerStack) -> None:
    said = server.manage("prepare")
    assert "links in mails begin with http://127.0.0.1" in said
    assert "EMAIL_URL is not set" in said
    assert "FIVEGATES_BEHIND_PROXY" not in said

    server.environment |= {
        "FIVEGATES_BEHIND_PROXY": "false",
        "FIVEGATES_URL": f"https://{HOST}",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    said = server.manage("prepare")
    assert "FIVEGATES_BEHIND_PROXY is not true" in said
    assert "mails" not in said.lower()
