"""How good is it? The effective answer of an item, and the score of a set of items.

Pure: standard library only, no database, and no clock: `today` comes in as an argument and is a calendar day
in the organisation's zone. The rules in plain words: docs/rules.md, "Answers" and "Score".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from checklists.said import said


class AnswerValue(StrEnum):
    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    UNANSWERED = "unanswered"


class Lowered(StrEnum):
    """What keeps an effective answer below the declared one."""

    NO_EVIDENCE = "no_evidence"
    EVIDENCE_AGED = "evidence_aged"
    EVIDENCE_EXPIRED = "evidence_expired"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    CHECK_NOT_PASSED = "check_not_passed"
    MEASURED = "measured"
    MEASURED_EXPIRED = "measured_expired"


MET, PARTIAL, NOT_MET, UNANSWERED = AnswerValue

ANSWER_LABELS = {
    MET: said("Met"),
    PARTIAL: said("Partial"),
    NOT_MET: said("Not met"),
    UNANSWERED: said("Unanswered"),
}
HALF_POINTS = {MET: 2, PARTIAL: 1, NOT_MET: 0, UNANSWERED: 0}
_RANK = {NOT_MET: 0, PARTIAL: 1, MET: 2}

_NEVER = 0  # before every ordinal of a date
_FOREVER = date.max.toordinal()  # nothing happens after the last day a date can name


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """One item of a framework version: the same for every initiative, so build it once and share it.

    `evidence_required` is the framework's `evidence: required`. `evidence_max_age_days` is None where evidence
    ends only by its own expiry.
    """

    code: str
    gate: str
    title: str
    critical: bool = False
    evidence_required: bool = True
    evidence_max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence. `expires_on` is its last good day. A withdrawn piece stays in the list.

    `passed` is false for what an automated check reported that warned or failed: it speaks of the item, not for it.
    """

    effective_on: date
    expires_on: date | None = None
    withdrawn: bool = False
    passed: bool = True


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is known about one item of one initiative.

    `measured_until` is the last good day of the measured answer in the organisation's zone; None = no expiry.
    """

    item: ItemDefinition
    declared: AnswerValue = AnswerValue.UNANSWERED
    pieces: tuple[Piece, ...] = ()
    measured: AnswerValue | None = None
    measured_until: date | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """The answer that counts.

    `why` is one sentence wherever `value` is not the declared answer, else "".
    `changes_on` is the next day on which `value` or `why` may change without anyone's act: possibly too early,
    never too late; None = not by time.
    `lowered_by` is the first reason in `why`, for machines.
    """

    value: AnswerValue
    why: str = ""
    changes_on: date | None = None
    lowered_by: Lowered | None = None


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item with what was declared and what counts today."""

    item: ItemDefinition
    declared: AnswerValue
    effective: Effective


