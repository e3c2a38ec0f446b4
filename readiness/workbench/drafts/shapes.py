"""How the value of a key of a framework stands in a field as text, and is read back. Pure.

A draft may hold anything: what cannot be read as it should be is kept as it was typed, for the one reader of frameworks
to say what is wrong with it. A value that is empty is None: the key is left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    shown: Callable[[Any], str]
    read: Callable[[str], Any]


def _text_shown(value: Any) -> str:
    return "" if value is None else str(value)


def _text_read(typed: str) -> Any:
    return typed or None


def _number_read(typed: str) -> Any:
    return int(typed) if re.fullmatch(r"0|[1-9][0-9]{0,8}", typed) else typed or None


def _lines_shown(value: Any) -> str:
    return "\n".join(str(each) for each in value or ())


def _lines_read(typed: str) -> Any:
    return [line.strip() for line in typed.split("\n") if line.strip()] or None


def _ids_shown(value: Any) -> str:
    """A line for each id, with the list it stands in: "a_list: 1.2"."""
    return "\n".join(
        f"{name}: {each}" if name else each for name, ids in (value or {}).items() for each in ids
    )


def _ids_read(typed: str) -> Any:
    """A line without a colon names no list, which is for the reader of frameworks to say."""
    lists: dict[str, list[str]] = {}
    for line in _lines_read(typed) or ():
        name, colon, each = line.partition(":")
        lists.setdefault(name.strip() if colon else "", []).append(each.strip() if colon else line)
    return lists or None


def _flag_shown(value: Any) -> str:
    return "on" if value is True else ""


TEXT = Shape(_text_shown, _text_read)
NUMBER = Shape(_text_shown, _number_read)
LINES = Shape(_lines_shown, _lines_read)
IDS = Shape(_ids_shown, _ids_read)
FLAG = Shape(_flag_shown, bool)


def typed_text(value: str) -> str:
    """What a browser sends, with the ends of lines as they are kept."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
