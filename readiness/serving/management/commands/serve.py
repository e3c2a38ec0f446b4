"""`manage.py serve`: web, worker and beat together, for this machine alone."""

import fcntl
import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from readiness.serving.parent import follow
from readiness.serving.preparing import prepare, welcome
from readiness.serving.supervisor import Part, PartKeepsDying, Supervisor

HOST = "127.0.0.1"
BACKLOG = 128
STARTUP = 90.0  # seconds until everything has to be up
PREVIOUS_RUN = 30.0  # seconds that the parts of a killed run may take to end
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Prepare the database and serve web, worker and beat together until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("FIVEGATES_FOLLOW"):
            follow(os.getppid())
        for number in SIGNALS:
            signal.signal(number, signal.default_int_handler)
        try:
            with _only_one() as patience, _listening(settings.PORT, patience) as listener:
                prepare(self._say)
                lines = welcome()
                connections.close_all()
                self._serve(listener, settings.PORT, lines)
        except KeyboardInterrupt:
            pass
        self._say("Stopped.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _serve(self, listener: socket.socket, port: int, lines: list[str]) -> None:
        supervisor = Supervisor(_parts(listener), self._say)
        for number in SIGNALS:
            signal.signal(number, lambda *_: supervisor.stop())
        try:
            self._say("Starting web, worker and beat …")
            supervisor.start()
            deadline = time.monotonic() + STARTUP
            supervisor.watch(until=lambda: _is_up(supervisor, port) or time.monotonic() > deadline)
            if not supervisor.stopping:
                if not _is_up(supervisor, port):
                    raise CommandError(
                        f"Not everything came up within {STARTUP:.0f} seconds; see the messages above."
                    )
                for line in (
                    "",
                    f"Fivegates is ready: http://{HOST}:{port}/",
                    *lines,
                    "Ctrl-C stops it.",
                    "",
                ):
                    self._say(line)
                supervisor.watch(until=lambda: False)
                self._say("Stopping …")
        except PartKeepsDying as problem:
            raise CommandError(f"{problem} Stopped everything; see the messages above.") from problem
        finally:
            supervisor.end()


def _parts(listener: socket.socket) -> list[Part]:
    folder = settings.RUN_DIR
    descriptor = listener.fileno()
    return [
        Part("web", ["web", str(descriptor)], folder, descriptors=[descriptor]),
        Part("worker", ["worker"], folder),
        Part("beat", ["beat"], folder),
    ]


def _is_up(supervisor: Supervisor, port: int) -> bool:
    _, *jobs = supervisor.parts
    return all(part.sign_of_life.exists() for part in jobs) and _answers(port)


def _answers(port: int) -> bool:
    """Whether /health/ready/ answers 200, asked under a host name that the settings allow."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready/", headers={"Host": "localhost" if host == "*" else host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _only_one() -> Iterator[float]:
    """Hold the folder's lock: two at once would mean two workers and two beats on the same work.

    Yields for how many seconds to wait for the port. A run that was killed, not stopped, left its number in the file,
    and its parts need a moment to notice.
    """
    path = settings.FIVEGATES_VAR / "serve.lock"
    with open(path, "a+") as file:
        file.seek(0)
        number = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise CommandError(f"Fivegates already runs on {path.parent} (process {number}).") from problem
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield PREVIOUS_RUN if number else 0.0
        file.truncate(0)


@contextmanager
def _listening(port: int, patience: float) -> Iterator[socket.socket]:
    """A socket that listens on `port` of this machine alone; tried for `patience` seconds."""
    deadline = time.monotonic() + patience
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                listener.bind((HOST, port))
                break
            except OSError as problem:
                if time.monotonic() >= deadline:
                    raise CommandError(
                        f"Port {port} cannot be used ({problem.strerror}). Choose another: make run PORT={port + 1}"
                    ) from problem
                time.sleep(0.5)
        listener.listen(BACKLOG)
        yield listener
