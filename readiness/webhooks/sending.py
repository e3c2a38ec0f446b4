"""One attempt: a request to a checked address, within a time and a size. No redirect, no proxy, no second look-up.

The name is resolved once, every address it leads to is looked at, and the connection goes to one of these very
addresses: who changes the name's address in between changes nothing.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from readiness.webhooks.addresses import Address, Target, checked, target_of

IN_ALL = 15.0  # seconds
TO_CONNECT = 5.0
LARGEST_ANSWER = 4096  # bytes
END_OF_HEAD = b"\r\n\r\n"
Resolve = Callable[[str, int], Sequence[str]]


class Failed(Exception):
    """Nothing that could be read came back. The message says why, in English: it is kept with the delivery."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: the status, and ``Retry-After`` where it said it."""

    status: int
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When one attempt has to be over, however it goes."""

    over_at: float
    in_all: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds, seconds)

    def left(self, most: float = IN_ALL) -> float:
        """Seconds; raises Failed where there are none."""
        left = min(self.over_at - time.monotonic(), most)
        if left <= 0:
            raise Failed(f"No whole answer within {self.in_all:g} seconds.")
        return left


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the machine knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def within(seconds: float, ask: Resolve, host: str, port: int) -> Sequence[str]:
    """The same, but given up after a time: the look-up itself knows none. Raises Failed."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(ask(host, port))
        except (OSError, UnicodeError):
            answers.put(())

    threading.Thread(target=look_up, daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        raise Failed(f"The name {host} was not resolved in time.") from None


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    listed: Sequence[str],
    *,
    ask: Resolve = resolve,
    in_all: float = IN_ALL,
) -> Answer:
    """Send it once. Raises Forbidden where the address is none of those that may be, or Failed."""
    deadline = Deadline.within(in_all)
    found = target_of(url, listed)
    literal = found.literal
    names = [str(literal)] if literal else within(deadline.left(TO_CONNECT), ask, found.host, found.port)
    addresses = checked(found, names)
    try:
        with _connected(found, addresses, deadline) as wire:
            wire.settimeout(deadline.left())
            wire.sendall(_request(found, headers, body))
            return _answer(wire, deadline)
    except TimeoutError:
        raise Failed(f"No whole answer within {in_all:g} seconds.") from None
    except ssl.SSLError as error:
        raise Failed(f"TLS: {error.reason or error}"[:200]) from None
    except OSError as error:
        raise Failed(f"The connection failed: {error.strerror or error}"[:200]) from None


def _connected(found: Target, addresses: Sequence[Address], deadline: Deadline) -> socket.socket:
    """A connection to the first of these addresses that takes one. Raises OSError, Failed."""
    refused: OSError | None = None
    for address in addresses[:4]:
        try:
            wire = socket.create_connection((str(address), found.port), timeout=deadline.left(TO_CONNECT))
        except OSError as error:
            refused = error
            continue
        try:
            if wire.getpeername()[0] != str(address):
                raise Failed("The connection led to another address.")
            if found.scheme == "https":
                wire.settimeout(deadline.left())
                return _tls().wrap_socket(wire, server_hostname=found.host)
        except BaseException:
            wire.close()
            raise
        return wire
    raise refused or Failed("There is no address to connect to.")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(found: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = {
        "Host": found.authority,
        "User-Agent": "Fivegates-Webhooks/1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {found.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _answer(wire: socket.socket, deadline: Deadline) -> Answer:
    """The head of the answer; of its body nothing is wanted."""
    read, room = b"", LARGEST_ANSWER
    while True:
        head, end, rest = read.partition(END_OF_HEAD)
        if end and head[9:10] == b"1":  # "100 Continue" and the like come before the answer
            read = rest
            continue
        if end:
            return _understood(head)
        if room == 0:
            raise Failed(f"The head of the answer is longer than {LARGEST_ANSWER} bytes.")
        wire.settimeout(deadline.left())
        more = wire.recv(room)
        if not more:
            raise Failed("The connection was closed without an answer.")
        read, room = read + more, room - len(more)


def _understood(head: bytes) -> Answer:
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if (
        len(words) < 2
        or not words[0].startswith("HTTP/1.")
        or not (words[1].isascii() and words[1].isdigit())
    ):
        raise Failed("The answer is not HTTP.")
    if not 200 <= int(words[1]) <= 999:
        raise Failed("The answer is not HTTP.")
    named = (line.partition(":") for line in lines)
    wishes = [value.strip() for name, _, value in named if name.strip().lower() == "retry-after"]
    return Answer(int(words[1]), wishes[0][:100] if wishes else "")
