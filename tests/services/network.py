"""No test speaks to the world: a connection that leaves this machine is an error, in the tests' own process."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class LeftTheMachine(Exception):
    """A test tried to reach an address outside the loopback."""


def _allowed_hosts() -> set[str]:
    """Beside the loopback only the servers that the one who runs the tests has named."""
    named = (
        os.environ.get(name, "")
        for name in ("DATABASE_URL", "REDIS_URL", "TEST_POSTGRES_URL", "TEST_REDIS_URL")
    )
    hosts = {urlsplit(url).hostname for url in named}
    addresses = {info[4][0] for host in hosts if host for info in socket.getaddrinfo(host, None)}
    return {str(host) for host in hosts | addresses if host}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def guarded() -> Iterator[None]:
    """Within it `socket.connect` beyond the loopback raises `LeftTheMachine`."""
    allowed = _allowed_hosts()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not _is_loopback(host) and host not in allowed:
                raise LeftTheMachine(f"A test tried to reach {host}")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign, assignment]
        socket.socket.connect_ex = connect_ex  # type: ignore[method-assign, assignment]
