"""For how long a piece of evidence still holds, in words."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.standing.words import Word

SOON_DAYS = 14
"""From so many days before its last good day on, a piece is to be renewed: as the flag says it."""


def ends_soon(last_good_day: date | None, today: date) -> bool:
    """Whether it ran out, or will within SOON_DAYS."""
    return last_good_day is not None and (last_good_day - today).days <= SOON_DAYS


def countdown(last_good_day: date | None, today: date) -> Word:
    """``Good for 12 more days, through 9 Dec 2026``: days are calendar days in the organisation's zone."""
    if last_good_day is None:
        return Word(_("Good without an end"), "good", "check")
    left, day = (last_good_day - today).days, date_format(last_good_day, "SHORT_DATE_FORMAT")
    if left < 0:
        words = ngettext(
            "Ran out %(days)s day ago, on %(day)s", "Ran out %(days)s days ago, on %(day)s", -left
        )
        return Word(words % {"days": -left, "day": day}, "critical", "cross-circle")
    if left == 0:
        return Word(_("Good today for the last day"), "warning", "clock")
    words = ngettext(
        "Good for %(days)s more day, through %(day)s", "Good for %(days)s more days, through %(day)s", left
    ) % {"days": left, "day": day}
    return Word(words, "warning", "clock") if left <= SOON_DAYS else Word(words, "good", "check")
