"""The estimator of Aalen and Johansen: against what was published, against another library, by hand and by property."""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, isclose, log, sqrt
from random import Random
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from readiness.portfolio.survival import (
    Incidence,
    Spell,
    band,
    incidence,
    quartiles,
    watched_on,
    watched_until,
)

# --- As published -----------------------------------------------------------------------------------------------
#
# L. Scrucca, A. Santucci, F. Aversa: Competing risk analysis using R: an easy guide for clinicians. Bone Marrow
# Transplantation 40 (2007), 381-387. 35 patients with leukaemia after a transplantation: months until death by the
# treatment (1) or a relapse (2), whichever came first; 0: neither so far. The data are the authors'
# (https://luca-scr.github.io/R/bmt.csv), the incidences to eight decimals those that the project scikit-survival holds
# its own estimator against (tests/test_nonparametric.py, SimpleDataBMTCases). Many are equal, of both kinds at once.
LYMPHOBLASTIC = [
    (13, 2), (1, 1), (72, 0), (7, 2), (8, 2), (9, 2), (5, 2), (1, 2), (22, 2), (0, 2), (0, 1), (35, 0), (4, 2), (14, 2),
    (26, 2), (3, 2), (12, 1),
]  # fmt: skip
MYELOID = [
    (67, 0), (70, 0), (4, 0), (7, 0), (68, 0), (10, 2), (7, 2), (3, 1), (4, 1), (4, 1), (3, 1), (3, 1), (8, 1), (2, 2),
    (35, 0), (2, 0), (8, 0), (32, 0),
]  # fmt: skip
PUBLISHED = {
    "all": (
        LYMPHOBLASTIC + MYELOID,
        {
            0: (0.02857143, 0.02857143),
            1: (0.05714286, 0.05714286),
            2: (0.05714286, 0.08571429),
            3: (0.14581281, 0.11527094),
            4: (0.20492611, 0.14482759),
            5: (0.20492611, 0.1757917),
            7: (0.20492611, 0.23771992),
            8: (0.23771164, 0.27050544),
            9: (0.23771164, 0.30563279),
            10: (0.23771164, 0.34076015),
            12: (0.27283899, 0.34076015),
            13: (0.27283899, 0.3758875),
            14: (0.27283899, 0.41101485),
            22: (0.27283899, 0.4461422),
            26: (0.27283899, 0.48126955),
            72: (0.27283899, 0.48126955),
        },
    ),
    "lymphoblastic": (
        LYMPHOBLASTIC,
        {
            0: (0.05882353, 0.05882353),
            1: (0.11764706, 0.11764706),
            3: (0.11764706, 0.17647059),
            9: (0.11764706, 0.47058824),
            12: (0.17647059, 0.47058824),
            26: (0.17647059, 0.70588235),
            72: (0.17647059, 0.70588235),
        },
    ),
    "myeloid": (
        MYELOID,
        {
            2: (0.0, 0.05555556),
            3: (0.17708333, 0.05555556),
            4: (0.29513889, 0.05555556),
            7: (0.29513889, 0.12048611),
            8: (0.36818576, 0.12048611),
            10: (0.36818576, 0.20570747),
            70: (0.36818576, 0.20570747),
        },
    ),
}

Rows = Sequence[tuple[int, int]]


def told(rows: Rows, kind: int) -> Incidence:
    return incidence([Spell(days, of_kind) for days, of_kind in rows], kind)


@pytest.mark.parametrize("group", PUBLISHED)
def test_it_comes_out_as_published(group: str) -> None:
    rows, expected = PUBLISHED[group]
    for kind in (1, 2):
        found = told(rows, kind)
        for day, shares in expected.items():
            assert found.at(day).share == pytest.approx(shares[kind - 1], abs=5e-9)


# --- Against another library ------------------------------------------------------------------------------------


def without_ties(seed: int, size: int) -> Rows:
    some = Random(seed)
    days = some.sample(range(1, 40 * size), size)
    return [(day, some.choice((0, 0, 1, 1, 2))) for day in days]


@pytest.mark.parametrize(("seed", "size"), [(1, 12), (2, 40), (3, 150), (4, 300)])
def test_it_agrees_with_lifelines_where_no_two_are_equal(seed: int, size: int) -> None:
    rows = without_ties(seed, size)
    for kind in (1, 2):
        fitter = AalenJohansenFitter().fit([row[0] for row in rows], [row[1] for row in rows], kind)
        shares = fitter.cumulative_density_.iloc[:, 0]
        bounds = fitter.confidence_interval_
        found = told(rows, kind)
        compared = 0
        for step in found.steps:
            assert step.share == pytest.approx(shares[step.day], abs=1e-12)
            if step.share > 0 and step.day != found.steps[-1].day:
                compared += 1
                assert (step.low, step.high) == pytest.approx(sorted(bounds.loc[step.day]), abs=1e-9)
        assert compared > size / 4


# --- By hand, with ties -----------------------------------------------------------------------------------------


def by_hand(rows: Rows, kind: int) -> dict[int, tuple[Fraction, Fraction]]:
    """Share and variance by day: every sum written out anew for every day, in fractions."""
    days = sorted({day for day, of_kind in rows if of_kind})
    watched = {day: sum(one >= day for one, _ in rows) for day in days}
    all_ends = {day: sum(one == day and of_kind > 0 for one, of_kind in rows) for day in days}
    own_ends = {day: sum(one == day and of_kind == kind for one, of_kind in rows) for day in days}
    before, share, survival, total = {}, {}, Fraction(1), Fraction(0)
    for day in days:
        before[day] = survival
        total += survival * Fraction(own_ends[day], watched[day])
        survival *= 1 - Fraction(all_ends[day], watched[day])
        share[day] = total
    answer = {}
    for day in days:
        variance = Fraction(0)
        for past in (one for one in days if one <= day):
            n, d, own, later = watched[past], all_ends[past], own_ends[past], share[day] - share[past]
            if later:
                variance += later**2 * Fraction(d, n * (n - d))
            variance += before[past] ** 2 * Fraction(own * (n - own), n**3)
            variance -= 2 * later * before[past] * Fraction(own, n**2)
        answer[day] = share[day], variance
    return answer


