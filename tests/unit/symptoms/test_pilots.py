"""What the pilots show: before, on and after each boundary, and when it cannot be told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from readiness.portfolio.symptoms.answers import State
from readiness.portfolio.symptoms.facts import Facts, GatePass, Pause
from readiness.portfolio.symptoms.pilots import (
    pilots_without_launch,
    scattered_technology,
    stuck_before_integration,
    success_without_users,
)
from tests.unit.symptoms.cast import A_YEAR_AGO, TODAY, ago, case, kpi, stay, users

ONE = timedelta(days=1)


# --- More than three pilots, and none live --------------------------------------------------------------------


def pilots(*days: date | None) -> Facts:
    return Facts(stays=[stay(key, day) for key, day in enumerate(days)])


@pytest.mark.parametrize(
    ("days", "state", "count"),
    [
        ([ago(9)] * 3, State.ABSENT, 3),
        ([ago(9)] * 4, State.PRESENT, 4),
        ([*[ago(9)] * 3, A_YEAR_AGO], State.ABSENT, 3),
        ([*[ago(9)] * 3, A_YEAR_AGO + ONE], State.PRESENT, 4),
        ([*[ago(9)] * 3, TODAY], State.PRESENT, 4),
        ([*[ago(9)] * 3, TODAY + ONE], State.ABSENT, 3),
        ([], State.ABSENT, 0),
    ],
)
def test_more_than_three_started_within_the_window(days, state, count):
    found = pilots_without_launch(pilots(*days), TODAY)
    assert (found.state, found.figure.denominator, len(found.keys)) == (state, count, count)


@pytest.mark.parametrize(
    ("launched_on", "state"),
    [
        (A_YEAR_AGO, State.PRESENT),
        (A_YEAR_AGO + ONE, State.ABSENT),
        (TODAY, State.ABSENT),
        (TODAY + ONE, State.PRESENT),
        (None, State.CANNOT_TELL),
    ],
)
def test_and_none_went_live_within_it(launched_on, state):
    facts = pilots(*[ago(9)] * 4)
    facts = replace(facts, stays=[*facts.stays, stay(99, launched_on, "live")])
    found = pilots_without_launch(facts, TODAY)
    assert found.state == state
    assert found.figure.numerator == (1 if state == State.ABSENT else 0)


def test_an_initiative_that_enters_twice_is_one_pilot():
    stays = [stay(1, ago(300), left_on=ago(200)), stay(1, ago(100))]
    assert pilots_without_launch(Facts(stays=stays), TODAY).figure.denominator == 1


def test_a_day_that_is_missing_matters_only_where_it_decides():
    undecided = pilots_without_launch(pilots(*[ago(9)] * 3, None), TODAY)
    assert undecided.state == State.CANNOT_TELL
    assert "Of 1 initiative the day is missing" in undecided.sentence
    assert pilots_without_launch(pilots(ago(9), None), TODAY).state == State.ABSENT
    assert pilots_without_launch(pilots(*[ago(9)] * 4, None), TODAY).state == State.PRESENT
    left = Facts(stays=[*pilots(*[ago(9)] * 3).stays, stay(9, None, left_on=A_YEAR_AGO)])
    assert pilots_without_launch(left, TODAY).state == State.ABSENT
    on_the_first_day = Facts(stays=[*pilots(*[ago(9)] * 3).stays, stay(9, None, left_on=A_YEAR_AGO + ONE)])
    assert pilots_without_launch(on_the_first_day, TODAY).state == State.CANNOT_TELL


# --- Every pilot on another technology or vendor --------------------------------------------------------------


def built_on(*kinds: tuple[str, str]) -> Facts:
    cases = [case(key, technology=kind[0], vendor=kind[1]) for key, kind in enumerate(kinds)]
    return Facts(cases=cases, stays=[stay(one.key, ago(30)) for one in cases])


@pytest.mark.parametrize(
    ("kinds", "state", "figure"),
    [
        ([("LLM", "Acme"), ("LLM", "Bolt"), ("OCR", "Acme")], State.PRESENT, (3, 3)),
        ([("LLM", ""), ("OCR", ""), ("Trees", "")], State.PRESENT, (3, 3)),
        ([("LLM", "Acme"), (" llm ", "ACME"), ("OCR", "Bolt")], State.ABSENT, (2, 3)),
        ([("LLM", "Acme"), ("OCR", "Bolt")], State.ABSENT, (2, 2)),
        ([("LLM", "Acme"), ("OCR", "Bolt"), ("", "Acme")], State.CANNOT_TELL, (2, 2)),
        ([("LLM", "A"), ("LLM", "A"), ("", "B"), ("", "B")], State.ABSENT, (1, 2)),
        ([], State.ABSENT, (0, 0)),
    ],
)
def test_no_two_are_alike(kinds, state, figure):
    found = scattered_technology(built_on(*kinds), TODAY)
    assert (found.state, found.figure.numerator, found.figure.denominator) == (state, *figure)


def test_only_pilots_that_started_within_the_window_are_compared():
    facts = built_on(("LLM", ""), ("OCR", ""), ("Trees", ""))
    outside = replace(facts, stays=[*facts.stays[:2], stay(2, A_YEAR_AGO)])
    assert scattered_technology(outside, TODAY).state == State.ABSENT
    first_day = replace(facts, stays=[*facts.stays[:2], stay(2, A_YEAR_AGO + ONE)])
    assert scattered_technology(first_day, TODAY).state == State.PRESENT
    unknown = replace(facts, stays=[*facts.stays[:2], stay(2, None)])
    assert scattered_technology(unknown, TODAY).state == State.CANNOT_TELL


# --- Reported successful, without users -----------------------------------------------------------------------


def in_pilot(*kpis, entered_on: date | None = A_YEAR_AGO, left_on: date | None = None) -> Facts:
    return Facts(
        stays=[stay(key, entered_on, left_on=left_on) for key in {one.key for one in kpis}], kpis=kpis
    )


@pytest.mark.parametrize(
    ("kpis", "state", "figure"),
    [
        ([kpi(1, "10"), users(1, used=False)], State.PRESENT, (1, 1)),
        ([kpi(1, "10"), users(1, used=True)], State.ABSENT, (0, 1)),
        ([kpi(1, "9.9999"), users(1, used=False)], State.ABSENT, (0, 0)),
        ([kpi(1, "10", down=True), users(1, used=False)], State.PRESENT, (1, 1)),
        ([kpi(1, "10.0001", down=True), users(1, used=False)], State.ABSENT, (0, 0)),
        ([kpi(1, "10"), kpi(1, "9"), users(1, used=False)], State.ABSENT, (0, 0)),
        ([kpi(1, "10"), kpi(1, None), users(1, used=False)], State.ABSENT, (0, 0)),
        ([kpi(1, "10"), kpi(1, "1", go=None), users(1, used=False)], State.PRESENT, (1, 1)),
        ([kpi(1, "10"), kpi(1, "1", business=False), users(1, used=False)], State.PRESENT, (1, 1)),
        ([kpi(1, "10")], State.CANNOT_TELL, (0, 1)),
        ([kpi(1, "10"), kpi(2, "10"), users(2, used=False)], State.PRESENT, (1, 2)),
        ([kpi(1, "10"), kpi(2, "10"), users(2, used=True)], State.CANNOT_TELL, (0, 2)),
        ([users(1, used=True)], State.CANNOT_TELL, (0, 0)),
        ([], State.ABSENT, (0, 0)),
    ],
)
def test_every_go_limit_is_reached_and_nobody_uses_it(kpis, state, figure):
    found = success_without_users(in_pilot(*kpis), TODAY)
    assert (found.state, found.figure.numerator, found.figure.denominator) == (state, *figure)


@pytest.mark.parametrize(
    ("entered_on", "left_on", "counted"),
    [
        (date(2024, 1, 1), A_YEAR_AGO, False),
        (date(2024, 1, 1), A_YEAR_AGO + ONE, True),
        (None, None, True),
        (TODAY, None, True),
        (TODAY + ONE, None, False),
    ],
)
def test_it_was_in_pilot_on_a_day_of_the_window(entered_on, left_on, counted):
    facts = in_pilot(kpi(1, "10"), users(1, used=False), entered_on=entered_on, left_on=left_on)
    assert success_without_users(facts, TODAY).keys == ((1,) if counted else ())


# --- Architecture passed, Integration never -------------------------------------------------------------------


def passed(*days: date, integrated: int = 0, **facts) -> Facts:
    passes = [GatePass(key, day, False) for key, day in enumerate(days)]
    return Facts(passes=[*passes, *(GatePass(100 + n, ago(200), True) for n in range(integrated))], **facts)


@pytest.mark.parametrize(("days", "state"), [(44, State.ABSENT), (45, State.PRESENT), (46, State.PRESENT)])
def test_from_day_45_on_it_is_stuck(days, state):
    assert stuck_before_integration(passed(ago(days)), TODAY).state == state


@pytest.mark.parametrize(
    ("day", "count"), [(A_YEAR_AGO, 0), (A_YEAR_AGO + ONE, 1), (TODAY - timedelta(days=45), 1)]
)
def test_architecture_was_passed_within_the_window(day, count):
    assert len(stuck_before_integration(passed(day), TODAY).keys) == count


@pytest.mark.parametrize(
    ("stuck", "integrated", "state"),
    [(2, 3, State.ABSENT), (2, 2, State.ABSENT), (3, 2, State.PRESENT), (0, 0, State.ABSENT)],
)
def test_it_shows_where_it_is_more_than_half_of_them(stuck, integrated, state):
    found = stuck_before_integration(passed(*[ago(60)] * stuck, integrated=integrated), TODAY)
    assert (found.state, found.figure.numerator, found.figure.denominator) == (
        state, stuck, stuck + integrated
    )  # fmt: skip


def test_days_on_hold_are_not_counted():
    held = [Pause(0, ago(20), ago(10))]
    assert stuck_before_integration(passed(ago(54), pauses=held), TODAY).state == State.ABSENT
    assert stuck_before_integration(passed(ago(55), pauses=held), TODAY).state == State.PRESENT
    for_good = [Pause(0, ago(50), None)]
    assert stuck_before_integration(passed(ago(90), pauses=for_good), TODAY).state == State.ABSENT


@pytest.mark.parametrize(("ended", "state"), [(16, State.ABSENT), (15, State.PRESENT)])
def test_what_has_ended_counts_up_to_its_end(ended, state):
    cases = [case(0, "stopped", ended_on=ago(ended))]
    assert stuck_before_integration(passed(ago(60), cases=cases), TODAY).state == state
