"""The decision page."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gates.criteria import GateKind
from gates.refusals import capitalised
from gates.rules import DecisionKind
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.gates import decide_gate
from readiness.clock import now
from readiness.standing.links import gate_url, initiative_url
from readiness.workbench.checklists.gates import shown_blockers
from readiness.workbench.checklists.places import GatePlace, find_gate
from readiness.workbench.checklists.words import decision_labels
from readiness.workbench.finding import actor_of
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.reviews.forms import DecisionSheet
from readiness.workbench.reviews.review import people_to_promise, review_of


@require_http_methods(["GET", "HEAD", "POST"])
def gate_decide(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    at = now()
    place = find_gate(request, ref, gate, at)
    if place.kind == GateKind.PROFILE:
        raise Http404
    must(Act.DECIDE, place.acts)
    if place.initiative.has_ended and request.method != "POST":
        return gone_by(request, place.initiative)
    waiting = place.passage.waiting.get(gate)
    if waiting is None and request.method != "POST":
        messages.info(request, "Nothing waits for a decision here.")
        return redirect(gate_url(ref, gate))
    sheet = DecisionSheet(
        place.kind,
        people_to_promise(place),
        waiting.pk if waiting else 0,
        request.POST if request.method == "POST" else None,
        checked="another" not in request.POST,
    )
    conflict = None
    if sheet.is_asked and sheet.is_valid():
        try:
            _decide(request, place, sheet, at)
        except Invalid as refused:
            sheet.take_errors(refused)
        except Conflict as refused:
            conflict = refused
        else:
            return _decided(request, place, sheet)
    if sheet.is_asked:
        place = find_gate(request, ref, gate, at)
    context = {
        "review": review_of(request, place, at),
        "sheet": sheet,
        "initiative": place.initiative,
        "refusal": conflict.message if conflict else "",
        "blockers": shown_blockers(ref, conflict.blockers) if conflict else [],
    }
    status = 409 if conflict else 422 if sheet.is_asked else 200
    return render(request, "workbench/gates/decide.html", context, status=status)


def _decide(request: HttpRequest, place: GatePlace, sheet: DecisionSheet, at: datetime) -> None:
    """Take the decision on the submission that the page showed, and on no other."""
    waiting = place.passage.waiting.get(place.slug)
    if waiting is not None and sheet.form.cleaned_data["submission"] != waiting.pk:
        sheet.show_submission(waiting.pk)
        raise Conflict(
            "another_submission",
            "Another submission has taken the place of the one you looked at. Look at this one before you decide.",
        )
    decide_gate(
        place.initiative.pk,
        place.slug,
        sheet.kind_given,
        sheet.form.cleaned_data["rationale"],
        actor_of(request),
        at,
        conditions=sheet.conditions,
        lesson=sheet.lesson.cleaned_data if sheet.stops else None,
        hold=sheet.hold_given,
    )


def _decided(request: HttpRequest, place: GatePlace, sheet: DecisionSheet) -> HttpResponse:
    said = decision_labels(place.kind)[sheet.decision].lower()
    messages.success(request, f"Decided. {capitalised(place.state.gate.label)}: {said}.")
    stopped = sheet.kind_given == DecisionKind.STOP
    ref = place.initiative.ref
    return redirect(initiative_url(ref) if stopped else gate_url(ref, place.slug))
