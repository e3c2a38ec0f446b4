"""The canvas of one initiative: everything that has to be said before it starts, saved section by section."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gates.models import Initiative
from gates.stages import Stage
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.clock import now
from readiness.standing.links import canvas_url
from readiness.standing.recompute import fresh_outcome
from readiness.ui.comboboxes import GatheringCombobox
from readiness.workbench.canvas.page import ShownSection, canvas_of
from readiness.workbench.canvas.sections import FILLED_IN, Content, Section, save
from readiness.workbench.checklists.written import by_htmx
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of, person_of
from readiness.workbench.header import CANVAS, header_of
from readiness.workbench.initiatives.alike import alike_to_initiative
from readiness.workbench.initiatives.entering import offered_units
from readiness.workbench.initiatives.facts_form import differences
from readiness.workbench.initiatives.forms import ActionForm
from readiness.workbench.refusals import must

SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a save went: 200, or the status of its refusal. ``moved``: somebody else changed what was shown."""

    form: ActionForm
    status: int = 200
    refusal: str = ""
    moved: bool = False


@require_safe
def canvas(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    context = _context(request, initiative, now())
    saved = request.GET.get(SAVED, "")
    if saved in FILLED_IN:
        context["canvas"].section(saved).saved = _time(request, initiative.updated_at)
    return render(request, "workbench/canvas/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def canvas_section(request: HttpRequest, ref: str, section: str) -> HttpResponse:
    """Save one section. What was typed stays where it is refused; no other section is touched."""
    initiative = find_initiative(request, ref)
    wanted = FILLED_IN.get(section)
    if wanted is None:
        raise Http404
    if request.method != "POST":  # somebody came back here from signing in again
        return redirect(canvas_url(ref, section))
    must(wanted.act, acts_of(request, initiative))
    at = now()
    attempt = _attempt(request, initiative, wanted, at)
    if attempt.status == 200 and not by_htmx(request):
        return redirect(f"{canvas_url(ref)}?{SAVED}={section}#{section}")
    initiative.refresh_from_db()
    context = _context(request, initiative, at)
    shown = context["section"] = context["canvas"].section(section)
    if attempt.status == 200:
        shown.saved = _time(request, at)
        shown.added = _added(attempt.form)
        # Nothing but what is computed changes place: whatever is being typed meanwhile stays.
        answer = render(request, "workbench/canvas/_saved.html", context)
        answer["HX-Reswap"] = "none"
        return answer
    _show_refused(shown, attempt, initiative, request)
    template = "_refused.html" if by_htmx(request) else "page.html"
    return render(request, f"workbench/canvas/{template}", context, status=attempt.status)


def _attempt(request: HttpRequest, initiative: Initiative, section: Section, at: datetime) -> Attempt:
    form = Content.of(initiative, person_of(request)).form(section, request.POST)
    if not form.is_valid():
        return Attempt(form, 422)
    try:
        save(section, form, initiative, actor_of(request), at, request.POST.get("seen", ""))
    except Invalid as refused:
        form.take_errors(refused)
        return Attempt(form, 422)
    except Stale:
        return Attempt(form, 409, moved=True)
    except Conflict as refused:
        return Attempt(form, 409, refusal=refused.message)
    return Attempt(form)


def _added(form: ActionForm) -> list[str]:
    """The fields in which somebody was named by words alone: their box is not on the page yet."""
    return [
        name
        for name, one in form.fields.items()
        if isinstance(one.widget, GatheringCombobox) and form[name].data.adding.strip()
    ]


def _show_refused(
    shown: ShownSection, attempt: Attempt, initiative: Initiative, request: HttpRequest
) -> None:
    """The section with what was typed. From now on it names what stands: to send it again is to mean it."""
    shown.form, shown.refusal, shown.moved = attempt.form, attempt.refusal, attempt.moved
    if attempt.moved:
        shown.form = Content.of(initiative, person_of(request)).form(shown.section, request.POST)
        shown.form.full_clean()
        shown.differences = differences(shown.form)


def _context(request: HttpRequest, initiative: Initiative, at: datetime) -> dict[str, Any]:
    outcome = fresh_outcome(initiative.pk, at)
    acts = acts_of(request, initiative)
    is_fresh = initiative.stage == Stage.INTAKE
    return {
        "initiative": initiative,
        # The gates to production would only be in the way of a page about the beginning.
        "header": replace(header_of(initiative, outcome, crumb=CANVAS), track=[]),
        "canvas": canvas_of(initiative, outcome, acts, person_of(request), at),
        "acts": {act.name.lower() for act in acts},
        "units": offered_units(request),
        "alike": alike_to_initiative(initiative, person_of(request)) if is_fresh else None,
    }


def _time(request: HttpRequest, at: datetime) -> str:
    return f"{at.astimezone(organisation_of(request).zone):%H:%M}"
