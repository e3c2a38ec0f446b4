"""A receiver of webhooks on this machine: it keeps what it is sent and answers as it is told."""

import socket
import threading
from collections.abc import Callable
from typing import Self

Reply = bytes | Callable[[socket.socket], None]
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


def status(line: str, *headers: str) -> bytes:
    """An answer such as ``status("503 Busy", "Retry-After: 7")``."""
    return "\r\n".join([f"HTTP/1.1 {line}", *headers, "", ""]).encode()


class Killed(BaseException):
    """As a worker that is killed: nothing in the product catches it."""


class Request:
    """One request as it came in."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.line, *lines = head.decode("ascii").split("\r\n")
        self.headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


class Receiver:
    """Listens on a free port; ``script`` holds the next answers, after which everything is taken.

    ``accepted`` counts connections, whatever they were for.
    """

    def __init__(self, host: str = "127.0.0.1", family: socket.AddressFamily = socket.AF_INET, port: int = 0):
        self._listening = socket.create_server((host, port), family=family)
        self.port: int = self._listening.getsockname()[1]
        self.host = host
        self.script: list[Reply] = []
        self.requests: list[Request] = []
        self.accepted = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._listening.accept()
            except OSError:
                return
            self.accepted += 1
            with wire:
                wire.settimeout(5)
                try:
                    self._answer(wire)
                except OSError:
                    continue

    def _answer(self, wire: socket.socket) -> None:
        read = b""
        while b"\r\n\r\n" not in read or len(Request(read).body) < int(
            Request(read).headers["Content-Length"]
        ):
            more = wire.recv(65536)
            if not more:
                return
            read += more
        self.requests.append(Request(read))
        reply = self.script.pop(0) if self.script else TAKEN
        if callable(reply):
            reply(wire)
        else:
            wire.sendall(reply)
