"""When a row entered its stages: the days its cells give, and those of them that can be. Pure."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import date

from checklists.said import said, template
from gates.stages import LADDER, Stage
from readiness.importing.dates import Precision, Read, Unread, read_day, year_behind
from readiness.importing.findings import Reason
from readiness.importing.mapping import DateRule, Mapping
from readiness.importing.report import DateTally
from readiness.importing.wording import one_line
from readiness.importing.workbook import Cell

CellOf = Callable[[str], Cell]
NoteCell = Callable[[str, Reason, str], None]


@dataclass(frozen=True, slots=True)
class StageDay:
    """A stage and the day it was entered, None where the file does not give it."""

    stage: Stage
    entered_on: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``history`` is in the order of stages and of days and ends with the present stage.

    That last one alone may have no day: it is unknown then how long the row has been in its stage, and no rule counts.
    ``used`` are the days behind it, by the name of their column.
    """

    history: tuple[StageDay, ...]
    used: dict[str, date]


def read_days(
    mapping: Mapping, cell: CellOf, tallies: Table[str, DateTally], note: NoteCell
) -> dict[str, date]:
    """Every day that a spelling of the mapping covers, by the name of its column; what is none is reported."""
    days = {}
    for rule in mapping.dates.columns:
        day = _read_day(mapping, rule, cell(rule.column), tallies[rule.name], note)
        if day is not None:
            days[rule.name] = day
    return days


def timeline(
    mapping: Mapping, stage: Stage, days: Table[str, date], tallies: Table[str, DateTally], note: NoteCell
) -> Timeline:
    """The stage history that the days of a row make; a day that cannot be is left out and reported."""
    used: dict[str, date] = {}
    history: list[StageDay] = []
    for rule in mapping.dates.columns:
        day = days.get(rule.name)
        if day is None:
            continue
        trouble = _trouble(mapping, rule, day, stage, used)
        if trouble is not None:
            tallies[rule.name].set_aside[trouble.reason] += 1
            note(rule.column, trouble.reason, said("Left empty: {why}", why=trouble.message))
            continue
        tallies[rule.name].used += 1
        used[rule.name] = day
        entered = rule.stage_entered(stage)
        if entered not in [earlier.stage for earlier in history]:
            history.append(StageDay(entered, day))
    if not history or history[-1].stage != stage:
        history.append(StageDay(stage, None))
    return Timeline(tuple(history), used)


def _read_day(mapping: Mapping, rule: DateRule, cell: Cell, tally: DateTally, note: NoteCell) -> date | None:
    if isinstance(cell, str) and not one_line(cell):
        return None
    tally.non_empty += 1
    if isinstance(cell, str) and mapping.is_empty(cell):
        tally.empty_words += 1
        return None
    reading = read_day(cell, mapping.dates.spellings, mapping.dates.remarks)
    if isinstance(reading, Unread):
        tally.unread[reading.reason] += 1
        note(rule.column, reading.reason, said("Left empty: {why}.", why=reading.message))
        return None
    tally.read[reading.spelling] += 1
    _note_terms(rule, reading, note)
    return reading.day


def _note_terms(rule: DateRule, reading: Read, note: NoteCell) -> None:
    """A day that is less certain than it looks is said to be so."""
    if reading.precision != Precision.DAY:
        month = template("Read as {spelling}; the first day of the month is taken: {day}.")
        year = template("Read as {spelling}; the first day of the year is taken: {day}.")
        words = month if reading.precision == Precision.MONTH else year
        message = said(words, spelling=reading.spelling, day=reading.day.isoformat())
        note(rule.column, Reason.MONTH_ONLY, message)
    if reading.remark:
        message = said(
            "Read as {day}; the remark {remark} is set aside.",
            day=reading.day.isoformat(),
            remark=repr(reading.remark),
        )
        note(rule.column, Reason.REMARK_SET_ASIDE, message)


def _trouble(
    mapping: Mapping, rule: DateRule, day: date, stage: Stage, used: dict[str, date]
) -> Unread | None:
    """Why a day cannot be what its column says, or None. The message is half a sentence."""
    earliest = mapping.dates.not_before
    if day < earliest:
        return Unread(Reason.TOO_EARLY, _too_early(day, earliest))
    if day > mapping.as_of:
        message = said(
            "it is after {day}, the day the file speaks of: a plan, not yet a fact.",
            day=mapping.as_of.isoformat(),
        )
        return Unread(Reason.AFTER_AS_OF, message)
    entered = rule.stage_entered(stage)
    if LADDER.index(entered) > LADDER.index(stage):
        message = said(
            "it says when {entered} began, but the row is in {stage} by its stage.",
            entered=entered.label,
            stage=stage.label,
        )
        return Unread(Reason.BEYOND_STAGE, message)
    if used:
        name, previous = list(used.items())[-1]
        if day < previous:
            message = said(
                "{day} is before {previous}, the day under {name}, which it must follow.",
                day=day.isoformat(),
                previous=previous.isoformat(),
                name=repr(name),
            )
            return Unread(Reason.BEFORE_PREDECESSOR, message)
    return None


def _too_early(day: date, earliest: date) -> str:
    year = year_behind(day)
    if year is None:
        return said("it is before {day}.", day=earliest.isoformat())
    return said(
        "it is before {day}. It is day number {year} of a spreadsheet: most likely the year {year}, and a year alone "
        "is no day.",
        day=earliest.isoformat(),
        year=str(year),
    )
