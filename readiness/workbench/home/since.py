"""What happened on a person's initiatives since their last visit, from the audit trail: in few lines, told together."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.standing.links import initiative_url
from readiness.ui.parts import Entry
from readiness.workbench.initiatives.history import entry

LINES = 12
LOOKED_AT = 300
"""So many of the newest events are looked at; those alike become one line."""


@dataclass(slots=True)
class Line:
    """What somebody did last of one kind; ``more``: how often they did so before, since the visit."""

    entry: Entry
    more: int = 0


@dataclass(slots=True)
class Group:
    """What happened on one initiative, the newest first."""

    initiative: Initiative
    lines: list[Line] = field(default_factory=list)

    @property
    def url(self) -> str:
        return initiative_url(self.initiative.ref)

    @property
    def history_url(self) -> str:
        return self.url + "history/"


@dataclass(frozen=True, slots=True)
class SinceThen:
    """``at``: when the visit before this one ended. ``more``: there is more than is shown."""

    at: datetime
    groups: list[Group]
    more: bool

    @property
    def told(self) -> str:
        """When that was, as the organisation's clock showed it."""
        shown = date_format(localtime(self.at), "j M Y, H:i")
        return _("Since %(moment)s, without what you did yourself.") % {"moment": shown}


def since_last_visit(person: User, mine: InitiativeQuerySet) -> SinceThen | None:
    """What others, and the passing of time, did on these initiatives; None on a first visit. One query."""
    at = person.before_visit_at
    if at is None:
        return None
    events = (
        Event.objects.filter(initiative__in=mine, at__gt=at)
        .exclude(actor=person)
        .select_related("actor", "initiative")
        .order_by("-seq")
    )
    found = list(events[:LOOKED_AT])
    lines = _lines(found)
    return SinceThen(at, _grouped(lines[:LINES]), more=len(lines) > LINES or len(found) == LOOKED_AT)


def _lines(events: list[Event]) -> list[tuple[Initiative, Line]]:
    """One line for what the same person did of the same kind on the same initiative."""
    found: dict[tuple[int, int | None, str, str], tuple[Initiative, Line]] = {}
    for event in events:
        if event.initiative is None:
            continue
        key = (event.initiative.pk, event.actor_id, event.actor_kind, event.verb)
        if key in found:
            found[key][1].more += 1
        else:
            found[key] = (event.initiative, Line(entry(event)))
    return list(found.values())


def _grouped(lines: list[tuple[Initiative, Line]]) -> list[Group]:
    """By initiative, the one with the newest first."""
    groups: dict[int, Group] = {}
    for initiative, line in lines:
        groups.setdefault(initiative.pk, Group(initiative)).lines.append(line)
    return list(groups.values())
