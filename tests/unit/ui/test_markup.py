"""Numbers, initials and attributes as people and browsers get them."""

from decimal import Decimal

import pytest

from readiness.ui.markup import attributes, figure, initials, series_of, signed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2133, "2,133"),
        (62.5, "62.5"),
        (62.0, "62"),
        (Decimal("7.0"), "7"),
        (0, "0"),
        (None, "–"),
        ("", "–"),
        ("€1.2m", "€1.2m"),
        (1_000_000, "1,000,000"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: float | Decimal | str | None, words: str) -> None:
    assert figure(value) == words


def test_a_figure_can_have_a_fixed_number_of_decimals() -> None:
    assert figure(62, 1) == "62.0"


@pytest.mark.parametrize(("value", "words"), [(3, "+3"), (-1.5, "−1.5"), (0, "±0"), (None, "–")])
def test_a_change_carries_its_sign(value: float | None, words: str) -> None:
    assert signed(value) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada Augusta King Lovelace", "AL"),
        ("ada@example.org", "AD"),
        ("ada", "AD"),
        ("", "?"),
        ("  ", "?"),
        ("🙂", "?"),
        ("🙂 Bo", "BO"),
        ("Ängla Öberg", "ÄÖ"),
    ],
)
def test_initials_of_a_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_name_keeps_its_series() -> None:
    assert series_of("Ada Lovelace") == series_of("Ada Lovelace")
    assert {series_of(f"person {number}") for number in range(60)} == set(range(1, 7))


def test_attributes_are_named_as_in_html_and_escaped() -> None:
    given = {
        "hx_get": '/x/?a=1&b="2"',
        "class_": "wide",
        "hidden": True,
        "title": "",
        "rel": None,
        "lang": False,
    }
    assert attributes(given) == ' class="wide" hx-get="/x/?a=1&amp;b=&quot;2&quot;" hidden'


@pytest.mark.parametrize("name", ["style", "onclick", "on_click", "hx_on"])
def test_attributes_that_the_content_security_policy_blocks_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        attributes({name: "x"})
