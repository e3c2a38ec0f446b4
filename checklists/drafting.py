"""A framework under way: a document in the shape of its YAML, changed part by part, and what is still wrong with it.

Pure: knows no database. Gates and items carry a ``key``, a number that stays theirs while they are moved and renamed;
``last_key`` of the document is the highest that was given. Neither is a key of the file. A part is named by its key;
``HEAD`` is that of what stands above the gates. Documents that are handed in stay as they are.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

from checklists.documents import DocumentRefused, Mistake
from checklists.frameworks import ANSWERS, PROFILE_ANSWERS, ParsedFramework, parse_framework
from checklists.writing import Document, document_yaml, framework_document

HEAD = 0
Path = tuple[str | int, ...]


class NoSuchPart(Exception):
    """No gate and no item has this key (any more)."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: in which part, at which of its keys ("" where none is to be named), and why.

    Below a key stands a further one after a dot, as in ``answer_rule.met``.
    """

    part: int
    field: str
    reason: str


# What a document is made from


def taken_over(framework: ParsedFramework) -> Document:
    """A document that says what the framework says."""
    document: Document = {**framework_document(framework), "last_key": HEAD}
    for part in _parts(document):
        _give_key(document, part)
    return document


def begun(slug: str, name: str, kind: str) -> Document:
    """The least that a framework has: one gate with one item, for somebody to fill in."""
    order = "any" if kind in ("profile", "overlay") else "sequential"
    gate: Document = {"slug": "first", "name": "", "min_met": 0 if kind == "profile" else 1}
    document: Document = {
        "slug": slug,
        "version": "1.0",
        "name": name,
        "kind": kind,
        "order": order,
        "evidence": "optional",
        "last_key": HEAD,
        "gates": [gate],
    }
    _give_key(document, gate)
    return with_item(document, gate["key"])[0]


def version_after(version: str, taken: set[str]) -> str:
    """The next version that is not ``taken``: the last number of it grows, "1.9" becomes "1.10"."""
    while version in taken:
        head, dot, last = version.rpartition(".")
        version = f"{head}{dot}{int(last) + 1}"
    return version


# Finding


def gate_of(document: Document, key: int) -> Document:
    """Raises NoSuchPart."""
    return _found(document["gates"], key)


def item_of(document: Document, key: int) -> Document:
    """Raises NoSuchPart."""
    return _found([item for gate in document["gates"] for item in gate["items"]], key)


def gate_with(document: Document, item: int) -> Document:
    """The gate in which an item stands. Raises NoSuchPart."""
    for gate in document["gates"]:
        if any(each["key"] == item for each in gate["items"]):
            return dict(gate)
    raise NoSuchPart


def part_of(document: Document, key: int) -> Document:
    """The head, a gate or an item. Raises NoSuchPart."""
    return document if key == HEAD else _found(_parts(document), key)


# Changing


def with_values(document: Document, key: int, values: Mapping[str, Any]) -> Document:
    """Some keys of one part with other values; None takes the key out. Raises NoSuchPart.

    Guards on a gate follow its slug. Where it becomes a profile or no longer is one, its answers are renamed.
    """
    changed = deepcopy(document)
    part = part_of(changed, key)
    before = part.get("slug")
    _set(part, values)
    if key != HEAD and "slug" in values and before:
        namesakes = [gate for gate in document["gates"] if gate.get("slug") == before]
        for guard in changed.get("guards", ()) if len(namesakes) == 1 else ():
            if guard.get("gate") == before and values["slug"]:
                guard["gate"] = values["slug"]
    if key == HEAD:
        _name_answers(changed, document.get("kind"))
    return changed


def with_gate(document: Document) -> tuple[Document, int]:
    """A further gate at the end, with one item; and its key."""
    changed = deepcopy(document)
    gate: Document = {"name": "", "min_met": 0 if changed.get("kind") == "profile" else 1}
    _give_key(changed, gate)
    changed["gates"].append(gate)
    return with_item(changed, gate["key"])[0], gate["key"]


def with_item(document: Document, gate: int) -> tuple[Document, int]:
    """A further item at the end of a gate; and its key. Its code goes on from the last one's. Raises NoSuchPart."""
    changed = deepcopy(document)
    items = gate_of(changed, gate).setdefault("items", [])
    item: Document = {"critical": False}
    taken = {each.get("code") for each in _parts(changed)}
    counted = re.fullmatch(r"(.*-)([0-9]{1,6})", str(items[-1].get("code", ""))) if items else None
    if counted:
        number = int(counted[2]) + 1
        while f"{counted[1]}{number}" in taken:
            number += 1
        item = {"code": f"{counted[1]}{number}", **item}
    _give_key(changed, item)
    items.append(item)
    return changed, item["key"]


