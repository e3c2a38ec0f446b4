"""Asking somebody of the team to see to an item, and what one is asked oneself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklists.models import Item
from gates.models import Assignment, Initiative
from readiness.accounts.policy import Act
from readiness.actions.assignments import AssignmentChange, assign, change_assignment, unassign
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.clock import now
from readiness.standing.links import checklist_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.checklists.written import by_htmx, item_of
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of, person_of
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.together.asked import ShownAssignment, together_on
from readiness.workbench.together.forms import AssignmentForm, EndForm


@require_http_methods(["GET", "HEAD", "POST"])
def item_assignment(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """Who is asked to see to one item: named for the first time, or another person or day."""
    initiative = find_initiative(request, ref)
    item = item_of(initiative, code)
    must(Act.ASSIGN, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    at = now()
    standing = _standing(initiative, item)
    form = AssignmentForm(
        sent(request),
        code=code,
        people=candidates_at(Place.ASSIGNEE, initiative, person_of(request)),
        standing=standing,
        today=organisation_of(request).day_of(at),
    )
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            made = _write(request, initiative, code, standing, form)
        except Invalid as refused:
            form.take_errors(refused)
        except (Stale, Conflict) as refused:
            meanwhile = _("Somebody changed this meanwhile. See who is asked now, then save once more.")
            refusal = meanwhile if isinstance(refused, Stale) else refused.message
            standing = _standing(initiative, item)
            form.now_at(standing)
        else:
            said = _("%(name)s is asked to see to %(code)s.") % {"name": made.person, "code": code}
            return _told(request, initiative, item, said)
    context = {"initiative": initiative, "item": item, "form": form, "standing": standing, "refusal": refusal}
    status = 200 if not form.is_bound else 409 if refusal else 422
    if by_htmx(request):
        return render(request, "workbench/together/_assign_form.html", context, status=status)
    context["header"] = header_of(
        initiative,
        fresh_outcome(initiative.pk, at),
        crumb=_("Assign %(code)s") % {"code": code},
        section=CHECKLIST,
    )
    return render(request, "workbench/together/assign.html", context, status=status)


def _standing(initiative: Initiative, item: Item) -> Assignment | None:
    return Assignment.objects.open().of(initiative.pk).with_subject().filter(item=item).first()


def _write(
    request: HttpRequest, initiative: Initiative, code: str, standing: Assignment | None, form: AssignmentForm
) -> Assignment:
    given, by, at = form.cleaned_data, actor_of(request), now()
    if standing is None or not given["version"]:
        return assign(initiative.pk, code, given["person"], given["due"], by, at, note=given["note"])
    change = AssignmentChange(given["person"], given["due"], given["note"], given["version"])
    return change_assignment(initiative.pk, standing.pk, change, by, at)


@require_POST
def assignment_end(request: HttpRequest, ref: str, assignment_id: int) -> HttpResponse:
    """Mark it done, or take it back; then back to where it was done from."""
    initiative = find_initiative(request, ref)
    rows = Assignment.objects.of(initiative.pk).select_related("item__gate")
    row = rows.filter(pk=assignment_id).first()
    if row is None:
        raise Http404
    must(Act.ASSIGN, acts_of(request, initiative))
    form = EndForm(request.POST)
    if not form.is_valid():
        return _told(
            request, initiative, row.item, _("That was not understood: nothing was changed."), wrong=422
        )
    done, version = form.cleaned_data["how"] == "done", form.cleaned_data["version"]
    try:
        unassign(initiative.pk, row.pk, actor_of(request), now(), done=done, version=version)
    except Stale:
        said = _("Somebody changed this assignment meanwhile. Look at it once more.")
        return _told(request, initiative, row.item, said, wrong=409)
    except Conflict as refused:
        return _told(request, initiative, row.item, refused.message, wrong=409)
    said = _("%(code)s is done.") if done else _("The assignment of %(code)s is taken back.")
    return _told(request, initiative, row.item, said % {"code": row.item.code})


def _told(
    request: HttpRequest, initiative: Initiative, item: Item, said: str, *, wrong: int = 0
) -> HttpResponse:
    """Say how it went: for htmx what the item's card now says, else on the page one came from."""
    if by_htmx(request):
        today = organisation_of(request).day_of(now())
        codes = list(Item.objects.filter(gate=item.gate_id).values_list("code", flat=True))
        found = together_on(initiative, codes, acts_of(request, initiative), today)
        context = {
            "initiative": initiative,
            "item": item,
            "together": found[item.code],
            "asked_here": [found[code].asked for code in codes if found[code].asked],
            "said": said,
            "wrong": wrong,
        }
        written = render(request, "workbench/together/_asked_written.html", context, status=wrong or 200)
        written["HX-Reswap"] = "none"  # every part of it places itself
        return written
    (messages.warning if wrong else messages.success)(request, said)
    if request.POST.get("back") == "assigned":
        return redirect(reverse("assigned"))
    return redirect(checklist_url(initiative.ref, item.gate.slug, item.code))


@require_safe
def assigned(request: HttpRequest) -> HttpResponse:
    """Everything that the reader is asked to see to, over all initiatives, the earliest due first."""
    today = organisation_of(request).day_of(now())
    rows = Assignment.objects.open().for_person(person_of(request))
    shown = [ShownAssignment(row, today) for row in rows]
    context = {
        "overdue": [one for one in shown if one.overdue],
        "coming": [one for one in shown if not one.overdue],
    }
    return render(request, "workbench/together/assigned.html", context)
