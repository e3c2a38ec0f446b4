"""The line between a browser and an installation, which can be cut in the middle of what it carries, and mended."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit

CHUNK = 65_536


class Line:
    """Carries everything both ways between its own ``url`` and that of an installation."""

    def __init__(self, url: str) -> None:
        there = urlsplit(url)
        self._far = (there.hostname or "127.0.0.1", there.port or 80)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._cut = False
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Whatever is under way breaks off, and nothing new gets through."""
        self._cut = True
        for end in self._ends:
            _end(end)
        self._ends.clear()

    def mend(self) -> None:
        self._cut = False

    def close(self) -> None:
        _end(self._server)
        self._server.close()
        self.cut()

    def _answer(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:  # it was closed
                return
            if self._cut:
                near.close()
                continue
            far = socket.create_connection(self._far)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while carried := one.recv(CHUNK):
            other.sendall(carried)
    for end in (one, other):
        _end(end)
        end.close()


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    line = Line(url)
    try:
        yield line
    finally:
        line.close()