def without(document: Document, key: int) -> Document:
    """Without a gate and its items, or without an item. Raises NoSuchPart."""
    part_of(document, key)
    changed = deepcopy(document)
    changed["gates"] = [gate for gate in changed["gates"] if gate["key"] != key]
    for gate in changed["gates"]:
        gate["items"] = [item for item in gate["items"] if item["key"] != key]
    return changed


def moved(document: Document, key: int, by: int) -> Document:
    """A gate or an item one place up (``by`` -1) or down (1); an item at the end of its gate goes into the next one.

    Where there is no further place it stays. Raises NoSuchPart.
    """
    part_of(document, key)
    changed = deepcopy(document)
    gates = changed["gates"]
    for row in (gates, *(gate["items"] for gate in gates)):
        place = next((place for place, part in enumerate(row) if part["key"] == key), None)
        if place is None:
            continue
        if 0 <= place + by < len(row):
            row.insert(place + by, row.pop(place))
        elif row is not gates:
            own = next(place for place, gate in enumerate(gates) if gate["items"] is row)
            if 0 <= own + by < len(gates):
                other = gates[own + by]["items"]
                other.insert(len(other) if by < 0 else 0, row.pop(place))
        break
    return changed


# What is wrong


def read(document: Document) -> tuple[ParsedFramework | None, tuple[Wrong, ...]]:
    """The framework that the document says, or None and every mistake, in the order of the file.

    They are those of ``parse_framework``: there is one reader, and it reads the file that would be published.
    """
    text = document_yaml(document)
    try:
        return parse_framework(text.encode(), "draft"), ()
    except DocumentRefused as refused:
        lines = _paths_by_line(text)
        return None, tuple(_wrong(document, lines, mistake) for mistake in refused.mistakes)


def _wrong(document: Document, lines: Mapping[int, Path], mistake: Mistake) -> Wrong:
    path = lines.get(mistake.line, ())
    named = _key_in(mistake.reason)
    if named in path:
        path = path[: path.index(named) + 1]
    elif named:
        # What is missing is told at the line on which its block begins, that is at another key of the same block.
        path = (*(path if path and isinstance(path[-1], int) else path[:-1]), named)
    return Wrong(*_place(document, path), mistake.reason)


def _key_in(reason: str) -> str:
    """The key that a mistake speaks of; "" where it names none."""
    parts = getattr(reason, "parts", {})
    return str(parts["key"]) if "key" in parts else _key_in(parts["name"]) if "name" in parts else ""


def _place(document: Document, path: Path) -> tuple[int, str]:
    """The part that stands at a path, and the rest of the path, without the places in lists."""
    part, rest = document, path
    for below in ("gates", "items"):
        if len(rest) < 2 or rest[0] != below or not isinstance(rest[1], int):
            break
        part, rest = part[below][rest[1]], rest[2:]
    return part.get("key", HEAD), ".".join(step for step in rest if isinstance(step, str))


def _paths_by_line(text: str) -> dict[int, Path]:
    """What stands on each line of a YAML text that was just written, the innermost; the first line is 1."""
    lines: dict[int, Path] = {}

    def walk(node: yaml.Node, path: Path) -> None:
        lines[node.start_mark.line + 1] = path
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                lines[key.start_mark.line + 1] = (*path, key.value)
                walk(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for place, value in enumerate(node.value):
                walk(value, (*path, place))

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is not None:
        walk(root, ())
    return lines


# Within


def _parts(document: Document) -> Iterator[Document]:
    for gate in document["gates"]:
        yield gate
        yield from gate["items"]


def _found(parts: Any, key: int) -> Document:
    for part in parts:
        if part["key"] == key:
            found: Document = part
            return found
    raise NoSuchPart


def _give_key(document: Document, part: Document) -> None:
    document["last_key"] += 1
    part["key"] = document["last_key"]


def _set(part: Document, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value


def _name_answers(document: Document, before: str | None) -> None:
    """In a profile the three answers are told under names of their own."""
    was, now = (PROFILE_ANSWERS if kind == "profile" else ANSWERS for kind in (before, document.get("kind")))
    if was != now:
        for gate in document["gates"]:
            for item in gate["items"]:
                _set(item, {new: item.pop(old, None) for old, new in zip(was, now, strict=True)})
