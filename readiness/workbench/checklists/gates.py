"""The page of a gate, its submission, and what was frozen at one moment."""

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checklists.said import capitalised
from gates.criteria import Blocker, GateKind, recommends_stop
from gates.models import Snapshot
from gates.refusals import submit_refusal
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.gates import submit_gate
from readiness.clock import now
from readiness.standing.links import blocker_url, checklist_url, gate_url
from readiness.standing.recompute import fresh_outcome
from readiness.ui.saying import content, say
from readiness.workbench.checklists.forms import SubmitForm
from readiness.workbench.checklists.frozen import frozen_items
from readiness.workbench.checklists.gate_page import gate_page
from readiness.workbench.checklists.items import shown_items
from readiness.workbench.checklists.page import gate_view
from readiness.workbench.checklists.places import GatePlace, find_gate, header_at, track_label
from readiness.workbench.finding import actor_of, find_initiative, organisation_of
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.initiatives.blockers import ShownBlocker
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import gone_by, must


@require_safe
def gate(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    at = now()
    place = find_gate(request, ref, gate, at)
    if place.kind == GateKind.PROFILE:  # it is drawn, never decided
        return redirect(checklist_url(ref, gate))
    context = {"page": gate_page(request, place, at), "initiative": place.initiative}
    return render(request, "workbench/gates/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def gate_submit(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    """What will be frozen, once more, and a note to the reviewers."""
    at = now()
    place = find_gate(request, ref, gate, at)
    if place.kind == GateKind.PROFILE:
        raise Http404
    must(Act.SUBMIT, place.acts)
    form = SubmitForm(sent(request))
    if place.initiative.has_ended and not form.is_bound:
        return gone_by(request, place.initiative)
    standing = submit_refusal(place.state)
    refusal = say(standing.message) if standing else ""
    blockers = shown_blockers(ref, standing.blockers) if standing else []
    if form.is_bound and form.is_valid():
        try:
            submit_gate(place.initiative.pk, gate, form.cleaned_data["note"], actor_of(request), at)
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal, blockers = refused.message, shown_blockers(ref, refused.blockers)
        else:
            messages.success(
                request,
                _("%(gate)s is submitted. A reviewer decides it.")
                % {"gate": say(capitalised(place.state.gate.label))},
            )
            return redirect(gate_url(ref, gate))
    context = {
        "place": place,
        "initiative": place.initiative,
        "header": header_at(place, gate_url, crumb=_("Submit %(gate)s") % {"gate": content(place.row.name)}),
        "track_label": track_label(place),
        "gate": gate_view(place),
        "items": shown_items(place),
        "form": form,
        "refusal": refusal,
        "blockers": blockers,
        "stop_text": _stop_text(place),
    }
    status = 200 if not form.is_bound else 409 if refusal else 422
    return render(request, "workbench/gates/submit.html", context, status=status)


def _stop_text(place: GatePlace) -> str:
    """Why the submission would recommend to stop; "" where it would not."""
    over = place.passage.framework.recommend_stop_over
    values = [item.effective.value for item in place.state.items]
    if over is None or not recommends_stop(place.kind, values, over):
        return ""
    text: str = place.row.framework.notes.get("recommend_stop_text", "")
    return str(content(text))


@require_safe
def snapshot(request: HttpRequest, ref: str, snapshot_id: int) -> HttpResponse:
    """What stood in a gate when it was submitted or decided."""
    initiative = find_initiative(request, ref)
    rows = Snapshot.objects.filter(passage__initiative=initiative).select_related("gate__framework")
    row = rows.filter(pk=snapshot_id).first()
    if row is None:
        raise Http404
    context = {
        "initiative": initiative,
        "snapshot": row,
        "kind": "checkpoint" if row.gate.framework.kind == "checkpoints" else "gate",
        "items": frozen_items(
            ref, row.content, row.gate.framework, organisation_of(request).day_of(row.taken_at)
        ),
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, now()), crumb=_("As submitted"), section=CHECKLIST
        ),
        "gate_url": gate_url(ref, row.gate.slug),
    }
    return render(request, "workbench/gates/snapshot.html", context)


def shown_blockers(ref: str, blockers: tuple[Blocker, ...]) -> list[ShownBlocker]:
    return [ShownBlocker(say(one.message), blocker_url(ref, asdict(one))) for one in blockers]
