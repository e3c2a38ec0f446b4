"""From bytes to text: which encoding a file is written in, and how that was found out."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

COMMON = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "mac_roman",
    "iso8859_2", "iso8859_15", "cp932", "gb18030", "big5", "euc_kr",
)  # fmt: skip
WESTERN = "cp1252"
AT_HOME_SHARE = 0.95  # of the characters beyond ASCII that must be where Western languages have them
TOO_FEW_TO_TELL = 8  # bytes beyond ASCII under which the detector only makes things up
SAMPLE_BYTES = 64 * 1024
_TYPOGRAPHY = frozenset(
    "\u00a0\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2022\u2026\u2122\u00ad\u00b7"
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnknownEncoding(Exception):
    """The bytes are no text in the encoding named, or in any that is known."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``how`` is one of: named in the mapping, byte order mark, valid UTF-8, every second byte is null, guessed."""

    text: str
    encoding: str
    how: str


def decode(data: bytes, named: str | None = None) -> Decoded:
    """The text of ``data``. ``named`` is an encoding to use instead of finding one out.

    In this order: the named encoding, a byte order mark, strict UTF-8, UTF-16 without a mark, then Windows-1252
    unless it reads as damaged and another common encoding reads better. Raises UnknownEncoding.
    """
    if named is not None:
        return Decoded(_strict(data, named), codecs.lookup(named).name, "named in the mapping")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding), encoding.removesuffix("-sig"), "byte order mark")
    wide = _utf_16_without_mark(data)
    if wide is not None:
        return Decoded(_strict(data, wide), wide, "every second byte is null")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", "valid UTF-8")
    except UnicodeDecodeError:
        encoding = _guess(data)
    return Decoded(_strict(data, encoding), encoding, "guessed")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise UnknownEncoding(f"{encoding!r} is not the name of an encoding.") from None
    except UnicodeDecodeError as error:
        raise UnknownEncoding(
            f"The file is not valid {encoding}: byte {error.start + 1} does not belong."
        ) from None


def _utf_16_without_mark(data: bytes) -> str | None:
    """Plain Latin text in UTF-16 has a null in every second byte, and in the other half none."""
    head = data[:4096]
    pairs = len(head) // 2
    if pairs == 0:
        return None
    low, high = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if high > 0.6 * pairs and low < 0.1 * pairs:
        return "utf-16-le"
    if low > 0.6 * pairs and high < 0.1 * pairs:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    """A common encoding for bytes that are not UTF-8; the same bytes always give the same one.

    The detector is asked only where Windows-1252 does not read well: it takes a few typographic quotes for
    Mac Roman.
    """
    sample = _telling_part(data)
    if sum(byte > 127 for byte in sample) < TOO_FEW_TO_TELL:
        return WESTERN
    western = _decoded(sample, WESTERN)
    if western is not None and share_at_home(western) >= AT_HOME_SHARE:
        return WESTERN
    best = from_bytes(
        sample, steps=16, chunk_size=1024, cp_isolation=list(COMMON), enable_fallback=False
    ).best()
    return WESTERN if best is None else best.encoding


def share_at_home(text: str) -> float:
    """How much of the text beyond ASCII is where Western languages have it: 0.0 to 1.0, 1.0 where there is none.

    Accented letters stand alone among plain ones, capitals begin words, signs do not stand inside words.
    """
    padded = f" {text} "
    foreign = [at for at, sign in enumerate(padded) if not sign.isascii()]
    if not foreign:
        return 1.0
    return sum(_at_home(padded[at - 1], padded[at], padded[at + 1]) for at in foreign) / len(foreign)


def _at_home(before: str, sign: str, after: str) -> bool:
    if sign in _TYPOGRAPHY:
        return True
    if not sign.isalpha():
        return not (before.isalpha() and after.isalpha())
    crowded = any(other.isalpha() and not other.isascii() for other in (before, after))
    return not crowded and not (sign.isupper() and before.islower())


def _telling_part(data: bytes) -> bytes:
    """The lines that hold anything beyond ASCII: only they can tell one encoding from another."""
    lines = (line for line in data.splitlines(keepends=True) if not line.isascii())
    kept, size = [], 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= SAMPLE_BYTES:
            break
    return b"".join(kept)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
