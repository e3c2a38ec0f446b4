"""The forecast: what a week is, what counts as pace, where the day comes from, and when it may change."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gates.stages import Stage
from readiness.standing.flags.facts import Period
from readiness.standing.forecast import (
    DRAWS,
    WEEKS_AHEAD,
    WEEKS_COUNTED,
    Forecast,
    Level,
    NoForecast,
    forecast,
    look_back,
    weekly_changes,
    weeks_ahead,
)

MONDAY = date(2026, 3, 2)  # the clocks of Berlin change on 29 March
STAGES = (Stage.INTAKE, Stage.POC, Stage.PILOT)


def on(week: int, weekday: int = 0) -> date:
    """A day of a week counted from the first Monday."""
    return MONDAY + timedelta(days=7 * week + weekday)


def levels(*gains: int, start: int = 0) -> list[Level]:
    """Known from the Monday before on; then what each week brought, on its Wednesday."""
    met, found = start, [Level(on(-1), start)]
    for week, gain in enumerate(gains):
        met += gain
        if gain:
            found.append(Level(on(week, 2), met))
    return found


def asked(
    found: Sequence[Level],
    today: date,
    met: int | None = None,
    required: int = 16,
    stage: Stage = Stage.PILOT,
    on_hold: bool = False,
    holds: Sequence[Period] = (),
) -> Forecast:
    now = met if met is not None else next((one.met for one in reversed(found) if one.on <= today), 0)
    return forecast(found, today, met=now, required=required, stage=stage, on_hold=on_hold, holds=holds)


# --- Where there is none ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "met", "on_hold", "why"),
    [
        (Stage.STOPPED, 3, False, NoForecast.ENDED),
        (Stage.RETIRED, 20, False, NoForecast.ENDED),
        (Stage.ROLLOUT, 3, False, NoForecast.LAUNCHED),
        (Stage.LIVE, 16, False, NoForecast.LAUNCHED),
        (Stage.PILOT, 16, False, NoForecast.REACHED),
        (Stage.PILOT, 16, True, NoForecast.REACHED),
        (Stage.PILOT, 15, True, NoForecast.ON_HOLD),
    ],
)
def test_there_is_none_where_none_is_needed(stage: Stage, met: int, on_hold: bool, why: NoForecast) -> None:
    answer = asked(levels(1, 1, 1, 1, 1), on(5), met, stage=stage, on_hold=on_hold)
    assert answer == Forecast(why=why)


@pytest.mark.parametrize("stage", STAGES)
def test_before_the_rollout_there_is_one(stage: Stage) -> None:
    assert asked(levels(1, 1, 1, 1, 1), on(5), stage=stage).on is not None


def test_four_whole_weeks_are_needed() -> None:
    found = levels(1, 1, 1, 1)
    three = asked(found, on(4, -1))  # the Sunday of the fourth week: it is not over
    assert three == Forecast(why=NoForecast.TOO_SHORT, changes_on=on(4))
    assert asked(found, on(4)).why is None


def test_a_week_before_which_nothing_was_known_is_none() -> None:
    """Seven answers that an import brought on a Monday are no pace of seven a week."""
    brought = [Level(on(0), 7)]
    assert weekly_changes(brought, on(3)) == [0, 0]
    assert weekly_changes([Level(on(0, -1), 7)], on(3)) == [0, 0, 0]


# --- What the pace is -------------------------------------------------------------------------------------------


def test_a_week_runs_from_monday_to_sunday() -> None:
    sunday = [Level(on(-1), 0), Level(on(1, -1), 3)]
    monday = [Level(on(-1), 0), Level(on(1), 3)]
    assert weekly_changes(sunday, on(2)) == [0, 3]
    assert weekly_changes(monday, on(2)) == [3, 0]
    assert weekly_changes(monday, on(2, -1)) == [0], "the running week is not whole on its last day"


def test_only_the_last_eight_count_and_falls_count_as_falls() -> None:
    found = levels(9, 1, 1, -2, 0, 1, 1, 1, 1)
    assert weekly_changes(found, on(9)) == [1, 1, 1, 1, 0, -2, 1, 1]


@pytest.mark.parametrize(
    ("hold", "left"),
    [
        (Period(on(2, 6), on(3)), [4, 2, 1]),  # one day, the Sunday of the third week
        (Period(on(2), on(3)), [4, 2, 1]),
        (Period(on(2, 6), on(3, 1)), [2, 1]),
        (Period(on(4)), [4, 3, 2, 1]),  # from the day after the fourth week
        (Period(on(3, 6)), [3, 2, 1]),
    ],
)
def test_a_week_with_a_day_on_hold_is_left_out(hold: Period, left: list[int]) -> None:
    assert weekly_changes(levels(1, 2, 3, 4), on(4), [hold]) == left


def test_what_a_hold_took_is_made_up_from_before() -> None:
    found = levels(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 2)
    assert weekly_changes(found, on(12), [Period(on(8), on(11))]) == [2, *[1] * 7]


def test_the_week_in_which_the_framework_changed_is_left_out() -> None:
    found = [
        Level(on(-1), 2, "five-gate 1.0"),
        Level(on(0, 2), 3, "five-gate 1.0"),
        Level(on(1, 2), 9, "five-gate 2.0"),
        Level(on(2, 2), 10, "five-gate 2.0"),
    ]
    assert weekly_changes(found, on(3)) == [1, 1]
    unknown = [Level(one.on, one.met) if one.on < on(1) else one for one in found]
    assert weekly_changes(unknown, on(3)) == [1, 6, 1], (
        "where it is not known, nothing is known to have changed"
    )


# --- The day ----------------------------------------------------------------------------------------------------


def test_one_a_week_takes_as_many_whole_weeks_as_are_missing() -> None:
    answer = asked(levels(1, 1, 1, 1), on(4, 3), met=13)
    third = on(5 + 2, 6)
    assert answer == Forecast(third, third, third, changes_on=on(5))
    assert third.weekday() == 6


def test_what_is_met_in_the_running_week_counts_at_once_and_its_rest_for_nothing() -> None:
    found = levels(1, 1, 1, 1)
    assert asked(found, on(4), met=15).on == asked(found, on(4, 6), met=15).on == on(5, 6)
    assert asked(found, on(4, 6), met=14).on == on(6, 6)


@pytest.mark.parametrize("gains", [(0, 0, 0, 0), (-1, 0, 0, 0), (-1, -2, -1, -1), (0,) * 8])
def test_without_a_gain_it_is_never_reached(gains: tuple[int, ...]) -> None:
    answer = asked(levels(*gains, start=9), on(len(gains)))
    assert answer == Forecast(why=NoForecast.NOT_AT_THIS_PACE, changes_on=on(len(gains) + 1))


def test_beyond_two_years_it_is_not_at_this_pace() -> None:
    one = (1, 1, 1, 1)
    assert weeks_ahead(one, WEEKS_AHEAD) == (WEEKS_AHEAD,) * 3
    assert weeks_ahead(one, WEEKS_AHEAD + 1) == (None, None, None)
    slow = asked(levels(0, 0, 0, 0, 0, 0, 0, 1), on(8), met=0)
    assert (slow.on, slow.why) == (None, NoForecast.NOT_AT_THIS_PACE)


def test_the_late_end_may_lie_beyond_two_years_alone() -> None:
    early, middle, late = weeks_ahead((0, 0, 0, 0, 0, 0, 0, 1), 12)
    assert early is not None and middle is not None and late is None
    answer = asked(levels(0, 1, 0, 0, 0, 0, 0, 0, start=3), on(8), met=4)
    assert answer.on is not None and answer.earliest is not None and answer.latest is None


def test_the_figures_are_the_same_every_time() -> None:
    """Held here, so that no other seed, order of draws or version of Python moves everybody's dates unseen."""
    assert weeks_ahead((0, 0, 0, 0, 0, 0, 0, 1), 5) == FIXED[0]
    assert weeks_ahead((-1, 0, 0, 1, 1, 1, 2, 2), 9) == FIXED[1]
    assert weeks_ahead((0, 1, 1, 3), 16) == FIXED[2]


