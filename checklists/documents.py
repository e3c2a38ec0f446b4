"""A YAML document read key by key, with the line of every mistake.

Only the plain part of YAML is taken: mappings, lists and scalars. Anchors and aliases (a few can unfold into
gigabytes), tags, repeated keys and deep nesting are refused, and so is everything that nobody asked for.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from checklists.said import joined, said, together

MAX_BYTES = 500_000
MAX_DEPTH = 12
MAX_MISTAKES = 50
MAX_LIST = 200

_TAG = "tag:yaml.org,2002:"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong, and the line on which it stands (the first line is 1)."""

    line: int
    reason: str


class DocumentRefused(Exception):
    """A document with a mistake. It is refused whole; ``mistakes`` are in the order of their lines.

    ``sentence`` tells all of them, a line each, ``sentences`` each by itself; both can be said in another language.
    """

    def __init__(self, source: str, mistakes: Collection[Mistake]) -> None:
        self.source = source
        self.mistakes = tuple(sorted(mistakes))
        self.sentences = tuple(
            said("{source}, line {line}: {reason}", source=source, line=str(each.line), reason=each.reason)
            for each in self.mistakes
        )
        self.sentence = joined(self.sentences, "\n")
        super().__init__(str(self.sentence))


class _Mistakes:
    """What was found so far. Reading goes on after a mistake, so that one look shows them all."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: set[Mistake] = set()

    def add(self, node: yaml.Node, reason: str) -> None:
        self.found.add(Mistake(node.start_mark.line + 1, reason))
        if len(self.found) >= MAX_MISTAKES:
            self.refuse()

    def refuse(self) -> None:
        if self.found:
            raise DocumentRefused(self.source, self.found)


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes, and stops at what only a machine would write."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _problem(event, said("anchors and aliases (& and *) are not taken; write the text out"))
        if event.tag is not None:
            raise _problem(event, said("tags (!) are not taken"))
        if self.depth == MAX_DEPTH:
            raise _problem(event, said("nested deeper than {most} levels", most=str(MAX_DEPTH)))
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _problem(event: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


class Block:
    """One mapping. Each method reads one key; ``done`` refuses the keys that no method asked for.

    A value that cannot be used is noted as a mistake and read as empty. A key with the value null is taken as absent.
    """

    def __init__(self, node: yaml.MappingNode, mistakes: _Mistakes) -> None:
        self._node = node
        self._mistakes = mistakes
        self._values: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                mistakes.add(key, said("a key must be a single word"))
            elif key.value in self._keys:
                mistakes.add(key, said("'{key}' is given twice", key=shown(key.value)))
            else:
                self._keys[key.value] = key
                if not _is(value, "null"):
                    self._values[key.value] = value

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, key: str, reason: str) -> None:
        """Note a mistake in the value of ``key``, or in the block where the key is absent."""
        self._mistakes.add(self._values.get(key, self._node), reason)

    def text(self, key: str, limit: int, *, required: bool = True) -> str:
        """A text of 1 to ``limit`` characters, or "" where it is absent."""
        node = self._value(key, required)
        return "" if node is None else self._text(node, together("'{key}'", key=key), limit)

    def fitting(self, key: str, limit: int, pattern: str, meaning: str, *, required: bool = True) -> str:
        """A text that fits ``pattern`` whole; ``meaning`` says what that is."""
        value = self.text(key, limit, required=required)
        if value and not re.fullmatch(pattern, value):
            self.wrong(
                key,
                said(
                    "'{key}' must be {meaning}, not '{value}'", key=key, meaning=meaning, value=shown(value)
                ),
            )
            return ""
        return value

    def word(self, key: str, words: Collection[str], *, required: bool = True) -> str:
        """One of ``words``."""
        value = self.text(key, 60, required=required)
        if value and value not in words:
            known = ", ".join(words)
            self.wrong(
                key,
                said(
                    "'{key}' must be one of {known}, not '{value}'", key=key, known=known, value=shown(value)
                ),
            )
            return ""
        return value

    def number(self, key: str, low: int, high: int) -> int | None:
        """A whole number from ``low`` to ``high``, or None where it is absent."""
        node = self._value(key, required=False)
        if node is None:
            return None
        if not _is(node, "int") or not re.fullmatch(r"0|[1-9][0-9]{0,8}", node.value):
            self._mistakes.add(node, said("'{key}' must be a whole number", key=key))
        elif not low <= int(node.value) <= high:
            ends = {"low": str(low), "high": str(high)}
            self._mistakes.add(
                node,
                said("'{key}' must be from {low} to {high}, not {value}", key=key, value=node.value, **ends),
            )
        else:
            return int(node.value)
        return None

    def flag(self, key: str) -> bool:
        """true or false."""
        node = self._value(key, required=True)
        if node is not None and not (_is(node, "bool") and node.value in ("true", "false")):
            self._mistakes.add(node, said("'{key}' must be true or false", key=key))
        return node is not None and node.value == "true"

    def texts(self, key: str, limit: int) -> tuple[str, ...]:
        """A list of texts; empty where it is absent."""
        return tuple(
            self._text(node, said("an entry of '{key}'", key=key), limit)
            for node in self._list(key, required=False)
        )

    def blocks(self, key: str, *, required: bool = True) -> list["Block"]:
        """A list of mappings; empty where it is absent and need not be there."""
        nodes = self._list(key, required)
        for node in nodes:
            if not isinstance(node, yaml.MappingNode):
                self._mistakes.add(
                    node, said("an entry of '{key}' must be a mapping of keys to values", key=key)
                )
        return [Block(node, self._mistakes) for node in nodes if isinstance(node, yaml.MappingNode)]

    def block(self, key: str) -> "Block | None":
        """A mapping, or None where it is absent."""
        node = self._value(key, required=False)
        if node is None or isinstance(node, yaml.MappingNode):
            return None if node is None else Block(node, self._mistakes)
        self._mistakes.add(node, said("'{key}' must be a mapping of keys to values", key=key))
        return None

    def names(self) -> list[str]:
        """The keys that carry a value, for a mapping whose keys are open."""
        return list(self._values)

    def done(self) -> None:
        """Refuse every key that was not asked for."""
        for key, node in self._keys.items():
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                told = (
                    said("'{key}' is not known here; is '{near}' meant?", key=shown(key), near=near[0])
                    if near
                    else said("'{key}' is not known here", key=shown(key))
                )
                self._mistakes.add(node, told)

    def _value(self, key: str, required: bool) -> yaml.Node | None:
        self._asked.add(key)
        node = self._values.get(key)
        if node is None and required:
            self._mistakes.add(self._keys.get(key, self._node), said("'{key}' is missing", key=key))
        return node

    def _list(self, key: str, required: bool) -> list[yaml.Node]:
        node = self._value(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._mistakes.add(node, said("'{key}' must be a list", key=key))
            return []
        if required and not node.value:
            self._mistakes.add(node, said("'{key}' is empty", key=key))
        if len(node.value) > MAX_LIST:
            self._mistakes.add(
                node, said("'{key}' has more than {most} entries", key=key, most=str(MAX_LIST))
            )
            return []
        return list(node.value)

    def _text(self, node: yaml.Node, name: str, limit: int) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._mistakes.add(node, said("{name} must be a text", name=name))
            return ""
        value = str(node.value).strip()
        if not _is(node, "str"):
            told = (
                said("{name} must be a text; put {value} in quotes", name=name, value=shown(value))
                if value
                else said("{name} must be a text; put it in quotes", name=name)
            )
            self._mistakes.add(node, told)
        elif not value:
            self._mistakes.add(node, said("{name} is empty", name=name))
        elif _CONTROL.search(value):
            self._mistakes.add(node, said("{name} contains a control character", name=name))
        elif len(value) > limit:
            self._mistakes.add(
                node, said("{name} is longer than {limit} characters", name=name, limit=str(limit))
            )
        else:
            return value
        return ""


class Document:
    """``root`` of one document; ``finish`` refuses it if any mistake was found on the way."""

    def __init__(self, data: bytes, source: str) -> None:
        """Raises DocumentRefused where nothing can be read: too large, not UTF-8, not YAML, not one mapping."""
        self._mistakes = _Mistakes(source)
        node = _compose(data, source)
        if not isinstance(node, yaml.MappingNode):
            raise DocumentRefused(
                source, [Mistake(1, said("the document must be a mapping of keys to values"))]
            )
        self.root = Block(node, self._mistakes)

    def finish(self) -> None:
        self._mistakes.refuse()


def read_bytes(path: Path) -> bytes:
    """The file, or as much of it as shows that it is too large. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def shown(value: str) -> str:
    """A value as it may stand in a message: short, on one line."""
    line = _CONTROL.sub("�", " ".join(value.split()))
    return line if len(line) <= 60 else f"{line[:59]}…"


def _is(node: yaml.Node, kind: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + kind


def _compose(data: bytes, source: str) -> yaml.Node | None:
    def refused(line: int, reason: str) -> DocumentRefused:
        return DocumentRefused(source, [Mistake(line, reason)])

    if len(data) > MAX_BYTES:
        raise refused(1, said("the file is larger than {most} bytes", most=str(MAX_BYTES)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(data.count(b"\n", 0, error.start) + 1, said("the file is not UTF-8 text")) from error
    try:
        loader = _PlainLoader(text)
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise refused(line, said("a character that YAML does not allow")) from error
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = joined(filter(None, [error.context, error.problem]))
        told = said("it cannot be read: {reason}", reason=reason)
        raise refused(mark.line + 1 if mark else 1, told) from error
    except (ValueError, OverflowError) as error:  # PyYAML lets them out: \UFFFFFFFF is no character
        raise refused(loader.line + 1, said("an escape or a number that is none")) from error
    finally:
        loader.dispose()
