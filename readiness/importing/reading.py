"""A spreadsheet, CSV or XLSX, as rows of cells. What the columns mean is none of its business.

A row's number is the one a spreadsheet shows: the first row of the file is 1, and a line break inside a cell does not
count.
"""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from checklists.said import figure, said
from readiness import decoding
from readiness.importing import workbook
from readiness.importing.findings import Finding, Reason, RowLeftOut
from readiness.importing.wording import folded
from readiness.importing.workbook import Cell, SourceRefused

MEGABYTE = 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
SNIFFED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused rather than read. Excel itself holds 32,767 characters in a cell."""

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    rows: int = 100_000
    columns: int = 500
    cell_characters: int = 100_000  # the csv module itself stops at 131,072


@dataclass(frozen=True, slots=True)
class Source:
    """What the file turned out to be, for the report."""

    name: str
    kind: str
    sha256: str
    encoding: str = ""
    how_encoding_was_found: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` has exactly as many as the header."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``left_out`` and ``findings`` are what reading alone found wrong. ``empty_rows`` were skipped.

    ``header`` is as written; ``labels`` tell columns of one name apart, the way a mapping names them.
    """

    source: Source
    header: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: tuple[RowLeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()
    empty_rows: int = 0


@dataclass(slots=True)
class _Heap:
    labels: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    left_out: list[RowLeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    empty_rows: int = 0


def read_file(
    path: Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int = 1,
    limits: Limits | None = None,
) -> Table:
    """The table in a file. Raises SourceRefused, with a sentence for the person, when there is none to be had."""
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise SourceRefused(_too_large(size, limits))
        data = path.read_bytes()
    except OSError as error:
        raise SourceRefused(
            said("The file cannot be read: {why}.", why=str(error.strerror or error))
        ) from None
    return read_bytes(data, path.name, encoding=encoding, sheet=sheet, header_row=header_row, limits=limits)


def _too_large(size: int, limits: Limits) -> str:
    return said(
        "The file has {size} bytes; {most} are the most that is read.",
        size=figure(f"{size:,}"),
        most=figure(f"{limits.file_bytes:,}"),
    )


def read_bytes(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int = 1,
    limits: Limits | None = None,
) -> Table:
    """Like read_file, for content that is already at hand. The content decides what it is, not the name."""
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise SourceRefused(_too_large(len(data), limits))
    sha256 = hashlib.sha256(data).hexdigest()
    if _is_workbook(data):
        book = workbook.read(data, sheet, limits.unpacked_bytes, limits.rows, limits.columns)
        source = Source(name, "xlsx", sha256, sheet=book.sheet)
        table = _table(source, book.rows, header_row, limits, short_rows_are_whole=True)
        return _with_more_findings(table, book.without_value, header_row)
    decoded = _decoded(data, encoding)
    text, delimiter = _delimited(decoded.text)
    source = Source(name, "csv", sha256, decoded.encoding, decoded.how, delimiter)
    return _table(source, _records(text, delimiter), header_row, limits)


def header_of(
    data: bytes, *, encoding: str | None = None, sheet: str | None = None, header_row: int = 1
) -> tuple[str, ...]:
    """The headings alone, quickly, however long the file is. Raises SourceRefused where it cannot be read."""
    limits = Limits()
    if _is_workbook(data):
        cells = workbook.head(data, sheet, limits.unpacked_bytes, header_row, limits.columns)
    else:
        text, delimiter = _delimited(_decoded(data, encoding).text)
        cells = next(islice(_records(text, delimiter), header_row - 1, None), [])
    return _present(_header(cells, limits), header_row)


def _is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data))


def _decoded(data: bytes, encoding: str | None) -> decoding.Decoded:
    _refuse_other_formats(data)
    try:
        return decoding.decode(data, encoding)
    except decoding.UnknownEncoding as error:
        raise SourceRefused(str(error)) from None


def _present(header: tuple[str, ...], header_row: int) -> tuple[str, ...]:
    if header:
        return header
    raise SourceRefused(
        said("Row {row} should hold the names of the columns; it is empty or not there.", row=header_row)
    )


def _delimited(text: str) -> tuple[str, str]:
    """The text without the line ``sep=;`` that spreadsheets may put before the first row, and its delimiter."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"')
    if named.lower().startswith("sep=") and named[4:] in DELIMITERS:
        return rest, named[4:]
    return text, sniffed_delimiter(text)


def sniffed_delimiter(text: str) -> str:
    """The sign among comma, semicolon, tab and bar that cuts the first rows into the steadiest number of cells."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _first_widths(text, delimiter)
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if record:
                widths.append(len(record))
            if len(widths) == SNIFFED_ROWS:
                break
    except csv.Error:
        return []
    return widths


