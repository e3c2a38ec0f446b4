"""Adding, changing and removing a KPI; acknowledging that a locked one was amended."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Initiative, Kpi
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.kpis import acknowledge_amendment, create_kpi, edit_kpi, remove_kpi
from readiness.actions.promises import promises_locked
from readiness.clock import now
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.promises.forms import KpiForm, initial_kpi
from readiness.workbench.promises.views import kpi_header, kpi_of
from readiness.workbench.refusals import gone_by, must


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_new(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    must(Act.EDIT, acts_of(request, initiative))
    late = promises_locked(initiative)
    form = KpiForm(sent(request), people=User.objects.active(), late=late, added=True)
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            made, _ = create_kpi(
                initiative.pk, form.facts(), actor_of(request), now(), form.cleaned_data.get("reason", "")
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, f"{made.name} is added.")
            return back_to(initiative, made)
    return _form_page(request, initiative, form, "Add a KPI", {"late": late, "refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
def kpi_edit(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    kpi = kpi_of(initiative, kpi_id)
    must(Act.EDIT, acts_of(request, initiative))
    form = KpiForm(
        sent(request), initial=initial_kpi(kpi), people=_eligible(kpi), late=kpi.locked_at is not None
    )
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    context: dict[str, Any] = {"kpi": kpi}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            edit_kpi(
                initiative.pk,
                kpi.pk,
                form.facts(),
                actor_of(request),
                now(),
                given.get("reason", ""),
                given["version"],
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Stale as refused:
            # The newer version is sent with the next try.
            form.data = replaced(form.data, "version", str(refused.current.version))
            context["moved"] = True
        except Conflict as refused:
            context["refusal"] = refused.message
        else:
            messages.success(request, "Saved.")
            return back_to(initiative, kpi)
    return _form_page(request, initiative, form, f"Change “{kpi.name}”", context)


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
            messages.success(request, f"{kpi.name} is removed.")
            return redirect("promises", ref=initiative.ref)
    context = {
        "initiative": initiative,
        "kpi": kpi,
        "readings": kpi.readings.filter(withdrawn_at__isnull=True).count(),
        "header": kpi_header(initiative, "Remove a KPI", now()),
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
        messages.success(request, "Acknowledged. The change stays beside the original.")
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
    status = 409 if context.get("refusal") or context.get("moved") else 422 if form.is_bound else 200
    return render(request, "workbench/promises/kpi_form.html", page | context, status=status)


def _eligible(kpi: Kpi) -> QuerySet[User]:
    """Active people, and whoever owns it already."""
    return (User.objects.active() | User.objects.filter(pk=kpi.owner_id)).distinct()
