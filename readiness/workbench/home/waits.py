"""One thing that waits for a person: what, where, by when in words, and how the most urgent comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.models import Initiative

SOON = 30
"""So many days ahead somebody is told of what ends by itself."""
SHOWN = 8
MOST = 60
"""So many of each kind are looked at, the most urgent first."""


class Kind(IntEnum):
    """What waits; of those that are late, in this order."""

    EXIT = 1
    CONDITION = 2
    ASSIGNMENT = 3
    RETURNED = 4
    HOLD = 5
    MEASUREMENT = 6
    EVIDENCE = 7
    HANDOVER = 8


ICONS = {
    Kind.EXIT: "target",
    Kind.CONDITION: "calendar",
    Kind.ASSIGNMENT: "user",
    Kind.RETURNED: "return",
    Kind.HOLD: "pause",
    Kind.MEASUREMENT: "trend",
    Kind.EVIDENCE: "clock",
    Kind.HANDOVER: "arrow-right",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """``day``: when it is due, or when it began to wait; None where no day was said. ``when`` says it in words.

    ``late``: it is due since before today, or nothing moves until this person acts. ``words`` are somebody else's,
    said by ``by``.
    """

    kind: Kind
    initiative: Initiative
    title: str
    place: str
    day: date | None
    when: str
    late: bool
    url: str
    button: str
    words: str = ""
    by: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def tone(self) -> str:
        return "critical" if self.late else "neutral"

    @property
    def spoken(self) -> str:
        """The button for whoever hears it alone: "Renew it: Renew the evidence of …"."""
        return f"{self.button}: {self.title}"

    @property
    def urgency(self) -> tuple[int, int, date]:
        """What is late first, the gravest and then the longest; then what is due next, and last what has no day."""
        return (0, self.kind, self.day or date.min) if self.late else (1, 0, self.day or date.max)


def most_urgent_first(waits: Iterable[Wait]) -> list[Wait]:
    return sorted(waits, key=lambda one: one.urgency)


def due_words(day: date | None, today: date) -> str:
    """ "today", "tomorrow", "in 3 days", "2 days overdue"; "" where no day was said."""
    if day is None:
        return ""
    days = (day - today).days
    if days < 0:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days}
    return _ahead(days)


def end_words(day: date, today: date) -> str:
    """Of something that ends after its last good day: "ends in 3 days", "ended 2 days ago"."""
    days = (day - today).days
    if days < 0:
        return ngettext("ended %(n)s day ago", "ended %(n)s days ago", -days) % {"n": -days}
    if days == 0:
        return _("ends today")
    return ngettext("ends in %(n)s day", "ends in %(n)s days", days) % {"n": days}


def since_words(day: date, today: date) -> str:
    """Of something that happened: "today", "yesterday", "3 days ago"."""
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def _ahead(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