def _records(text: str, delimiter: str) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun_on_line = 1
    try:
        for record in reader:
            yield list(record)
            begun_on_line = reader.line_num + 1
    except csv.Error as error:
        raise SourceRefused(
            said(
                "The row that begins on line {line} of the file cannot be read: a quotation mark is not closed, "
                "or stands inside a cell without being doubled ({error}).",
                line=begun_on_line,
                error=str(error),
            )
        ) from None


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceRefused(
            said("This is an old .xls file or a protected workbook. Save it as .xlsx or CSV.")
        )
    if data.startswith(b"%PDF"):
        raise SourceRefused(said("This is a PDF. A CSV or XLSX file is needed."))
    if not data.strip():
        raise SourceRefused(said("The file is empty."))


def _table(
    source: Source,
    records: Iterable[list[Cell]],
    header_row: int,
    limits: Limits,
    short_rows_are_whole: bool = False,
) -> Table:
    """A workbook does not store the empty cells at the end of a row; in a CSV file their absence is noted."""
    numbered = enumerate(records, start=1)
    header: tuple[str, ...] = ()
    for number, cells in numbered:
        if number == header_row:
            header = _header(cells, limits)
            break
    header = _present(header, header_row)
    heap = _Heap(labels_of(header))
    for number, cells in numbered:
        if number - header_row > limits.rows:
            raise SourceRefused(
                said(
                    "The file has more than {most} rows, the most that is read.",
                    most=figure(f"{limits.rows:,}"),
                )
            )
        if short_rows_are_whole:
            cells = [*cells, *[""] * (len(header) - len(cells))]
        _take(number, cells, header, heap, limits)
    if not heap.rows and not heap.left_out:
        raise SourceRefused(said("The file holds the names of the columns and no row below them."))
    return Table(
        source,
        header,
        heap.labels,
        tuple(heap.rows),
        tuple(heap.left_out),
        tuple(heap.findings),
        heap.empty_rows,
    )


def _header(cells: list[Cell], limits: Limits) -> tuple[str, ...]:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise SourceRefused(
            said(
                "The file has {count} columns; {most} are the most that is read.",
                count=figure(f"{len(names):,}"),
                most=figure(f"{limits.columns:,}"),
            )
        )
    return tuple(names)


def labels_of(header: tuple[str, ...]) -> tuple[str, ...]:
    """The headings, with ``#1``, ``#2`` … where several are called the same, and the position of one without name."""
    counts = Counter(folded(name) for name in header)
    seen: Counter[str] = Counter()
    labels = []
    for position, name in enumerate(header, start=1):
        plain = folded(name)
        seen[plain] += 1
        if not plain:
            labels.append(f"#{position}")
        else:
            labels.append(name if counts[plain] == 1 else f"{name}#{seen[plain]}")
    return tuple(labels)


def _take(number: int, cells: list[Cell], header: tuple[str, ...], heap: _Heap, limits: Limits) -> None:
    if all(_blank(cell) for cell in cells):
        heap.empty_rows += 1
        return
    surplus = [str(cell) for cell in cells[len(header) :] if not _blank(cell)]
    if surplus:
        heap.left_out.append(
            RowLeftOut(number, "", " | ".join(surplus), Reason.TOO_MANY_CELLS,
                       said("{cells} cells stand under {columns} columns, so no cell can be trusted to be under its "
                            "own.", cells=len(cells), columns=len(header)), tuple(cells))
        )  # fmt: skip
        return
    if len(cells) < len(header):
        heap.findings.append(
            Finding(number, heap.labels[len(cells)], "", Reason.TOO_FEW_CELLS,
                    said("The row ends after {cells} of {columns} cells; the rest is taken as empty.",
                         cells=len(cells), columns=len(header)))
        )  # fmt: skip
        cells = [*cells, *[""] * (len(header) - len(cells))]
    kept = tuple(
        _usable(number, name, cell, heap, limits)
        for name, cell in zip(heap.labels, cells[: len(header)], strict=True)
    )
    heap.rows.append(Row(number, kept))


def _usable(number: int, column: str, cell: Cell, heap: _Heap, limits: Limits) -> Cell:
    """The cell, or "" and a finding where it cannot be stored."""
    if isinstance(cell, date):
        return cell
    if "\x00" in cell:
        shown = cell.replace("\x00", "\N{SYMBOL FOR NULL}")
        heap.findings.append(
            Finding(
                number, column, shown, Reason.NULL_BYTE, said("The cell holds a null byte; it is left empty.")
            )
        )
        return ""
    if len(cell) > limits.cell_characters:
        message = said(
            "The cell has {length} characters, more than {most}; it is left empty.",
            length=figure(f"{len(cell):,}"),
            most=figure(f"{limits.cell_characters:,}"),
        )
        heap.findings.append(Finding(number, column, cell, Reason.TOO_LONG, message))
        return ""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not folded(cell)


def _with_more_findings(table: Table, without_value: dict[tuple[int, int], str], header_row: int) -> Table:
    """Adds what a workbook alone can have: formulas whose result was never stored, and error values."""
    more = tuple(
        Finding(number, table.labels[index], text, Reason.NO_VALUE,
                said("A formula whose result is not stored in the file, or an error; the cell is left empty."))
        for (number, index), text in sorted(without_value.items())
        if number > header_row and index < len(table.header)
    )  # fmt: skip
    return replace(table, findings=(*table.findings, *more))
