"""A body of JSON: what gets through, and what is refused before any field is looked at."""

import io
import json
from typing import Any

import pytest
from django.test import RequestFactory, override_settings

from readiness.api.errors import Malformed, Problem
from readiness.api.parsers import JsonBody

LIMIT = 2 * 1024 * 1024


def parse(body: bytes, announced: str | None = None) -> Any:
    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = str(len(body)) if announced is None else announced
    return JsonBody().parse(io.BytesIO(body), "application/json", {"request": request})


def code_of(body: bytes) -> str:
    with pytest.raises(Problem) as refused:
        parse(body)
    return refused.value.code.value


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Straße 🚀 عربى"},
        {"number": 2**63 - 1, "decimal": 0.1, "nothing": None, "yes": True},
        [{"deep": [[[[1]]]]}],
    ],
)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1',
        b"{'a': 1}",
        b'{"a": 1,}',
        b"\xff\xfe{}",
        b'{"a": "\xc3\x28"}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b'{"a\\u0000": 1}',
    ],
)
def test_what_is_no_json_object_of_ours_is_refused(body: bytes) -> None:
    assert code_of(body) == "not_json"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b'{"name": "a\\u0000b"}', "name", "null_characters"),
        (b'{"people": {"members": ["x", "\\u0000"]}}', "people.members.1", "null_characters"),
        (b'{"name": "\\ud800"}', "name", "surrogate_characters"),
        (b'{"plan": {"poc_days": 10000000000000000000000000}}', "plan.poc_days", "out_of_range"),
        (b'{"plan": {"poc_days": -9223372036854775809}}', "plan.poc_days", "out_of_range"),
        (b'{"budget": {"planned": 1e400}}', "budget.planned", "out_of_range"),
    ],
)
def test_a_value_that_no_database_holds_is_refused_at_its_place(body: bytes, field: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(body)
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse(b'{"name": "\\ud83d\\ude80"}') == {"name": "🚀"}


def test_a_body_is_refused_by_its_announced_length_without_being_read() -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("read")

    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = str(LIMIT + 1)
    with pytest.raises(Problem) as refused:
        JsonBody().parse(Unread(), "application/json", {"request": request})
    assert refused.value.code.value == "too_large"


@pytest.mark.parametrize("announced", ["", "2", "no number"])
def test_a_body_longer_than_announced_is_refused_while_reading(announced: str) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100), pytest.raises(Problem) as refused:
        parse(b'{"a": "' + b"x" * 200 + b'"}', announced)
    assert refused.value.code.value == "too_large"


def test_a_body_of_the_largest_size_is_taken() -> None:
    body = b'{"a": "' + b"x" * (LIMIT - 9) + b'"}'
    assert len(body) == LIMIT
    assert len(parse(body)["a"]) == LIMIT - 9
