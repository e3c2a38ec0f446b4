"""Editing one part of a draft on a page of its own. It may be saved with mistakes; what was typed is never lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklists.drafting import HEAD, NoSuchPart, Wrong, part_of, with_values
from checklists.models import FrameworkDraft
from checklists.writing import Document
from readiness import clock
from readiness.actions.errors import Invalid, NotFound, Stale
from readiness.actions.framework_drafts import change_draft, wrong_with
from readiness.ui.parts import Link
from readiness.workbench.drafts.changes import in_words
from readiness.workbench.drafts.finding import (
    SECTIONS,
    crumbs,
    draft_of,
    draft_url,
    form_of,
    is_gate,
    part_title,
    section_of,
)
from readiness.workbench.drafts.forms import GateForm, ItemForm, PartForm
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import CONFLICT, OK, UNPROCESSABLE, tell


@dataclass(frozen=True, slots=True)
class Page:
    """One part on its page: ``key`` is HEAD for a section of the head; ``here`` tells its mistakes from the others."""

    draft: FrameworkDraft
    key: int
    part: Document
    form: type[PartForm]
    title: str
    here: Callable[[Wrong], bool]

    def bound(self, data: Any) -> PartForm:
        return self.form(data, document=self.draft.document, part=self.part)

    def as_it_stands(self, *, told: bool) -> PartForm:
        """With what is saved; with the mistakes in it too, where they are to be ``told``."""
        empty = self.form(document=self.draft.document, part=self.part)
        saved = empty.shown(self.part) | {"seen": self.draft.version}
        if not told:
            return self.form(initial=saved, document=self.draft.document, part=self.part)
        form = self.bound(saved)
        form.tell(each for each in wrong_with(self.draft.document)[1] if self.here(each))
        return form


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Somebody else saved first.

    ``draft`` as it stands now, None where it is gone itself; ``stands``: what it says where something else was typed,
    by the labels of the fields; ``gone``: the part was removed, perhaps with the draft.
    """

    draft: FrameworkDraft | None
    stands: Sequence[tuple[str, str]] = ()
    gone: bool = False


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, draft_id: int, section: str) -> HttpResponse:
    """Some keys of the head."""
    if section not in SECTIONS:
        raise Http404
    found = SECTIONS[section]
    try:
        return _edit(request, _section(draft_of(draft_id), section))
    except (Http404, NotFound):
        return _ended(request, found.form, str(found.title))


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, draft_id: int, part: int) -> HttpResponse:
    """One gate without its items, or one item."""
    try:
        draft = draft_of(draft_id)
        return _edit(request, _part(draft, part))
    except (Http404, NotFound):
        return _ended(
            request, _form_of_typed(request), request.POST.get("title") or request.POST.get("name", "")
        )
    except NoSuchPart:
        if request.method == "POST":
            return _gone(request, draft, part)
        raise Http404 from None


def _section(draft: FrameworkDraft, name: str) -> Page:
    found = SECTIONS[name]
    return Page(
        *(draft, HEAD, draft.document, found.form, str(found.title)),
        here=lambda wrong: wrong.part == HEAD and section_of(wrong) == name,
    )


def _part(draft: FrameworkDraft, key: int) -> Page:
    """Raises NoSuchPart."""
    if key == HEAD:
        raise NoSuchPart
    found = part_of(draft.document, key)
    return Page(
        *(draft, key, found, form_of(found), part_title(draft.document, found)),
        here=lambda wrong: wrong.part == key and wrong.field != "items",
    )


def _edit(request: HttpRequest, page: Page) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, page, page.as_it_stands(told="new" not in request.GET), focus=False)
    form = page.bound(request.POST)
    if not form.is_valid():
        return _shown(request, page, form, UNPROCESSABLE)

    def edit(document: Document) -> Document:
        return with_values(document, page.key, form.values(part_of(document, page.key)))

    seen = form.cleaned_data["seen"]
    try:
        change_draft(page.draft.pk, seen, page.key, edit, actor_of(request), clock.now())
    except Stale as refused:
        return _stale(request, page, form, refused.current)
    except Invalid as refused:
        return _shown(request, page, form, tell(form, refused))
    messages.success(request, _("%(part)s is saved in the draft.") % {"part": page.title})
    return redirect(draft_url(page.draft, page.key))


def _stale(request: HttpRequest, page: Page, form: PartForm, stands: FrameworkDraft) -> HttpResponse:
    """What was typed, to be saved over what stands now, which is shown where it differs. Raises NoSuchPart."""
    current = draft_of(stands.pk)
    part = part_of(current.document, page.key)
    fresh = page.form(document=current.document, part=part)
    now, typed = fresh.shown(part), form.shown(_as_typed(form, part))
    differing = [
        (str(fresh.fields[name].label), in_words(fresh.fields[name], now[name]))
        for name in now
        if now[name] != typed[name]
    ]
    data = request.POST.copy()
    data["seen"] = str(current.version)
    again = page.form(data, document=current.document, part=part)
    return _shown(request, page, again, CONFLICT, meanwhile=Meanwhile(current, differing))


def _as_typed(form: PartForm, part: Document) -> Document:
    """The part as it would stand with what was typed."""
    values = {**part, **form.values(part)}
    return {key: value for key, value in values.items() if value is not None}


def _gone(request: HttpRequest, draft: FrameworkDraft, key: int) -> HttpResponse:
    """The part was removed since its page was opened: what was typed is shown, to be copied elsewhere."""
    form = _form_of_typed(request)
    part: Document = {"items": []} if form is GateForm else {}
    page = Page(draft, key, part, form, part_title(draft.document, part), lambda wrong: False)
    return _shown(request, page, page.bound(request.POST), CONFLICT, meanwhile=Meanwhile(draft, gone=True))


def _ended(request: HttpRequest, form_class: type[PartForm], title: str) -> HttpResponse:
    """The draft was published or thrown away: what was typed is shown, to be copied elsewhere. Raises Http404."""
    if request.method != "POST":
        raise Http404
    ticked = dict.fromkeys(gate for name, gates in request.POST.lists() if "__" in name for gate in gates)
    document: Document = {"gates": [{"slug": gate} for gate in ticked]}
    form = form_class(request.POST, document=document, part={})
    context = {
        "title": title or _("Draft"),
        "form": form,
        "fields": [bound for bound in form if not bound.is_hidden],
        "meanwhile": Meanwhile(None, gone=True),
        "focus": False,
        "back": reverse("frameworks"),
        "crumbs": [Link(label=_("Frameworks"), href=reverse("frameworks"))],
    }
    return render(request, "workbench/drafts/part.html", context, status=CONFLICT)


def _form_of_typed(request: HttpRequest) -> type[PartForm]:
    """Whether it was a gate or an item is told by what was sent of it: only a gate has a purpose."""
    return GateForm if "purpose" in request.POST else ItemForm


def _shown(
    request: HttpRequest,
    page: Page,
    form: PartForm,
    status: int = OK,
    *,
    meanwhile: Meanwhile | None = None,
    focus: bool = True,
) -> HttpResponse:
    context = {
        "draft": page.draft,
        "title": page.title,
        "form": form,
        "fields": [bound for bound in form if not bound.is_hidden],
        "meanwhile": meanwhile,
        "focus": focus,
        "part": page.key,
        "removable": page.key != HEAD,
        "is_gate": page.key != HEAD and is_gate(page.part),
        "back": draft_url(page.draft, page.key),
        "crumbs": crumbs(page.draft),
    }
    return render(request, "workbench/drafts/part.html", context, status=status)
