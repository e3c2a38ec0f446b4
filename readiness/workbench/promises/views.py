"""The page of an initiative's promises, and that of one KPI with its readings."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.models import Initiative, Kpi, Reading
from readiness.accounts.policy import Act
from readiness.clock import now
from readiness.standing.recompute import fresh_outcome
from readiness.ui.parts import Link
from readiness.workbench.finding import acts_of, find_initiative, organisation_of
from readiness.workbench.header import PROMISES, header_of
from readiness.workbench.promises import exits
from readiness.workbench.promises.cards import CHART_READINGS, ReadingShown, cards_of, shown
from readiness.workbench.promises.forms import ReadingFileForm, ReadingForm

READINGS_A_PAGE = 50


@require_safe
def promises(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    at = now()
    today = organisation_of(request).day_of(at)
    acts = acts_here(request, initiative)
    context = {
        "initiative": initiative,
        "today": today,
        "header": header_of(initiative, fresh_outcome(initiative.pk, at), crumb=PROMISES),
        "acts": {act.name.lower() for act in acts},
        "cards": cards_of(initiative, today),
        **exits.context_for(request, initiative, acts, at),
    }
    return render(request, "workbench/promises/page.html", context)


@require_safe
def kpi(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    return show_kpi(request, initiative, kpi_of(initiative, kpi_id), now())


def show_kpi(
    request: HttpRequest,
    initiative: Initiative,
    row: Kpi,
    at: datetime,
    *,
    typed: ReadingForm | None = None,
    sent_file: ReadingFileForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page of one KPI; with a form that was refused as it was sent."""
    today = organisation_of(request).day_of(at)
    acts = acts_here(request, initiative)
    page = _readings(request, row)
    context: dict[str, Any] = {
        "initiative": initiative,
        "today": today,
        "header": kpi_header(initiative, row.name, at),
        "card": cards_of(initiative, today, [row])[0],
        "acts": {act.name.lower() for act in acts},
        "page": page,
        "readings": shown(page, row.unit),
        "withdrawn": _withdrawn(row),
        "drawn_at_most": CHART_READINGS,
        "refusal": refusal,
    }
    if Act.EDIT in acts:
        context["typed"] = typed or ReadingForm(today=today, unit=row.unit)
        context["sent_file"] = sent_file or ReadingFileForm()
    status = 409 if refusal else 422 if typed or sent_file else 200
    return render(request, "workbench/promises/kpi.html", context, status=status)


def kpi_header(initiative: Initiative, name: str, at: datetime) -> Any:
    """The head of a page below the promises."""
    header = header_of(initiative, fresh_outcome(initiative.pk, at), crumb=name, section=PROMISES)
    header.crumbs.insert(-1, Link(label=PROMISES, href=f"{header.url}promises/"))
    return header


def acts_here(request: HttpRequest, initiative: Initiative) -> frozenset[Act]:
    """What this person may do here; on an initiative that has ended nothing."""
    return frozenset() if initiative.has_ended else acts_of(request, initiative)


def kpi_of(initiative: Initiative, kpi_id: int) -> Kpi:
    """A KPI of this initiative that is not removed; else 404."""
    rows = initiative.kpis.filter(pk=kpi_id, removed_at__isnull=True)
    found = rows.select_related("owner").first()
    if found is None:
        raise Http404
    return found


def _readings(request: HttpRequest, row: Kpi) -> Page[Reading]:
    """The readings that stand, the newest day first."""
    rows = row.readings.filter(withdrawn_at__isnull=True).select_related("by").order_by("-on")
    return Paginator(rows, READINGS_A_PAGE).get_page(request.GET.get("page"))


def _withdrawn(row: Kpi) -> list[ReadingShown]:
    """The readings that were withdrawn, the latest first."""
    rows = row.readings.filter(withdrawn_at__isnull=False).select_related("withdrawn_by")
    return shown(rows.order_by("-withdrawn_at", "-pk")[:READINGS_A_PAGE], row.unit)
