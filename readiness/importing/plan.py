"""From rows and a mapping to the initiatives that would be there, and the report. Nothing is written.

Pure. A cell that cannot be used is left empty and reported; a row is left out only where it lacks what an initiative
needs.
"""

import hashlib
import json
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial

from checklists.said import figure, said
from gates.stages import LADDER, Stage
from readiness.importing.answering import PlannedAnswer, planned_answers
from readiness.importing.findings import Finding, Reason, RowLeftOut
from readiness.importing.headings import BY_HEADINGS
from readiness.importing.mapping import NOT_STATED, Columns, Duration, FieldRule, Mapping
from readiness.importing.naming import MEMBERS, Directory, Named, PlannedPlace, planned_place
from readiness.importing.reading import Row, Table
from readiness.importing.report import DateTally, DurationFigure, PeopleTally, Report
from readiness.importing.timeline import StageDay, read_days, timeline
from readiness.importing.wording import folded, one_line, shortened
from readiness.importing.workbook import Cell

# The limits of the initiative's own fields; tests/integration/importing holds them against the models.
NAME_MAX = 200
PROBLEM_MAX = 5000
SHORT_MAX = 200
SHORT_FIELDS = ("business_unit", "technology", "vendor")
TAG_MAX = 50
TAGS_MAX = 20


