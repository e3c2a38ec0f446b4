"""What the settings promise, on this machine and on a server."""

import os
import re
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.template import engines

from readiness.celery import app
from readiness.notices import sending
from readiness.reports import monthly
from readiness.webhooks import delivering
from readiness.work import models as work
from tests.architecture.sources import REPOSITORY

PRODUCTION = {
    "FIVEGATES_ENV": "production",
    "SECRET_KEY": "k3yk3y-" * 12 + "0123456789",
    "ALLOWED_HOSTS": "readiness.example.org",
    "DATABASE_URL": "postgres://fivegates@127.0.0.1:1/fivegates",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
}


def _ask(var: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings that this environment gives, and none of the tests' own."""
    clean = {"PATH": os.environ["PATH"], "FIVEGATES_VAR": str(var)}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup()\nfrom django.conf import settings as s\n{code}",
        ],
        cwd=REPOSITORY,
        env=clean | {"DJANGO_SETTINGS_MODULE": "readiness.settings"} | environment,
        capture_output=True,
        text=True,
    )


def _printed(var: Path, code: str, **environment: str) -> str:
    asked = _ask(var, code, **environment)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def test_postgresql_is_spoken_to_through_psycopg2() -> None:
    """Django takes psycopg 3 wherever something has pulled it in, without a word; only psycopg2 is what we ship."""
    assert not is_psycopg3


def test_no_task_is_run_where_it_is_called() -> None:
    """Eager tasks hide what goes wrong between processes: no test may count on them."""
    assert app.conf.task_always_eager is False


def test_a_task_survives_its_worker() -> None:
    conf = app.conf
    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_soft_time_limit < conf.task_time_limit


def test_tasks_carry_plain_data_and_leave_nothing_behind() -> None:
    conf = app.conf
    assert (conf.accept_content, conf.task_serializer) == (["json"], "json")
    assert conf.task_ignore_result is True
    assert conf.result_backend is None


def test_a_web_process_does_not_wait_for_the_broker() -> None:
    assert app.conf.task_publish_retry is False


def test_a_running_task_is_not_sent_out_again_by_redis(tmp_path: Path) -> None:
    code = "print(s.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'], s.CELERY_TASK_TIME_LIMIT)"
    visibility, limit = _printed(tmp_path, code, REDIS_URL="redis://127.0.0.1:1/0").split()
    assert int(visibility) > int(limit)


def test_beat_runs_in_utc_and_nothing_it_sends_is_done_late() -> None:
    assert app.conf.enable_utc is True
    assert app.conf.timezone == "UTC"
    for name, entry in app.conf.beat_schedule.items():
        assert entry["options"]["expires"] > 0, name


def test_what_beat_sends_is_known_to_the_worker() -> None:
    application: Celery = app
    application.loader.import_default_modules()
    sent = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert sent == {
        "standing.recompute_due",
        "standing.recompute_all",
        "notices.send_due",
        "actions.clean_up",
        "reports.resume",
        "reports.monthly",
        "reports.tidy",
        "importing.resume",
        "api.tidy",
        "webhooks.send_due",
        "webhooks.tidy",
    }
    assert sent - set(application.tasks) == set()


def test_what_is_due_is_looked_at_every_hour() -> None:
    assert app.conf.beat_schedule["standing.recompute_due"]["schedule"] == crontab(minute=2)


def test_every_task_has_time_limits() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    for name, task in ours.items():
        assert (task.time_limit or app.conf.task_time_limit) <= app.conf.task_time_limit, name


def test_who_holds_a_lease_has_been_ended_before_another_takes_over() -> None:
    app.loader.import_default_modules()
    limits = [
        task.time_limit or app.conf.task_time_limit
        for name, task in app.tasks.items()
        if not name.startswith("celery.")
    ]
    longest = timedelta(seconds=max(limits))
    for lease in (work.LEASE, sending.LEASE, monthly.LEASE, delivering.LEASE):
        # Half a minute over: the clocks of two machines differ, and a process takes its time to die.
        assert lease >= longest + timedelta(seconds=30)


