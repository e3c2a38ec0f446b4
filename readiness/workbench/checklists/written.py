"""What a write at one item answers.

Twice over: with the whole page (or a way back to it) for a browser alone, and for htmx with the parts that changed,
each placing itself, so that whatever else is being typed on the page stays.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from checklists.models import Item
from gates.definitions import passages_of
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.standing.links import checklist_url
from readiness.standing.outcome import Outcome
from readiness.workbench.checklists.forms import AnswerForm, EvidenceForm, with_version
from readiness.workbench.checklists.items import ShownItem
from readiness.workbench.checklists.page import checklist_page
from readiness.workbench.checklists.places import GatePlace
from readiness.workbench.checklists.versions import TwoVersions, two_versions
from readiness.workbench.finding import person_of


class Told(StrEnum):
    """What an item's card says of the last write. The words stand in templates/workbench/checklist/_told.html."""

    SAVED = "saved"
    THEIRS = "theirs"
    ADDED = "added"
    REUSED = "reused"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    REFUSED = "refused"
    WRONG = "wrong"
    NO_ROOM = "no_room"


STATUS = {Told.MOVED: 409, Told.REFUSED: 409, Told.WRONG: 422, Told.NO_ROOM: 507}
DONE = frozenset({Told.SAVED, Told.THEIRS, Told.ADDED, Told.REUSED, Told.WITHDRAWN})


@dataclass(slots=True)
class Written:
    """How a write at ``at`` went. A form that was refused is kept with what was typed.

    ``taken``: a proposal was to be taken: the card has to show a choice that nobody clicked. ``note_only``: no answer
    was sent. ``two``: both versions, where somebody else was quicker.
    """

    told: Told
    at: datetime
    refusal: str = ""
    outcome: Outcome | None = None
    form: AnswerForm | None = None
    evidence_form: EvidenceForm | None = None
    taken: bool = False
    note_only: bool = False
    two: TwoVersions | None = None

    @property
    def evidence_moved(self) -> bool:
        """Evidence came, went or was to come: the list of it may look otherwise than on the page."""
        return self.told != Told.SAVED

    @property
    def refills(self) -> bool:
        """The card's fields are to show what stands, not what was typed."""
        return self.done and (self.taken or self.told == Told.THEIRS)

    @property
    def done(self) -> bool:
        return self.told in DONE


def by_htmx(request: HttpRequest) -> bool:
    """Whether only the parts that changed are asked for."""
    return bool(getattr(request, "htmx", False))


def item_of(initiative: Initiative, code: str) -> Item:
    """The item with this code in one of the initiative's frameworks; else 404."""
    for _passage, framework in passages_of(initiative.pk):
        if code in framework.rows:
            return framework.rows[code]
    raise Http404


def back_to(initiative: Initiative, item: Item, told: Told) -> HttpResponse:
    """To the item's card, which says what was done."""
    page = checklist_url(initiative.ref, item.gate.slug)
    return redirect(f"{page}?told={told}&item={item.code}#{item.code}")


def show_written(request: HttpRequest, place: GatePlace, code: str, written: Written) -> HttpResponse:
    """The page after a write at one item; for htmx the parts of it that changed.

    An answer that was refused keeps the version it began with: only who was shown both versions, and says so, writes
    over what somebody else wrote. Evidence is added beside what is there, so its form names the version that stands.
    """
    in_parts = by_htmx(request)
    page = checklist_page(place, whole=code if in_parts else None)
    item = page.item(code)
    item.refusal, item.told_at = written.refusal, written.at
    if written.told == Told.MOVED and written.form is not None and not written.taken:
        _compare(item, written, person_of(request))
    item.told = written.told
    if written.form is not None and item.form is not None and not written.taken:
        item.form = written.form
    if written.evidence_form is not None and item.evidence_form is not None:
        item.evidence_form = with_version(written.evidence_form, item.version)
    context = {"page": page, "item": item, "initiative": place.initiative, "written": written}
    template = "_written.html" if in_parts else "page.html"
    status = STATUS.get(written.told, 200)
    return render(request, f"workbench/checklist/{template}", context, status=status)


def _compare(item: ShownItem, written: Written, person: User) -> None:
    """Put both versions side by side. Where they say the same there is nothing to choose: it is saved as it stands."""
    if written.form is None:
        return
    written.two = two_versions(item, written.form, person.pk)
    if written.two is not None and not written.two.differ:
        written.told, written.two, written.form = Told.SAVED, None, None
