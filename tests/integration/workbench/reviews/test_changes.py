"""What differs between two frozen contents, item by item. No database."""

from typing import Any

import pytest

from readiness.actions.differences import NOTHING, Counts, ItemDifference, counted, differences


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


def difference(**what: Any) -> ItemDifference:
    same = {"answer": None, "effective": None, "measured": None, "note": None, "added": (), "withdrawn": ()}
    return ItemDifference("DATA-1", **(same | what))


def test_what_is_the_same_is_left_out() -> None:
    assert differences(content(evidence=[piece(1)]), content(evidence=[piece(1)])) == {}
    gone = content(evidence=[piece(1, withdrawn=True)])
    assert differences(gone, gone) == {}


CHANGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"answer": "met"}, {"answer": "partial"}, {"answer": ("met", "partial")}),
    ({"effective": "met"}, {"effective": "partial"}, {"effective": ("met", "partial")}),
    ({"measured": None}, {"measured": "not_met"}, {"measured": (None, "not_met")}),
    ({"measured": "met"}, {"measured": None}, {"measured": ("met", None)}),
    ({"note": ""}, {"note": "New."}, {"note": ("", "New.")}),
    ({"note": "Old."}, {"note": ""}, {"note": ("Old.", "")}),
    ({}, {"evidence": [piece(1)]}, {"added": (1,)}),
    (
        {"evidence": [piece(1)]},
        {"evidence": [piece(1, withdrawn=True), piece(2)]},
        {"added": (2,), "withdrawn": (1,)},
    ),
    ({"evidence": []}, {"evidence": [piece(3, withdrawn=True)]}, {"added": (3,), "withdrawn": (3,)}),
]


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_every_kind_of_change_is_found(
    before: dict[str, Any], after: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = differences(content(**before), content(**after))
    assert found == {"DATA-1": difference(**expected)}


def test_against_nothing_an_item_was_unanswered() -> None:
    found = differences(NOTHING, content(evidence=[piece(1)], note="Shown."))
    expected = difference(
        answer=("unanswered", "met"), effective=("unanswered", "met"), note=("", "Shown."), added=(1,)
    )
    assert found == {"DATA-1": expected}


def test_they_are_counted_by_item_and_by_piece() -> None:
    found = [
        difference(answer=("met", "partial"), effective=("met", "partial"), added=(1, 2)),
        difference(measured=(None, "met"), note=("", "New.")),
        difference(withdrawn=(3,)),
    ]
    assert counted(found) == Counts(answers=2, notes=1, added=2, withdrawn=1)
    assert counted([]) == Counts(0, 0, 0, 0)
