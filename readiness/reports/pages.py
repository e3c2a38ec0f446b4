"""Take it along: reports of the portfolio are asked for, looked after and downloaded; one by mail each month."""

import logging
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from readiness.accounts.current import organisation_of
from readiness.accounts.models import User
from readiness.accounts.visits import no_visit
from readiness.clock import now
from readiness.portfolio.frame import Frame, frame_of
from readiness.reports import libraries, making, monthly, tasks
from readiness.reports.models import Format, Report, Subscription
from readiness.ui.downloads import as_attachment
from readiness.ui.local import long_day
from readiness.ui.parts import Link
from readiness.work.doing import AlreadyUnderWay

log = logging.getLogger(__name__)

ROUTE = "portfolio-reports"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """My reports, and the way to a new one of what the filters let through; a POST asks for its file."""
    frame = frame_of(request, ROUTE)
    if request.method != "POST":
        return _list(request, frame)
    wanted = request.POST.get("format", "")
    if wanted not in Format.values:
        return _list(request, frame, status=422, problem=_("Choose what you want to take along."))
    try:
        report = making.ask(
            frame.person, Format(wanted), frame.scope, frame.subject, get_language() or "en", frame.at
        )
    except AlreadyUnderWay:
        return _list(
            request, frame, status=409, problem=_("A report of yours is being made; wait until it is done.")
        )
    _send(report)
    return redirect("portfolio-report", report.pk)


def _list(request: HttpRequest, frame: Frame, status: int = 200, problem: str = "") -> HttpResponse:
    wish = Subscription.objects.filter(pk=frame.person.pk).first()
    mine = Report.objects.of(frame.person.pk).exclude(month__gt="", made_at=None).select_related("work")
    context = {
        "frame": frame,
        "reports": list(mine[: making.KEPT]),
        "kept": making.KEPT,
        "formats": _formats(),
        "pdf_at_hand": libraries.pdf_at_hand(),
        "no_pdf": making.NO_PDF,
        "print_url": frame.scope.address("/portfolio/"),
        "problem": problem,
        "wish": wish,
        "next_mail": long_day(monthly.next_one(frame.today)),
    }
    return render(request, "reports/list.html", context, status=status)


def _formats() -> list[dict[str, str]]:
    hints = {
        Format.PDF: _("To send and to print: the picture, the charts, what is stalled and what to decide."),
        Format.XLSX: _("Every figure with the list behind it, and every initiative on a line."),
        Format.CSV: _("The initiatives alone, one a line, for other programs."),
        Format.FIGURES: _("The figures alone, each with the list behind it, for other programs."),
    }
    able = libraries.pdf_at_hand()
    return [
        {"value": one.value, "label": str(one.label), "hint": hints[one]}
        for one in Format
        if able or one != Format.PDF
    ]


@never_cache
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    context = _shown(_find(request, report_id)) | {
        "crumbs": [
            Link(label=_("Portfolio"), href="/portfolio/"),
            Link(label=_("Report"), href="/portfolio/reports/"),
        ]
    }
    return render(request, "reports/page.html", context)


@never_cache
@no_visit
@require_safe
def progress(request: HttpRequest, report_id: int) -> HttpResponse:
    """The part of the page that changes while it is made; with it ended, the whole page is asked for."""
    context = _shown(_find(request, report_id))
    response = render(request, "reports/_progress.html", context)
    if not context["active"] and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def resume(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take up again what nobody does anything about. The row decides whether there is anything to do."""
    found = _find(request, report_id)
    if found.work is not None and found.work.is_forgotten(now()):
        _send(found)
    return redirect("portfolio-report", found.pk)


@never_cache
@require_safe
def download(request: HttpRequest, report_id: int) -> FileResponse:
    """The file as it was made, to whom it was made for."""
    found = _find(request, report_id)
    if found.made_at is None:
        raise Http404
    try:
        file = (
            making.hand_out(found, now()) if request.method == "GET" else making.store().open(found.file_key)
        )
    except FileNotFoundError:
        log.error("The file of report %s is missing from the store", found.pk)
        raise Http404 from None
    day = organisation_of(request).day_of(found.made_at)
    what = "figures-" if found.kind == Format.FIGURES else ""
    name = f"portfolio-{what}{day.isoformat()}.{found.kind.ending}"
    return as_attachment(file, name, found.kind.media_type)


@require_POST
def monthly_choice(request: HttpRequest) -> HttpResponse:
    """Begin the monthly mail with the filters of the address, or end it."""
    frame = frame_of(request, ROUTE)
    if request.POST.get("wanted") == "1":
        monthly.subscribe(frame.person, frame.scope, frame.subject, frame.today, frame.at)
        messages.success(request, _("Kept. The report comes by mail on the first day of each month."))
    else:
        monthly.unsubscribe(frame.person.pk, frame.at)
        messages.success(request, _("Kept. No report comes by mail any more."))
    return redirect(frame.scope.address(frame.path))


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Asks once on a page; what a mail program posts (RFC 8058) is done at once, without a sign-in.

    Whoever holds the key can end the monthly report of one person and nothing else; so no CSRF token is asked for.
    """
    person_id = monthly.holder_of(key)
    if person_id is None:
        raise Http404
    if request.method == "POST":
        monthly.unsubscribe(person_id, now(), by_link=True)
    return render(request, "reports/unsubscribe.html", {"done": request.method == "POST"})


def _find(request: HttpRequest, report_id: int) -> Report:
    """Of one's own; another's is not there."""
    mine = Report.objects.of(cast(User, request.user).pk).select_related("work")
    found: Report = get_object_or_404(mine, pk=report_id)
    return found


def _shown(found: Report) -> dict[str, Any]:
    work = found.work
    active = work is not None and work.is_active
    return {
        "report": found,
        "work": work,
        "active": active,
        "failed": found.made_at is None and not active,
        "forgotten": work is not None and work.is_forgotten(now()),
        "print_url": found.scope.address("/portfolio/"),
        "no_pdf": work is not None and work.message == making.NO_PDF,
    }


def _send(found: Report) -> None:
    """With the broker away the row stays, and the worker that looks each minute finds it."""
    if found.work is None:
        return
    try:
        tasks.carry_on.delay(found.work.pk)
    except Exception as error:
        log.warning("The task of work %s could not be sent: %s", found.work.pk, error)
