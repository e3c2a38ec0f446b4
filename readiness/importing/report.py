"""What an import would bring, and everything it could not use."""

import json
from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from readiness.importing.findings import Finding, Reason, RowLeftOut
from readiness.importing.reading import Source
from readiness.ui.lines import csv_line

LEFT_OUT = "row left out"
MOST_TOLD = 20
"""So many people are told of one by one."""


@dataclass(slots=True)
class DateTally:
    """One column of days. ``read`` are the days understood, by spelling; ``used`` those that became stage history."""

    column: str
    non_empty: int = 0
    empty_words: int = 0
    read: Counter[str] = field(default_factory=Counter)
    unread: Counter[Reason] = field(default_factory=Counter)
    set_aside: Counter[Reason] = field(default_factory=Counter)
    used: int = 0

    @property
    def read_in_all(self) -> int:
        return self.read.total()


@dataclass(frozen=True, slots=True)
class DurationFigure:
    """Days between two columns: as they stand in the file (``read``), and without those that cannot be (``used``)."""

    name: str
    read: int
    reversed: int
    median_read: float | None
    used: int
    median_used: float | None


@dataclass(slots=True)
class PeopleTally:
    """Whom the rows name that become initiatives: ``rows`` name somebody who is here. ``named`` counts rows by
    username, ``names`` says who that is; ``unknown`` counts rows by the words for nobody, of
    several ``spellings`` by the first; ``inactive`` by username.
    """

    rows: int = 0
    named: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, str] = field(default_factory=dict)
    inactive: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Report:
    """``stages`` counts initiatives; ``stage_texts`` every spelling in the file; ``since_unknown`` the initiatives
    whose stage was entered on a day that the file does not give; ``people`` is None where no column names any;
    ``columns`` is each used column with what it became.
    """

    mapping: str
    as_of: date
    source: Source
    rows: int = 0
    empty_rows: int = 0
    planned: int = 0
    told_apart_by_order: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    stage_texts: Counter[str] = field(default_factory=Counter)
    since_unknown: Counter[str] = field(default_factory=Counter)
    dates: dict[str, DateTally] = field(default_factory=dict)
    durations: list[DurationFigure] = field(default_factory=list)
    answers: dict[str, Counter[str]] = field(default_factory=dict)
    people: PeopleTally | None = None
    columns: tuple[tuple[str, str], ...] = ()
    unused_columns: tuple[str, ...] = ()
    left_out: list[RowLeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def by_reason(self) -> Counter[Reason]:
        return Counter(finding.reason for finding in self.findings)

    def entries(self) -> list[tuple[str, RowLeftOut | Finding]]:
        """Every row and cell in the file's order, each with what became of it."""
        found: list[tuple[str, RowLeftOut | Finding]] = [(LEFT_OUT, entry) for entry in self.left_out]
        found += [("cell", entry) for entry in self.findings]
        return sorted(found, key=lambda pair: (pair[1].row, pair[0] == "cell", pair[1].column))


def as_csv(report: Report) -> str:
    """Rows and cells as CSV: what, row, column, text, reason, message. Nothing in it starts a formula."""
    lines = [csv_line(("what", "row", "column", "text", "reason", "message"))]
    for what, entry in report.entries():
        lines.append(csv_line((what, entry.row, entry.column, entry.text, entry.reason.value, entry.message)))
    return "".join(lines)


def as_json(report: Report) -> str:
    """The whole report, figures included."""
    return json.dumps(_plain(report), indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A report's value as JSON knows it. (``dataclasses.asdict`` does not know how to rebuild a Counter.)"""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def as_text(report: Report) -> str:
    """The figures and, by reason, how many rows and cells are concerned: for the terminal."""
    return "\n".join(
        [
            *_source_lines(report),
            *_column_lines(report),
            "",
            *_count_lines("Initiatives by stage", report.stages),
            *_since_lines(report),
            "",
            *_people_lines(report),
            *_date_lines(report),
            *_duration_lines(report),
            "",
            *_answer_lines(report),
            *_finding_lines(report),
        ]
    ).rstrip()


def people_told(report: Report) -> dict[str, Any] | None:
    """Whom the rows name, as a page shows it: the most frequent, and how many there are. None: no column names any."""
    told = report.people
    if told is None:
        return None
    return {
        "rows": told.rows,
        "named": [[name, told.names[name], count] for name, count in told.named.most_common(MOST_TOLD)],
        "named_count": len(told.named),
        "unknown": [[words[:120], count] for words, count in told.unknown.most_common(MOST_TOLD)],
        "unknown_count": len(told.unknown),
        "inactive": [list(one) for one in told.inactive.most_common(MOST_TOLD)],
        "inactive_count": len(told.inactive),
    }


def _source_lines(report: Report) -> list[str]:
    source = report.source
    read_as = f"sheet {source.sheet!r}" if source.kind == "xlsx" else (
        f"{source.encoding} ({source.how_encoding_was_found}), cells parted by {source.delimiter!r}"
    )  # fmt: skip
    skipped = f", {report.empty_rows} empty ones skipped" if report.empty_rows else ""
    lines = [
        f"{source.name}: {source.kind.upper()}, {read_as}; mapping {report.mapping}, as of {report.as_of}",
        f"{report.rows} rows{skipped}: {report.planned} become initiatives, {len(report.left_out)} are left out",
    ]
    if report.told_apart_by_order:
        lines.append(
            f"{report.told_apart_by_order} rows have the same key as one above and are told apart by order"
        )
    return lines


def _column_lines(report: Report) -> list[str]:
    lines = [f"Columns: {', '.join(f'{label} ({use})' for label, use in report.columns)}"]
    if report.unused_columns:
        lines.append(f"Not used: {', '.join(report.unused_columns)}")
    return lines


def _count_lines(title: str, counts: Counter[str]) -> list[str]:
    return [f"{title}:", *(f"  {count:>6}  {word}" for word, count in counts.items())]


def _since_lines(report: Report) -> list[str]:
    if not report.since_unknown:
        return []
    counts = ", ".join(f"{stage} {count}" for stage, count in report.since_unknown.items())
    return [f"  In their stage since a day that the file does not give: {counts}"]


def _people_lines(report: Report) -> list[str]:
    told = report.people
    if told is None:
        return []
    lines = [f"People: {told.rows} of {report.planned} rows name somebody who is here"]
    lines += [
        f"  {count:>6}  {told.names[username]} ({username})"
        for username, count in told.named.most_common(MOST_TOLD)
    ]
    for title, counts in (("Not here", told.unknown), ("No longer active", told.inactive)):
        if counts:
            lines.append(f"{title}:")
            lines += [f"  {count:>6}  {words}" for words, count in counts.most_common(MOST_TOLD)]
    if told.unknown:
        lines.append(
            "Bring them in first, with `manage.py import_people`, or write how they are called here."
        )
    return [*lines, ""]


def _date_lines(report: Report) -> list[str]:
    lines = ["Days:"] if report.dates else []
    for name, tally in report.dates.items():
        aside = "".join(f", {count} {reason}" for reason, count in sorted(tally.set_aside.items()))
        lines.append(
            f"  {name}: {tally.read_in_all} of {tally.non_empty} non-empty cells are days ({tally.empty_words} say "
            f"nothing, {tally.unread.total()} are no day); {tally.used} used{aside}"
        )
        lines += [f"    {count:>6}  written {spelling}" for spelling, count in tally.read.most_common()]
    return lines


def _duration_lines(report: Report) -> list[str]:
    return [
        f"  {one.name}: {one.read} with both days, {one.reversed} of them reversed, median {one.median_read} days; "
        f"{one.used} usable, median {one.median_used} days"
        for one in report.durations
    ]


def _answer_lines(report: Report) -> list[str]:
    lines = ["Answers taken from the file:"] if report.answers else []
    for item, counts in report.answers.items():
        lines.append(f"  {item}: " + ", ".join(f"{count} {word}" for word, count in sorted(counts.items())))
    return [*lines, ""] if lines else []


def _finding_lines(report: Report) -> list[str]:
    lines = [
        f"  row {entry.row}, column {entry.column or '(the row)'}: {entry.message} Text: {entry.text!r}"
        for entry in report.left_out[:20]
    ]
    if lines:
        lines.insert(0, "Rows left out:")
    if len(report.left_out) > 20:
        lines.append(f"  … and {len(report.left_out) - 20} more in the report")
    if report.findings:
        lines.append("Cells to look at, by reason:")
        lines += [f"  {count:>6}  {reason}" for reason, count in report.by_reason.most_common()]
    return lines
