"""How a draft begins: as the next version of a framework, as a copy under another name, or empty."""

from typing import Any

from django.contrib import messages
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checklists.models import Framework, FrameworkDraft
from readiness import clock
from readiness.actions.errors import NotAllowed, NotFound, Refused
from readiness.actions.framework_drafts import begin_framework, change_framework, copy_framework
from readiness.ui.parts import Link
from readiness.ui.saying import content
from readiness.workbench.drafts.forms import BeginForm, EmptyForm
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell


@for_admins
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the next version, or go on with the draft of it that stands."""
    draft, is_new = change_framework(slug, actor_of(request), clock.now())
    if not is_new:
        messages.info(request, _("A draft of it stands already: here it is."))
    return redirect("framework-draft", draft.pk)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    row = Framework.objects.current().filter(slug=slug).first()
    if row is None:
        raise Http404
    context = {
        "framework": row,
        "back": reverse("framework", args=[slug]),
        "crumbs": [*_crumbs(), Link(label=content(row.name), href=reverse("framework", args=[slug]))],
    }
    return _begin(request, BeginForm(request.POST or None), context, slug)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: HttpRequest) -> HttpResponse:
    return _begin(
        request, EmptyForm(request.POST or None), {"back": reverse("frameworks"), "crumbs": _crumbs()}
    )


def drafts_listed() -> list[dict[str, Any]]:
    """Every draft as the list of frameworks shows it, without its content; one query."""
    rows = FrameworkDraft.objects.defer("document").select_related("changed_by")
    rows = rows.annotate(name=KT("document__name"), slug=KT("document__slug"), number=KT("document__version"))
    return [{"draft": row, "name": row.name, "slug": row.slug, "number": row.number} for row in rows]


def _begin(request: HttpRequest, form: BeginForm, context: dict[str, Any], slug: str = "") -> HttpResponse:
    status = OK
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begun(form, slug, request)
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            status = tell(form, refused)
        else:
            return redirect("framework-draft", draft.pk)
    elif request.method == "POST":
        status = UNPROCESSABLE
    return render(request, "workbench/drafts/begin.html", context | {"form": form}, status=status)


def _begun(form: BeginForm, slug: str, request: HttpRequest) -> FrameworkDraft:
    given, by, at = form.cleaned_data, actor_of(request), clock.now()
    if slug:
        return copy_framework(slug, given["slug"], given["name"], by, at)
    return begin_framework(given["slug"], given["name"], given["kind"], by, at)


def _crumbs() -> list[Link]:
    return [Link(label=_("Frameworks"), href=reverse("frameworks"))]