@dataclass(frozen=True, slots=True)
class PlannedInitiative:
    """One row as an initiative. ``key`` and ``ordinal`` (from 1, among equal keys) know it again in a later run.

    ``history`` is in order of days and ends with the present stage. ``days_used`` are the days behind it by the name of
    their column.
    """

    row: int
    key: str
    ordinal: int
    name: str
    business_problem: str
    business_unit: str
    technology: str
    vendor: str
    approach: str
    tags: tuple[str, ...]
    stage: Stage
    history: tuple[StageDay, ...]
    days_used: tuple[tuple[str, date], ...]
    answers: tuple[PlannedAnswer, ...]
    as_of: date
    intake_days: int | None
    poc_days: int | None
    pilot_days: int | None
    rollout_days: int | None
    as_of_given: bool = True
    people: tuple[PlannedPlace, ...] = ()

    @property
    def stage_since(self) -> date | None:
        """None where the file does not say since when it has been in its stage."""
        return self.history[-1].entered_on

    @property
    def source_key(self) -> str:
        """64 hexadecimal digits that stand for key and ordinal."""
        return _sha256([self.key, self.ordinal])

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that change when anything that would be written does."""
        content = asdict(self)
        for not_written in ("row", "days_used", "as_of_given", *(() if self.as_of_given else ("as_of",))):
            del content[not_written]
        content["people"] = [asdict(place) for place in self.people if place.usernames or place.unclear]
        if not content["people"]:
            del content["people"]  # so that a row without any is what it was before a file could name people
        return _sha256(content)


def plan(
    table: Table, mapping: Mapping, directory: Directory | None = None
) -> tuple[list[PlannedInitiative], Report]:
    """Every usable row as an initiative, in the file's order, and what was found on the way.

    The columns that the mapping names must be in the table: see mapping_file.load. ``directory`` knows who is here.
    """
    report = Report(mapping.name, mapping.as_of, table.source)
    report.rows = len(table.rows) + len(table.left_out)
    report.empty_rows = table.empty_rows
    report.left_out += table.left_out
    report.findings += table.findings
    report.dates = {rule.name: DateTally(rule.column) for rule in mapping.dates.columns}
    report.people = PeopleTally() if mapping.people else None
    reader = _RowReader(table, mapping, report, directory or Directory())
    planned = list(reader.all())
    report.planned = len(planned)
    report.columns = reader.used_columns()
    report.unused_columns = reader.unused_columns()
    report.stages = _in_order(Counter(one.stage.value for one in planned))
    report.since_unknown = _in_order(Counter(one.stage.value for one in planned if one.stage_since is None))
    report.durations = [_duration(duration, reader.days_read, planned) for duration in mapping.durations]
    report.answers = {rule.item: Counter() for rule in mapping.answers}
    for one in planned:
        for answer in one.answers:
            word = answer.answer.value if answer.answer else "statement kept, unanswered"
            report.answers[answer.item][word] += 1
    return planned, report


class _RowReader:
    """Reads row after row; remembers which keys were seen, which days were read and which columns were asked for."""

    def __init__(self, table: Table, mapping: Mapping, report: Report, directory: Directory) -> None:
        self.table, self.mapping, self.report, self.directory = table, mapping, report, directory
        self.columns = Columns(table.header)
        self.indices: dict[str, int] = {}
        self.seen: Counter[str] = Counter()
        self.days_read: list[dict[str, date]] = []

    def all(self) -> Iterator[PlannedInitiative]:
        for row in self.table.rows:
            key = _sha256([folded(str(self.cell(row, column))) for column in self.mapping.key])
            self.seen[key] += 1
            if self.seen[key] > 1:
                self.report.told_apart_by_order += 1
            initiative = self.initiative(row, key, self.seen[key])
            if initiative is not None:
                yield initiative

    def used_columns(self) -> tuple[tuple[str, str], ...]:
        """Column and use, in the file's order."""
        uses = {(self.index(column), use) for column, use in self.mapping.uses()}
        return tuple((self.table.labels[index], use) for index, use in sorted(uses))

    def unused_columns(self) -> tuple[str, ...]:
        used = set(self.indices.values())
        return tuple(label for index, label in enumerate(self.table.labels) if index not in used)

    def index(self, column: str) -> int:
        if column not in self.indices:
            self.indices[column] = self.columns.index(column)
        return self.indices[column]

    def label(self, column: str) -> str:
        return self.table.labels[self.index(column)]

    def cell(self, row: Row, column: str) -> Cell:
        return row.cells[self.index(column)]

    def text(self, row: Row, column: str) -> str:
        """The text of a cell, "" where it says nothing."""
        text = str(self.cell(row, column)).strip()
        return "" if self.mapping.is_empty(text) else text

    def note(self, row: Row, column: str, reason: Reason, message: str, text: str | None = None) -> None:
        shown = str(self.cell(row, column)) if text is None else text
        self.report.findings.append(Finding(row.number, self.label(column), shown, reason, message))

    def leave_out(self, row: Row, what: str, column: str, reason: Reason, message: str) -> None:
        text = str(self.cell(row, column)) if column else ""
        label = self.label(column) if column else what
        self.report.left_out.append(RowLeftOut(row.number, label, text, reason, message, row.cells))

    def initiative(self, row: Row, key: str, ordinal: int) -> PlannedInitiative | None:
        cell, note = partial(self.cell, row), partial(self.note, row)
        days = read_days(self.mapping, cell, self.report.dates, note)
        self.days_read.append(days)
        stage = self.stage(row)
        fields = {name: self.field(row, name, rule) for name, rule in self.mapping.fields.items()}
        complete = self.is_complete(row, fields)
        if stage is None or not complete:
            return None
        fields |= self.name_and_problem(row, fields)
        way = timeline(self.mapping, stage, days, self.report.dates, note)
        return PlannedInitiative(
            row=row.number,
            key=key,
            ordinal=ordinal,
            name=fields["name"],
            business_problem=fields["business_problem"],
            business_unit=fields.get("business_unit", ""),
            technology=fields.get("technology", ""),
            vendor=fields.get("vendor", ""),
            approach=fields.get("approach", ""),
            tags=self.tags(row),
            stage=stage,
            history=way.history,
            days_used=tuple(way.used.items()),
            answers=planned_answers(self.mapping, stage, partial(self.text, row), note),
            as_of=self.mapping.as_of,
            intake_days=self.mapping.plan.get(Stage.INTAKE),
            poc_days=self.mapping.plan.get(Stage.POC),
            pilot_days=self.mapping.plan.get(Stage.PILOT),
            rollout_days=self.mapping.plan.get(Stage.ROLLOUT),
            as_of_given=self.mapping.as_of_given,
            people=self.people(row),
        )

    def stage(self, row: Row) -> Stage | None:
        rule = self.mapping.stage
        raw = one_line(str(self.cell(row, rule.column)))
        self.report.stage_texts[raw] += 1
        if self.mapping.is_empty(raw):
            self.leave_out(row, "stage", rule.column, Reason.MISSING, _lacks("stage"))
            return None
        reading = rule.spellings.read(raw)
        if reading.word is None:
            known = ", ".join(stage.label for stage in LADDER)
            message = (
                said("This is no stage. Those that are known: {known}.", known=known)
                if self.mapping.name == BY_HEADINGS
                else said("The mapping names no stage for this text.")
            )
            self.leave_out(row, "stage", rule.column, Reason.UNKNOWN_VALUE, message)
            return None
        return Stage(reading.word)

    def is_complete(self, row: Row, fields: dict[str, str]) -> bool:
        missing = [name for name in sorted(self.mapping.required - {"stage"}) if not fields.get(name)]
        for name in missing:
            column = self.mapping.fields[name].column if name in self.mapping.fields else ""
            self.leave_out(row, name, column, Reason.MISSING, _lacks(name))
        return not missing

    def field(self, row: Row, name: str, rule: FieldRule) -> str:
        text = self.text(row, rule.column)
        if text and rule.spellings is not None:
            reading = rule.spellings.read(text)
            if not reading.known:
                message = said(
                    "The mapping does not say what this is ({field}); it is left empty.", field=_word(name)
                )
                self.note(row, rule.column, Reason.UNKNOWN_VALUE, message)
            return reading.word or ""
        if name in SHORT_FIELDS:
            text = one_line(text)
            if len(text) > SHORT_MAX:
                message = said("Longer than {most} characters; it is shortened.", most=SHORT_MAX)
                self.note(row, rule.column, Reason.TOO_LONG, message)
            text = shortened(text, SHORT_MAX)
        return text or rule.when_empty

    def name_and_problem(self, row: Row, fields: dict[str, str]) -> dict[str, str]:
        """A name that is too long is shortened and stands in full at the head of the problem."""
        name = one_line(fields["name"])
        problem = fields.get("business_problem") or NOT_STATED
        if len(name) > NAME_MAX:
            message = said(
                "Longer than {most} characters; it is shortened, and stands in full before the problem.",
                most=NAME_MAX,
            )
            self.note(row, self.mapping.fields["name"].column, Reason.TOO_LONG, message)
            problem = f"{name}\n\n{problem}"
        if len(problem) > PROBLEM_MAX:
            rule = self.mapping.fields.get("business_problem", self.mapping.fields["name"])
            message = said(
                "With {length} characters longer than {most}; it is shortened.",
                length=figure(f"{len(problem):,}"),
                most=figure(f"{PROBLEM_MAX:,}"),
            )
            self.note(row, rule.column, Reason.TOO_LONG, message, problem)
        return {"name": shortened(name, NAME_MAX), "business_problem": shortened(problem, PROBLEM_MAX)}

    def tags(self, row: Row) -> tuple[str, ...]:
        tags = []
        for rule in self.mapping.tags:
            text = one_line(self.text(row, rule.column))
            if text and rule.spellings is not None:
                reading = rule.spellings.read(text)
                if not reading.known:
                    self.note(
                        row,
                        rule.column,
                        Reason.UNKNOWN_VALUE,
                        said("The mapping names no tag for this text."),
                    )
                text = reading.word or ""
            if len(text) > TAG_MAX:
                message = said("Longer than the {most} characters of a tag; it is shortened.", most=TAG_MAX)
                self.note(row, rule.column, Reason.TOO_LONG, message)
            if text:
                tags.append(shortened(text, TAG_MAX))
        return tuple(dict.fromkeys(tags))[:TAGS_MAX]

    def people(self, row: Row) -> tuple[PlannedPlace, ...]:
        """Who holds which place, in the order of the roles."""
        places, all_named = [], []
        for role, column in self.mapping.people.items():
            text = self.text(row, column)
            named = self.directory.named(text, alone=role != MEMBERS)
            note = partial(self.note, row, column)
            places.append(planned_place(role, text, named, note))
            all_named.append(named)
        if self.report.people is not None:
            _tell_people(self.report.people, places, all_named)
        return tuple(places)


