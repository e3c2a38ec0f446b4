"""Where a person begins: what is theirs, what waits for them, and the one next action of each."""

from datetime import date

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.models import Condition, Initiative
from gates.querysets import InitiativeQuerySet
from gates.rules import ConditionState
from readiness.accounts.policy import Act, allows
from readiness.clock import now
from readiness.standing.links import gate_url
from readiness.standing.models import GateStanding
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.initiatives.listing import Row, row_of

SHOWN = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = organisation_of(request).day_of(now())
    visible = Initiative.objects.visible_to(person_of(request))
    mine = visible.on_team_of(person_of(request)).running()
    context = {
        "rows": _rows(mine, today),
        "mine_count": mine.count(),
        "promises": _promises(request, today),
        "waiting": _waiting(request) if person_of(request).is_reviewer else None,
        "stalled_count": visible.stalled().count(),
        "running_count": visible.running().count(),
        "may_create": allows(person_of(request), Act.CREATE),
        "today": today,
    }
    return render(request, "workbench/home.html", context)


def _rows(mine: InitiativeQuerySet, today: date) -> list[Row]:
    """The stalled ones first, then those longest in their stage."""
    ordered = mine.with_place().prefetch_related("gate_standings", "holds")
    ordered = ordered.order_by(F("standing__stalled").desc(nulls_last=True), "stage_since", "pk")
    return [row_of(initiative, today) for initiative in ordered[:SHOWN]]


def _waiting(request: HttpRequest) -> int:
    """How many gates wait for a decision on initiatives whose team the reviewer is not on."""
    visible = Initiative.objects.visible_to(person_of(request))
    others = visible.exclude(pk__in=visible.on_team_of(person_of(request)).values("pk"))
    return GateStanding.objects.filter(initiative__in=others).awaiting_decision().count()


def _promises(request: HttpRequest, today: date) -> list[dict[str, object]]:
    """The open conditions this person owns, the next due first."""
    own = Condition.objects.filter(
        owner=person_of(request),
        state=ConditionState.OPEN.value,
        decision__passage__initiative__in=Initiative.objects.visible_to(person_of(request)).running(),
    ).select_related("decision__gate", "decision__passage__initiative")
    return [
        {
            "text": condition.text,
            "due": condition.due,
            "overdue": condition.due < today,
            "initiative": condition.decision.passage.initiative,
            "url": gate_url(condition.decision.passage.initiative.ref, condition.decision.gate.slug),
        }
        for condition in own.order_by("due", "pk")[:SHOWN]
    ]
