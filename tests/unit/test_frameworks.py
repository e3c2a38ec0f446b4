"""A framework as YAML: what is read from it, and what the shipped ones say."""

import re
from pathlib import Path

import pytest
import yaml

from checklists import frameworks
from checklists.frameworks import ParsedFramework, parse_framework
from checklists.models import Framework, FrameworkKind, Gate, Item, Order
from gates.stages import LADDER, Stage
from tests.unit.small_framework import SMALL, changed, parsed

REPOSITORY = Path(__file__).resolve().parents[2]
CONTENT = REPOSITORY / "checklists" / "content"
MANUAL = REPOSITORY / "docs" / "frameworks.md"
ROOT_CAUSES = REPOSITORY / "readiness" / "standing" / "content" / "root-causes.yaml"

SHIPPED_VERSIONS = {
    "conversational-ai 1.0": "7e9978563dfbc84c47516bc125b48133fdb957f5f64041319d730061466e2def",
    "environment-gap 1.0": "137a8e7ff42aae55fd67c84353efa877a621ae9c0bb3b003a301dbb1a068a6af",
    "five-gate 1.0": "e629729fbdf8a0be813b6c6e8e8af2bd2c73a918aa09345cd5b314f315e330c0",
    "poc-checkpoints 1.0": "f38c64c100b7f57e19ac576d1a3b4316457ffe6f8bc6e78d0b7410d4df44bfba",
}


def shipped(stem: str) -> ParsedFramework:
    return parse_framework((CONTENT / f"{stem}.yaml").read_bytes(), f"{stem}.yaml")


# --- What is taken ------------------------------------------------------------------------------------------


def test_every_key_of_a_framework_is_read():
    framework = parsed(SMALL)
    assert (framework.slug, framework.version, framework.name) == ("small", "1.0", "Small")
    assert (framework.kind, framework.order, framework.evidence_required) == ("gates", "sequential", True)
    assert [(guard.from_stage, guard.to_stage, guard.gate) for guard in framework.guards] == [
        ("pilot", "rollout", ""),
        ("intake", "poc", "second"),
    ]
    assert framework.required_met == 2
    assert framework.answer_labels == {"not_met": "Not yet"}
    assert framework.notes == {
        "answer_rule": {"met": "All of it holds."},
        "critical_meaning": "Nothing goes on without it.",
    }


def test_every_key_of_a_gate_is_read():
    first, second = parsed(SMALL).gates
    assert (first.slug, first.name, first.purpose) == ("first", "First", "Why it is there")
    assert (first.key_questions, first.pass_criteria, first.how_it_passes) == (("What is asked?",), (), "")
    assert (first.min_met, first.min_share_met) == (1, "")
    assert (second.min_met, second.min_share_met) == (None, "2/3")


def test_every_key_of_an_item_is_read():
    one, two = parsed(SMALL).items
    assert (one.code, one.title, one.critical, one.statement) == ("A-1", "One", True, "It is so.")
    assert (one.when_met, one.when_partial, one.when_not_met) == ("Whole", "Half", "Nothing")
    assert (one.evidence_max_age_days, one.signals) == (60, ("live_use",))
    assert one.applies_to == {"bought": "Ask the vendor."}
    assert one.crosswalk == {"some_list": ("1.2", "3")}
    assert (one.root_cause, one.fact) == ("ownership", "kpis.complete")
    assert (two.critical, two.evidence_max_age_days, two.signals, two.fact) == (False, None, (), "")


def test_the_answers_of_a_profile_are_named_after_where_it_stands():
    profile = (
        SMALL.replace("kind: gates\norder: sequential", "kind: profile")
        .replace("guards:\n- from: pilot\n  to: rollout\n- from: intake\n  to: poc\n  gate: second\n", "")
        .replace(
            "    met: Whole\n    partial: Half\n    not_met:",
            "    production: Whole\n    between: Half\n    poc:",
        )
    )
    framework = parsed(profile)
    one = framework.items[0]
    assert (one.when_met, one.when_partial, one.when_not_met) == ("Whole", "Half", "Nothing")
    assert framework.order == "any"


def test_an_overlay_need_not_name_an_order():
    text, _ = changed("kind: gates\norder: sequential", "kind: overlay")
    assert parsed(text).order == "any"


def test_a_byte_order_mark_windows_line_ends_emoji_and_right_to_left_text_are_taken():
    text, _ = changed("title: One", "title: '🚦 שלום'")
    framework = parse_framework(("\ufeff" + text.replace("\n", "\r\n")).encode(), "small.yaml")
    assert framework.items[0].title == "🚦 שלום"


# --- The shipped frameworks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "kind", "order", "evidence_required", "items"),
    [
        ("five-gate", "gates", "sequential", True, "data 4 architecture 4 integration 4 governance 4 adoption 4"),
        ("poc-checkpoints", "checkpoints", "sequential", False, "checkpoint-0 7 checkpoint-1 6 checkpoint-2 6"),
        ("environment-gap", "profile", "any", False, "profile 10"),
        ("conversational-ai", "overlay", "any", True, "conversation 8"),
    ],
)  # fmt: skip
def test_the_shipped_frameworks_have_their_gates_and_items(stem, kind, order, evidence_required, items):
    framework = shipped(stem)
    assert (framework.slug, framework.kind, framework.order) == (stem, kind, order)
    assert framework.evidence_required is evidence_required
    assert " ".join(f"{gate.slug} {len(gate.items)}" for gate in framework.gates) == items


