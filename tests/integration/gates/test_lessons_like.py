"""Lessons that may help: by words, by root cause, by unit, and only those one may know of."""

from datetime import timedelta
from typing import Any

import pytest

from gates.lessons import holding, lessons_like, lessons_of_causes, library
from gates.models import Initiative, WhatWorked
from gates.words import WORD_MAX, word_key, words_of
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create

LESSON = {
    "tried": "Reading invoices with a language model.",
    "did_not_work": "Handwriting: 61 % were read right, 80 % were agreed.",
    "root_cause": "data_quality",
    "advice": "Ask the scanning centre first.",
    "outcome": "decided",
}


def stopped(
    by: User, name: str = "Invoice triage", facts: Any = None, ago: int = 0, **lesson: str
) -> Initiative:
    at = clock.now() - timedelta(days=ago)
    row = create(by, at, name=name, **(facts or {}))
    move_stage(row.pk, "stopped", Actor.person(by), at, lesson=LESSON | lesson)
    return row


def refs(found: Any) -> list[str]:
    return [one.ref for one in found]


def test_words_are_cut_alike_in_text_and_question() -> None:
    assert words_of("Ärger, über_all: GPT-4’s ½ 80 % “Größe” 🎉") == [
        *("arger", "uber", "all", "gpt", "4", "s", "½", "80", "grosse"),
    ]
    assert words_of("x" * 3000) == ["x" * WORD_MAX]
    assert word_key(["one two", "two three"]) == "one two three"


@pytest.mark.parametrize(
    "question",
    [
        "handwriting",
        "Handwriting INVOICES",
        "hand",
        "61",
        "data quality",
        "triage",
        "centre, first!",
        "%invoices%",
        "invoices' | handwriting",
    ],
)
def test_a_lesson_is_found_by_whole_words_and_their_beginnings(lena: User, question: str) -> None:
    row = stopped(lena)
    assert list(holding(library(lena), question)) == [row]


@pytest.mark.parametrize("question", ["writing", "invoices speech", "🎉", "' OR 1=1", "nvoice", "%", "_"])
def test_nothing_is_found_by_other_words(lena: User, question: str) -> None:
    stopped(lena)
    assert not holding(library(lena), question)


def test_no_question_finds_all(lena: User) -> None:
    row = stopped(lena)
    assert list(holding(library(lena), "  ")) == [row]


def test_long_and_strange_words_can_be_stored_and_asked(lena: User) -> None:
    strange = "漢" * 4000 + " हिन्दी שלום İstanbul <script>alert(1)</script> 1e5 -3.5 a@b.c"
    row = stopped(lena, did_not_work=strange)
    for question in [
        "漢" * 4000,
        "हिन्दी",
        "שלום",
        "istanbul",
        "script",
        "1e5",
        "-3.5",
        "a@b.c",
        "x " * 400 + "a",
    ]:
        found = list(holding(library(lena), question))
        assert found == ([] if question.startswith("x ") else [row]), question


def test_alike_is_what_shares_words(lena: User) -> None:
    near = stopped(lena, "Invoice reader")
    prices = {"business_problem": "Prices follow nobody.", "business_unit": "Sales"}
    stopped(lena, "Price elasticity", prices, tried="Prices by region.", did_not_work="Nothing sold.")
    found = lessons_like(user=lena, text="We read invoices that are in handwriting and lie for days")
    assert refs(found) == [near.ref]
    assert (found[0].kind, found[0].kind_label, found[0].root_cause) == (
        *("decided", "Stopped by decision", "data_quality"),
    )


def test_one_common_word_is_not_alike_unless_it_is_all_there_is(lena: User) -> None:
    row = stopped(lena, facts={"business_unit": "Claims"})
    assert lessons_like(user=lena, text="The handwriting of doctors in remote hospitals") == []
    assert refs(lessons_like(user=lena, text="handwriting")) == [row.ref]
    assert refs(lessons_like(user=lena, text="The handwriting of doctors", unit="claims")) == [row.ref]
    assert refs(lessons_like(user=lena, unit="CLAIMS")) == [row.ref]


def test_nothing_given_is_like_nothing(lena: User) -> None:
    stopped(lena)
    assert lessons_like(user=lena) == []
    assert lessons_like(user=lena, text="that with this") == []


def test_a_cause_asks_for_its_own_lessons_the_same_unit_first(lena: User) -> None:
    other = stopped(lena, "Elsewhere", {"business_unit": "Sales"}, ago=1)
    same = stopped(lena, "Here", {"business_unit": "Finance"}, ago=9)
    stopped(lena, "Another cause", root_cause="sponsorship")
    assert refs(lessons_like(user=lena, cause="data_quality", unit="finance")) == [same.ref, other.ref]
    assert refs(lessons_like(user=lena, cause="data_quality", most=1)) == [other.ref]


def test_lessons_of_several_causes_take_one_query(lena: User, django_assert_num_queries: Any) -> None:
    oldest = stopped(lena, "One", ago=3)
    newer, newest = stopped(lena, "Two", ago=2), stopped(lena, "Three", ago=1)
    sponsor = stopped(lena, "Four", root_cause="sponsorship")
    with django_assert_num_queries(1):
        found = lessons_of_causes(["data_quality", "sponsorship", "value"], user=lena)
    assert {cause: refs(rows) for cause, rows in found.items()} == {
        "data_quality": [newest.ref, newer.ref],
        "sponsorship": [sponsor.ref],
    }
    again = lessons_of_causes(["data_quality"], user=lena, besides=newest.pk, most=5)
    assert refs(again["data_quality"]) == [newer.ref, oldest.ref]
    assert lessons_of_causes([], user=lena) == {}


def test_what_worked_is_suggested_too(lena: User) -> None:
    row = create(lena, name="Ticket routing")
    WhatWorked.objects.create(
        initiative=row,
        made_it_work="Clerks labelled tickets weekly.",
        search_key=word_key(["Clerks labelled tickets weekly."]),
        at=clock.now(),
    )
    found = lessons_like(user=lena, text="Clerks sort tickets by hand")
    assert [(one.ref, one.kind, one.gist) for one in found] == [
        (row.ref, "worked", "Clerks labelled tickets weekly.")
    ]
    assert lessons_like(user=lena, text="Clerks sort tickets by hand", besides=row.pk) == []


def test_lessons_of_a_closed_circle_stay_there(lena: User, omar: User) -> None:
    stopped(lena, facts={"visibility": "team"})
    assert not library(omar)
    assert lessons_like(user=omar, cause="data_quality") == []
    assert lessons_of_causes(["data_quality"], user=omar) == {}
    assert library(lena)
