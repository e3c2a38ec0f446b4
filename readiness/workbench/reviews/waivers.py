"""Granting a waiver: the accepted risk of one item, for a while."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.models import FrameworkKind, Item
from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, NotAllowed
from readiness.actions.waivers import grant_waiver
from readiness.clock import now
from readiness.standing.links import gate_url, initiative_url
from readiness.standing.recompute import fresh_outcome
from readiness.ui.saying import content
from readiness.workbench.checklists.written import item_of
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.reviews.forms import Groups, WaiverForm


@require_http_methods(["GET", "HEAD", "POST"])
def waiver_new(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.WAIVE, acts_of(request, initiative))
    form = WaiverForm(sent(request), items=_items(initiative), initial={"item": request.GET.get("item", "")})
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    at, refusal, status = now(), "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            grant_waiver(
                initiative.pk, given["item"], given["reason"], given["expires_on"], actor_of(request), at
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal, status = refused.message, 409
        except NotAllowed as refused:
            # Separation of duties depends on the item's gate: another item may be open to this reviewer.
            refusal, status = f"{_('You may not waive this item.')} {refused.message}", 403
        else:
            done = _("%(item)s is under a waiver. It still does not count as met.")
            messages.success(request, done % {"item": given["item"]})
            return redirect(gate_url(ref, item_of(initiative, given["item"]).gate.slug))
    context = {
        "initiative": initiative,
        "form": form,
        "refusal": refusal,
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, at), crumb=_("Grant a waiver"), section=CHECKLIST
        ),
        "back": initiative_url(ref),
    }
    return render(request, "workbench/gates/waiver.html", context, status=status)


def _items(initiative: Initiative) -> Groups:
    """The items of gates that can be waived: a checkpoint asks nothing that a waiver would spare."""
    rows = Item.objects.filter(
        gate__framework__assessments__passage__initiative=initiative,
        gate__framework__kind__in=(FrameworkKind.GATES, FrameworkKind.OVERLAY),
        critical=False,
    ).select_related("gate")
    ordered = rows.order_by("gate__framework__assessments__passage__position", "gate__position", "position")
    return [
        (content(gate.name), [(item.code, f"{item.code} {content(item.title)}") for item in items])
        for gate, items in groupby(ordered, key=lambda item: item.gate)
    ]
