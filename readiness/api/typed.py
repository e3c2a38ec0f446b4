"""JSON schemas from typed dictionaries, for the OpenAPI document."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
}


@dataclass(frozen=True, slots=True)
class Format:
    """``date`` or ``date-time``."""

    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of a field."""

    text: str


@dataclass(frozen=True, slots=True)
class Example:
    value: str


class Words:
    """The only words a text may be."""

    def __init__(self, words: Iterable[Any]) -> None:
        self.words = [str(getattr(word, "value", word)) for word in words]


def reference(shape: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def object_schema(shape: Any) -> dict[str, Any]:
    """The schema of a typed dictionary; those within it are referred to by name."""
    hints = get_type_hints(shape, include_extras=True)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: schema_of(hint) for name, hint in hints.items()},
        "required": [name for name in hints if name in shape.__required_keys__],
    }
    if not schema["required"]:
        del schema["required"]
    if shape.__doc__ and not shape.__doc__.startswith("dict("):
        schema["description"] = " ".join(shape.__doc__.split())
    return schema


def schema_of(hint: Any) -> dict[str, Any]:
    """The schema of one type hint."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _annotated(hint)
    if origin is NotRequired:
        return schema_of(get_args(hint)[0])
    if origin in (Union, UnionType):
        return _one_of([schema_of(choice) for choice in get_args(hint)])
    if origin is list:
        return {"type": "array", "items": schema_of(get_args(hint)[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": {}}
    if is_typeddict(hint):
        return dict(reference(hint))
    return dict(_PLAIN[hint])


def _one_of(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """Text or null stays one schema with two types; anything else says ``oneOf``."""
    null = {"type": "null"}
    others = [choice for choice in choices if choice != null]
    if len(others) == 1 and isinstance(others[0].get("type"), str):
        return others[0] | {"type": [others[0]["type"], "null"]}
    return {"oneOf": choices}


def _annotated(hint: Any) -> dict[str, Any]:
    inner, *notes = get_args(hint)
    schema = schema_of(inner)
    for note in notes:
        if isinstance(note, Format):
            schema["format"] = note.name
        elif isinstance(note, Words):
            schema["enum"] = [*note.words, *([None] if "null" in schema["type"] else [])]
        elif isinstance(note, Example):
            schema["example"] = note.value
        elif isinstance(note, Told):
            schema["description"] = note.text
    return schema
