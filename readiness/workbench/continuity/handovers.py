"""Starting, writing and closing a handover."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Handover, Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.handovers import close_handover, find_handover, start_handover, write_handover
from readiness.clock import now
from readiness.standing.links import people_url
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.continuity.forms import HandoverForm
from readiness.workbench.continuity.people import people_page, successors_at
from readiness.workbench.finding import actor_of, acts_of, find_initiative, person_of
from readiness.workbench.header import PEOPLE, header_of
from readiness.workbench.refusals import gone_by, must


@require_POST
def handover_start(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT_PEOPLE, acts_of(request, initiative))
    try:
        started, _outcome = start_handover(
            initiative.pk, request.POST.get("leaver", ""), actor_of(request), now()
        )
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.message)
        return redirect(people_url(ref))
    messages.success(
        request,
        _("The handover of %(leaver)s is open. Fill it in while they are here.")
        % {"leaver": started.leaver.name},
    )
    return redirect(_place(started))


@require_POST
def handover(request: HttpRequest, ref: str, handover_id: int) -> HttpResponse:
    """Write its points and who follows; what was typed stays on the page when it is refused."""
    initiative, row = _find(request, ref, handover_id)
    people = successors_at(initiative, person_of(request), [row])
    form = HandoverForm(request.POST, handover=row, people=people)
    refusal = ""
    if form.is_valid():
        try:
            write_handover(
                initiative.pk,
                row.pk,
                actor_of(request),
                now(),
                points=form.points(),
                successor=form.follows(),
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Saved."))
            return redirect(_place(row))
    return people_page(request, initiative, form, refusal, 409 if refusal else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_close(request: HttpRequest, ref: str, handover_id: int) -> HttpResponse:
    """Ask once, saying what was not handed on; then close it."""
    initiative, row = _find(request, ref, handover_id)
    if request.method == "POST":
        try:
            close_handover(initiative.pk, row.pk, actor_of(request), now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request, _("The handover of %(leaver)s is closed.") % {"leaver": row.leaver.name}
            )
        return redirect(people_url(ref))
    if initiative.has_ended:
        return gone_by(request, initiative)
    if row.closed_at is not None:
        messages.info(
            request, _("The handover of %(leaver)s is closed already.") % {"leaver": row.leaver.name}
        )
        return redirect(people_url(ref))
    context = {
        "initiative": initiative,
        "handover": row,
        "missing": [point for point in row.points.all() if point.done_at is None],
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, now()), crumb=_("Close a handover"), section=PEOPLE
        ),
        "back": _place(row),
    }
    return render(request, "workbench/continuity/close.html", context)


def _find(request: HttpRequest, ref: str, handover_id: int) -> tuple[Initiative, Handover]:
    initiative = find_initiative(request, ref)
    must(Act.EDIT_PEOPLE, acts_of(request, initiative))
    return initiative, find_handover(initiative.pk, handover_id)


def _place(row: Handover) -> str:
    return f"{reverse('initiative-people', args=[Initiative(pk=row.initiative_id).ref])}#handover-{row.pk}"
