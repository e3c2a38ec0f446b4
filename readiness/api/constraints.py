"""Which promise of the database an ``IntegrityError`` speaks of.

The rules refuse before the database has to; what slips past them (a race, a rule forgotten) is still answered with a
conflict or a broken rule. A column left empty that must not be is neither: nobody can mend it by reading again. It is a
defect, or a process of the version before an upgrade.
"""

import re
from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint, Model, UniqueConstraint

from readiness.api.codes import Code

SPOKEN_FOR = {
    "one_waiting_submission_a_gate": Code.ALREADY_SUBMITTED,
    "one_open_hold": Code.ALREADY_ON_HOLD,
    "one_passage_a_framework": Code.ALREADY_ATTACHED,
    "nobody_decides_their_own_submission": Code.SEPARATION_OF_DUTIES,
}
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?:index '(?P<index>\w+)'|(?P<columns>.+))")
_SQLITE_NOT_NULL = "NOT NULL constraint failed"
_POSTGRES_NOT_NULL = "23502"
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (?P<name>\w+)")


def broken_promise(exc: IntegrityError) -> tuple[Code, str]:
    """The code and a sentence: 409 for what exists already, 422 for what may not be so, 500 for what was left out."""
    if _left_out(exc):
        return Code.SERVER_ERROR, ""
    name = _name(exc)
    if name is None:
        return Code.CONFLICT, "It contradicts what stands there."
    words = name.replace("_", " ")
    code = SPOKEN_FOR.get(name)
    if code is None:
        code = Code.INVALID if name in _checks() else Code.CONFLICT
    return code, f"Refused: {words}."


def _left_out(exc: IntegrityError) -> bool:
    """Whether a column was given no value that needs one."""
    state = getattr(exc.__cause__, "pgcode", None)
    return state == _POSTGRES_NOT_NULL if state else str(exc).startswith(_SQLITE_NOT_NULL)


def _name(exc: IntegrityError) -> str | None:
    """PostgreSQL names the constraint; SQLite names a check, and of a uniqueness only the columns."""
    diagnosis = getattr(exc.__cause__, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    check = _SQLITE_CHECK.search(str(exc))
    if check:
        return check["name"]
    unique = _SQLITE_UNIQUE.search(str(exc))
    if unique is None:
        return None
    return unique["index"] or _uniques().get(frozenset(re.split(r",\s*", unique["columns"])))


@cache
def _checks() -> frozenset[str]:
    return frozenset(
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    )


@cache
def _uniques() -> dict[frozenset[str], str]:
    """``table.column`` names -> the constraint over them."""
    found: dict[frozenset[str], str] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.fields:
                found[_columns(model, constraint.fields)] = constraint.name
    return found


def _columns(model: type[Model], names: Iterable[str]) -> frozenset[str]:
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return frozenset(f"{model._meta.db_table}.{columns[name]}" for name in names)
