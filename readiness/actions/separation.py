"""Separation of duties at a gate: who may not decide, waive or confirm there, whatever role they hold."""

from checklists.models import Writing as WritingRow
from checklists.said import joined
from gates.models import Decision, Submission, TeamRole
from gates.separation import BAR_MESSAGES, Place, Writing, bars
from readiness.actions.errors import NotAllowed
from readiness.audit.recording import Actor


def separate(passage_id: int, assessment_id: int, gate_id: int, by: Actor) -> None:
    """Raise NotAllowed ``separation_of_duties`` where the person submitted, wrote or was on the team."""
    if by.user is None:
        return
    person = by.user.pk
    at_gate = {"passage_id": passage_id, "gate_id": gate_id}
    last = Decision.objects.filter(**at_gate).order_by("pk").last()
    waiting = Submission.objects.filter(**at_gate, decided_at__isnull=True).first()
    writings = WritingRow.objects.filter(assessment_id=assessment_id, gate_id=gate_id, by=person)
    places = TeamRole.objects.filter(initiative__passages=passage_id, user=person)
    found = bars(
        person,
        last_decision_at=last.at if last else None,
        submitted_by=waiting.by_id if waiting else None,
        writings=[Writing(person, writing.last_at) for writing in writings],
        places=[Place(person, place.since, place.until) for place in places],
    )
    if found:
        raise NotAllowed("separation_of_duties", joined(BAR_MESSAGES[bar] for bar in found))
