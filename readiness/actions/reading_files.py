"""Readings as a CSV file holds them: a day, a value and perhaps a note a line.

Nothing is guessed: what could be meant in two ways is an error at its line. No database.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from readiness.actions.errors import FieldError
from readiness.decoding import UnknownEncoding, decode
from readiness.ui.local import number

BYTES_MAX = 2 * 1024 * 1024
LINES_MAX = 20_000
COLUMNS = {"on": "on", "date": "on", "day": "on", "value": "value", "note": "note"}
"""The names that a column may have in the header, and what it is."""
CELL_SHOWN = 40

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{1,40})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One reading as it is written: ``number`` is that of its line, ``value`` has a point before its decimals."""

    number: int
    on: date
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: list[str]


def parsed(data: bytes) -> tuple[list[Line], list[FieldError]]:
    """Every readable line, and what is wrong: at ``file``, or at ``lines.17.on`` and the like."""
    if len(data) > BYTES_MAX:
        return [], [
            FieldError(
                "file", "file_too_large", _("At most %(megabytes)s MB.") % {"megabytes": BYTES_MAX // 1024**2}
            )
        ]
    try:
        text = decode(data).text
    except UnknownEncoding as unknown:
        return [], [FieldError("file", "malformed", str(unknown))]
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows, errors = _rows(text, delimiter)
    if not rows:
        return [], errors or [FieldError("file", "empty_file", _("The file is empty."))]
    places, wrong_header = _columns(rows[0].cells)
    if wrong_header:
        return [], wrong_header
    if len(rows) == 1 and not errors:
        return [], [FieldError("file", "empty_file", _("There is no line below the header."))]
    if len(rows) > LINES_MAX + 1:
        return [], [
            FieldError(
                "file",
                "too_many",
                _("At most %(lines_max)s lines.") % {"lines_max": number(f"{LINES_MAX:,}")},
            )
        ]
    commas = delimiter == ";" and _with_decimal_commas(rows[1:], places["value"])
    lines = []
    for row in rows[1:]:
        line, wrong = _line(row, places, len(rows[0].cells), delimiter, commas=commas)
        errors += wrong
        lines += [line] if line else []
    return lines, errors


def _rows(text: str, delimiter: str) -> tuple[list[_Row], list[FieldError]]:
    """The rows that are not empty, with the number of the line on which each begins."""
    rows: list[_Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in _numbered(reader):
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append(_Row(number, stripped))
    except csv.Error:
        message = _("A quotation mark is out of place here; what follows could not be read.")
        return rows, [FieldError(f"lines.{reader.line_num}", "malformed", message)]
    return rows, []


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1  # type: ignore[attr-defined]  # the csv module's reader has it


def _columns(header: list[str]) -> tuple[dict[str, int], list[FieldError]]:
    """Where each column stands."""
    places: dict[str, int] = {}
    errors = []
    for place, cell in enumerate(header):
        name = COLUMNS.get(cell.strip().casefold())
        if name is None:
            message = _("The column “%(name)s” is not known. There are date, value and note.") % {
                "name": _shown(cell)
            }
            errors.append(FieldError("file", "unknown_field", message))
        elif name in places:
            errors.append(
                FieldError(
                    "file", "named_twice", _("There are two columns “%(name)s”.") % {"name": _shown(cell)}
                )
            )
        else:
            places[name] = place
    if errors or {"on", "value"} <= places.keys():
        return places, errors
    message = _("The first line names the columns: date and value, and note if there is one.")
    return places, [FieldError("file", "required", message)]


def _with_decimal_commas(rows: list[_Row], place: int) -> bool:
    """Whether any value has a comma before its decimals: then a point in another is none."""
    return any("," in row.cells[place] for row in rows if len(row.cells) > place)


def _line(
    row: _Row, places: dict[str, int], width: int, delimiter: str, *, commas: bool
) -> tuple[Line | None, list[FieldError]]:
    at = f"lines.{row.number}"
    if len(row.cells) > width:
        message = _("There are more cells than columns.")
        if delimiter == ",":
            message = " ".join(
                [
                    message,
                    _("A number is written with a point, such as 12.5, where a comma divides the columns."),
                ]
            )
        return None, [FieldError(at, "too_many", message)]
    cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
    errors = []
    on = _day(cells["on"])
    if on is None:
        message = _("There is no day.")
        if cells["on"]:
            message = _("“%(cell)s” is no day. Write it as 2026-11-30 or 30.11.2026.") % {
                "cell": _shown(cells["on"])
            }
        errors.append(FieldError(f"{at}.on", "wrong_type", message))
    value = cells["value"]
    if not _NUMBER.fullmatch(value) or ("," in value and delimiter == ","):
        message = _("There is no value.")
        if value:
            message = _("“%(cell)s” is no number such as 12.5.") % {"cell": _shown(value)}
        errors.append(FieldError(f"{at}.value", "wrong_type", message))
    elif commas and "." in value:
        message = _(
            "Other lines have a comma before the decimals, so the point in “%(cell)s” is not clear."
        ) % {"cell": _shown(value)}
        errors.append(FieldError(f"{at}.value", "wrong_type", message))
    if errors or on is None:
        return None, errors
    return Line(row.number, on, value.replace(",", "."), cells.get("note", "")), []


def _day(text: str) -> date | None:
    found = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _shown(cell: str) -> str:
    """A cell as a message shows it: short, and nothing that cannot be kept or seen."""
    visible = "".join(sign if sign.isprintable() else "�" for sign in cell)
    return visible if len(visible) <= CELL_SHOWN else f"{visible[:CELL_SHOWN]}…"
