"""Whom somebody who types @ may mean: offered while they type."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from gates.models import TeamRole
from gates.querysets import sort_key
from readiness.accounts.audience import who_may_see
from readiness.accounts.policy import Act
from readiness.actions.texts import character_errors
from readiness.workbench.finding import acts_of, find_initiative
from readiness.workbench.refusals import must

MOST_OFFERED = 10
WORD_MAX = 60


@require_safe
def mentions(request: HttpRequest, ref: str) -> JsonResponse:
    """At most ten of those who may see this initiative, whose username or name begins like ``?q=``: the team first."""
    initiative = find_initiative(request, ref)
    must(Act.COMMENT, acts_of(request, initiative))
    word = request.GET.get("q", "")[:WORD_MAX]
    people = who_may_see(initiative)
    if character_errors("q", word):
        people = people.none()
    elif word:
        key = sort_key(word)
        begins = Q(username__istartswith=word)
        if key:
            begins |= Q(name_key__startswith=key) | Q(name_key__contains=f" {key}")
        people = people.filter(begins)
    places = TeamRole.objects.filter(initiative=initiative, user=OuterRef("pk"), until__isnull=True)
    rows = people.annotate(on_team=Exists(places)).order_by("-on_team", "name_key", "pk")[:MOST_OFFERED]
    offered = [{"username": one.username, "name": one.name, "unit": one.unit} for one in rows]
    return JsonResponse({"people": offered}, headers={"Cache-Control": "no-store"})
