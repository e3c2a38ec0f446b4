"""How pages find a draft, and where each of its parts and mistakes stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.drafting import HEAD, Wrong, part_of
from checklists.models import FrameworkDraft
from checklists.writing import Document
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Link
from readiness.ui.saying import say
from readiness.workbench.drafts.forms import (
    AnswersForm,
    BasicsForm,
    ExplanationsForm,
    GateForm,
    GuardsForm,
    ItemForm,
    PartForm,
)


@dataclass(frozen=True, slots=True)
class Section:
    """Some keys of the head that are edited on one page."""

    title: str
    form: type[PartForm]


SECTIONS: Mapping[str, Section] = {
    "basics": Section(gettext_lazy("What it is"), BasicsForm),
    "guards": Section(gettext_lazy("What it guards"), GuardsForm),
    "answers": Section(gettext_lazy("Words for the answers"), AnswersForm),
    "explanations": Section(gettext_lazy("Explanations"), ExplanationsForm),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A mistake as a list shows it: where it stands, the address of its field, and why."""

    where: str
    url: str
    reason: str


def draft_of(draft_id: int) -> FrameworkDraft:
    """Raises Http404."""
    rows = FrameworkDraft.objects.select_related("based_on", "changed_by", "created_by")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise Http404
    return draft


def is_gate(part: Document) -> bool:
    return "items" in part


def form_of(part: Document) -> type[PartForm]:
    """The form of a gate or an item."""
    return GateForm if is_gate(part) else ItemForm


def draft_url(draft: FrameworkDraft, part: int = HEAD) -> str:
    """The page of a draft, at one of its parts."""
    return reverse("framework-draft", args=[draft.pk]) + (f"#part-{part}" if part else "")


def crumbs(draft: FrameworkDraft, *, below: bool = True) -> list[Link]:
    found = [Link(label=_("Frameworks"), href=reverse("frameworks"))]
    return [*found, Link(label=draft_title(draft.document), href=draft_url(draft))] if below else found


def draft_title(document: Document) -> str:
    return str(document.get("name") or _("A framework without a name"))


def part_title(document: Document, part: Document) -> str:
    """A gate by its name, an item by its code and title; what they are where they have neither."""
    if is_gate(part):
        nameless = (
            _("A checkpoint without a name") if has_checkpoints(document) else _("A gate without a name")
        )
        return str(part.get("name") or part.get("slug") or nameless)
    words = [str(part[key]) for key in ("code", "title") if part.get(key)]
    return " · ".join(words) or _("An item without a code")


def has_checkpoints(document: Document) -> bool:
    """Whether its gates are called checkpoints."""
    return bool(document.get("kind") == "checkpoints")


def section_of(wrong: Wrong) -> str:
    """The section of the head in which a mistake stands; "" where it is in none, such as that there are no gates."""
    key = wrong.field.split(".")[0]
    if key == "guards":
        return key
    return next((name for name, section in SECTIONS.items() if _has(section.form, key)), "")


def told(draft: FrameworkDraft, wrong: Sequence[Wrong]) -> list[Told]:
    """Every mistake with the address of its field: page after page in the order of the file, each from its top."""
    pages: dict[tuple[int, str], int] = {}
    places = [
        (
            pages.setdefault(
                (each.part, section_of(each)) if each.part == HEAD else (each.part, ""), len(pages)
            ),
            _place(draft.document, each),
        )
        for each in wrong
    ]
    return [_told(draft, wrong[number]) for number in sorted(range(len(wrong)), key=places.__getitem__)]


def _place(document: Document, wrong: Wrong) -> int:
    """Where the field stands on its page; a page of its own tells its mistakes in this order, too."""
    part = part_of(document, wrong.part)
    if wrong.part != HEAD:
        return form_of(part)(document=document, part=part).place(wrong.field)
    section = section_of(wrong)
    return SECTIONS[section].form(document=document, part=part).place(wrong.field) if section else 0


def _told(draft: FrameworkDraft, wrong: Wrong) -> Told:
    reason, document = str(say(wrong.reason)), draft.document
    if wrong.part == HEAD:
        section = section_of(wrong)
        if not section:
            return Told(draft_title(document), draft_url(draft), reason)
        url = reverse("framework-draft-section", args=[draft.pk, section])
        form = SECTIONS[section].form(document=document, part=document)
        return _at_field(str(SECTIONS[section].title), url, form, wrong)
    part = part_of(document, wrong.part)
    title = part_title(document, part)
    if wrong.field == "items":
        return Told(title, draft_url(draft, wrong.part), reason)
    form = form_of(part)(document=document, part=part)
    url = reverse("framework-draft-part", args=[draft.pk, wrong.part])
    return _at_field(title, url, form, wrong)


def _at_field(title: str, url: str, form: PartForm, wrong: Wrong) -> Told:
    name, reason = form.field_for(wrong.field), str(say(wrong.reason))
    if not name:
        return Told(title, url, reason)
    return Told(f"{title} · {form[name].label}", f"{url}#{form[name].id_for_label}", reason)


def _has(form: type[PartForm], key: str) -> bool:
    return any(name.split("__")[0] == key for name in form.base_fields)
