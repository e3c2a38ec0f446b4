"""The decision page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gates.criteria import GateKind
from gates.rules import DecisionKind
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.gates import decide_gate
from readiness.clock import now
from readiness.standing.links import gate_url, initiative_url
from readiness.workbench.checklists.gates import shown_blockers
from readiness.workbench.checklists.places import GatePlace, find_gate
from readiness.workbench.finding import actor_of
from readiness.workbench.refusals import must
from readiness.workbench.reviews.forms import DecisionSheet
from readiness.workbench.reviews.review import people_to_promise, review_of

ANOTHER = "Another submission has taken the place of the one you looked at. Look at this one before you decide."


@require_http_methods(["GET", "HEAD", "POST"])
def gate_decide(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    at = now()
    place = find_gate(request, ref, gate, at)
    if place.kind == GateKind.PROFILE:
        raise Http404
    must(Act.DECIDE, place.acts)
    waiting = place.passage.waiting.get(gate)
    posted = request.POST if request.method == "POST" else None
    if waiting is None and posted is None:
        messages.info(request, "Nothing waits for a decision here.")
        return redirect(gate_url(ref, gate))
    another_row = posted is not None and "another" in posted
    people, number = people_to_promise(place), waiting.pk if waiting else 0
    sheet = DecisionSheet(place.kind, people, number, posted, checked=not another_row)
    refusal, blockers = "", []
    if posted is not None and not another_row and sheet.is_valid():
        if waiting is not None and sheet.form.cleaned_data["submission"] != waiting.pk:
            sheet.show_submission(waiting.pk)
            refusal = ANOTHER
        else:
            try:
                _decide(request, place, sheet, at)
            except Invalid as refused:
                sheet.take_errors(refused)
            except Conflict as refused:
                refusal, blockers = refused.message, shown_blockers(ref, refused.blockers)
            else:
                return _decided(request, place, sheet)
    context = {
        "review": review_of(request, find_gate(request, ref, gate, at), at),
        "sheet": sheet,
        "initiative": place.initiative,
        "refusal": refusal,
        "blockers": blockers,
    }
    status = 409 if refusal else 422 if sheet.is_refused else 200
    return render(request, "workbench/gates/decide.html", context, status=status)
