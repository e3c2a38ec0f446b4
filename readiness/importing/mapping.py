"""What a mapping says: which column means what, and how its texts are to be read. See docs/importing.md.

Pure. A column is named by its heading, by ``heading#2`` for the second of several that are called the same, or by its
position, ``#12``.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from checklists.said import said
from checklists.scoring import AnswerValue
from gates.stages import Stage
from readiness.importing.dates import Spelling
from readiness.importing.wording import Spellings, folded

NOT_STATED = "not stated in the source"
STAGE_FACT = "stage"  # a fact that every row has, beside those of the mapping


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of an initiative. ``spellings`` is None where the text is taken as it stands."""

    column: str
    spellings: Spellings | None = None
    when_empty: str = ""


@dataclass(frozen=True, slots=True)
class TagRule:
    column: str
    spellings: Spellings | None = None


@dataclass(frozen=True, slots=True)
class StageRule:
    """The words of ``spellings`` are stages."""

    column: str
    spellings: Spellings


@dataclass(frozen=True, slots=True)
class DateRule:
    """A column of days on which a stage was entered. ``instead`` names another stage for rows that are in a stage."""

    name: str
    column: str
    enters: Stage
    instead: Table[Stage, Stage] = field(default_factory=dict)

    def stage_entered(self, current: Stage) -> Stage:
        return self.instead.get(current, self.enters)


@dataclass(frozen=True, slots=True)
class DateRules:
    """``columns`` in the order in which their days must follow each other."""

    spellings: tuple[Spelling, ...] = ()
    remarks: bool = False
    not_before: date = date(1990, 1, 1)
    columns: tuple[DateRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Duration:
    """Days from one date column to another, to be told in the report."""

    name: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A column with closed answers. ``says`` is the question in a few words; it begins the statement that is kept."""

    name: str
    column: str
    says: str
    spellings: Spellings


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """The answer where every fact named in ``when`` has one of the words given."""

    answer: AnswerValue
    when: Table[str, frozenset[str]]
    note: str = ""

    def holds(self, words: Table[str, str]) -> bool:
        return all(words.get(fact) in wanted for fact, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class ItemRule:
    """How one item of the checklist is answered: by the first rule that holds. ``evidence`` names facts."""

    item: str
    evidence: tuple[str, ...]
    rules: tuple[AnswerRule, ...]


@dataclass(frozen=True, slots=True)
class StatedBy:
    """Who states what the file says: the text of a column, then ``suffix``."""

    column: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. ``plan`` is in days and may leave a stage out.

    ``people``: the column that names who holds a role, by the word of the role.

    Without ``as_of_given`` nobody said of which day the file speaks, and ``as_of`` is the day it came: a row is not
    another one for that.
    """

    name: str
    title: str
    as_of: date
    key: tuple[str, ...]
    plan: Table[Stage, int]
    stage: StageRule
    fields: Table[str, FieldRule]
    required: frozenset[str] = frozenset({"name", "stage"})
    tags: tuple[TagRule, ...] = ()
    people: Table[str, str] = field(default_factory=dict)
    empty_words: frozenset[str] = frozenset()
    dates: DateRules = DateRules()
    durations: tuple[Duration, ...] = ()
    framework: str = ""
    stated_by: StatedBy | None = None
    facts: Table[str, Fact] = field(default_factory=dict)
    answers: tuple[ItemRule, ...] = ()
    encoding: str | None = None
    sheet: str | None = None
    header_row: int = 1
    as_of_given: bool = True

    def uses(self) -> Iterator[tuple[str, str]]:
        """Each column that is named, with what it becomes: a field, ``stage``, ``tag``, ``key``, ``stated_by``,
        ``day:`` and the stage entered, ``person:`` and the role, or ``fact:`` and what it says."""
        for name, rule in self.fields.items():
            yield rule.column, name
        yield self.stage.column, "stage"
        for tag in self.tags:
            yield tag.column, "tag"
        for role, column in self.people.items():
            yield column, f"person:{role}"
        for day in self.dates.columns:
            yield day.column, "day" if day.instead else f"day:{day.enters.value}"
        for fact in self.facts.values():
            yield fact.column, f"fact:{fact.says}"
        if self.stated_by is not None:
            yield self.stated_by.column, "stated_by"
        for column in self.key:
            yield column, "key"

    def is_empty(self, text: str) -> bool:
        """Whether a cell says nothing: no text, or a word such as N/A."""
        plain = folded(text)
        return not plain or plain in self.empty_words


class UnknownColumn(Exception):
    """The header has no such column, or several. ``sentence`` is half of one."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Columns:
    """Finds columns in one header."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = tuple(header)
        self._places: dict[str, list[int]] = {}
        for index, heading in enumerate(header):
            self._places.setdefault(folded(heading), []).append(index)

    def index(self, column: str) -> int:
        """The position (from 0) of a column. Raises UnknownColumn."""
        places = self._places.get(folded(column))
        if places is not None and len(places) == 1:
            return places[0]
        if places is not None:
            raise UnknownColumn(
                said(
                    "{count} columns are called {name}; say which, such as '{column}#1', or its position, such as "
                    "'#{position}'",
                    count=len(places),
                    name=repr(column),
                    column=column,
                    position=str(places[0] + 1),
                )
            )
        heading, _, number = column.rpartition("#")
        if number.isascii() and number.isdigit():
            return self._numbered(column, heading.strip(), int(number))
        near = get_close_matches(folded(column), self._places, n=1, cutoff=0.6)
        if not near:
            raise UnknownColumn(said("the file has no column {name}", name=repr(column)))
        meant = repr(self.header[self._places[near[0]][0]])
        raise UnknownColumn(
            said("the file has no column {name}; did you mean {near}?", name=repr(column), near=meant)
        )

    def _numbered(self, column: str, heading: str, number: int) -> int:
        if not heading:
            if 1 <= number <= len(self.header):
                return number - 1
            raise UnknownColumn(
                said(
                    "the file has {count} columns, so there is no {name}", count=len(self.header), name=column
                )
            )
        places = self._places.get(folded(heading), [])
        if 1 <= number <= len(places):
            return places[number - 1]
        raise UnknownColumn(
            said(
                "the file has {count} columns called {heading}, so there is no {name}",
                count=len(places),
                heading=repr(heading),
                name=repr(column),
            )
        )
