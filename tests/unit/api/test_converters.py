"""What may stand in a path."""

import re

import pytest

from readiness.api.converters import Key, Reference, key_of


@pytest.mark.parametrize(
    ("reference", "key"),
    [("AI-0042", 42), ("AI-0001", 1), ("AI-12345", 12345), ("AI-999999999999", 999_999_999_999)],
)
def test_a_reference_leads_to_its_key_and_back(reference: str, key: int) -> None:
    assert key_of(reference) == key
    assert Reference().to_url(key) == reference


@pytest.mark.parametrize(
    "reference",
    ["AI-42", "AI-00042", "ai-0042", "AI-0042 ", "AI-٠٠٤٢", "AI-", "42", "", "AI-9999999999999", "AI--042"],
)
def test_a_reference_has_one_spelling(reference: str) -> None:
    assert key_of(reference) is None


def test_a_reference_of_another_spelling_is_no_address() -> None:
    with pytest.raises(ValueError, match="AI-00042"):
        Reference().to_python("AI-00042")


@pytest.mark.parametrize("key", ["0", "-1", "01", "1.0", "9" * 19, "x"])
def test_a_key_fits_into_every_database(key: str) -> None:
    assert re.fullmatch(Key.regex, key) is None
    assert int("9" * 18) < 2**63