FIXED = [(25, 36, 52), (9, 11, 16), (11, 13, 16)]

# --- Against slower ways to say the same --------------------------------------------------------------------------

GAINS = st.lists(st.integers(-3, 4), min_size=4, max_size=8)


def walked(changes: Sequence[int], need: int) -> tuple[int | None, int | None, int | None]:
    """Run by run on a list of all draws, then the 200th, 500th and 800th of the weeks in which they arrived."""
    draw = Random(16).random
    drawn = [[int(draw() * len(changes)) for _ in range(DRAWS)] for _ in range(WEEKS_AHEAD)]
    arrived = []
    for run in range(DRAWS):
        total = 0
        for week in range(WEEKS_AHEAD):
            total += changes[drawn[week][run]]
            if total >= need:
                arrived.append(week + 1)
                break
    arrived.sort()
    places = [arrived[rank - 1] if rank <= len(arrived) else None for rank in (200, 500, 800)]
    return places[0], places[1], places[2]


def chance_of_arriving(changes: Sequence[int], need: int) -> list[float]:
    """For each week, the exact probability to have got there by its end: no draws at all."""
    at = {0: 1.0}
    arrived, found = 0.0, []
    for _ in range(WEEKS_AHEAD):
        then: dict[int, float] = {}
        for total, weight in at.items():
            for change in changes:
                part = weight / len(changes)
                if total + change >= need:
                    arrived += part
                else:
                    then[total + change] = then.get(total + change, 0.0) + part
        at = then
        found.append(arrived)
    return found


