"""The strict input fields: a value has the type that the contract names, or it is refused where it stands.

Limits given here are told in the OpenAPI document. A value beyond a limit is well-formed and against a rule (422);
a wrong type or a word outside its list is malformed (400).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)
RULE_CODES = frozenset({"out_of_range", "too_long", "too_many"})
"""Errors of a body that is well-formed: with no other beside them the answer is 422, not 400."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UNESCAPED_PLUS = re.compile(r" (?=\d\d:\d\d\Z)", re.ASCII)


class Given(serializers.Field):
    """One value of a body or a query. ``schema`` says what the OpenAPI document tells of it."""

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def to_representation(self, value: Any) -> Any:
        return value


class Text(Given):
    """A text; ``limit`` characters at most, which the acts themselves hold (``hold=True`` where none does)."""

    default_error_messages = {
        "wrong_type": "This must be text.",
        "too_long": "At most {limit} characters.",
        "required_text": "This is required.",
    }

    def __init__(self, limit: int, *, hold: bool = False, **options: Any) -> None:
        self.limit, self.hold = limit, hold
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        if self.hold and len(data) > self.limit:
            self.fail("too_long", limit=self.limit)
        return data

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.limit}


class Word(Given):
    """One of a list of words."""

    default_error_messages = {"unknown_word": "One of {words}."}

    def __init__(self, words: Iterable[str], **options: Any) -> None:
        self.words = tuple(str(word) for word in words)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.words:
            self.fail("unknown_word", words=", ".join(self.words))
        return data

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*self.words, *([None] if self.allow_null else [])]}


class YesNo(Word):
    """``true`` or ``false``, as a query spells it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(("true", "false"), **options)

    def to_internal_value(self, data: Any) -> bool:  # type: ignore[override]
        return super().to_internal_value(data) == "true"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Truth(Given):
    """``true`` or ``false`` of a body."""

    default_error_messages = {"wrong_type": "This must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("wrong_type")
        said: bool = data
        return said

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Whole(Given):
    """A whole number, not a decimal, a text or a truth value."""

    default_error_messages = {
        "wrong_type": "This must be a whole number.",
        "out_of_range": "From {low} to {high}.",
    }

    def __init__(self, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("wrong_type")
        if not self.low <= data <= self.high:
            self.fail("out_of_range", low=self.low, high=self.high)
        return data

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Number(Given):
    """A decimal number, as text or as a JSON number, handed on as it was given: the acts check its size."""

    def to_internal_value(self, data: Any) -> str | int | float:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("wrong_type")
        if isinstance(data, str) and not re.fullmatch(r"-?\d{1,20}(\.\d{1,10})?", data, re.ASCII):
            self.fail("wrong_type")
        number: str | int | float = data
        return number


class Amount(Number):
    """An amount of money, as text such as ``"250000.00"`` or as a number."""

    default_error_messages = {"wrong_type": 'An amount such as "250000.00".'}

    def schema(self) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
                {"type": "number", "minimum": 0, "maximum": 999_999_999_999},
            ],
            "example": "250000.00",
        }


class Measure(Number):
    """A measured or promised value, as text such as ``"12.5"`` or as a number; four decimals at most."""

    default_error_messages = {"wrong_type": 'A number such as "12.5".'}

    def schema(self) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": "string", "pattern": r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$"},
                {"type": "number", "exclusiveMinimum": -(10**16), "exclusiveMaximum": 10**16},
            ],
            "example": "12.5",
        }


class Score(Given):
    """A score in a query: 0 to 100, one decimal at most."""

    default_error_messages = dict.fromkeys(
        ("wrong_type", "out_of_range", "too_precise"), "A number from 0 to 100 with one decimal at most."
    )

    def to_internal_value(self, data: Any) -> Decimal:
        if not re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", str(data), re.ASCII):
            self.fail("wrong_type")
        score = Decimal(str(data))
        if not 0 <= score <= 100:
            self.fail("out_of_range")
        if score != round(score, 1):
            self.fail("too_precise")
        return score

    def schema(self) -> dict[str, Any]:
        # No "multipleOf": reckoned in binary fractions, 82.3 is no multiple of 0.1.
        return {"type": "number", "minimum": 0, "maximum": 100}


class Day(Given):
    """A calendar day, ``YYYY-MM-DD``, from 1990 to 2100."""

    default_error_messages = {
        "wrong_type": "A day such as 2026-11-01.",
        "out_of_range": "A day between 1990 and 2100.",
    }

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("wrong_type")
        try:
            day = date.fromisoformat(data)
        except ValueError:
            self.fail("wrong_type")
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("out_of_range")
        return day

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Month(Given):
    """A month, ``YYYY-MM``, as its first day."""

    default_error_messages = {"wrong_type": "A month such as 2026-10."}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _MONTH.fullmatch(data):
            self.fail("wrong_type")
        try:
            return date.fromisoformat(f"{data}-01")
        except ValueError:
            self.fail("wrong_type")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$", "example": "2026-10"}


class Moment(Given):
    """A date-time with an offset. In a query a plus sign that was not escaped arrives as a space: it is meant."""

    default_error_messages = {
        "wrong_type": "A date-time with its offset, such as 2026-11-01T09:30:00+01:00.",
        "out_of_range": "A moment between 1990 and 2100.",
    }

    def to_internal_value(self, data: Any) -> datetime:
        text = _UNESCAPED_PLUS.sub("+", data) if isinstance(data, str) else ""
        if not _MOMENT.fullmatch(text):
            self.fail("wrong_type")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail("wrong_type")
        if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
            self.fail("out_of_range")
        return moment.astimezone(UTC)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class Upload(Given):
    """A file of a form."""

    default_error_messages = {"wrong_type": "This must be a file."}

    def to_internal_value(self, data: Any) -> UploadedFile:
        if not isinstance(data, UploadedFile):
            self.fail("wrong_type")
        return data

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "binary"}


class Many(serializers.ListField):
    """A list of at most ``limit`` values."""

    default_error_messages = {"not_a_list": "This must be a list.", "too_many": "At most {limit}."}

    def __init__(self, limit: int, **options: Any) -> None:
        self.limit = limit
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > self.limit:
            self.fail("too_many", limit=self.limit)
        found: list[Any] = super().to_internal_value(data)
        return found


class Shape(serializers.Serializer[Any]):
    """A JSON object with these fields and no others.

    ``told_only`` are fields that a client may read, never set; ``example`` is one that the API takes, as
    ``media_type``.
    """

    told_only: frozenset[str] = frozenset()
    example: ClassVar[dict[str, Any] | None] = None
    media_type: ClassVar[str] = "application/json"
    unknown = "unknown_field"

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("This must be an object.", code="wrong_type")
        errors: dict[str, Any] = {}
        for name in data:
            if name not in self.fields:
                errors[name[:100]] = [self._unknown(name)]
        try:
            found: dict[str, Any] = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**errors, **_as_dict(error.detail)}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return found

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        if name in self.told_only:
            return serializers.ErrorDetail("This cannot be set here.", "read_only")
        return serializers.ErrorDetail("There is no such field.", self.unknown)


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}
