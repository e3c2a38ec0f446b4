"""When an exit criterion is met: on the days around each boundary, and held against the rule read once more."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.said import Said
from gates.promises import (
    Comparator,
    Criterion,
    Measured,
    criterion_read,
    criterion_words,
    look_back,
    needs_older,
    triggered,
)

START = date(2028, 2, 1)  # a leap year: the windows below lead over 29 February
FOUR_WEEKS = 28
some_words = st.text(st.sampled_from("aü 3%.(under"), min_size=1).map(str.strip).filter(bool)


def day(number: int) -> date:
    return START + timedelta(days=number)


def readings(*values: tuple[int, str]) -> list[Measured]:
    return [Measured(day(number), Decimal(value)) for number, value in values]


def weekly_use(**options: object) -> Criterion:
    """Weekly use under 30 for four weeks."""
    standard = {"comparator": Comparator.UNDER, "limit": Decimal(30), "window_days": FOUR_WEEKS}
    return Criterion(**(standard | options))


def accuracy(**options: object) -> Criterion:
    """Accuracy under 80 at a checkpoint that was submitted on day 10."""
    standard = {"comparator": Comparator.UNDER, "limit": Decimal(80), "checkpoint_on": day(10)}
    return Criterion(**(standard | options))


def met(criterion: Criterion, given: list[Measured], number: int) -> bool:
    return triggered(criterion, given, day(number)).met


@pytest.mark.parametrize(
    ("number", "expected"), [(27, False), (28, True), (29, True), (49, True), (50, False)]
)
def test_a_window_is_full_on_its_last_day_and_silence_ends_it(number, expected):
    assert met(weekly_use(), readings((0, "20"), (21, "25")), number) is expected


def test_it_says_which_readings_it_rests_on_and_when_that_may_change():
    low = readings((0, "20"), (7, "29.9"), (14, "10"))

    before, on = triggered(weekly_use(), low, day(27)), triggered(weekly_use(), low, day(28))

    assert (before.met, before.changes_on) == (False, day(28))
    assert (on.since, on.latest, on.changes_on) == (low[0], low[2], day(43))
    assert triggered(weekly_use(), low, day(43)).changes_on is None


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        (Comparator.UNDER, "29.9999", True),
        (Comparator.UNDER, "30", False),
        (Comparator.UNDER, "30.0001", False),
        (Comparator.OVER, "29.9999", False),
        (Comparator.OVER, "30.0000", False),
        (Comparator.OVER, "30.0001", True),
    ],
)
def test_the_limit_itself_is_neither_under_nor_over(comparator, value, expected):
    window = weekly_use(comparator=comparator)
    at_checkpoint = accuracy(comparator=comparator, limit=Decimal(30))

    assert met(window, readings((0, value), (28, value)), 28) is expected
    assert met(at_checkpoint, readings((5, value)), 10) is expected


def test_one_reading_proves_nothing_however_old():
    assert not any(met(weekly_use(), readings((0, "1")), number) for number in range(100))


def test_a_reading_on_the_other_side_begins_it_anew():
    broken = readings((0, "20"), (14, "30"), (21, "20"), (28, "20"))

    assert not met(weekly_use(), broken, 28)
    assert not met(weekly_use(), broken, 48)
    assert met(weekly_use(), broken, 49)


@pytest.mark.parametrize(("gap", "expected"), [(28, True), (29, False)])
def test_a_gap_longer_than_the_window_breaks_the_run(gap, expected):
    assert met(weekly_use(), readings((0, "20"), (gap, "20")), gap) is expected


@pytest.mark.parametrize("lifted", [30, None])
def test_days_on_hold_are_not_counted(lifted):
    """Ten of the days lie in a hold; while it lasts no day is added."""
    paused = ((day(20), None if lifted is None else day(lifted)),)
    low = readings((0, "20"), (14, "20"))
    full = [number for number in range(60) if met(weekly_use(paused=paused), low, number)]

    assert full == ([] if lifted is None else list(range(38, 53)))


def test_holds_that_overlap_are_counted_once():
    """Where an admin has moved the organisation's zone, the hold after another may begin a day before it ended."""
    criterion = weekly_use(paused=((day(4), day(9)), (day(2), day(5))))

    assert criterion.days(day(0), day(10)) == 3
    assert criterion.days(day(3), day(3)) == 0
    assert criterion.days(day(6), day(20)) == 11


def test_on_hold_it_may_still_be_met():
    """The four weeks were full before the hold; the reading that shows it comes later."""
    held = weekly_use(paused=((day(40), None),))

    assert met(held, readings((10, "20"), (39, "20")), 41) is False, "the gap is longer than the window"
    assert met(held, readings((10, "20"), (20, "20"), (39, "20")), 41)


