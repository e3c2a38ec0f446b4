"""What other people wait for from this person: promises, returned gates, exit criteria, holds, handovers, assignments.

Each asks once, whatever waits. An auditor owes nothing: an auditor only reads.
"""

from datetime import date, tzinfo

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gates.models import (
    Assignment,
    Condition,
    Decision,
    ExitTrigger,
    Handover,
    Hold,
    Initiative,
    Role,
    TeamRole,
)
from gates.owing import open_conditions
from gates.promises import criterion_read
from gates.querysets import InitiativeQuerySet
from gates.rules import DecisionKind, GateStatus
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.clock import day_in
from readiness.portfolio.questions import holds_to_review, not_snoozed
from readiness.standing.links import checklist_url, exit_decision_url, gate_url, hold_url, people_url
from readiness.standing.models import GateStanding
from readiness.standing.words import STAGE_WORDS
from readiness.ui.saying import content, say
from readiness.workbench.home.waits import MOST, Kind, Wait, due_words, since_words

WORDS_MAX = 400
"""So many characters of a reviewer's words are quoted; all of them stand on the gate's page."""


def condition_waits(person: User, running: InitiativeQuerySet, today: date) -> list[Wait]:
    """The open conditions that this person promised, and those of people who have left where this person is the
    technical lead: somebody has to take them. The next due first."""
    led = TeamRole.objects.filter(
        initiative=OuterRef("decision__passage__initiative"),
        user=person,
        role=Role.TECHNICAL_LEAD,
        until__isnull=True,
    )
    own = open_conditions().filter(
        Q(owner=person) | Q(owner__is_active=False) & Q(Exists(led)),
        decision__passage__initiative__in=running,
    )
    found = own.select_related("decision__gate", "decision__passage__initiative", "owner")
    return [_condition_wait(condition, person, today) for condition in found.order_by("due", "pk")[:MOST]]


def _condition_wait(condition: Condition, person: User, today: date) -> Wait:
    initiative, gate = condition.decision.passage.initiative, condition.decision.gate
    words = {"condition": condition.text, "person": condition.owner}
    if condition.owner_id == person.pk:
        title, button = _("You promised: %(condition)s") % words, _("Say it is kept")
        url = gate_url(initiative.ref, gate.slug) + "#conditions"
    else:
        title, button = _("%(person)s left and had promised: %(condition)s") % words, _("Give it to somebody")
        url = reverse("condition-give", args=[initiative.ref, condition.pk])
    return Wait(
        kind=Kind.CONDITION,
        initiative=initiative,
        title=title,
        place=content(gate.name),
        day=condition.due,
        when=due_words(condition.due, today),
        late=condition.due < today,
        url=url,
        button=button,
    )


def exit_waits(person: User, running: InitiativeQuerySet, today: date) -> list[Wait]:
    """The exit criteria that were reached and that this person was named to decide, the oldest first."""
    waiting = ExitTrigger.objects.filter(
        criterion__decider=person, criterion__initiative__in=running, decided_at__isnull=True
    ).select_related("criterion__initiative")
    return [_exit_wait(trigger, today) for trigger in waiting.order_by("on", "pk")[:MOST]]


def _exit_wait(trigger: ExitTrigger, today: date) -> Wait:
    initiative = trigger.criterion.initiative
    return Wait(
        kind=Kind.EXIT,
        initiative=initiative,
        title=_("An exit criterion waits for you: %(criterion)s")
        % {"criterion": say(criterion_read(trigger.words))},
        place=_("Promises"),
        day=trigger.on,
        when=_("reached %(when)s") % {"when": since_words(trigger.on, today)},
        late=True,
        url=exit_decision_url(initiative.ref, trigger.criterion_id),
        button=_("Decide"),
    )


def returned_waits(work: InitiativeQuerySet, today: date, zone: tzinfo) -> list[Wait]:
    """Gates and checkpoints that a reviewer sent back, with the reviewer's words; the oldest first."""
    returned = GateStanding.objects.filter(
        initiative=OuterRef("passage__initiative"),
        framework=OuterRef("passage__framework_slug"),
        gate=OuterRef("gate__slug"),
        status=GateStatus.RETURNED.value,
    )
    newer = Decision.objects.filter(
        passage=OuterRef("passage"), gate__slug=OuterRef("gate__slug"), pk__gt=OuterRef("pk")
    )
    found = Decision.objects.filter(
        Exists(returned),
        ~Exists(newer),
        decision=DecisionKind.RETURN.value,
        passage__initiative__in=work,
    ).select_related("gate", "passage__initiative", "by")
    return [_returned_wait(one, today, zone) for one in found.order_by("at", "pk")[:MOST]]


