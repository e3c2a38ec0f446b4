"""Names are sorted without case and accents, on every database alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.querysets import normalised, sort_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ärger", "arger"),
        ("  Façade \t check ", "facade check"),
        ("STRASSE", sort_key("Straße")),
        ("Ångström", sort_key("A\u030angstro\u0308m")),
        ("한글", "한글"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_case_space_and_accents_make_no_difference(text: str, key: str) -> None:
    assert sort_key(text) == key


@given(st.text(max_size=200))
def test_it_fits_its_column_and_is_stable(text: str) -> None:
    assert len(sort_key(text)) <= 3 * len(text)
    assert sort_key(normalised(text)) == sort_key(text)
