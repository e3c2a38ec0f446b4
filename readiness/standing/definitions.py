"""What stands in ``content/``: the flags' definitions, the root causes, figures from research.

Each file is read once and checked whole. A mistake raises ``DefinitionError``: which file, which entry, why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from gates.stages import Stage
from readiness.standing.flags.thresholds import (
    Audience,
    FlagRule,
    Severity,
    ThresholdDefinition,
    Thresholds,
    Unit,
)

Word = TypeVar("Word", Severity, Unit, Audience)
CONTENT = Path(__file__).parent / "content"


class DefinitionError(ValueError):
    """A content file that cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A figure as its source gives it, never as the product's own claim."""

    figure: str
    source: str


@dataclass(frozen=True, slots=True)
class RootCause:
    """One entry of ``root-causes.yaml``: the one list for items, flags, stops and lessons."""

    slug: str
    name: str
    sentence: str
    suspicion: str
    ask: str
    countermeasure: str
    rule_of_thumb: Quoted | None
    research: Quoted | None


@dataclass(frozen=True, slots=True)
class ResearchFigure:
    """One entry of ``research.yaml``; ``shown`` names the place of the product that shows it."""

    slug: str
    figure: str
    source: str
    shown: str


@cache
def root_causes() -> Mapping[str, RootCause]:
    """Every root cause by its slug, in the order of the file."""
    return MappingProxyType(parse_root_causes(_read("root-causes.yaml")))


@cache
def flag_rules() -> Mapping[str, FlagRule]:
    """Every flag's definition by its code, in the order of the file."""
    return MappingProxyType(parse_flag_rules(_read("flags.yaml"), root_causes()))


@cache
def research_figures() -> Mapping[str, ResearchFigure]:
    """Every quoted figure by its slug, in the order of the file."""
    return MappingProxyType(parse_research(_read("research.yaml")))


def thresholds(overrides: Mapping[tuple[str, str, str], Decimal] | None = None) -> Thresholds:
    """What ``flags.engine.evaluate`` asks for. ``overrides``: an admin's values by (code, stage or "", key)."""
    return Thresholds(flag_rules(), overrides or {})


def _read(name: str) -> Any:
    try:
        return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DefinitionError(f"{name}: {error}") from error


