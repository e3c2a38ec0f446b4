"""A framework as YAML: read, checked and turned into plain values. Nothing here knows the database.

Which keys there are, and what they mean, stands in docs/frameworks.md.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from checklists.documents import Block, Document, shown
from checklists.said import said

KINDS = ("gates", "checkpoints", "profile", "overlay")
ORDERS = ("sequential", "any")
EVIDENCE = ("required", "optional")
STAGES = ("intake", "poc", "pilot", "rollout", "live")
ANSWERS = ("met", "partial", "not_met")
PROFILE_ANSWERS = ("production", "between", "poc")
SYSTEMS = ("classic_ml", "generative", "bought")

NAME = 120
TITLE = 200
TEXT = 4000
SLUG = 60
CODE = 30
VERSION = 20
FACT = 60

# The framework's own explanations: shown to people as they stand. `recommend_stop_over` alone is also a rule.
NOTES = (
    "reading",
    "required_met_meaning",
    "evidence_age_meaning",
    "critical_meaning",
    "pass_criteria_meaning",
    "applies_to_meaning",
    "signals_meaning",
    "essential_meaning",
    "fact_meaning",
    "crosswalk_meaning",
    "crosswalk_reading",
    "recommend_stop_when",
    "recommend_stop_text",
)

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*", said("lower-case letters, digits and hyphens")
_NAME = r"[a-z][a-z0-9_]*", said("lower-case letters, digits and underscores")
_CODE = r"[A-Z0-9]+(?:-[A-Z0-9]+)*", said("capital letters, digits and hyphens")
_VERSION = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){0,2}", said("a version such as '1.0', in quotes")
_FACT = r"[a-z_]+\.[a-z_]+", said("a fact such as 'kpis.complete'")
_FRACTION = r"[1-9][0-9]{0,2}/[1-9][0-9]{0,2}", said("a fraction such as 2/3")


@dataclass(frozen=True, slots=True)
class ParsedGuard:
    """The stage move from ``from_stage`` to ``to_stage`` asks for this framework, or for one gate of it."""

    from_stage: str
    to_stage: str
    gate: str


@dataclass(frozen=True, slots=True)
class ParsedItem:
    code: str
    title: str
    critical: bool
    statement: str
    help: str
    when_met: str
    when_partial: str
    when_not_met: str
    reviewer_check: str
    example_evidence: str
    automation: str
    evidence_max_age_days: int | None
    signals: tuple[str, ...]
    applies_to: dict[str, str]
    crosswalk: dict[str, tuple[str, ...]]
    crosswalk_note: str
    root_cause: str
    fact: str


@dataclass(frozen=True, slots=True)
class ParsedGate:
    """Exactly one of ``min_met`` (a count) and ``min_share_met`` (a fraction such as "2/3") is given."""

    slug: str
    name: str
    purpose: str
    key_questions: tuple[str, ...]
    pass_criteria: tuple[str, ...]
    how_it_passes: str
    min_met: int | None
    min_share_met: str
    items: tuple[ParsedItem, ...]


@dataclass(frozen=True, slots=True)
class ParsedFramework:
    slug: str
    version: str
    name: str
    kind: str
    order: str
    evidence_required: bool
    required_met: int | None
    guards: tuple[ParsedGuard, ...]
    answer_labels: dict[str, str]
    notes: dict[str, Any]
    gates: tuple[ParsedGate, ...]

    @property
    def items(self) -> tuple[ParsedItem, ...]:
        return tuple(item for gate in self.gates for item in gate.items)

    @property
    def version_key(self) -> tuple[int, ...]:
        """Orders the versions of one framework: 1.9 before 1.10."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def checksum(self) -> str:
        """SHA-256 of what it says: layout and comments of the file do not count.

        What is empty is left out, so that a key which a later release adds changes no checksum of an older file.
        """
        canonical = json.dumps(
            _without_empty(asdict(self)), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def parse_framework(data: bytes, source: str) -> ParsedFramework:
    """The framework in ``data`` (YAML in UTF-8); ``source`` names the file in messages.

    Raises DocumentRefused with every mistake and its line: a framework with a mistake is refused whole.
    Whether a root cause or a fact of that name exists is not known here.
    """
    document = Document(data, source)
    framework = _framework(document.root)
    document.finish()
    return framework


def _framework(block: Block) -> ParsedFramework:
    kind = block.word("kind", KINDS)
    in_any_order = kind in ("profile", "overlay")
    gates = _gates(block, kind)
    framework = ParsedFramework(
        slug=block.fitting("slug", SLUG, *_SLUG),
        version=block.fitting("version", VERSION, *_VERSION),
        name=block.text("name", NAME),
        kind=kind,
        order=block.word("order", ORDERS, required=not in_any_order) or "any",
        evidence_required=block.word("evidence", EVIDENCE) == "required",
        required_met=_count(block, "required_met", 1, sum(len(gate.items) for gate in gates)),
        guards=_guards(block, kind, {gate.slug for gate in gates}),
        answer_labels=_texts_by_key(block, "answer_labels", ANSWERS, NAME),
        notes=_notes(block),
        gates=gates,
    )
    block.done()
    return framework


def _notes(block: Block) -> dict[str, Any]:
    notes: dict[str, Any] = {key: block.text(key, TEXT, required=False) for key in NOTES}
    notes["answer_rule"] = _texts_by_key(block, "answer_rule", ANSWERS, TEXT)
    notes["recommend_stop_over"] = _fraction(block, "recommend_stop_over")
    notes["crosswalk_checked_on"] = checked_on = block.text("crosswalk_checked_on", 10, required=False)
    if checked_on and not _is_date(checked_on):
        block.wrong(
            "crosswalk_checked_on",
            said("'{key}' must be a date such as '2026-11-20'", key="crosswalk_checked_on"),
        )
    return {key: note for key, note in notes.items() if note}


def _guards(block: Block, kind: str, gates: set[str]) -> tuple[ParsedGuard, ...]:
    guards: list[ParsedGuard] = []
    for each in block.blocks("guards", required=False):
        guard = ParsedGuard(
            each.word("from", STAGES), each.word("to", STAGES), each.text("gate", SLUG, required=False)
        )
        if guard.gate and guard.gate not in gates:
            each.wrong("gate", said("there is no gate '{gate}' in this framework", gate=shown(guard.gate)))
        if guard.from_stage and guard.to_stage:
            if STAGES.index(guard.to_stage) != STAGES.index(guard.from_stage) + 1:
                told = said(
                    "'{stage}' is not the stage after '{before}'",
                    stage=guard.to_stage,
                    before=guard.from_stage,
                )
                each.wrong("to", told)
            if guard in guards:
                each.wrong("from", said("this guard is given twice"))
        each.done()
        guards.append(guard)
    if guards and kind == "profile":
        block.wrong("guards", said("a profile has no status, so it can guard nothing"))
    return tuple(guards)


def _gates(block: Block, kind: str) -> tuple[ParsedGate, ...]:
    gates: list[ParsedGate] = []
    slugs: set[str] = set()
    codes: set[str] = set()
    for each in block.blocks("gates"):
        gate = _gate(each, kind, codes)
        _once(each, "slug", gate.slug, slugs)
        gates.append(gate)
    return tuple(gates)


def _gate(block: Block, kind: str, codes: set[str]) -> ParsedGate:
    """One gate; ``codes`` are those of the items so far, and grow by those of this gate."""
    items: list[ParsedItem] = []
    for each in block.blocks("items"):
        item = _item(each, PROFILE_ANSWERS if kind == "profile" else ANSWERS)
        _once(each, "code", item.code, codes)
        items.append(item)
    gate = ParsedGate(
        slug=block.fitting("slug", SLUG, *_SLUG),
        name=block.text("name", NAME),
        purpose=block.text("purpose", TEXT),
        key_questions=block.texts("key_questions", TEXT),
        pass_criteria=block.texts("pass_criteria", TEXT),
        how_it_passes=block.text("how_it_passes", TEXT, required=False),
        min_met=_count(block, "min_met", 0, len(items)),
        min_share_met=_fraction(block, "min_share_met"),
        items=tuple(items),
    )
    if ("min_met" in block) == ("min_share_met" in block):
        told = said("a gate needs either '{key}' or '{other}'", key="min_met", other="min_share_met")
        block.wrong("min_share_met", told)
    block.done()
    return gate


def _count(block: Block, key: str, low: int, items: int) -> int | None:
    """A number of items that must be met: no more than there are."""
    count = block.number(key, low, 1000)
    if count is not None and count > items:
        block.wrong(
            key, said("'{key}' is {count}, but there are {items} items", key=key, count=count, items=items)
        )
        return None
    return count


def _item(block: Block, answers: tuple[str, ...]) -> ParsedItem:
    when_met, when_partial, when_not_met = (block.text(answer, TEXT) for answer in answers)
    item = ParsedItem(
        code=block.fitting("code", CODE, *_CODE),
        title=block.text("title", TITLE),
        critical=block.flag("critical"),
        statement=block.text("statement", TEXT),
        help=block.text("help", TEXT, required=False),
        when_met=when_met,
        when_partial=when_partial,
        when_not_met=when_not_met,
        reviewer_check=block.text("reviewer_check", TEXT, required=False),
        example_evidence=block.text("example_evidence", TEXT, required=False),
        automation=block.text("automation", TEXT, required=False),
        evidence_max_age_days=block.number("evidence_max_age_days", 1, 3660),
        signals=_signals(block),
        applies_to=_texts_by_key(block, "applies_to", SYSTEMS, TEXT),
        crosswalk=_crosswalk(block),
        crosswalk_note=block.text("crosswalk_note", TEXT, required=False),
        root_cause=block.fitting("root_cause", SLUG, *_NAME),
        fact=block.fitting("fact", FACT, *_FACT, required=False),
    )
    block.done()
    return item


def _signals(block: Block) -> tuple[str, ...]:
    signals = block.texts("signals", SLUG)
    for signal in signals:
        if signal and not re.fullmatch(_NAME[0], signal):
            block.wrong(
                "signals",
                said("a signal must be {meaning}, not '{value}'", meaning=_NAME[1], value=shown(signal)),
            )
    if len(set(signals)) < len(signals):
        block.wrong("signals", said("a signal is given twice"))
    return signals


def _crosswalk(block: Block) -> dict[str, tuple[str, ...]]:
    """Ids in other people's lists, by the list. Which lists there are is open."""
    lists = block.block("crosswalk")
    if lists is None:
        return {}
    for key in lists.names():
        if not re.fullmatch(_NAME[0], key):
            told = said(
                "the name of a list must be {meaning}, not '{value}'", meaning=_NAME[1], value=shown(key)
            )
            lists.wrong(key, told)
    return {key: ids for key in lists.names() if (ids := lists.texts(key, NAME))}


def _texts_by_key(block: Block, key: str, known: tuple[str, ...], limit: int) -> dict[str, str]:
    """A mapping of some of the ``known`` keys to texts."""
    inner = block.block(key)
    if inner is None:
        return {}
    texts = {each: inner.text(each, limit, required=False) for each in known}
    inner.done()
    return {each: text for each, text in texts.items() if text}


def _fraction(block: Block, key: str) -> str:
    """A share above 0 and up to 1, kept as it was written: 2/3 has no exact decimal."""
    value = block.fitting(key, 10, *_FRACTION, required=False)
    if value and Fraction(value) > 1:
        block.wrong(key, said("'{key}' is a share: at most 1, not {value}", key=key, value=value))
    return value


def _once(block: Block, key: str, value: str, taken: set[str]) -> None:
    if value and value in taken:
        block.wrong(key, said("'{key}' {value} is taken already in this framework", key=key, value=value))
    taken.add(value)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_without_empty(each) for each in value]
    return value