def test_five_gate_asks_for_16_of_20_and_3_of_4_in_each_gate():
    framework = shipped("five-gate")
    assert framework.required_met == 16
    assert {gate.min_met for gate in framework.gates} == {3}


@pytest.mark.parametrize(
    ("stem", "codes"),
    [
        ("five-gate", "DATA-1 DATA-4 ARCH-3 ARCH-4 INTG-1 GOVN-1 GOVN-2 GOVN-3 ADPT-1 ADPT-2"),
        ("poc-checkpoints", "CP0-1 CP0-2 CP0-3 CP1-2 CP2-1 CP2-2 CP2-6"),
        ("environment-gap", ""),
        ("conversational-ai", "CONV-2 CONV-5 CONV-6 CONV-7 CONV-8"),
    ],
)
def test_the_critical_items_of_the_shipped_frameworks(stem: str, codes: str):
    assert [item.code for item in shipped(stem).items if item.critical] == codes.split()


def test_a_checkpoint_passes_on_two_thirds_and_recommends_to_stop_above_half():
    framework = shipped("poc-checkpoints")
    assert {gate.min_share_met for gate in framework.gates} == {"2/3"}
    assert framework.notes["recommend_stop_over"] == "1/2"


def test_where_evidence_is_required_every_item_says_how_long_it_lasts():
    required = [item for stem in ("five-gate", "conversational-ai") for item in shipped(stem).items]
    assert {item.evidence_max_age_days for item in required} == {60, 120, 210, 395}
    optional = [item for stem in ("poc-checkpoints", "environment-gap") for item in shipped(stem).items]
    assert {item.evidence_max_age_days for item in optional} == {None}


def test_how_a_gate_passes_names_its_critical_items():
    for stem in ("five-gate", "poc-checkpoints", "conversational-ai"):
        for gate in shipped(stem).gates:
            critical = [item.code for item in gate.items if item.critical]
            assert [code for code in critical if code not in gate.how_it_passes] == []


def test_no_code_is_used_by_two_shipped_frameworks():
    codes = [item.code for path in CONTENT.glob("*.yaml") for item in shipped(path.stem).items]
    assert len(codes) == len(set(codes)) == 57


def test_every_shipped_item_names_a_root_cause_that_exists():
    known = {cause["slug"] for cause in yaml.safe_load(ROOT_CAUSES.read_text())}
    used = {item.root_cause for path in CONTENT.glob("*.yaml") for item in shipped(path.stem).items}
    assert used - known == set()


def test_a_shipped_version_never_changes_what_it_says():
    """Installations hold these. At their next start, changed text under the same version would be refused."""
    stand = {
        f"{each.slug} {each.version}": each.checksum
        for each in (shipped(path.stem) for path in CONTENT.glob("*.yaml"))
    }
    assert stand == SHIPPED_VERSIONS


# --- The checksum -------------------------------------------------------------------------------------------


def test_layout_comments_and_empty_keys_do_not_change_the_checksum():
    same = "# A comment\n" + SMALL.replace("signals: [live_use]", "signals:\n    - live_use")
    same = same.replace(
        "    root_cause: data_quality", "    signals: []\n    fact: null\n    root_cause: data_quality"
    )
    assert parsed(same).checksum == parsed(SMALL).checksum


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: One", "title: Uno"),
        ("critical: true", "critical: false"),
        ("min_met: 1", "min_met: 0"),
        ("required_met: 2\n", ""),
        ("to: rollout", "to: rollout\n  gate: first"),
        ("- What is asked?", "- What is asked?\n  - What else?"),
    ],
)
def test_whatever_it_says_is_part_of_the_checksum(old: str, new: str):
    text, _ = changed(old, new)
    assert parsed(text).checksum != parsed(SMALL).checksum


# --- One vocabulary -----------------------------------------------------------------------------------------


def test_the_words_of_the_file_are_the_words_of_the_tables():
    assert list(frameworks.KINDS) == FrameworkKind.values
    assert list(frameworks.ORDERS) == Order.values
    assert tuple(stage.value for stage in LADDER if stage != Stage.RETIRED) == frameworks.STAGES


@pytest.mark.parametrize(
    ("model", "field", "limit"),
    [
        (Framework, "slug", frameworks.SLUG),
        (Framework, "version", frameworks.VERSION),
        (Framework, "name", frameworks.NAME),
        (Gate, "slug", frameworks.SLUG),
        (Gate, "name", frameworks.NAME),
        (Gate, "min_share_met", 10),
        (Item, "code", frameworks.CODE),
        (Item, "title", frameworks.TITLE),
        (Item, "root_cause", frameworks.SLUG),
        (Item, "fact", frameworks.FACT),
    ],
)
def test_what_the_reader_lets_through_fits_its_column(model, field, limit):
    assert model._meta.get_field(field).max_length == limit


# --- The manual ---------------------------------------------------------------------------------------------


def test_the_example_in_the_manual_is_taken():
    example = MANUAL.read_text().split("```yaml\n")[1].split("```")[0]
    framework = parse_framework(example.encode(), "docs/frameworks.md")
    assert [item.code for item in framework.items] == ["HAND-1", "HAND-2", "HAND-3"]


def test_every_key_stands_in_the_manual():
    named = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text()))
    texts = [path.read_text() for path in CONTENT.glob("*.yaml")]
    used = {key for text in texts for key in re.findall(r"^[ -]*([a-z_]+):(?= |$)", text, re.MULTILINE)}
    assert len(used) > 40
    assert used | set(frameworks.NOTES) <= named
