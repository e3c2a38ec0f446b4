"""The items of a submission as the reviewer meets them: how each stood, what changed, by whom, and what to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checklists.models import Evidence, Item
from checklists.scoring import HALF_POINTS, MET, AnswerValue
from gates.criteria import GateKind
from gates.models import Comment
from readiness.accounts.policy import Act
from readiness.actions.differences import NOTHING, Content, ItemDifference, differences
from readiness.actions.snapshots import content_of
from readiness.standing.links import checklist_url
from readiness.standing.words import Word
from readiness.workbench.checklists.frozen import FrozenItem, FrozenPiece, effective_values, frozen_items
from readiness.workbench.checklists.items import texts_of
from readiness.workbench.checklists.places import GatePlace
from readiness.workbench.checklists.words import answer_words
from readiness.workbench.reviews.since import RanOut, Trace, Writing, names_of

Words = Mapping[AnswerValue, Word]


@dataclass(frozen=True, slots=True)
class ChangedPiece:
    """A piece of evidence that came or went, and by whom and when."""

    piece: FrozenPiece
    trace: Trace


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of one item between two moments, in words; None and empty where it is as it was.

    ``why``: why less counts than was said, as it is afterwards. ``said`` and ``noted``: who wrote it and when.
    ``fell``: it counts for less than before.
    """

    answer: tuple[Word, Word] | None
    counts: tuple[Word, Word] | None
    measured: tuple[Word | None, Word | None] | None
    why: str
    note: tuple[str, str] | None
    said: Trace | None
    noted: Trace | None
    added: list[ChangedPiece]
    withdrawn: list[ChangedPiece]
    ran_out: list[RanOut] = field(default_factory=list)
    fell: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether what is said, measured or counted is another."""
        return bool(self.answer or self.counts or self.measured)


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item of the submission.

    ``claim``: what the declared answer takes, "" where nothing was said. ``now`` is None where it counts today as it
    did; ``since_last`` and ``since_submitted`` where nothing changed. ``comments`` were made at it since the last
    review.
    """

    frozen: FrozenItem
    statement: str
    claim: str
    reviewer_check: str
    now: Word | None
    since_last: ItemChange | None
    since_submitted: ItemChange | None
    comments: list[Comment]
    may_waive: bool
    href: str

    @property
    def code(self) -> str:
        return self.frozen.code

    @property
    def is_unchanged(self) -> bool:
        return self.since_last is None and self.since_submitted is None and not self.comments

    @property
    def has_another_answer(self) -> bool:
        return any(one.is_answer for one in (self.since_last, self.since_submitted) if one)

    @property
    def fell(self) -> bool:
        """Whether it counts for less than at the last review, or than when it was submitted."""
        return any(one.fell for one in (self.since_last, self.since_submitted) if one)

    @property
    def new_pieces(self) -> set[int]:
        return {one.piece.pk for one in self.since_last.added} if self.since_last else set()


@dataclass(frozen=True, slots=True)
class Moments:
    """The three contents that are compared: at the last review (None before the first), as submitted, and now."""

    last: Content | None
    submitted: Content
    submitted_at: datetime
    now: Content


@dataclass(frozen=True, slots=True)
class Record:
    """What is known beside the contents: who wrote what, what ran out, what was said. By the item's code."""

    writings: list[Writing]
    ran_out: Mapping[str, list[RanOut]]
    comments: Mapping[str, list[Comment]]


