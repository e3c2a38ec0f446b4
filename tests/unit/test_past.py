"""What an initiative was on a past day, on the days at its boundaries; without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gates.stages import Stage
from readiness.portfolio.changes import changes_of
from readiness.portfolio.past.days import Life, Point, Raised, Ruling, Stay, stays_of
from readiness.portfolio.past.marks import counted, marks_of
from readiness.standing.verdict import Verdict

DAY = date(2024, 2, 29)
ONE = timedelta(days=1)


def point(on: date, score: str = "50", verdict: Verdict = Verdict.NOT_READY, stalled: bool = False) -> Point:
    return Point(on, Decimal(score), verdict, stalled)


def life(*stays: tuple[Stage, date], key: int = 7, **known: tuple[object, ...]) -> Life:
    return Life(key, "A", "sales", tuple(Stay(*one) for one in stays), **known)  # type: ignore[arg-type]


def test_what_begins_on_a_day_is_so_on_it_and_not_the_day_before() -> None:
    one = life((Stage.INTAKE, DAY), (Stage.POC, DAY + 2 * ONE))
    found = [one.stage_on(DAY + number * ONE) for number in (-1, 0, 1, 2)]
    assert found == [None, Stage.INTAKE, Stage.INTAKE, Stage.POC]


def test_of_two_stages_on_one_day_the_later_one_counts() -> None:
    assert life((Stage.INTAKE, DAY), (Stage.POC, DAY), (Stage.INTAKE, DAY)).stage_on(DAY) == Stage.INTAKE


@pytest.mark.parametrize("end", [Stage.STOPPED, Stage.RETIRED])
def test_what_ends_on_a_day_runs_until_the_day_before(end: Stage) -> None:
    one = life((Stage.PILOT, DAY - 9 * ONE), (end, DAY), points=(point(DAY - ONE, stalled=True),))
    assert [one.runs_on(day) for day in (DAY - ONE, DAY)] == [True, False]
    assert "stalled" in marks_of(one, DAY - ONE)
    assert marks_of(one, DAY) == {f"stage-{end.value}"}


def test_a_point_holds_from_its_day_until_the_next_one() -> None:
    one = life((Stage.POC, DAY - 9 * ONE), points=(point(DAY, "10"), point(DAY + 2 * ONE, "90")))
    found = [one.point_on(DAY + number * ONE) for number in (-1, 0, 1, 2, 3)]
    assert [each.score if each else None for each in found] == [None, 10, 10, 90, 90]
    assert "unrecorded" in marks_of(one, DAY - ONE)


@pytest.mark.parametrize(
    ("score", "band"), [("0", 0), ("39.9", 0), ("40", 40), ("59.9", 40), ("60", 60), ("79.9", 60), ("80", 80),
     ("100", 80)]
)  # fmt: skip
def test_each_score_lies_in_one_band(score: str, band: int) -> None:
    found = marks_of(life((Stage.POC, DAY), points=(point(DAY, score),)), DAY)
    assert {mark for mark in found if mark.startswith("score-")} == {f"score-{band}"}


def test_a_pass_holds_until_an_act_ends_it_and_a_new_one_begins_anew() -> None:
    rulings = (
        Ruling("data", "Data", DAY, True, DAY + 2 * ONE),
        Ruling("data", "Data", DAY + 4 * ONE, False),
        Ruling("data", "Data", DAY + 6 * ONE, True),
    )
    one = life((Stage.POC, DAY - ONE), rulings=rulings)
    held = [bool(one.gates_on(DAY + number * ONE)) for number in range(-1, 8)]
    assert held == [False, True, True, False, False, False, False, True, True]


def test_a_flag_is_open_from_its_first_day_until_the_day_before_it_is_resolved() -> None:
    one = life(
        (Stage.POC, DAY - ONE),
        flags=(Raised("critical", DAY, DAY + 2 * ONE), Raised("info", DAY + ONE, None)),
    )
    found = [sorted(one.severities_on(DAY + number * ONE)) for number in (-1, 0, 1, 2)]
    assert found == [[], ["critical"], ["critical", "info"], ["info"]]


def test_an_entry_without_a_day_begins_when_the_one_before_was_left_or_when_it_was_recorded() -> None:
    recorded = DAY + 30 * ONE
    found = stays_of(
        [
            (Stage.INTAKE, None, DAY, recorded),
            (Stage.POC, None, DAY + 5 * ONE, recorded),
            (Stage.PILOT, DAY + 6 * ONE, None, recorded),
        ]
    )
    assert [stay.begins for stay in found] == [recorded, DAY, DAY + 6 * ONE]


def test_the_median_of_an_even_number_is_the_middle_of_both_and_of_none_there_is_none() -> None:
    some = [
        life((Stage.POC, DAY), key=number, points=(point(DAY, score),))
        for number, score in ((1, "10"), (2, "45"))
    ]
    assert counted(some, DAY).median == Decimal("27.5")
    assert counted([], DAY).median is None


def test_what_came_and_went_in_between_is_in_no_list() -> None:
    points = (point(DAY), point(DAY + ONE, stalled=True), point(DAY + 3 * ONE))
    found = changes_of([life((Stage.POC, DAY), points=points)], DAY, DAY + 5 * ONE)
    assert (found.became_stalled, found.mended) == ((), ())
    between = changes_of([life((Stage.POC, DAY), points=points)], DAY, DAY + 2 * ONE)
    assert [(one.pk, one.on) for one in between.became_stalled] == [(7, DAY + ONE)]


def test_what_came_in_live_or_ready_did_not_become_so_and_what_became_so_afterwards_did() -> None:
    on = DAY + 2 * ONE
    ready = (point(on, verdict=Verdict.READY),)
    imported = life((Stage.LIVE, on), key=1, points=ready)
    launched = life((Stage.ROLLOUT, on), (Stage.LIVE, on + ONE), key=2, points=ready)
    ended = life((Stage.STOPPED, on), key=3)
    mended = life((Stage.PILOT, on), key=4, points=(point(on), point(on + ONE, verdict=Verdict.READY)))
    found = changes_of([imported, launched, ended, mended], DAY, DAY + 5 * ONE)
    assert [one.pk for one in found.came_in] == [1, 2, 3, 4]
    assert [(one.pk, one.on) for one in found.went_live] == [(2, on + ONE)]
    assert [one.pk for one in found.became_ready] == [4]
    assert found.stopped == ()


def test_conditional_is_not_ready_and_becoming_ready_from_it_counts() -> None:
    points = (point(DAY, verdict=Verdict.CONDITIONAL), point(DAY + ONE, verdict=Verdict.READY))
    found = changes_of([life((Stage.PILOT, DAY), points=points)], DAY, DAY + ONE)
    assert [one.on for one in found.became_ready] == [DAY + ONE]
