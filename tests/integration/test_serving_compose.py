"""What `docker compose up` starts, by hand: the very commands of the file on a real PostgreSQL and a real Redis."""

import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from tests.services import compose, machine
from tests.services.stacks import PARTS, REPOSITORY, WEB, WORKER, ServerStack

FILE = REPOSITORY / "docker-compose.yml"
ALIVE = "/tmp/alive"  # noqa: S108 (where the container keeps it)
APPLICATION = {"init", *PARTS}


def _interpolated(value: str, **given: str) -> str:
    """`${NAME:-default}` as compose reads it."""
    for name, default in compose.variables(value):
        value = value.replace(f"${{{name}:-{default}}}", given.get(name) or default)
    return value


def test_the_file_is_one_that_compose_reads() -> None:
    """Compose itself is asked where there is one; its file format is held in `compose.mistakes` everywhere."""
    assert compose.mistakes(compose.document(FILE)) == []
    program = shutil.which("docker-compose")
    if program:
        asked = subprocess.run([program, "-f", str(FILE), "config"], capture_output=True, text=True)
        assert asked.returncode == 0, asked.stderr


def test_a_mistake_in_the_file_would_be_seen() -> None:
    document = compose.document(FILE)
    document["services"]["web"]["comand"] = "typo"
    document["services"]["beat"]["depends_on"]["nobody"] = {"condition": "service_healthy"}

    assert len(compose.mistakes(document)) == 2


def test_the_image_is_built_by_one_service_and_pulled_by_none() -> None:
    """Two builds that end in one name at once: the second is refused, on the very first start."""
    ours = {name: compose.services(FILE)[name].definition for name in APPLICATION}
    assert len({definition["image"] for definition in ours.values()}) == 1
    assert [name for name, definition in ours.items() if "build" in definition] == ["init"]
    assert {name for name, definition in ours.items() if definition.get("pull_policy") != "never"} == {"init"}
    for name in set(APPLICATION) - {"init"}:
        assert "init" in ours[name]["depends_on"], name


def test_every_service_that_stays_up_has_a_health_check_and_restarts() -> None:
    for name, service in compose.services(FILE).items():
        if name != "init":
            assert "healthcheck" in service.definition, name
            assert service.definition["restart"] == "unless-stopped", name


def test_the_application_runs_without_rights_it_does_not_need() -> None:
    for name in APPLICATION:
        definition = compose.services(FILE)[name].definition
        assert definition["read_only"] is True
        assert definition["cap_drop"] == ["ALL"]
        assert definition["security_opt"] == ["no-new-privileges:true"]
    image = (REPOSITORY / "Dockerfile").read_text()
    assert "\nUSER fivegates\n" in image
    assert "--require-hashes" in image


def test_the_application_is_told_where_its_database_and_its_redis_are() -> None:
    services = compose.services(FILE)
    postgres = services["postgres"].definition["environment"]
    for name in APPLICATION:
        told = services[name].definition["environment"]
        database = urlsplit(_interpolated(told["DATABASE_URL"]))
        assert (database.hostname, database.username, database.path) == (
            "postgres",
            postgres["POSTGRES_USER"],
            f"/{postgres['POSTGRES_DB']}",
        )
        assert database.password == _interpolated(postgres["POSTGRES_PASSWORD"])
        assert urlsplit(told["REDIS_URL"]).hostname == "redis"


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("FIVEGATES_LOG_LEVEL", "INFO"),
        ("FIVEGATES_STATEMENT_TIMEOUT", "15s"),
        ("FIVEGATES_VISIBILITY_TIMEOUT", "300"),
        ("FIVEGATES_METRICS_TOKEN", ""),
    ],
)
def test_what_stands_in_the_environment_file_is_passed_on(name: str, default: str) -> None:
    for part in PARTS:
        told = compose.services(FILE)[part].definition["environment"][name]
        assert (_interpolated(told), _interpolated(told, **{name: "other"})) == (default, "other")


def test_only_the_web_is_published_and_by_default_to_this_machine_alone() -> None:
    published = {
        name: service.definition["ports"]
        for name, service in compose.services(FILE).items()
        if "ports" in service.definition
    }
    assert [_interpolated(port) for port in published.pop(WEB)] == ["127.0.0.1:8000:8000"]
    assert published == {}


def test_every_service_comes_up_and_is_found_healthy(server_stack: ServerStack) -> None:
    server_stack.start()

    assert server_stack.status("/health/ready/") == 200
    for part in PARTS:
        check = server_stack.services[part].definition["healthcheck"]["test"]
        assert _healthy(server_stack, part, check), part


