"""A draft of a framework: changed part by part, and each of its mistakes told at the part and the key where it is."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.documents import DocumentRefused
from checklists.drafting import (
    HEAD,
    NoSuchPart,
    begun,
    gate_with,
    item_of,
    moved,
    part_of,
    read,
    taken_over,
    version_after,
    with_gate,
    with_item,
    with_values,
    without,
)
from checklists.frameworks import parse_framework
from checklists.loading import read_framework, shipped_files
from checklists.writing import Document, document_yaml
from tests.unit.small_framework import SMALL, parsed
from tests.unit.test_framework_writing import AWKWARD, filled


@pytest.fixture
def small() -> Document:
    return taken_over(parsed(SMALL))


def keys(document: Document) -> dict[str, int]:
    """The key of each part, by its slug or code."""
    gates = document["gates"]
    parts = [*gates, *(item for gate in gates for item in gate["items"])]
    return {part.get("code", part.get("slug")): part["key"] for part in parts}


def codes(document: Document) -> list[list[str]]:
    return [[item["code"] for item in gate["items"]] for gate in document["gates"]]


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_what_is_taken_over_says_the_same_but_for_its_version(path):
    framework = read_framework(path)
    document = taken_over(framework)
    assert read(document) == (framework, ())
    again, wrong = read(with_values(document, HEAD, {"version": "7.3"}))
    assert wrong == () and again is not None
    assert again.version == "7.3"
    assert again.gates == framework.gates and again.notes == framework.notes
    assert (again.guards, again.answer_labels) == (framework.guards, framework.answer_labels)


def test_every_key_is_taken_over():
    whole = filled(parsed(SMALL))
    assert read(taken_over(whole)) == (whole, ())


def test_the_keys_of_parts_are_no_keys_of_the_file(small):
    text = document_yaml(small)
    assert "key: " not in text.replace("last_key", "key") and "key_questions" in document_yaml(
        with_values(small, keys(small)["first"], {"key_questions": ["Why?"]})
    )
    assert len(set(keys(small).values())) == len(keys(small))
    assert small["last_key"] == max(keys(small).values())


WRONG_AT: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a statement that is missing": ("A-1", {"statement": None}, "statement", "'statement' is missing"),
    "a code that is missing, the first key": ("A-1", {"code": None}, "code", "'code' is missing"),
    "a title too long": ("A-1", {"title": "x" * 201}, "title", "longer than 200"),
    "a number that is none": ("A-1", {"evidence_max_age_days": "soon"}, "evidence_max_age_days", "whole number"),
    "a code of another item": ("B-1", {"code": "A-1"}, "code", "taken already"),
    "a reading too long": ("A-1", {"applies_to": {"bought": "x" * 4001}}, "applies_to.bought", "longer than"),
    "a list without a name": ("A-1", {"crosswalk": {"": ["1.2"]}}, "crosswalk.", "the name of a list"),
    "a long text and its key": ("A-1", {"statement": f"{AWKWARD}\x07"}, "statement", "control character"),
    "a name that is missing": ("first", {"name": None}, "name", "'name' is missing"),
    "a slug that is missing, the first key": ("first", {"slug": None}, "slug", "'slug' is missing"),
    "no minimum at all": ("first", {"min_met": None, "min_share_met": None}, "min_met", "either"),
    "a minimum too high": ("first", {"min_met": 9, "min_share_met": None}, "min_met", "but there are"),
    "an empty question": ("first", {"key_questions": ["One?", " "]}, "key_questions", "is empty"),
    "too many questions": ("first", {"key_questions": ["?"] * 201}, "key_questions", "more than 200"),
    "a kind that is none": ("", {"kind": "game"}, "kind", "must be one of"),
    "a version that is missing": ("", {"version": None}, "version", "'version' is missing"),
    "a label too long": ("", {"answer_labels": {"met": "x" * 121}}, "answer_labels.met", "longer than 120"),
    "a guard on no gate": (
        "", {"guards": [{"from": "intake", "to": "poc", "gate": "gone"}]}, "guards.gate", "there is no gate 'gone'",
    ),
    "a day that is none": ("", {"crosswalk_checked_on": "soon"}, "crosswalk_checked_on", "must be a date"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "values", "field", "reason"), WRONG_AT.values(), ids=WRONG_AT)
def test_a_mistake_is_told_at_its_part_and_key(small, part, values, field, reason):
    key = keys(small)[part] if part else HEAD
    parsed_, wrong = read(with_values(small, key, values))
    assert parsed_ is None
    assert [(each.part, each.field) for each in wrong if reason in each.reason] == [(key, field)], wrong


def test_the_mistakes_are_those_of_the_file(small):
    """There is one reader: what is refused there is told here, and nothing else."""
    broken = with_values(small, keys(small)["A-1"], {"statement": None, "critical": "perhaps"})
    with pytest.raises(DocumentRefused) as refused:
        parse_framework(document_yaml(broken).encode(), "draft")
    assert [each.reason for each in read(broken)[1]] == [each.reason for each in refused.value.mistakes]


def test_a_gate_without_items_and_a_framework_without_gates(small):
    first = keys(small)["first"]
    for item in [item["key"] for item in part_of(small, first)["items"]]:
        small = without(small, item)
    assert (first, "items") in [(each.part, each.field) for each in read(small)[1]]
    for gate in [gate["key"] for gate in small["gates"]]:
        small = without(small, gate)
    assert (HEAD, "gates") in [(each.part, each.field) for each in read(small)[1]]


def test_what_is_handed_in_stays_as_it_is(small):
    before, key = deepcopy(small), keys(small)["A-1"]
    for changed in (
        with_values(small, key, {"title": "New"}),
        with_gate(small)[0],
        with_item(small, keys(small)["first"])[0],
        without(small, key),
        moved(small, key, 1),
    ):
        assert changed != before
        assert small == before


def test_an_added_item_goes_on_with_the_codes_of_its_gate():
    five = taken_over(read_framework(next(path for path in shipped_files() if path.stem == "five-gate")))
    more, key = with_item(five, keys(five)["data"])
    assert item_of(more, key) == {"code": "DATA-5", "critical": False, "key": five["last_key"] + 1}
    taken = with_values(more, keys(more)["ARCH-1"], {"code": "DATA-6"})
    assert item_of(*with_item(taken, keys(taken)["data"]))["code"] == "DATA-7"
    assert gate_with(more, key)["slug"] == "data"


def test_an_added_gate_asks_for_what_a_gate_needs(small):
    more, key = with_gate(small)
    told = {(each.part, each.field) for each in read(more)[1]}
    assert told >= {(key, "slug"), (key, "name"), (key, "purpose"), (more["last_key"], "statement")}
    assert read(begun("new-one", "New", "profile"))[0] is None


def test_items_move_within_their_gate_and_over_its_ends():
    five = taken_over(read_framework(next(path for path in shipped_files() if path.stem == "five-gate")))
    by = keys(five)
    assert codes(moved(five, by["DATA-1"], 1))[0][:2] == ["DATA-2", "DATA-1"]
    over = moved(five, by["DATA-4"], 1)
    assert codes(over)[0][-1] == "DATA-3" and codes(over)[1][:2] == ["DATA-4", "ARCH-1"]
    back = moved(over, by["DATA-4"], -1)
    assert back == five
    assert moved(five, by["DATA-1"], -1) == five and moved(five, by["ADPT-4"], 1) == five
    gates = moved(five, by["data"], 1)
    assert [gate["slug"] for gate in gates["gates"]][:2] == ["architecture", "data"]
    assert moved(five, by["data"], -1) == five


def test_guards_follow_the_slug_of_their_gate():
    path = next(path for path in shipped_files() if path.stem == "poc-checkpoints")
    document = taken_over(read_framework(path))
    changed = with_values(document, keys(document)["checkpoint-1"], {"slug": "midpoint"})
    assert [guard["gate"] for guard in changed["guards"]] == ["checkpoint-0", "midpoint", "checkpoint-2"]
    assert read(changed)[1] == ()


def test_a_profile_names_its_answers_otherwise(small):
    small = with_values(small, HEAD, {"guards": None})
    profile = with_values(small, HEAD, {"kind": "profile"})
    was, now = (item_of(document, keys(small)["A-1"]) for document in (small, profile))
    assert (now["production"], now["between"], now["poc"]) == (was["met"], was["partial"], was["not_met"])
    assert "met" not in now
    assert read(profile)[1] == ()
    assert with_values(profile, HEAD, {"kind": small["kind"]}) == small


@pytest.mark.parametrize(
    ("version", "taken", "after"),
    [
        ("1.0", {"1.0"}, "1.1"),
        ("1.9", {"1.9"}, "1.10"),
        ("1", {"1"}, "2"),
        ("1.0.2", {"1.0.2", "1.0.3"}, "1.0.4"),
        ("2.0", set(), "2.0"),
    ],
)
def test_the_next_version(version, taken, after):
    assert version_after(version, taken) == after


@pytest.mark.parametrize("key", [99, HEAD])
def test_a_part_that_is_gone_is_not_moved_or_removed(small, key):
    for act in (lambda: moved(small, key, 1), lambda: without(small, key), lambda: with_item(small, key)):
        if key != HEAD:
            with pytest.raises(NoSuchPart):
                act()
    with pytest.raises(NoSuchPart):
        item_of(small, key)


DEEDS = st.lists(st.tuples(st.sampled_from(["up", "down", "item", "gate"]), st.integers(1, 40)), max_size=12)


@settings(deadline=None)
@given(DEEDS)
def test_no_part_is_lost_or_doubled_by_moving_and_adding(deeds):
    document = taken_over(parsed(SMALL))
    there = set(keys(document).values())
    for name, number in deeds:
        key = sorted(there)[number % len(there)]
        if name in ("up", "down"):
            document = moved(document, key, -1 if name == "up" else 1)
        elif name == "gate":
            document, added = with_gate(document)
            there |= {added, document["last_key"]}
        elif key in [gate["key"] for gate in document["gates"]]:
            document, added = with_item(document, key)
            there.add(added)
        found = [gate["key"] for gate in document["gates"]]
        found += [item["key"] for gate in document["gates"] for item in gate["items"]]
        assert sorted(found) == sorted(there)
    assert {each.part for each in read(document)[1]} <= there | {HEAD}
