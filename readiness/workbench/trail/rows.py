"""One event of the trail as a row of its page: in words, as it is recorded, and where it leads."""

import json
from dataclasses import dataclass

from django.urls import reverse

from readiness.accounts.models import User
from readiness.audit.chain import moment
from readiness.audit.models import Event
from readiness.audit.telling import recorded
from readiness.standing.links import comments_url, exits_url, gate_url, initiative_url, people_url
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Entry, Link
from readiness.workbench.initiatives.history import entry

DATA_SHOWN = 4000
PAIRS_SHOWN = 40
"""So many characters and pairs of an event's data are shown; all of it is in a download."""

_GATE = gettext_lazy("Its gate")
_BELOW = {
    "comment": (gettext_lazy("Its comments"), comments_url),
    "handover": (gettext_lazy("Its people"), people_url),
    "exit": (gettext_lazy("Its exit criteria"), exits_url),
    "exit_criterion": (gettext_lazy("Its exit criteria"), exits_url),
    "kpi": (gettext_lazy("Its promises"), lambda ref: f"{initiative_url(ref)}promises/"),
    "amendment": (gettext_lazy("Its promises"), lambda ref: f"{initiative_url(ref)}promises/"),
    "reading": (gettext_lazy("Its promises"), lambda ref: f"{initiative_url(ref)}promises/"),
    "readings": (gettext_lazy("Its promises"), lambda ref: f"{initiative_url(ref)}promises/"),
    "roadmap": (gettext_lazy("Its roadmap"), lambda ref: f"{initiative_url(ref)}roadmap/"),
    "spending": (gettext_lazy("Its budget"), lambda ref: f"{initiative_url(ref)}budget/"),
}
"""The page of an initiative that an event is about, by the noun of its verb."""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One event. ``pairs`` are read, ``data`` is the JSON; ``left`` says how many pairs are not shown."""

    event: Event
    entry: Entry
    at: str
    url: str
    leads: Link | None
    pairs: list[tuple[str, str]]
    left: int
    data: str


def row_of(event: Event, reader: User) -> TrailRow:
    """The event came with its actor and initiative."""
    data = json.dumps(event.data, ensure_ascii=False, indent=1)
    pairs = [(way, value) for way, value in recorded(event.data) if way]
    return TrailRow(
        event=event,
        entry=entry(event),
        at=moment(event.at),
        url=initiative_url(event.initiative.ref) if event.initiative else "",
        leads=_leads(event, reader),
        pairs=[(way, _cut(value, 500)) for way, value in pairs[:PAIRS_SHOWN]],
        left=max(0, len(pairs) - PAIRS_SHOWN),
        data=_cut(data, DATA_SHOWN),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _leads(event: Event, reader: User) -> Link | None:
    """The page that the event is about, where there is one that the reader may open."""
    noun = event.verb.partition(".")[0]
    if event.initiative is None:
        return _beside(noun, event, reader)
    ref, gate = event.initiative.ref, event.data.get("gate")
    if isinstance(gate, str) and noun in ("gate", "condition", "waiver"):
        return Link(label=str(_GATE), href=gate_url(ref, gate))
    if noun in _BELOW:
        label, address = _BELOW[noun]
        return Link(label=str(label), href=address(ref))
    return None


def _beside(noun: str, event: Event, reader: User) -> Link | None:
    """Of what concerns no initiative."""
    slug, username = event.data.get("framework"), event.data.get("username")
    if noun == "framework" and isinstance(slug, str):
        return Link(label=slug, href=reverse("framework", args=[slug]))
    if noun == "person" and isinstance(username, str) and reader.is_admin:
        return Link(label=username, href=reverse("person-edit", args=[username]))
    return None
