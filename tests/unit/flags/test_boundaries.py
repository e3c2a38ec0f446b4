"""Every flag one day before, on and after its boundary: on plain days, over a leap day, where clocks change, on hold.

The table stands in ``boundaries``. A flag without a row there fails here.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from readiness.standing.definitions import flag_rules, thresholds
from readiness.standing.flags.engine import evaluate
from readiness.standing.flags.facts import FlagFacts, Period
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import Unit
from tests.unit.flags.boundaries import BY_DAY, BY_FACT, InFact, OnDay
from tests.unit.flags.cast import SINCE, flag
from tests.unit.flags.test_changes_on import of_rule, walk

DAYS_TO_OPEN_ON = {
    "an ordinary day": date(2026, 9, 16),
    "the leap day": date(2028, 2, 29),
    "the day after it": date(2028, 3, 1),
    "the last of February of a common year": date(2027, 2, 28),
    "the first of March of a common year": date(2027, 3, 1),
    "the day on which clocks go forward": date(2026, 3, 29),
    "the day after it, too": date(2026, 3, 30),
    "the day on which clocks go back": date(2026, 10, 25),
    "the first day of a year": date(2027, 1, 1),
}

by_day = pytest.mark.parametrize("row", BY_DAY, ids=lambda row: f"{row.code}: {row.what}")
by_fact = pytest.mark.parametrize("row", BY_FACT, ids=lambda row: f"{row.code}: {row.what}")


Overrides = dict[tuple[str, str, str], Decimal]


def severity(code: str, facts: FlagFacts, today: date, overrides: Overrides | None = None) -> str | None:
    found = flag(code, facts, today, overrides)
    return None if found is None else found.severity.value


def around(row: OnDay, facts: FlagFacts, on: date, overrides: Overrides | None = None) -> list[str | None]:
    """What it says the day before, on the day and the day after."""
    return [severity(row.code, facts, on + timedelta(days=number), overrides) for number in (-1, 0, 1)]


def test_every_flag_has_its_boundary_here() -> None:
    assert {row.code for row in (*BY_DAY, *BY_FACT)} == set(flag_rules()) == set(RULES)


def test_every_threshold_that_counts_days_has_a_row_that_waits_for_days() -> None:
    counted = {
        code
        for code, rule in flag_rules().items()
        if any(one.unit in (Unit.DAYS, Unit.SHARE) for one in rule.thresholds.values())
    }
    assert counted <= {row.code for row in BY_DAY}


@by_day
@pytest.mark.parametrize("named", DAYS_TO_OPEN_ON)
def test_the_day_before_on_the_day_and_after_it(row: OnDay, named: str) -> None:
    on = DAYS_TO_OPEN_ON[named]
    facts = row.facts(on - timedelta(days=row.days))
    assert around(row, facts, on) == [row.before, row.after, row.after]
    announced = evaluate(facts, on - timedelta(days=1), thresholds()).changes_on
    assert announced is not None
    assert announced <= on


@by_day
def test_a_week_on_hold_on_the_eve_moves_it_by_a_week_where_days_on_hold_do_not_count(row: OnDay) -> None:
    eve = SINCE + timedelta(days=row.days - 1)
    facts = row.facts(SINCE)
    held = replace(facts, holds=(*facts.holds, Period(eve, eve + timedelta(days=7))))
    on = eve + timedelta(days=8 if row.holds else 1)
    assert around(row, held, on) == [row.before, row.after, row.after]


@pytest.mark.parametrize("row", [row for row in BY_DAY if row.key], ids=lambda row: f"{row.code}: {row.what}")
def test_an_admin_moves_it_for_one_stage_and_leaves_the_others(row: OnDay) -> None:
    facts = row.facts(SINCE)
    later = Decimal(row.days + 3 - (row.code == "stage_overrun"))  # an overrun begins the day after
    here: Overrides = {(row.code, facts.stage.value, row.key): later}
    elsewhere: Overrides = {(row.code, "retired", row.key): later}
    on = SINCE + timedelta(days=row.days)
    says = [row.before, row.after, row.after]
    assert around(row, facts, on + timedelta(days=3), here) == says
    assert around(row, facts, on, elsewhere) == says


@by_day
def test_it_is_walked_day_by_day(row: OnDay) -> None:
    for code in RULES:
        facts = row.facts(date(2024, 1, 15))
        if facts.stage in flag_rules()[code].stages:
            walk(of_rule(code, facts, thresholds()))


@by_fact
@pytest.mark.parametrize("named", DAYS_TO_OPEN_ON)
def test_the_fact_before_the_boundary_on_it_and_beyond_on_any_day(row: InFact, named: str) -> None:
    found = [
        severity(row.code, facts, DAYS_TO_OPEN_ON[named]) for facts in (row.silent, row.first, row.beyond)
    ]
    assert found == [None, row.says, row.says]