def test_a_mail_server_that_says_nothing_is_not_waited_for_long(tmp_path: Path) -> None:
    """The worker of one machine has no time limits: what it waits for must have an end of its own."""
    code = "from django.core.mail import get_connection as c\nprint(c().host, c().timeout)"
    assert _printed(tmp_path, code, **PRODUCTION) == "mail.example.org 10"


def test_a_postgresql_that_vanished_is_noticed(tmp_path: Path, postgres_database: str) -> None:
    code = """
import os, socket
from django.db import connection
connection.ensure_connection()
with socket.socket(fileno=os.dup(connection.connection.fileno())) as wire:
    print(wire.family.name, wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
    for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"):
        print(name, wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)))
"""
    found = _printed(tmp_path, code, DATABASE_URL=postgres_database).split("\n")
    assert found[0] in ("AF_INET 1", "AF_INET6 1"), "the tests speak TCP"
    assert found[1:] == ["TCP_KEEPIDLE 30", "TCP_KEEPINTVL 10", "TCP_KEEPCNT 3", "TCP_USER_TIMEOUT 30000"]


def test_sqlite_is_set_to_lose_nothing_and_to_wait_its_turn(tmp_path: Path) -> None:
    code = (
        "from django.db import connection as c\n"
        "k = c.cursor()\n"
        "print([k.execute(f'PRAGMA {n}').fetchone()[0] for n in ('journal_mode', 'synchronous', 'foreign_keys')])\n"
        "print(s.DATABASES['default']['OPTIONS']['transaction_mode'], s.DATABASES['default']['OPTIONS']['timeout'])\n"
        "print(s.DATABASES['default']['ATOMIC_REQUESTS'])"
    )
    assert _printed(tmp_path, code).splitlines() == ["['wal', 2, 1]", "IMMEDIATE 20", "False"]


def test_no_statement_waits_for_ever_on_postgresql(tmp_path: Path) -> None:
    options = _printed(tmp_path, "print(s.DATABASES['default']['OPTIONS'])", **PRODUCTION)
    for limit in ("statement_timeout=15s", "lock_timeout=3s", "idle_in_transaction_session_timeout=30s"):
        assert limit in options


def test_another_database_is_refused(tmp_path: Path) -> None:
    asked = _ask(tmp_path, "", DATABASE_URL="mysql://localhost/fivegates")
    assert "neither SQLite nor PostgreSQL" in asked.stderr