ROWS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=40)


@given(ROWS)
def test_it_comes_out_as_by_hand_however_many_are_equal(rows: Rows) -> None:
    for kind in (1, 2):
        expected = by_hand(rows, kind)
        found = told(rows, kind)
        assert [step.day for step in found.steps] == list(expected)
        for step in found.steps:
            share, variance = float(expected[step.day][0]), float(expected[step.day][1])
            assert step.share == pytest.approx(share, abs=1e-12)
            if 0 < share < 1:
                width = exp(1.959963984540054 * sqrt(variance) / (share * -log(share)))
                assert step.low == pytest.approx(share**width, abs=1e-6)
                assert step.high == pytest.approx(share ** (1 / width), abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 2)), min_size=1, max_size=40))
def test_where_all_are_watched_to_their_end_it_is_a_plain_share_with_its_plain_error(rows: Rows) -> None:
    """Then the share is a count by the whole, and its variance p(1 − p)/n: a formula of its own, ties and all."""
    for step in told(rows, 1).steps:
        share = sum(day <= step.day and kind == 1 for day, kind in rows) / len(rows)
        assert step.share == pytest.approx(share, abs=1e-12)
        if 0 < share < 1:
            assert (step.low, step.high) == pytest.approx(
                band(share, share * (1 - share) / len(rows)), abs=1e-6
            )


# --- What must hold whatever comes ------------------------------------------------------------------------------


@given(ROWS)
def test_shares_rise_stay_within_their_band_and_are_never_more_than_all(rows: Rows) -> None:
    live, ended = told(rows, 1), told(rows, 2)
    for found in (live, ended):
        shares = [step.share for step in found.steps]
        assert shares == sorted(shares)
        for step in found.steps:
            assert 0 <= step.low <= step.share + 1e-12
            assert step.share <= step.high + 1e-12 <= 1 + 2e-12
    for one, other in zip(live.steps, ended.steps, strict=True):
        assert one.share + other.share <= 1 + 1e-9


@given(ROWS)
def test_the_order_of_the_rows_says_nothing(rows: Rows) -> None:
    assert told(rows, 1) == told(sorted(rows, reverse=True), 1)


@given(ROWS, st.integers(1, 2))
def test_what_is_left_is_the_survival_of_kaplan_and_meier(rows: Rows, kind: int) -> None:
    last = max((day for day, _ in rows), default=0)
    survival = Fraction(1)
    for day in sorted({one for one, of_kind in rows if of_kind}):
        ends = sum(one == day and of_kind > 0 for one, of_kind in rows)
        survival *= 1 - Fraction(ends, sum(one >= day for one, _ in rows))
    assert isclose(
        told(rows, 1).at(last).share + told(rows, 2).at(last).share, float(1 - survival), abs_tol=1e-9
    )


@pytest.mark.parametrize("rows", [[], [(3, 0)], [(0, 0), (9, 0)]])
def test_without_an_end_nothing_has_come_to_one(rows: Rows) -> None:
    found = told(rows, 1)
    assert found.steps == ()
    assert (found.at(100).share, found.reaches(0.5), found.reaches_between(0.5)) == (0, None, (None, None))


def test_only_ends_of_the_other_kind_leave_it_at_nothing() -> None:
    assert [(step.day, step.share, step.low, step.high) for step in told([(1, 2), (2, 2)], 1).steps] == [
        (1, 0, 0, 0),
        (2, 0, 0, 0),
    ]


def test_one_that_ends_at_once_is_there_from_the_first_day() -> None:
    found = told([(0, 1), (0, 1), (5, 0), (5, 0)], 1)
    assert (found.at(0).share, found.reaches(0.5)) == (0.5, 0)


def test_the_median_is_the_first_day_on_which_half_have_got_there() -> None:
    rows = [(day, 1) for day in range(1, 11)]
    found = told(rows, 1)
    assert found.reaches(0.5) == 5
    low, high = found.reaches_between(0.5)
    assert low is not None and high is not None and low < 5 < high
    assert told([*rows, *((20, 0) for _ in range(11))], 1).reaches(0.5) is None


def test_who_waits_up_to_a_day_is_watched_on_it() -> None:
    spells = [Spell(3, 1), Spell(3), Spell(7), Spell(7, 2)]
    assert watched_on(spells, [0, 3, 4, 7, 8]) == [4, 4, 2, 2, 0]
    assert [watched_until(spells, least) for least in (0, 1, 2, 3, 4, 5)] == [0, 7, 7, 3, 3, 0]


# --- Quartiles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], (7, 7, 7)),
        ([1, 2], (1.25, 1.5, 1.75)),
        ([4, 1, 3, 2], (1.75, 2.5, 3.25)),
        ([1, 2, 3, 4, 5], (2, 3, 4)),
    ],
)
def test_quartiles_lie_between_two_values_as_spreadsheets_have_it(
    values: list[float], expected: tuple[float, float, float]
) -> None:
    assert quartiles(values) == expected


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=60))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    assert quartiles(values) == pytest.approx(quantiles(values, n=4, method="inclusive"))


def test_of_nothing_there_are_none() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quartiles([])
