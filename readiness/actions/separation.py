"""Separation of duties at a gate: who may not decide, waive or confirm there, whatever role they hold."""

from checklists.said import joined
from gates.separation import BAR_MESSAGES, KEPT_IT
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


def separate_from_own_word(kept_by_id: int | None, by: Actor) -> None:
    """Raise NotAllowed ``separation_of_duties`` where the person would confirm what they said is kept."""
    if by.user is not None and by.user.pk == kept_by_id:
        raise NotAllowed("separation_of_duties", KEPT_IT)
