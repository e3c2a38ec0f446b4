"""The roadmap: laid out by default, what it lacks, the phase it is in, and how late it is."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.models import PhaseKind
from gates.roadmap import (
    MAY_BEGIN_IN,
    USUAL_WEEKS,
    Lack,
    Phase,
    PhaseFacts,
    Standing,
    begin_refusal,
    current_phase,
    default_plan,
    due_on,
    ends_before_it_starts,
    in_order,
    lacking,
    out_of_order,
    overlapping,
    standings,
)
from gates.stages import Stage

START = date(2027, 1, 4)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
MAYBE = st.none() | DAYS


def begun(count: int, start: date = START) -> list[PhaseFacts]:
    """The default plan, of which the first so many phases began on their planned day."""
    return [
        PhaseFacts(
            phase=one.phase,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            began_on=one.starts_on if place < count else None,
        )
        for place, one in enumerate(default_plan(start))
    ]


@st.composite
def plans(draw: st.DrawFn) -> list[PhaseFacts]:
    """Any days at all, in any order, with some phases left out."""
    return [
        PhaseFacts(phase=phase, starts_on=draw(MAYBE), ends_on=draw(MAYBE), began_on=draw(MAYBE))
        for phase in draw(st.permutations(list(Phase)))
        if draw(st.booleans())
    ]


def before_start(day: date) -> bool:
    return day < START


def test_what_is_stored_and_what_the_rules_know_are_the_same_phases() -> None:
    assert PhaseKind.values == [phase.value for phase in Phase]
    assert PhaseKind.labels == [phase.label for phase in Phase]


def test_the_usual_weeks() -> None:
    assert [USUAL_WEEKS[phase] for phase in list(Phase)[:-1]] == [(2, 2), (8, 12), (2, 4), (2, 4), (4, 8)]


def test_the_default_plan_gives_each_phase_its_longest_usual_time() -> None:
    lengths = [(one.ends_on - one.starts_on).days + 1 for one in default_plan(START)]
    assert lengths == [14, 84, 28, 28, 56, 1]


@given(DAYS, st.dictionaries(st.sampled_from(list(Phase)[:-1]), st.integers(1, 60)))
def test_a_default_plan_is_complete_and_without_gaps(start: date, weeks: dict[Phase, int]) -> None:
    plan = default_plan(start, weeks)
    assert [one.phase for one in plan] == list(Phase)
    assert plan[0].starts_on == start
    for before, one in zip(plan, plan[1:], strict=False):
        assert one.starts_on == before.ends_on + timedelta(days=1)
    assert lacking(plan, "Two developers", True).complete
    assert out_of_order(plan) == () and overlapping(plan) == ()
    assert not any(map(ends_before_it_starts, plan))
    lengths = {one.phase: (one.ends_on - one.starts_on).days + 1 for one in plan}
    assert {phase: lengths[phase] for phase in weeks} == {phase: 7 * count for phase, count in weeks.items()}


@pytest.mark.parametrize(("dates", "people", "budget"), list(product([True, False], repeat=3)))
def test_what_is_missing_is_told_one_by_one(dates: bool, people: bool, budget: bool) -> None:
    plan = default_plan(START)[: None if dates else 5]
    found = lacking(plan, "Two developers" if people else " \n", budget)
    expected = [(Lack.DATES, dates), (Lack.PEOPLE, people), (Lack.BUDGET, budget)]
    assert found.what == tuple(lack for lack, there in expected if not there)
    assert found.complete == (dates and people and budget)
    assert found.undated == (() if dates else (Phase.OLD_PROCESS_ENDS,))


@pytest.mark.parametrize(("starts_on", "ends_on"), [(START, None), (None, START), (None, None)])
def test_a_phase_with_one_day_only_is_not_dated(starts_on: date | None, ends_on: date | None) -> None:
    plan = [*default_plan(START)[1:], PhaseFacts(phase=Phase.DECISION, starts_on=starts_on, ends_on=ends_on)]
    assert lacking(plan, "Two", True).undated == (Phase.DECISION,)


@given(plans())
def test_the_order_in_which_phases_are_given_does_not_matter(plan: list[PhaseFacts]) -> None:
    other = list(reversed(plan))
    assert in_order(plan) == in_order(other)
    assert lacking(plan, "", False) == lacking(other, "", False)
    assert current_phase(plan) == current_phase(other)
    assert standings(plan, before_start) == standings(other, before_start)
    assert (out_of_order(plan), overlapping(plan)) == (out_of_order(other), overlapping(other))
    assert due_on(plan) == due_on(other)


@pytest.mark.parametrize("count", range(7))
def test_it_is_in_the_last_phase_that_began(count: int) -> None:
    plan = begun(count)
    assert current_phase(plan) == ([None, *Phase][count])
    expected = (
        [Standing.DONE] * (count - 1) + [Standing.CURRENT] * (count > 0) + [Standing.AHEAD] * (6 - count)
    )
    assert list(standings(plan, before_start)) == expected


def test_a_phase_that_has_not_begun_is_overdue_when_its_first_day_is_past() -> None:
    plan = begun(1)
    assert standings(plan, lambda day: day < plan[1].starts_on)[1] == Standing.AHEAD
    assert standings(plan, lambda day: day <= plan[1].starts_on)[1] == Standing.OVERDUE
    assert standings(plan, lambda day: True) == (Standing.CURRENT, *[Standing.OVERDUE] * 5)
    assert standings(begun(6), lambda day: True) == (*[Standing.DONE] * 5, Standing.CURRENT)
    assert standings([], lambda day: True) == (Standing.AHEAD,) * 6


@pytest.mark.parametrize("count", range(6))
def test_due_is_the_first_day_of_the_next_phase(count: int) -> None:
    plan = begun(count)
    assert due_on(plan) == plan[count].starts_on


def test_a_next_phase_without_a_day_is_passed_over() -> None:
    plan = begun(1)
    plan[1] = PhaseFacts(phase=Phase.PREPARATION)
    assert due_on(plan) == plan[2].starts_on


def test_without_a_next_day_the_last_day_of_the_phase_it_is_in_is_due() -> None:
    assert due_on([PhaseFacts(phase=Phase.FULL, starts_on=START, ends_on=START, began_on=START)]) == START


def test_nothing_is_due_once_the_old_process_has_ended_or_where_nothing_was_planned() -> None:
    assert due_on(begun(6)) is None
    assert due_on([]) is None
    assert due_on([PhaseFacts(phase=Phase.DECISION, began_on=START)]) is None


def test_a_phase_that_starts_before_an_earlier_one_is_out_of_order() -> None:
    plan = [
        PhaseFacts(phase=Phase.PREPARATION, starts_on=START),
        PhaseFacts(phase=Phase.EXPANSION, starts_on=START - timedelta(days=1)),
        PhaseFacts(phase=Phase.FULL, starts_on=START),
    ]
    assert out_of_order(plan) == ((Phase.EXPANSION, Phase.PREPARATION),)


def test_a_phase_that_starts_while_the_one_before_it_runs_overlaps() -> None:
    decision = PhaseFacts(phase=Phase.DECISION, starts_on=START, ends_on=START + timedelta(days=13))

    def overlaps(days: int) -> bool:
        next_one = PhaseFacts(phase=Phase.PREPARATION, starts_on=START + timedelta(days=days))
        return overlapping([decision, next_one]) == ((Phase.PREPARATION, Phase.DECISION),)

    assert [overlaps(days) for days in (-1, 0, 13, 14)] == [False, True, True, False]


@given(plans())
def test_no_pair_is_told_twice(plan: list[PhaseFacts]) -> None:
    assert not set(out_of_order(plan)) & set(overlapping(plan))


@pytest.mark.parametrize(("count", "phase", "stage"), list(product(range(7), Phase, Stage)))
def test_a_phase_begins_in_its_stage_after_the_one_before_it_and_once(
    count: int, phase: Phase, stage: Stage
) -> None:
    place = list(Phase).index(phase)
    refusal = begin_refusal(begun(count), phase, stage)
    if place < count:
        expected = "phase_has_begun"
    elif stage not in MAY_BEGIN_IN[phase]:
        expected = "phase_not_in_this_stage"
    else:
        expected = "phase_out_of_order" if place > count else ""
    assert (refusal.code if refusal else "") == expected


def test_the_stages_in_which_a_phase_may_begin() -> None:
    stages = {phase: [stage.value for stage in Stage if stage in MAY_BEGIN_IN[phase]] for phase in Phase}
    assert stages == {
        Phase.DECISION: ["pilot", "rollout"],
        Phase.PREPARATION: ["pilot", "rollout"],
        Phase.LIMITED_GROUP: ["rollout"],
        Phase.EXPANSION: ["rollout"],
        Phase.FULL: ["rollout"],
        Phase.OLD_PROCESS_ENDS: ["rollout", "live"],
    }
