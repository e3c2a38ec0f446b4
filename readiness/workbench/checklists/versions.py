"""Two versions of one answer, side by side: what stands, and what somebody wanted to save without having seen it."""

from dataclasses import dataclass
from datetime import datetime

from checklists.scoring import AnswerValue
from readiness.standing.words import Word
from readiness.workbench.checklists.forms import AnswerForm
from readiness.workbench.checklists.items import ShownItem


@dataclass(frozen=True, slots=True)
class Version:
    """What one of two people says of an item."""

    answer: Word
    note: str


@dataclass(frozen=True, slots=True)
class TwoVersions:
    """``theirs`` stands, ``yours`` was sent. ``by`` wrote what stands ``at`` that time; "" and None where nobody did.

    ``version`` is that of what stands: to save over it one has to name it.
    """

    theirs: Version
    yours: Version
    by: str
    by_yourself: bool
    at: datetime | None
    version: int

    @property
    def answers_differ(self) -> bool:
        return self.theirs.answer != self.yours.answer

    @property
    def notes_differ(self) -> bool:
        return self.theirs.note != self.yours.note

    @property
    def differ(self) -> bool:
        return self.answers_differ or self.notes_differ


def two_versions(item: ShownItem, form: AnswerForm, person_id: int) -> TwoVersions | None:
    """Both versions, or None where what was sent cannot be put beside what stands (it was no answer at all)."""
    sent, stands = form.change(item.code), item.answer
    theirs = Version(item.declared, stands.note if stands else "")
    try:
        answer = item.declared if sent.answer is None else item.answers[AnswerValue(sent.answer)]
    except ValueError:
        return None
    note = theirs.note if sent.note is None else sent.note.strip()
    return TwoVersions(
        theirs=theirs,
        yours=Version(answer, note),
        by=item.answered_by,
        by_yourself=stands is not None and stands.answered_by_id == person_id,
        at=stands.answered_at if stands else None,
        version=item.version,
    )
