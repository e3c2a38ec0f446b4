"""Rows as lines of text, one at a time: a table for spreadsheets, or an object a line for programs."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    writer = csv.writer(_Line())
    yield writer.writerow(columns)  # type: ignore[misc]  # it returns what the file's `write` does
    for one in documents:
        yield writer.writerow([_cell(one[name]) for name in columns])  # type: ignore[misc]


def _cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula; what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    return json.dumps(value, ensure_ascii=False)
