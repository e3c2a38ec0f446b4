"""What is frozen at a submission and at a decision: the gate as it stood."""

from datetime import datetime
from typing import Any

from checklists.scoring import ItemState
from gates.models import Snapshot
from gates.rules import GateState
from readiness.standing.facts import PassageFacts


def freeze(passage: PassageFacts, state: GateState, occasion: str, at: datetime) -> Snapshot:
    """Store the answers and evidence of one gate as they stand, with what the rules make of them."""
    return Snapshot.objects.create(
        passage_id=passage.passage_id,
        gate_id=gate_id_of(passage, state.gate.slug),
        taken_at=at,
        occasion=occasion,
        content=content_of(passage, state),
    )


def content_of(passage: PassageFacts, state: GateState) -> dict[str, Any]:
    """What a snapshot of the gate would hold if it were taken now: to lay beside one that was."""
    return {
        "framework": passage.framework.slug,
        "version": passage.framework.version,
        "gate": state.gate.slug,
        "criteria_hold": state.criteria.holds,
        "met": state.met,
        "total": state.total,
        "items": [_item(passage, item) for item in state.items],
    }


def gate_id_of(passage: PassageFacts, slug: str) -> int:
    """The row key of a gate."""
    return next(pk for pk, known in passage.framework.gates.items() if known == slug)


def _item(passage: PassageFacts, item: ItemState) -> dict[str, Any]:
    answer = passage.answers.get(item.item.code)
    return {
        "code": item.item.code,
        "title": item.item.title,
        "critical": item.item.critical,
        "answer": item.declared.value,
        "measured": answer.measured if answer else None,
        "effective": item.effective.value.value,
        "why": item.effective.why,
        "note": answer.note if answer else "",
        "evidence": [
            {
                "id": piece.pk,
                "kind": piece.kind,
                "title": piece.title,
                "url": piece.url,
                "stated_by": piece.stated_by,
                "effective_on": piece.effective_on.isoformat(),
                "expires_on": piece.expires_on.isoformat() if piece.expires_on else None,
                "withdrawn": piece.withdrawn_at is not None,
            }
            for piece in passage.evidence.get(item.item.code, ())
        ],
    }
