"""What an audit event has to say to the world outside, in the words of REST. Standard library only.

No text that somebody wrote goes out, but for the name of the initiative and the words of an exit criterion: whoever
wants more asks REST, which asks whether they may know.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    READINESS_CHANGED = "readiness.changed"
    GATE_SUBMITTED = "gate.submitted"
    GATE_DECIDED = "gate.decided"
    STAGE_CHANGED = "stage.changed"
    FLAG_OPENED = "flag.opened"
    FLAG_RESOLVED = "flag.resolved"
    EXIT_TRIGGERED = "exit.triggered"


PING = "ping"
"""What an admin sends to try an endpoint; nobody subscribes to it, and each gets it."""
CHANGED = ("score", "verdict", "stalled")


@dataclass(frozen=True, slots=True)
class Told:
    """One message: ``facts`` stand in it beside the initiative. ``place`` numbers the messages of one event from 1."""

    kind: Kind
    place: int
    facts: dict[str, Any]


def told_by(verb: str, data: Mapping[str, Any], by: str | None) -> list[Told]:
    """The messages in one event, in the order in which things follow from each other; ``by``: a username.

    An event always gives the same messages in the same places, so that each has one name for good.
    """
    return [Told(kind, place, facts) for place, (kind, facts) in enumerate(_found(verb, data, by), start=1)]


def _found(verb: str, data: Mapping[str, Any], by: str | None) -> Iterator[tuple[Kind, dict[str, Any]]]:
    changed: Mapping[str, Any] = data.get("standing", {})
    if verb == Kind.GATE_SUBMITTED:
        yield Kind.GATE_SUBMITTED, _gate(data) | {"submission": {"id": data["submission"], "by": by}}
    elif verb == Kind.GATE_DECIDED:
        yield Kind.GATE_DECIDED, _gate(data) | {"decision": {"decision": data["decision"], "by": by}}
    if "stage" in changed:
        yield Kind.STAGE_CHANGED, {"stage": _pair(changed["stage"]), "by": by}
    for one in changed.get("exits_triggered", ()):
        yield (
            Kind.EXIT_TRIGGERED,
            {"exit": {"id": one["criterion"], "words": one["words"][:500], "decider": one["decider"]}},
        )
    for flag in changed.get("flags_opened", ()):
        yield Kind.FLAG_OPENED, {"flag": {"code": flag["code"], "severity": flag["severity"]}}
    for code in changed.get("flags_resolved", ()):
        yield Kind.FLAG_RESOLVED, {"flag": {"code": code}}
    moved = {name: _pair(changed[name]) for name in CHANGED if name in changed}
    gates = [{"gate": gate, **_pair(pair)} for gate, pair in sorted(changed.get("gates", {}).items())]
    if moved or gates:
        yield Kind.READINESS_CHANGED, {**moved, "gates": gates}


def _gate(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"gate": data["gate"], "kind": data["kind"]}


def _pair(pair: Any) -> dict[str, Any]:
    """What was before and is now. The trail keeps decimals as text; REST tells scores as numbers."""
    before, after = (_number(one) for one in pair)
    return {"before": before, "after": after}


def _number(value: Any) -> Any:
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return value
