"""Handing everything over that somebody holds: for admins, and for the teams they are on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gates.models import Initiative, Role
from readiness import clock
from readiness.accounts.policy import Act, allows
from readiness.actions.errors import Conflict, Invalid
from readiness.actions.handing_over import hand_over_everything, leaving
from readiness.workbench.choosing.places import successors_of
from readiness.workbench.continuity.forms import HandOverForm
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.refusals import answering_refusals

Places = list[tuple[Initiative, list[str]]]


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
    context |= {"form": form, "places": in_words(held.places), "left": held.left, "refusal": refusal}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "workbench/people/hand_over.html", context, status=status)


def in_words(places: Places) -> list[tuple[Initiative, str]]:
    """Each initiative with the roles held there, as a page names them."""
    return [(initiative, ", ".join(str(Role(role).label) for role in roles)) for initiative, roles in places]
