"""The page of the trail, what it hands out, and what its filters find."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.audit.searching import Found, newest
from readiness.audit.taking_along import take_along
from readiness.audit.telling import COLUMNS, told, told_in_columns
from readiness.audit.verbs import verb_words
from readiness.ui.downloads import INERT
from readiness.ui.lines import csv_lines, ndjson_lines
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.views import found_list, found_people
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.initiatives.history import sequence_number
from readiness.workbench.initiatives.sayings import VERBS
from readiness.workbench.trail.asking import INITIATIVES, PEOPLE, initiatives_found, question_of
from readiness.workbench.trail.rows import row_of

PAGE = 100
NDJSON, CSV = "ndjson", "csv"
FORMATS = {NDJSON: "application/x-ndjson", CSV: "text/csv"}


def auditor_of(request: HttpRequest) -> User:
    """Who asks, if the trail is open to them; else 403."""
    person = person_of(request)
    if not allows(person, Act.SEE_AUDIT):
        raise PermissionDenied(_("The audit trail is open to auditors and admins."))
    return person


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    person = auditor_of(request)
    question = question_of(request.GET, person, organisation_of(request))
    before = sequence_number(request.GET.get("before", ""))
    found = Found([], more=False) if question.problems else newest(question.asked, before, PAGE)
    query = question.query
    context = {
        "rows": [row_of(event, person) for event in found.events],
        "verbs": sorted(((known, verb_words(known)) for known in VERBS), key=itemgetter(1)),
        "question": question,
        "form": question.form,
        "narrowed": bool(query),
        "found": found,
        "older": _address([("before", str(found.events[-1].seq)), *query]) if found.more else "",
        "further": _address([("before", str(found.back_to)), *query]) if found.back_to else "",
        "newest": _address(query) if before is not None else "",
        "files": [(name, f"{reverse('audit-file', args=[name])}{_address(query)}") for name in FORMATS],
    }
    return render(request, "workbench/trail/page.html", context)


@require_safe
def trail_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """All events that the address asks for, the oldest first, written while they are read. That they left is noted."""
    person = auditor_of(request)
    if form not in FORMATS:
        raise Http404
    organisation = organisation_of(request)
    question = question_of(request.GET, person, organisation)
    if question.problems:
        return redirect(f"{reverse('audit')}{_address(question.query)}")
    now = clock.now()
    lines: Iterator[str] = iter(())
    if request.method != "HEAD":
        lines = _lines(form, take_along(question.asked, form, Actor.person(person), now))
    name = f"audit-trail-{organisation.day_of(now).isoformat()}.{form}"
    headers = INERT | {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=f"{FORMATS[form]}; charset=utf-8", headers=headers)


def _lines(form: str, batches: Iterable[list[Event]]) -> Iterator[str]:
    events = (event for batch in batches for event in batch)
    if form == CSV:
        return csv_lines(map(told_in_columns, events), COLUMNS)
    return ndjson_lines(map(told, events))


@require_safe
def candidates(request: HttpRequest, place: str) -> HttpResponse:
    """At most twenty people, also those who have left, or initiatives, whose name is like ``?q=``."""
    person = auditor_of(request)
    if place == PEOPLE:
        return found_people(request, Candidates(User.objects.all(), person, ""))
    if place != INITIATIVES:
        raise Http404
    matches, more = initiatives_found(person, request.GET.get("q", "").replace("\x00", "")[:200])
    count = ngettext("%(n)s initiative found.", "%(n)s initiatives found.", len(matches)) % {
        "n": len(matches)
    }
    note = "" if matches else _("No initiative is called so.")
    if more:
        note = _("These are the first %(n)s. Write more of the name to find others.") % {"n": len(matches)}
    return found_list(request, matches, _("Initiatives to choose from"), note or count, note)


def _address(query: list[tuple[str, Any]]) -> str:
    return "?" + urlencode(query)
