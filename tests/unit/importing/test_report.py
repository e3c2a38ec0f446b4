import csv
import io
import json

import pytest

from readiness.importing.report import as_csv, as_json, as_text
from tests.unit.importing.building import planned, row

ROWS = (
    row(name="A", stage="In use", begun="1/1/2025", used="1/11/2025", tested="Yes"),
    row(name="B", stage="", begun="Ongoing"),
    row(name="C", stage="Trial", made_by='=HYPERLINK("http://example.org")'),
)


def report():
    return planned(*ROWS)[1]


def test_every_row_and_cell_stands_in_the_csv_with_row_column_text_and_reason():
    rows = list(csv.DictReader(io.StringIO(as_csv(report()))))
    assert [(one["what"], one["row"], one["column"], one["reason"]) for one in rows] == [
        ("row left out", "3", "Stage", "missing"),
        ("cell", "3", "Begun", "not_a_date"),
        ("cell", "4", "Made by", "unknown_value"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\u200b=1", "＝1"])
def test_nothing_in_the_csv_starts_a_formula(text):
    _, told = planned(row(made_by=text))
    (entry,) = csv.DictReader(io.StringIO(as_csv(told)))
    assert entry["text"] == f"'{text.strip()}" or entry["text"].startswith("'")


def test_the_json_holds_the_figures_too():
    told = json.loads(as_json(report()))
    assert (told["mapping"], told["as_of"], told["rows"], told["planned"]) == ("acme", "2026-06-30", 3, 2)
    assert told["stages"] == {"poc": 1, "live": 1}
    assert told["dates"]["begun"]["read"] == {"M/D/YYYY": 1}
    assert told["durations"][0]["median_used"] == 10
    assert told["left_out"][0]["reason"] == "missing"


def test_the_text_says_how_many_of_what_and_which_rows_are_left_out():
    text = as_text(report())
    assert "3 rows: 2 become initiatives, 1 are left out" in text
    assert "row 3, column Stage:" in text
    assert "DATA-4: 1 partial" in text
    assert "begun: 1 of 2 non-empty cells are days (0 say nothing, 1 are no day); 1 used" in text


def test_a_report_of_a_clean_file_is_short():
    told = planned(row(stage="Idea", begun="1/1/2025"))[1]
    assert "left out:" not in as_text(told)
    assert list(csv.reader(io.StringIO(as_csv(told)))) == [
        ["what", "row", "column", "text", "reason", "message"]
    ]
