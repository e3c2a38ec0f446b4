"""Everything that has to hold, in one run: `python -m tests.run` (which is `make test`).

1. The checks: linters, types, import contracts, missing migrations.
2. What touches the database, on PostgreSQL.
3. Everything else and what belongs on both, on SQLite; pytest's own closing line is the last one printed.

What stands on top and is long runs on one of the two, drawn by the seed (`tests.dealing`); with --both on both.

PostgreSQL and Redis are those that DATABASE_URL and REDIS_URL name, else private instances of this machine's binaries,
else of the wheels'. What cannot be run is said, and in CI (CI=true) refused.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests import dealing
from tests.services import browser, disk, pango, postgres, redis_server

REPOSITORY = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PROCESSES = os.environ.get("TEST_PROCESSES") or str(min(max(os.cpu_count() or 2, 2), 8))
"""One for each core. Beyond eight they would wait for the longest test and for one PostgreSQL."""
PYTHON = sys.executable

CHECKS = [
    [PYTHON, "-m", "ruff", "check", "."],
    [PYTHON, "-m", "ruff", "format", "--check", "."],
    [str(Path(PYTHON).with_name("lint-imports")), "--no-logo"],
    [PYTHON, "-m", "mypy"],
    [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
]
# Pure tests know no database; processes and browsers bring their own.
TOUCHES_THE_DATABASE = ["tests/integration", "tests/access", "-m", "not live"]


def say(line: str) -> None:
    print(f"\n== {line}", flush=True)


def run(command: list[str], **environment: str) -> bool:
    return subprocess.run(command, cwd=REPOSITORY, env=os.environ | environment).returncode == 0


def checks_hold() -> bool:
    """Run them all, so that one run names everything there is to mend. None touches this folder's own data."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="fivegates-checks-") as folder:
        for command in CHECKS:
            name = " ".join([Path(command[0]).name, *command[1:]])
            say(name)
            if not run(command, FIVEGATES_VAR=folder, DATABASE_URL="", REDIS_URL=""):
                failed.append(name)
    for name in failed:
        say(f"FAILED: {name}")
    return not failed


def bring_up(running: ExitStack) -> tuple[dict[str, str], list[str]]:
    """Start what the tests need; the environment that names it, and what could not be had."""
    environment, missing = {}, []
    given = os.environ.get("DATABASE_URL", "")
    folder = postgres.binaries()
    if given.startswith("postgres"):
        environment["TEST_POSTGRES_URL"] = given
    elif folder:
        environment["TEST_POSTGRES_URL"] = running.enter_context(postgres.private_postgres(folder))
    else:
        missing.append("PostgreSQL (no initdb and postgres found): nothing was tried on it")

    server = redis_server.binary()
    if os.environ.get("REDIS_URL"):
        environment["TEST_REDIS_URL"] = os.environ["REDIS_URL"]
    elif server:
        environment["TEST_REDIS_URL"] = running.enter_context(redis_server.private_redis(server))
    else:
        missing.append("Redis (no redis-server found): nothing was tried on it")

    chromium = browser.chromium() or browser.install_chromium()
    if chromium:
        environment["CHROMIUM"] = str(chromium)
    else:
        missing.append("a browser (no Chromium found; CHROMIUM may name one): the journeys were not walked")
    if not pango.bring_pango():
        missing.append("PDFs (no Pango found; on Debian: libpango-1.0-0 libpangoft2-1.0-0): none was made")
    if not disk.can_be_mounted():
        missing.append("a full disk (one is mounted by root, or by sudo without a password): none was met")
    return environment, missing


def pytest(seed: int, arguments: list[str], environment: dict[str, str]) -> bool:
    # Named here, since the environment goes before the configuration and what is imported above may have set it.
    options = ["--ds=tests.settings", f"--randomly-seed={seed}", "--numprocesses", PROCESSES]
    options += ["--dist", "loadgroup"]
    return run([PYTHON, "-m", "pytest", *options, *arguments], **environment)


def compiled_once(running: ExitStack) -> dict[str, str]:
    """The tests start the product over and over: what the first compiles, the others read. Not in this folder."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = running.enter_context(tempfile.TemporaryDirectory(prefix="fivegates-compiled-"))
    return {"PYTHONPYCACHEPREFIX": folder}


def tests_hold(seed: int, everything_on_both: bool) -> bool:
    with ExitStack() as running:
        environment, missing = bring_up(running)
        environment |= compiled_once(running)
        for what in missing:
            say(f"NOT RUN: {what}")
        if missing and IN_CI:
            return False
        environment |= {"TEST_NOT_RUN": "\n".join(missing), "REDIS_URL": "", "CELERY_BROKER_URL": ""}
        on_sqlite = {"DATABASE_URL": ""}
        held_on_postgres = True
        if "TEST_POSTGRES_URL" in environment:
            server = urlsplit(environment["TEST_POSTGRES_URL"])
            own_name = server._replace(path=f"/fivegates_{uuid.uuid4().hex[:8]}")
            # How long a statement takes says something about this machine, not about the product.
            on_server = {"DATABASE_URL": urlunsplit(own_name), "FIVEGATES_STATEMENT_TIMEOUT": "120s"}
            if not everything_on_both:
                on_server |= dealing.environment(seed, "postgresql")
                on_sqlite |= dealing.environment(seed, "sqlite")
            say(f"What touches the database, on PostgreSQL (order and deal from seed {seed})")
            held_on_postgres = pytest(seed, TOUCHES_THE_DATABASE, environment | on_server)
        say(f"Everything else, and what belongs on both, on SQLite (order and deal from seed {seed})")
        held_on_sqlite = pytest(seed, ["tests"], environment | on_sqlite)
        if not held_on_postgres:
            say("FAILED on PostgreSQL, see above")
        return held_on_postgres and held_on_sqlite


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checks", action="store_true", help="only the linters, types and contracts")
    parser.add_argument(
        "--both", action="store_true", help="on both databases what else is dealt between them"
    )
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(2**31), help="order and deal of the tests"
    )
    chosen = parser.parse_args()
    held = checks_hold() and (chosen.checks or tests_hold(chosen.seed, chosen.both))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
