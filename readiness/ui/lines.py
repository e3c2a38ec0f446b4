"""Rows as lines of text, one at a time: a table for spreadsheets, or an object a line for programs."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from readiness.ui.cells import no_formula


class _Line:
    """A file to write to that hands back what was written."""

    def write(self, text: str) -> str:
        return text


def ndjson_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in documents:
        yield json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_lines(documents: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """``columns`` are the keys of the documents, and the first line."""
    yield csv_line(columns)
    for one in documents:
        yield csv_line(one[name] for name in columns)


def csv_line(cells: Iterable[Any]) -> str:
    """One row with its end: no text in it is a formula, what is nested is JSON, and None is an empty cell.

    A figure is written as it is, with a point, and a day as 2026-11-30.
    """
    # A writer for each row: it gathers the row while the cells are computed, and other threads write rows meanwhile.
    return str(csv.writer(_Line()).writerow(map(_cell, cells)))  # it returns what the file's `write` does


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    if isinstance(value, date | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
