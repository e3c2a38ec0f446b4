"""Small made-up spreadsheets and mappings."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl

from readiness.importing import mapping_file
from readiness.importing.mapping import Mapping
from readiness.importing.plan import PlannedInitiative, plan
from readiness.importing.reading import Table, read_bytes
from readiness.importing.report import Report

AS_OF = date(2026, 6, 30)

MAPPING = """
mapping: acme
as_of: '2026-06-30'
key: [Name, Unit]
plan: {poc: 30, pilot: 90}
empty_words: [N/A, None, TBD]
fields:
  name: {column: Name}
  business_problem: {column: Problem}
  business_unit: {column: Unit}
  approach: {column: Made by, values: {Us: build, A vendor: buy}, says_nothing: [Nobody knows]}
tags:
- column: Topic
stage:
  column: Stage
  values: {Idea: intake, Trial: poc, Pilot: pilot, In use: live, Switched off: retired}
dates:
  spellings: [M/D/YYYY, YYYY-MM-DD, YYYY-MM]
  remarks: true
  not_before: '2000-01-01'
  columns:
  - {name: begun, column: Begun, enters: intake}
  - {name: tried, column: Tried, enters: poc}
  - {name: used, column: Used, enters: live, instead: {pilot: pilot}}
  - {name: ended, column: Ended, enters: retired}
durations:
- {name: From idea to use, from: begun, to: used}
framework: five-gate
stated_by: {column: Unit, suffix: in the list of 2026}
facts:
- name: tested
  column: Tested?
  says: Tested in production
  values: {'Yes*': 'yes', 'No*': 'no', In part: partly}
- name: reviewed
  column: Reviewed?
  says: Reviewed by privacy
  values: {'Yes': 'yes', 'No': 'no'}
answers:
- item: DATA-4
  evidence: [tested]
  rules:
  - {when: {tested: ['yes'], stage: [pilot, live]}, answer: partial, note: Tested in production.}
  - {when: {tested: ['no']}, answer: not_met}
- item: GOVN-2
  evidence: [reviewed, tested]
  rules:
  - {when: {reviewed: ['yes'], tested: ['yes']}, answer: partial}
"""

HEADER = (
    "Name", "Problem", "Unit", "Made by", "Topic", "Stage", "Begun", "Tried", "Used", "Ended", "Tested?", "Reviewed?",
)  # fmt: skip
BLANK = dict.fromkeys(HEADER, "")


def mapping(text: str = MAPPING, header: Sequence[str] | None = None) -> Mapping:
    return mapping_file.parse(text.encode(), "acme.yaml", header)


def row(**cells: Any) -> list[Any]:
    """One row; a cell is named by its heading in lower case, with ``_`` for a space and without ``?``."""
    named = {heading.lower().replace(" ", "_").rstrip("?"): heading for heading in HEADER}
    given = {named[name]: value for name, value in cells.items()}
    return list({**BLANK, "Name": "Sorting invoices", "Stage": "Idea", **given}.values())


def csv_bytes(
    rows: Iterable[Sequence[str]],
    header: Sequence[str] = HEADER,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[Any]], header: Sequence[Any] = HEADER, sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for cells in [header, *rows]:
        book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Sequence[str]) -> Table:
    return read_bytes(csv_bytes(rows), "list.csv")


def planned(*rows: Sequence[str], text: str = MAPPING) -> tuple[list[PlannedInitiative], Report]:
    return plan(table(*rows), mapping(text))


def only(*rows: Sequence[str]) -> PlannedInitiative:
    """The one initiative that these rows make."""
    (initiative,), _ = planned(*rows)
    return initiative


def found(report: Report) -> list[tuple[int, str, str, str]]:
    """Row, column, text and reason of every cell in the report."""
    return [(one.row, one.column, one.text, one.reason.value) for one in report.findings]
