import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.importing.wording import Reading, Spellings, folded, one_line, shortened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes", "  YES\n"),
        ("the system’s outputs", "the system's outputs"),
        ("Yes – by us", "Yes - by  us"),
        ("Research or  Complete", "research or\u00a0complete"),
        ("“Straße”", '"STRASSE"'),
    ],
)
def test_spellings_of_one_text_are_one_text(one, other):
    assert folded(one) == folded(other)


def test_texts_that_differ_in_a_word_stay_different():
    assert folded("Rights-impacting") != folded("Rights impacting")


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_a_shortened_text_fits_and_a_short_one_is_left_alone(text, limit):
    result = shortened(text, limit)
    assert len(result) <= limit
    assert (result == text) == (len(text) <= limit)


def test_a_text_is_shortened_at_a_word():
    assert shortened("Sorting invoices by urgency", 20) == "Sorting invoices by…"


def test_one_line_takes_line_breaks_out():
    assert one_line(" Sorting\r\n\tinvoices ") == "Sorting invoices"


def test_an_exact_spelling_wins_over_a_beginning_and_a_longer_beginning_over_a_shorter():
    table = Spellings.of(
        [("No*", "no"), ("No testing*", "none"), ("No testing yet", "later"), ("N/A*", None)]
    )
    assert table.read("No") == Reading("no")
    assert table.read("NO TESTING: nothing was done") == Reading("none")
    assert table.read("no testing yet") == Reading("later")
    assert table.read("N/A - withdrawn") == Reading(None)
    assert table.read("Perhaps") == Reading(None, known=False)
    assert table.words() == {"no", "none", "later"}
