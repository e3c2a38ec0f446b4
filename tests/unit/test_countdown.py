"""For how long evidence holds, in words, the days before and after its last good day."""

from datetime import date, timedelta

import pytest

from readiness.workbench.checklists.countdown import SOON_DAYS, countdown, ends_soon

LAST = date(2026, 12, 9)

BOUNDARIES = [
    (-400, "Good for 400 more days, through 9 Dec 2026", "good", False),
    (-15, "Good for 15 more days, through 9 Dec 2026", "good", False),
    (-14, "Good for 14 more days, through 9 Dec 2026", "warning", True),
    (-12, "Good for 12 more days, through 9 Dec 2026", "warning", True),
    (-1, "Good for 1 more day, through 9 Dec 2026", "warning", True),
    (0, "Good today for the last day", "warning", True),
    (1, "Ran out 1 day ago, on 9 Dec 2026", "critical", True),
    (3, "Ran out 3 days ago, on 9 Dec 2026", "critical", True),
]


@pytest.mark.parametrize(
    ("after", "words", "tone", "soon"), BOUNDARIES, ids=[str(row[0]) for row in BOUNDARIES]
)
def test_the_countdown_says_how_many_days_are_left_and_when_it_ran_out(
    after: int, words: str, tone: str, soon: bool
) -> None:
    today = LAST + timedelta(days=after)
    said = countdown(LAST, today)
    assert (said.label, said.tone) == (words, tone)
    assert ends_soon(LAST, today) is soon


def test_every_tone_has_an_icon_of_its_own() -> None:
    icons = {countdown(LAST, LAST + timedelta(days=after)).icon for after in (-SOON_DAYS - 1, 0, 1)}
    assert len(icons) == 3


def test_what_never_ends_says_so() -> None:
    assert countdown(None, LAST).label == "Good without an end"
    assert ends_soon(None, LAST) is False
