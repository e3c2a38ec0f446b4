"""The real 2024 inventory in the product: what the tables hold, the stalled list, a second run."""

import os
import statistics
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from gates.models import Initiative, StageEntry
from readiness import clock
from readiness.audit.models import Event
from readiness.audit.recording import verify
from readiness.importing import mapping_file
from readiness.importing.plan import plan
from readiness.importing.reading import read_file
from readiness.portfolio import durations, figures
from readiness.standing.models import Flag, Standing
from tests.integration.importing import real_portfolio as real

FOLDER = os.environ.get("FIVEGATES_REAL_DATA")
NAME = "us-federal-ai-use-cases-2024"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FOLDER, reason="FIVEGATES_REAL_DATA does not name the folder with the real 2024 inventory"
    ),
]


def run(*options: str) -> str:
    out = StringIO()
    path = Path(FOLDER or "") / f"{NAME}.csv"
    call_command("import_portfolio", str(path), *options, mapping=NAME, stdout=out)
    return out.getvalue()


def test_the_real_file_comes_in_once_and_stands_as_it_was_planned():
    assert "2129 would be created" in run("--dry-run")
    assert not Initiative.objects.exists()
    assert "2129 created" in run("--skip-bad")

    path = mapping_file.find(NAME)
    table = read_file(Path(FOLDER or "") / f"{NAME}.csv")
    planned, report = plan(table, mapping_file.load(path, table.header))
    assert Counter(Initiative.objects.values_list("stage", flat=True)) == report.stages
    _the_history_holds_the_days_of_the_file(report)
    _the_stalled_list_is_of_those_that_overstayed(planned)
    _the_portfolio_counts_as_the_file_does()

    before = list(Initiative.objects.order_by("pk").values()), list(Standing.objects.order_by("pk").values())
    assert "0 created, 0 brought up to date, 2129 unchanged" in run("--skip-bad")
    assert before == (
        list(Initiative.objects.order_by("pk").values()),
        list(Standing.objects.order_by("pk").values()),
    )
    assert Event.objects.count() == 2129
    assert verify()[1] is None


def _the_history_holds_the_days_of_the_file(report) -> None:
    """The median from initiation to implementation, this time from the tables: from intake to live, or to the pilot."""
    entered: dict[int, dict[str, object]] = {}
    for initiative, stage, day in StageEntry.objects.exclude(entered_on=None).values_list(
        "initiative_id", "stage", "entered_on"
    ):
        entered.setdefault(initiative, {})[stage] = day
    spans = [
        ((days.get("live") or days["pilot"]) - days["intake"]).days
        for days in entered.values()
        if "intake" in days and ("live" in days or "pilot" in days)
    ]
    (figure,) = report.durations
    assert (len(spans), statistics.median(spans)) == (figure.used, figure.median_used)


def _the_stalled_list_is_of_those_that_overstayed(planned) -> None:
    """Beyond one and a half times the planned year in the PoC or the pilot, counted to the day of the file."""
    overstayed = {
        one.source_key
        for one in planned
        if one.stage in ("poc", "pilot")
        and one.stage_since is not None
        and (one.as_of - one.stage_since).days > 548
    }
    stalled = Initiative.objects.filter(standing__stalled=True)
    assert set(stalled.values_list("source_key", flat=True)) == overstayed
    assert len(overstayed) == 108
    assert set(Flag.objects.filter(initiative__in=stalled, stalls=True).values_list("code", flat=True)) == {
        "stage_overrun"
    }


def _the_portfolio_counts_as_the_file_does() -> None:
    """Its funnel, the way to production, the time in each stage and the stalled list, straight from the CSV."""
    cases = real.use_cases(Path(FOLDER or "") / f"{NAME}.csv")
    rows, today = Initiative.objects.all(), clock.now().date()
    assert len(cases) == 2129
    assert [(one.reached, one.now) for one in figures.funnel(rows)] == real.funnel(cases)
    found = durations.courses(rows, today)
    timed, missing = real.spells(cases)
    told = durations.production(found)
    assert (told.timed, told.untimed) == (len(timed), missing)
    assert told.outcomes == Counter(outcome for _, outcome in timed)
    assert (len(timed), told.outcomes["live"], told.outcomes["ended"]) == (1171, 461, 12)
    for outcome, curve in (("live", told.live), ("ended", told.ended)):
        assert curve is not None
        assert {step.day: step.share for step in curve.steps} == pytest.approx(real.incidence(timed, outcome))
    for row in durations.times_in_stage(found):
        stage = row.stage.value
        days = real.days_in(cases, stage)
        assert (row.now - row.unknown, row.beyond_plan) == (len(days), sum(one > 365 for one in days))
        assert row.now == sum(one.stage == stage for one in cases)
        if row.days is not None:
            assert [row.days.low, row.days.median, row.days.high] == pytest.approx(real.quartiles(days))
    listed = figures.stalled(rows, today, limit=len(cases))
    assert Counter((one.initiative.business_unit, one.days) for one in listed) == real.stalled(cases)
