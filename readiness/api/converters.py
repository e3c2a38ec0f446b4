"""What may stand in a path, and nothing that the database could not look up."""

import re

from gates.models import Initiative

_REFERENCE = re.compile(r"AI-([0-9]{4,12})", re.ASCII)


def key_of(reference: str) -> int | None:
    """The key behind a reference such as AI-0042; None where it is not written as the product writes it."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    key = int(found[1])
    return key if Initiative(pk=key).ref == reference else None


class Reference:
    """An initiative's reference, as its key."""

    regex = "AI-[0-9]{4,12}"

    def to_python(self, value: str) -> int:
        key = key_of(value)
        if key is None:
            raise ValueError(value)
        return key

    def to_url(self, value: int) -> str:
        return Initiative(pk=value).ref


class Key:
    """The key of a row, of a size that every database holds."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Word:
    """An item's code, a gate's or a framework's slug, a problem's code."""

    regex = "[A-Za-z0-9_-]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
