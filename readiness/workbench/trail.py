"""The audit trail of the whole organisation, for auditors and admins."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.models import Initiative
from readiness.accounts.policy import Act, allows
from readiness.audit.models import Event
from readiness.standing.links import initiative_url
from readiness.workbench.finding import person_of
from readiness.workbench.initiatives.history import entry, sequence_number

PAGE = 100


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    if not allows(person_of(request), Act.SEE_AUDIT):
        raise PermissionDenied("The audit trail is open to auditors and admins.")
    events = Event.objects.select_related("actor", "initiative").order_by("-seq")
    verb = request.GET.get("verb", "")
    verbs = sorted(Event.objects.values_list("verb", flat=True).distinct())
    if verb in verbs:
        events = events.filter(verb=verb)
    words = request.GET.get("q", "").replace("\x00", "")
    if words.strip():
        events = events.filter(
            initiative__in=Initiative.objects.visible_to(person_of(request)).matching(words)
        )
    before = sequence_number(request.GET.get("before", ""))
    if before is not None:
        events = events.filter(seq__lt=before)
    found = list(events[: PAGE + 1])
    chosen = urlencode({name: value for name, value in (("verb", verb), ("q", words)) if value})
    context = {
        "rows": [
            {
                "event": event,
                "entry": entry(event),
                "url": initiative_url(event.initiative.ref) if event.initiative else "",
            }
            for event in found[:PAGE]
        ],
        "verbs": [(known, known.replace(".", ": ").replace("_", " ")) for known in verbs],
        "active": 1 if verb in verbs else 0,
        "older": f"?before={found[PAGE - 1].seq}&{chosen}" if len(found) > PAGE else "",
        "newest": f"?{chosen}" if before is not None else "",
    }
    return render(request, "workbench/audit.html", context)
