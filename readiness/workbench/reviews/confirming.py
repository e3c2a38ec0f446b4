"""Several kept conditions confirmed at once, each looked at on its own."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gates.models import Condition, Initiative
from readiness.actions.conditions import CONFIRMED_AT_ONCE_MAX, confirm_conditions
from readiness.clock import now
from readiness.standing.links import gate_url
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.reviews.inbox import CONDITIONS


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one condition; ``refusal`` is "" where it is confirmed."""

    condition: Condition
    initiative: Initiative
    url: str
    refusal: str


@require_POST
def conditions_confirm(request: HttpRequest) -> HttpResponse:
    """Those that were chosen, with what became of each."""
    person = person_of(request)
    if not person.is_reviewer:
        raise PermissionDenied(_("Only reviewers confirm conditions."))
    rows = Condition.objects.filter(
        pk__in=_keys(request.POST.getlist("condition")),
        decision__passage__initiative__in=Initiative.objects.visible_to(person),
    ).select_related("owner", "decision__gate", "decision__passage__initiative")
    chosen = {one.pk: one for one in rows.order_by("due", "pk")}
    if not chosen:
        messages.warning(request, _("Choose at least one condition."))
        return redirect(f"{reverse('reviews')}?show={CONDITIONS}")
    wanted = [(one.decision.passage.initiative_id, one.pk) for one in chosen.values()]
    found = confirm_conditions(wanted, actor_of(request), now())
    results = [_result(chosen[one.condition_id], one.refused.message if one.refused else "") for one in found]
    context = {
        "results": results,
        "done": sum(1 for one in results if not one.refusal),
        "refused": sum(1 for one in results if one.refusal),
    }
    status = 200 if context["done"] else 409  # nothing was changed
    return render(request, "workbench/reviews/confirmed.html", context, status=status)


def _keys(sent: list[str]) -> list[int]:
    """The keys among what was sent, at most so many at once."""
    known = [one for one in sent if one.isascii() and one.isdecimal() and len(one) < 19]
    return [int(one) for one in known[:CONFIRMED_AT_ONCE_MAX]]


def _result(condition: Condition, refusal: str) -> Result:
    initiative = condition.decision.passage.initiative
    url = gate_url(initiative.ref, condition.decision.gate.slug)
    return Result(condition, initiative, f"{url}#conditions", refusal)
