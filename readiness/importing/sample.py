"""A spreadsheet to fill in, and a mapping that fits it and can be changed to fit another."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gates.stages import LADDER
from readiness.importing.headings import APPROACHES, FIELDS, HEADINGS, STAGES
from readiness.importing.naming import ROLES
from readiness.importing.remains import UTF8_MARK

_ENGLISH, _GERMAN = 0, 1
_ROWS: tuple[dict[str, tuple[str, str]], ...] = (
    {
        "name": ("Sorting incoming invoices", "Eingangsrechnungen sortieren"),
        "business_problem": ("Three days until an invoice is booked.", "Drei Tage, bis eine Rechnung gebucht ist."),
        "business_unit": ("Finance", "Finanzen"),
        "technology": ("Document classification", "Dokumentenklassifikation"),
        "vendor": ("", ""),
        "approach": (APPROACHES["build"][_ENGLISH], APPROACHES["build"][_GERMAN]),
        "tag": ("Back office", "Verwaltung"),
        "stage": (STAGES["pilot"][_ENGLISH], STAGES["pilot"][_GERMAN]),
        "begun": ("2026-02-02", "02.02.2026"),
        "since": ("2026-06-15", "15.06.2026"),
    },
    {
        "name": ("Answering questions of staff", "Fragen von Mitarbeitenden beantworten"),
        "business_problem": ("The same forty questions each week.", "Jede Woche dieselben vierzig Fragen."),
        "business_unit": ("Human resources", "Personal"),
        "stage": (STAGES["intake"][_ENGLISH], STAGES["intake"][_GERMAN]),
    },
)  # fmt: skip


def _language() -> int:
    return _GERMAN if (get_language() or "").startswith("de") else _ENGLISH


def sample_csv() -> Iterator[str]:
    """The headings that are recognised, in the reader's language, and two rows to be replaced by one's own."""
    which = _language()
    out = io.StringIO()
    # A spreadsheet program of a German desk parts cells by semicolons.
    writer = csv.writer(out, delimiter=";" if which == _GERMAN else ",")
    writer.writerow(names[which] for names in HEADINGS.values())
    writer.writerows([row.get(code, ("", ""))[which] for code in HEADINGS] for row in _ROWS)
    yield UTF8_MARK + out.getvalue()


def sample_mapping(day: date) -> Iterator[str]:
    """The mapping, in YAML, that reads this spreadsheet as it is read without one; its list is of ``day``."""
    which = _language()
    names = {code: _quoted(headings[which]) for code, headings in HEADINGS.items()}
    yield "# " + _("Replace what stands behind “column” by the headings of your spreadsheet.") + "\n"
    yield "mapping: our-list\n"
    yield f"as_of: '{day.isoformat()}'\n"
    yield f"key: [{names['name']}]\n"
    yield "empty_words: [N/A, TBD]\n\nfields:\n"
    for code in FIELDS:
        values = f", values: {_values(APPROACHES, which)}" if code == "approach" else ""
        yield f"  {code}: {{column: {names[code]}{values}}}\n"
    yield f"tags:\n- column: {names['tag']}\n\n"
    yield f"stage:\n  column: {names['stage']}\n  values: {_values(STAGES, which)}\n\n"
    yield "people:\n" + "".join(f"  {role}: {{column: {names[role]}}}\n" for role in ROLES) + "\n"
    yield "dates:\n  spellings: [YYYY-MM-DD, D.M.YYYY]\n  columns:\n"
    yield f"  - {{name: begun, column: {names['begun']}, enters: intake}}\n"
    own = ", ".join(f"{stage.value}: {stage.value}" for stage in LADDER[1:])
    yield f"  - {{name: since, column: {names['since']}, enters: intake, instead: {{{own}}}}}\n"


def _values(words: dict[str, tuple[str, ...]], which: int) -> str:
    return "{" + ", ".join(f"{_quoted(known[which])}: {word}" for word, known in words.items()) + "}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
