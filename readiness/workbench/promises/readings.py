"""Entering readings, by hand or from a file, and withdrawing one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from gates.models import Initiative, Kpi, Reading
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, NoRoom
from readiness.actions.files import SparingUpload, clean_name
from readiness.actions.reading_files import BYTES_MAX
from readiness.actions.readings import NewReading, add_reading, import_readings, withdraw_reading
from readiness.clock import now
from readiness.ui.local import number
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.promises.forms import ReadingFileForm, ReadingForm, WithdrawForm, decimal
from readiness.workbench.promises.views import kpi_header, kpi_of, show_kpi
from readiness.workbench.promises.words import reading_words
from readiness.workbench.refusals import gone_by, must


@require_http_methods(["GET", "HEAD", "POST"])
def reading_add(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    kpi = kpi_of(initiative, kpi_id)
    if request.method != "POST":  # somebody came back here from signing in again
        return redirect("kpi", ref=ref, kpi_id=kpi.pk)
    must(Act.EDIT, acts_of(request, initiative))
    at, refusal = now(), ""
    form = ReadingForm(request.POST, today=organisation_of(request).day_of(at), unit=kpi.unit)
    if form.is_valid():
        given = form.cleaned_data
        reading = NewReading(given["on"], decimal(given["value"]), given["note"])
        try:
            done = add_reading(initiative.pk, kpi.pk, reading, actor_of(request), at)
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            said = reading_words(done.readings[0], kpi.unit)
            messages.success(
                request,
                _("%(said)s is entered.") % {"said": said}
                if done.new
                else _("%(said)s stood there already.") % {"said": said},
            )
            return redirect("kpi", ref=ref, kpi_id=kpi.pk)
    return show_kpi(request, initiative, kpi, at, typed=form, refusal=refusal)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reading_import(request: HttpRequest, ref: str, kpi_id: int) -> HttpResponse:
    """Who may not is told so before the file is taken in. Then the form is read, its CSRF token with it."""
    initiative = find_initiative(request, ref)
    kpi = kpi_of(initiative, kpi_id)
    if request.method != "POST":
        return redirect("kpi", ref=ref, kpi_id=kpi.pk)
    must(Act.EDIT, acts_of(request, initiative))
    upload = SparingUpload(request)
    upload.limit = BYTES_MAX
    request.upload_handlers = [upload]
    return _import(request, initiative, kpi, upload)


@csrf_protect
def _import(request: HttpRequest, initiative: Initiative, kpi: Kpi, upload: SparingUpload) -> HttpResponse:
    at, refusal = now(), ""
    form = ReadingFileForm(request.POST, request.FILES)
    if upload.no_room:
        raise NoRoom
    if upload.too_large:
        form.refuse_large()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = import_readings(
                initiative.pk, kpi.pk, file.read(), clean_name(file.name), actor_of(request), at
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            known = len(done.readings) - done.new
            words = ngettext("%(new)s reading entered.", "%(new)s readings entered.", done.new)
            said = [words % {"new": number(f"{done.new:,}")}]
            if known:
                said.append(_("%(known)s stood there already.") % {"known": number(f"{known:,}")})
            messages.success(request, " ".join(said))
            return redirect("kpi", ref=initiative.ref, kpi_id=kpi.pk)
    return show_kpi(request, initiative, kpi, at, sent_file=form, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def reading_withdraw(request: HttpRequest, ref: str, reading_id: int) -> HttpResponse:
    initiative = find_initiative(request, ref)
    reading = _reading_of(initiative, reading_id)
    must(Act.EDIT, acts_of(request, initiative))
    form, refusal = WithdrawForm(sent(request)), ""
    if initiative.has_ended and not form.is_bound:
        return gone_by(request, initiative)
    if form.is_bound and form.is_valid():
        try:
            withdraw_reading(initiative.pk, reading.pk, form.cleaned_data["reason"], actor_of(request), now())
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Withdrawn. Its day is free for another reading."))
            return redirect("kpi", ref=ref, kpi_id=reading.kpi_id)
    context = {
        "initiative": initiative,
        "reading": reading,
        "said": reading_words(reading, reading.kpi.unit),
        "form": form,
        "refusal": refusal,
        "header": kpi_header(initiative, _("Withdraw a reading"), now()),
        "back": reverse("kpi", args=[ref, reading.kpi_id]),
    }
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "workbench/promises/reading_withdraw.html", context, status=status)


def _reading_of(initiative: Initiative, reading_id: int) -> Reading:
    """A reading of a KPI of this initiative that stands; else 404."""
    rows = Reading.objects.filter(kpi__initiative=initiative, kpi__removed_at__isnull=True, pk=reading_id)
    reading = rows.select_related("kpi", "withdrawn_by").first()
    if reading is None:
        raise Http404
    return reading
