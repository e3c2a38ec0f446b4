"""Finding the people one may choose, while their name is typed."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from readiness.actions.handing_over import leaving
from readiness.ui.parts import Match
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.places import CHOOSING, Place, candidates_at, successors_of
from readiness.workbench.finding import actor_of, acts_of, find_initiative, person_of
from readiness.workbench.refusals import must


@require_safe
def candidates(request: HttpRequest, ref: str, place: str) -> HttpResponse:
    """At most twenty of those who may be chosen there, whose name begins like ``?q=``; ``?but=`` is left out."""
    initiative = find_initiative(request, ref)
    if place not in set(Place):
        raise Http404
    must(CHOOSING[Place(place)].act, acts_of(request, initiative))
    people = candidates_at(Place(place), initiative, person_of(request))
    return found_people(request, people.without(request.GET.get("but", "")))


@require_safe
def successors(request: HttpRequest, username: str) -> HttpResponse:
    """The same for who takes every place of somebody who leaves."""
    held = leaving(username, actor_of(request))
    return found_people(request, successors_of(held.leaver, person_of(request)))


def found_people(request: HttpRequest, among: Candidates) -> HttpResponse:
    """Those of these people whose name begins like ``?q=``, as the list that opens below a combobox."""
    people, more = among.found(request.GET.get("q", ""))
    keys = _("Arrow keys to move, Enter to choose, Escape to close.")
    note = ""
    if not people:
        said = note = _("Nobody who can be chosen here is called so.")
    elif more:
        note = _("These are the first %(n)s. Write more of the name to find others.") % {"n": len(people)}
        said = f"{note} {keys}"
    else:
        count = ngettext("%(n)s person found.", "%(n)s people found.", len(people)) % {"n": len(people)}
        said = f"{count} {keys}"
    return found_list(request, [among.match(one) for one in people], _("People to choose from"), said, note)


def found_list(
    request: HttpRequest, matches: Sequence[Match], label: str, said: str, note: str
) -> HttpResponse:
    """``said``: for who does not see the list; ``note``: below it, or in its place."""
    context = {"matches": matches, "label": label, "said": said, "note": note}
    answer = render(request, "components/combobox_list.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
