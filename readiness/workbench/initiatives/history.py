"""What happened to an initiative, in words."""

from collections.abc import Callable, Iterable
from typing import Any

from gates.models import DECISIONS, Initiative
from gates.stages import Stage
from readiness.audit.models import ActorKind, Event
from readiness.standing.definitions import flag_rules
from readiness.ui.parts import Entry

DECISION_WORDS = dict(DECISIONS)
DECISION_TONES = {"pass": "good", "pass_with_conditions": "good", "return": "warning", "stop": "critical"}
ACTORS = {
    ActorKind.COMMAND: "Command on the server",
    ActorKind.IMPORT: "Import",
    ActorKind.CLOCK: "Passing of time",
}


def recent(initiative: Initiative, count: int, before: int | None = None) -> list[Event]:
    """The newest events, newest first; ``before`` a sequence number, for paging."""
    events = Event.objects.filter(initiative=initiative).select_related("actor").order_by("-seq")
    if before is not None:
        events = events.filter(seq__lt=before)
    return list(events[:count])


def sequence_number(text: str) -> int | None:
    """A place in the trail as an address gives it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def entries(events: Iterable[Event]) -> list[Entry]:
    """Events as a timeline shows them."""
    return [entry(event) for event in events]


def entry(event: Event) -> Entry:
    """One event in words. One that is not known here is named by its verb."""
    say = _SAYINGS.get(event.verb)
    title, body, tone = say(event.data) if say else (event.verb, "", "neutral")
    consequences = list(_consequences(event.data.get("standing", {})))
    return Entry(
        title=title,
        when=event.at,
        who=str(event.actor) if event.actor else ACTORS.get(ActorKind(event.actor_kind), ""),
        body=" ".join(part for part in [body, *consequences] if part),
        tone=tone,
    )


Said = tuple[str, str, str]


def _created(data: dict[str, Any]) -> Said:
    if data.get("taken_over"):
        return "Entered", f"Already under way, taken over in {Stage(data['stage']).label}.", "info"
    return "Created", "", "info"


def _edited(data: dict[str, Any]) -> Said:
    fields = [name.rpartition(".")[2].replace("_", " ") for name in data.get("changed", {})]
    return "Edited", f"Changed: {', '.join(fields)}.", "neutral"


def _answered(data: dict[str, Any]) -> Said:
    said = []
    for answer in data.get("answers", []):
        parts = []
        if "answer" in answer:
            parts.append(answer["answer"][1].replace("_", " "))
        if "evidence" in answer:
            parts.append(f"{len(answer['evidence'])} evidence")
        if "note" in answer and not parts:
            parts.append("note")
        said.append(f"{answer['item']} {', '.join(parts)}")
    return "Answered", "; ".join(said) + ".", "neutral"


def _decided(data: dict[str, Any]) -> Said:
    decision = data["decision"]
    title = f"{data['name']}: {DECISION_WORDS[decision].lower()}"
    return title, data.get("rationale", ""), DECISION_TONES[decision]


def _moved(data: dict[str, Any]) -> Said:
    title = f"Moved from {Stage(data['from']).label} to {Stage(data['to']).label}"
    return title, data.get("reason", ""), "critical" if data["to"] == Stage.STOPPED else "good"


def _simple(title: str, *keys: str, tone: str = "neutral") -> Callable[[dict[str, Any]], Said]:
    def say(data: dict[str, Any]) -> Said:
        return title, " · ".join(str(data[key]) for key in keys if data.get(key)), tone

    return say


_SAYINGS: dict[str, Callable[[dict[str, Any]], Said]] = {
    "initiative.created": _created,
    "initiative.imported": _simple("Imported", "source"),
    "initiative.edited": _edited,
    "answer.recorded": _answered,
    "evidence.withdrawn": _simple("Evidence withdrawn", "item", "title", tone="warning"),
    "gate.submitted": _simple("Submitted for review", "name", tone="info"),
    "gate.decided": _decided,
    "stage.moved": _moved,
    "hold.set": _simple("Put on hold", "reason", tone="warning"),
    "hold.lifted": _simple("Hold lifted", tone="good"),
    "condition.kept": _simple("Condition said to be kept", "text", "said"),
    "condition.confirmed": _simple("Condition confirmed", "text", tone="good"),
    "condition.reopened": _simple("Condition reopened", "text", "said", tone="warning"),
    "waiver.granted": _simple("Waiver granted", "item", "reason", tone="warning"),
    "material_change.declared": _simple("Material change declared", "note", tone="warning"),
    "framework.attached": _simple("Framework attached", "framework"),
    "flag.acknowledged": _simple("Flag acknowledged", "flag"),
    "flag.snoozed": _simple("Flag snoozed", "flag", "reason"),
    "standing.changed": _simple("Changed with time"),
}


def _consequences(changed: dict[str, Any]) -> Iterable[str]:
    """What an event changed in the standing."""
    rules = flag_rules()
    if "verdict" in changed:
        before, after = (word.replace("_", " ") for word in changed["verdict"])
        yield f"Verdict from {before} to {after}."
    if "score" in changed:
        yield f"Score from {changed['score'][0]} to {changed['score'][1]}."
    for flag in changed.get("flags_opened", []):
        yield f"Flag opened: {rules[flag['code']].title.lower()}."
    for code in changed.get("flags_resolved", []):
        yield f"Flag resolved: {rules[code].title.lower()}."
