"""`manage.py serve` as a newcomer meets it: real processes, SQLite, no Redis."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from readiness.serving.supervisor import DEATHS_TOLERATED, Part, PartKeepsDying, Supervisor
from tests.services import machine
from tests.services.stacks import BEAT, PARTS, REPOSITORY, WEB, WORKER, EmbeddedStack


def _all_gone(pids: list[int]) -> bool:
    return not any(
        psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids
    )


def _serve_once(stack: EmbeddedStack) -> subprocess.CompletedProcess[str]:
    """Run `serve` where it is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=REPOSITORY,
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_says_where_to_go_and_that_nobody_can_sign_in_yet(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()

    said = embedded_stack.log.read_text()
    assert f"Fivegates is ready: {embedded_stack.url}/" in said
    assert "create_admin" in said
    assert embedded_stack.status("/health/live/") == 200
    assert embedded_stack.status("/health/ready/") == 200


def test_what_it_keeps_is_private_to_its_owner(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()

    assert stat.S_IMODE(embedded_stack.var.stat().st_mode) == 0o700
    assert stat.S_IMODE((embedded_stack.var / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["/login/", "/api/v1/problems/", "/health/ready/", "/no/such/page/"])
def test_an_answer_to_head_has_no_body_that_would_pass_for_the_next_one(
    embedded_stack: EmbeddedStack, path: str
) -> None:
    embedded_stack.start()

    asked = f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {{}}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", embedded_stack.port), timeout=30) as line:
        line.sendall((asked.format("keep-alive") + asked.format("close")).encode())
        said = b""
        while chunk := line.recv(65536):
            said += chunk
    first, second, rest = said.split(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 ") and b"Content-Length: " in first
    assert second.startswith(b"HTTP/1.1 ") and rest == b""


@pytest.mark.parametrize("found", [True, False])
def test_a_database_is_private_also_in_a_folder_that_is_not(scratch: Path, found: bool) -> None:
    stack = EmbeddedStack(scratch, {})
    stack.var.mkdir(mode=0o755)
    file = stack.var / "fivegates.sqlite3"
    if found:
        file.touch(mode=0o644)

    stack.manage("prepare")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_listens_on_this_machine_alone(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()

    web = psutil.Process(embedded_stack.pid(WEB))
    listening = [c.laddr for c in web.net_connections() if c.status == psutil.CONN_LISTEN]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", embedded_stack.port)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it_and_it_can_be_started_again(
    embedded_stack: EmbeddedStack, number: signal.Signals
) -> None:
    embedded_stack.start()
    key = (embedded_stack.var / "secret_key").read_text()
    pids = [embedded_stack.pid(part) for part in PARTS]

    assert embedded_stack.stop(number) == 0
    assert _all_gone(pids)
    assert embedded_stack.status("/health/live/") is None

    began = time.monotonic()
    embedded_stack.log.write_text("")
    embedded_stack.start()
    assert time.monotonic() - began < 60
    assert (embedded_stack.var / "secret_key").read_text() == key


def test_a_stop_while_it_is_still_starting_leaves_nothing_behind(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.launch()
    machine.wait_until(
        lambda: "Starting web" in embedded_stack.log.read_text(), 120, "the start of the parts"
    )
    machine.wait_until(lambda: (embedded_stack.var / "run" / "web.pid").exists(), 30, "the web's number")
    started = psutil.Process(embedded_stack.process.pid).children(recursive=True)  # type: ignore[union-attr]

    assert embedded_stack.stop(signal.SIGTERM) == 0
    assert started != []
    assert _all_gone([process.pid for process in started])


def test_a_part_that_is_killed_comes_back_and_goes_on_working(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()

    for part in PARTS:
        killed = embedded_stack.kill(part)
        embedded_stack.wait_until_replaced(part, killed)

    alive = embedded_stack.var / "run" / "worker.alive"
    before = alive.stat().st_mtime_ns
    embedded_stack.send("actions.clean_up")
    machine.wait_until(lambda: alive.stat().st_mtime_ns > before, 90, "a task done by the new worker")
    assert embedded_stack.status("/health/ready/") == 200


def test_parts_whose_parent_was_killed_end_by_themselves(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()
    pids = [embedded_stack.pid(part) for part in PARTS]

    embedded_stack.stop(signal.SIGKILL)
    machine.wait_until(lambda: _all_gone(pids), 60, "the end of the parts")

    embedded_stack.log.write_text("")
    embedded_stack.start()
    assert embedded_stack.status("/health/ready/") == 200


def test_serve_ends_with_the_make_that_started_it(embedded_stack: EmbeddedStack) -> None:
    """As `make run` starts it: a parent that may be killed without a word to its child."""
    script = "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'serve'])"
    with open(embedded_stack.log, "ab") as output:
        make = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=REPOSITORY,
            env=embedded_stack.environment | {"FIVEGATES_FOLLOW": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        machine.wait_until(lambda: "is ready:" in embedded_stack.log.read_text(), 120, "the start of serve")
        family = [process.pid for process in psutil.Process(make.pid).children(recursive=True)]
    finally:
        make.kill()
        make.wait()

    assert len(family) >= 1 + len(PARTS)
    machine.wait_until(lambda: _all_gone(family), 90, "the end of serve and its parts")


def test_a_port_in_use_is_named_with_a_way_out(embedded_stack: EmbeddedStack) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", embedded_stack.port))
        other.listen()
        ended = _serve_once(embedded_stack)

    assert ended.returncode == 1
    assert f"Port {embedded_stack.port} cannot be used" in ended.stderr
    assert f"make run PORT={embedded_stack.port + 1}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_one_on_the_same_data_is_refused(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()
    embedded_stack.environment["PORT"] = str(machine.free_port())

    ended = _serve_once(embedded_stack)

    assert ended.returncode == 1
    assert "already runs" in ended.stderr
    assert embedded_stack.status("/health/ready/") == 200


def test_the_demo_is_refused_in_production(scratch: Path) -> None:
    settings = {
        "DEMO": "1",
        "FIVEGATES_ENV": "production",
        "SECRET_KEY": "0123456789" * 5,
        "ALLOWED_HOSTS": "readiness.example.org",
    }
    with pytest.raises(machine.ServiceFailed, match="exclude each other"):
        EmbeddedStack(scratch, settings).manage("prepare")


def test_a_server_that_cannot_collect_its_style_sheets_is_not_prepared(scratch: Path) -> None:
    (scratch / "file").touch()
    settings = {
        "FIVEGATES_ENV": "production",
        "SECRET_KEY": "0123456789" * 5,
        "ALLOWED_HOSTS": "readiness.example.org",
        "FIVEGATES_STATIC_ROOT": str(scratch / "file" / "static"),
    }
    with pytest.raises(machine.ServiceFailed, match="set FIVEGATES_STATIC_ROOT to a folder"):
        EmbeddedStack(scratch, settings).manage("prepare")


def test_a_part_that_cannot_stay_up_stops_the_whole(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor([Part("nonsense", ["nonsense"], tmp_path)], said.append)
    supervisor.start()

    with pytest.raises(PartKeepsDying, match="The nonsense ended"):
        supervisor.watch(until=lambda: False, every=0.01)

    supervisor.end()
    assert len(said) == DEATHS_TOLERATED


def test_a_part_that_dies_now_and_then_is_borne_with(tmp_path: Path) -> None:
    part = Part("web", ["web"], tmp_path)

    for minute in range(3 * DEATHS_TOLERATED):
        part.note_death(at=minute * 61.0)

    assert len(part.deaths) == 1


def test_a_part_that_will_not_end_is_killed_when_asked_twice(embedded_stack: EmbeddedStack) -> None:
    embedded_stack.start()
    worker = embedded_stack.pid(WORKER)
    os.kill(worker, signal.SIGSTOP)
    assert embedded_stack.process is not None

    embedded_stack.process.send_signal(signal.SIGINT)
    machine.wait_until(lambda: "Stopping" in embedded_stack.log.read_text(), 60, "the word that it stops")
    assert embedded_stack.stop(signal.SIGINT) == 0
    assert _all_gone([worker, embedded_stack.pid(BEAT)])