def test_the_secret_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    keys = {_printed(tmp_path, "print(s.SECRET_KEY)") for _ in range(2)}

    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_of_two_first_starts_at_once_both_have_the_same_key(tmp_path: Path) -> None:
    script = "import django; django.setup()\nfrom django.conf import settings as s\nprint(s.SECRET_KEY)"
    environment = {
        "PATH": os.environ["PATH"],
        "FIVEGATES_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "readiness.settings",
    }
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
    assert [path.name for path in tmp_path.glob(".secret_key-*")] == []


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_server_does_not_start_without_what_only_its_admin_can_say(tmp_path: Path, missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    assert _ask(tmp_path, "", **environment).returncode != 0
    assert _ask(tmp_path, "", **environment, **{missing: ""}).returncode != 0


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("FIVEGATES_ENV", "prod", "local or production"),
        ("FIVEGATES_ENV", "Production", "local or production"),
        ("FIVEGATES_ENV", "", "local or production"),
        ("FIVEGATES_URL", "readiness.example.org", "begins with https://"),
        ("FIVEGATES_URL", "https://", "begins with https://"),
        ("FIVEGATES_URL", "readiness.example.org:8000", "begins with https://"),
        ("FIVEGATES_BEHIND_PROXY", "ture", "true or false"),
        ("FIVEGATES_DEBUG", "flase", "true or false"),
        ("DEMO", "2", "true or false"),
        ("FIVEGATES_MAIL_DELIVERY", "weekly", "at_once or daily or app"),
        ("FIVEGATES_LOG_LEVEL", "verbose", "DEBUG or INFO or WARNING or ERROR or CRITICAL"),
        ("FIVEGATES_LOG_FORMAT", "xml", "plain or json"),
        ("ALLOWED_HOSTS", "https://readiness.example.org", "without scheme and port"),
        ("ALLOWED_HOSTS", "readiness.example.org:8000", "without scheme and port"),
        ("CSRF_TRUSTED_ORIGINS", "readiness.example.org", "begin with https://"),
        ("REDIS_URL", "localhost:6379", "such as redis://"),
        ("CELERY_BROKER_URL", "localhost", "such as redis://"),
        ("FIVEGATES_MAX_UPLOAD_BYTES", "25M", "whole number"),
        ("FIVEGATES_CLAMD", "clamav", "clamav:3310"),
        ("FIVEGATES_CLAMD", "tcp://clamav:3310", "clamav:3310"),
        ("FIVEGATES_CLAMD", "clamav:0", "clamav:3310"),
        ("FIVEGATES_VISIBILITY_TIMEOUT", "0", "whole number"),
        ("FIVEGATES_VISIBILITY_TIMEOUT", "149", "at least 150"),
        ("FIVEGATES_VISIBILITY_TIMEOUT", "5", "a task may run for 120 seconds"),
        ("PORT", "http", "whole number"),
    ],
)
def test_a_slip_of_the_pen_is_refused_and_never_taken_for_the_default(
    tmp_path: Path, name: str, given: str, told: str
) -> None:
    asked = _ask(tmp_path, "", **(PRODUCTION | {name: given}))
    assert asked.returncode != 0
    last = asked.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} ")
    assert told in last
    assert repr(given) in last


@pytest.mark.parametrize(
    "given", ["short-0123456789-0123456789-01", "with a space 0123456789 0123456789", "ä" * 40]
)
def test_a_token_that_could_be_guessed_or_not_be_sent_is_refused_and_not_repeated(
    tmp_path: Path, given: str
) -> None:
    asked = _ask(tmp_path, "", FIVEGATES_METRICS_TOKEN=given)
    assert asked.returncode != 0
    last = asked.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured: FIVEGATES_METRICS_TOKEN is at least 32" in last
    assert given not in asked.stderr


def test_an_address_of_no_database_is_refused_in_words_and_not_repeated(tmp_path: Path) -> None:
    asked = _ask(tmp_path, "", **(PRODUCTION | {"DATABASE_URL": "secret-and-no-scheme"}))

    last = asked.stderr.strip().splitlines()[-1]
    assert last.endswith("ImproperlyConfigured: DATABASE_URL names neither SQLite nor PostgreSQL.")


def test_the_command_line_says_in_one_line_what_keeps_it_from_starting(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "FIVEGATES_VAR": str(tmp_path), **PRODUCTION, "SECRET_KEY": "short"},
        capture_output=True,
        text=True,
    )

    assert asked.returncode == 1
    assert asked.stderr == (
        "Fivegates cannot start: Production needs a SECRET_KEY of at least 50 characters and ALLOWED_HOSTS.\n"
    )


@pytest.mark.parametrize(
    ("names", "read"), [("[fd00::7],.example.org,*", "['[fd00::7]', '.example.org', '*']")]
)
def test_a_host_is_a_name_an_address_or_a_whole_domain(tmp_path: Path, names: str, read: str) -> None:
    assert _printed(tmp_path, "print(s.ALLOWED_HOSTS)", **(PRODUCTION | {"ALLOWED_HOSTS": names})) == read


