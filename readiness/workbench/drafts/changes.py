"""What a draft changes against the version in force, in the words of the fields in which it is edited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from checklists.drafting import taken_over
from checklists.frameworks import ParsedFramework
from checklists.writing import Document
from readiness.workbench.drafts.finding import SECTIONS, form_of, part_title
from readiness.workbench.drafts.forms import PartForm


@dataclass(frozen=True, slots=True)
class Field:
    """One field that says something else. ``words``: whether it is a text, which is shown word by word."""

    label: str
    before: str
    after: str
    words: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of both versions that says something else; ``moved``: where it stands now, "" where it stood."""

    title: str
    fields: tuple[Field, ...]
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """``new`` and ``gone`` are titles of gates and items that only one of the two versions has."""

    head: tuple[Field, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[Part, ...]
    reordered: bool

    @property
    def count(self) -> int:
        return len(self.head) + len(self.new) + len(self.gone) + len(self.changed) + self.reordered


def changes(before: ParsedFramework, after: ParsedFramework) -> Changes:
    """Gates are the same by their slugs, items by their codes; ``version`` is no change."""
    was, now = taken_over(before), taken_over(after)
    gates, items = (_Matched.of(_by(was, key), _by(now, key)) for key in ("slug", "code"))
    now["version"] = was["version"]
    head = [field for section in SECTIONS.values() for field in _fields(section.form, (was, was), (now, now))]
    settled = {
        later["code"] for earlier, later in items.both if _gate_name(was, earlier) == _gate_name(now, later)
    }
    return Changes(
        head=tuple(head),
        new=tuple(part_title(now, part) for part in (*gates.new, *items.new)),
        gone=tuple(part_title(was, part) for part in (*gates.gone, *items.gone)),
        changed=tuple(_changed(was, now, (*gates.both, *items.both))),
        reordered=_order(was, gates, settled) != _order(now, gates, settled),
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    both: tuple[tuple[Document, Document], ...]
    new: tuple[Document, ...]
    gone: tuple[Document, ...]

    @classmethod
    def of(cls, was: dict[str, Document], now: dict[str, Document]) -> "_Matched":
        return cls(
            both=tuple((was[name], part) for name, part in now.items() if name in was),
            new=tuple(part for name, part in now.items() if name not in was),
            gone=tuple(part for name, part in was.items() if name not in now),
        )


def _by(document: Document, key: str) -> dict[str, Document]:
    gates = document["gates"]
    parts = gates if key == "slug" else [item for gate in gates for item in gate["items"]]
    return {part[key]: part for part in parts}


def _changed(was: Document, now: Document, pairs: Iterable[tuple[Document, Document]]) -> Iterable[Part]:
    for before, after in pairs:
        fields = tuple(_fields(form_of(after), (was, before), (now, after)))
        place = _gate_name(now, after)
        moved = place if place != _gate_name(was, before) else ""
        if fields or moved:
            yield Part(part_title(now, after), fields, moved)


def _gate_name(document: Document, part: Document) -> str:
    """The slug of the gate in which an item stands; "" for a gate."""
    return next((gate["slug"] for gate in document["gates"] if part in gate["items"]), "")


def _order(document: Document, gates: _Matched, settled: set[str]) -> tuple[Any, ...]:
    """The order of what stands in both: of the gates, and in each of the items that did not leave it."""
    shared = {part["slug"] for part, _after in gates.both}
    return tuple(
        (gate["slug"], tuple(item["code"] for item in gate["items"] if item["code"] in settled))
        for gate in document["gates"]
        if gate["slug"] in shared
    )


def _fields(
    form: type[PartForm], before: tuple[Document, Document], after: tuple[Document, Document]
) -> Iterable[Field]:
    """``before`` and ``after``: a document and the part of it."""
    old, new = (form(document=document, part=part) for document, part in (before, after))
    was, now = old.shown(before[1]), new.shown(after[1])
    for name, shown in now.items():
        if shown != was.get(name, ""):
            field = new.fields[name]
            earlier = in_words(old.fields.get(name, field), was.get(name))
            yield Field(str(field.label), earlier, in_words(field, shown), not hasattr(field, "choices"))


def in_words(field: Any, value: Any) -> str:
    """A value in the words of its field."""
    if value is None or value == [] or value == "":
        return _("nothing")
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    values: Sequence[str] = value if isinstance(value, list) else [value]
    return ", ".join(choices.get(str(each), _("yes") if each == "on" else str(each)) for each in values)
