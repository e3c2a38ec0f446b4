"""Where people are chosen, whom one may choose there, and what one must be allowed to do to choose at all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse

from gates.models import Initiative
from readiness.accounts.audience import who_may_answer, who_may_keep
from readiness.accounts.models import SystemRole, User
from readiness.accounts.policy import Act
from readiness.workbench.choosing.candidates import Candidates


class Place(StrEnum):
    """The fields of an initiative that choose people, as their addresses name them."""

    PEOPLE = "people"
    OWNER = "owner"
    DECIDER = "decider"
    KEEPER = "keeper"
    NEXT_KEEPER = "next-keeper"
    ASSIGNEE = "assignee"


@dataclass(frozen=True, slots=True)
class Choosing:
    """``act`` is what one is about to do; ``first`` the role whose people are found before the others."""

    act: Act
    people: Callable[[Initiative], QuerySet[User]]
    first: SystemRole | None = None


CHOOSING = {
    Place.PEOPLE: Choosing(Act.EDIT_PEOPLE, lambda initiative: User.objects.active()),
    Place.OWNER: Choosing(Act.EDIT, lambda initiative: User.objects.active()),
    Place.DECIDER: Choosing(Act.EDIT, who_may_keep, SystemRole.EXECUTIVE),
    Place.KEEPER: Choosing(Act.DECIDE, who_may_keep),
    # Whoever owns a condition need not be on the team: what they may do shows at the condition alone.
    Place.NEXT_KEEPER: Choosing(Act.COMMENT, who_may_keep),
    Place.ASSIGNEE: Choosing(Act.ASSIGN, who_may_answer),
}


def candidates_at(
    place: Place, initiative: Initiative, reader: User, *, held: Iterable[str] = ()
) -> Candidates:
    """Whom the reader may choose there; who is ``held`` already may stay."""
    choosing = CHOOSING[place]
    search = reverse("candidates", args=[initiative.ref, place.value])
    people = choosing.people(initiative)
    return Candidates(people, reader, search, initiative=initiative, held=held, first=choosing.first)


def successors_of(leaver: User, reader: User) -> Candidates:
    """Who may take every place of somebody who leaves."""
    search = reverse("successors", args=[leaver.username])
    return Candidates(User.objects.active().exclude(pk=leaver.pk), reader, search)
