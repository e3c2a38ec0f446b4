"""The audit trail of the whole organisation, for auditors and admins."""

import json
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.audit.models import Event
from readiness.standing.links import initiative_url
from readiness.ui.parts import Entry
from readiness.workbench.finding import person_of
from readiness.workbench.initiatives.history import entry, sequence_number
from readiness.workbench.initiatives.sayings import VERBS
from readiness.workbench.verbs import verb_words

PAGE = 100
WORDS_MAX = 200
DATA_SHOWN = 4000
"""So many characters of an event's data are shown; all of it comes over the API."""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One event: in words, and as it is recorded."""

    event: Event
    entry: Entry
    url: str
    data: str


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not allows(person, Act.SEE_AUDIT):
        raise PermissionDenied(_("The audit trail is open to auditors and admins."))
    verb = request.GET.get("verb", "")
    verb = verb if verb in VERBS else ""
    words = request.GET.get("q", "").replace("\x00", "")[:WORDS_MAX]
    before = sequence_number(request.GET.get("before", ""))
    found = list(_events(person, verb, words, before)[: PAGE + 1])
    chosen = [(name, value) for name, value in (("verb", verb), ("q", words)) if value]
    context = {
        "rows": [_row(event) for event in found[:PAGE]],
        "verbs": sorted(((known, verb_words(known)) for known in VERBS), key=itemgetter(1)),
        "verb": verb,
        "active": 1 if verb else 0,
        "narrowed": bool(chosen),
        "older": _address([("before", str(found[PAGE - 1].seq)), *chosen]) if len(found) > PAGE else "",
        "newest": _address(chosen) if before is not None else "",
    }
    return render(request, "workbench/audit.html", context)


def _events(person: User, verb: str, words: str, before: int | None) -> QuerySet[Event]:
    """The newest first."""
    events = Event.objects.select_related("actor", "initiative").order_by("-seq")
    if verb:
        events = events.filter(verb=verb)
    if words.strip():
        initiatives = Initiative.objects.visible_to(person).matching(words)
        people = User.objects.matching(words)
        events = events.filter(Q(initiative__in=initiatives) | Q(actor__in=people))
    return events if before is None else events.filter(seq__lt=before)


def _address(query: list[tuple[str, str]]) -> str:
    return "?" + urlencode(query)


def _row(event: Event) -> TrailRow:
    data = json.dumps(event.data, ensure_ascii=False, indent=1)
    return TrailRow(
        event=event,
        entry=entry(event),
        url=initiative_url(event.initiative.ref) if event.initiative else "",
        data=data if len(data) <= DATA_SHOWN else f"{data[:DATA_SHOWN]} …",
    )
