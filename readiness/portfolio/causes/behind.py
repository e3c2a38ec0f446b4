"""The lists behind the figures of the causes, such as ``confirmed:integration`` or ``beyond:unit/governance``."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from gates.querysets import InitiativeQuerySet
from readiness.portfolio.causes import figures
from readiness.portfolio.found import Found, Question
from readiness.standing.definitions import root_causes
from readiness.ui.saying import content


def named(cause: str) -> str:
    """A cause as people call it, in the reader's language."""
    found = root_causes().get(cause)
    return content(found.name) if found else _("No cause named")


def _confirmed(rows: InitiativeQuerySet, cause: str, today: date) -> Found | None:
    if cause not in root_causes():
        return None
    words = _("%(cause)s, confirmed") % {"cause": named(cause)}
    return Found(figures.confirmed(rows, cause), words)


def _suspected(rows: InitiativeQuerySet, cause: str, today: date) -> Found | None:
    if cause not in root_causes():
        return None
    words = _("%(cause)s, suspected") % {"cause": named(cause)}
    return Found(figures.suspected(rows, cause), words)


def _stopped(rows: InitiativeQuerySet, cause: str, today: date) -> Found | None:
    if cause and cause not in root_causes():
        return None
    words = _("Stopped: %(cause)s") % {"cause": named(cause)}
    return Found(figures.stopped_for(rows, cause), words)


def _resolved(rows: InitiativeQuerySet, cause: str, today: date) -> Found | None:
    if cause not in root_causes():
        return None
    words = _("%(cause)s, resolved in the last %(days)s days") % {
        "cause": named(cause),
        "days": figures.RESOLVED_DAYS,
    }
    return Found(figures.resolved_lately(rows, cause, today), words)


def _flagged(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
    return None if argument else Found(figures.flagged(rows), _("With an open flag"))


def _cell(
    narrow: Callable[[InitiativeQuerySet, str, str], InitiativeQuerySet],
    said: Mapping[str, Callable[[], str]],
) -> Question:
    """The question of a column that no filter asks for: ``unit/governance``, or ``unit/`` for any cause."""

    def question(rows: InitiativeQuerySet, argument: str, today: date) -> Found | None:
        by, slash, cause = argument.partition("/")
        if by not in figures.FIELDS or not slash or (cause and cause not in root_causes()):
            return None
        words = f"{named(cause)}, {said[by]()}" if cause else said[by]()
        return Found(narrow(rows, by, cause), words)

    return question


BEHIND: Mapping[str, Question] = {
    "confirmed": _confirmed,
    "suspected": _suspected,
    "stopped_for": _stopped,
    "resolved": _resolved,
    "flagged": _flagged,
    "beyond": _cell(
        figures.beyond,
        {"unit": lambda: _("in further units"), "technology": lambda: _("with further technologies")},
    ),
    "unnamed": _cell(
        figures.unnamed,
        {"unit": lambda: _("no unit named"), "technology": lambda: _("no technology named")},
    ),
}
