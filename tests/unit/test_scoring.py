"""The score of a set of items, and the optimism gap."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.scoring import Effective, ItemState, declared_points, optimism_gap, tally
from tests.unit.rule_builders import ALL_VALUES, MET, NOT_MET, PARTIAL, UNANSWERED, WORTH, item

COUNTS_UP_TO = 13


def all_counts(total):
    for met in range(total + 1):
        for partial in range(total - met + 1):
            for not_met in range(total - met - partial + 1):
                yield met, partial, not_met, total - met - partial - not_met


def answers(met, partial, not_met, unanswered):
    return [MET] * met + [PARTIAL] * partial + [NOT_MET] * not_met + [UNANSWERED] * unanswered


@pytest.mark.parametrize("total", range(1, COUNTS_UP_TO))
def test_every_tally_is_what_the_text_says(total):
    for met, partial, not_met, unanswered in all_counts(total):
        found = tally(answers(met, partial, not_met, unanswered))
        assert (found.total, found.met, found.partial) == (total, met, partial)
        assert (found.not_met, found.unanswered) == (not_met, unanswered)
        points = met + Fraction(partial, 2)
        exact = 100 * points / total
        assert Fraction(found.points) == points
        assert Fraction(found.score) == Fraction(floor(exact * 10 + Fraction(1, 2)), 10)


def test_an_empty_set_scores_nothing():
    found = tally([])
    assert (found.total, found.points, found.score) == (0, Decimal("0.0"), Decimal("0.0"))


@pytest.mark.parametrize(
    ("counts", "score"),
    [
        ((16, 1, 2, 1), "82.5"),
        ((20, 0, 0, 0), "100.0"),
        ((0, 1, 19, 0), "2.5"),
        ((1, 0, 0, 15), "6.3"),  # 6.25 rounds up, not to the even neighbour
        ((0, 1, 0, 39), "1.3"),  # 1.25, likewise
        ((1, 0, 2, 0), "33.3"),
        ((2, 0, 1, 0), "66.7"),
        ((1, 0, 159, 0), "0.6"),  # 0.625
        ((0, 23, 0, 177), "5.8"),  # 5.75, whose tenth is no binary fraction
    ],
)
def test_score_is_rounded_half_up_to_one_decimal(counts, score):
    found = tally(answers(*counts)).score
    assert found == Decimal(score)
    assert str(found) == score


@given(st.lists(st.sampled_from(ALL_VALUES), min_size=1, max_size=60), st.data())
def test_raising_any_answer_never_lowers_the_score(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    better = data.draw(st.sampled_from([v for v in ALL_VALUES if WORTH[v] >= WORTH[values[place]]]))
    raised = [*values[:place], better, *values[place + 1 :]]
    assert tally(raised).score >= tally(values).score
    assert tally(raised).points >= tally(values).points
    if WORTH[better] > WORTH[values[place]]:
        assert tally(raised).points > tally(values).points


@given(st.lists(st.sampled_from(ALL_VALUES), max_size=40), st.randoms())
def test_the_order_of_items_does_not_matter(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert tally(values) == tally(shuffled)


def state(declared, counted):
    return ItemState(item(), declared, Effective(counted))


def test_the_gap_is_declared_minus_effective_points():
    states = [
        state(MET, PARTIAL),
        state(MET, NOT_MET),
        state(PARTIAL, PARTIAL),
        state(UNANSWERED, UNANSWERED),
    ]
    assert declared_points(states) == Decimal("2.5")
    assert optimism_gap(states) == Decimal("1.5")


def test_what_only_a_check_says_is_nobodys_optimism_and_hides_none():
    optimistic = state(MET, NOT_MET)
    measured_only = state(UNANSWERED, MET)
    assert optimism_gap([optimistic]) == Decimal("1.0")
    assert optimism_gap([optimistic, measured_only]) == Decimal("1.0")
    assert declared_points([measured_only]) == Decimal("1.0")


@given(
    st.lists(
        st.sampled_from(ALL_VALUES).flatmap(
            lambda declared: st.sampled_from(
                ALL_VALUES
                if declared == UNANSWERED
                else [v for v in ALL_VALUES if WORTH[v] <= WORTH[declared]]
            ).map(lambda counted: state(declared, counted))
        ),
        max_size=30,
    )
)
def test_the_gap_is_never_negative_and_ties_declared_to_counted_points(states):
    counted = tally(one.effective.value for one in states).points
    assert optimism_gap(states) >= 0
    assert declared_points(states) - optimism_gap(states) == counted
