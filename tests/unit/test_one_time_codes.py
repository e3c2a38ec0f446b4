"""Codes of an authenticator app, against the values of the standard."""

from datetime import UTC, datetime

import pytest

from readiness.accounts.two_factor import new_recovery_code, recovery_digest, step_of

# RFC 6238, appendix B: the key "12345678901234567890", SHA-1; the last six of its eight digits.
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STANDARD = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("seconds", "code"), STANDARD.items())
def test_the_values_of_the_standard_are_taken(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, tz=UTC)
    assert step_of(code, KEY, at, after=0) == seconds // 30
    assert step_of(f" {code[:3]} {code[3:]} ", KEY, at, after=0) == seconds // 30
    assert step_of(code, KEY, at, after=seconds // 30) is None


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "287083", "²87082", "28708b", "-87082"])
def test_what_is_no_such_code_is_not(typed: str) -> None:
    assert step_of(typed, KEY, datetime.fromtimestamp(59, tz=UTC), after=0) is None


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = {new_recovery_code() for _one in range(1000)}
    assert len(codes) == 1000
    for code in codes:
        assert len(code) == 19
        assert recovery_digest(code) == recovery_digest(code.upper().replace("-", "  "))
    assert len({recovery_digest(code) for code in codes}) == 1000
