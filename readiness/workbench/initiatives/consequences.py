"""What an event changed in the standing, one sentence each."""

from collections.abc import Mapping
from typing import Any

from gates.rules import GateStatus
from readiness.standing.definitions import flag_rules
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.standing.words import GATE_WORDS, SEVERITY_WORDS, VERDICT_WORDS


def consequences(changed: Mapping[str, Any]) -> list[str]:
    """The gravest first. ``changed`` as a recompute writes it into the event."""
    found = [f"Exit criterion reached: {one['words']}." for one in changed.get("exits_triggered", [])]
    if "verdict" in changed:
        before, after = (VERDICT_WORDS[Verdict(word)].label.lower() for word in changed["verdict"])
        found.append(f"Verdict from {before} to {after}.")
    found += [_gate(slug, *statuses) for slug, statuses in changed.get("gates", {}).items() if all(statuses)]
    if "score" in changed:
        found.append(f"Score from {changed['score'][0]} to {changed['score'][1]}.")
    if "stalled" in changed:
        found.append("Now stalled." if changed["stalled"][1] else "No longer stalled.")
    found += [f"Flag opened: {_title(flag['code'])}." for flag in changed.get("flags_opened", [])]
    found += [
        f"Flag brought up to date: {_title(flag['code'])} ({_severity(flag['severity'])})."
        for flag in changed.get("flags_changed", [])
    ]
    found += [f"Flag resolved: {_title(code)}." for code in changed.get("flags_resolved", [])]
    return found


def _gate(slug: str, before: str, after: str) -> str:
    name = slug.replace("-", " ").capitalize()
    return f"{name}: {_status(before)} to {_status(after)}."


def _status(word: str) -> str:
    return GATE_WORDS[GateStatus(word)].label.lower()


def _severity(word: str) -> str:
    return SEVERITY_WORDS[Severity(word)].label.lower()


def _title(code: str) -> str:
    rule = flag_rules().get(code)
    return rule.title.lower() if rule else code
