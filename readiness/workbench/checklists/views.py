"""The checklist of a gate, and the answers given in it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.answers import record_answers
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.clock import now
from readiness.standing.links import checklist_url
from readiness.workbench.checklists.forms import AnswerForm, EvidenceForm
from readiness.workbench.checklists.page import checklist_page
from readiness.workbench.checklists.places import find_gate, gate_within
from readiness.workbench.checklists.written import (
    DONE,
    Told,
    Written,
    back_to,
    by_htmx,
    item_of,
    show_written,
)
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.refusals import must


@require_safe
def checklist(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    """``renew``: the code of an item whose evidence form is to be filled with what its last piece says."""
    at = now()
    place = find_gate(request, ref, gate, at)
    page = checklist_page(place)
    for item in page.items:
        if item.code == request.GET.get("item") and request.GET.get("told") in DONE:
            item.told, item.told_at = request.GET["told"], at
        if item.code == request.GET.get("renew") and item.evidence_form and (piece := item.to_renew):
            item.evidence_form = EvidenceForm.renewing(item.code, item.answer, place.today, piece)
    return render(request, "workbench/checklist/page.html", {"page": page, "initiative": place.initiative})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    initiative = find_initiative(request, ref, alone=True)
    item = item_of(initiative, code)
    if request.method != "POST":  # somebody came back here from signing in again
        return redirect(checklist_url(initiative.ref, item.gate.slug, code))
    acts = acts_of(request, initiative)
    must(Act.ANSWER, acts)
    at = now()
    written = Written(Told.THEIRS, at) if "theirs" in request.POST else _write(request, initiative, code, at)
    if written.done and not by_htmx(request):
        return back_to(initiative, item, written.told)
    place = gate_within(request, initiative, item.gate.slug, at, written.outcome, acts)
    return show_written(request, place, code, written)


def _write(request: HttpRequest, initiative: Initiative, code: str, at: datetime) -> Written:
    written = Written(Told.SAVED, at)
    form = AnswerForm.of(code, None, request.POST)
    if form.is_valid():
        try:
            written.outcome = record_answers(
                initiative.pk,
                [form.change(code)],
                actor_of(request),
                at,
                path="",
                organisation=organisation_of(request),
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Stale:
            written.told = Told.MOVED
        except Conflict as refused:
            written.told, written.refusal = Told.REFUSED, refused.message
    if form.errors:
        written.told = Told.WRONG
    written.taken = "taken" in request.POST
    written.note_only = "answer" not in request.POST
    written.form = None if written.done else form
    return written