@pytest.mark.parametrize(("number", "expected"), [(9, False), (10, True), (11, True), (400, True)])
def test_at_a_checkpoint_from_the_day_it_was_submitted(number, expected):
    assert met(accuracy(), readings((5, "79")), number) is expected


def test_at_a_checkpoint_the_latest_reading_counts():
    assert not met(accuracy(), readings((5, "79"), (9, "80")), 10)
    assert met(accuracy(), readings((5, "80"), (12, "79")), 12)
    assert not met(accuracy(), readings((5, "80"), (12, "79")), 11)
    assert not met(accuracy(), [], 10)
    assert not met(accuracy(checkpoint_on=None), readings((5, "1")), 400)


def test_a_day_that_is_still_to_come_is_named():
    """A reading or a submission lies ahead where the organisation's zone was moved west."""
    assert triggered(accuracy(), [], day(9)).changes_on == day(10)
    assert triggered(accuracy(), readings((5, "80"), (12, "79")), day(10)).changes_on == day(12)


@pytest.mark.parametrize(("number", "expected"), [(60, False), (61, True)])
def test_it_is_quiet_through_the_expiry_and_not_after(number, expected):
    low = readings((0, "20"), (28, "20"), (50, "20"))
    quiet = weekly_use(quiet_through=day(60))

    assert met(quiet, low, number) is expected
    assert triggered(quiet, low, day(30)).changes_on == day(61)
    assert met(accuracy(quiet_through=day(60)), readings((5, "1")), number) is expected


def test_after_a_decision_only_later_readings_count():
    low = readings((0, "20"), (28, "20"), (30, "20"), (40, "20"))
    afresh = weekly_use(armed_from=day(28))

    assert [number for number in range(90) if met(afresh, low, number)] == list(range(58, 69))
    assert not met(accuracy(armed_from=day(12)), readings((12, "1")), 13)
    assert met(accuracy(armed_from=day(12)), readings((12, "1"), (13, "1")), 13)


# --- Read once more ---------------------------------------------------------------------------------------------


def expected(criterion: Criterion, given: list[Measured], today: date) -> bool:
    """From the text, in another way: does any tail of the readings do?"""
    if criterion.quiet_through is not None and today <= criterion.quiet_through:
        return False
    after = criterion.armed_from or date.min
    known = sorted((one for one in given if after < one.on <= today), key=lambda one: one.on)
    if criterion.window_days is None:
        submitted = criterion.checkpoint_on is not None and criterion.checkpoint_on <= today
        return submitted and bool(known) and _breaches(criterion, known[-1])
    return any(_does(criterion, known[first:], today) for first in range(len(known) - 1))


def _does(criterion: Criterion, tail: list[Measured], today: date) -> bool:
    window = criterion.window_days
    gaps = [_counted(criterion, one.on, other.on) for one, other in zip(tail, tail[1:], strict=False)]
    return (
        all(_breaches(criterion, one) for one in tail)
        and all(gap <= window for gap in gaps)
        and _counted(criterion, tail[0].on, today) >= window
        and _counted(criterion, tail[-1].on, today) <= window
    )


def _breaches(criterion: Criterion, one: Measured) -> bool:
    return one.value < criterion.limit if criterion.comparator == "under" else one.value > criterion.limit


def _counted(criterion: Criterion, since: date, until: date) -> int:
    days = (since + timedelta(days=number) for number in range((until - since).days))
    return sum(
        1
        for one in days
        if not any(begin <= one and (end is None or one < end) for begin, end in criterion.paused)
    )


def test_every_small_case_is_as_the_rule_reads():
    """Three days with or without a reading on either side of the limit, every window, today, quiet and fresh start."""
    choices = [None, "1", "2", "3"]
    for values in product(choices, repeat=4):
        given = readings(*((number, value) for number, value in enumerate(values) if value))
        for window, quiet, fresh, today in product((None, 1, 2), (None, 2), (None, 0, 1), range(7)):
            criterion = Criterion(
                comparator=Comparator.UNDER,
                limit=Decimal(2),
                window_days=window,
                checkpoint_on=None if window else day(2),
                quiet_through=None if quiet is None else day(quiet),
                armed_from=None if fresh is None else day(fresh),
            )
            assert triggered(criterion, given, day(today)).met is expected(criterion, given, day(today))


numbers = st.integers(0, 50)
some_days = numbers.map(day)
maybe_days = st.none() | some_days


