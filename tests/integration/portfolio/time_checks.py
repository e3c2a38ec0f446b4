"""The figures of time held against the oracle, each with the list behind it."""

import statistics
from collections import Counter
from datetime import date

import pytest

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.portfolio import durations
from readiness.portfolio.behind import found_behind
from tests.integration.portfolio.time_oracle import TimeOracle
from tests.integration.portfolio.ways import TODAY


def found(rows: InitiativeQuerySet | None = None, today: date = TODAY) -> list[durations.Course]:
    return durations.courses(Initiative.objects.all() if rows is None else rows, today)


def agrees(rows: InitiativeQuerySet, today: date) -> int:
    """Every figure, and every list behind one, as the oracle has it. How many are on the curve."""
    oracle, courses = TimeOracle(rows, today), found(rows, today)
    told, ways = durations.production(courses), oracle.ways()
    assert told.outcomes == Counter(one.outcome for one in ways if not one.why)
    assert told.untimed == Counter(one.why for one in ways if one.why)
    for outcome, curve in (("live", told.live), ("ended", told.ended)):
        if told.outcomes["live"] >= 10:
            expected = oracle.incidence(outcome)
            assert {step.day: step.share for step in curve.steps} == pytest.approx(
                {day: float(share) for day, share in expected.items()}
            )
        else:
            assert curve is None
    for what in ("live", "ended", "running", "no_start", "no_end"):
        keys = {one.key for one in ways if (one.why or one.outcome) == what}
        assert behind(rows, f"timed:{what}", today) == keys
    stages_agree(rows, today, oracle, courses)
    quarters_agree(rows, today, oracle, courses)
    return told.timed


def stages_agree(
    rows: InitiativeQuerySet, today: date, oracle: TimeOracle, courses: list[durations.Course]
) -> None:
    for row in durations.times_in_stage(courses):
        expected = oracle.stage(row.stage.value)
        assert (row.now, row.unknown, row.beyond_plan, row.unplanned) == expected[:4]
        assert (row.stays, row.initiatives, row.unclear) == (
            len(expected.over),
            len(expected.keys),
            expected.unclear,
        )
        for spread, days in ((row.days, expected.days), (row.completed, expected.over)):
            assert (spread is None) == (not days)
            if spread and len(days) > 1:
                low, median, high = statistics.quantiles(days, n=4, method="inclusive")
                assert (spread.low, spread.median, spread.high) == pytest.approx((low, median, high))
        name = row.stage.value
        assert len(behind(rows, f"time:{name}.beyond", today)) == row.beyond_plan
        assert len(behind(rows, f"time:{name}.unplanned", today)) == row.unplanned
        assert len(behind(rows, f"time:{name}.undated", today)) == row.unknown
        assert behind(rows, f"time:{name}.over", today) == expected.keys


def quarters_agree(
    rows: InitiativeQuerySet, today: date, oracle: TimeOracle, courses: list[durations.Course]
) -> None:
    shown = durations.cohorts(courses)
    starts = {(one.start.year, (one.start.month - 1) // 3 + 1) for one in oracle.ways() if one.start}
    order = sorted(starts, reverse=True)
    assert [(one.quarter.year, one.quarter.number) for one in shown] == order[:13]
    for place, one in enumerate(shown):
        together = order[place:] if one.earlier else [order[place]]
        parts = [oracle.quarter(*quarter) for quarter in together]
        expected = {what: {key for part in parts for key in part[what]} for what in parts[0]}
        counts = {
            "": one.began,
            "pilot": one.pilot,
            "live": one.live,
            "ended": one.ended,
            "running": one.running,
        }
        assert counts == {what: len(keys) for what, keys in expected.items()}
        name = f"to-{one.quarter.name}" if one.earlier else one.quarter.name
        for what, keys in expected.items():
            assert behind(rows, f"began:{name}.{what}" if what else f"began:{name}", today) == keys


def behind(rows: InitiativeQuerySet, asked: str, today: date) -> set[int]:
    answer = found_behind(rows, asked, today)
    assert answer is not None and answer.words
    return set(answer.rows.values_list("pk", flat=True))
