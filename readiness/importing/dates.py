"""Texts that stand for a day, by named spellings. Nothing is guessed: what no allowed spelling covers is no day.

Pure: standard library only. Spellings are named the way people write them in a mapping, such as ``M/D/YYYY``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from checklists.said import said
from readiness.importing.findings import Reason

SERIAL_BASE = date(1899, 12, 30)  # day 0 of spreadsheet day numbers, from 1 March 1900 on
SERIAL_FIRST, SERIAL_LAST = (
    61,
    2_958_465,
)  # 1 March 1900 (before it, spreadsheets count a day too many) to 31.12.9999

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_D, _M, _Y = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})", r"(?P<year>[0-9]{4})"
_YY = r"(?P<yy>[0-9]{2})"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a day. Of a month, its first day is taken; of a year, 1 January."""

    name: str
    pattern: re.Pattern[str]
    precision: Precision = Precision.DAY


def _spelling(name: str, pattern: str, precision: Precision = Precision.DAY) -> Spelling:
    return Spelling(name, re.compile(pattern), precision)


SPELLINGS = {
    spelling.name: spelling
    for spelling in (
        _spelling("YYYY-MM-DD", rf"{_Y}-{_M}-{_D}(?:[T ][0-9:.]+Z?)?"),
        _spelling("YYYY/M/D", rf"{_Y}/{_M}/{_D}"),
        _spelling("M/D/YYYY", rf"{_M}/{_D}/{_Y}"),
        _spelling("D/M/YYYY", rf"{_D}/{_M}/{_Y}"),
        _spelling("D.M.YYYY", rf"{_D}\.{_M}\.{_Y}"),
        _spelling("D MMM YYYY", rf"{_D}[ -]{_MONTH}[ -]{_Y}"),
        _spelling("MMM D, YYYY", rf"{_MONTH} {_D},? {_Y}"),
        _spelling("YYYY-MM", rf"{_Y}-{_M}", Precision.MONTH),
        _spelling("M/YYYY", rf"{_M}/{_Y}", Precision.MONTH),
        _spelling("MMM YYYY", rf"{_MONTH}[ -]{_Y}", Precision.MONTH),
        _spelling("MMM-YY", rf"{_MONTH}-{_YY}", Precision.MONTH),
        _spelling("YY-MMM", rf"{_YY}-{_MONTH}", Precision.MONTH),
        _spelling("YYYY", _Y, Precision.YEAR),
        _spelling("spreadsheet day number", r"(?P<serial>[0-9]{2,7})(?:\.[0-9]+)?"),
    )
}
# Both would read 3/4/2024, and as two different days.
CONTRADICTIONS = (("M/D/YYYY", "D/M/YYYY"), ("MMM-YY", "YY-MMM"))

_REMARK = re.compile(r"(?P<rest>.*\S)\s*\((?P<remark>[^()]*)\)", re.DOTALL)
_A_YEAR = SPELLINGS["YYYY"].pattern


@dataclass(frozen=True, slots=True)
class Read:
    """A day that was understood; ``spelling`` says by which rule, "cell" for a true date of a spreadsheet."""

    day: date
    spelling: str
    precision: Precision = Precision.DAY
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """No day. The message is half a sentence."""

    reason: Reason
    message: str


def read_day(cell: str | date, spellings: Sequence[Spelling], remarks: bool = False) -> Read | Unread:
    """The day a non-empty cell stands for. ``remarks``: one remark in brackets at the end is set aside."""
    if isinstance(cell, date):
        return Read(cell, "cell")
    text, remark = " ".join(cell.split()), ""
    match = _REMARK.fullmatch(text) if remarks else None
    if match is not None:
        text, remark = match["rest"], match["remark"].strip()
    impossible: Unread | None = None
    for spelling in spellings:
        match = spelling.pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        if "name" in parts and _month_number(parts["name"]) is None:
            continue
        day = _day(parts)
        if day is not None:
            return Read(day, spelling.name, spelling.precision, remark)
        impossible = impossible or Unread(
            Reason.NO_SUCH_DAY, said("read as {spelling}, there is no such day", spelling=spelling.name)
        )
    if impossible is not None:
        return impossible
    if _A_YEAR.fullmatch(text):
        return Unread(Reason.YEAR_ONLY, said("a year alone is no day"))
    return Unread(Reason.NOT_A_DATE, said("it is none of the spellings of a day that the mapping allows"))


def year_behind(day: date) -> int | None:
    """The year that was probably typed where a spreadsheet shows this day: 16 July 1905 is day number 2024."""
    number = (day - SERIAL_BASE).days
    return number if 1950 <= number <= 2100 else None


def _day(parts: dict[str, str | None]) -> date | None:
    if parts.get("serial") is not None:
        number = int(parts["serial"] or 0)
        return SERIAL_BASE + timedelta(days=number) if SERIAL_FIRST <= number <= SERIAL_LAST else None
    year = int(parts["year"] or 0) if "year" in parts else 2000 + int(parts["yy"] or 0)
    month = _month_number(parts["name"] or "") if "name" in parts else int(parts.get("month") or 1)
    try:
        return date(year, month or 0, int(parts.get("day") or 1))
    except ValueError:
        return None


def _month_number(name: str | None) -> int | None:
    """The month of an English name or of three letters and more of it: Aug, August, Sept."""
    plain = (name or "").lower()
    if len(plain) < 3:
        return None
    return next((number for number, full in enumerate(_MONTHS, start=1) if full.startswith(plain)), None)
