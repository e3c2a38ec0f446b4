"""A draft on one page: its parts in their order, what is still wrong, and what is done with it as a whole."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklists.drafting import HEAD, NoSuchPart, Wrong, moved, part_of, with_gate, with_item, without
from checklists.models import FrameworkDraft
from checklists.writing import Document, document_yaml
from readiness import clock
from readiness.actions.errors import Invalid, Refused, Stale
from readiness.actions.framework_drafts import change_draft, discard_draft, in_the_way, wrong_with
from readiness.ui.downloads import INERT
from readiness.ui.saying import say
from readiness.workbench.drafts.finding import (
    SECTIONS,
    crumbs,
    draft_of,
    draft_title,
    draft_url,
    has_checkpoints,
    is_gate,
    part_title,
    section_of,
    told,
)
from readiness.workbench.drafts.words import KINDS
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins

KEY_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A part as the outline shows it. ``wrong``: how many things are. ``top``, ``bottom``: moved no further."""

    key: int
    title: str
    url: str
    wrong: int
    critical: bool = False
    top: bool = False
    bottom: bool = False

    @property
    def anchor(self) -> str:
        return f"part-{self.key}"


@dataclass(frozen=True, slots=True)
class GateRow:
    row: Row
    asked: str
    items: list[Row]


@for_admins
@require_safe
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    row = draft_of(draft_id)
    parsed, wrong = wrong_with(row.document)
    context = {
        "draft": row,
        "title": draft_title(row.document),
        "slug": row.document.get("slug", ""),
        "number": row.document.get("version", ""),
        "kind": KINDS.get(str(row.document.get("kind"))),
        "sections": _sections(row, wrong),
        "gates": _gates(row, wrong),
        "checkpoints": has_checkpoints(row.document),
        "wrong": told(row, wrong),
        "barred": say(in_the_way(parsed)) if parsed and not wrong else "",
        "crumbs": crumbs(row, below=False),
    }
    return render(request, "workbench/drafts/draft.html", context)


@for_admins
@require_POST
def arrange(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Add a gate or an item, or move one: the name of the button says what, its value which."""
    seen = number_of(request.POST.get("seen"))
    added: list[int] = []

    def add(found: tuple[Document, int]) -> Document:
        added.append(found[1])
        return found[0]

    deeds = {
        "add_gate": lambda document, key: add(with_gate(document)),
        "add_item": lambda document, key: add(with_item(document, key)),
        "up": lambda document, key: moved(document, key, -1),
        "down": lambda document, key: moved(document, key, 1),
    }
    name = next((name for name in deeds if name in request.POST), "")
    if not name:
        raise Http404
    key = HEAD if name == "add_gate" else number_of(request.POST[name])
    try:
        row = change_draft(
            draft_id,
            *(seen, key, lambda document: deeds[name](document, key)),
            *(actor_of(request), clock.now()),
        )
    except (Stale, Invalid) as refused:
        messages.error(request, _why(refused))
        return redirect("framework-draft", draft_id)
    if added:
        return redirect(reverse("framework-draft-part", args=[row.pk, added[0]]) + "?new=1")
    return redirect(draft_url(row, key))


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, draft_id: int, part: int) -> HttpResponse:
    """Take a gate or an item out, asked once. One that somebody else took out is gone, as was wanted."""
    row = draft_of(draft_id)
    try:
        found = part_of(row.document, part)
    except NoSuchPart:
        found = row.document
    if found is row.document:
        if request.method == "POST":
            return redirect("framework-draft", row.pk)
        raise Http404
    if request.method == "POST":
        seen = number_of(request.POST.get("seen"))
        try:
            change_draft(
                row.pk,
                *(seen, part, lambda document: without(document, part)),
                *(actor_of(request), clock.now()),
            )
        except Stale as refused:
            messages.error(request, _why(refused))
        else:
            words = _("%(part)s is taken out of the draft.")
            messages.success(request, words % {"part": part_title(row.document, found)})
        return redirect("framework-draft", row.pk)
    context = {
        "draft": row,
        "title": part_title(row.document, found),
        "items": len(found["items"]) if is_gate(found) else 0,
        "back": draft_url(row, part),
    }
    return render(request, "workbench/drafts/remove.html", context)


@for_admins
@require_safe
def file(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The YAML that would be published, with its mistakes if it has any."""
    row = draft_of(draft_id)
    headers = INERT | {"Content-Disposition": f'attachment; filename="framework-draft-{row.pk}.yaml"'}
    text = document_yaml(row.document)
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw it away, asked once. One that somebody else threw away is gone, as was wanted."""
    if request.method == "POST":
        try:
            discard_draft(draft_id, number_of(request.POST.get("seen")), actor_of(request), clock.now())
        except Stale as refused:
            messages.error(request, _why(refused))
            return redirect("framework-draft", draft_id)
        messages.success(request, _("The draft is thrown away."))
        return redirect("frameworks")
    row = draft_of(draft_id)
    context = {"draft": row, "title": draft_title(row.document), "back": draft_url(row)}
    return render(request, "workbench/drafts/discard.html", context)


def _why(refused: Refused) -> str:
    if not isinstance(refused, Stale):
        return refused.message
    current = draft_of(refused.current.pk)
    who = current.changed_by.name if current.changed_by else _("Somebody")
    return _(
        "%(who)s changed the draft meanwhile. Look at it again, then repeat it if it is still right."
    ) % {"who": who}


def number_of(typed: str | None) -> int:
    """A key or a version as a button sends it. Raises Http404."""
    if typed is None or not re.fullmatch("[0-9]{1,10}", typed) or int(typed) > KEY_MAX:
        raise Http404
    return int(typed)


def _sections(row: FrameworkDraft, wrong: tuple[Wrong, ...]) -> list[dict[str, Any]]:
    counts = Counter(section_of(each) for each in wrong if each.part == HEAD)
    return [
        {
            "title": section.title,
            "url": reverse("framework-draft-section", args=[row.pk, name]),
            "wrong": counts[name],
        }
        for name, section in SECTIONS.items()
    ]


def _gates(row: FrameworkDraft, wrong: tuple[Wrong, ...]) -> list[GateRow]:
    counts = Counter(each.part for each in wrong)
    gates = row.document["gates"]
    last = len(gates) - 1
    return [
        GateRow(
            _row(row, gate, counts, top=place == 0, bottom=place == last),
            _asked(gate),
            [
                _row(
                    row,
                    item,
                    counts,
                    top=place == at == 0,
                    bottom=place == last and item is gate["items"][-1],
                )
                for at, item in enumerate(gate["items"])
            ],
        )
        for place, gate in enumerate(gates)
    ]


def _asked(gate: Document) -> str:
    """How many of its items must be met, as it was written."""
    asked = gate.get("min_met", gate.get("min_share_met"))
    return "" if asked in (None, 0) else str(asked)


def _row(row: FrameworkDraft, part: Document, counts: Counter[int], *, top: bool, bottom: bool) -> Row:
    key = part["key"]
    url = reverse("framework-draft-part", args=[row.pk, key])
    title = part_title(row.document, part)
    return Row(key, title, url, counts[key], part.get("critical") is True, top, bottom)
