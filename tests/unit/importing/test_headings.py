"""A spreadsheet is read by its headings."""

from datetime import date

import pytest
from django.utils import translation

from gates.stages import LADDER, Stage
from readiness.importing import mapping_file
from readiness.importing.headings import APPROACHES, HEADINGS, STAGES, NotRecognised, columns_of, recognised
from readiness.importing.plan import plan
from readiness.importing.reading import read_bytes
from readiness.importing.sample import sample_csv, sample_mapping
from tests.unit.importing.building import csv_bytes

DAY = date(2026, 6, 30)


def by_headings(rows, header, day=DAY):
    table = read_bytes(csv_bytes(rows, header), "list.csv")
    return plan(table, recognised(table.header, day))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            ("Stage", "  NAME", "business-unit", "problem", "Vendor", "Build or buy?"),
            ("In use", "Chat", "HR", "Slow", "Acme", "Bought"),
        ),
        (
            ("Phase", "Bezeichnung", "Abteilung", "Geschäftsproblem", "HERSTELLER", "Vorgehen"),
            ("im einsatz", "Chat", "HR", "Slow", "Acme", "kauf"),
        ),
    ],
)
def test_headings_are_known_in_both_languages_whatever_their_case_and_order(header, cells):
    (one,), report = by_headings([cells], header)
    assert (one.name, one.stage, one.business_unit, one.business_problem, one.vendor) == (
        "Chat",
        Stage.LIVE,
        "HR",
        "Slow",
        "Acme",
    )
    assert one.approach == "buy"
    assert report.unused_columns == ()


def test_it_is_told_what_each_column_became_and_which_are_not_used():
    _, report = by_headings([("Chat", "Pilot", "x", "3")], ("Name", "Stage", "Topic", "Cost"))
    assert report.columns == (("Name", "key"), ("Name", "name"), ("Stage", "stage"), ("Topic", "tag"))
    assert report.unused_columns == ("Cost",)


def test_the_day_since_when_it_is_in_its_stage_counts_for_whatever_stage_that_is():
    rows = [
        ("A", "Pilot", "2026-01-02", "2026-05-01"),
        ("B", "Idea", "", "2.1.2026"),
        ("C", "Live", "", "3/4/2026"),
    ]
    found, report = by_headings(rows, ("Name", "Stage", "Start", "Since"))
    assert [one.stage_since for one in found] == [date(2026, 5, 1), date(2026, 1, 2), None]
    assert found[0].history[0].entered_on == date(2026, 1, 2)
    assert [(one.row, one.text) for one in report.findings] == [(4, "3/4/2026")], (
        "read in two ways, so in none"
    )


def test_without_a_name_or_a_stage_nothing_is_guessed_and_what_comes_near_is_named():
    with pytest.raises(NotRecognised) as refused:
        recognised(("Nmae", "Cost"), DAY)
    near, lacking = refused.value.sentences
    assert near == "No column is called Name; is 'Nmae' meant?"
    assert lacking.startswith("No column is called Stage / Phase, and without it")


def test_a_text_that_is_no_stage_leaves_the_row_out_and_names_those_that_are():
    found, report = by_headings([("Chat", "Dreamt of")], ("Name", "Stage"))
    assert not found
    assert "Those that are known: Intake, PoC, Pilot, Rollout, Live, Retired." in report.left_out[0].message


def test_of_two_that_could_be_the_name_the_plainer_is_it():
    assert columns_of(("Title", "Name", "name", "Status"))["name"] == "Name#1"


def test_the_day_on_which_it_came_makes_no_other_row_of_it_but_a_day_that_is_stated_does():
    rows, header = [("Chat", "Pilot")], ("Name", "Stage")
    (today,), _ = by_headings(rows, header)
    (later,), _ = by_headings(rows, header, date(2026, 7, 1))
    assert (today.digest, today.source_key) == (later.digest, later.source_key)
    (other,), _ = by_headings([("Chat", "Live")], header)
    assert today.digest != other.digest
    assert today.as_of != later.as_of


@pytest.mark.parametrize("words", [HEADINGS, STAGES, APPROACHES])
def test_no_spelling_stands_for_two_things(words):
    known = [spelling.casefold() for spellings in words.values() for spelling in set(spellings)]
    assert len(known) == len(set(known))
    assert set(STAGES) == {stage.value for stage in LADDER}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_template_is_read_alike_with_its_mapping_and_without_one(language):
    with translation.override(language):
        data, text = "".join(sample_csv()).encode(), "".join(sample_mapping(DAY)).encode()
    table = read_bytes(data, "template.csv")
    without, report = plan(table, recognised(table.header, DAY))
    with_one, told = plan(table, mapping_file.parse(text, "mapping.yaml", table.header))
    assert not report.left_out and not report.findings and not report.unused_columns
    assert not told.left_out and not told.findings and not told.unused_columns
    assert len(without) == 2
    for one, other in zip(without, with_one, strict=True):
        for name in (
            "name",
            "business_problem",
            "business_unit",
            "approach",
            "tags",
            "stage",
            "history",
            "key",
        ):
            assert getattr(one, name) == getattr(other, name), name
    assert [one.stage for one in without] == [Stage.PILOT, Stage.INTAKE]
    assert without[0].approach == "build" and without[0].stage_since == date(2026, 6, 15)
