"""JSON schemas from typed dictionaries."""

from typing import Annotated, Any, TypedDict

from readiness.api.typed import Example, Format, Told, Words, object_schema


class Inner(TypedDict):
    number: int


class Outer(Inner):
    """An example
    over two lines."""

    day: Annotated[str | None, Format("date"), Told("Some day.")]
    word: Annotated[str, Words(["a", "b"])]
    maybe: Annotated[str | None, Words(["a"])]
    share: Annotated[float, Example("0.5")]
    one: Inner | None
    many: list[Inner]
    free: dict[str, Any]


class Partial(TypedDict, total=False):
    yes: bool


def test_every_hint_has_its_schema() -> None:
    assert object_schema(Outer) == {
        "type": "object",
        "description": "An example over two lines.",
        "properties": {
            "number": {"type": "integer"},
            "day": {"type": ["string", "null"], "format": "date", "description": "Some day."},
            "word": {"type": "string", "enum": ["a", "b"]},
            "maybe": {"type": ["string", "null"], "enum": ["a", None]},
            "share": {"type": "number", "example": "0.5"},
            "one": {"oneOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]},
            "many": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
            "free": {"type": "object", "additionalProperties": {}},
        },
        "required": ["number", "day", "word", "maybe", "share", "one", "many", "free"],
    }


def test_what_may_be_absent_is_not_required() -> None:
    assert object_schema(Partial) == {"type": "object", "properties": {"yes": {"type": "boolean"}}}
