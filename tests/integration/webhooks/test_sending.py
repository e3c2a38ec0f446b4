"""One attempt against listeners of this machine: what must not be reached is not, and what is, is heard in time."""

import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import trustme

from readiness.webhooks import addresses, sending
from readiness.webhooks.addresses import Forbidden
from readiness.webhooks.sending import LARGEST_ANSWER, Answer, Failed, post
from tests.integration.webhooks.receiver import Receiver, status
from tests.unit.webhooks_corpus import BY_HOST, WHOLE

HEADERS = {"Webhook-Id": "evt_1_1"}
PUBLIC = "93.184.216.34"


class Net:
    """Every connection that is tried, and no way out of this machine."""

    def __init__(self) -> None:
        self.tried: list[tuple[str, int]] = []
        self._connect = socket.create_connection

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.tried.append(address)
        if address[0] not in ("127.0.0.1", "::1"):
            raise ConnectionRefusedError(111, "Connection refused")
        return self._connect(address, timeout=timeout)


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    made = Net()
    monkeypatch.setattr(sending.socket, "create_connection", made.connect)
    return made


@pytest.fixture
def canary() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def never(host: str, port: int) -> Sequence[str]:
    """A resolver that leads everything home."""
    return ["127.0.0.1"]


def send(receiver: Receiver, in_all: float = 5.0) -> Answer:
    url = f"http://{receiver.authority}/hook?a=b"
    return post(url, HEADERS, b'{"a":1}', (receiver.authority,), in_all=in_all)