@given(GAINS.map(sorted).map(tuple), st.integers(1, 16))
@settings(max_examples=40, deadline=None)
def test_the_weeks_are_those_of_a_slow_walk(changes: tuple[int, ...], need: int) -> None:
    assert weeks_ahead(changes, need) == walked(changes, need)


@given(GAINS.map(sorted).map(tuple), st.integers(1, 16))
@settings(max_examples=60, deadline=None)
def test_the_weeks_lie_where_the_exact_chances_say(changes: tuple[int, ...], need: int) -> None:
    """A thousand draws stray from the exact share by a few hundredths, not by more."""
    chances = chance_of_arriving(changes, need)
    for week, share in zip(weeks_ahead(changes, need), (0.2, 0.5, 0.8), strict=True):
        if week is None:
            assert chances[-1] < share + 0.07
        else:
            assert chances[week - 1] > share - 0.07
            assert week == 1 or chances[week - 2] < share + 0.07


def by_day(found: Sequence[Level], today: date, held: set[date]) -> list[int]:
    """The changes once more, by a table of every single day."""
    table: dict[date, int | None] = {}
    known: int | None = None
    day = min(one.on for one in found) - timedelta(days=14)
    while day < today:
        known = next((one.met for one in found if one.on == day), known)
        table[day] = known
        day += timedelta(days=1)
    changes = []
    weeks = sorted({(day.isocalendar()[:2]) for day in table}, reverse=True)
    for week in weeks:
        days = [day for day in table if day.isocalendar()[:2] == week]
        before = table.get(min(days) - timedelta(days=1))
        if len(days) == 7 and before is not None and not held & set(days):
            changes.append((table[max(days)] or 0) - before)
    return changes[:8]


POINTS = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 20)), min_size=1, max_size=25).map(
    lambda rows: [Level(MONDAY + timedelta(days=day), met) for day, met in sorted(dict(rows).items())]
)
HOLDS = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 20)), max_size=3)


