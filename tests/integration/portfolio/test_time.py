"""The page Time: each figure as the rows give it, only of what one may see, and as long as the list behind it."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from gates.models import Hold, Initiative
from readiness.accounts.models import User
from readiness.portfolio import durations
from readiness.portfolio.behind import found_behind
from readiness.portfolio.durations import Spread
from tests.fixtures import person
from tests.integration.portfolio.raw import Raw
from tests.integration.portfolio.time_checks import agrees, found
from tests.integration.portfolio.ways import TODAY, way

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def spells() -> list[tuple[int, int]]:
    return [(one.days, one.kind) for one in durations.production(found()).spells]


# --- Single ways ------------------------------------------------------------------------------------------------


def test_it_runs_from_the_first_day_in_intake_to_the_first_day_live() -> None:
    way(("intake", ago(100)), ("poc", ago(80)), ("pilot", ago(60)), ("rollout", ago(30)), ("live", ago(20)))
    back = ("live", ago(90)), ("rollout", ago(50)), ("live", ago(10))
    way(("intake", ago(100)), *back)
    assert sorted(spells()) == [(10, 1), (80, 1)]


def test_an_end_without_a_day_live_competes_and_one_after_it_does_not() -> None:
    way(("intake", ago(100)), ("poc", ago(90)), ("stopped", ago(40)))
    way(("intake", ago(100)), ("retired", ago(30)))
    way(("intake", ago(100)), ("live", ago(80)), ("retired", ago(10)))
    assert sorted(spells()) == [(20, 1), (60, 2), (70, 2)]


def test_what_runs_is_watched_until_today_or_until_the_day_of_its_file() -> None:
    way(("intake", ago(100)), ("poc", ago(90)))
    way(("intake", ago(100)), as_of=ago(60))
    way(("intake", ago(100)), as_of=TODAY + timedelta(days=5))
    assert sorted(spells()) == [(40, 0), (100, 0), (100, 0)]


def test_a_day_ahead_of_the_file_is_none() -> None:
    way(("intake", ago(100)), ("live", ago(50)), as_of=ago(60))
    way(("intake", ago(50)), as_of=ago(60))
    told = durations.production(found())
    assert (told.timed, dict(told.untimed)) == (0, {"no_end": 1, "no_start": 1})


def test_what_was_taken_over_elsewhere_has_no_start() -> None:
    way(("pilot", ago(50)))
    way(("poc", ago(50)), ("intake", ago(20)))
    way(("intake", None), ("poc", ago(50)))
    way(("intake", ago(70)), ("live", None))
    told = durations.production(found())
    assert (told.timed, dict(told.untimed)) == (0, {"no_start": 3, "no_end": 1})


@pytest.mark.parametrize(("launches", "drawn"), [(9, False), (10, True)])
def test_a_curve_needs_ten_launches(launches: int, drawn: bool) -> None:
    for number in range(launches):
        way(("intake", ago(100 + number)), ("live", ago(50)))
    for _ in range(5):
        way(("intake", ago(90)), ("stopped", ago(20)))
    told = durations.production(found())
    assert (told.live is not None, told.ended is not None) == (drawn, drawn)
    assert told.outcomes == {"live": launches, "ended": 5}


def test_holds_count_in_no_stage_and_a_skipped_stage_hides_an_end() -> None:
    one = way(("intake", ago(100)), ("poc", ago(60)), ("live", ago(20)))
    two = way(
        ("intake", ago(100)),
        ("poc", ago(60)),
        ("pilot", ago(40)),
        ("poc", ago(30)),
        pilot_days=10,
        poc_days=24,
    )
    for since, lifted_on in ((ago(90), ago(80)), (ago(50), ago(45)), (ago(5), None)):
        Hold.objects.create(initiative=two, since=since, reason="Wait.", review_on=since, lifted_on=lifted_on)
    intake, poc, pilot, _rollout = durations.times_in_stage(found())
    assert (intake.stays, intake.initiatives, intake.completed) == (2, 2, Spread(32.5, 35, 37.5))
    assert (poc.stays, poc.unclear, poc.completed) == (1, 1, Spread(15, 15, 15))
    assert (poc.now, poc.days, poc.beyond_plan, poc.unplanned) == (1, Spread(25, 25, 25), 1, 0)
    assert (pilot.now, pilot.stays) == (0, 1)
    assert one.stage == "live"


def test_a_stay_left_on_a_day_that_only_the_file_knows_is_not_over_on_a_known_day() -> None:
    way(("intake", ago(100)), ("poc", None))
    intake, poc, *_ = durations.times_in_stage(found())
    assert (intake.stays, intake.unclear, intake.completed) == (0, 1, None)
    assert (poc.now, poc.unknown, poc.days, poc.unplanned) == (1, 1, None, 1)


@pytest.mark.parametrize(
    ("today", "young"), [(date(2026, 3, 30), True), (date(2026, 3, 31), False), (date(2026, 4, 1), False)]
)
def test_a_quarter_is_young_until_a_year_after_its_end(today: date, young: bool) -> None:
    way(("intake", date(2025, 1, 1)))
    way(("intake", date(2025, 3, 31)), ("poc", date(2025, 4, 1)), ("stopped", date(2025, 5, 1)))
    (row,) = durations.cohorts(found(today=today))
    assert (row.quarter.name, row.began, row.running, row.ended, row.young) == ("2025-Q1", 2, 1, 1, young)


def test_a_file_of_an_earlier_day_keeps_a_quarter_young() -> None:
    way(("intake", date(2024, 12, 31)), as_of=date(2025, 6, 1))
    way(("intake", date(2024, 12, 31)))
    (row,) = durations.cohorts(found())
    assert (row.quarter.name, row.young) == ("2024-Q4", True)


def test_older_quarters_are_one_row() -> None:
    for year in (2019, 2020, 2021, 2022):
        for month in (1, 4, 7, 10):
            way(("intake", date(year, month, 1)))
    rows = durations.cohorts(found())
    assert [row.quarter.name for row in rows[:2]] == ["2022-Q4", "2022-Q3"]
    assert (len(rows), rows[-1].earlier, rows[-1].quarter.name, rows[-1].began) == (13, True, "2019-Q4", 4)


# --- Against the rows, at random --------------------------------------------------------------------------------

PORTFOLIOS = [
    (1, "Europe/Berlin", date(2026, 3, 29)),
    (2, "Pacific/Auckland", date(2024, 2, 29)),
    (3, "America/New_York", date(2025, 5, 31)),
    (4, "UTC", date(2025, 3, 1)),
]


def scene(seed: int, zone: str, today: date, lena: User, ravi: User) -> None:
    raw = Raw(seed, today, ZoneInfo(zone), lena, ravi)
    raw.initiatives(70)
    some = raw.random
    for row in Initiative.objects.all():
        row.as_of = some.choice((None, None, None, today - timedelta(days=some.randint(0, 300))))
        row.poc_days, row.pilot_days = some.choice((None, 30)), some.choice((None, 60, 90))
        row.save()


@pytest.mark.parametrize(("seed", "zone", "today"), PORTFOLIOS)
def test_each_figure_is_what_the_rows_say(
    seed: int, zone: str, today: date, lena: User, ravi: User, elsa: User, omar: User
) -> None:
    scene(seed, zone, today, lena, ravi)
    whole = agrees(Initiative.objects.visible_to(elsa), today)
    some = agrees(Initiative.objects.visible_to(omar), today)
    nobody = agrees(Initiative.objects.visible_to(person("nils")), today)
    assert whole > some > nobody == 0
    legal = Initiative.objects.visible_to(elsa).filter(business_unit_key="legal")
    assert 0 < agrees(legal.started_between(date(2020, 1, 1), today), today) < whole


@pytest.mark.parametrize(
    "asked",
    [
        "timed:", "timed:gone", "began:", "began:2026", "began:2026-Q5", "began:0000-Q1", "began:2026-Q1.gone",
        "time:live.beyond", "time:poc", "time:poc.gone",
    ],
)  # fmt: skip
def test_what_no_figure_asks_is_not_understood(asked: str) -> None:
    assert found_behind(Initiative.objects.all(), asked, TODAY) is None


def test_it_asks_three_times_however_many_there_are(
    query_count: Callable[[Callable[[], object]], int],
) -> None:
    for _ in range(3):
        way(("intake", ago(100)), ("live", ago(50)))
    few = query_count(found)
    for _ in range(47):
        way(("intake", ago(100)), ("live", ago(50)))
    assert (query_count(found), few) == (3, 3)
