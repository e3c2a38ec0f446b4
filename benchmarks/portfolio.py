"""What the portfolio's overview costs beside the bare SQL that it runs.

Usage: python benchmarks/portfolio.py [rows] [runs]

On scratch data, on PostgreSQL where TEST_POSTGRES_URL names the maintenance database of one, else on SQLite. Both times
of a pair are of one run on one connection, so that their ratio depends little on the machine.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from answering import CEILING, ROOT, scratch_database  # noqa: E402 (it stands beside this file)

ROWS, RUNS = 10_000, 7

MEASURE = """
import statistics, sys, time
import django
django.setup()
from django.db import connection
from django.test import Client
from readiness.accounts.models import User
from readiness.clock import now

reader = User.objects.create(username="reader", name="Reader", is_executive=True, created_at=now())
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(reader)

def page():
    began = time.perf_counter()
    response = client.get("/portfolio/")
    taken = time.perf_counter() - began
    assert response.status_code == 200, response.status_code
    return taken, len(response.content)

def statements():
    '''What the page asks of the database, and the seconds until it had each answer.'''
    found = []
    def note(execute, sql, params, many, context):
        found.append((sql, params))
        return execute(sql, params, many, context)
    with connection.execute_wrapper(note):
        page()
    return [one for one in found if one[0].lstrip("(").startswith("SELECT")]

def bare(found):
    '''The same statements, on the same connection, without Django between: seconds until the last row is here.'''
    began = time.perf_counter()
    for sql, params in found:
        cursor = connection.create_cursor()
        cursor.execute(sql, params if params is not None else ())
        cursor.fetchall()
        cursor.close()
    return time.perf_counter() - began

page()
found = statements()
ratios, whole, raw = [], [], []
for _ in range(int(sys.argv[1])):
    taken, size = page()
    alone = bare(found)
    ratios.append(taken / alone)
    whole.append(taken)
    raw.append(alone)
print(connection.vendor, len(found), size, *(f"{statistics.median(one) * 1000:.0f}" for one in (whole, raw)),
      f"{statistics.median(ratios):.2f}")
"""


def measured(database: str, rows: int, runs: int) -> str:
    """The line of one database: name, statements, bytes of the page, ms of the page and of its SQL, ratio."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "FIVEGATES_VAR": folder, "DJANGO_SETTINGS_MODULE": "readiness.settings"}
        env |= {
            "DATABASE_URL": database,
            "FIVEGATES_LOG_LEVEL": "ERROR",
            "FIVEGATES_STATEMENT_TIMEOUT": "600s",
        }

        def run(*arguments: str) -> str:
            return subprocess.run(  # noqa: S603 (its own commands only)
                [sys.executable, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        run("manage.py", "migrate", "-v0")
        run("manage.py", "load_frameworks", "-v0")
        run("manage.py", "seed_demo", "--scale", str(rows))
        return run("-c", MEASURE, str(runs)).splitlines()[-1]


def main() -> None:
    numbers = [int(one) for one in sys.argv[1:3]]
    rows, runs = (numbers + [ROWS, RUNS][len(numbers) :])[:2]
    server = os.environ.get("TEST_POSTGRES_URL", "")
    with scratch_database(server) if server else nullcontext("") as url:
        vendor, statements, size, whole, raw, ratio = measured(url, rows, runs).split()
    verdict = "within" if float(ratio) <= CEILING else "OVER"
    sys.stdout.write(
        f"The overview of {rows} initiatives on {vendor}: {whole} ms for the page, {raw} ms for its {statements} "
        f"statements alone, {size} bytes. Ratio {ratio}: {verdict} {CEILING}\n"
    )


if __name__ == "__main__":
    main()