@dataclass(frozen=True, slots=True)
class Cap:
    """The best answer that evidence allows today; `reason` is half a sentence where that is below `met`."""

    value: AnswerValue
    reason: str = ""
    lowered_by: Lowered | None = None
    changes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of effective answers. `points` (halves) and `score` (0.0 to 100.0, one decimal) are exact decimals."""

    total: int
    met: int
    partial: int
    not_met: int
    unanswered: int
    points: Decimal
    score: Decimal


_NO_EVIDENCE = Cap(PARTIAL, said("no evidence has been given"), Lowered.NO_EVIDENCE)
_AS_DECLARED = {value: Effective(value) for value in AnswerValue}


def day_after(last_good_day: date | None) -> date | None:
    """The day on which something ends whose last good day is given; None where it never does."""
    return None if last_good_day is None else _after(last_good_day.toordinal())


def earliest(days: Iterable[date | None]) -> date | None:
    """The first of some days, of which None means never."""
    known = [day for day in days if day is not None]
    return min(known) if known else None


def _after(ordinal: int) -> date | None:
    return None if ordinal >= _FOREVER else date.fromordinal(ordinal + 1)


def _ends(piece: Piece, max_age_days: int | None) -> tuple[int, int]:
    """The last days (as ordinals) through which a piece, were it not withdrawn, allows `met` and `partial`."""
    expiry = _FOREVER if piece.expires_on is None else piece.expires_on.toordinal()
    if max_age_days is None:
        return expiry, _FOREVER
    start = piece.effective_on.toordinal()
    return min(start + max_age_days, expiry), start + 2 * max_age_days


def cap(pieces: tuple[Piece, ...], max_age_days: int | None, today: date) -> Cap:
    """The best that any piece allows; `partial` where there never was one.

    A piece allows `met` while in force (through its effective date + maximum age and through its expiry), then
    `partial` through its effective date + twice the maximum age, then `not_met`. Without a maximum age it ends
    only by its expiry and then allows `partial`. A withdrawn piece never allows `met` and otherwise counts as
    before, so that withdrawing never raises anything; nor does a check that did not pass.
    """
    if not pieces:
        return _NO_EVIDENCE
    now = today.toordinal()
    met_until = partial_until = _NEVER
    for piece in pieces:
        met_end, partial_end = _ends(piece, max_age_days)
        if met_end > met_until and piece.passed and not piece.withdrawn:
            met_until = met_end
        if partial_end > partial_until:
            partial_until = partial_end
    # What a piece allows only ever falls, so the best of all falls when the last piece on that level does.
    if now <= met_until:
        return Cap(MET, changes_on=_after(met_until))
    if now <= partial_until:
        reason, lowered_by = _why_partial(pieces, max_age_days)
        return Cap(PARTIAL, reason, lowered_by, _after(partial_until))
    return Cap(NOT_MET, _why_not_met(pieces, max_age_days), Lowered.EVIDENCE_AGED)


def good_through(pieces: Iterable[Piece], max_age_days: int | None) -> date | None:
    """The last day on which any piece that was not withdrawn allows `met`; None where none does or it never ends."""
    ends = [_ends(piece, max_age_days)[0] for piece in pieces if piece.passed and not piece.withdrawn]
    last = max(ends, default=_FOREVER)
    return None if last >= _FOREVER else date.fromordinal(last)


def _why_partial(pieces: tuple[Piece, ...], max_age_days: int | None) -> tuple[str, Lowered]:
    """Names the piece that would have lasted longest. Independent of today, so that the sentence is stable."""
    last = max(
        pieces,
        key=lambda piece: (
            _ends(piece, max_age_days)[0],
            not piece.withdrawn,
            piece.passed,
            piece.effective_on,
        ),
    )
    if not (last.withdrawn or last.passed):
        return said("the automated check did not pass"), Lowered.CHECK_NOT_PASSED
    if last.withdrawn:
        return said("the evidence was withdrawn"), Lowered.EVIDENCE_WITHDRAWN
    until = date.fromordinal(_ends(last, max_age_days)[0])
    if until == last.expires_on:
        return said("the evidence expired, its last day was {day}", day=until), Lowered.EVIDENCE_EXPIRED
    return (
        said(
            "the evidence is of {day} and may be {days} days old, which it was on {until}",
            day=last.effective_on,
            days=max_age_days or 0,
            until=until,
        ),
        Lowered.EVIDENCE_AGED,
    )


def _why_not_met(pieces: tuple[Piece, ...], max_age_days: int | None) -> str:
    newest = max(piece.effective_on for piece in pieces)
    return said(
        "the newest evidence, of {day}, is over twice the {days} days it may be old",
        day=newest,
        days=max_age_days or 0,
    )


def _measured_now(facts: ItemFacts, today: date) -> Cap | None:
    """What a measured answer still says: `partial` past its expiry, `not_met` where it was that."""
    value, until = facts.measured, facts.measured_until
    if value is None or value == UNANSWERED:
        return None
    if value == MET and until is not None:
        if today > until:
            reason = said("the automated check was good until {day}", day=until)
            return Cap(PARTIAL, reason, Lowered.MEASURED_EXPIRED)
        return Cap(MET, changes_on=day_after(until))
    return Cap(
        value, said("the automated check found {answer}", answer=ANSWER_LABELS[value]), Lowered.MEASURED
    )


def effective(facts: ItemFacts, today: date) -> Effective:
    """The lowest of the declared answer, what evidence allows, and the measured answer.

    Where nobody declared an answer, the measured one stands in for it; where there is neither, the item is
    unanswered whatever evidence lies there. In a framework that does not ask for evidence the declared answer
    is the effective one.
    """
    declared = facts.declared
    if declared == NOT_MET or not facts.item.evidence_required:
        return _AS_DECLARED[declared]
    measured = _measured_now(facts, today)
    if declared != UNANSWERED:
        return _lowest(declared, declared, _limits(facts, measured, today))
    if measured is None or facts.measured is None:
        return _AS_DECLARED[UNANSWERED]
    return _lowest(declared, facts.measured, _limits(facts, measured, today))


def _limits(facts: ItemFacts, measured: Cap | None, today: date) -> tuple[Cap, ...]:
    by_evidence = cap(facts.pieces, facts.item.evidence_max_age_days, today)
    return (by_evidence,) if measured is None else (by_evidence, measured)


def _lowest(declared: AnswerValue, claim: AnswerValue, limits: tuple[Cap, ...]) -> Effective:
    """`claim` is the declared answer, or the measured one that stands in for it."""
    value = min(claim, *(limit.value for limit in limits), key=_RANK.__getitem__)
    changes_on = earliest(limit.changes_on for limit in limits)
    if value == declared:
        return Effective(value, changes_on=changes_on)
    lowering = [limit for limit in limits if limit.value == value and value != claim]
    reasons = _and_also([limit.reason for limit in lowering])
    lowered_by = lowering[0].lowered_by if lowering else None
    return Effective(value, _why(declared, claim, value, reasons), changes_on, lowered_by)


def _and_also(reasons: list[str]) -> str:
    if len(reasons) < 2:
        return reasons[0] if reasons else ""
    return said("{reason}, and {other}", reason=reasons[0], other=_and_also(reasons[1:]))


def _why(declared: AnswerValue, claim: AnswerValue, value: AnswerValue, reasons: str) -> str:
    """The sentence that says why an answer counts for something else than what was declared."""
    given, counted = ANSWER_LABELS[claim], ANSWER_LABELS[value]
    if declared != UNANSWERED:
        if not reasons:
            return said("{given} counts instead.", given=given)
        return said("{given} counts as {counted}: {reasons}.", given=given, counted=counted, reasons=reasons)
    if not reasons:
        return said("Nobody has answered, and the measured {given} counts instead.", given=given)
    return said(
        "Nobody has answered, and the measured {given} counts as {counted}: {reasons}.",
        given=given,
        counted=counted,
        reasons=reasons,
    )


def item_state(facts: ItemFacts, today: date) -> ItemState:
    """An item with its effective answer, as the rules of gates and readiness take it."""
    return ItemState(facts.item, facts.declared, effective(facts, today))


def tally(values: Iterable[AnswerValue]) -> Tally:
    """Count effective answers: `points = met + partial / 2`, `score = 100 * points / total` half up, 0.0 if empty."""
    found = list(values)
    total, met, partial = len(found), found.count(MET), found.count(PARTIAL)
    halves = 2 * met + partial
    # Tenths of a percent are 500 * halves / total; rounded half up in integers, so that no binary float decides.
    tenths = (1000 * halves + total) // (2 * total) if total else 0
    return Tally(
        total=total,
        met=met,
        partial=partial,
        not_met=found.count(NOT_MET),
        unanswered=found.count(UNANSWERED),
        points=_points(halves),
        score=Decimal(tenths).scaleb(-1),
    )


def declared_points(items: Iterable[ItemState]) -> Decimal:
    """Points of what people declared.

    An item that nobody declared and a measurement answers counts what it effectively counts: nobody claimed
    anything, so it is no optimism, and it must not hide somebody else's. The gap is thus never negative.
    """
    halves = 0
    for state in items:
        claimed = state.effective.value if state.declared == UNANSWERED else state.declared
        halves += HALF_POINTS[claimed]
    return _points(halves)


def optimism_gap(items: Iterable[ItemState]) -> Decimal:
    """Declared minus effective points: 0 or more."""
    states = list(items)
    counted = sum(HALF_POINTS[state.effective.value] for state in states)
    return declared_points(states) - _points(counted)


def _points(halves: int) -> Decimal:
    return Decimal(5 * halves).scaleb(-1)