@given(POINTS, st.integers(0, 140), HOLDS)
@settings(max_examples=150, deadline=None)
def test_the_changes_are_those_of_a_table_of_days(
    found: list[Level], number: int, held: list[tuple[int, int]]
) -> None:
    today = MONDAY + timedelta(days=number)
    holds = [Period(MONDAY + timedelta(days=a), MONDAY + timedelta(days=a + n)) for a, n in held]
    days = {MONDAY + timedelta(days=a + step) for a, n in held for step in range(n)}
    assert weekly_changes(found, today, holds) == by_day(found, today, days)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20), st.sampled_from("aaab")), min_size=1),
    st.integers(0, 420),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_looking_back_a_while_finds_the_changes_unless_frameworks_took_them_away(
    rows: list[tuple[int, int, str]], number: int, held: list[tuple[int, int]]
) -> None:
    by_day = {day: Level(MONDAY + timedelta(days=day), met, name) for day, met, name in sorted(rows)}
    found, today = list(by_day.values()), MONDAY + timedelta(days=number)
    holds = [Period(MONDAY + timedelta(days=a), MONDAY + timedelta(days=a + n)) for a, n in held]
    since = look_back(today, holds)
    older = [one for one in found if one.on < since]
    known = [*older[-1:], *(one for one in found if one.on >= since)]

    changes = weekly_changes(known, today, holds)

    if len(changes) == WEEKS_COUNTED or not older:
        assert changes == weekly_changes(found, today, holds)
    else:
        assert len({one.framework for one in known}) > 1
    assert since.weekday() == 0


# --- What always holds --------------------------------------------------------------------------------------------


@given(POINTS, st.integers(0, 140), st.integers(0, 15))
@settings(max_examples=100, deadline=None)
def test_the_range_holds_the_day_and_all_are_sundays_to_come(
    found: list[Level], number: int, met: int
) -> None:
    today = MONDAY + timedelta(days=number)
    answer = asked(found, today, met)
    if answer.on is None:
        assert (answer.earliest, answer.latest) == (None, None) and answer.why is not None
        return
    assert answer.why is None and answer.earliest is not None
    days = [answer.earliest, answer.on, *([answer.latest] if answer.latest else [])]
    assert days == sorted(days)
    assert all(day.weekday() == 6 and (day - today).days >= 7 for day in days)


@given(GAINS, st.integers(2, 16))
@settings(max_examples=60, deadline=None)
def test_who_misses_less_is_never_later_and_the_order_of_weeks_means_nothing(
    gains: list[int], need: int
) -> None:
    changes = tuple(sorted(gains))
    more, less = weeks_ahead(changes, need), weeks_ahead(changes, need - 1)
    for farther, nearer in zip(more, less, strict=True):
        assert farther is None or (nearer is not None and nearer <= farther)
    ahead, back = levels(*gains, start=50), levels(*reversed(gains), start=50)
    today = on(len(gains))
    assert asked(ahead, today, met=16 - need) == asked(back, today, met=16 - need)


@given(POINTS, HOLDS)
@settings(max_examples=25, deadline=None)
def test_nothing_changes_before_the_day_it_named(found: list[Level], held: list[tuple[int, int]]) -> None:
    """Day by day over 200 days in which nobody does anything any more."""
    start = found[-1].on
    holds = [Period(MONDAY + timedelta(days=a), MONDAY + timedelta(days=a + n)) for a, n in held]
    last = asked(found, start, holds=holds)
    for number in range(1, 200):
        today = start + timedelta(days=number)
        answer = asked(found, today, holds=holds)
        if answer != last:
            assert last.changes_on is not None and last.changes_on <= today
        last = answer


def test_at_the_end_of_the_calendar_there_is_no_day_to_name() -> None:
    last_monday = date.max - timedelta(days=date.max.weekday())
    found = [Level(last_monday - timedelta(days=7 * week), 5 - week) for week in range(5, 0, -1)]
    answer = forecast(found, date.max, met=5, required=16, stage=Stage.PILOT, on_hold=False)
    assert (answer.on, answer.changes_on) == (None, None)
