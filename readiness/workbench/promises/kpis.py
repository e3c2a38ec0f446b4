"""Adding, changing and removing a KPI; acknowledging that a locked one was amended."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative, Kpi
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.promises import promises_locked
from readiness.clock import now
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.finding import actor_of, acts_of, find_initiative, person_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.promises.attempts import attempt, status_of
from readiness.workbench.promises.forms import KpiForm, initial_kpi
from readiness.workbench.promises.views import kpi_header, kpi_of
from readiness.workbench.refusals import gone_by, must


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_new(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    late = promises_locked(initiative)
    owners = candidates_at(Place.OWNER, initiative, person_of(request))
    form = KpiForm(sent(request), people=owners, late=late, added=True)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    context: dict[str, Any] = {"late": late}
    if form.is_bound and form.is_valid():
        given, by, reason = form.facts(), actor_of(request), form.cleaned_data.get("reason", "")
        made, said = attempt(form, lambda: create_kpi(initiative.pk, given, by, now(), reason))
        if made is not None:
            messages.success(request, _("%(made)s is added.") % {"made": made[0].name})
            return back_to(initiative, made[0])
        context |= said
    return _form_page(request, initiative, form, _("Add a KPI"), context)


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_edit(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    kpi = kpi_of(initiative, kpi_id)
    must(Act.EDIT, acts_of(request, initiative))
    held = [kpi.owner.username] if kpi.owner else []
    owners = candidates_at(Place.OWNER, initiative, person_of(request), held=held)
    form = KpiForm(sent(request), initial=initial_kpi(kpi), people=owners, late=kpi.locked_at is not None)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    context: dict[str, Any] = {"kpi": kpi}
    if form.is_bound and form.is_valid():
        given, by = form.facts(), actor_of(request)
        reason, version = form.cleaned_data.get("reason", ""), form.cleaned_data["version"]
        saved, said = attempt(
            form, lambda: edit_kpi(initiative.pk, kpi.pk, given, by, now(), reason, version)
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return back_to(initiative, kpi)
        context |= said
    return _form_page(request, initiative, form, _("Change “%(kpi)s”") % {"kpi": kpi.name}, context)


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_remove(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    """Ask once, then remove."""
    initiative = find_initiative(request, ref)
    kpi = kpi_of(initiative, kpi_id)
    must(Act.EDIT, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    refusal = ""
    if request.method == "POST":
        try:
            remove_kpi(initiative.pk, kpi.pk, actor_of(request), now())
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("%(kpi)s is removed.") % {"kpi": kpi.name})
            return redirect("promises", ref=initiative.ref)
    context = {
        "initiative": initiative,
        "kpi": kpi,
        "readings": kpi.readings.filter(withdrawn_at__isnull=True).count(),
        "header": kpi_header(initiative, _("Remove a KPI"), now()),
        "back": reverse("kpi", args=[initiative.ref, kpi.pk]),
        "refusal": refusal,
    }
    return render(request, "workbench/promises/kpi_remove.html", context, status=409 if refusal else 200)


@require_POST
def amendment_acknowledge(request: HttpRequest, ref: str, amendment_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    if not initiative.amendments.filter(pk=amendment_id).exists():
        raise Http404
    try:
        acknowledge_amendment(initiative.pk, amendment_id, actor_of(request), now())
    except Conflict as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("Acknowledged. The change stays beside the original."))
    return redirect("promises", ref=initiative.ref)


def back_to(initiative: Initiative, kpi: Kpi) -> HttpResponse:
    """To the KPI among the promises."""
    return redirect(f"{reverse('promises', args=[initiative.ref])}#kpi-{kpi.pk}")


def _form_page(
    request: HttpRequest, initiative: Initiative, form: KpiForm, heading: str, context: dict[str, Any]
) -> HttpResponse:
    page = {
        "initiative": initiative,
        "form": form,
        "heading": heading,
        "header": kpi_header(initiative, heading, now()),
        "back": reverse("promises", args=[initiative.ref]),
    }
    template = "workbench/promises/kpi_form.html"
    return render(request, template, page | context, status=status_of(form, context))
