"""Pieces of evidence as they come in: what is asked of each kind, and which are the same piece."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from checklists.models import Evidence, EvidenceKind, Item
from checklists.said import said
from readiness.actions.errors import FieldError
from readiness.actions.texts import FIRST_YEAR, text_errors, word_errors
from readiness.audit.recording import Actor

TITLE_MAX = 1000
URL_MAX = 2000
STATED_BY_MAX = 200
GIVEN_AS_WORDS = (EvidenceKind.LINK.value, EvidenceKind.STATEMENT.value)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies checked in the evidence folder under ``key``; ``size`` in bytes."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as given. A statement has its text in ``title`` and who made it in ``stated_by``."""

    kind: str
    effective_on: date | None
    title: str = ""
    url: str = ""
    stated_by: str = ""
    expires_on: date | None = None
    file: StoredFile | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of kind, address or text, and effective date: equal for the same piece sent again."""
        if self.kind == EvidenceKind.LINK:
            content = self.url
        elif self.kind == EvidenceKind.FILE and self.file is not None:
            content = self.file.sha256
        else:
            content = self.title.strip()
        return hashlib.sha256(f"{self.kind}\n{content}\n{self.effective_on}".encode()).hexdigest()


def problems(piece: Piece, field: str, today: date) -> list[FieldError]:
    """Everything wrong with a piece; ``field`` is its place, such as ``evidence.0``."""
    found = [*_kind_problems(piece, field), *_content_problems(piece, field)]
    if piece.effective_on is None:
        found.append(
            FieldError(f"{field}.effective_on", "required", _("Say which day the evidence speaks of."))
        )
    else:
        found += _date_problems(piece, piece.effective_on, field, today)
    return found


def expiry_problems(
    pieces: Sequence[Piece], standing: Mapping[str, date | None], field: str
) -> list[FieldError]:
    """Pieces that lie there already with another expiry than is given now, which would be lost without a word.

    ``standing``: the last days of those that lie there, by fingerprint; ``field`` is the place of the pieces.
    """
    known, found = dict(standing), []
    for number, piece in enumerate(pieces):
        last = known.setdefault(piece.fingerprint, piece.expires_on)
        if piece.expires_on not in (None, last):
            found.append(FieldError(f"{field}.{number}.expires_on", "another_expiry", other_expiry(last)))
    return found


def other_expiry(last: date | None) -> str:
    """What is said of a piece that lies there already through the day ``last`` (None: for good)."""
    if last is None:
        return said(
            "This piece is here already, without a last day. Withdraw it first, then add it with its new one."
        )
    return said(
        "This piece is here already, with {day} as its last day. Withdraw it first, then add it with its new one.",
        day=last,
    )


def _kind_problems(piece: Piece, field: str) -> list[FieldError]:
    """A file comes with its upload, a check by its own door; only the other kinds are given as words."""
    if piece.kind in GIVEN_AS_WORDS or (piece.kind == EvidenceKind.FILE and piece.file is not None):
        return []
    return word_errors(f"{field}.kind", piece.kind, GIVEN_AS_WORDS)


def _content_problems(piece: Piece, field: str) -> list[FieldError]:
    limits = (
        ("title", piece.title, TITLE_MAX),
        ("url", piece.url, URL_MAX),
        ("stated_by", piece.stated_by, STATED_BY_MAX),
    )
    found: list[FieldError] = []
    for name, value, limit in limits:
        found += text_errors(f"{field}.{name}", value, limit, required=False)
    if piece.kind == EvidenceKind.LINK and not is_web_address(piece.url):
        found.append(
            FieldError(
                f"{field}.url", "not_a_web_address", _("An address that begins with https:// or http://.")
            )
        )
    elif piece.kind == EvidenceKind.STATEMENT:
        if not piece.title.strip():
            found.append(FieldError(f"{field}.title", "required", _("Write down what is stated.")))
        if not piece.stated_by.strip():
            found.append(FieldError(f"{field}.stated_by", "required", _("Name the person who states it.")))
    return found


def _date_problems(piece: Piece, effective_on: date, field: str, today: date) -> list[FieldError]:
    found = []
    if effective_on > today:
        found.append(
            FieldError(f"{field}.effective_on", "in_the_future", _("Evidence cannot speak of a day to come."))
        )
    if effective_on.year < FIRST_YEAR:
        found.append(
            FieldError(
                f"{field}.effective_on",
                "out_of_range",
                _("A day from %(first_year)s on.") % {"first_year": FIRST_YEAR},
            )
        )
    if piece.expires_on is not None and piece.expires_on < effective_on:
        found.append(
            FieldError(
                f"{field}.expires_on",
                "before_effective_date",
                _("It cannot expire before the day it speaks of."),
            )
        )
    return found


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
        )
    except ValueError:
        return False


def as_evidence(piece: Piece, assessment_id: int, item: Item, by: Actor, at: datetime) -> Evidence:
    """The row for a piece that has no problems (unsaved)."""
    file = piece.file
    return Evidence(
        assessment_id=assessment_id,
        item=item,
        kind=piece.kind,
        title=piece.title.strip() or piece.url[:TITLE_MAX] or (file.name if file else ""),
        url=piece.url,
        stated_by=piece.stated_by.strip(),
        effective_on=piece.effective_on,  # type: ignore[misc]  # a piece without it has a problem
        expires_on=piece.expires_on,
        received_at=at,
        added_by=by.user,
        fingerprint=piece.fingerprint,
        file_key=file.key if file else "",
        file_name=file.name if file else "",
        file_type=file.media_type if file else "",
        file_size=file.size if file else None,
        file_sha256=file.sha256 if file else "",
    )
