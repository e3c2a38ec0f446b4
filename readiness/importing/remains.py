"""What a file held and an import could not use, row by row, kept as a file to be downloaded.

Kept as JSON, a line an entry, so that it is told in the language of whoever downloads it, and without holding all of it
in memory. Rows that were left out carry their original cells; of a cell its text says all.
"""

import json
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from checklists.said import restored, stored_parts
from readiness.importing.findings import REASON_WORDS, Finding, Reason, RowLeftOut
from readiness.importing.report import LEFT_OUT, Report
from readiness.room import save_whole
from readiness.ui.lines import csv_line
from readiness.ui.saying import say

UTF8_MARK = "\ufeff"
"""By it spreadsheet programs know the encoding."""


def entry(what: str, one: RowLeftOut | Finding) -> dict[str, Any]:
    """A row or a cell as it is stored; its sentence can be said in any language."""
    return {
        "what": what,
        "row": one.row,
        "column": one.column,
        "text": one.text,
        "reason": one.reason.value,
        "message": one.message,
        "said": stored_parts(one.message),
    }


def keep(report: Report, labels: Sequence[str]) -> str:
    """Lay it down in the store; the key of the file, "" where everything could be used."""
    if not report.left_out and not report.findings:
        return ""
    with tempfile.TemporaryFile("w+b", dir=settings.UPLOAD_DIR) as file:
        file.write(_line({"columns": list(labels)}))
        for what, one in report.entries():
            cells = [str(cell) for cell in one.cells] if isinstance(one, RowLeftOut) else []
            file.write(_line(entry(what, one) | {"cells": cells}))
        file.seek(0)
        name = uuid.uuid4().hex
        return save_whole(default_storage, f"{name[:2]}/{name}", File(file))


def _line(found: dict[str, Any]) -> bytes:
    # A lone surrogate, which a broken file may hold, is written as an escape and read back as one.
    return json.dumps(found).encode() + b"\n"


def as_csv(file: IO[bytes], language: str | None) -> Iterator[str]:
    """The stored entries as lines of a CSV, and the file closed; no cell of it is a formula."""
    with file:
        for number, line in enumerate(file):
            # A page's language may be gone when its answer is read on.
            with translation.override(language):
                found = json.loads(line)
                told = _told(found) if number else UTF8_MARK + _heads(found["columns"])
            yield told


def _heads(columns: Sequence[str]) -> str:
    return _written([_("Row"), _("What"), _("Column"), _("Text"), _("Reason"), _("Why"), *columns])


def _told(one: dict[str, Any]) -> str:
    what = _("row left out") if one["what"] == LEFT_OUT else _("cell left empty or changed")
    reason = str(REASON_WORDS[Reason(one["reason"])])
    why = say(restored(one["message"], one["said"]))
    return _written([str(one["row"]), what, one["column"], one["text"], reason, why, *one["cells"]])


def _written(cells: Iterable[str]) -> str:
    return csv_line(map(_readable, cells))


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
