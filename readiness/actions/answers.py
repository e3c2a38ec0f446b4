"""Answering items and giving evidence for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Answer, DeclaredValue, Evidence, Item, Writing
from gates.asking import Prepared
from gates.definitions import LoadedFramework, passages_of
from gates.models import Passage
from gates.querysets import only_row
from readiness.accounts.models import Organisation
from readiness.accounts.policy import Act
from readiness.actions.acting import Work, begin, same_version
from readiness.actions.errors import FieldError, Invalid, NotFound
from readiness.actions.pieces import Piece, as_evidence, expiry_problems, problems
from readiness.actions.texts import character_errors, text_errors, word_errors
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

NOTE_MAX = 5000
UNANSWERED = "unanswered"
ANSWER_WORDS = (*DeclaredValue.values, UNANSWERED)


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What is to change at one item. None leaves as it is; the answer ``unanswered`` takes an answer back.

    ``version`` is the one the person saw, None for whichever stands.
    """

    code: str
    answer: str | None = None
    note: str | None = None
    evidence: tuple[Piece, ...] = field(default=())
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """An item within the initiative."""

    passage: Passage
    item: Item


@transaction.atomic
def record_answers(
    initiative_id: int,
    changes: Sequence[AnswerChange],
    by: Actor,
    at: datetime,
    framework: str | None = None,
    *,
    path: str = "answers.{position}.",
    organisation: Organisation | None = None,
) -> Outcome:
    """Write answers, notes and evidence of several items: all of them, or none with every error listed.

    ``path`` prefixes the fields of errors. Who has read the ``organisation`` spares its query. Raises NotFound,
    NotAllowed, Conflict ``initiative_ended``, Stale (for the item that moved) or Invalid.
    """
    work = begin(initiative_id, Act.ANSWER, by, at, organisation=organisation)
    places = places_in(work.frameworks(), [change.code for change in changes], framework)
    standing = _standing(changes, places)
    errors = _errors(changes, places, work, path)
    for position, change in enumerate(changes):
        lying = standing.get(change.code, {})
        errors += expiry_problems(change.evidence, lying, f"{path.format(position=position)}evidence")
    if errors:
        raise Invalid(errors)
    written = [_write(change, places[change.code], standing.get(change.code, {}), work) for change in changes]
    kept = [data for data in written if data]
    if not kept:
        return work.before
    return work.finish("answer.recorded", {"answers": kept}, activity=True)


@transaction.atomic
def withdraw_evidence(initiative_id: int, evidence_id: int, by: Actor, at: datetime) -> Outcome:
    """Withdraw one piece; it leaves its trace. One that is withdrawn already stays as it is."""
    work = begin(initiative_id, Act.ANSWER, by, at)
    pieces = Evidence.objects.select_related("item")
    evidence = only_row(pieces.filter(assessment__passage__initiative_id=initiative_id, pk=evidence_id))
    if evidence is None:
        raise NotFound
    if evidence.withdrawn_at is not None:
        return work.before
    evidence.withdrawn_at, evidence.withdrawn_by = at, by.user
    evidence.save(update_fields=["withdrawn_at", "withdrawn_by"])
    touch(evidence.assessment_id, evidence.item, work)
    data = {"item": evidence.item.code, "evidence": evidence.pk, "title": evidence.title}
    return work.finish("evidence.withdrawn", data, activity=True)


def places_of(initiative_id: int, codes: Sequence[str], framework: str | None = None) -> dict[str, _Place]:
    """The items with these codes, within the initiative's frameworks (or the one named)."""
    return places_in(passages_of(initiative_id), codes, framework)


def places_in(
    passages: Sequence[tuple[Passage, LoadedFramework]], codes: Sequence[str], framework: str | None = None
) -> dict[str, _Place]:
    """The same of passages that were read already."""
    wanted = set(codes)
    return {
        code: _Place(passage, item)
        for passage, loaded in passages
        if framework in (None, passage.framework_slug)
        for code, item in loaded.rows.items()
        if code in wanted
    }


def unknown_item(field: str, code: str) -> list[FieldError]:
    """What is wrong with a code that names no item."""
    message = _("There is no item %(code)s here.") % {"code": code[:50]}
    return character_errors(field, code) or [FieldError(field, "unknown_item", message)]


