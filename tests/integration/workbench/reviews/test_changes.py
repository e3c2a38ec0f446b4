"""What differs between two frozen contents, in sentences. No database."""

from typing import Any

import pytest

from checklists.models import Framework
from readiness.workbench.checklists.frozen import changes

GATES = Framework(kind="gates", answer_labels={}, evidence_required=True)


def piece(number: int, *, withdrawn: bool = False) -> dict[str, Any]:
    return {"id": number, "title": f"Proof {number}", "withdrawn": withdrawn}


def content(**item: Any) -> dict[str, Any]:
    given = {
        "code": "DATA-1",
        "answer": "met",
        "effective": "met",
        "measured": None,
        "why": "",
        "note": "",
        "evidence": [],
    }
    return {"items": [given | item]}


def test_what_is_the_same_is_left_out() -> None:
    assert changes(content(evidence=[piece(1)]), content(evidence=[piece(1)]), GATES) == {}


CHANGES: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"answer": "met"}, {"answer": "partial"}, ["Declared Partial, it was Met."]),
    (
        {"effective": "met"},
        {"effective": "partial", "why": "Met counts as Partial: it aged."},
        ["Counts as Partial, it was Met.", "Met counts as Partial: it aged."],
    ),
    ({"measured": None}, {"measured": "not_met"}, ["Measured Not met."]),
    ({"note": ""}, {"note": "New."}, ["Note: “New.”"]),
    ({"note": "Old."}, {"note": ""}, ["The note was taken away."]),
    ({}, {"evidence": [piece(1)]}, ["Evidence added: “Proof 1”."]),
    (
        {"evidence": [piece(1)]},
        {"evidence": [piece(1, withdrawn=True), piece(2)]},
        ["Evidence withdrawn: “Proof 1”.", "Evidence added: “Proof 2”."],
    ),
    (
        {"evidence": []},
        {"evidence": [piece(3, withdrawn=True)]},
        ["Evidence added: “Proof 3”.", "Evidence withdrawn: “Proof 3”."],
    ),
    ({"evidence": [piece(1, withdrawn=True)]}, {"evidence": [piece(1, withdrawn=True)]}, []),
]


@pytest.mark.parametrize(("before", "after", "sentences"), CHANGES)
def test_every_kind_of_change_is_said(
    before: dict[str, Any], after: dict[str, Any], sentences: list[str]
) -> None:
    found = changes(content(**before), content(**after), GATES)
    assert found == ({"DATA-1": sentences} if sentences else {})


def test_an_item_that_was_not_there_before_counts_as_unanswered_before() -> None:
    found = changes({"items": []}, content(evidence=[piece(1)]), GATES)
    assert found["DATA-1"] == [
        "Declared Met, it was Unanswered.",
        "Counts as Met, it was Unanswered.",
        "Evidence added: “Proof 1”.",
    ]
