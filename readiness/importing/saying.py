"""Writing what the rows say of the checklist: answers, and statements as evidence."""

from collections.abc import Mapping
from datetime import datetime

from checklists.models import Answer, Evidence, EvidenceKind, Item
from gates.models import Passage
from readiness.actions.pieces import Piece, as_evidence
from readiness.audit.recording import IMPORT
from readiness.importing.answering import PlannedAnswer
from readiness.importing.plan import PlannedInitiative

CHUNK = 500


def write_answers(planned: Mapping[int, PlannedInitiative], framework: str, at: datetime) -> None:
    """Bring the answers of these initiatives (by key) to what their rows say; what they no longer say is taken back.

    Only for initiatives that no person has worked on. Evidence is withdrawn, never deleted.
    """
    passages = Passage.objects.filter(initiative__in=planned, framework_slug=framework)
    assessments = {
        assessment: planned[initiative]
        for assessment, initiative in passages.values_list("assessment_id", "initiative_id")
    }
    items = _items(framework)
    _write_declared(assessments, items, at)
    _write_statements(assessments, items, at)


def _items(framework: str) -> dict[tuple[int, str], Item]:
    """The items of every version of a framework, by the key of the version and the code."""
    found = Item.objects.filter(gate__framework__slug=framework).select_related("gate")
    return {(item.gate.framework_id, item.code): item for item in found}


def _frameworks_of(assessments: Mapping[int, PlannedInitiative]) -> dict[int, int]:
    return dict(
        Passage.objects.filter(assessment__in=assessments).values_list(
            "assessment_id", "assessment__framework_id"
        )
    )


def _write_declared(
    assessments: Mapping[int, PlannedInitiative], items: Mapping[tuple[int, str], Item], at: datetime
) -> None:
    frameworks = _frameworks_of(assessments)
    present = {
        (answer.assessment_id, answer.item_id): answer
        for answer in Answer.objects.filter(assessment__in=assessments)
    }
    added, altered = [], []
    for assessment, planned in assessments.items():
        for said in planned.answers:
            item = items[frameworks[assessment], said.item]
            answer = present.pop((assessment, item.pk), None)
            if answer is None:
                added.append(_declare(Answer(assessment_id=assessment, item=item), said, at))
            elif (answer.declared, answer.note) != (_declared(said), said.note):
                altered.append(_declare(answer, said, at))
    for answer in present.values():
        if answer.declared is not None or answer.note:
            altered.append(_declare(answer, PlannedAnswer(answer.item.code, None, "", ()), at))
    Answer.objects.bulk_create(added, batch_size=CHUNK)
    Answer.objects.bulk_update(altered, ["declared", "note", "answered_at", "version"], batch_size=CHUNK)


def _declare(answer: Answer, said: PlannedAnswer, at: datetime) -> Answer:
    answer.declared, answer.note = _declared(said), said.note
    answer.answered_at = at if said.answer is not None else None
    answer.version = answer.version + 1 if answer.pk else 1
    return answer


def _declared(said: PlannedAnswer) -> str | None:
    return said.answer.value if said.answer is not None else None


def _write_statements(
    assessments: Mapping[int, PlannedInitiative], items: Mapping[tuple[int, str], Item], at: datetime
) -> None:
    frameworks = _frameworks_of(assessments)
    present = {
        (piece.assessment_id, piece.item_id, piece.fingerprint): piece
        for piece in Evidence.objects.filter(assessment__in=assessments, withdrawn_at__isnull=True)
    }
    added: list[Evidence] = []
    for assessment, planned in assessments.items():
        for said in planned.answers:
            item = items[frameworks[assessment], said.item]
            for statement in said.statements:
                piece = Piece(
                    EvidenceKind.STATEMENT.value,
                    statement.effective_on,
                    statement.text,
                    stated_by=statement.stated_by,
                )
                if present.pop((assessment, item.pk, piece.fingerprint), None) is None:
                    added.append(as_evidence(piece, assessment, item, IMPORT, at))
    Evidence.objects.bulk_create(added, batch_size=CHUNK)
    Evidence.objects.filter(pk__in=[piece.pk for piece in present.values()]).update(withdrawn_at=at)
