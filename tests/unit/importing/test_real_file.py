"""The 2024 inventory, held against a count of its own made with nothing but csv and datetime."""

import csv
import os
import re
import statistics
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from readiness.importing import mapping_file
from readiness.importing.plan import plan
from readiness.importing.reading import read_file

FOLDER = os.environ.get("FIVEGATES_REAL_DATA")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="FIVEGATES_REAL_DATA does not name the folder with the real 2024 inventory"
)

STAGES = {
    "Initiated": "intake", "Planned": "intake", "Ideation": "intake", "Acquisition and/or Development": "poc",
    "Implementation and Assessment": "pilot", "Operation and Maintenance": "live", "In production": "live",
    "In mission": "live", "Retired": "retired", "Research or  Administrative Action Complete": "retired",
}  # fmt: skip
INITIATED, DEVELOPED, IMPLEMENTED, RETIRED = 11, 12, 13, 14
RANK = {"intake": 0, "poc": 1, "pilot": 2, "live": 4, "retired": 5}
AS_OF = date(2024, 12, 16)
SLASHES = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
YEAR_MONTH = re.compile(r"[0-9]{2}-[A-Z][a-z]{2}")


@pytest.fixture(scope="module")
def path():
    return Path(FOLDER or "") / "us-federal-ai-use-cases-2024.csv"


@pytest.fixture(scope="module")
def outcome(path):
    name = mapping_file.find("us-federal-ai-use-cases-2024")
    table = read_file(path, encoding=mapping_file.load(name).encoding)
    return plan(table, mapping_file.load(name, table.header))


@pytest.fixture(scope="module")
def rows(path):
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.reader(file))[1:]


def american(text: str) -> date | None:
    """M/D/YYYY and nothing else."""
    if not SLASHES.fullmatch(text.strip()):
        return None
    return datetime.strptime(text.strip(), "%m/%d/%Y").date()  # noqa: DTZ007


def any_day(text: str) -> date | None:
    """The four spellings that occur, by hand: the remark goes, a month is its first day."""
    plain = text.strip().split(" (")[0]
    if YEAR_MONTH.fullmatch(plain):
        return datetime.strptime(f"20{plain}", "%Y-%b").date()  # noqa: DTZ007
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", plain):
        plain += "-01"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain) and text.count("(") < 2:
        return date.fromisoformat(plain)
    return american(text)


def usable_days(row: list[str]) -> dict[int, date]:
    """The days of a row that can be: not before 1990, not in the future, of a stage it has reached, in order."""
    stage = STAGES[row[9].strip()]
    entered = {INITIATED: 0, DEVELOPED: 1, IMPLEMENTED: 2 if stage == "pilot" else 4, RETIRED: 5}
    kept: dict[int, date] = {}
    for column, rank in entered.items():
        day = any_day(row[column])
        if day is None or day.year < 1990 or day > AS_OF or rank > RANK[stage]:
            continue
        if all(day >= earlier for earlier in kept.values()):
            kept[column] = day
    return kept


def test_the_file_is_read_whole_and_in_its_encoding(outcome):
    _, report = outcome
    assert (report.rows, report.source.encoding, report.source.delimiter) == (2133, "cp1252", ",")
    assert "Describe the AI system’s outputs." in report.unused_columns


def test_at_least_2115_rows_come_in_and_every_other_is_named(outcome, rows):
    initiatives, report = outcome
    assert len(initiatives) >= 2115
    without_stage = [number for number, row in enumerate(rows, start=2) if not row[9].strip()]
    assert [(one.row, one.column) for one in report.left_out] == [
        (number, "Stage of Development") for number in without_stage
    ]
    assert len(initiatives) == len(rows) - len(without_stage) == 2129


def test_the_counts_by_stage_equal_an_independent_count(outcome, rows):
    _, report = outcome
    assert report.stages == Counter(STAGES[row[9].strip()] for row in rows if row[9].strip())
    assert report.stages["poc"] == 404


@pytest.mark.parametrize(
    ("name", "column", "non_empty", "readable"),
    [("initiated", INITIATED, 1288, 1236), ("implemented", IMPLEMENTED, 721, 650)],
)
def test_the_days_of_the_usual_spelling_equal_an_independent_count(
    outcome, rows, name, column, non_empty, readable
):
    _, report = outcome
    tally = report.dates[name]
    assert sum(american(row[column]) is not None for row in rows) == readable
    assert (tally.non_empty, tally.read["M/D/YYYY"]) == (non_empty, readable)


