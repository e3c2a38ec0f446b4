"""Where a person begins: what is theirs, what waits for them, and the one next step of each."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gates.models import Condition, ExitTrigger, Initiative
from gates.querysets import InitiativeQuerySet
from gates.rules import ConditionState
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.audit.models import ActorKind, Event
from readiness.clock import now
from readiness.portfolio.decisions import DecisionGroup, decision_groups
from readiness.portfolio.figures import reviews_waiting
from readiness.standing.links import exit_decision_url, gate_url, initiative_url
from readiness.standing.thresholds import current_thresholds
from readiness.ui.parts import Entry
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.initiatives.history import entry
from readiness.workbench.initiatives.listing import Row, row_of
from readiness.workbench.reviews.inbox import Inbox, inbox_of

SHOWN = 12
REVIEWS_SHOWN = 5
EVENTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Promised:
    """An open condition that this person owns."""

    condition: Condition
    initiative: Initiative
    overdue: bool
    url: str


@dataclass(frozen=True, slots=True)
class ExitToDecide:
    """An exit criterion that was reached, and that this person was named to decide."""

    trigger: ExitTrigger
    initiative: Initiative
    url: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person, organisation, at = person_of(request), organisation_of(request), now()
    today = organisation.day_of(at)
    visible = Initiative.objects.visible_to(person)
    mine = visible.on_team_of(person).running()
    context = {
        "rows": _rows(mine, today),
        "mine_count": mine.count(),
        "promises": _promises(person, visible, today),
        "exits": _exits(person, visible),
        "inbox": _inbox(person, organisation, at),
        "reviews_shown": REVIEWS_SHOWN,
        "decisions": _decisions(visible, organisation, today) if person.is_executive else [],
        "trail": _trail() if allows(person, Act.SEE_AUDIT) else [],
        "stalled_count": visible.stalled().count(),
        "running_count": visible.running().count(),
        "may_create": allows(person, Act.CREATE),
        "may_administer": allows(person, Act.ADMINISTER),
        "today": today,
    }
    return render(request, "workbench/home.html", context)


def _rows(mine: InitiativeQuerySet, today: date) -> list[Row]:
    """The stalled ones first, then those longest in their stage."""
    ordered = mine.with_place().prefetch_related("gate_standings", "holds")
    ordered = ordered.order_by(
        F("standing__stalled").desc(nulls_last=True), F("stage_since").asc(nulls_last=True), "pk"
    )
    return [row_of(initiative, today) for initiative in ordered[:SHOWN]]


def _inbox(person: User, organisation: Organisation, at: datetime) -> Inbox | None:
    """The reviewer's own page in short; None for everybody else."""
    return inbox_of(person, organisation, at) if person.is_reviewer else None


def _exits(person: User, visible: InitiativeQuerySet) -> list[ExitToDecide]:
    """The exit criteria that wait for this person's decision, the oldest first. An auditor only reads."""
    if person.is_auditor:
        return []
    waiting = ExitTrigger.objects.filter(
        criterion__decider=person, criterion__initiative__in=visible.running(), decided_at__isnull=True
    )
    found = waiting.select_related("criterion__initiative").order_by("on", "pk")[:SHOWN]
    return [_exit(trigger) for trigger in found]


def _exit(trigger: ExitTrigger) -> ExitToDecide:
    initiative = trigger.criterion.initiative
    return ExitToDecide(trigger, initiative, exit_decision_url(initiative.ref, trigger.criterion_id))


def _decisions(visible: InitiativeQuerySet, organisation: Organisation, today: date) -> list[DecisionGroup]:
    waiting = reviews_waiting(visible, today, organisation.zone)
    return decision_groups(visible, waiting, today, current_thresholds())


def _trail() -> list[Entry]:
    """What was done last in the organisation, the passing of time left out, each with what it concerns."""
    done = Event.objects.exclude(actor_kind=ActorKind.CLOCK).select_related("actor", "initiative")
    return [_told(event) for event in done.order_by("-seq")[:EVENTS_SHOWN]]


def _told(event: Event) -> Entry:
    told = entry(event)
    if event.initiative is None:
        return told
    return replace(
        told, who=f"{told.who} · {event.initiative.name}", href=initiative_url(event.initiative.ref)
    )


def _promises(person: User, visible: InitiativeQuerySet, today: date) -> list[Promised]:
    """The open conditions this person owns, the next due first."""
    own = Condition.objects.filter(
        owner=person,
        state=ConditionState.OPEN.value,
        decision__passage__initiative__in=visible.running(),
    ).select_related("decision__gate", "decision__passage__initiative")
    return [_promised(condition, today) for condition in own.order_by("due", "pk")[:SHOWN]]


def _promised(condition: Condition, today: date) -> Promised:
    initiative = condition.decision.passage.initiative
    url = gate_url(initiative.ref, condition.decision.gate.slug)
    return Promised(condition, initiative, condition.due < today, url)
