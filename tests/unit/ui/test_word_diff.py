"""What became of a text, word by word. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.ui.word_diff import WORK_MAX, Part, word_diff

TEXTS = st.text(alphabet="ab \n.", max_size=40)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.part.value, one.text) for one in word_diff(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("Same words.", "Same words.", [("kept", "Same words.")]),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        (
            "Tested in March.",
            "Tested in May.",
            [("kept", "Tested in "), ("removed", "March."), ("added", "May.")],
        ),
        (
            "One source is late.",
            "One minor source is late.",
            [("kept", "One "), ("added", "minor "), ("kept", "source is late.")],
        ),
        ("Two  spaces\n", "Two spaces", [("kept", "Two spaces")]),
    ],
)
def test_what_was_added_and_what_was_removed(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert told(before, after) == expected


@given(TEXTS, TEXTS)
def test_without_what_was_removed_it_is_the_new_text_letter_by_letter(before: str, after: str) -> None:
    segments = word_diff(before, after)
    assert "".join(one.text for one in segments if one.part != Part.REMOVED) == after
    old = " ".join("".join(one.text for one in segments if one.part != Part.ADDED).split())
    assert old.replace(" ", "") == "".join(before.split())


def test_two_long_texts_without_a_word_in_common_are_told_as_one_replaced() -> None:
    words = int(WORK_MAX**0.5) + 1
    before, after = "old " * words, "new " * words
    assert told(before, after) == [("removed", before), ("added", after)]
    assert told("Head " + before + "end", "Head " + after + "end") == [
        ("kept", "Head "),
        ("removed", before),
        ("added", after),
        ("kept", "end"),
    ]
