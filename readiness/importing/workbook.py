"""One sheet of an XLSX workbook as rows of cells: stored values only, nothing is computed or followed."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from checklists.said import figure, said

Cell = str | date
PARTS_MAX = 10_000

_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError,
    IndexError, SyntaxError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
# What a damaged or hostile workbook makes the library raise: forbidden XML is a ValueError, broken XML a SyntaxError,
# an encrypted part a RuntimeError.


class SourceRefused(Exception):
    """The file as a whole cannot be read. The message is a sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Book:
    """``without_value`` maps (row number, column index) to the formula or error that stands there."""

    sheet: str
    rows: list[list[Cell]]
    without_value: dict[tuple[int, int], str] = field(default_factory=dict)


def read(data: bytes, sheet: str | None, unpacked_bytes: int, rows_max: int, columns_max: int) -> Book:
    """The named sheet, or the first one. Raises SourceRefused."""
    _refuse_bombs(data, unpacked_bytes)
    try:
        title, values = _values(data, sheet, rows_max, columns_max)
        rows: list[list[Cell]] = []
        empty_handed: dict[tuple[int, int], str] = {}
        for number, row in enumerate(values, start=1):
            cells = [_cell(value) for value in row]
            for index, cell in enumerate(cells):
                if cell is None:
                    empty_handed[number, index] = str(row[index])
            rows.append(["" if cell is None else cell for cell in cells])
        formulas = _formulas(data, title, rows, rows_max, columns_max)
    except _BROKEN as error:
        raise _unreadable(error) from None
    return Book(title, rows, empty_handed | formulas)


def head(data: bytes, sheet: str | None, unpacked_bytes: int, row: int, columns_max: int) -> list[Cell]:
    """The cells of one row (from 1) of the named sheet, or the first one; empty where it has no such row.

    Raises SourceRefused.
    """
    _refuse_bombs(data, unpacked_bytes)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            rows = _rows(_chosen(book, sheet), row, columns_max)
            found = next((cells for number, cells in enumerate(rows, start=1) if number == row), ())
        finally:
            book.close()
        return [_cell(value) or "" for value in found]
    except _BROKEN as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> SourceRefused:
    return SourceRefused(
        said("This workbook cannot be read ({error}). Save it again as .xlsx.", error=type(error).__name__)
    )


def _refuse_bombs(data: bytes, unpacked_bytes: int) -> None:
    """A small archive may unpack to an enormous one: what it announces is added up before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise SourceRefused(said("This looks like a workbook, but its archive is damaged.")) from None
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > unpacked_bytes:
        raise SourceRefused(
            said("Unpacked, this workbook is larger than {most} bytes.", most=figure(f"{unpacked_bytes:,}"))
        )
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise SourceRefused(said("This is an archive, but not an XLSX workbook."))


def _values(
    data: bytes, sheet: str | None, rows_max: int, columns_max: int
) -> tuple[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        chosen = _chosen(book, sheet)
        return chosen.title, list(_rows(chosen, rows_max, columns_max))
    finally:
        book.close()


def _chosen(book: Any, sheet: str | None) -> Any:
    titles = [one.title for one in book.worksheets]
    if not titles:
        raise SourceRefused(said("The workbook has no sheet with cells."))
    if sheet is None:
        return book.worksheets[0]
    if sheet not in titles:
        raise SourceRefused(
            said(
                "The workbook has no sheet {sheet}; it has {sheets}.",
                sheet=repr(sheet),
                sheets=", ".join(titles),
            )
        )
    return book.worksheets[titles.index(sheet)]


def _rows(sheet: Any, rows_max: int, columns_max: int) -> Iterator[tuple[Any, ...]]:
    """Rows of stored values, without the empty cells at their ends; the size a sheet announces is not believed."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > rows_max + 1000:
            raise SourceRefused(
                said(
                    "The sheet has more than {most} rows, the most that is read.",
                    most=figure(f"{rows_max:,}"),
                )
            )
        width = len(row)
        while width and row[width - 1] is None:
            width -= 1
        if width > columns_max:
            raise SourceRefused(
                said(
                    "The sheet has {count} columns; {most} are the most that is read.",
                    count=figure(f"{width:,}"),
                    most=figure(f"{columns_max:,}"),
                )
            )
        yield row[:width]


def _cell(value: Any) -> Cell | None:
    """A stored value as text or day. None for an error such as #REF!, which is no value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and value in _ERRORS:
        return None
    return str(value)


_ERRORS = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"})


def _formulas(
    data: bytes, sheet: str, rows: list[list[Cell]], rows_max: int, columns_max: int
) -> dict[tuple[int, int], str]:
    """Cells that hold a formula and no stored result: empty to us, though not to whoever opens the file."""
    if not _has_formulas(data):
        return {}
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    found: dict[tuple[int, int], str] = {}
    try:
        for number, row in enumerate(_rows(_chosen(book, sheet), rows_max, columns_max), start=1):
            stored = rows[number - 1] if number <= len(rows) else []
            for index, value in enumerate(row):
                no_result = index >= len(stored) or stored[index] == ""
                if no_result and isinstance(value, str) and value.startswith("="):
                    found[number, index] = value
    finally:
        book.close()
    return found


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                content = archive.read(part)
                if b"<f>" in content or b"<f " in content:
                    return True
    return False
