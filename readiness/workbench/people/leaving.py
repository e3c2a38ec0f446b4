"""Who leaves: handing over all that they hold, for admins and the teams they are on; and erasing who they were."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gates.models import Initiative, Role
from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allows
from readiness.actions.erasing import erase_person
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.handing_over import Holding, hand_over_everything, holdings_of, leaving
from readiness.workbench.choosing.places import successors_of
from readiness.workbench.continuity.forms import HandOverForm
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import answering_refusals


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody holds on one initiative, in words."""

    initiative: Initiative
    roles: str
    lines: list[str]


@never_cache
@answering_refusals
@require_http_methods(["GET", "HEAD", "POST"])
def person_hand_over(request: HttpRequest, username: str) -> HttpResponse:
    """Choose who follows, seeing what changes hands; then see what wants a second look."""
    held = leaving(username, actor_of(request))
    people = successors_of(held.leaver, person_of(request))
    form, refusal = HandOverForm(sent(request), people=people), ""
    context = {"person": held.leaver, "administers": allows(person_of(request), Act.ADMINISTER)}
    if form.is_bound and form.is_valid():
        try:
            done = hand_over_everything(username, form.cleaned_data["to"], actor_of(request), clock.now())
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            refusal = refused.message
        else:
            rows = [(one, done.remarks.get(one.pk, [])) for one in done.initiatives]
            context |= {"successor": done.successor, "rows": rows, "left": done.left}
            return render(request, "workbench/people/handed_over.html", context)
    context |= {"form": form, "places": in_words(held.holdings), "left": held.left, "refusal": refusal}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "workbench/people/hand_over.html", context, status=status)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: HttpRequest, username: str) -> HttpResponse:
    """Ask once more, saying what goes and what stays; then put a pseudonym in their place."""
    person = User.objects.named(username).first()
    if person is None:
        raise Http404
    if request.method == "POST":
        try:
            person = erase_person(username, actor_of(request), clock.now())
        except Conflict as refused:
            messages.error(request, refused.message)
        else:
            told = _("Erased: what they did stands under %(person)s.")
            messages.success(request, told % {"person": person.name})
        return redirect("person-edit", person.username)
    context = {
        "person": person,
        "places": in_words(holdings_of(person)),
        "hand_over_url": reverse("person-hand-over", args=[person.username]),
        "person_url": reverse("person-edit", args=[person.username]),
    }
    return render(request, "workbench/people/erase.html", context)


def in_words(holdings: Sequence[Holding]) -> list[Shown]:
    """What is held on each initiative, as a page names it: the roles, and line by line what stands in their name."""
    return [
        Shown(one.initiative, ", ".join(str(Role(role).label) for role in one.roles), _lines(one))
        for one in holdings
    ]


def _lines(holding: Holding) -> list[str]:
    owed = holding.owed
    return [
        *(_("Condition: %(words)s") % {"words": row.text} for row in owed.conditions),
        *(_("KPI: %(name)s") % {"name": row.name} for row in owed.kpis),
        *(_("Decides the exit criterion on %(kpi)s") % {"kpi": row.kpi.name} for row in owed.criteria),
    ]
