"""A framework written as the YAML that would publish it again, word for word."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from checklists.frameworks import (
    ANSWERS,
    NOTES,
    PROFILE_ANSWERS,
    ParsedFramework,
    ParsedGate,
    ParsedGuard,
    ParsedItem,
)

WIDTH = 116
_ABSENT: tuple[Any, ...] = (None, "", [], {})

Document = dict[str, Any]
"""A framework, whole or with mistakes, in the shape of its YAML: what stands under each key."""

HEAD_KEYS = (
    *("slug", "version", "name", "kind", "order", "evidence", "required_met", "guards", "answer_labels"),
    *("answer_rule", *NOTES, "recommend_stop_over", "crosswalk_checked_on"),
)
GATE_KEYS = (
    *("slug", "name", "purpose", "key_questions", "pass_criteria", "how_it_passes"),
    *("min_met", "min_share_met"),
)
ITEM_KEYS = (
    *("code", "title", "critical", "statement", "help", *ANSWERS, *PROFILE_ANSWERS),
    *("reviewer_check", "example_evidence", "evidence_max_age_days", "automation", "signals", "applies_to"),
    *("crosswalk", "crosswalk_note", "root_cause", "fact"),
)


class _Plain(yaml.SafeDumper):
    """Writes every text out, as the reader asks: no anchors, and lists as people indent them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def framework_yaml(framework: ParsedFramework) -> str:
    """The text of the file; ``parse_framework`` reads it back with the same checksum. What is empty is left out."""
    return _dumped(framework_document(framework))


def document_yaml(document: Document) -> str:
    """The same of a document with its mistakes: its keys in their order, and none that is no key of the file."""
    gates = [
        _in_order(gate, GATE_KEYS, items=[_in_order(item, ITEM_KEYS) for item in gate.get("items", ())])
        for gate in document.get("gates", ())
    ]
    return _dumped(_in_order(document, HEAD_KEYS, gates=gates))


def framework_document(framework: ParsedFramework) -> Document:
    answers = PROFILE_ANSWERS if framework.kind == "profile" else ANSWERS
    return _given(
        {
            "slug": framework.slug,
            "version": framework.version,
            "name": framework.name,
            "kind": framework.kind,
            "order": framework.order,
            "evidence": "required" if framework.evidence_required else "optional",
            "required_met": framework.required_met,
            "guards": [_guard(guard) for guard in framework.guards],
            "answer_labels": framework.answer_labels,
            **framework.notes,
            "gates": [_gate(gate, answers) for gate in framework.gates],
        }
    )


def _guard(guard: ParsedGuard) -> dict[str, Any]:
    return _given({"from": guard.from_stage, "to": guard.to_stage, "gate": guard.gate})


def _gate(gate: ParsedGate, answers: tuple[str, ...]) -> dict[str, Any]:
    return _given(
        {
            "slug": gate.slug,
            "name": gate.name,
            "purpose": gate.purpose,
            "key_questions": list(gate.key_questions),
            "pass_criteria": list(gate.pass_criteria),
            "how_it_passes": gate.how_it_passes,
            "min_met": gate.min_met,
            "min_share_met": gate.min_share_met,
            "items": [_item(item, answers) for item in gate.items],
        }
    )


def _item(item: ParsedItem, answers: tuple[str, ...]) -> dict[str, Any]:
    when = zip(answers, (item.when_met, item.when_partial, item.when_not_met), strict=True)
    return _given(
        {
            "code": item.code,
            "title": item.title,
            "critical": item.critical,
            "statement": item.statement,
            "help": item.help,
            **dict(when),
            "reviewer_check": item.reviewer_check,
            "example_evidence": item.example_evidence,
            "evidence_max_age_days": item.evidence_max_age_days,
            "automation": item.automation,
            "signals": list(item.signals),
            "applies_to": item.applies_to,
            "crosswalk": {name: list(ids) for name, ids in item.crosswalk.items()},
            "crosswalk_note": item.crosswalk_note,
            "root_cause": item.root_cause,
            "fact": item.fact,
        }
    )


def _in_order(part: Document, keys: Iterable[str], **below: Any) -> Document:
    return _given({key: part[key] for key in keys if key in part} | below)


def _dumped(document: Document) -> str:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=WIDTH)


def _given(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Without the keys that say nothing; 0 and false say something."""
    return {key: value for key, value in keys.items() if value not in _ABSENT or value is False or value == 0}
