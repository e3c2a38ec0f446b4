"""Who may not decide a gate."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from gates.separation import BAR_MESSAGES, Bar, Place, Writing, bars

RAVI, LENA = 1, 2
START = datetime(2028, 1, 1, 9, tzinfo=UTC)
DECIDED = START + timedelta(days=30)
BEFORE, AFTER = DECIDED - timedelta(seconds=1), DECIDED + timedelta(seconds=1)


def bars_of(person, *, last=DECIDED, submitted_by=LENA, writings=(), places=()):
    return bars(person, last_decision_at=last, submitted_by=submitted_by, writings=writings, places=places)


def test_a_reviewer_from_elsewhere_may_decide():
    others = [Place(LENA, START)], [Writing(LENA, AFTER)]
    assert bars_of(RAVI, places=others[0], writings=others[1]) == ()


def test_nobody_decides_what_they_submitted():
    assert bars_of(RAVI, submitted_by=RAVI) == (Bar.SUBMITTED_IT,)
    assert bars_of(RAVI, submitted_by=None) == ()


@pytest.mark.parametrize(
    ("last", "at", "barred"),
    [(None, START, True), (DECIDED, BEFORE, False), (DECIDED, DECIDED, True), (DECIDED, AFTER, True)],
)
def test_who_wrote_in_it_since_its_last_decision_is_barred(last, at, barred):
    expected = (Bar.WROTE_IN_IT,) if barred else ()
    assert bars_of(RAVI, last=last, writings=[Writing(LENA, AFTER), Writing(RAVI, at)]) == expected


@pytest.mark.parametrize(
    ("last", "until", "expected"),
    [
        (DECIDED, None, (Bar.ON_THE_TEAM,)),
        (DECIDED, BEFORE, ()),
        (DECIDED, DECIDED, (Bar.WAS_ON_THE_TEAM,)),
        (DECIDED, AFTER, (Bar.WAS_ON_THE_TEAM,)),
        (None, START, (Bar.WAS_ON_THE_TEAM,)),
    ],
)
def test_who_is_or_was_on_the_team_since_its_last_decision_is_barred(last, until, expected):
    assert bars_of(RAVI, last=last, places=[Place(RAVI, START, until), Place(LENA, START)]) == expected


def test_a_person_on_the_team_again_is_on_the_team():
    places = [Place(RAVI, START, AFTER), Place(RAVI, AFTER)]
    assert bars_of(RAVI, places=places) == (Bar.ON_THE_TEAM,)


def test_every_reason_is_told_in_every_combination():
    for submitted, wrote, was_on, is_on in product((True, False), repeat=4):
        places = [Place(RAVI, START, AFTER)] * was_on + [Place(RAVI, START)] * is_on
        found = bars_of(
            RAVI,
            submitted_by=RAVI if submitted else LENA,
            writings=[Writing(RAVI, AFTER)] * wrote,
            places=places,
        )
        expected = {Bar.SUBMITTED_IT: submitted, Bar.WROTE_IN_IT: wrote, Bar.ON_THE_TEAM: is_on}
        expected[Bar.WAS_ON_THE_TEAM] = was_on and not is_on
        assert found == tuple(bar for bar, holds in expected.items() if holds)
        assert len(found) == len([BAR_MESSAGES[bar] for bar in found])
