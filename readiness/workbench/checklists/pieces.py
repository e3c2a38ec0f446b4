"""Pieces of evidence as pages show them: what each is, what it allows today, and for how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from checklists.models import Evidence, EvidenceKind
from checklists.scoring import AnswerValue, ItemState, cap, good_through
from readiness.actions.file_types import PICTURES
from readiness.standing.words import Word
from readiness.workbench.checklists.countdown import countdown, ends_soon
from readiness.workbench.checklists.places import GatePlace
from readiness.workbench.checklists.words import EVIDENCE_ICONS, EVIDENCE_KINDS, RESULT_WORDS

THUMBNAIL_MAX = 3 * 1024 * 1024
"""The largest picture, in bytes, that a card shows small: the browser has to fetch the whole of it for that."""


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """One piece of evidence. ``allows`` says what it allows today, ``holds`` for how long; None where nothing is asked.

    ``preview`` is where a picture can be looked at, ``thumbnail`` whether it is shown small; ``renew`` whether it
    is to be renewed.
    """

    evidence: Evidence
    icon: str
    kind: str
    result: str
    site: str
    href: str
    preview: str
    thumbnail: bool
    allows: Word | None
    holds: Word | None
    renew: bool
    by: str


def shown_pieces(
    place: GatePlace, state: ItemState, words: Mapping[AnswerValue, Word], names: Mapping[int | None, str]
) -> list[ShownPiece]:
    """The pieces behind an item, newest first."""
    pieces = place.passage.evidence.get(state.item.code, [])
    covered = _covered(place, state, pieces)
    return [_shown(place, one, state, words, names.get(one.added_by_id, ""), covered) for one in pieces]


def _covered(place: GatePlace, state: ItemState, pieces: Iterable[Evidence]) -> bool:
    """Whether one piece holds for long yet: then no other needs to be renewed."""
    return any(
        one.withdrawn_at is None
        and not ends_soon(
            good_through([one.counted], state.item.evidence_max_age_days), place.judgement.as_of
        )
        for one in pieces
    )


def _shown(
    place: GatePlace,
    evidence: Evidence,
    state: ItemState,
    words: Mapping[AnswerValue, Word],
    by: str,
    covered: bool,
) -> ShownPiece:
    kind = EvidenceKind(evidence.kind)
    preview = preview_url(place.initiative.ref, evidence)
    return ShownPiece(
        evidence=evidence,
        icon=EVIDENCE_ICONS[kind],
        kind=str(EVIDENCE_KINDS[kind]),
        result=str(RESULT_WORDS[evidence.check_result].label) if evidence.check_result else "",
        site=site_of(evidence.url),
        href=piece_url(place.initiative.ref, evidence.pk, kind, evidence.url),
        preview=preview,
        thumbnail=bool(preview) and (evidence.file_size or 0) <= THUMBNAIL_MAX,
        allows=_allows(evidence, state, words, place),
        holds=_holds(evidence, state, place, covered),
        renew=place.may_answer and not covered and _to_renew(evidence, state, place),
        by=by,
    )


def _allows(
    evidence: Evidence, state: ItemState, words: Mapping[AnswerValue, Word], place: GatePlace
) -> Word | None:
    if evidence.withdrawn_at is not None:
        return Word(_("Withdrawn"), "muted", "minus")
    if not state.item.evidence_required:
        return None
    alone = cap((evidence.counted,), state.item.evidence_max_age_days, place.judgement.as_of)
    word = words[alone.value]
    return Word(_("Allows %(answer)s") % {"answer": word.label}, word.tone, word.icon, alone.reason)


def _holds(evidence: Evidence, state: ItemState, place: GatePlace, covered: bool) -> Word | None:
    """The countdown, where something counts down; for an initiative that has ended time stands still.

    What ran out alarms nobody where another piece has taken its place.
    """
    last_day = good_through([evidence.counted], state.item.evidence_max_age_days)
    asked = state.item.evidence_required or last_day is not None
    if not asked or evidence.withdrawn_at is not None or place.initiative.has_ended:
        return None
    if not evidence.counted.passed:  # it never carried Met: nothing runs out
        return None
    word = countdown(last_day, place.judgement.as_of)
    return replace(word, tone="muted") if covered and word.tone != "good" else word


def _to_renew(evidence: Evidence, state: ItemState, place: GatePlace) -> bool:
    """Only what people gave, and only where its age matters."""
    if evidence.withdrawn_at is not None or evidence.kind == EvidenceKind.CHECK:
        return False
    last_day = good_through([evidence.counted], state.item.evidence_max_age_days)
    return ends_soon(last_day, place.judgement.as_of)


def piece_url(ref: str, pk: int, kind: str, url: str) -> str:
    """Where a piece can be looked at: its own address on the web, or our download; "" where there is nothing."""
    if kind == EvidenceKind.FILE:
        return reverse("evidence-file", args=[ref, pk])
    return url if url.startswith(("https://", "http://")) else ""


def preview_url(ref: str, evidence: Evidence) -> str:
    """Where a picture can be looked at; "" for everything else."""
    if evidence.kind == EvidenceKind.FILE and evidence.file_type in PICTURES:
        return reverse("evidence-preview", args=[ref, evidence.pk])
    return ""


def site_of(url: str) -> str:
    """The site an address is on, to be read before one follows it."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