def _errors(
    changes: Sequence[AnswerChange], places: dict[str, _Place], work: Work, path: str
) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for position, change in enumerate(changes):
        prefix = path.format(position=position)
        if change.code not in places:
            errors += unknown_item(f"{prefix}code", change.code)
        elif change.code in seen:
            errors.append(
                FieldError(
                    f"{prefix}code", "named_twice", _("%(code)s is named twice.") % {"code": change.code}
                )
            )
        seen.add(change.code)
        if change.answer is not None:
            errors += word_errors(f"{prefix}answer", change.answer, ANSWER_WORDS)
        if change.note is not None:
            errors += text_errors(f"{prefix}note", change.note, NOTE_MAX, required=False)
        for number, piece in enumerate(change.evidence):
            errors += problems(piece, f"{prefix}evidence.{number}", work.today)
    return errors


def _standing(
    changes: Sequence[AnswerChange], places: dict[str, _Place]
) -> dict[str, dict[str, date | None]]:
    """The last days of the pieces behind the items that are given evidence, by code and fingerprint; one query."""
    given = [places[change.code] for change in changes if change.evidence and change.code in places]
    if not given:
        return {}
    codes = {(place.passage.assessment_id, place.item.pk): place.item.code for place in given}
    rows = Evidence.objects.filter(
        assessment_id__in={assessment for assessment, _item in codes},
        item_id__in={item for _assessment, item in codes},
        withdrawn_at__isnull=True,
    ).values_list("assessment_id", "item_id", "fingerprint", "expires_on")
    found: dict[str, dict[str, date | None]] = {}
    for assessment, item, fingerprint, last in rows:
        if (assessment, item) in codes:
            found.setdefault(codes[assessment, item], {})[fingerprint] = last
    return found


answer_at = Prepared(lambda keys: Answer.objects.filter(assessment_id=keys[0], item_id=keys[1]).order_by())


def _write(
    change: AnswerChange, place: _Place, lying: Mapping[str, date | None], work: Work
) -> dict[str, Any]:
    """Write one change; returns what the event says of it, empty where nothing changed."""
    assessment_id = place.passage.assessment_id
    answer = answer_at.one(assessment_id, place.item.pk)
    same_version(change.version, answer.version if answer else 0, place.item.code)
    data: dict[str, Any] = {}
    declared, note = (answer.declared, answer.note) if answer else (None, "")
    if change.answer is not None:
        said = None if change.answer == UNANSWERED else change.answer
        if said != declared:
            data["answer"] = [declared or UNANSWERED, change.answer]
            declared = said
    if change.note is not None and change.note.strip() != note:
        data["note"] = note = change.note.strip()
    added = _add_pieces(change.evidence, lying, assessment_id, place.item, work)
    if added:
        data["evidence"] = [{"id": piece.pk, "kind": piece.kind, "title": piece.title} for piece in added]
    if not data:
        return {}
    said_something = {"declared": declared, "note": note} if data.keys() & {"answer", "note"} else {}
    touch(assessment_id, place.item, work, answer, **said_something)
    return {"item": place.item.code, **data}


def _add_pieces(
    pieces: Sequence[Piece], lying: Iterable[str], assessment_id: int, item: Item, work: Work
) -> list[Evidence]:
    """Those of the pieces that do not lie there yet, kept. ``lying``: the fingerprints of what does."""
    present, added = set(lying), []
    for piece in pieces:
        if piece.fingerprint not in present:
            present.add(piece.fingerprint)
            evidence = as_evidence(piece, assessment_id, item, work.actor, work.at)
            evidence.save()
            added.append(evidence)
    return added


def touch(
    assessment_id: int,
    item: Item,
    work: Work,
    answer: Answer | None = None,
    **values: Any,
) -> None:
    """Count the item's version up and note who wrote in its gate."""
    answer = answer or answer_at.one(assessment_id, item.pk)
    if answer is None:
        answer = Answer(assessment_id=assessment_id, item=item, version=0)
    for name, value in values.items():
        setattr(answer, name, value)
    answer.version += 1
    if values:
        answer.answered_by, answer.answered_at = work.actor.user, work.at
    answer.save()
    note_writing(assessment_id, item, work)


def note_writing(assessment_id: int, item: Item, work: Work) -> None:
    """Note who wrote in the item's gate, which separation of duties asks."""
    if work.actor.user is not None:
        writing = Writing(
            assessment_id=assessment_id, gate_id=item.gate_id, by=work.actor.user, last_at=work.at
        )
        Writing.objects.bulk_create(
            [writing],
            update_conflicts=True,
            unique_fields=["assessment", "gate", "by"],
            update_fields=["last_at"],
        )
