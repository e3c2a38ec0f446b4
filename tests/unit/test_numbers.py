"""Measured and promised values as they are given."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.actions.numbers import VALUE_BOUND, value_of


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [("12.5", "12.5"), (12.5, "12.5"), (7, "7"), ("-0", "0"), (" 3 ", "3"), ("0.00010", "0.0001"), (0.1, "0.1"),
     ("9999999999999999.9999", "9999999999999999.9999"), ("1e3", "1000")],
)  # fmt: skip
def test_a_number_is_kept_exactly(given_value: object, kept: str) -> None:
    assert value_of("value", given_value) == (Decimal(kept), [])


@pytest.mark.parametrize("given_value", [None, ""])
def test_none_is_none_and_no_mistake(given_value: object) -> None:
    assert value_of("value", given_value) == (None, [])


@pytest.mark.parametrize(
    ("given_value", "code"),
    [("many", "wrong_type"), ("1,5", "wrong_type"), ("\x00", "wrong_type"), (True, "wrong_type"), ([], "wrong_type"),
     ("NaN", "out_of_range"), ("sNaN", "out_of_range"), ("-Infinity", "out_of_range"), ("1e16", "out_of_range"),
     ("1e999999", "out_of_range"), ("0.00001", "too_precise"), ("1e-400", "too_precise")],
)  # fmt: skip
def test_what_is_no_value_says_why(given_value: object, code: str) -> None:
    value, errors = value_of("value", given_value)
    assert value is None
    assert [(error.field, error.code) for error in errors] == [("value", code)]


@given(st.text(max_size=40) | st.floats() | st.decimals() | st.integers())
def test_whatever_is_given_is_kept_exactly_or_refused(given_value: object) -> None:
    value, errors = value_of("value", given_value)
    assert bool(errors) is (value is None and given_value != "")
    if value is not None:
        assert value == Decimal(str(given_value)) and abs(value) < VALUE_BOUND
