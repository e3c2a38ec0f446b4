"""The body of a request as JSON: read with a limit, and refused where JSON, text or a database could not hold it."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from readiness.actions.errors import FieldError
from readiness.api.codes import Code
from readiness.api.errors import Malformed, Problem
from readiness.api.texts import text_errors

MAX_DEPTH = 20
INTEGER_MAX = 2**63 - 1
DOCUMENT = "document"


class JsonBody(BaseParser):
    """``application/json``: one value in UTF-8, every key once, of bounded size and depth."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        value = _decoded(_read(stream, parser_context or {}))
        errors: list[FieldError] = []
        _inspect(value, "", 1, errors)
        if errors:
            raise Malformed(errors)
        return value


class YamlBody(BaseParser):
    """``application/yaml``: handed on under ``DOCUMENT``; who reads it says what is wrong with it, line by line.

    It is text, so that two requests can be compared: bytes that are no UTF-8 are kept as surrogate escapes.
    """

    media_type = "application/yaml"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, str]:
        return {DOCUMENT: _read(stream, parser_context or {}).decode("utf-8", "surrogateescape")}


def document_of(data: Any) -> bytes:
    """The bytes that ``YamlBody`` read; none where there was no body."""
    return data.get(DOCUMENT, "").encode("utf-8", "surrogateescape")


def _read(stream: IO[Any], context: Mapping[str, Any]) -> bytes:
    """The body; refused by its announced length, and while reading."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    announced = str(context["request"].META.get("CONTENT_LENGTH") or "")
    if announced.isdigit() and int(announced) > limit:
        raise Problem(Code.TOO_LARGE)
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise Problem(Code.TOO_LARGE)
    return body


def _decoded(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(Code.NOT_JSON, "The body is not UTF-8.") from None
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except RecursionError:
        raise Problem(Code.NOT_JSON, "The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(Code.NOT_JSON, f"The body is not JSON: {error.msg} at {place}.") from None
    except ValueError:  # a number of thousands of digits
        raise Problem(Code.NOT_JSON, "The body holds a number that is too long.") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Problem(Code.NOT_JSON, "The body names a key twice.")
    return found


def _no_constant(word: str) -> Any:
    raise Problem(Code.NOT_JSON, f"{word} is not JSON.")


def _inspect(value: Any, path: str, depth: int, errors: list[FieldError]) -> None:
    """Note every place whose value no field of the contract could take."""
    if depth > MAX_DEPTH:
        raise Problem(Code.NOT_JSON, "The body is nested too deeply.")
    if isinstance(value, str):
        errors += text_errors(path, value)
    elif isinstance(value, int | float) and not -INTEGER_MAX <= value <= INTEGER_MAX:
        errors.append(FieldError(path, "out_of_range", "This number is too large."))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if text_errors(path, key):
                raise Problem(Code.NOT_JSON, "The body has a key with characters that are no text.")
            _inspect(inner, f"{path}.{key}" if path else key, depth + 1, errors)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _inspect(inner, f"{path}.{position}" if path else str(position), depth + 1, errors)
