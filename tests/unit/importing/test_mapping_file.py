import re
from datetime import date
from pathlib import Path

import pytest

from checklists.documents import DocumentRefused
from checklists.scoring import AnswerValue
from gates.stages import Stage
from readiness.importing import mapping_file
from readiness.importing.dates import SPELLINGS
from readiness.importing.mapping import NOT_STATED, Columns, UnknownColumn
from readiness.importing.wording import Reading
from tests.unit.importing.building import HEADER, MAPPING, mapping

SMALLEST = """mapping: small
as_of: '2026-06-30'
key: [Name]
fields: {name: {column: Name}}
stage: {column: Stage, values: {Idea: intake}}
"""


def mistakes(text, header=None):
    """(line, reason) of everything that is wrong."""
    with pytest.raises(DocumentRefused) as refused:
        mapping(text, header)
    return [(one.line, one.reason) for one in refused.value.mistakes]


def line_of(text, words):
    return text[: text.index(words)].count("\n") + 1


def test_a_whole_mapping_is_read():
    found = mapping(MAPPING, HEADER)
    assert (found.name, found.as_of, found.key) == ("acme", date(2026, 6, 30), ("Name", "Unit"))
    assert found.plan == {Stage.POC: 30, Stage.PILOT: 90}
    assert found.fields["approach"].spellings.read("a  VENDOR") == Reading("buy")
    assert found.fields["business_problem"].when_empty == NOT_STATED
    used = found.dates.columns[2]
    assert [used.stage_entered(stage) for stage in (Stage.PILOT, Stage.LIVE)] == [Stage.PILOT, Stage.LIVE]
    rule = found.answers[0].rules[0]
    assert rule.answer == AnswerValue.PARTIAL
    assert rule.when == {"tested": {"yes"}, "stage": {"pilot", "live"}}


def test_the_smallest_mapping_needs_five_lines():
    found = mapping(SMALLEST)
    assert found.required == {"name", "stage"}
    assert (found.plan, found.dates.columns, found.answers, found.stated_by) == ({}, (), (), None)


@pytest.mark.parametrize("section", ["mapping", "as_of", "key", "fields", "stage"])
def test_what_a_mapping_cannot_do_without_is_named(section):
    lines = [line for line in SMALLEST.splitlines() if not line.startswith(section)]
    assert any(section in reason for _, reason in mistakes("\n".join(lines)))


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("Idea: intake", "Idea: intaek", "must be one of intake, poc"),
        ("In use: live", "In use: stopped", "must be one of intake, poc"),
        ("poc: 30", "poc: 30 days", "must be a whole number"),
        ("poc: 30", "poc: 0", "must be from 1 to 3650"),
        ("poc: 30", "life: 30", "'life' is not known here"),
        ("as_of: '2026-06-30'", "as_of: '2026-06-31'", "there is no day 2026-06-31"),
        ("as_of: '2026-06-30'", "as_of: 2026-06-30", "in quotes"),
        ("as_of: '2026-06-30'", "as_of: 'June'", "a day such as"),
        ("mapping: acme", "mapping: Acme Inc", "lower-case"),
        ("[M/D/YYYY, YYYY-MM-DD, YYYY-MM]", "[MM/DD/YY]", "'MM/DD/YY' is none of YYYY-MM-DD; "),
        ("[M/D/YYYY, YYYY-MM-DD, YYYY-MM]", "[M/D/YYYY, D/M/YYYY]", "contradict each other"),
        ("remarks: true", "remarks: maybe", "must be true or false"),
        ("Us: build", "Us: own", "must be one of build, buy, partner"),
        ("Us: build", "us: build, US: buy", "is read in two ways"),
        ("says_nothing: [Nobody knows]", "says_nothing: [us]", "is read in two ways"),
        ("enters: intake}", "enters: retired}", "in the order in which they follow"),
        ("name: tried", "name: begun", "the same name"),
        ("from: begun", "from: start", "must be one of begun, tried"),
        ("evidence: [tested]", "evidence: [tasted]", "'tasted' is none of the facts"),
        ("when: {tested: ['no']}", "when: {tasted: ['no']}", "'tasted' is not known here"),
        ("when: {tested: ['no']}", "when: {tested: ['never']}", "'never' is no word of the fact tested"),
        ("stage: [pilot, live]", "stage: [pilots]", "'pilots' is no word of the fact stage"),
        ("answer: partial, note", "answer: nearly, note", "must be one of met, partial, not_met"),
        ("- item: GOVN-2", "- item: DATA-4", "DATA-4 is answered twice"),
        ("- item: GOVN-2", "- item: privacy", "the code of an item"),
        ("- name: reviewed", "- name: tested", "two facts are called 'tested'"),
        ("- name: reviewed", "- name: stage", "call this fact otherwise"),
        ("stated_by: {", "stated_bye: {", "'stated_by' must say who states"),
        ("framework: five-gate", "title: x", "'framework' is missing"),
        ("plan: {", "required: [people]\nplan: {", "'people' is none of name, business_problem"),
    ],
)
def test_each_mistake_is_told_with_its_line(right, wrong, reason):
    assert right in MAPPING
    text = MAPPING.replace(right, wrong, 1)
    assert any(reason in found for _, found in mistakes(text)), mistakes(text)