def review_items(place: GatePlace, moments: Moments, record: Record) -> list[ReviewItem]:
    """Every item of the submission in its order; one query."""
    framework, ref = place.row.framework, place.initiative.ref
    words = answer_words(framework)
    frozen = {item.code: item for item in frozen_items(ref, moments.submitted, framework, place.today)}
    today = {item.code: item for item in frozen_items(ref, moments.now, framework, place.today)}
    declared = {one["code"]: AnswerValue(one["answer"]) for one in moments.submitted["items"]}
    counted, then = effective_values(moments.now), effective_values(moments.submitted)
    names = names_of(piece for pieces in place.passage.evidence.values() for piece in pieces)
    pieces = {piece.pk: piece for found in place.passage.evidence.values() for piece in found}
    first = differences(NOTHING if moments.last is None else moments.last, moments.submitted)
    later = differences(moments.submitted, moments.now)
    before = [one for one in record.writings if one.trace.at <= moments.submitted_at]
    after = [one for one in record.writings if one.trace.at > moments.submitted_at]
    rows: dict[str, Item] = {item.code: item for item in place.row.items.all()}
    return [
        ReviewItem(
            frozen=item,
            statement=rows[code].statement,
            claim=texts_of(rows[code]).get(declared[code], ""),
            reviewer_check=rows[code].reviewer_check,
            now=words[counted[code]] if counted[code] != then[code] else None,
            since_last=_change(first.get(code), item, words, before, pieces, names),
            since_submitted=_change(
                later.get(code), today[code], words, after, pieces, names, record.ran_out.get(code, ())
            ),
            comments=record.comments.get(code, []),
            may_waive=_may_waive(place, item, counted[code]),
            href=checklist_url(ref, place.slug, code),
        )
        for code, item in frozen.items()
    ]


def moments_of(place: GatePlace, last: Content | None) -> Moments:
    """Of a gate whose submission waits."""
    waiting = place.passage.waiting[place.slug]
    now = content_of(place.passage, place.state)
    return Moments(last, waiting.snapshot.content, waiting.at, now)


def _may_waive(place: GatePlace, item: FrozenItem, counts: AnswerValue) -> bool:
    """A waiver means something for an item of a gate that is not critical and does not count as met."""
    wanted = place.kind == GateKind.GATE and not item.critical and counts != MET
    return wanted and Act.WAIVE in place.acts and not place.initiative.has_ended


def _change(
    found: ItemDifference | None,
    item: FrozenItem,
    words: Words,
    writings: Iterable[Writing],
    pieces: Mapping[int, Evidence],
    names: Mapping[int | None, str],
    ran_out: Iterable[RanOut] = (),
) -> ItemChange | None:
    """The difference in words; ``item`` as it was afterwards. None where there is none and nothing ran out."""
    gone = list(ran_out)
    if found is None:
        return ItemChange(None, None, None, "", None, None, None, [], [], gone) if gone else None
    own = [one for one in writings if one.item == item.code]
    shown = {one.pk: one for one in item.pieces}
    return ItemChange(
        answer=_words(found.answer, words),
        counts=_words(found.effective, words),
        measured=_measured(found.measured, words),
        why=item.why if found.effective else "",
        note=found.note,
        said=next((one.trace for one in reversed(own) if one.answer), None),
        noted=next((one.trace for one in reversed(own) if one.note is not None), None),
        added=[ChangedPiece(shown[key], _added(pieces[key], names)) for key in found.added],
        withdrawn=[ChangedPiece(shown[key], _withdrawn(pieces[key], names)) for key in found.withdrawn],
        ran_out=gone,
        fell=_fell(found.effective),
    )


def _fell(pair: tuple[str, str] | None) -> bool:
    return pair is not None and HALF_POINTS[AnswerValue(pair[1])] < HALF_POINTS[AnswerValue(pair[0])]


def _words(pair: tuple[str, str] | None, words: Words) -> tuple[Word, Word] | None:
    return (words[AnswerValue(pair[0])], words[AnswerValue(pair[1])]) if pair else None


def _measured(
    pair: tuple[str | None, str | None] | None, words: Words
) -> tuple[Word | None, Word | None] | None:
    if pair is None:
        return None
    old, new = (words[AnswerValue(one)] if one else None for one in pair)
    return old, new


def _added(piece: Evidence, names: Mapping[int | None, str]) -> Trace:
    return Trace(names.get(piece.added_by_id, ""), piece.received_at)


def _withdrawn(piece: Evidence, names: Mapping[int | None, str]) -> Trace:
    return Trace(names.get(piece.withdrawn_by_id, ""), piece.withdrawn_at or piece.received_at)
