"""The first steps of an installation: what an admin sets up, each with whether it is done."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.accounts.models import Organisation, User

UNNAMED = Organisation._meta.get_field("name").default


@dataclass(frozen=True, slots=True)
class FirstStep:
    """``other``: another way to do it, in words and with its address."""

    title: str
    why: str
    button: str
    url: str
    done: bool
    other: tuple[str, str] | None = None


def first_steps(organisation: Organisation) -> list[FirstStep]:
    """In the order in which they help; [] once all are done. Two queries."""
    people = User.objects.active().aggregate(
        all=Count("pk"),
        leads=Count("pk", filter=Q(is_lead=True)),
        reviewers=Count("pk", filter=Q(is_reviewer=True)),
    )
    steps = [
        FirstStep(
            _("Say who you are"),
            _("The organisation’s name, its time zone and its currency: days and sums are told in them."),
            _("Set up the organisation"),
            reverse("organisation"),
            organisation.name != UNNAMED,
        ),
        FirstStep(
            _("Invite a project lead"),
            _("A lead enters initiatives and answers their checklists."),
            _("Invite a person"),
            f"{reverse('person-new')}?role=lead",
            people["leads"] > 0,
        ),
        FirstStep(
            _("Invite a reviewer"),
            _("Nobody decides a gate of their own: whoever reviews must not be on the team."),
            _("Invite a person"),
            f"{reverse('person-new')}?role=reviewer",
            people["reviewers"] > 0 and people["all"] > 1,
        ),
        FirstStep(
            _("Enter the first initiative"),
            _("By hand, or many at once from a spreadsheet."),
            _("New initiative"),
            reverse("initiative-new"),
            Initiative.objects.exists(),
            (_("Import a spreadsheet"), reverse("imports")),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