def test_the_line_is_that_of_the_mistake():
    text = MAPPING.replace("Pilot: pilot", "Pilot: pilots", 1).replace("poc: 30", "poc: many")
    assert [line for line, _ in mistakes(text)] == [
        line_of(text, "poc: many"),
        line_of(text, "Pilot: pilots"),
    ]


def test_a_column_that_the_file_does_not_have_is_told_with_its_line_and_the_nearest():
    header = ["Reviewed by?" if heading == "Reviewed?" else heading for heading in HEADER]
    ((line, reason),) = mistakes(MAPPING, header)
    assert line == line_of(MAPPING, "column: Reviewed?")
    assert reason == "the file has no column 'Reviewed?'; did you mean 'Reviewed by?'?"


def test_every_missing_column_is_told_at_once():
    assert len(mistakes(MAPPING, ["Unit"])) == 12


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just a word",
        "- a list",
        "mapping: [",
        "mapping: a\nmapping: b",
        "mapping: &a x\ntitle: *a",
        "\x00",
        "a: !!python/name:os.system x",
        "[" * 5000,
    ],
)
def test_what_is_no_mapping_at_all_is_refused_with_a_line(text):
    assert all(line >= 1 and reason for line, reason in mistakes(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DocumentRefused, match="cannot be read"):
        mapping_file.load(tmp_path / "none.yaml")


def test_a_shipped_mapping_is_found_by_its_name_and_any_other_by_its_path(tmp_path):
    (name,) = mapping_file.shipped_names()
    assert mapping_file.find(name).is_file()
    own = tmp_path / "own.yaml"
    own.write_text(SMALLEST)
    assert mapping_file.load(mapping_file.find(str(own))).name == "small"


def test_the_shipped_mapping_has_no_mistake_and_claims_nothing_met():
    found = mapping_file.load(mapping_file.find("us-federal-ai-use-cases-2024"))
    assert found.as_of == date(2024, 12, 16)
    assert {rule.answer for item in found.answers for rule in item.rules} == {
        AnswerValue.PARTIAL,
        AnswerValue.NOT_MET,
    }


def test_columns_are_found_by_heading_number_or_position():
    columns = Columns(["Name", "If other, explain.", "", "IF OTHER,  explain.", "C#"])
    assert columns.index("name") == 0
    assert columns.index("If other, explain.#2") == 3
    assert columns.index("#3") == 2
    assert columns.index("C#") == 4


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("If other", "2 columns are called 'If other'; say which"),
        ("If other#3", "the file has 2 columns called 'If other'"),
        ("#9", "the file has 3 columns"),
        ("#0", "the file has 3 columns"),
        ("Nmae", "did you mean 'Name'"),
        ("Budget", "the file has no column 'Budget'"),
    ],
)
def test_a_column_that_cannot_be_told_says_why(column, message):
    with pytest.raises(UnknownColumn, match=message):
        Columns(["Name", "If other", "If other"]).index(column)


def test_the_example_in_the_manual_is_a_mapping_without_mistakes():
    manual = (Path(__file__).parents[3] / "docs" / "importing.md").read_text()
    found = mapping(manual.split("```yaml\n")[1].split("```")[0])
    assert (found.name, found.required, found.sheet) == (
        "our-list",
        {"name", "stage", "business_unit"},
        "Projects",
    )
    assert set(
        re.findall(r"`([^`]+)`", manual.split("**Spellings of days**:")[1].split(". Of a month")[0])
    ) == set(SPELLINGS)
