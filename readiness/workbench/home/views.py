"""Where a person begins: what waits for them, the next step of each initiative, and what happened meanwhile."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gates.models import Initiative, Role, TeamRole
from gates.querysets import InitiativeQuerySet
from gates.stages import ENDED
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.audit.models import ActorKind, Event
from readiness.clock import now
from readiness.portfolio.decisions import Due, decisions_due
from readiness.portfolio.questions import not_snoozed
from readiness.portfolio.saved import start_of
from readiness.standing.links import initiative_url
from readiness.standing.thresholds import current_thresholds
from readiness.ui.parts import Entry
from readiness.workbench.finding import organisation_of, person_of
from readiness.workbench.home.beginning import first_steps
from readiness.workbench.home.deadlines import evidence_waits, measurement_waits
from readiness.workbench.home.owed import (
    assignment_waits,
    condition_waits,
    exit_waits,
    handover_waits,
    hold_waits,
    returned_waits,
)
from readiness.workbench.home.since import since_last_visit
from readiness.workbench.home.waits import SHOWN as WAITS_SHOWN
from readiness.workbench.home.waits import Wait, most_urgent_first
from readiness.workbench.initiatives.history import entry
from readiness.workbench.initiatives.listing import Row, row_of
from readiness.workbench.reviews.inbox import Inbox, inbox_of

SHOWN = 12
EVENTS_SHOWN = 5
_NOT_ENDED = ~Q(stage__in=[stage.value for stage in ENDED])


@require_safe
def beginning(request: HttpRequest) -> HttpResponse:
    """Where a person begins: at the saved view that they chose for it, else at home."""
    start = start_of(person_of(request))
    return redirect(start) if start else home(request)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person, organisation, at = person_of(request), organisation_of(request), now()
    today = organisation.day_of(at)
    visible = Initiative.objects.visible_to(person)
    mine = visible.on_team_of(person).running()
    may_administer = allows(person, Act.ADMINISTER)
    counts = visible.aggregate(
        all=Count("pk"),
        running=Count("pk", filter=_NOT_ENDED),
        stalled=Count("pk", filter=Q(standing__stalled=True)),
    )
    waits = _waits(person, organisation, visible.running(), today)
    due = _due(visible, person, organisation, today) if person.is_executive else None
    context = {
        "rows": _rows(mine, today),
        "mine_count": mine.count(),
        "waits": waits[:WAITS_SHOWN],
        "waits_count": len(waits),
        "further_waits": waits[WAITS_SHOWN:],
        "since": since_last_visit(person, visible.on_team_of(person)),
        "inbox": _inbox(person, organisation, at),
        "due": due,
        "to_decide": due is not None and due.count > 0,
        "trail": _trail() if allows(person, Act.SEE_AUDIT) else [],
        "counts": counts,
        "may_create": allows(person, Act.CREATE),
        "may_administer": may_administer,
        "first_steps": first_steps(organisation) if may_administer else [],
        "today": today,
    }
    return render(request, "workbench/home/page.html", context)


def _rows(mine: InitiativeQuerySet, today: date) -> list[Row]:
    """The stalled ones first, then those longest in their stage."""
    ordered = mine.with_place().prefetch_related("gate_standings", "holds")
    ordered = ordered.order_by(
        F("standing__stalled").desc(nulls_last=True), F("stage_since").asc(nulls_last=True), "pk"
    )
    return [row_of(initiative, today) for initiative in ordered[:SHOWN]]


def _waits(person: User, organisation: Organisation, running: InitiativeQuerySet, today: date) -> list[Wait]:
    """Everything that waits for this person, the most urgent first. An auditor only reads."""
    if person.is_auditor:
        return []
    work = _worked_on(running, person)
    zone = organisation.zone
    return most_urgent_first(
        [
            *exit_waits(person, running, today),
            *condition_waits(person, running, today),
            *assignment_waits(person, running, today),
            *returned_waits(work, today, zone),
            *hold_waits(person, running, today),
            *measurement_waits(work, running, person, today),
            *evidence_waits(not_snoozed(work, "evidence_expired", today), today),
            *handover_waits(person, running, today, zone),
        ]
    )


def _worked_on(running: InitiativeQuerySet, person: User) -> InitiativeQuerySet:
    """Those whose checklists this person works on: on the team, and not as its executive sponsor alone."""
    places = TeamRole.objects.filter(initiative=OuterRef("pk"), user=person, until__isnull=True)
    worked_on = running.filter(Exists(places.exclude(role=Role.EXECUTIVE_SPONSOR)))
    # Found once: within a question about answers, PostgreSQL has been seen to find them anew for each answer.
    return Initiative.objects.filter(pk__in=list(worked_on.values_list("pk", flat=True)))


def _inbox(person: User, organisation: Organisation, at: datetime) -> Inbox | None:
    """The reviewer's own page in short; None for everybody else."""
    return inbox_of(person, organisation, at) if person.is_reviewer else None


def _due(visible: InitiativeQuerySet, person: User, organisation: Organisation, today: date) -> Due:
    return decisions_due(visible, person, today, organisation.zone, current_thresholds())[0]


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
