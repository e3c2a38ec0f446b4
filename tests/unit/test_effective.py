"""The effective answer: the lowest of what is declared, what evidence allows, and what was measured."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.said import plain_date
from checklists.scoring import Effective, ItemFacts, Lowered, Piece, cap, day_after, effective
from tests.unit.rule_builders import (
    ALL_VALUES,
    MET,
    NOT_MET,
    PARTIAL,
    TODAY,
    UNANSWERED,
    WORTH,
    days,
    item,
)
from tests.unit.rule_oracles import expected_answer

ANSWERED = (MET, PARTIAL, NOT_MET)
WALK = 3 * 366  # days; from TODAY it crosses 29 February 2028
MAX_AGES = st.sampled_from([None, 0, 1, 9, 30, 60, 210, 395])


@st.composite
def pieces(draw):
    effective_on = TODAY - days(draw(st.integers(0, 450)))
    lasts = draw(st.none() | st.integers(0, 900))
    expires_on = None if lasts is None else effective_on + days(lasts)
    return Piece(effective_on, expires_on, draw(st.booleans()), draw(st.sampled_from([True, True, False])))


@st.composite
def item_facts(draw):
    measured = draw(st.none() | st.sampled_from(ANSWERED))
    until = draw(st.none() | st.integers(-100, 800))
    return ItemFacts(
        item(max_age=draw(MAX_AGES), required=draw(st.sampled_from([True, True, True, False]))),
        draw(st.sampled_from(ALL_VALUES)),
        tuple(draw(st.lists(pieces(), max_size=4))),
        measured,
        None if until is None else TODAY + days(until),
    )


@settings(max_examples=300)
@given(item_facts(), st.integers(0, WALK))
def test_it_is_the_lowest_of_the_three_on_any_day(facts, later):
    today = TODAY + days(later)
    assert effective(facts, today).value == expected_answer(facts, today)


@settings(max_examples=120, deadline=None)
@given(item_facts())
def test_walking_three_years_nothing_changes_before_its_day_and_nothing_rises(facts):
    found = effective(facts, TODAY)
    for step in range(1, WALK):
        today = TODAY + days(step)
        if found.changes_on is None or today < found.changes_on:
            later = effective(facts, today)
            assert (later.value, later.why, later.lowered_by) == (found.value, found.why, found.lowered_by)
            assert later.changes_on == found.changes_on
        else:
            later = effective(facts, today)
        assert later.changes_on is None or later.changes_on > today
        assert WORTH[later.value] <= WORTH[found.value], "silence improved something"
        found = later


@settings(max_examples=300)
@given(item_facts(), st.integers(0, WALK), st.data())
def test_withdrawing_a_piece_never_raises_an_answer(facts, later, data):
    today = TODAY + days(later)
    for place, piece in enumerate(facts.pieces):
        gone = Piece(piece.effective_on, piece.expires_on, withdrawn=True)
        without = ItemFacts(
            facts.item,
            facts.declared,
            (*facts.pieces[:place], gone, *facts.pieces[place + 1 :]),
            facts.measured,
            facts.measured_until,
        )
        assert WORTH[effective(without, today).value] <= WORTH[effective(facts, today).value]


@settings(max_examples=300)
@given(item_facts(), st.sampled_from(ANSWERED))
def test_declaring_more_never_lowers_an_answer(facts, better):
    if facts.declared != UNANSWERED and WORTH[better] >= WORTH[facts.declared]:
        raised = ItemFacts(facts.item, better, facts.pieces, facts.measured, facts.measured_until)
        assert WORTH[effective(raised, TODAY).value] >= WORTH[effective(facts, TODAY).value]


@given(item_facts())
def test_the_same_piece_twice_counts_as_one(facts):
    doubled = ItemFacts(facts.item, facts.declared, facts.pieces * 2, facts.measured, facts.measured_until)
    assert effective(doubled, TODAY) == effective(facts, TODAY)


@settings(max_examples=300)
@given(item_facts(), st.integers(0, WALK))
def test_it_says_why_exactly_where_it_is_not_what_was_declared(facts, later):
    found = effective(facts, TODAY + days(later))
    assert bool(found.why) == (found.value != facts.declared)
    if found.why:
        assert found.why.endswith(".")
        assert found.why.count(".") == 1
    if facts.declared != UNANSWERED:
        assert (found.lowered_by is not None) == (found.value != facts.declared)


# The boundaries, one by one.

FRESH = Piece(TODAY)


def declared(answer, *found, max_age=60, required=True, measured=None, until=None):
    return ItemFacts(item(max_age=max_age, required=required), answer, found, measured, until)


@pytest.mark.parametrize(
    ("age", "counts_as", "changes_in"),
    [(0, MET, 61), (60, MET, 1), (61, PARTIAL, 60), (120, PARTIAL, 1), (121, NOT_MET, None)],
)
def test_evidence_ages_by_its_maximum_and_by_twice_that(age, counts_as, changes_in):
    found = effective(declared(MET, Piece(TODAY - days(age))), TODAY)
    assert found.value == counts_as
    assert found.changes_on == (None if changes_in is None else TODAY + days(changes_in))


def test_the_leap_day_is_a_day():
    piece = Piece(date(2028, 2, 28))
    facts = declared(MET, piece, max_age=1)
    assert effective(facts, date(2028, 2, 29)).value == MET
    assert effective(facts, date(2028, 2, 29)).changes_on == date(2028, 3, 1)
    assert effective(facts, date(2028, 3, 1)).value == PARTIAL
    assert effective(facts, date(2028, 3, 2)).value == NOT_MET


def test_an_expiry_is_the_last_good_day_and_comes_first():
    piece = Piece(TODAY - days(10), expires_on=TODAY)
    assert effective(declared(MET, piece), TODAY).value == MET
    assert effective(declared(MET, piece), TODAY).changes_on == TODAY + days(1)
    assert effective(declared(MET, piece), TODAY + days(1)).value == PARTIAL
    assert effective(declared(MET, piece), TODAY + days(110)).value == PARTIAL
    assert effective(declared(MET, piece), TODAY + days(111)).value == NOT_MET


def test_an_expiry_beyond_the_maximum_age_lengthens_nothing():
    piece = Piece(TODAY - days(61), expires_on=TODAY + days(500))
    assert effective(declared(MET, piece), TODAY).value == PARTIAL


def test_without_a_maximum_age_only_the_expiry_ends_it_and_then_it_allows_partial_for_good():
    forever = declared(MET, Piece(TODAY - days(5000)), max_age=None)
    assert effective(forever, TODAY) == Effective(MET)
    ending = declared(MET, Piece(TODAY - days(5000), expires_on=TODAY), max_age=None)
    assert effective(ending, TODAY).value == MET
    assert effective(ending, TODAY + days(4000)).value == PARTIAL
    assert effective(ending, TODAY + days(4000)).changes_on is None


def test_where_there_never_was_evidence_met_counts_as_partial():
    found = effective(declared(MET), TODAY)
    assert (found.value, found.lowered_by, found.changes_on) == (PARTIAL, Lowered.NO_EVIDENCE, None)
    assert found.why == "Met counts as Partial: no evidence has been given."


def test_the_best_piece_counts():
    old, fresh = Piece(TODAY - days(500)), Piece(TODAY - days(1))
    assert effective(declared(MET, old, fresh), TODAY).value == MET
    assert effective(declared(MET, fresh, old), TODAY).changes_on == TODAY + days(60)


def test_a_withdrawn_piece_never_allows_met_and_ages_on():
    gone = Piece(TODAY, withdrawn=True)
    found = effective(declared(MET, gone), TODAY)
    assert (found.value, found.lowered_by) == (PARTIAL, Lowered.EVIDENCE_WITHDRAWN)
    assert found.changes_on == TODAY + days(121)
    assert effective(declared(MET, gone), TODAY + days(121)).value == NOT_MET


def test_a_check_that_did_not_pass_never_allows_met_and_ages_on():
    failed = Piece(TODAY, passed=False)
    found = effective(declared(MET, failed), TODAY)
    assert (found.value, found.lowered_by) == (PARTIAL, Lowered.CHECK_NOT_PASSED)
    assert found.why == "Met counts as Partial: the automated check did not pass."
    assert effective(declared(MET, failed), TODAY + days(121)).value == NOT_MET
    assert effective(declared(MET, failed, FRESH), TODAY).value == MET


def test_evidence_never_makes_an_answer():
    assert effective(declared(UNANSWERED, FRESH), TODAY) == Effective(UNANSWERED)


def test_a_measured_answer_lowers_and_never_raises():
    assert effective(declared(MET, FRESH, measured=NOT_MET), TODAY).value == NOT_MET
    assert effective(declared(NOT_MET, FRESH, measured=MET), TODAY).value == NOT_MET
    assert effective(declared(PARTIAL, FRESH, measured=MET), TODAY).value == PARTIAL


def test_a_measured_answer_stands_in_where_nobody_declared_one():
    found = effective(declared(UNANSWERED, FRESH, measured=MET), TODAY)
    assert (found.value, found.why) == (MET, "Nobody has answered, and the measured Met counts instead.")
    assert effective(declared(UNANSWERED, measured=MET), TODAY).value == PARTIAL
    assert effective(declared(UNANSWERED, FRESH, measured=NOT_MET), TODAY).value == NOT_MET


@pytest.mark.parametrize(
    ("measured", "past_expiry"), [(MET, PARTIAL), (PARTIAL, PARTIAL), (NOT_MET, NOT_MET)]
)
def test_a_measured_answer_past_its_expiry_improves_nothing(measured, past_expiry):
    facts = declared(MET, FRESH, measured=measured, until=TODAY)
    assert effective(facts, TODAY).value == measured
    assert effective(facts, TODAY + days(1)).value == past_expiry


def test_a_measured_met_changes_on_the_day_after_its_last_good_day():
    facts = declared(MET, FRESH, max_age=None, measured=MET, until=TODAY + days(3))
    assert effective(facts, TODAY).changes_on == TODAY + days(4)
    assert effective(facts, TODAY + days(4)).lowered_by == Lowered.MEASURED_EXPIRED


@pytest.mark.parametrize("answer", ALL_VALUES)
def test_where_no_evidence_is_asked_the_declared_answer_counts(answer):
    facts = declared(answer, Piece(TODAY - days(900)), required=False, measured=NOT_MET)
    assert effective(facts, TODAY) == Effective(answer)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            declared(MET, Piece(date(2027, 12, 1))),
            "Met counts as Partial: the evidence is of 1 December 2027 and may be 60 days old, "
            "which it was on 30 January 2028.",
        ),
        (
            declared(MET, Piece(date(2028, 1, 5), date(2028, 1, 31))),
            "Met counts as Partial: the evidence expired, its last day was 31 January 2028.",
        ),
        (
            declared(MET, Piece(date(2027, 1, 1)), Piece(date(2026, 1, 1))),
            "Met counts as Not met: the newest evidence, of 1 January 2027, is over twice the 60 days "
            "it may be old.",
        ),
        (
            declared(MET, Piece(date(2028, 2, 1), withdrawn=True), Piece(date(2027, 12, 1))),
            "Met counts as Partial: the evidence was withdrawn.",
        ),
        (
            declared(MET, Piece(date(2027, 12, 1), withdrawn=True), Piece(date(2027, 12, 1))),
            "Met counts as Partial: the evidence is of 1 December 2027 and may be 60 days old, "
            "which it was on 30 January 2028.",
        ),
        (
            declared(MET, Piece(date(2028, 2, 1)), measured=PARTIAL),
            "Met counts as Partial: the automated check found Partial.",
        ),
        (
            declared(MET, measured=MET, until=date(2028, 2, 1)),
            "Met counts as Partial: no evidence has been given, and the automated check was good until "
            "1 February 2028.",
        ),
        (
            declared(UNANSWERED, measured=MET),
            "Nobody has answered, and the measured Met counts as Partial: no evidence has been given.",
        ),
    ],
)
def test_the_sentence_names_what_lowered_the_answer(facts, why):
    assert effective(facts, TODAY).why == why


def test_days_at_the_end_of_time_do_no_harm():
    endless = Piece(date(2028, 1, 1), expires_on=date.max)
    assert cap((endless,), None, TODAY).changes_on is None
    assert cap((endless,), 10**9, TODAY).changes_on is None
    assert (
        effective(declared(MET, endless, max_age=None, measured=MET, until=date.max), TODAY).changes_on
        is None
    )
    assert day_after(date.max) is None


def test_a_day_is_written_as_people_write_it():
    assert plain_date(date(2026, 5, 3)) == "3 May 2026"
