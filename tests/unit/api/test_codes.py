"""Every word with which an act refuses is known at the door, and told to integrators."""

import ast
from pathlib import Path

import pytest

from gates.rules import RefusalCode
from readiness.api.codes import KINDS, Code, known
from readiness.api.field_codes import FIELD_CODES, FieldCode
from readiness.api.fields import RULE_CODES

ACTIONS = Path(__file__).resolve().parents[3] / "readiness" / "actions"
# What these do has no door over REST: they are reached by pages and commands alone.
NOT_OVER_REST = {
    "erasing.py",
    "exporting.py",
    "framework_drafts.py",  # POST /frameworks/ publishes the file that a draft would become
    "lines.py",
    "organisation.py",
    "passwords.py",
    "people_lists.py",
    "people.py",
    "saved_views.py",
    "tokens.py",
    "two_factor.py",
}
REST = sorted(path for path in ACTIONS.glob("*.py") if path.name not in NOT_OVER_REST)


def _first_words(path: Path, called: set[str], position: int) -> set[str]:
    """The literal words at a position of the calls to these names."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called
    ]
    words = [call.args[position] for call in calls if len(call.args) > position]
    return {word.value for word in words if isinstance(word, ast.Constant)}


@pytest.mark.parametrize("path", REST, ids=lambda path: path.name)
def test_every_refusal_of_an_act_has_a_code(path: Path) -> None:
    assert {
        word for word in _first_words(path, {"Conflict", "NotAllowed"}, 0) if known(word) is None
    } == set()


@pytest.mark.parametrize("path", REST, ids=lambda path: path.name)
def test_every_error_at_a_field_has_a_code(path: Path) -> None:
    words = _first_words(path, {"FieldError", "invalid"}, 1) | _first_words(path, {"_Wrong"}, 0)
    assert words <= {code.value for code in FieldCode}


def test_every_refusal_at_a_gate_has_a_code() -> None:
    assert {code.value for code in RefusalCode if known(code.value) is None} == set()


def test_every_code_is_explained_and_has_its_status() -> None:
    assert set(KINDS) == set(Code)
    assert set(FIELD_CODES) == set(FieldCode)
    assert {kind.status for kind in KINDS.values()} == {
        400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503, 507,
    }  # fmt: skip
    assert {code.value for code in FieldCode} >= RULE_CODES
