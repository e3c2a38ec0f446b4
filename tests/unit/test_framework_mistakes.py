"""A framework file with a mistake is refused whole, with the line and the reason."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists import documents
from checklists.documents import DocumentRefused
from checklists.frameworks import parse_framework
from tests.unit.small_framework import SMALL, changed, parsed

SHIPPED = Path(__file__).resolve().parents[2] / "checklists" / "content" / "environment-gap.yaml"


def _mistakes(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(DocumentRefused) as refusal:
        parse_framework(text if isinstance(text, bytes) else text.encode(), "small.yaml")
    return [(mistake.line, mistake.reason) for mistake in refusal.value.mistakes]


def _line(text: str) -> int:
    return SMALL.count("\n", 0, SMALL.index(text)) + 1


WRONG = {
    "an unknown key of the framework": ("name: Small", "colour: red\nname: Small", "'colour' is not known here"),
    "a misspelt key": ("    title: One", "    titel: x\n    title: One", "is not known here; is 'title' meant?"),
    "an unknown key of a guard": ("  gate: second", "  door: second", "'door' is not known here"),
    "an unknown key of answer_rule": ("  met: All", "  yes: All", "'yes' is not known here"),
    "an unknown kind of system": ("      bought:", "      borrowed:", "'borrowed' is not known here"),
    "a merge key": ("  name: First", "  <<: {}\n  name: First", "'<<' is not known here"),
    "a key given twice": ("name: Small", "slug: other\nname: Small", "'slug' is given twice"),
    "a key that is a list": ("name: Small", "[a]: b\nname: Small", "a key must be a single word"),
    "a slug with capitals": ("slug: small", "slug: Small", "lower-case letters, digits and hyphens, not 'Small'"),
    "a code in small letters": ("code: A-1", "code: a-1", "capital letters, digits and hyphens, not 'a-1'"),
    "a code with foreign digits": ("code: A-1", "code: A-١", "capital letters, digits and hyphens"),
    "a code given twice": ("code: B-1", "code: A-1", "'code' A-1 is taken already in this framework"),
    "a gate given twice": ("slug: second", "slug: first", "'slug' first is taken already in this framework"),
    "a version that is a number": ("'1.0'", "1.0", "'version' must be a text; put 1.0 in quotes"),
    "a version in words": ("'1.0'", "'new'", "'version' must be a version such as '1.0', in quotes, not 'new'"),
    "an unknown kind": ("kind: gates", "kind: doors", "one of gates, checkpoints, profile, overlay, not 'doors'"),
    "an unknown order": ("order: sequential", "order: backwards", "must be one of sequential, any, not 'backwards'"),
    "an unknown word for evidence": ("evidence: required", "evidence: often", "must be one of required, optional"),
    "a required number above the items": ("required_met: 2", "required_met: 3", "is 3, but there are 2 items"),
    "a required number of none": ("required_met: 2", "required_met: 0", "'required_met' must be from 1 to 1000, not 0"),
    "a minimum above the items": ("min_met: 1", "min_met: 2", "'min_met' is 2, but there are 1 items"),
    "a negative minimum": ("min_met: 1", "min_met: -1", "'min_met' must be a whole number"),
    "a minimum in words": ("min_met: 1", "min_met: one", "'min_met' must be a whole number"),
    "an octal number": ("min_met: 1", "min_met: 01", "'min_met' must be a whole number"),
    "a number in base 60": ("evidence_max_age_days: 60", "evidence_max_age_days: 1:30", "must be a whole number"),
    "an age of no days": ("evidence_max_age_days: 60", "evidence_max_age_days: 0", "must be from 1 to 3660, not 0"),
    "a share that is no fraction": ("min_share_met: 2/3", "min_share_met: 0.67", "'min_share_met' must be a text"),
    "a share in words": ("min_share_met: 2/3", "min_share_met: most", "a fraction such as 2/3, not 'most'"),
    "a share above one": ("min_share_met: 2/3", "min_share_met: 4/3", "is a share: at most 1, not 4/3"),
    "a share with nothing below": ("min_share_met: 2/3", "min_share_met: 2/0", "a fraction such as 2/3, not '2/0'"),
    "a share of nothing": ("min_share_met: 2/3", "min_share_met: 0/3", "a fraction such as 2/3, not '0/3'"),
    "critical in other words": ("critical: true", "critical: yes", "'critical' must be true or false"),
    "a guard on an unknown stage": ("to: poc", "to: moon", "one of intake, poc, pilot, rollout, live, not 'moon'"),
    "a guard on a longer jump": ("to: poc", "to: pilot", "'pilot' is not the stage after 'intake'"),
    "a guard on the way back": ("to: rollout", "to: poc", "'poc' is not the stage after 'pilot'"),
    "a guard by an unknown gate": ("gate: second", "gate: third", "there is no gate 'third' in this framework"),
    "a root cause of two words": ("root_cause: ownership", "root_cause: no owner", "lower-case letters, digits and"),
    "a fact without a dot": ("fact: kpis.complete", "fact: kpis", "a fact such as 'kpis.complete', not 'kpis'"),
    "a signal with a space": ("signals: [live_use]", "signals: [live use]", "a signal must be lower-case letters"),
    "a signal given twice": ("[live_use]", "[live_use, live_use]", "a signal is given twice"),
    "signals that are no list": ("signals: [live_use]", "signals: live_use", "'signals' must be a list"),
    "a crosswalk that is a list": ("\n      some_list: ['1.2', '3']", " ['1.2']", "'crosswalk' must be a mapping"),
    "a crosswalk to a strange name": ("      some_list:", "      Some List:", "the name of a list must be lower-case"),
    "an id that is a number": ("['1.2', '3']", "[1.2]", "an entry of 'some_list' must be a text; put 1.2 in quotes"),
    "a text that YAML takes for no": ("title: One", "title: No", "'title' must be a text; put No in quotes"),
    "a text that YAML takes for a date": ("title: One", "title: 2026-01-01", "'title' must be a text; put 2026-01-01"),
    "a text that is a list": ("title: One", "title: [One]", "'title' must be a text"),
    "a text of blanks": ("title: One", "title: '  '", "'title' is empty"),
    "a text too long": ("title: One", f"title: {'x' * 201}", "'title' is longer than 200 characters"),
    "a name of 10,000 characters": ("name: Small", f"name: {'n' * 10_000}", "'name' is longer than 120 characters"),
    "guidance too long": ("met: Whole", f"met: {'x' * 4001}", "'met' is longer than 4000 characters"),
    "a NUL in quotes": ("title: One", r'title: "a\0b"', "'title' contains a control character"),
    "half a character": ("title: One", r'title: "\ud800"', "'title' contains a control character"),
    "a gate that is a text": ("- slug: first", "- first\n- slug: first", "an entry of 'gates' must be a mapping"),
    "answer labels that are a text": ("answer_labels:\n  not_met: Not yet", "answer_labels: no", "must be a mapping"),
    "an anchor": ("title: One", "title: &a One", "anchors and aliases (& and *) are not taken"),
    "an alias": ("title: One", "title: *a", "anchors and aliases (& and *) are not taken"),
    "a tag": ("title: One", "title: !!str One", "tags (!) are not taken"),
    "a tag that would run code": ("title: One", "title: !!python/object/apply:os.getcwd []", "tags (!) are not taken"),
    "deep nesting": ("title: One", f"title: {'[' * 50}{']' * 50}", "nested deeper than 12 levels"),
    "broken YAML": ("title: One", "title: 'One", "it cannot be read"),
    "a tab as indentation": ("    title: One", "\ttitle: One", "it cannot be read"),
    "an escape that is no character": ("title: One", r'title: "\UFFFFFFFF"', "an escape or a number that is none"),
    "a second document": ("gates:\n", "---\ngates:\n", "it cannot be read: expected a single document"),
    "a NUL": ("title: One", "title: a\0b", "a character that YAML does not allow"),
}  # fmt: skip
# These are noticed where YAML gives up reading, not where the slip is.
LINE_ELSEWHERE = {"broken YAML"}


@pytest.mark.parametrize(("old", "new", "reason"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_refused_with_its_line_and_reason(old: str, new: str, reason: str, request):
    text, line = changed(old, new)
    found = _mistakes(text)
    assert any(reason in said for _, said in found), found
    if request.node.callspec.id not in LINE_ELSEWHERE:
        assert any(at == line and reason in said for at, said in found), (line, found)


MISSING = (
    "slug: small version: '1.0' name: Small kind: gates order: sequential evidence: required".replace(": ", ":")
    .split()
)  # fmt: skip


@pytest.mark.parametrize("pair", MISSING)
def test_a_missing_key_of_the_framework_is_named(pair: str):
    key, value = pair.split(":")
    text, _ = changed(f"{key}: {value}\n", "")
    assert (1, f"'{key}' is missing") in _mistakes(text)


@pytest.mark.parametrize(
    "key", ["code", "title", "critical", "statement", "met", "partial", "not_met", "root_cause"]
)
def test_a_missing_key_of_an_item_is_named_at_the_item(key: str):
    item = SMALL.index("- code: B-1")
    start = SMALL.index(f"{key}: ", item)
    end = SMALL.index("\n", start)
    text = SMALL[:start] + "help: x" + SMALL[end:]
    assert (_line("- code: B-1"), f"'{key}' is missing") in _mistakes(text)


@pytest.mark.parametrize("key", ["slug", "name", "purpose"])
def test_a_missing_key_of_a_gate_is_named_at_the_gate(key: str):
    start = SMALL.index(f"{key}: ", SMALL.index("- slug: second"))
    text = SMALL[:start] + "how_it_passes: x" + SMALL[SMALL.index("\n", start) :]
    assert (_line("- slug: second"), f"'{key}' is missing") in _mistakes(text)


def test_a_required_key_with_nothing_behind_it_is_missing():
    text, line = changed("title: One", "title:")
    assert (line, "'title' is missing") in _mistakes(text)


def test_a_framework_without_gates_and_a_gate_without_items_are_refused():
    no_gates = SMALL[: SMALL.index("gates:\n-")]
    assert (1, "'gates' is missing") in _mistakes(no_gates)
    assert (_line("gates:\n-"), "'gates' is empty") in _mistakes(no_gates + "gates: []")
    no_items = SMALL[: SMALL.index("  items:\n  - code: B-1")]
    assert (_line("- slug: second"), "'items' is missing") in _mistakes(no_items)


@pytest.mark.parametrize("new", ["", "  min_met: 1\n  min_share_met: 2/3\n"], ids=["neither", "both"])
def test_a_gate_has_either_a_count_or_a_share(new: str):
    text = SMALL.replace("  min_share_met: 2/3\n", new)
    assert any(reason == "a gate needs either 'min_met' or 'min_share_met'" for _, reason in _mistakes(text))


def test_the_same_guard_twice_is_refused():
    text, line = changed("- from: intake", "- from: pilot\n  to: rollout\n- from: intake")
    assert _mistakes(text) == [(line, "this guard is given twice")]


def test_a_profile_can_guard_nothing():
    text, _ = changed("kind: gates", "kind: profile")
    assert any("a profile has no status, so it can guard nothing" in reason for _, reason in _mistakes(text))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20261120"])
def test_the_day_the_crosswalk_was_checked_must_be_a_date(day: str):
    text, line = changed("critical_meaning:", f"crosswalk_checked_on: '{day}'\ncritical_meaning:")
    assert _mistakes(text) == [(line, "'crosswalk_checked_on' must be a date such as '2026-11-20'")]


def test_all_mistakes_are_shown_at_once_in_the_order_of_their_lines():
    text = SMALL.replace("min_met: 1", "min_met: 7").replace("name: Small", "name: []").replace("B-1", "b 1")
    found = _mistakes(text)
    assert [line for line, _ in found] == [_line("name: Small"), _line("min_met: 1"), _line("code: B-1")]


def test_the_refusal_names_the_file_and_every_line():
    text = SMALL.replace("min_met: 1", "min_met: 7").replace("name: Small", "name: []")
    with pytest.raises(DocumentRefused) as refusal:
        parsed(text)
    assert str(refusal.value).splitlines() == [
        "small.yaml, line 3: 'name' must be a text",
        f"small.yaml, line {_line('min_met: 1')}: 'min_met' is 7, but there are 1 items",
    ]


def test_a_file_full_of_mistakes_is_given_up_after_fifty():
    assert len(_mistakes("\n".join(f"key{number}: x" for number in range(1000)))) == documents.MAX_MISTAKES


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "the document must be a mapping of keys to values"),
        (b"- a\n- b", 1, "the document must be a mapping of keys to values"),
        (b"just text", 1, "the document must be a mapping of keys to values"),
        (b"slug: a\nname: caf\xe9\n", 2, "the file is not UTF-8 text"),
        ("slug: a\n".encode("utf-16"), 1, "the file is not UTF-8 text"),
        (b"a" * (documents.MAX_BYTES + 1), 1, f"the file is larger than {documents.MAX_BYTES} bytes"),
        (b"%YAML " + b"9" * 5000 + b".1\n---\na: b", 1, "an escape or a number that is none"),
    ],
    ids=["empty", "a list", "a text", "latin-1", "utf-16", "too large", "an absurd directive"],
)
def test_what_is_no_such_document_is_refused(data: bytes, line: int, reason: str):
    assert _mistakes(data) == [(line, reason)]


def test_aliases_that_would_unfold_to_gigabytes_are_refused_at_the_first():
    levels = "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 12))
    assert _mistakes(f"k0: &k0 lol\n{levels}")[0][0] == 1


def test_a_list_without_end_is_refused():
    text, line = changed("  - What is asked?\n", "  - What is asked?\n" * (documents.MAX_LIST + 1))
    assert _mistakes(text) == [(line, f"'key_questions' has more than {documents.MAX_LIST} entries")]


def test_only_as_much_of_a_file_is_read_as_shows_that_it_is_too_large(tmp_path: Path):
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(2 * 1024**3)
    assert len(documents.read_bytes(large)) == documents.MAX_BYTES + 1


@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_lines_that_exist(data: st.DataObject):
    text = SHIPPED.read_text()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 40, len(text))))
    damaged = text[:start] + data.draw(st.text(max_size=10)) + text[end:]
    try:
        parse_framework(damaged.encode("utf-8", "surrogatepass"), "damaged.yaml")
    except DocumentRefused as refusal:
        assert refusal.mistakes
        assert all(1 <= mistake.line <= len(damaged.splitlines()) + 1 for mistake in refusal.mistakes)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_and_nothing_worse(data: bytes):
    with pytest.raises(DocumentRefused):
        parse_framework(data, "noise.yaml")
