"""What an answer costs beside the bare SQL that it runs. Usage: python benchmarks/answering.py [runs]

Twice on scratch data: on SQLite, and on PostgreSQL where TEST_POSTGRES_URL names the maintenance database of one.
"""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
RUNS = 60
CEILING = 3.0

MEASURE = """
import statistics, sys, time
import django
django.setup()
from django.db import connection, transaction
from django.test import Client
from checklists.models import Answer
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.initiatives import create_initiative
from readiness.actions.pieces import Piece
from readiness.audit.recording import Actor
from readiness.clock import now

class Undone(Exception):
    pass

def lead_of_one():
    at = now()
    lead = User.objects.create(username="lead", name="Lead", email="lead@example.com", is_lead=True, created_at=at)
    facts = {"name": "Invoice triage", "business_problem": "Invoices wait.", "business_unit": "Finance"}
    one = create_initiative(facts, Actor.person(lead), at)[0]
    codes = [f"{gate}-{number}" for gate in ("DATA", "ARCH", "INTG", "GOVN", "ADPT") for number in (1, 2, 3, 4)]
    pieces = [Piece("link", at.date(), "Report", f"https://example.com/{code}") for code in codes]
    changes = [AnswerChange(code, "met", "As agreed.", (piece,)) for code, piece in zip(codes, pieces)]
    record_answers(one.pk, changes, Actor.person(lead), at)
    return lead, one

lead, one = lead_of_one()
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(lead)
words = iter(["partial", "met"] * 100_000)

def answer():
    '''One request, as the page sends it.'''
    stands = Answer.objects.get(assessment__passage__initiative=one, item__code="DATA-2").version
    sent = {"answer": next(words), "note": "As agreed.", "version": stands}
    began = time.perf_counter()
    response = client.post(f"/initiatives/{one.ref}/answers/DATA-2/", sent, headers={"hx-request": "true"})
    taken = time.perf_counter() - began
    assert response.status_code == 200, response.status_code
    return taken, len(response.content)

def statements():
    '''What the next answer asks of the database; nothing of it stays.'''
    found = []
    def note(execute, sql, params, many, context):
        found.append((sql, params, many))
        return execute(sql, params, many, context)
    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            answer()
            raise Undone
    except Undone:
        return found[1:]  # without that for the version

def bare(found):
    '''The same statements, on the same connection, without Django between: seconds until the last row is here.'''
    began = time.perf_counter()
    with transaction.atomic():
        for sql, params, many in found:
            cursor = connection.create_cursor()
            (cursor.executemany if many else cursor.execute)(sql, params if params is not None else ())
            if cursor.description:
                cursor.fetchall()
            cursor.close()
    return time.perf_counter() - began

for _ in range(3):
    answer()
ratios, whole, raw = [], [], []
for _ in range(int(sys.argv[1])):
    taken, size = answer()
    found = statements()
    alone = bare(found)
    ratios.append(taken / alone)
    whole.append(taken)
    raw.append(alone)
print(connection.vendor, len(found), size, *(f"{statistics.median(one) * 1000:.2f}" for one in (whole, raw)),
      f"{statistics.median(ratios):.2f}")
"""


def measured(database: str, runs: int) -> str:
    """The line of one database: name, statements, bytes of the response, ms of the request and of its SQL, ratio."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "FIVEGATES_VAR": folder, "DJANGO_SETTINGS_MODULE": "readiness.settings"}
        env |= {"DATABASE_URL": database, "FIVEGATES_LOG_LEVEL": "ERROR"}

        def run(*arguments: str) -> str:
            return subprocess.run(  # noqa: S603 (its own commands only)
                [sys.executable, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        run("manage.py", "migrate", "-v0")
        run("manage.py", "load_frameworks", "-v0")
        return run("-c", MEASURE, str(runs)).splitlines()[-1]


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """An empty database on this server, gone afterwards; its URL."""
    name = f"fivegates_bench_{uuid.uuid4().hex[:12]}"
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        connection.cursor().execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.cursor().execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def say(line: str) -> None:
    vendor, statements, size, whole, raw, ratio = line.split()
    verdict = "within" if float(ratio) <= CEILING else "OVER"
    sys.stdout.write(
        f"An answer on {vendor}: {whole} ms for the request, {raw} ms for its {statements} statements alone, "
        f"{size} bytes. Ratio {ratio}: {verdict} {CEILING}\n"
    )


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    say(measured("", runs))
    server = os.environ.get("TEST_POSTGRES_URL", "")
    if not server:
        sys.stdout.write("PostgreSQL was not measured: TEST_POSTGRES_URL names none.\n")
        return
    with scratch_database(server) as url:
        say(measured(url, runs))


if __name__ == "__main__":
    main()
