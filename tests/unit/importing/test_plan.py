from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gates.stages import Stage
from readiness.importing.findings import Reason
from readiness.importing.plan import NAME_MAX, PROBLEM_MAX, TAG_MAX, plan
from readiness.importing.reading import read_bytes
from tests.unit.importing.building import (
    AS_OF,
    HEADER,
    MAPPING,
    csv_bytes,
    found,
    mapping,
    only,
    planned,
    row,
    xlsx_bytes,
)


def left_out(report):
    return [(one.row, one.column, one.text, one.reason) for one in report.left_out]


def test_a_row_becomes_an_initiative():
    initiative = only(
        row(
            name=" Sorting\ninvoices ", problem="Invoices wait\nfor days.", unit="Finance ", made_by="a vendor",
            topic="Back office", stage="PILOT", begun="1/2/2025", tried="2025-03-01", used="2026-01-15",
        )
    )  # fmt: skip
    assert (initiative.name, initiative.business_problem) == ("Sorting invoices", "Invoices wait\nfor days.")
    assert (initiative.business_unit, initiative.approach) == ("Finance", "buy")
    assert (initiative.tags, initiative.stage) == (("Back office",), Stage.PILOT)
    assert [(step.stage, step.entered_on) for step in initiative.history] == [
        (Stage.INTAKE, date(2025, 1, 2)),
        (Stage.POC, date(2025, 3, 1)),
        (Stage.PILOT, date(2026, 1, 15)),
    ]
    assert initiative.stage_since == date(2026, 1, 15)
    assert (initiative.poc_days, initiative.pilot_days, initiative.rollout_days) == (30, 90, None)
    assert (initiative.row, initiative.ordinal, initiative.as_of) == (2, 1, AS_OF)


def test_a_missing_problem_is_said_to_be_missing():
    assert only(row(problem="N/A")).business_problem == "not stated in the source"


@pytest.mark.parametrize("word", ["", "  ", "N/A", "n/a", "none", "TBD"])
def test_words_that_say_nothing_are_empty_and_not_bad(word):
    (initiative,), report = planned(row(unit=word, begun=word, made_by=word, tested=word))
    assert (initiative.business_unit, initiative.approach, initiative.answers) == ("", "", ())
    assert report.findings == []


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": ""}, ("Name", "", Reason.MISSING)),
        ({"name": "None"}, ("Name", "None", Reason.MISSING)),
        ({"stage": "N/A"}, ("Stage", "N/A", Reason.MISSING)),
        ({"stage": "Somewhere"}, ("Stage", "Somewhere", Reason.UNKNOWN_VALUE)),
    ],
)
def test_a_row_without_name_or_stage_is_left_out_and_no_other(cells, reason):
    initiatives, report = planned(row(**cells), row(name="The next"))
    assert [one.name for one in initiatives] == ["The next"]
    assert left_out(report) == [(2, *reason)]


def test_a_mapping_may_require_more():
    text = MAPPING.replace("plan:", "required: [business_unit, vendor]\nplan:", 1)
    initiatives, report = planned(row(unit=""), text=text)
    assert initiatives == []
    assert [column for _, column, _, _ in left_out(report)] == ["Unit", "vendor"]


def test_a_value_nobody_gave_a_meaning_is_left_empty_and_reported():
    (initiative,), report = planned(row(made_by="Martians"))
    assert initiative.approach == ""
    assert found(report) == [(2, "Made by", "Martians", "unknown_value")]


def test_a_value_that_says_nothing_by_the_mapping_is_not_reported():
    (initiative,), report = planned(row(made_by="nobody knows"))
    assert (initiative.approach, report.findings) == ("", [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10/12023", "not_a_date"),
        ("Ongoing", "not_a_date"),
        ("2/30/2026", "no_such_day"),
        ("2025", "year_only"),
        ("7/16/1905", "too_early"),
        ("12/31/2026", "after_as_of"),
    ],
)
def test_an_impossible_day_is_left_empty_and_reported(text, reason):
    (initiative,), report = planned(row(stage="Idea", begun=text))
    assert initiative.stage_since is None
    assert found(report) == [(2, "Begun", text, reason)]


def test_a_day_before_the_one_it_must_follow_is_left_empty_and_the_next_is_held_against_the_one_before():
    (initiative,), report = planned(row(stage="In use", begun="3/1/2025", tried="2/1/2025", used="4/1/2025"))
    assert [step.stage for step in initiative.history] == [Stage.INTAKE, Stage.LIVE]
    assert found(report) == [(2, "Tried", "2/1/2025", "before_predecessor")]
    assert "2025-03-01, the day under 'begun'" in report.findings[0].message