@st.composite
def holds(draw):
    begin, length = draw(numbers), draw(st.none() | st.integers(0, 20))
    return day(begin), None if length is None else day(begin + length)


@st.composite
def criteria(draw):
    window = draw(st.none() | st.integers(1, 20))
    return Criterion(
        comparator=draw(st.sampled_from(Comparator)),
        limit=Decimal(draw(st.integers(-2, 2))),
        window_days=window,
        checkpoint_on=None if window else draw(maybe_days),
        armed_from=draw(maybe_days),
        quiet_through=draw(maybe_days),
        paused=tuple(draw(st.lists(holds(), max_size=2))),
    )


some_readings = st.dictionaries(some_days, st.integers(-3, 3).map(Decimal), max_size=12).map(
    lambda values: [Measured(on, value) for on, value in values.items()]
)


@given(criteria(), some_readings)
def test_the_change_of_tomorrow_is_never_named_too_late(criterion, given):
    """Day by day: until the named day nothing changes."""
    last, due = triggered(criterion, given, day(0)), None
    for number in range(120):
        found = triggered(criterion, given, day(number))
        assert found.met is expected(criterion, given, day(number))
        assert (found.since is None) == (found.latest is None)
        if (found.since, found.latest) != (last.since, last.latest):
            assert due is not None, day(number)
            assert due <= day(number)
        if due is None or due <= day(number) or number == 0:
            last, due = found, found.changes_on
        assert found.changes_on is None or found.changes_on > day(number)


@given(criteria(), some_readings)
def test_the_order_of_the_readings_is_of_no_matter(criterion, given):
    assert triggered(criterion, given[::-1], day(40)) == triggered(criterion, given, day(40))


@given(criteria(), some_readings, st.integers(0, 120), st.integers(-10, 100))
def test_older_readings_change_nothing_where_they_are_not_needed(criterion, given, number, first):
    ordered = sorted(given, key=lambda one: one.on)
    later = [one for one in ordered if one.on >= day(first)]

    if not needs_older(criterion, later, day(first), day(number)):
        assert triggered(criterion, later, day(number)) == triggered(criterion, ordered, day(number))


@given(criteria(), some_readings, st.integers(0, 120))
def test_looking_back_a_while_tells_whether_it_is_met_and_only_then_is_more_needed(criterion, given, number):
    today = day(number)
    ordered = sorted(given, key=lambda one: one.on)
    since = look_back(criterion, today)
    later = [one for one in ordered if one.on >= since]

    if criterion.window_days is not None:
        assert triggered(criterion, later, today).met is triggered(criterion, ordered, today).met
        if needs_older(criterion, later, since, today):
            assert triggered(criterion, ordered, today).met


def test_looking_back_ends_where_the_calendar_begins():
    for first in (date.min, date.min + timedelta(days=1), START):
        assert date.min <= look_back(weekly_use(paused=((date.min, None),)), first) <= first
        assert isinstance(needs_older(weekly_use(), [Measured(first, Decimal(1))], first, first), bool)


@pytest.mark.parametrize(
    ("limit", "unit", "window", "checkpoint", "words"),
    [
        ("30.0000", "%", 28, "", "Use under 30 % for 4 weeks"),
        ("30.5", "%", 7, "", "Use under 30.5 % for 1 week"),
        ("1E+3", "", 10, "", "Use under 1000 for 10 days"),
        ("0.0000", "€", 1, "", "Use under 0 € for 1 day"),
        ("80", "%", None, "End of the PoC", "Use under 80 % at “End of the PoC”"),
    ],
)
def test_a_criterion_in_words(limit, unit, window, checkpoint, words):
    assert criterion_words("Use", unit, Comparator.UNDER, Decimal(limit), window, checkpoint) == words


@given(
    some_words,
    st.sampled_from(["", "%", "EUR a month", "cases for 2 weeks"]),
    st.sampled_from(Comparator),
    st.decimals(-99_999, 99_999, places=2),
    st.none() | st.integers(1, 400),
    some_words,
)
def test_its_words_are_read_again_with_their_parts(kpi, unit, comparator, limit, window, checkpoint):
    """What is kept as a text alone can be said in another language."""
    made = criterion_words(kpi, unit, comparator, limit, window, checkpoint)
    read = criterion_read(str(made))
    assert read == made
    assert isinstance(read, Said)


@pytest.mark.parametrize(
    "text",
    ["", "Use", "Use under 30 %", "Use under a third for 4 weeks", "Use under 30 % for 28 weeks and a day"],
)
def test_any_other_text_stays_as_it_is(text):
    assert type(criterion_read(text)) is str
    assert criterion_read(text) == text