def test_nothing_of_the_corpus_reaches_a_listener(
    net: Net, canary: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual port is made that of the canary, so that nothing but the rule of addresses stands before it."""
    monkeypatch.setattr(addresses, "HTTPS_PORT", canary.port)
    further = [
        f"{scheme}://{host}:{canary.port}/"
        for scheme in ("https", "http")
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433")
    ]
    names = ["https://rebound.example.org/", f"https://hooks.example.org:{canary.port}/"]
    for url in (*BY_HOST, *WHOLE, *further, *names):
        with pytest.raises(Forbidden):
            post(url, HEADERS, b"{}", (), ask=never)
    assert (net.tried, canary.accepted) == ([], 0)
    assert send(canary) == Answer(204)
    assert canary.accepted == 1


def test_a_name_that_changes_its_address_meanwhile_changes_nothing(net: Net, canary: Receiver) -> None:
    """The first answer is public, every later one leads home: the name is asked for once."""
    answers = [[PUBLIC]]

    def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0) if answers else ["127.0.0.1"]

    with pytest.raises(Failed, match="refused"):
        post("https://rebound.example.org/", HEADERS, b"{}", (), ask=rebinding)
    assert (net.tried, answers, canary.accepted) == ([(PUBLIC, 443)], [], 0)


def test_a_public_and_a_private_address_are_one_private_address(net: Net) -> None:
    with pytest.raises(Forbidden):
        post("https://both.example.org/", HEADERS, b"{}", (), ask=lambda host, port: [PUBLIC, "10.0.0.1"])
    assert net.tried == []


def test_an_address_that_does_not_answer_is_followed_by_the_next(net: Net, canary: Receiver) -> None:
    listed = (f"hooks.lan:{canary.port}",)
    answer = post(
        f"http://hooks.lan:{canary.port}/",
        HEADERS,
        b"{}",
        listed,
        ask=lambda host, port: [PUBLIC, "127.0.0.1"],
    )
    assert (answer, len(net.tried)) == (Answer(204), 2)
    assert canary.requests[0].headers["Host"] == f"hooks.lan:{canary.port}"


def test_what_is_sent(canary: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the environment is asked either."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert send(canary) == Answer(204)
    request = canary.requests[0]
    assert (request.line, request.body) == ("POST /hook?a=b HTTP/1.1", b'{"a":1}')
    assert request.headers == {
        "Host": canary.authority,
        "User-Agent": "Fivegates-Webhooks/1",
        "Content-Type": "application/json",
        "Content-Length": "7",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Webhook-Id": "evt_1_1",
    }


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(canary: Receiver, code: int) -> None:
    canary.script = [status(f"{code} Elsewhere", f"Location: http://{canary.authority}/other")]
    assert send(canary) == Answer(code)
    assert canary.accepted == 1


def test_what_comes_before_the_answer_is_passed_over(canary: Receiver) -> None:
    canary.script = [
        status("100 Continue") + status("103 Early", "Link: x") + status("503 Busy", "retry-AFTER: 7")
    ]
    assert send(canary) == Answer(503, "7")


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 \xb2\xb0\xb0 OK\r\n\r\n",
        b"-ERR unknown command 'POST'\r\n\r\n",
        b"HTTP/1.1 2000000 OK\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_what_is_no_answer_is_a_failure(canary: Receiver, reply: bytes) -> None:
    canary.script = [reply]
    with pytest.raises(Failed):
        send(canary)


def test_no_more_is_read_than_is_wanted(canary: Receiver) -> None:
    """Neither of a head without end, nor of a body after the head, nor of a hundred heads."""
    taken: list[int] = []

    def endless(wire: socket.socket) -> None:
        sent = 0
        try:
            while sent < 50_000_000:
                sent += wire.send(b"X-A: b\r\n" * 1000)
        except OSError:
            taken.append(sent)

    canary.script = [
        lambda wire: (wire.sendall(b"HTTP/1.1 200 OK\r\n"), endless(wire))[1],
        lambda wire: (wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n"), endless(wire))[1],
        status("100 Continue") * 1000,
    ]
    with pytest.raises(Failed, match=f"longer than {LARGEST_ANSWER}"):
        send(canary)
    assert send(canary) == Answer(200)
    with pytest.raises(Failed, match=f"longer than {LARGEST_ANSWER}"):
        send(canary)
    assert len(taken) == 2


@pytest.mark.parametrize("drip", [b"", b"H"])
def test_a_receiver_that_says_nothing_or_drips_is_left(canary: Receiver, drip: bytes) -> None:
    def slowly(wire: socket.socket) -> None:
        for _ in range(30):
            wire.sendall(drip)
            time.sleep(0.02)

    canary.script = [slowly]
    with pytest.raises(Failed, match="within 0.3 seconds"):
        send(canary, in_all=0.3)


def test_a_name_that_is_not_resolved_in_time_is_given_up(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TO_CONNECT", 0.05)
    with pytest.raises(Failed, match="not resolved in time"):
        post("https://slow.example.org/", HEADERS, b"{}", (), ask=lambda host, port: time.sleep(0.5) or [])
    with pytest.raises(Forbidden, match="leads nowhere"):
        post("https://unknown.example.org/", HEADERS, b"{}", (), ask=_unknown)
    assert net.tried == []


def _unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(-2, "Name or service not known")


class OverTls(Receiver):
    """The same with a certificate."""

    def __init__(self, certificate: trustme.LeafCert) -> None:
        super().__init__()
        self._certificate = certificate

    def _answer(self, wire: socket.socket) -> None:
        context = sending.ssl.SSLContext(sending.ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        with context.wrap_socket(wire, server_side=True) as secured:
            super()._answer(secured)


def test_a_certificate_is_held_against_the_name_and_not_the_address(
    net: Net, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)

    def over_tls(receiver: Receiver, host: str) -> Answer:
        url = f"https://{host}:{receiver.port}/"
        return post(url, HEADERS, b"{}", (host,), ask=never)

    with OverTls(authority.issue_cert("hooks.example.org")) as receiver:
        sending._tls.cache_clear()
        with pytest.raises(Failed, match="TLS"):
            over_tls(receiver, "hooks.example.org")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        sending._tls.cache_clear()
        try:
            assert over_tls(receiver, "hooks.example.org") == Answer(204)
            with pytest.raises(Failed, match="TLS"):
                over_tls(receiver, "other.example.org")
        finally:
            sending._tls.cache_clear()
        assert len(receiver.requests) == 1