def test_one_day_for_two_stages_is_possible():
    assert len(only(row(stage="Trial", begun="3/1/2025", tried="3/1/2025")).history) == 2


def test_a_day_of_a_stage_that_the_row_has_not_reached_is_left_empty_and_reported():
    (initiative,), report = planned(row(stage="Trial", tried="3/1/2025", used="4/1/2025"))
    assert initiative.stage_since == date(2025, 3, 1)
    assert found(report) == [(2, "Used", "4/1/2025", "beyond_stage")]


def test_a_day_read_from_a_month_or_beside_a_remark_is_used_and_reported():
    (initiative,), report = planned(row(stage="Idea", begun="2025-08 (estimated)"))
    assert initiative.stage_since == date(2025, 8, 1)
    assert [reason for *_, reason in found(report)] == ["month_only", "remark_set_aside"]


def test_what_is_retired_need_never_have_been_in_live():
    initiative = only(row(stage="Switched off", begun="3/1/2025", ended="4/1/2026"))
    assert [step.stage for step in initiative.history] == [Stage.INTAKE, Stage.RETIRED]


def test_where_the_file_does_not_say_since_when_nobody_makes_a_day_up():
    initiative = only(row(stage="In use", begun="3/1/2025"))
    assert initiative.stage_since is None
    assert [(step.stage, step.entered_on) for step in initiative.history] == [
        (Stage.INTAKE, date(2025, 3, 1)),
        (Stage.LIVE, None),
    ]


def test_true_dates_of_a_workbook_need_no_spelling():
    data = xlsx_bytes([row(stage="Trial", begun=date(2025, 3, 1), tried=45748)])
    text = MAPPING.replace("YYYY-MM]", "YYYY-MM, spreadsheet day number]")
    (initiative,), report = plan(read_bytes(data, "list.xlsx"), mapping(text))
    assert [step.entered_on for step in initiative.history] == [date(2025, 3, 1), date(2025, 4, 1)]
    assert report.dates["begun"].read == {"cell": 1}
    assert report.dates["tried"].read == {"spreadsheet day number": 1}


def test_a_day_number_is_no_day_where_the_mapping_does_not_say_so():
    _, report = planned(row(stage="Idea", begun="45748"))
    assert found(report) == [(2, "Begun", "45748", "not_a_date")]


def test_an_answer_comes_with_the_words_of_the_row_as_a_dated_statement():
    (answer, other) = only(row(unit="Finance", stage="Pilot", tested="Yes, in May", reviewed="No")).answers
    assert (answer.item, answer.answer, answer.note) == ("DATA-4", "partial", "Tested in production.")
    (statement,) = answer.statements
    assert statement.text == "Tested in production: “Yes, in May”"
    assert (statement.stated_by, statement.effective_on) == ("Finance in the list of 2026", AS_OF)
    assert (other.item, other.answer, len(other.statements)) == ("GOVN-2", None, 2)


def test_the_same_words_answer_otherwise_in_another_stage():
    assert [answer.answer for answer in only(row(stage="Idea", tested="Yes")).answers] == [None, None]


def test_where_the_row_says_something_but_not_enough_the_words_are_kept_without_an_answer():
    answers = only(row(tested="In part")).answers
    assert [(answer.item, answer.answer) for answer in answers] == [("DATA-4", None), ("GOVN-2", None)]


def test_an_answer_the_mapping_does_not_know_answers_nothing_and_is_reported():
    (initiative,), report = planned(row(tested="Somewhat"))
    assert initiative.answers == ()
    assert found(report) == [(2, "Tested?", "Somewhat", "not_understood")]


def test_a_long_name_is_shortened_and_kept_in_full_before_the_problem():
    name = "Sorting invoices " * 15
    (initiative,), report = planned(row(name=name, problem="They wait."))
    assert len(initiative.name) <= NAME_MAX
    assert initiative.business_problem == f"{name.strip()}\n\nThey wait."
    assert found(report) == [(2, "Name", name, "too_long")]


def test_a_name_of_ten_thousand_characters_stands_in_full_in_the_report():
    name = "x" * 10_000
    (initiative,), report = planned(row(name=name))
    assert (len(initiative.name), len(initiative.business_problem)) == (NAME_MAX, PROBLEM_MAX)
    assert report.findings[0].text == name