def test_a_health_check_notices_a_part_that_is_gone_or_hangs(server_stack: ServerStack) -> None:
    web = server_stack.services[WEB].definition["healthcheck"]["test"]
    worker = server_stack.services[WORKER].definition["healthcheck"]["test"]
    assert not _healthy(server_stack, WEB, web)
    assert not _healthy(server_stack, WORKER, worker)

    alive = server_stack.sign_of_life(WORKER)
    alive.touch()
    assert _healthy(server_stack, WORKER, worker)
    long_ago = time.time() - 3600
    machine.set_age(alive, long_ago)
    assert not _healthy(server_stack, WORKER, worker)


def _healthy(stack: ServerStack, part: str, check: list[str]) -> bool:
    """Run a service's own health check, with this stack's places in place of the container's."""
    kind, *words = check
    words = [
        word.replace("127.0.0.1:8000", f"127.0.0.1:{stack.port}").replace(
            ALIVE, str(stack.sign_of_life(part))
        )
        for word in words
    ]
    if words[0] == "python":
        words[0] = sys.executable
    command = ["/bin/sh", "-c", words[0]] if kind == "CMD-SHELL" else words
    return subprocess.run(command, capture_output=True, timeout=30).returncode == 0


def test_the_database_is_prepared_once_and_again_without_harm(server_stack: ServerStack) -> None:
    server_stack.prepare()

    connection = psycopg2.connect(server_stack.environment["DATABASE_URL"])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (slug, version)) FROM checklists_framework")
        frameworks, distinct = cursor.fetchone()
    assert frameworks == distinct > 0


def test_the_web_is_not_ready_until_the_database_is_migrated_and_the_frameworks_are_loaded(
    scratch: Path, postgres_database: str, redis_url: str
) -> None:
    stack = ServerStack(scratch, postgres_database, redis_url)
    try:
        stack.launch(WEB)
        machine.wait_until(lambda: stack.status("/health/live/") == 200, 90, "the web's first answer")
        assert stack.status("/health/ready/") == 503
        stack.manage("migrate", "--verbosity=0")
        assert stack.status("/health/ready/") == 503
        stack.prepare()
        assert stack.status("/health/ready/") == 200
    finally:
        stack.stop()


def test_redis_as_the_file_starts_it_keeps_its_data_and_evicts_nothing(scratch: Path) -> None:
    port = machine.free_port()
    words = compose.services(FILE)["redis"].command
    expected = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": ""}
    process = machine.start([*words, "--port", str(port), "--dir", scratch], scratch / "log")
    try:
        with redis.Redis(port=port) as client:
            machine.wait_until(lambda: machine.answers(port), 10, "Redis's start")
            # One by one: Redis 6.2 takes a single name.
            settings = [client.config_get(name) for name in expected]
    finally:
        process.terminate()
        process.wait(10)
    assert settings == [{name: value} for name, value in expected.items()]


def test_a_task_whose_worker_was_killed_is_done_by_the_next(server_stack: ServerStack) -> None:
    """The task is held up by a lock of the test's, so that the worker is certain to die in the middle of it."""
    server_stack.start(WORKER)
    connection = psycopg2.connect(server_stack.environment["DATABASE_URL"])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        server_stack.send("actions.clean_up")
        machine.wait_until(lambda: _waits_for_a_lock(server_stack), 60, "the task's start")
        server_stack.kill_group(WORKER)

    server_stack.start(WORKER)
    alive = server_stack.sign_of_life(WORKER)
    started = alive.stat().st_mtime_ns
    machine.wait_until(
        lambda: alive.stat().st_mtime_ns > started, 120, f"the task again; {server_stack.complaint()}"
    )


def _waits_for_a_lock(stack: ServerStack) -> bool:
    with (
        closing(psycopg2.connect(stack.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


def test_the_web_serves_while_redis_is_away(server_stack: ServerStack) -> None:
    server_stack.environment["REDIS_URL"] = f"redis://127.0.0.1:{machine.free_port()}/0"
    server_stack.start(WEB)

    assert server_stack.status("/health/ready/") == 200


@pytest.mark.parametrize("part", PARTS)
def test_each_part_ends_in_order_when_asked(server_stack: ServerStack, part: str) -> None:
    server_stack.start(part)

    process = server_stack.processes[part]
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
