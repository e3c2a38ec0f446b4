"""Every response in these tests is held against the OpenAPI document: status, media type, and each field."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse
from jsonschema import Draft202012Validator, FormatChecker

from readiness.api.views.description import document
from tests.fixtures import Api

UNDESCRIBED = {"api-schema", "api-docs", "api-not-there"}
_FORMATS = FormatChecker(["date"])
_PARAMETER = re.compile(r"<\w+:(\w+)>")


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@pytest.fixture(autouse=True)
def _contract() -> Iterator[None]:
    Api.watchers.append(hold_to_the_contract)
    yield
    Api.watchers.remove(hold_to_the_contract)


def hold_to_the_contract(method: str, response: HttpResponse) -> None:
    """Fail where a response says anything that the OpenAPI document does not."""
    match = response.resolver_match
    if match is None or match.url_name in UNDESCRIBED or response.status_code == 405:
        return
    path = "/" + _PARAMETER.sub(r"{\1}", match.route)
    operation = document()["paths"][path].get(method.lower())
    if operation is None:  # nothing but a refusal may come from a method that is not described
        assert method.lower() in ("head", "options") or response.status_code == 401, f"{method} {path}"
        return
    described = operation["responses"].get(str(response.status_code))
    assert described is not None, (
        f"{method} {path}: {response.status_code} is not described: {response.content!r}"
    )
    if "content" not in described:
        assert response.status_code in (204, 304)
        return
    media_type = response["Content-Type"].split(";")[0]
    if response.streaming:
        return
    assert media_type in described["content"], f"{method} {path}: {media_type} is not described"
    said = json.loads(response.content) if media_type.endswith("json") else response.content.decode()
    hold_to(described["content"][media_type]["schema"], said)


def hold_to(schema: dict[str, Any], value: Any) -> None:
    """Fail with every place where the value is not as the schema says, or says more."""
    validator = Draft202012Validator(_closed(schema) | _components(), format_checker=_FORMATS)
    wrong = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]
    assert wrong == []


@cache
def _components() -> dict[str, Any]:
    schemas = document()["components"]["schemas"]
    return {"components": {"schemas": {name: _closed(schema) for name, schema in schemas.items()}}}


def _closed(schema: Any) -> Any:
    """The same schema with no room for properties that it does not name."""
    if isinstance(schema, list):
        return [_closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(inner) for key, inner in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
