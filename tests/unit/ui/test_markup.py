"""Numbers, initials and attributes as people and browsers get them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.safestring import SafeString

from readiness.ui.markup import attributes, figure, initials, series_of, signed, with_code
from readiness.ui.rounding import half_up


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
        (148.25, "148.3"),
        (0.15, "0.2"),
        (Decimal("6.25"), "6.3"),
        (Decimal("-6.25"), "-6.3"),
        (-0.04, "0"),
        (1e300, f"{10**300:,}"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: float | Decimal | str | None, words: str) -> None:
    assert figure(value) == words


def test_a_figure_can_have_a_fixed_number_of_decimals() -> None:
    assert figure(62, 1) == "62.0"
    assert (figure(Decimal("48.75"), 1), figure(0.5, 0), figure(1.5, 0)) == ("48.8", "1", "2")


def test_what_is_between_two_figures_is_what_is_shown_between_them() -> None:
    then, now = Decimal("42.50"), Decimal("48.75")
    assert (figure(then, 1), figure(now, 1), signed(now - then)) == ("42.5", "48.8", "+6.3")
    assert half_up(Fraction(9, 4)) == Decimal("2.3")


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


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("check `data-quality`: pass", "check <code>data-quality</code>: pass"),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("<b> & `<i>`", "&lt;b&gt; &amp; <code>&lt;i&gt;</code>"),
        ("one ` alone", "one ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("``", "``"),
        ("", ""),
    ],
)
def test_what_stands_between_backticks_is_code(text: str, markup: str) -> None:
    assert with_code(text) == markup
    assert with_code(SafeString(text)) == markup  # whoever declares a text safe does not open a way in
