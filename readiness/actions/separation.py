"""Separation of duties at a gate: who may not decide, waive or confirm there, whatever role they hold."""

from checklists.said import joined
from gates.separation import BAR_MESSAGES
from readiness.actions.errors import NotAllowed
from readiness.audit.recording import Actor
from readiness.standing.bars import bars_at


def separate(passage_id: int, gate_id: int, by: Actor) -> None:
    """Raise NotAllowed ``separation_of_duties`` where the person submitted, wrote or was on the team."""
    if by.user is None:
        return
    key = (passage_id, gate_id)
    found = bars_at(by.user, [key])[key]
    if found:
        raise NotAllowed("separation_of_duties", joined(BAR_MESSAGES[bar] for bar in found))
