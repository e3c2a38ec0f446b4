"""The checklist of a gate, and the answers given in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from readiness.accounts.policy import Act
from readiness.actions.answers import record_answers
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.clock import now
from readiness.standing.links import checklist_url
from readiness.workbench.checklists.forms import AnswerForm
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
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.refusals import must


@require_safe
def checklist(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    place = find_gate(request, ref, gate, now())
    page = checklist_page(place)
    for item in page.items:
        if item.code == request.GET.get("item") and request.GET.get("told") in DONE:
            item.told = request.GET["told"]
    return render(request, "workbench/checklist/page.html", {"page": page, "initiative": place.initiative})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    item = item_of(initiative, code)
    if request.method != "POST":  # somebody came back here from signing in again
        return redirect(checklist_url(initiative.ref, item.gate.slug, code))
    must(Act.ANSWER, acts_of(request, initiative))
    at, written = now(), Written(Told.SAVED)
    form = AnswerForm.of(code, None, request.POST)
    if form.is_valid():
        try:
            written.outcome = record_answers(
                initiative.pk, [form.change(code)], actor_of(request), at, path=""
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Stale:
            written.told = Told.MOVED
        except Conflict as refused:
            written.told, written.refusal = Told.REFUSED, refused.message
    if form.errors:
        written.told = Told.WRONG
    if written.done and not by_htmx(request):
        return back_to(initiative, item, written.told)
    written.taken = "taken" in request.POST
    nothing_typed = written.taken and written.told == Told.MOVED
    written.form = None if written.done or nothing_typed else form
    place = gate_within(request, find_initiative(request, ref), item.gate.slug, at, written.outcome)
    return show_written(request, place, code, written)
