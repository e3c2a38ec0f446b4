"""Evidence behind an answer: adding a piece, renewing and withdrawing one, fetching a file, looking at a picture."""

import logging
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from checklists.models import Evidence, EvidenceKind, Item
from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.answers import AnswerChange, record_answers, withdraw_evidence
from readiness.actions.errors import Conflict, Invalid, NoRoom, Stale, saying_no_room
from readiness.actions.file_types import PICTURES, picture_type
from readiness.actions.files import SparingUpload, add_file_evidence
from readiness.actions.scanning import NotScanned
from readiness.clock import now
from readiness.standing.links import checklist_url
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome
from readiness.ui.downloads import as_attachment, as_picture
from readiness.workbench.checklists.forms import MEGABYTE, EvidenceForm
from readiness.workbench.checklists.page import checklist_page
from readiness.workbench.checklists.pieces import piece_url
from readiness.workbench.checklists.places import gate_within
from readiness.workbench.checklists.written import Told, Written, back_to, by_htmx, item_of, show_written
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.header import CHECKLIST, header_of
from readiness.workbench.refusals import gone_by, must

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """Who may not add is told so before the file is taken in. Then the form is read, its CSRF token with it."""
    initiative = find_initiative(request, ref)
    item = item_of(initiative, code)
    if request.method != "POST":  # somebody came back here from signing in again
        return redirect(checklist_url(initiative.ref, item.gate.slug, code))
    must(Act.ANSWER, acts_of(request, initiative))
    upload = SparingUpload(request)
    request.upload_handlers = [upload]
    return _add(request, initiative, item, upload)


@csrf_protect
def _add(request: HttpRequest, initiative: Initiative, item: Item, upload: SparingUpload) -> HttpResponse:
    at = now()
    written = Written(Told.ADDED, at)
    form = EvidenceForm.of(item.code, None, organisation_of(request).day_of(at), request.POST, request.FILES)
    if upload.too_large:
        form.refuse_file(_("At most %(limit)s MB.") % {"limit": upload.limit // MEGABYTE})
    if not upload.no_room and form.is_valid():
        try:
            with saying_no_room():
                written.outcome = _carry_out(request, initiative, item.code, form, at)
        except Invalid as refused:
            form.take_errors(refused)
        except Stale:
            written.told = Told.MOVED
        except (Conflict, NotScanned) as refused:
            written.told, written.refusal = Told.REFUSED, refused.message
        except NoRoom as refused:
            written.told, written.refusal = Told.NO_ROOM, refused.message
    if form.errors:
        written.told = Told.WRONG
        form.lead_to_error()
    if upload.no_room:
        written.told, written.refusal = Told.NO_ROOM, NoRoom().message
    if written.done and not by_htmx(request):
        return back_to(initiative, item, written.told)
    written.evidence_form = None if written.done else form
    again = find_initiative(request, initiative.ref)
    place = gate_within(request, again, item.gate.slug, at, written.outcome)
    return show_written(request, place, item.code, written)


def _carry_out(
    request: HttpRequest, initiative: Initiative, code: str, form: EvidenceForm, at: datetime
) -> Outcome:
    given, by = form.cleaned_data, actor_of(request)
    if not form.is_file:
        change = AnswerChange(code, evidence=(form.piece(),), version=given["version"])
        return record_answers(initiative.pk, [change], by, at, path="")
    return add_file_evidence(
        initiative.pk,
        code,
        given["file"],
        given["title"],
        given["effective_on"],
        given["expires_on"],
        by,
        at,
        given["version"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_withdraw(request: HttpRequest, ref: str, evidence_id: int) -> HttpResponse:
    """Ask once, then withdraw."""
    initiative = find_initiative(request, ref)
    piece = piece_of(initiative, evidence_id)
    must(Act.ANSWER, acts_of(request, initiative))
    if initiative.has_ended and request.method != "POST":
        return gone_by(request, initiative)
    at, refusal = now(), ""
    if request.method == "POST":
        try:
            withdraw_evidence(initiative.pk, piece.pk, actor_of(request), at)
        except Conflict as refused:
            refusal = refused.message
        else:
            return back_to(initiative, piece.item, Told.WITHDRAWN)
    context = {
        "initiative": initiative,
        "header": header_of(
            initiative, fresh_outcome(initiative.pk, at), crumb=_("Withdraw evidence"), section=CHECKLIST
        ),
        "piece": piece,
        "href": piece_url(initiative.ref, piece.pk, piece.kind, piece.url),
        "back": checklist_url(initiative.ref, piece.item.gate.slug, piece.item.code),
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "workbench/checklist/withdraw.html", context, status=status)


@require_safe
def evidence_renew(request: HttpRequest, ref: str, evidence_id: int) -> HttpResponse:
    """The item's card with its form filled with what a piece says, for today; for htmx the form alone."""
    initiative = find_initiative(request, ref)
    piece = piece_of(initiative, evidence_id)
    must(Act.ANSWER, acts_of(request, initiative))
    if initiative.has_ended:
        return gone_by(request, initiative)
    page = checklist_page(gate_within(request, initiative, piece.item.gate.slug, now()))
    item = page.item(piece.item.code)
    item.evidence_form = EvidenceForm.renewing(item.code, item.answer, page.place.today, piece)
    context = {"page": page, "item": item, "initiative": initiative}
    template = "_evidence_form.html" if by_htmx(request) else "page.html"
    return render(request, f"workbench/checklist/{template}", context)


@require_safe
def evidence_file(request: HttpRequest, ref: str, evidence_id: int) -> FileResponse:
    """The file behind a piece, also of one that was withdrawn."""
    piece = piece_of(find_initiative(request, ref), evidence_id)
    return as_attachment(_stored(piece), piece.file_name, piece.file_type)


@require_safe
def evidence_preview(request: HttpRequest, ref: str, evidence_id: int) -> FileResponse:
    """A picture to look at. What its content does not show to be one is not found here: it can be fetched."""
    piece = piece_of(find_initiative(request, ref), evidence_id)
    if piece.file_type not in PICTURES:
        raise Http404
    file = _stored(piece)
    if picture_type(cast(BinaryIO, file)) != piece.file_type:
        file.close()
        raise Http404
    return as_picture(file, piece.file_name, piece.file_type)


def _stored(piece: Evidence) -> File:
    """The file behind a piece; 404 where there is none."""
    if piece.kind != EvidenceKind.FILE:
        raise Http404
    try:
        return default_storage.open(piece.file_key)
    except FileNotFoundError:
        logger.error("The file of evidence %s is missing from the store", piece.pk)
        raise Http404 from None


def piece_of(initiative: Initiative, evidence_id: int) -> Evidence:
    """A piece of this initiative; else 404."""
    pieces = Evidence.objects.filter(assessment__passage__initiative=initiative)
    piece = pieces.select_related("item__gate").filter(pk=evidence_id).first()
    if piece is None:
        raise Http404
    return piece
