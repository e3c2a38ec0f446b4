"""Which files may be evidence, and whether a file is what its name says.

A type is believed only when the name's extension and the content agree. Nothing is unpacked, rendered or run: what is
checked is that the file is plausibly of its type and carries no macros, no bomb and no path out of its archive.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _

HEAD = 8192
TAIL = 4096
PIXELS_MAX = 100_000_000
SIDE_MAX = 30_000
ENTRIES_MAX = 5_000
DIRECTORY_MAX = 2 * 1024 * 1024
UNPACKED_MAX = 300 * 1024 * 1024
CONTENT_TYPES_MAX = 1024 * 1024
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""Pictures that may be shown in a page. Never SVG: it can carry a script."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_END_OF_DIRECTORY = b"PK\x05\x06"
_OPENXML = "application/vnd.openxmlformats-officedocument."
_SIZES_OF_JPEG = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


# What the standard library raises on archives that were tampered with, one way or the other.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class NotThatType(Exception):
    """The content is not what the name says, or not safe to keep. The message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class FileType:
    """One allowed type. ``check`` raises NotThatType; it is given the open file and its size in bytes."""

    media_type: str
    check: Callable[[BinaryIO, int], None]


def type_of(name: str, file: BinaryIO, size: int) -> FileType:
    """The type of a file by its name and content. Raises NotThatType."""
    extension = PurePath(name).suffix.lower().removeprefix(".")
    found = ALLOWED.get(extension)
    if found is None:
        allowed = {"allowed": ", ".join(ALLOWED), "extension": extension[:20]}
        if not extension:
            raise NotThatType(_("One of %(allowed)s; this has no extension.") % allowed)
        raise NotThatType(_("One of %(allowed)s; this is %(extension)s.") % allowed)
    file.seek(0)
    found.check(file, size)
    file.seek(0)
    return found


def picture_type(file: BinaryIO) -> str:
    """Which picture that a browser draws and never runs a file is by its first bytes; "" where it is none."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    found = filetype.guess_mime(head) or ""
    return found if found in PICTURES else ""


def _pdf(file: BinaryIO, size: int) -> None:
    if not re.match(rb"%PDF-[12]\.\d", file.read(8)):
        raise NotThatType(_("This is no PDF, whatever its name says."))
    file.seek(max(0, size - TAIL))
    if b"%%EOF" not in file.read():
        raise NotThatType(_("This PDF breaks off before its end."))


def _png(file: BinaryIO, size: int) -> None:
    head = file.read(33)
    if len(head) < 33 or not head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"):
        raise NotThatType(_("This is no PNG, whatever its name says."))
    _require_sane(*struct.unpack(">II", head[16:24]))
    file.seek(max(0, size - 12))
    if file.read() != b"\x00\x00\x00\x00IEND\xaeB`\x82":
        raise NotThatType(_("This PNG does not end where it should."))


def _jpeg(file: BinaryIO, size: int) -> None:
    if file.read(3) != b"\xff\xd8\xff":
        raise NotThatType(_("This is no JPEG, whatever its name says."))
    file.seek(2)
    while True:
        mark = file.read(4)
        if len(mark) < 4 or mark[0] != 0xFF:
            raise NotThatType(_("This JPEG breaks off before its picture."))
        kind, length = mark[1], struct.unpack(">H", mark[2:])[0]
        if kind in _SIZES_OF_JPEG:
            frame = file.read(5)
            if len(frame) < 5:
                raise NotThatType(_("This JPEG breaks off before its picture."))
            height, width = struct.unpack(">HH", frame[1:])
            _require_sane(width, height)
            return
        if length < 2 or file.tell() + length - 2 >= size:
            raise NotThatType(_("This JPEG breaks off before its picture."))
        file.seek(length - 2, 1)


def _require_sane(width: int, height: int) -> None:
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX and width * height <= PIXELS_MAX):
        raise NotThatType(_("This picture is too large to be looked at."))


def _text(file: BinaryIO, size: int) -> None:
    if filetype.guess(file.read(HEAD)) is not None:
        raise NotThatType(_("This is no text, whatever its name says."))
    file.seek(0)
    text = _decoded(file.read())
    if text is None or _CONTROL.search(text):
        raise NotThatType(_("This is no text: it holds characters that no text has."))


def _decoded(content: bytes) -> str | None:
    """UTF-8; UTF-16 where it says so; else the Windows code page that spreadsheets still write."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _office(main_type: str) -> Callable[[BinaryIO, int], None]:
    """A check for one kind of Office Open XML document."""

    def check(file: BinaryIO, size: int) -> None:
        if file.read(4) != b"PK\x03\x04":
            raise NotThatType(_("This is no Office document, whatever its name says."))
        _require_small_directory(file, size)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
                _require_harmless(entries)
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(CONTENT_TYPES_MAX).decode("utf-8", errors="replace")
        except _DAMAGED as error:
            raise NotThatType(_("This Office document is damaged or not one.")) from error
        if "macroEnabled" in types or "vbaProject" in types:
            raise NotThatType(_("This document holds macros. Save it without them."))
        if f'"{main_type}"' not in types:
            raise NotThatType(_("This Office document is of another kind than its name says."))

    return check


def _require_small_directory(file: BinaryIO, size: int) -> None:
    """Refuse a list of contents that would take much memory only to be read."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0 or len(tail) < at + 22:
        raise NotThatType(_("This Office document is damaged or not one."))
    entries, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > ENTRIES_MAX or length > DIRECTORY_MAX:
        raise NotThatType(_("This document holds too many parts."))


def _require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_MAX:
        raise NotThatType(_("This document holds too many parts."))
    if sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise NotThatType(_("This document would unpack to more than any document has."))
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise NotThatType(_("This document has a part with a path out of it."))
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise NotThatType(_("This document has a link instead of a part."))
        if entry.flag_bits & 0x1:
            raise NotThatType(_("This document is encrypted."))
        if name.lower().endswith("vbaproject.bin"):
            raise NotThatType(_("This document holds macros. Save it without them."))


ALLOWED: dict[str, FileType] = {
    "pdf": FileType("application/pdf", _pdf),
    "png": FileType("image/png", _png),
    "jpg": FileType("image/jpeg", _jpeg),
    "jpeg": FileType("image/jpeg", _jpeg),
    "docx": FileType(
        f"{_OPENXML}wordprocessingml.document", _office(f"{_OPENXML}wordprocessingml.document.main+xml")
    ),
    "xlsx": FileType(f"{_OPENXML}spreadsheetml.sheet", _office(f"{_OPENXML}spreadsheetml.sheet.main+xml")),
    "pptx": FileType(
        f"{_OPENXML}presentationml.presentation",
        _office(f"{_OPENXML}presentationml.presentation.main+xml"),
    ),
    "csv": FileType("text/csv", _text),
    "txt": FileType("text/plain", _text),
}