class _Entry:
    """One mapping of a file. Each key is asked for once; what nobody asked for is a mistake."""

    def __init__(self, where: str, data: object) -> None:
        if not isinstance(data, dict):
            raise DefinitionError(f"{where}: expected keys and values, found {data!r}")
        self.where = where
        self.left: dict[Any, Any] = dict(data)

    def wrong(self, reason: str) -> DefinitionError:
        return DefinitionError(f"{self.where}: {reason}")

    def take(self, key: str) -> Any:
        if key not in self.left:
            raise self.wrong(f"`{key}` is missing")
        return self.left.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"`{key}` must be a text, found {value!r}")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self.left.pop(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` must be true or false, found {value!r}")
        return value

    def texts(self, key: str) -> dict[str, str]:
        value = self.left.pop(key, {})
        if not isinstance(value, dict) or not all(
            isinstance(part, str) for pair in value.items() for part in pair
        ):
            raise self.wrong(f"`{key}` must map words to texts, found {value!r}")
        return dict(value)

    def stages(self, key: str, *, required: bool) -> tuple[Stage, ...]:
        value = self.take(key) if required else self.left.pop(key, [])
        if not isinstance(value, list) or (required and not value):
            raise self.wrong(f"`{key}` must be a list of stages, found {value!r}")
        try:
            return tuple(Stage(stage) for stage in value)
        except ValueError as error:
            raise self.wrong(f"`{key}`: {error}") from error

    def quoted(self, key: str) -> Quoted | None:
        value = self.take(key)
        if value is None:
            return None
        inner = _Entry(f"{self.where}, `{key}`", value)
        made = Quoted(inner.text("figure"), inner.text("source"))
        inner.done()
        return made

    def done(self) -> None:
        if self.left:
            raise self.wrong(f"unknown: {', '.join(f'`{key}`' for key in self.left)}")


def parse_root_causes(data: object) -> dict[str, RootCause]:
    """Checks and builds what ``root-causes.yaml`` holds. Raises DefinitionError."""
    causes: dict[str, RootCause] = {}
    for entry in _entries("root-causes.yaml", "slug", data):
        slug = entry.text("slug")
        causes[slug] = RootCause(
            slug=slug,
            name=entry.text("name"),
            sentence=entry.text("sentence"),
            suspicion=entry.text("suspicion"),
            ask=entry.text("ask"),
            countermeasure=entry.text("countermeasure"),
            rule_of_thumb=entry.quoted("rule_of_thumb"),
            research=entry.quoted("research"),
        )
        entry.done()
    return causes


def parse_research(data: object) -> dict[str, ResearchFigure]:
    """Checks and builds what ``research.yaml`` holds. Raises DefinitionError."""
    figures: dict[str, ResearchFigure] = {}
    for entry in _entries("research.yaml", "slug", data):
        slug = entry.text("slug")
        figures[slug] = ResearchFigure(slug, entry.text("figure"), entry.text("source"), entry.text("shown"))
        entry.done()
    return figures


def parse_flag_rules(data: object, causes: Iterable[str]) -> dict[str, FlagRule]:
    """Checks and builds what ``flags.yaml`` holds; ``causes`` are the known root causes. Raises DefinitionError."""
    known = set(causes)
    rules: dict[str, FlagRule] = {}
    for entry in _entries("flags.yaml", "code", data):
        rule = _flag_rule(entry)
        for cause in (rule.root_cause, *rule.root_causes.values()):
            if cause not in known:
                raise entry.wrong(f"no such root cause: {cause}")
        entry.done()
        rules[rule.code] = rule
    return rules


def _flag_rule(entry: _Entry) -> FlagRule:
    stages = entry.stages("stages", required=True)
    messages = entry.texts("messages")
    if not messages:
        raise entry.wrong("`messages` is missing")
    return FlagRule(
        code=entry.text("code"),
        title=entry.text("title"),
        severity=_word(entry, "severity", Severity),
        root_cause=entry.text("root_cause"),
        stages=stages,
        stalls=entry.flag("stalls"),
        opens_on_hold=entry.flag("opens_on_hold", default=False),
        silent_on_import=entry.flag("silent_on_import", default=False),
        speaks_to=_word(entry, "speaks_to", Audience) if "speaks_to" in entry.left else Audience.TEAM,
        messages=MappingProxyType(messages),
        thresholds=MappingProxyType(_threshold_definitions(entry, stages)),
        critical_in=entry.stages("critical_in", required=False),
        root_causes=MappingProxyType(entry.texts("root_causes")),
    )


def _threshold_definitions(entry: _Entry, stages: tuple[Stage, ...]) -> dict[str, ThresholdDefinition]:
    data = entry.left.pop("thresholds", {})
    if not isinstance(data, dict):
        raise entry.wrong("`thresholds` must map keys to definitions")
    definitions: dict[str, ThresholdDefinition] = {}
    for key, value in data.items():
        inner = _Entry(f"{entry.where}, threshold `{key}`", value)
        definitions[key] = ThresholdDefinition(
            key=key,
            label=inner.text("label"),
            unit=_word(inner, "unit", Unit),
            default=_default(inner, stages),
        )
        inner.done()
    return definitions


def _default(entry: _Entry, stages: tuple[Stage, ...]) -> Decimal | Mapping[str, Decimal]:
    value = entry.take("default")
    if not isinstance(value, dict):
        return _number(entry, value)
    if set(value) != set(stages):
        raise entry.wrong("`default` needs one value for each stage of the rule, and for no other")
    return MappingProxyType({stage: _number(entry, number) for stage, number in value.items()})


def _number(entry: _Entry, value: object) -> Decimal:
    """By its spelling, so that 0.1 is a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise entry.wrong(f"`default` must be a number, 0 or more, found {value!r}")
    return Decimal(str(value))


def _word(entry: _Entry, key: str, words: type[Word]) -> Word:
    try:
        return words(entry.take(key))
    except ValueError as error:
        raise entry.wrong(f"`{key}`: {error}") from error


def _entries(name: str, key: str, data: object) -> list[_Entry]:
    """The file's entries, each named by its key, which must be there and differ from all others."""
    if not isinstance(data, list):
        raise DefinitionError(f"{name}: expected a list of entries")
    entries: dict[object, _Entry] = {}
    for number, value in enumerate(data, start=1):
        entry = _Entry(f"{name}, entry {number}", value)
        word = entry.left.get(key)
        if not isinstance(word, str) or not word:
            raise entry.wrong(f"`{key}` is missing")
        entry.where = f"{name}, {word}"
        if word in entries:
            raise entry.wrong("stands there twice")
        entries[word] = entry
    return list(entries.values())