def _returned_wait(decision: Decision, today: date, zone: tzinfo) -> Wait:
    initiative, on = decision.passage.initiative, day_in(zone, decision.at)
    words = decision.rationale
    return Wait(
        kind=Kind.RETURNED,
        initiative=initiative,
        title=_("%(gate)s was sent back to you") % {"gate": content(decision.gate.name)},
        place=content(decision.gate.name),
        day=on,
        when=_("returned %(when)s") % {"when": since_words(on, today)},
        late=True,
        url=checklist_url(initiative.ref, decision.gate.slug),
        button=_("Mend it"),
        words=words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX]} …",
        by=str(decision.by),
    )


def hold_waits(person: User, running: InitiativeQuerySet, today: date) -> list[Wait]:
    """Holds past their review date of those on whose team this person is, its sponsor too; the longest past first."""
    due = not_snoozed(holds_to_review(running.on_team_of(person)), "hold_expired", today)
    held = due.filter(hold__isnull=False).select_related("hold__by")
    ordered = held.order_by("hold__review_on", "pk")[:MOST]
    return [_hold_wait(initiative, initiative.hold, today) for initiative in ordered if initiative.hold]


def _hold_wait(initiative: Initiative, hold: Hold, today: date) -> Wait:
    return Wait(
        kind=Kind.HOLD,
        initiative=initiative,
        title=_("Hold to review"),
        place=STAGE_WORDS[Stage(initiative.stage)].label,
        day=hold.review_on,
        when=due_words(hold.review_on, today),
        late=True,
        url=hold_url(initiative.ref),
        button=_("Review it"),
        words=hold.reason if len(hold.reason) <= WORDS_MAX else f"{hold.reason[:WORDS_MAX]} …",
        by=str(hold.by) if hold.by else "",
    )


def handover_waits(person: User, running: InitiativeQuerySet, today: date, zone: tzinfo) -> list[Wait]:
    """Open handovers to this person, and those in which they hand on what they know; the oldest first."""
    waiting = Handover.objects.filter(
        Q(successor=person) | Q(leaver=person), initiative__in=running, closed_at__isnull=True
    ).select_related("initiative", "leaver")
    return [_handover_wait(one, person, today, zone) for one in waiting.order_by("opened_at", "pk")[:MOST]]


def _handover_wait(handover: Handover, person: User, today: date, zone: tzinfo) -> Wait:
    on = day_in(zone, handover.opened_at)
    if handover.leaver_id == person.pk:
        title, button = _("Hand on what you know"), _("Write it down")
    else:
        title = _("%(leaver)s hands over to you") % {"leaver": handover.leaver}
        button = _("Look at it")
    return Wait(
        kind=Kind.HANDOVER,
        initiative=handover.initiative,
        title=title,
        place=_("People"),
        day=on,
        when=_("opened %(when)s") % {"when": since_words(on, today)},
        late=False,
        url=people_url(handover.initiative.ref),
        button=button,
    )


def assignment_waits(person: User, running: InitiativeQuerySet, today: date) -> list[Wait]:
    """The items that somebody asked this person to see to, the next due first."""
    asked = Assignment.objects.open().for_person(person).filter(passage__initiative__in=running)
    return [_assignment_wait(one, today) for one in asked[:MOST]]


def _assignment_wait(assignment: Assignment, today: date) -> Wait:
    initiative, item = assignment.passage.initiative, assignment.item
    return Wait(
        kind=Kind.ASSIGNMENT,
        initiative=initiative,
        title=_("See to “%(item)s”") % {"item": content(item.title)},
        place=content(item.gate.name),
        day=assignment.due,
        when=due_words(assignment.due, today),
        late=assignment.due < today,
        url=checklist_url(initiative.ref, item.gate.slug, item.code),
        button=_("Answer it"),
        words=assignment.note,
        by=str(assignment.by) if assignment.note else "",
    )