@pytest.mark.parametrize(
    ("name", "column"),
    [("initiated", INITIATED), ("developed", DEVELOPED), ("implemented", IMPLEMENTED), ("retired", RETIRED)],
)
def test_each_day_of_another_spelling_is_accounted_for(outcome, rows, name, column):
    _, report = outcome
    more = {row: day for row, text in enumerate((r[column] for r in rows), start=2)
            if (day := any_day(text)) is not None and american(text) is None}  # fmt: skip
    tally = report.dates[name]
    assert tally.read_in_all == tally.read["M/D/YYYY"] + len(more)
    coarse = {one.row for one in report.findings
              if one.column == tally.column and one.reason in ("month_only", "remark_set_aside")}  # fmt: skip
    assert coarse == set(more)


def test_what_is_no_day_is_reported_cell_by_cell(outcome, rows):
    _, report = outcome
    told = {(one.row, one.text) for one in report.findings
            if one.column == "Date Initiated" and one.reason in ("not_a_date", "no_such_day", "year_only")}  # fmt: skip
    texts = {(number, row[INITIATED]) for number, row in enumerate(rows, start=2)
             if row[INITIATED].strip() and any_day(row[INITIATED]) is None
             and row[INITIATED].strip() not in ("N/A", "Unknown")}  # fmt: skip
    assert told == texts
    assert "10/12023" in {text for _, text in told}


def test_the_usable_days_equal_an_independent_count(outcome, rows):
    initiatives, report = outcome
    by_row = {number: usable_days(row) for number, row in enumerate(rows, start=2) if row[9].strip()}
    names = {"initiated": INITIATED, "developed": DEVELOPED, "implemented": IMPLEMENTED, "retired": RETIRED}
    assert {one.row: {names[name]: day for name, day in one.days_used} for one in initiatives} == by_row
    for name, column in names.items():
        assert report.dates[name].used == sum(column in days for days in by_row.values())


def test_the_median_from_initiation_to_implementation_equals_an_independent_count(outcome, rows):
    _, report = outcome
    (figure,) = report.durations

    def spans(reader):
        pairs = [(reader(row[INITIATED]), reader(row[IMPLEMENTED])) for row in rows]
        return [(end - start).days for start, end in pairs if start and end]

    usual = spans(american)
    assert (len(usual), sum(days < 0 for days in usual), statistics.median(usual)) == (614, 12, 244.5)
    every = spans(any_day)
    assert (figure.read, figure.reversed) == (len(every), sum(days < 0 for days in every))
    assert figure.median_read == statistics.median(every)
    usable = [usable_days(row) for row in rows if row[9].strip()]
    kept = [
        (days[IMPLEMENTED] - days[INITIATED]).days
        for days in usable
        if {INITIATED, IMPLEMENTED} <= days.keys()
    ]
    assert (figure.used, figure.median_used) == (len(kept), statistics.median(kept))


def test_rows_are_known_again_and_equal_ones_told_apart(outcome):
    initiatives, report = outcome
    assert len({one.source_key for one in initiatives}) == len(initiatives)
    assert report.told_apart_by_order == 2133 - 2126


def test_a_stage_is_counted_from_a_day_of_the_file_or_not_at_all(outcome, rows):
    initiatives, report = outcome
    entered = {
        "intake": INITIATED,
        "poc": DEVELOPED,
        "pilot": IMPLEMENTED,
        "live": IMPLEMENTED,
        "retired": RETIRED,
    }
    for one in initiatives:
        assert one.stage_since == usable_days(rows[one.row - 2]).get(entered[one.stage.value])
    assert report.since_unknown == Counter(one.stage.value for one in initiatives if one.stage_since is None)


def test_answers_come_only_from_what_the_file_says(outcome, rows):
    _, report = outcome
    impact = Counter(row[45].strip().lower() for row in rows if row[9].strip())
    too_new = sum(row[10].startswith("No, use case is too new") and row[45].strip() == "" for row in rows)
    not_yet = impact["no"] + impact["planned or in-progress."]
    assert report.answers["GOVN-1"]["not_met"] == not_yet + too_new
    documented = Counter(row[27].strip().split(":")[0].rstrip(".") for row in rows if row[9].strip())
    assert report.answers["DATA-3"]["partial"] == (
        documented["Documentation is complete"] + documented["Documentation is widely available"]
    )
    assert not any(counts["met"] for counts in report.answers.values())
