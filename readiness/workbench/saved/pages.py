"""The views that a person saved: kept, renamed, shared, deleted, and chosen as where they begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from readiness import clock
from readiness.accounts.models import VIEW_NAME_MAX, SavedView, User
from readiness.actions.errors import Invalid
from readiness.actions.saved_views import begin_at, change_view, delete_view, save_view
from readiness.portfolio.saved import address, canonical, is_page
from readiness.workbench.finding import person_of
from readiness.workbench.refusals import UNPROCESSABLE

KEY_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """One view on the page, with what was typed for it and refused."""

    view: SavedView
    url: str
    name: str
    shared: bool
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed: for one view, or for a new one (``key`` None)."""

    key: int | None
    name: str
    shared: bool
    errors: Sequence[str]
    page: str = ""
    query: str = ""


@require_safe
def saved_views(request: HttpRequest) -> HttpResponse:
    return _shown(request, person_of(request))


@require_safe
def view_open(request: HttpRequest, view_id: int) -> HttpResponse:
    """An address to pass on: it leads to where its owner has it lead today."""
    view = SavedView.objects.open_to(person_of(request)).filter(pk=min(view_id, KEY_MAX)).first()
    if view is None:
        raise Http404
    return redirect(address(view))


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Save the page that one looks at, and stay on it."""
    person, sent = person_of(request), request.POST
    page, name, shared = sent.get("page", ""), sent.get("name", ""), "shared" in sent
    if not is_page(page):
        raise Http404
    query = canonical(page, QueryDict(sent.get("query", "")[:4000]))
    try:
        view = save_view(person, name, page, query, shared, clock.now())
    except Invalid as refused:
        told = [error.message for error in refused.errors]
        return _shown(request, person, Refusal(None, name, shared, told, page, query))
    messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
    return redirect(address(view))


@require_POST
def view_change(request: HttpRequest, view_id: int) -> HttpResponse:
    person, name, shared = person_of(request), request.POST.get("name", ""), "shared" in request.POST
    try:
        change_view(person, min(view_id, KEY_MAX), name, shared, clock.now())
    except Invalid as refused:
        told = [error.message for error in refused.errors]
        return _shown(request, person, Refusal(view_id, name, shared, told))
    messages.success(request, _("Saved."))
    return redirect("views")


@require_POST
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    delete_view(person_of(request), min(view_id, KEY_MAX), clock.now())
    messages.success(request, _("The view is deleted."))
    return redirect("views")


@require_POST
def view_start(request: HttpRequest, view_id: int) -> HttpResponse:
    begin_at(person_of(request), min(view_id, KEY_MAX), clock.now())
    messages.success(request, _("You begin here from now on. “Home” leads to your home as before."))
    return redirect("views")


@require_POST
def begin_home(request: HttpRequest) -> HttpResponse:
    begin_at(person_of(request), None, clock.now())
    messages.success(request, _("You begin at home again."))
    return redirect("views")


def _shown(request: HttpRequest, person: User, refused: Refusal | None = None) -> HttpResponse:
    found = list(SavedView.objects.open_to(person).select_related("owner"))
    context = {
        "own": [_line(one, refused) for one in found if one.owner_id == person.pk],
        "shared": [_line(one) for one in found if one.owner_id != person.pk],
        "new": refused if refused and refused.key is None else None,
        "start": next((one for one in found if one.owner_id == person.pk and one.is_start), None),
        "name_max": VIEW_NAME_MAX,
    }
    return render(request, "workbench/saved/page.html", context, status=UNPROCESSABLE if refused else 200)


def _line(view: SavedView, refused: Refusal | None = None) -> Line:
    if refused and refused.key == view.pk:
        return Line(view, address(view), refused.name, refused.shared, refused.errors)
    return Line(view, address(view), view.name, view.shared)