def test_a_long_tag_is_shortened_and_reported():
    (initiative,), report = planned(row(topic="Back office " * 10))
    assert len(initiative.tags[0]) <= TAG_MAX
    assert [reason for *_, reason in found(report)] == ["too_long"]


@pytest.mark.parametrize(
    "name", ["🚀 Launch", "فرز الفواتير", "<script>alert(1)</script>", "=cmd|'/C calc'!A0", "\u202eevil"]
)
def test_strange_names_come_through_as_they_are(name):
    assert only(row(name=name)).name == name


def test_a_name_with_a_null_byte_leaves_the_row_out():
    initiatives, report = planned(row(name="Sort\x00ing"), row(name="The next"))
    assert [one.name for one in initiatives] == ["The next"]
    assert left_out(report) == [(2, "Name", "", Reason.MISSING)]
    assert found(report) == [(2, "Name", "Sort␀ing", "null_byte")]


def test_rows_with_equal_keys_are_told_apart_by_their_order():
    initiatives, report = planned(
        row(problem="One"), row(name="SORTING  invoices", problem="Two"), row(unit="HR")
    )
    assert [one.ordinal for one in initiatives] == [1, 2, 1]
    assert len({one.source_key for one in initiatives}) == 3
    assert initiatives[0].key == initiatives[1].key
    assert report.told_apart_by_order == 1


def test_a_row_that_is_left_out_keeps_its_place_among_equals():
    (whole, _), _ = planned(row(problem="One"), row(problem="Two"))
    (second,), _ = planned(row(problem="One", stage=""), row(problem="Two"))
    assert second.ordinal == 2
    assert second.source_key != whole.source_key


def test_the_key_holds_when_other_cells_change_and_the_digest_tells_that_they_did():
    before, after = only(row(problem="One")), only(row(problem="Two"))
    assert before.source_key == after.source_key
    assert before.digest != after.digest


def test_the_digest_does_not_depend_on_the_place_of_the_row():
    (first, _), _ = planned(row(), row(name="Other"))
    (_, second), _ = planned(row(name="Other"), row())
    assert (first.digest, first.source_key) == (second.digest, second.source_key)


def test_the_figures_tell_what_stands_in_the_file_and_what_was_used():
    rows = [
        row(name="A", stage="In use", begun="1/1/2025", used="1/11/2025"),
        row(name="B", stage="In use", begun="1/1/2025", used="1/31/2025"),
        row(name="C", stage="In use", begun="3/1/2025", used="1/31/2025"),
        row(name="D", stage="Trial", begun="N/A", used="Ongoing"),
        row(name="E", stage="", begun="1/1/2025", used="1/2/2025"),
    ]
    _, report = planned(*rows)
    begun, used = report.dates["begun"], report.dates["used"]
    assert (begun.non_empty, begun.empty_words, begun.read_in_all, begun.used) == (5, 1, 4, 3)
    assert (used.non_empty, used.unread, used.set_aside, used.used) == (
        5,
        {Reason.NOT_A_DATE: 1},
        {Reason.BEFORE_PREDECESSOR: 1},
        2,
    )
    (figure,) = report.durations
    assert (figure.read, figure.reversed, figure.median_read) == (4, 1, 5.5)
    assert (figure.used, figure.median_used) == (2, 20)
    assert (report.rows, report.planned, report.stages) == (5, 4, {"poc": 1, "live": 3})
    assert report.since_unknown == {"poc": 1, "live": 1}
    assert report.stage_texts == {"In use": 3, "Trial": 1, "": 1}


def test_columns_that_nothing_was_made_of_are_named():
    header = (*HEADER, "Colour", "Colour")
    table = read_bytes(csv_bytes([[*row(), "red", "blue"]], header), "list.csv")
    _, report = plan(table, mapping())
    assert report.unused_columns == ("Colour#1", "Colour#2")


CELLS = st.lists(st.text(max_size=30), min_size=len(HEADER), max_size=len(HEADER))


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_every_row_is_an_initiative_or_left_out(rows):
    named = [
        ["Name", *cells[1:5], "Trial", *cells[6:]] if len(cells[0]) % 2 else cells for cells in [*rows, row()]
    ]
    table = read_bytes(csv_bytes(named), "list.csv", encoding="utf-8")
    initiatives, report = plan(table, mapping())
    assert len(initiatives) + len({one.row for one in report.left_out}) == report.rows
    for one in initiatives:
        days = [step.entered_on for step in one.history if step.entered_on is not None]
        assert days == sorted(days)
        assert one.history[-1].stage == one.stage
        assert 0 < len(one.name) <= NAME_MAX
