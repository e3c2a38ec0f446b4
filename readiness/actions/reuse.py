"""Putting a piece of evidence that lies behind one item behind another item of the same initiative as well."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import Evidence, EvidenceKind
from checklists.scoring import MET, cap
from checklists.scoring import Piece as Counted
from readiness.accounts.policy import Act
from readiness.actions.acting import begin
from readiness.actions.answers import AnswerChange, places_in, record_answers
from readiness.actions.errors import Conflict, NotFound
from readiness.actions.pieces import Piece, StoredFile, other_expiry
from readiness.audit.recording import Actor
from readiness.standing.outcome import Outcome

REUSABLE_KINDS = frozenset({EvidenceKind.LINK, EvidenceKind.STATEMENT, EvidenceKind.FILE})
"""What people gave. What a check found speaks of the item it is bound to."""


@transaction.atomic
def reuse_evidence(initiative_id: int, evidence_id: int, code: str, by: Actor, at: datetime) -> Outcome:
    """Attach the same piece (kind, address or text or file, effective date, expiry) to the item ``code``.

    Where it lies there already nothing changes. Raises NotFound, NotAllowed, Conflict ``initiative_ended``,
    ``evidence_withdrawn``, ``evidence_ran_out`` or ``evidence_has_another_expiry``.
    """
    work = begin(initiative_id, Act.ANSWER, by, at)
    rows = Evidence.objects.filter(
        assessment__passage__initiative_id=initiative_id, pk=evidence_id, kind__in=REUSABLE_KINDS
    )
    evidence = rows.first()
    if evidence is None:
        raise NotFound
    if evidence.withdrawn_at is not None:
        raise Conflict("evidence_withdrawn", _("This piece of evidence was withdrawn."))
    place = places_in(work.frameworks(), [code]).get(code)
    if place is None:
        raise NotFound
    if not holds_at(evidence, place.item.evidence_max_age_days, work.today):
        raise Conflict(
            "evidence_ran_out", _("This piece of evidence has run out. Add it anew with its new day.")
        )
    lying = Evidence.objects.filter(
        assessment_id=place.passage.assessment_id,
        item=place.item,
        fingerprint=evidence.fingerprint,
        withdrawn_at__isnull=True,
    ).first()
    if lying is not None and lying.expires_on != evidence.expires_on:
        raise Conflict("evidence_has_another_expiry", other_expiry(lying.expires_on))
    return record_answers(
        initiative_id, [AnswerChange(code, evidence=(as_given(evidence),))], by, at, path=""
    )


def holds_at(evidence: Evidence, max_age_days: int | None, today: date) -> bool:
    """Whether a piece would allow Met today at an item that lets evidence be so many days old (None: any age)."""
    counted = Counted(evidence.effective_on, evidence.expires_on, evidence.withdrawn_at is not None)
    return cap((counted,), max_age_days, today).value == MET


def as_given(evidence: Evidence) -> Piece:
    """A piece as it was given, to be given once more. The stored file is shared: no copy of it is made."""
    file = None
    if evidence.kind == EvidenceKind.FILE:
        file = StoredFile(
            evidence.file_key,
            evidence.file_name,
            evidence.file_type,
            evidence.file_size or 0,
            evidence.file_sha256,
        )
    return Piece(
        kind=evidence.kind,
        effective_on=evidence.effective_on,
        title=evidence.title,
        url=evidence.url,
        stated_by=evidence.stated_by,
        expires_on=evidence.expires_on,
        file=file,
    )
