"""What a write at one item answers.

Twice over: with the whole page (or a way back to it) for a browser alone, and for htmx with the parts that changed,
each placing itself, so that whatever else is being typed on the page stays.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.models import Item
from gates.models import Initiative
from readiness.standing.links import checklist_url
from readiness.standing.recompute import Outcome
from readiness.workbench.checklists.forms import AnswerForm, EvidenceForm, with_version
from readiness.workbench.checklists.page import checklist_page
from readiness.workbench.checklists.places import GatePlace


class Told(StrEnum):
    """What an item's card says of the last write. The words stand in templates/workbench/checklist/_told.html."""

    SAVED = "saved"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    REFUSED = "refused"
    WRONG = "wrong"


STATUS = {Told.MOVED: 409, Told.REFUSED: 409, Told.WRONG: 422}
DONE = frozenset({Told.SAVED, Told.ADDED, Told.WITHDRAWN})


@dataclass(slots=True)
class Written:
    """How a write went. A form that was refused is kept with what was typed.

    ``taken``: a proposal was to be taken: the card has to show a choice that nobody clicked.
    """

    told: Told
    refusal: str = ""
    outcome: Outcome | None = None
    form: AnswerForm | None = None
    evidence_form: EvidenceForm | None = None
    taken: bool = False

    @property
    def done(self) -> bool:
        return self.told in DONE


def by_htmx(request: HttpRequest) -> bool:
    """Whether only the parts that changed are asked for."""
    return bool(getattr(request, "htmx", False))


def item_of(initiative: Initiative, code: str) -> Item:
    """The item with this code in one of the initiative's frameworks; else 404."""
    items = Item.objects.filter(gate__framework__assessments__passage__initiative=initiative, code=code)
    item = items.select_related("gate").first()
    if item is None:
        raise Http404
    return item


def back_to(initiative: Initiative, item: Item, told: Told) -> HttpResponse:
    """To the item's card, which says what was done."""
    page = checklist_url(initiative.ref, item.gate.slug)
    return redirect(f"{page}?told={told}&item={item.code}#{item.code}")


def show_written(request: HttpRequest, place: GatePlace, code: str, written: Written) -> HttpResponse:
    """The page after a write at one item; for htmx the parts of it that changed.

    A refused form names from now on the version that stands: to send it again is to write over what somebody else
    wrote, which the card shows.
    """
    page = checklist_page(place)
    item = page.item(code)
    item.told, item.refusal = written.told, written.refusal
    if written.form is not None and item.form is not None:
        item.form = with_version(written.form, item.version)
    if written.evidence_form is not None and item.evidence_form is not None:
        item.evidence_form = with_version(written.evidence_form, item.version)
    context = {"page": page, "item": item, "initiative": place.initiative, "written": written}
    template = "_written.html" if by_htmx(request) else "page.html"
    status = STATUS.get(written.told, 200)
    return render(request, f"workbench/checklist/{template}", context, status=status)
