"""The admins' pages of imports: upload, check, write; each can be left and found again."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklists.said import restored
from gates.models import Initiative
from gates.stages import Stage
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.accounts.tabs import admin_tabs
from readiness.accounts.visits import no_visit
from readiness.actions.errors import Invalid, NoRoom, saying_no_room
from readiness.actions.files import SparingUpload, store_file
from readiness.actions.scanning import NotScanned
from readiness.clock import now
from readiness.importing import jobs, tasks
from readiness.importing.findings import REASON_WORDS, Reason
from readiness.importing.forms import ImportForm
from readiness.importing.headings import BY_HEADINGS
from readiness.importing.jobs import CHECK, LOCK, RUN
from readiness.importing.kept import Kept, sealed, unsealed
from readiness.importing.remains import as_csv
from readiness.importing.sample import sample_csv, sample_mapping
from readiness.importing.uses import columns_in_words, recognised_headings, recognised_stages
from readiness.portfolio.imported import imported
from readiness.portfolio.scope import EVERYTHING
from readiness.standing.links import initiative_url
from readiness.standing.words import STAGE_WORDS
from readiness.ui.downloads import as_lines
from readiness.ui.parts import Link
from readiness.ui.saying import say
from readiness.work.doing import AlreadyUnderWay, ask_for
from readiness.work.models import REMAINS, REMAINS_KEPT, LongWork, State

log = logging.getLogger(__name__)

SHOWN = 20
CAME_IN_SHOWN = 10
DIGITS = 18
"""A number that is longer is none of a row."""


def importers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """403 for everybody who may not import."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not isinstance(request.user, User) or not allows(request.user, Act.TAKE_OVER_LATE):
            raise PermissionDenied(_("Only administrators import."))
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@csrf_exempt
@importers
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The list, and the form that begins one; a POST stores the file and asks for its check.

    Who may not import is told so before a file is taken in. Then the form is read, its CSRF token with it. What is
    refused keeps the spreadsheet, so that only the mapping has to be chosen anew; ``?again=`` names an earlier import
    whose file is taken once more.
    """
    upload = SparingUpload(request)
    request.upload_handlers = [upload]
    return _imports(request, upload)


@csrf_protect
def _imports(request: HttpRequest, upload: SparingUpload) -> HttpResponse:
    person, status = _person(request), 200
    if request.method == "POST":
        form, status = (
            ImportForm(request.POST, request.FILES, kept=unsealed(request.POST.get("kept", ""), person)),
            422,
        )
        try:
            _refuse_what_was_left_out(form, upload)
            work = _ask_for_check(person, form)
            if work is not None:
                return redirect("import", work.pk)
        except NoRoom as refused:
            form.errors.pop("file", None)  # that none arrived
            form.add_error("file", refused.message)
            status = 507
    else:
        form = ImportForm(kept=_file_of(request.GET.get("again", "")))
    works = LongWork.objects.filter(kind__in=jobs.KINDS).select_related("by")
    context = {
        "form": form,
        "kept": form.kept,
        "kept_word": form.kept and sealed(form.kept, person),
        "known": recognised_headings(),
        "stages": recognised_stages(),
        "works": list(works[:SHOWN]),
        "tabs": admin_tabs("imports"),
    }
    return render(request, "importing/list.html", context, status=status)


def _refuse_what_was_left_out(form: ImportForm, upload: SparingUpload) -> None:
    """Raises NoRoom."""
    if upload.no_room:
        raise NoRoom
    if upload.too_large:
        form.errors.pop("file", None)  # that none arrived
        form.add_error("file", _("At most %(limit)s MB.") % {"limit": upload.limit // 1024**2})


def _file_of(number: str) -> Kept | None:
    """The spreadsheet of an earlier check or import, while it is still here."""
    if not (number.isascii() and number.isdigit() and len(number) < DIGITS):
        return None
    work = LongWork.objects.filter(pk=int(number), kind__in=jobs.KINDS).first()
    if work is None or not _is_here(work):
        return None
    return Kept(work.params["file_key"], work.params["file_name"])


def _is_here(work: LongWork) -> bool:
    key = work.params.get("file_key")
    return bool(key) and default_storage.exists(key)


def _ask_for_check(person: User, form: ImportForm) -> LongWork | None:
    """The check, asked for; None where the form is refused. A spreadsheet that can be read is kept either way."""
    stored = None
    if "file" not in form.errors and form.cleaned_data.get("file") is not None:
        try:
            stored = store_file(form.cleaned_data["file"])
        except Invalid as refused:
            form.add_error("file", [error.message for error in refused.errors])
        except NotScanned as refused:
            form.add_error("file", refused.message)
        else:
            form.kept = Kept(stored.key, stored.name)
    if form.errors or form.kept is None:
        return None
    at = now()
    params = {
        "file_key": form.kept.key,
        "file_name": form.kept.name,
        "mapping_name": form.cleaned_data["mapping_name"],
        "mapping_text": form.cleaned_data["mapping_text"],
        "as_of": Organisation.get().day_of(at).isoformat(),
    }
    try:
        with saying_no_room():
            work = ask_for(CHECK, form.kept.name, person, at, params)
    except NoRoom:
        if stored is not None:  # else it is the file of an earlier one
            default_storage.delete(stored.key)
            form.kept = None
        raise
    _send(work)
    return work


@importers
@require_safe
def import_page(request: HttpRequest, work_id: int) -> HttpResponse:
    work = _find(work_id)
    context = _shown(work, request) | {"crumbs": [Link(label=_("Imports"), href="/organisation/imports/")]}
    return render(request, "importing/page.html", context)


@importers
@no_visit
@require_safe
def import_progress(request: HttpRequest, work_id: int) -> HttpResponse:
    """The part of the page that changes while the work is done; with it ended, the whole page is asked for."""
    work = _find(work_id)
    response = render(request, "importing/_progress.html", _shown(work, request))
    if not work.is_active and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


@importers
@require_safe
def import_left_out(request: HttpRequest, work_id: int) -> HttpResponseBase:
    """Every row and cell that could not be used, as a CSV; 404 where there is none, or no longer."""
    work = _find(work_id)
    key = work.result.get(REMAINS)
    if not key:
        raise Http404
    try:
        file = default_storage.open(key)
    except FileNotFoundError:
        raise Http404(_("It was kept for %(days)s days.") % {"days": REMAINS_KEPT.days}) from None
    return as_lines(as_csv(file, get_language()), f"left-out-{work.pk}.csv", "text/csv; charset=utf-8")


@importers
@require_safe
def import_sample(request: HttpRequest) -> HttpResponseBase:
    """A spreadsheet to fill in, with the headings that are recognised."""
    return as_lines(sample_csv(), _("initiatives") + ".csv", "text/csv; charset=utf-8")


@importers
@require_safe
def import_sample_mapping(request: HttpRequest) -> HttpResponseBase:
    """The mapping that fits it."""
    lines = sample_mapping(Organisation.get().day_of(now()))
    return as_lines(lines, "mapping.yaml", "application/yaml")


@importers
@require_POST
def import_run(request: HttpRequest, work_id: int) -> HttpResponse:
    """Write what was checked. While another import is under way, that one is shown instead."""
    check = _find(work_id)
    if check.kind != CHECK or check.state != State.DONE:
        raise Http404
    skip_bad = request.POST.get("skip_bad") == "1"
    if check.result["left_out_count"] and not skip_bad:
        context = _shown(check, request) | {"must_agree": True}
        return render(request, "importing/page.html", context, status=422)
    begun = _run_of(check)
    if begun is not None:
        return redirect("import", begun.pk)
    params = check.params | {"skip_bad": skip_bad, "check": check.pk}
    try:
        work = ask_for(RUN, check.title, _person(request), now(), params, lock=LOCK)
    except AlreadyUnderWay as busy:
        context = _shown(check, request) | {"busy": busy.work}
        return render(request, "importing/page.html", context, status=409)
    _send(work)
    return redirect("import", work.pk)


@importers
@require_POST
def import_resume(request: HttpRequest, work_id: int) -> HttpResponse:
    """Take up again what nobody does anything about. The row decides whether there is anything to do."""
    work = _find(work_id)
    if work.is_forgotten(now()):
        _send(work)
    return redirect("import", work.pk)


def _find(work_id: int) -> LongWork:
    found: LongWork = get_object_or_404(
        LongWork.objects.select_related("by"), pk=work_id, kind__in=jobs.KINDS
    )
    return found


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _run_of(check: LongWork) -> LongWork | None:
    """What writes, or has written, what was checked; one that failed may be tried again."""
    runs = LongWork.objects.filter(kind=RUN, params__check=check.pk).exclude(state=State.FAILED.value)
    return runs.select_related("by").order_by("-pk").first()


def _shown(work: LongWork, request: HttpRequest) -> dict[str, Any]:
    run = _run_of(work) if work.kind == CHECK else work
    return {
        "work": work,
        "message": say(work.told),
        "result": work.result | {"entries": _entries(work), "findings": _findings(work)},
        "columns": columns_in_words(work.result.get("columns", [])),
        "by_headings": work.params.get("mapping_name") == BY_HEADINGS and not work.params.get("mapping_text"),
        "is_check": work.kind == CHECK,
        "run": run,
        **_came_in(run, _person(request)),
        "file_is_here": _is_here(work),
        "again_url": f"{reverse('imports')}?again={work.pk}",
        "remains": work.result.get(REMAINS) and default_storage.exists(work.result[REMAINS]),
        "kept_days": REMAINS_KEPT.days,
        "forgotten": work.is_forgotten(now()),
        "writes": work.result.get("new", 0) + work.result.get("changed", 0),
    }


def _came_in(run: LongWork | None, person: User) -> dict[str, Any]:
    """The initiatives that an import has written, the first of them by name, and the list of all."""
    if run is None or run.state != State.DONE:
        return {"came_in": [], "came_in_count": 0}
    found = imported(Initiative.objects.visible_to(person), str(run.pk), run.asked_at.date())
    rows = found.rows.order_by("name_key", "pk") if found else Initiative.objects.none()
    return {
        "came_in": [
            (one, initiative_url(one.ref), STAGE_WORDS[Stage(one.stage)]) for one in rows[:CAME_IN_SHOWN]
        ],
        "came_in_count": rows.count(),
        "came_in_url": EVERYTHING.listing(behind=f"imported:{run.pk}"),
    }


def _entries(work: LongWork) -> list[dict[str, Any]]:
    return [
        one | {"message": say(restored(one["message"], one.get("said")))}
        for one in work.result.get("entries", [])
    ]


def _findings(work: LongWork) -> list[tuple[str, int]]:
    """An older row names its reasons in words."""
    found = work.result.get("findings", [])
    return [(str(_reason(reason.replace(" ", "_"))), count) for reason, count in found]


def _reason(value: str) -> str:
    return REASON_WORDS[Reason(value)] if value in set(Reason) else value.replace("_", " ")


def _send(work: LongWork) -> None:
    """With the broker away the row stays, and the worker that looks each minute finds it."""
    try:
        tasks.carry_on.delay(work.pk)
    except Exception as error:
        log.warning("The task of work %s could not be sent: %s", work.pk, error)
