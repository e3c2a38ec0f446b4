"""A framework written as YAML says again what was read: every key of it, and nothing else."""

from dataclasses import fields, replace

import pytest

from checklists.frameworks import NOTES, ParsedFramework, ParsedGate, ParsedItem, parse_framework
from checklists.loading import read_framework, shipped_files
from checklists.writing import framework_yaml
from tests.unit.small_framework import SMALL, parsed

AWKWARD = "No: 'yes' #1 & *all*\nsecond line – „quoted“ \U0001f680 " + "long " * 60 + "end"


def again(framework: ParsedFramework) -> ParsedFramework:
    return parse_framework(framework_yaml(framework).encode(), "written.yaml")


def filled(framework: ParsedFramework) -> ParsedFramework:
    """The same with a value for everything that may be absent."""
    first, *others = framework.gates
    item = first.items[0]
    texts = ("title", "statement", "help", "when_met", "when_partial", "when_not_met", "reviewer_check")
    texts += ("example_evidence", "automation", "crosswalk_note")
    values = dict.fromkeys(texts, AWKWARD) | {"title": "'1.0': No"}
    whole = replace(
        item, **values, applies_to={"bought": AWKWARD, "generative": "1"}, crosswalk={"a_list": ("1.2", "no")}
    )
    gate = replace(
        first, items=(whole,), key_questions=(AWKWARD,), pass_criteria=("true",), how_it_passes="~"
    )
    notes = dict.fromkeys(NOTES, AWKWARD) | {
        "answer_rule": {"met": "null"},
        "recommend_stop_over": "1/2",
        "crosswalk_checked_on": "2026-11-20",
    }
    return replace(framework, notes=notes, answer_labels={"met": "Yes"}, gates=(gate, *others))


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_what_ships_comes_back_word_for_word(path):
    framework = read_framework(path)
    assert again(framework) == framework
    assert again(framework).checksum == framework.checksum


def test_every_key_is_written():
    framework = filled(parsed(SMALL))
    for shape, row in (
        (ParsedFramework, framework),
        (ParsedGate, replace(framework.gates[0], min_share_met="2/3")),
        (ParsedItem, framework.gates[0].items[0]),
    ):
        empty = [each.name for each in fields(shape) if getattr(row, each.name) in ("", None, (), {})]
        assert empty == [], "a key that is not filled here may be forgotten by who writes"
    assert again(framework) == framework


def test_what_is_empty_is_left_out_and_a_minimum_of_none_is_not():
    framework = parsed(SMALL.replace("min_met: 1", "min_met: 0"))
    written = framework_yaml(framework)
    assert "min_met: 0" in written
    assert "critical: false" in written
    assert "help:" not in written
    assert again(framework) == framework
