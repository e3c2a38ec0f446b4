"""What money, work and endings show: before, on and after each boundary, and when it cannot be told."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from readiness.portfolio.symptoms.answers import Code, State
from readiness.portfolio.symptoms.facts import Facts, ParallelLimit, Pause
from readiness.portfolio.symptoms.portfolio import (
    fading_out,
    falling_activity,
    money_without_value,
    over_the_limit,
)
from readiness.portfolio.symptoms.rules import symptoms
from readiness.portfolio.symptoms.window import quarters
from readiness.portfolio.symptoms.words import DEFINITIONS, figure_words
from readiness.standing.definitions import root_causes
from tests.unit.symptoms.cast import A_YEAR_AGO, TODAY, ago, case, stay

ONE = timedelta(days=1)


# --- Money --------------------------------------------------------------------------------------------------


def spent(*amounts: str | None, read: dict[int, date] | None = None, stage: str = "poc") -> Facts:
    cases = [
        case(key, stage, spent=None if amount is None else Decimal(amount), currency="EUR")
        for key, amount in enumerate(amounts)
    ]
    stays = [stay(one.key, ago(400), stage) for one in cases]
    return Facts(currency="EUR", cases=cases, stays=stays, read_on=read or {})


@pytest.mark.parametrize(
    ("amounts", "read", "state", "figure"),
    [
        (["50.01", "49.99"], {1: ago(3)}, State.PRESENT, ("50.01", "100")),
        (["50", "50"], {1: ago(3)}, State.ABSENT, ("50", "100")),
        (["100"], {0: ago(3)}, State.ABSENT, ("0", "100")),
        (["0", None], {}, State.CANNOT_TELL, ("0", "0")),
        (["0"], {}, State.ABSENT, ("0", "0")),
        (["10", None], {}, State.PRESENT, ("10", "10")),
        ([], {}, State.ABSENT, ("0", "0")),
    ],
)
def test_more_than_half_of_the_money_has_no_measured_value(amounts, read, state, figure):
    found = money_without_value(spent(*amounts, read=read), TODAY)
    assert found.state == state
    assert (found.figure.numerator, found.figure.denominator) == tuple(map(Decimal, figure))


@pytest.mark.parametrize(("read_on", "state"), [(-1, "present"), (0, "present"), (1, "absent")])
def test_of_what_was_launched_only_a_reading_after_that_day_counts(read_on, state):
    launch = ago(60)
    facts = spent("10", read={0: launch + timedelta(days=read_on)}, stage="live")
    facts = replace(facts, stays=[stay(0, launch, "live")])
    assert money_without_value(facts, TODAY).state == state


def test_after_a_second_launch_the_first_is_forgotten():
    facts = spent("10", read={0: ago(50)}, stage="live")
    stays = [stay(0, ago(300), "live", ago(200)), stay(0, ago(40), "live")]
    assert money_without_value(replace(facts, stays=stays), TODAY).state == State.PRESENT


@pytest.mark.parametrize(("left_on", "counted"), [(A_YEAR_AGO, 0), (A_YEAR_AGO + ONE, 1)])
def test_it_was_past_intake_on_a_day_of_the_window(left_on, counted):
    facts = spent("10", stage="stopped")
    facts = replace(facts, stays=[stay(0, ago(900), "pilot", left_on)])
    assert len(money_without_value(facts, TODAY).keys) == counted
    assert money_without_value(replace(facts, stays=[]), TODAY).state == State.ABSENT


def test_currencies_are_never_mixed_and_the_organisations_stands_first():
    cases = [
        case(1, "poc", spent=Decimal(900), currency="USD"),
        case(2, "poc", spent=Decimal(10), currency="EUR"),
        case(3, "poc", spent=Decimal(5), currency=""),
    ]
    stays = [stay(one.key, ago(9), "poc") for one in cases]
    facts = Facts(currency="EUR", cases=cases, stays=stays, read_on={2: ago(1), 3: ago(1)})
    found = money_without_value(facts, TODAY)
    assert [(one.unit, one.numerator, one.denominator) for one in found.series] == [
        ("EUR", 0, 10), ("USD", 900, 900), ("(no currency named)", 0, 5)
    ]  # fmt: skip
    assert (found.state, found.figure.unit) == (State.PRESENT, "EUR")


def test_where_most_lies_stands_first():
    assert money_without_value(spent("5", "70", "70"), TODAY).keys == (1, 2, 0)


# --- Activity -------------------------------------------------------------------------------------------------


def working(*acts: tuple[int, ...], **facts) -> Facts:
    cases = [case(key) for key in range(len(acts))]
    return Facts(cases=cases, acts=dict(enumerate(acts)), **facts)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((9, 8, 7, 6), State.PRESENT),
        ((9, 8, 7, 7), State.ABSENT),
        ((9, 8, 8, 7), State.ABSENT),
        ((8, 9, 7, 6), State.ABSENT),
        ((3, 2, 1, 0), State.PRESENT),
        ((0, 0, 0, 0), State.ABSENT),
    ],
)
def test_it_falls_in_each_of_the_last_three_quarters(acts, state):
    found = falling_activity(working(acts), TODAY)
    assert (found.state, [int(one.numerator) for one in found.series]) == (state, list(acts))


def test_it_counts_for_each_active_initiative_not_in_all():
    """As much is done by ever more teams: less on each."""
    parts = quarters(TODAY)
    cases = [case(number, entered_on=part.first) for number, part in enumerate(parts)]
    acts = {number: tuple(10 if at == number else 0 for at in range(4)) for number in range(4)}
    found = falling_activity(Facts(cases=cases, acts=acts), TODAY)
    assert [int(one.denominator) for one in found.series] == [1, 2, 3, 4]
    assert found.state == State.PRESENT
    assert figure_words(found) == "2.5 acts each"


@pytest.mark.parametrize(("entered_on", "compared"), [(0, State.ABSENT), (1, State.CANNOT_TELL)])
def test_without_an_active_initiative_a_quarter_cannot_be_compared(entered_on, compared):
    last_of_first = quarters(TODAY)[0].last
    facts = Facts(cases=[case(0, entered_on=last_of_first + timedelta(days=entered_on))])
    assert falling_activity(facts, TODAY).state == compared


@pytest.mark.parametrize(("day", "active"), [(-1, 0), (0, 1)])
def test_the_day_on_which_it_ends_is_its_last_active_one(day, active):
    last = quarters(TODAY)[-1]
    facts = Facts(cases=[case(0, "stopped", ended_on=last.first + timedelta(days=day))])
    assert falling_activity(facts, TODAY).figure.denominator == active


def test_who_is_on_hold_for_a_whole_quarter_is_not_active_in_it():
    last = quarters(TODAY)[-1]
    whole = [Pause(0, last.first, None)]
    assert falling_activity(working((1, 1, 1, 0), pauses=whole), TODAY).figure.denominator == 0
    but_a_day = [Pause(0, last.first + ONE, None)]
    assert falling_activity(working((1, 1, 1, 0), pauses=but_a_day), TODAY).figure.denominator == 1
    lifted = [Pause(0, last.first, last.last)]
    assert falling_activity(working((1, 1, 1, 0), pauses=lifted), TODAY).figure.denominator == 1


def test_behind_it_stand_those_with_the_deepest_fall():
    assert falling_activity(working((1, 1, 5, 1), (1, 1, 9, 1), (1, 1, 2, 3)), TODAY).keys == (1, 0)


# --- The parallel limit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "state"), [(1, State.ABSENT), (2, State.ABSENT), (3, State.PRESENT)])
def test_more_are_there_than_the_limit_allows(count, state):
    facts = Facts(cases=[case(key) for key in range(count)], limits=[ParallelLimit("pilot", "finance", 2)])
    found = over_the_limit(facts, TODAY)
    assert (found.state, found.figure.numerator, found.figure.denominator) == (
        state,
        max(count - 2, 0),
        count,
    )
    assert len(found.keys) == (count if state == State.PRESENT else 0)


def test_each_unit_and_stage_is_counted_by_itself():
    cases = [case(1), case(2, "poc"), case(3, unit_key="legal"), case(4, "stopped"), case(5, "live")]
    facts = Facts(cases=cases, limits=[ParallelLimit("pilot", "", 1), ParallelLimit("poc", "", 1)])
    assert over_the_limit(facts, TODAY).state == State.ABSENT
    more = replace(facts, cases=[*cases, case(6)])
    assert over_the_limit(more, TODAY).keys == (1, 6)


@pytest.mark.parametrize("limits", [[], [ParallelLimit("pilot", "legal", 1)]])
def test_without_a_limit_for_them_it_cannot_be_told(limits):
    assert over_the_limit(Facts(cases=[case(1)], limits=limits), TODAY).state == State.CANNOT_TELL


# --- Endings --------------------------------------------------------------------------------------------------


def ended(*outcomes: str, on: date | None = TODAY) -> Facts:
    return Facts(cases=[case(key, "stopped", ended_on=on, outcome=one) for key, one in enumerate(outcomes)])


@pytest.mark.parametrize(
    ("outcomes", "state", "figure"),
    [
        (["faded_out"], State.PRESENT, (0, 1)),
        (["faded_out", "decided"], State.ABSENT, (1, 2)),
        (["faded_out", "agreed_criteria"], State.ABSENT, (1, 2)),
        (["faded_out", "faded_out", "decided"], State.PRESENT, (1, 3)),
        (["faded_out", "faded_out", "decided", ""], State.CANNOT_TELL, (1, 3)),
        (["faded_out", "decided", ""], State.CANNOT_TELL, (1, 2)),
        (["decided", "decided", ""], State.ABSENT, (2, 2)),
        ([], State.ABSENT, (0, 0)),
    ],
)
def test_more_went_silent_than_were_decided(outcomes, state, figure):
    found = fading_out(ended(*outcomes), TODAY)
    assert (found.state, found.figure.numerator, found.figure.denominator) == (state, *figure)


@pytest.mark.parametrize(
    ("on", "count"), [(A_YEAR_AGO, 0), (A_YEAR_AGO + ONE, 1), (TODAY, 1), (TODAY + ONE, 0)]
)
def test_what_was_stopped_within_the_window_counts(on, count):
    assert len(fading_out(ended("faded_out", on=on), TODAY).keys) == count


def test_a_stop_of_which_the_day_is_missing_may_count_or_not():
    facts = ended("decided", on=None)
    silent = replace(facts, cases=[*facts.cases, case(9, silent_since=ago(91))])
    assert fading_out(silent, TODAY).state == State.CANNOT_TELL


@pytest.mark.parametrize(("days", "silent"), [(89, False), (90, False), (91, True)])
def test_a_running_one_is_silent_once_its_flag_is_older_than_90_days(days, silent):
    found = fading_out(Facts(cases=[case(1, silent_since=ago(days))]), TODAY)
    assert (found.state == State.PRESENT, found.keys) == (silent, (1,) if silent else ())


# --- All of them ----------------------------------------------------------------------------------------------


def test_each_has_a_rule_words_and_a_root_cause():
    assert [one.code for one in symptoms(Facts(), TODAY)] == list(Code) == list(DEFINITIONS)
    assert {one.root_cause for one in DEFINITIONS.values()} <= set(root_causes())


def test_of_nothing_nothing_shows():
    found = symptoms(Facts(), TODAY)
    assert State.PRESENT not in {one.state for one in found}
    assert {figure_words(one) for one in found} == {"–"}


def test_a_unit_is_counted_by_itself():
    facts = Facts(
        cases=[case(key, unit_key="legal" if key else "finance") for key in range(5)],
        stays=[stay(key, ago(9)) for key in range(5)] + [stay(77, ago(9))],
    )
    by_unit = facts.by_unit()
    assert {unit: len(found.stays) for unit, found in by_unit.items()} == {"finance": 1, "legal": 4}
    assert symptoms(by_unit["legal"], TODAY)[0].state == State.PRESENT
    assert symptoms(by_unit["finance"], TODAY)[0].state == State.ABSENT
