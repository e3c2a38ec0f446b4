"""Answers of the checklist that a row honestly gives, with its own words as the statement behind them. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from checklists.said import said as as_said
from checklists.scoring import AnswerValue
from gates.stages import Stage
from readiness.importing.findings import Reason
from readiness.importing.mapping import STAGE_FACT, ItemRule, Mapping
from readiness.importing.wording import one_line, shortened

STATEMENT_MAX = 1000
STATED_BY_MAX = 200

ReadText = Callable[[str], str]
NoteCell = Callable[[str, Reason, str], None]


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """A statement as evidence; ``text`` quotes the cell."""

    text: str
    stated_by: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """``answer`` is None where the file says something about the item, but not enough for an answer."""

    item: str
    answer: AnswerValue | None
    note: str
    statements: tuple[PlannedStatement, ...]


def planned_answers(
    mapping: Mapping, stage: Stage, text: ReadText, note: NoteCell
) -> tuple[PlannedAnswer, ...]:
    """The answers of one row.

    ``text`` gives the text of a column ("" where it says nothing), ``note`` reports a cell. A text that the mapping
    does not know is reported, and answers nothing.
    """
    words: dict[str, str] = {}
    said: dict[str, str] = {}
    for fact in mapping.facts.values():
        raw = one_line(text(fact.column))
        if not raw:
            continue
        reading = fact.spellings.read(raw)
        if not reading.known:
            note(
                fact.column,
                Reason.NOT_UNDERSTOOD,
                as_said("The mapping does not know this answer; it answers nothing."),
            )
        elif reading.word is not None:
            words[fact.name] = reading.word
            said[fact.name] = _statement(f"{fact.says}: \u201c{raw}\u201d", fact.column, note)
    if not words:
        return ()
    by = _stated_by(mapping, text)
    words[STAGE_FACT] = stage.value
    found = (_answer(rule, words, said, by, mapping.as_of) for rule in mapping.answers)
    return tuple(answer for answer in found if answer is not None)


def _answer(
    rule: ItemRule, words: dict[str, str], said: dict[str, str], by: str, as_of: date
) -> PlannedAnswer | None:
    statements = tuple(PlannedStatement(said[name], by, as_of) for name in rule.evidence if name in said)
    for one in rule.rules:
        if one.holds(words):
            return PlannedAnswer(rule.item, one.answer, one.note, statements)
    return PlannedAnswer(rule.item, None, "", statements) if statements else None


def _statement(text: str, column: str, note: NoteCell) -> str:
    if len(text) > STATEMENT_MAX:
        note(
            column,
            Reason.TOO_LONG,
            as_said("As a statement longer than {most} characters; it is shortened.", most=STATEMENT_MAX),
        )
    return shortened(text, STATEMENT_MAX)


def _stated_by(mapping: Mapping, text: ReadText) -> str:
    if mapping.stated_by is None:
        return ""
    who = f"{one_line(text(mapping.stated_by.column))} {mapping.stated_by.suffix}".strip()
    return shortened(who, STATED_BY_MAX)
