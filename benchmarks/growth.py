"""What the same work costs with N and with 20 N initiatives, and after years of readings.

Usage: python benchmarks/growth.py [N]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACTOR = 20
RUNS = 7
ANSWER, AFTER_YEARS = "one answer", "one answer after years"

MEASURE = """
import json, sys, time
from datetime import timedelta
import django
django.setup()
from django.test import Client
from gates.models import Initiative, Kpi, Reading
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.audit.recording import COMMAND
from readiness.clock import now
from readiness.standing import sweeping
from readiness.standing.models import HistoryPoint

def timed(work, runs):
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken

runs = int(sys.argv[1])
one = Initiative.objects.filter(stage="pilot").order_by("pk")[3]
words = iter(["met", "partial"] * (runs + 1))
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(User.objects.get(username="elsa"))

def answer():
    record_answers(one.pk, [AnswerChange("DATA-1", next(words))], COMMAND, now())

def read_daily():
    days = [now().date() - timedelta(days=number) for number in range(1, 6001)]
    for number in range(3):
        kpi = Kpi.objects.create(initiative=one, name=f"Read daily {number}", created_at=now())
        Reading.objects.bulk_create(
            Reading(kpi=kpi, on=day, value=1, source="api", received_at=now()) for day in days
        )
    HistoryPoint.objects.filter(initiative=one).delete()
    HistoryPoint.objects.bulk_create(
        HistoryPoint(
            initiative=one, on=day, stage="pilot", score=0, met=number % 2, partial=0, not_met=0,
            unanswered=0, verdict="not_ready", stalled=False, flags_open=0,
        )
        for number, day in enumerate(days[:1500])
    )

def answer_after_years():
    read_daily()
    return timed(answer, runs)

def full():
    for batch in sweeping.all_batches():
        sweeping.recompute_these(batch, now())

def page(address):
    def get():
        assert client.get(address).status_code == 200, address
    return get

print(json.dumps({
    "one answer": timed(answer, runs),
    "full recompute": timed(full, 2),
    "sweep with nothing due": timed(lambda: sweeping.recompute_due(now()), runs),
    "list page": timed(page("/initiatives/"), runs),
    "portfolio page": timed(page("/portfolio/"), runs),
    "gates page": timed(page("/portfolio/gates/"), runs),
    "causes page": timed(page("/portfolio/causes/"), runs),
    "page of one initiative": timed(page(f"/initiatives/{one.ref}/"), runs),
    "one answer after years": answer_after_years(),
}))
"""


def measure(count: int) -> dict[str, float]:
    """Median seconds of each work with ``count`` initiatives."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "FIVEGATES_VAR": folder, "DJANGO_SETTINGS_MODULE": "readiness.settings"}
        env.pop("DATABASE_URL", None)

        def run(*arguments: str) -> str:
            return subprocess.run(  # noqa: S603 (its own commands only)
                [sys.executable, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        run("manage.py", "migrate", "-v0")
        run("manage.py", "load_frameworks", "-v0")
        run("manage.py", "seed_demo", "--scale", str(count), "-v0")
        taken = json.loads(run("-c", MEASURE, str(RUNS)).splitlines()[-1])
    return {work: statistics.median(times) for work, times in taken.items()}


def main() -> None:
    small = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    large = small * FACTOR
    before, after = measure(small), measure(large)
    sys.stdout.write(f"{'':28}{small:>10}{large:>10}     ratio\n")
    for work, seconds in before.items():
        ratio = after[work] / seconds
        sys.stdout.write(f"{work:28}{seconds * 1000:8.1f} ms{after[work] * 1000:8.1f} ms{ratio:8.2f}\n")
    sys.stdout.write("\nAn answer where three KPIs have 6,000 readings each and 1,500 days of history,\n")
    sys.stdout.write(f"beside the same without: {before[AFTER_YEARS] / before[ANSWER]:.2f}\n")


if __name__ == "__main__":
    main()
