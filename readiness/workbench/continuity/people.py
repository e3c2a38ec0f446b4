"""The page of an initiative's people: who holds which place, who did, and what is handed over."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gates.models import Assignment, Handover, Initiative, Role, TeamRole
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.clock import now
from readiness.standing.recompute import fresh_outcome
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.continuity.forms import HandoverForm, named_people
from readiness.workbench.finding import acts_of, find_initiative, organisation_of, person_of
from readiness.workbench.header import PEOPLE, header_of
from readiness.workbench.together.asked import ShownAssignment

FORMER_SHOWN = 50
CLOSED_SHOWN = 20
_ORDER = [role.value for role in Role]


@dataclass(frozen=True, slots=True)
class ShownHandover:
    """``form`` is None where this person may not write in it."""

    handover: Handover
    form: HandoverForm | None
    roles: list[str]
    done: int
    total: int

    @property
    def anchor(self) -> str:
        return f"handover-{self.handover.pk}"

    @property
    def heading(self) -> str:
        return _("Handover of %(name)s") % {"name": self.handover.leaver.name}

    @property
    def subtitle(self) -> str:
        return _("%(roles)s. What the next person must know.") % {"roles": ", ".join(self.roles)}

    @property
    def done_words(self) -> str:
        return _("%(done)s of %(total)s") % {"done": self.done, "total": self.total}

    @property
    def open_words(self) -> str:
        return _("%(count)s not handed on") % {"count": self.total - self.done}


@require_safe
def initiative_people(request: HttpRequest, ref: str) -> HttpResponse:
    return people_page(request, find_initiative(request, ref))


def people_page(
    request: HttpRequest,
    initiative: Initiative,
    typed: HandoverForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; ``typed`` is a form of a handover that was refused, and why where no field says it."""
    acts = acts_of(request, initiative)
    may_edit = Act.EDIT_PEOPLE in acts and not initiative.has_ended
    places = _places(initiative)
    handovers = list(
        Handover.objects.filter(initiative=initiative)
        .select_related("leaver", "successor", "opened_by", "closed_by")
        .prefetch_related("points__done_by")
        .order_by("closed_at", "-pk")
    )
    people = successors_at(initiative, person_of(request), handovers)
    still_open = [one for one in handovers if one.closed_at is None]
    former = list(
        TeamRole.objects.filter(initiative=initiative, until__isnull=False)
        .select_related("user")
        .order_by("-until", "-pk")[: FORMER_SHOWN + 1]
    )
    context = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, now()), crumb=PEOPLE),
        "places": places,
        "former": former[:FORMER_SHOWN],
        "more_former": len(former) > FORMER_SHOWN,
        "handovers": _open(still_open, people, typed, may_edit),
        "closed": _closed(handovers),
        "may_edit": may_edit,
        "may_leave": _without_handover(places, still_open) if may_edit else [],
        "adrift": _adrift(request, initiative),
        "refusal": refusal,
    }
    return render(request, "workbench/continuity/people.html", context, status=status)


def successors_at(initiative: Initiative, reader: User, handovers: Iterable[Handover]) -> Candidates:
    """Who may follow in these handovers of one initiative, and who was named already."""
    held = [one.successor.username for one in handovers if one.successor]
    return candidates_at(Place.PEOPLE, initiative, reader, held=held)


def _adrift(request: HttpRequest, initiative: Initiative) -> list[ShownAssignment]:
    """Open assignments whose person can no longer do them."""
    today = organisation_of(request).day_of(now())
    rows = Assignment.objects.of(initiative.pk).to_be_handed_on().with_subject().order_by("due", "pk")
    return [ShownAssignment(row, today, adrift=True) for row in rows]


def _places(initiative: Initiative) -> list[TeamRole]:
    """Open places in the order in which roles are listed, members by name."""
    rows = TeamRole.objects.filter(initiative=initiative, until__isnull=True).select_related("user")
    return sorted(rows.order_by("user__name_key", "pk"), key=lambda place: _ORDER.index(place.role))


def _open(
    handovers: list[Handover], people: Candidates, typed: HandoverForm | None, may_edit: bool
) -> list[ShownHandover]:
    shown = []
    for one in handovers:
        fresh = HandoverForm(handover=one, people=people) if may_edit else None
        shown.append(_shown(one, typed if typed is not None and typed.handover == one else fresh))
    if typed is not None and typed.handover not in handovers:
        # Closed meanwhile: what was typed stays to be copied.
        shown.append(_shown(typed.handover, typed))
    return shown


def _closed(handovers: list[Handover]) -> list[ShownHandover]:
    newest_first = sorted(
        (one for one in handovers if one.closed_at is not None), key=lambda one: one.pk, reverse=True
    )
    return [_shown(one, None) for one in newest_first[:CLOSED_SHOWN]]


def _shown(handover: Handover, form: HandoverForm | None) -> ShownHandover:
    points = handover.points.all()
    return ShownHandover(
        handover=handover,
        form=form,
        roles=[str(Role(role).label) for role in handover.roles],
        done=sum(1 for point in points if point.done_at is not None),
        total=len(points),
    )


def _without_handover(places: list[TeamRole], handovers: list[Handover]) -> list[tuple[str, str]]:
    leaving = {one.leaver_id for one in handovers}
    stay = {place.user_id: place.user for place in places if place.user_id not in leaving}
    return named_people(stay.values())
