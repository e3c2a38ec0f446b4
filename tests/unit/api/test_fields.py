"""The strict fields: each takes its own type and nothing that merely looks like it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from rest_framework import serializers

from readiness.api.bodies import DecisionBody, InitiativeFacts, ManyAnswers, NewInitiative
from readiness.api.errors import field_errors
from readiness.api.fields import Amount, Day, Given, Many, Moment, Score, Shape, Text, Whole, Word, YesNo
from readiness.api.queries import Number


def taken(field: Given | serializers.Field, value: Any) -> Any:
    return field.run_validation(value)


def refused(field: Given | serializers.Field, value: Any) -> str:
    with pytest.raises(serializers.ValidationError) as error:
        field.run_validation(value)
    return field_errors(error.value.detail)[0].code


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        (Text(5), "longer than five", "longer than five"),
        (Word(["a", "b"]), "b", "b"),
        (YesNo(), "true", True),
        (YesNo(), "false", False),
        (Whole(1, 10), 10, 10),
        (Number(1, 200), "200", 200),
        (Amount(), "250000.00", "250000.00"),
        (Amount(), 12.5, 12.5),
        (Score(), "82.5", Decimal("82.5")),
        (Score(), "100", Decimal(100)),
        (Day(), "2024-02-29", date(2024, 2, 29)),
        (Day(), "1990-01-01", date(1990, 1, 1)),
        (Day(), "2100-12-31", date(2100, 12, 31)),
        (Moment(), "2026-11-01T09:30:00+01:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        (Moment(), "2026-11-01T09:30:00 01:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        (Moment(), "2026-11-01T09:30Z", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
        (Many(2, child=Text(3)), ["a", "b"], ["a", "b"]),
    ],
)
def test_a_value_of_the_right_type_is_taken(field: Given, given: Any, expected: Any) -> None:
    assert taken(field, given) == expected


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        (Text(5), 5, "wrong_type"),
        (Text(5), True, "wrong_type"),
        (Text(5), ["x"], "wrong_type"),
        (Text(5), {}, "wrong_type"),
        (Text(5), None, "required"),
        (Text(5, hold=True), "longer", "too_long"),
        (Word(["a"]), "c", "unknown_word"),
        (Word(["a"]), "A", "unknown_word"),
        (Word(["1"]), 1, "unknown_word"),
        (Word(["a"]), ["a"], "unknown_word"),
        (YesNo(), "yes", "unknown_word"),
        (Whole(1, 10), "3", "wrong_type"),
        (Whole(0, 1), True, "wrong_type"),
        (Whole(1, 10), 3.0, "wrong_type"),
        (Whole(1, 10), 0, "out_of_range"),
        (Whole(1, 10), 11, "out_of_range"),
        (Number(1, 200), "1.0", "wrong_type"),
        (Number(1, 200), "٣", "wrong_type"),
        (Number(1, 200), "-1", "wrong_type"),
        (Number(1, 200), "2422996687091782385664", "wrong_type"),
        (Number(1, 200), "201", "out_of_range"),
        (Amount(), "1e5", "wrong_type"),
        (Amount(), "1,000", "wrong_type"),
        (Amount(), True, "wrong_type"),
        (Amount(), [1], "wrong_type"),
        (Score(), "82.55", "too_precise"),
        (Score(), "100.1", "out_of_range"),
        (Score(), "NaN", "wrong_type"),
        (Score(), "-1", "out_of_range"),
        (Day(), "2026-02-30", "wrong_type"),
        (Day(), "01.02.2026", "wrong_type"),
        (Day(), "2026-1-1", "wrong_type"),
        (Day(), "2026-11-01T00:00:00Z", "wrong_type"),
        (Day(), 20261101, "wrong_type"),
        (Day(), "1989-12-31", "out_of_range"),
        (Day(), "2101-01-01", "out_of_range"),
        (Day(), "٢٠٢٦-11-01", "wrong_type"),
        (Moment(), "2026-11-01T09:30:00", "wrong_type"),
        (Moment(), "2026-11-01", "wrong_type"),
        (Moment(), "2026-13-01T09:30:00Z", "wrong_type"),
        (Moment(), "0001-01-01T00:00:00+14:00", "out_of_range"),
        (Moment(), "9999-12-31T23:59:59-14:00", "out_of_range"),
        (Many(2, child=Text(3)), "ab", "wrong_type"),
        (Many(2, child=Text(3)), {"0": "a"}, "wrong_type"),
        (Many(2, child=Text(3)), ["a", "b", "c"], "too_many"),
    ],
)
def test_anything_else_is_refused_with_a_word(field: Given, given: Any, code: str) -> None:
    assert refused(field, given) == code


def _errors(shape: type[Shape], data: Any) -> dict[str, str]:
    given = shape(data=data)
    assert not given.is_valid()
    return {error.field: error.code for error in field_errors(given.errors)}


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    assert _errors(
        NewInitiative,
        {
            "name": 5,
            "approach": "rent",
            "plan": {"poc_days": "ten", "weeks": 2},
            "people": {"members": ["lena", 7]},
            "colour": "red",
            "id": "AI-0001",
        },
    ) == {
        "colour": "unknown_field",
        "id": "read_only",
        "name": "wrong_type",
        "business_problem": "required",
        "approach": "unknown_word",
        "people.members.1": "wrong_type",
        "plan.poc_days": "wrong_type",
        "plan.weeks": "unknown_field",
    }


def test_the_stage_is_set_at_the_creation_only() -> None:
    assert _errors(InitiativeFacts, {"stage": "live"}) == {"stage": "read_only"}


@pytest.mark.parametrize("inner", [None, "x", 3, [], [[]]])
def test_a_nested_object_of_another_type_is_refused(inner: Any) -> None:
    assert set(_errors(InitiativeFacts, {"plan": inner}).values()) <= {"wrong_type", "required"}
    assert _errors(ManyAnswers, {"answers": [inner]})


def test_conditions_are_checked_one_by_one() -> None:
    body = {
        "decision": "pass_with_conditions",
        "rationale": "Good.",
        "conditions": [{"text": "Do it.", "owner": "lena", "due": "2026-12-01"}, {"text": "And this."}],
    }
    assert _errors(DecisionBody, body) == {"conditions.1.owner": "required", "conditions.1.due": "required"}