def _tell_people(tally: PeopleTally, places: list[PlannedPlace], all_named: list[Named]) -> None:
    usernames = {username for place in places for username in place.usernames}
    tally.rows += bool(usernames)
    tally.named.update(usernames)
    here = (person for named in all_named for person in named.people)
    tally.names |= {person.username: person.name for person in here if person.username in usernames}
    strangers = (words for named in all_named for words in named.unknown)
    tally.unknown.update({tally.spellings.setdefault(folded(words), words) for words in strangers})
    tally.inactive.update({person.username for named in all_named for person in named.inactive})


def _lacks(name: str) -> str:
    return said("The row does not say what an initiative needs: {field}.", field=_word(name))


_WORDS = {
    "name": said("name"),
    "stage": said("stage"),
    "business_problem": said("business problem"),
    "business_unit": said("business unit"),
    "technology": said("technology"),
    "vendor": said("vendor"),
    "approach": said("approach"),
}


def _word(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


def _duration(
    duration: Duration, days_read: list[dict[str, date]], planned: list[PlannedInitiative]
) -> DurationFigure:
    read = list(_spans(days_read, duration))
    used = list(_spans([dict(one.days_used) for one in planned], duration))
    return DurationFigure(
        name=duration.name,
        read=len(read),
        reversed=sum(span < timedelta() for span in read),
        median_read=_median(read),
        used=len(used),
        median_used=_median(used),
    )


def _spans(rows: list[dict[str, date]], duration: Duration) -> Iterator[timedelta]:
    start, end = duration.start, duration.end
    return (days[end] - days[start] for days in rows if start in days and end in days)


def _median(spans: list[timedelta]) -> float | None:
    return statistics.median(span.days for span in spans) if spans else None


def _in_order(counts: Counter[str]) -> Counter[str]:
    return Counter({stage.value: counts[stage.value] for stage in LADDER if counts[stage.value]})


def _sha256(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