@pytest.mark.parametrize(("given", "read"), [("True", True), ("1", True), ("no", False), ("", False)])
def test_yes_and_no_are_written_in_more_than_one_way(tmp_path: Path, given: str, read: bool) -> None:
    assert _printed(tmp_path, "print(s.BEHIND_PROXY)", FIVEGATES_BEHIND_PROXY=given) == str(read)


def test_a_server_does_not_start_with_the_password_that_compose_falls_back_to(tmp_path: Path) -> None:
    known = "postgres://fivegates:fivegates@127.0.0.1:1/fivegates"

    assert "needs a POSTGRES_PASSWORD" in _ask(tmp_path, "", **PRODUCTION | {"DATABASE_URL": known}).stderr
    assert _ask(tmp_path, "", DATABASE_URL=known).returncode == 0


def test_every_variable_that_is_read_is_documented() -> None:
    """All but one that `make run` sets for what it starts."""
    read = {
        name
        for path in (REPOSITORY / "readiness").rglob("*.py")
        for name in re.findall(r"""["'](FIVEGATES_[A-Z_]+)["']""", path.read_text())
    }
    documented = (REPOSITORY / "docs" / "operating.md").read_text()
    assert {name for name in read if f"`{name}`" not in documented} == {"FIVEGATES_FOLLOW"}


def test_a_server_keeps_its_cookies_to_https(tmp_path: Path) -> None:
    code = (
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT, s.DEBUG)"
    )
    said = _printed(tmp_path, code, FIVEGATES_DEBUG="true", **PRODUCTION)
    assert said == "__Host-session __Host-csrf True True 31536000 True True False"


def test_a_header_about_the_scheme_is_believed_only_when_told(tmp_path: Path) -> None:
    code = "print(s.SECURE_PROXY_SSL_HEADER)"
    assert _printed(tmp_path, code, **PRODUCTION) == "None"
    told = _printed(tmp_path, code, FIVEGATES_BEHIND_PROXY="true", **PRODUCTION)
    assert told == "('HTTP_X_FORWARDED_PROTO', 'https')"


def test_djangos_own_check_of_a_server_finds_nothing(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "FIVEGATES_VAR": str(tmp_path), **PRODUCTION},
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr


def test_a_server_sends_its_mails(tmp_path: Path) -> None:
    code = "print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS)"
    said = _printed(tmp_path, code, **PRODUCTION)
    assert said == "django.core.mail.backends.smtp.EmailBackend mail.example.org 587 True"


def test_without_a_mail_server_mails_are_files(tmp_path: Path) -> None:
    said = _printed(tmp_path, "print(s.EMAIL_BACKEND, s.EMAIL_FILE_PATH)")
    assert said == f"django.core.mail.backends.filebased.EmailBackend {tmp_path / 'mail'}"


def test_a_log_line_as_json_stays_one_line(tmp_path: Path) -> None:
    code = "import logging; logging.getLogger('x').warning('one\\ntwo %s', 'three')"
    asked = _ask(tmp_path, code, FIVEGATES_LOG_FORMAT="json")
    assert [line for line in asked.stderr.splitlines() if "three" in line][0].endswith(
        '"message": "one\\ntwo three"}'
    )


def test_passwords_are_hashed_with_argon2_and_long_enough() -> None:
    """The tests' own settings put a quick hash before it; the product's do not."""
    assert settings.PASSWORD_HASHERS[1].endswith("Argon2PasswordHasher")
    lengths = [v["OPTIONS"]["min_length"] for v in settings.AUTH_PASSWORD_VALIDATORS if "OPTIONS" in v]
    assert lengths == [12]


def test_every_page_asks_who_is_there_unless_it_says_otherwise() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == [
        "readiness.api.permissions.PolicyPermission"
    ]


def test_nothing_foreign_runs_on_a_page() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == ["'none'"]


def test_no_value_reaches_a_page_unescaped() -> None:
    assert engines["django"].engine.autoescape is True  # type: ignore[attr-defined]
