"""Each kind of event in words: a title, what more there is to say, a tone and an icon."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.scoring import ANSWER_LABELS, AnswerValue, plain_date
from gates.budget import Kind
from gates.criteria import GateKind
from gates.models import HandoverTopic, Role, StakeholderFunction
from gates.roadmap import Phase
from gates.stages import Stage
from readiness.actions.fields import FACTS
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.case import listed
from readiness.workbench.checklists.words import decision_word

Data = Mapping[str, Any]
SHORT = 60
"""A changed value up to so many characters is shown; of a longer one only that it changed."""


@dataclass(frozen=True, slots=True)
class Saying:
    title: str
    body: str = ""
    tone: str = "neutral"
    icon: str = "dot"


def said(verb: str, data: Data) -> Saying:
    """An event in words; one of a kind that is not known here is named by its verb."""
    say = _SAYINGS.get(verb)
    return say(data) if say else Saying(verb.replace(".", " ").replace("_", " ").capitalize())


def verb_words(verb: str) -> str:
    """A kind of event as a filter names it: "gate.decided" is "Gate: decided"."""
    noun, _, done = verb.partition(".")
    return f"{noun.replace('_', ' ').capitalize()}: {done.replace('_', ' ')}"


def _day(text: str) -> str:
    return plain_date(date.fromisoformat(text))


def _items(codes: list[str]) -> str:
    return listed(codes, 6)


def _over_limit(data: Data) -> str:
    """Why it entered its stage although the parallel limit was reached, where it did."""
    return f"Over the parallel limit: {data['over_limit']}" if data.get("over_limit") else ""


def _limits(data: Data) -> Saying:
    lines = []
    for place, (before, after) in sorted(data.get("changed", {}).items()):
        stage, _, unit = place.partition("/")
        whose = "every unit without one of its own" if unit == "*" else unit
        lines.append(f"{Stage(stage).label}, {whose}: {before or 'none'} to {after or 'none'}.")
    return Saying("Parallel limit set", "\n".join(lines), "neutral", "edit")


def _created(data: Data) -> Saying:
    if data.get("taken_over"):
        body = f"It was already under way, and is taken over in {Stage(data['stage']).label}."
        body = "\n".join(part for part in (body, _over_limit(data)) if part)
        return Saying("Entered", body, "info", "plus")
    return Saying("Entered", "", "info", "plus")


def _imported(data: Data) -> Saying:
    parts = [str(data.get("source", ""))]
    if "row" in data:
        parts.append(f"row {data['row']} of {data.get('file', 'the file')}")
    if data.get("as_of"):
        parts.append(f"as of {_day(data['as_of'])}")
    title = "Imported again" if data.get("again") else "Imported"
    return Saying(title, ", ".join(part for part in parts if part), "info", "upload")


def _edited(data: Data) -> Saying:
    return Saying("Facts edited", "\n".join(_changes(data)), "neutral", "edit")


_FIELDS = {
    "name": "Name",
    "plan.poc_days": "Planned days of the PoC",
    "plan.intake_days": "Planned days of the intake",
    "plan.pilot_days": "Planned days of the pilot",
    "plan.rollout_days": "Planned days of the rollout",
    "plan.decision_on": "Planned decision",
    "budget.planned": "Planned budget",
    "budget.spent": "Spent",
    "budget.currency": "Currency",
    "budget.data_share": "Share for data work",
    "budget.change_share": "Share for change and training",
    "budget.estimate_build": "Estimate for building for production",
    "budget.estimate_run": "Estimate for a year of running",
    "people.members": "Members",
} | {f"people.{role.value}": role.label for role in Role if role != Role.MEMBER}


_ORDER = {name: place for place, name in enumerate([*FACTS, *_FIELDS])}


def _changes(data: Data) -> list[str]:
    """Each changed field in words, in the order of the form: PostgreSQL keeps no order within a stored object."""
    changed = sorted(
        data.get("changed", {}).items(), key=lambda one: (_ORDER.get(one[0], len(_ORDER)), one[0])
    )
    return [_change(name, before, after) for name, (before, after) in changed]


def _change(field: str, before: Any, after: Any) -> str:
    name = _FIELDS.get(field) or field.rpartition(".")[2].replace("_", " ").capitalize()
    old, new = _value(before), _value(after)
    if len(old) > SHORT or len(new) > SHORT:
        return f"{name}: changed."
    return f"{name}: {old or 'nothing'} to {new or 'nothing'}."


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _answered(data: Data) -> Saying:
    answers = data.get("answers", [])
    by_value: dict[str, list[str]] = {}
    for answer in answers:
        if "answer" in answer:
            by_value.setdefault(answer["answer"][1], []).append(answer["item"])
    parts = [f"{ANSWER_LABELS[AnswerValue(value)]}: {_items(codes)}." for value, codes in by_value.items()]
    with_evidence = [answer["item"] for answer in answers if answer.get("evidence")]
    if with_evidence:
        parts.append(f"Evidence for {_items(with_evidence)}.")
    noted = [answer["item"] for answer in answers if answer.keys() == {"item", "note"}]
    if noted:
        parts.append(f"Note on {_items(noted)}.")
    answered = sum(len(codes) for codes in by_value.values())
    if answered:
        title = f"Answered {answered} item{'' if answered == 1 else 's'}"
    else:
        title = "Evidence added" if with_evidence else "Note written"
    return Saying(title, " ".join(parts), "neutral", "checklist" if answered else "file")


def _place(data: Data) -> str:
    is_checkpoint = data.get("kind") == GateKind.CHECKPOINT.value
    return f"Checkpoint “{data['name']}”" if is_checkpoint else f"{data['name']} gate"


def _submitted(data: Data) -> Saying:
    return Saying(f"{_place(data)} submitted for review", "", "info", "inbox")


def _decided(data: Data) -> Saying:
    word = decision_word(GateKind(data["kind"]), data["decision"])
    conditions = [f"Condition: {text}" for text in data.get("conditions", [])]
    body = "\n".join([data.get("rationale", ""), *conditions])
    return Saying(f"{_place(data)}: {word.label.lower()}", body, word.tone, word.icon)


def _moved(data: Data) -> Saying:
    target = Stage(data["to"])
    title = f"Moved from {Stage(data['from']).label} to {target.label}"
    if target == Stage.STOPPED:
        return Saying(title, data.get("reason", ""), "critical", "stop")
    body = "\n".join(part for part in (data.get("reason", ""), _over_limit(data)) if part)
    return Saying(title, body, "good", "arrow-right")


def _held(data: Data) -> Saying:
    body = f"{data['reason']}\nTo be looked at again by {_day(data['review_on'])}."
    return Saying("Put on hold", body, "warning", "pause")


def _stakeholders(data: Data) -> Saying:
    lines = []
    for one in data.get("stakeholders", []):
        said = []
        if "involved_on" in one:
            said.append(f"involved on {_day(one['involved_on'])}" if one["involved_on"] else "not involved")
        if "contact" in one:
            said.append(f"contact {one['contact']}" if one["contact"] else "no contact")
        if "needed" in one:
            said.append("to be involved" if one["needed"] else "does not exist")
        lines.append(f"{StakeholderFunction(one['function']).label}: {', '.join(said)}.")
    return Saying("Stakeholders noted", "\n".join(lines), "neutral", "users")


def _waived(data: Data) -> Saying:
    body = f"{data['reason']}\nUntil {_day(data['expires_on'])}."
    return Saying(f"Waiver for {data['item']}", body, "warning", "shield")


def _material(data: Data) -> Saying:
    kind = str(data.get("kind", "")).replace("_", " ")
    lapsed = data.get("lapsed") or []
    body = "\n".join(
        part
        for part in (data.get("note", ""), f"Lapsed with it: {', '.join(lapsed)}." if lapsed else "")
        if part
    )
    return Saying(f"Material change declared: {kind}", body, "warning", "warning")


def _flag(title: str, icon: str) -> Callable[[Data], Saying]:
    def say(data: Data) -> Saying:
        rule = flag_rules().get(data.get("flag", ""))
        until = f"Until {_day(data['until'])}. " if data.get("until") else ""
        body = until + str(data.get("reason", ""))
        return Saying(f"{title}: {rule.title.lower() if rule else ''}", body.strip(), "neutral", icon)

    return say


def _cause(data: Data) -> Saying:
    causes, rule = root_causes(), flag_rules().get(data.get("flag", ""))
    cause, suspected = causes.get(data.get("cause", "")), causes.get(data.get("suspected", ""))
    name = cause.name if cause else ""
    same = data.get("cause") == data.get("suspected")
    instead = "" if same or suspected is None else f"Suspected was: {suspected.name.lower()}."
    of = f"Of the flag “{rule.title}”." if rule else ""
    body = " ".join(part for part in (of, instead, str(data.get("note", ""))) if part)
    return Saying(f"Cause {'confirmed' if same else 'corrected'}: {name.lower()}", body, "info", "search")


def _named(title: str, *keys: str, tone: str = "neutral", icon: str = "dot") -> Callable[[Data], Saying]:
    """What needs no more than the values of some keys."""

    def say(data: Data) -> Saying:
        return Saying(title, " · ".join(_value(data[key]) for key in keys if data.get(key)), tone, icon)

    return say


def _changed(title: str, key: str = "") -> Callable[[Data], Saying]:
    """Fields with their values before and after; ``key`` names whose they are."""

    def say(data: Data) -> Saying:
        of = f"{data[key]}\n" if key and data.get(key) else ""
        return Saying(title, of + "\n".join(_changes(data)), "neutral", "edit")

    return say


def _topics(codes: list[str]) -> str:
    return ", ".join(HandoverTopic(code).label.lower() for code in codes)


def _roles(codes: list[str]) -> str:
    return ", ".join(Role(code).label.lower() for code in codes)


def _handover_opened(data: Data) -> Saying:
    return Saying(f"Handover of {data['name']} opened", f"As {_roles(data['roles'])}.", "info", "users")


def _handover_written(data: Data) -> Saying:
    parts = [f"Written: {_topics(data['topics'])}."] if data["topics"] else []
    if "successor" in data:
        parts.append(f"Successor: {data['successor'] or 'nobody yet'}.")
    return Saying(f"Handover of {data['name']}", " ".join(parts), "neutral", "edit")


def _handover_closed(data: Data) -> Saying:
    missing = data.get("missing") or []
    body = f"Not handed on: {_topics(missing)}." if missing else "Every point was handed on."
    return Saying(f"Handover of {data['name']} closed", body, "warning" if missing else "good", "check")


def _handed_over(data: Data) -> Saying:
    title = f"{data['name']} handed over to {data['to_name']}"
    return Saying(title, f"As {_roles(data['roles'])}.", "good", "users")


def _what_worked_revised(data: Data) -> Saying:
    return Saying("What worked, said anew", "", "info", "lightbulb")


def _kpi_added(data: Data) -> Saying:
    if data.get("reason"):
        body = f"{data['name']}, after the promises were locked: {data['reason']}"
        return Saying("KPI added late", body, "warning", "plus")
    return Saying("KPI added", data["name"], "info", "plus")


def _kpi_amended(data: Data) -> Saying:
    body = "\n".join([data["name"], *_changes(data), data["reason"]])
    return Saying("Locked promise amended", body, "warning", "edit")


def _read(data: Data) -> Saying:
    value = f"{data['value']} {data['unit']}".strip()
    body = f"{data['name']}: {value} on {_day(data['on'])}"
    return Saying("Reading entered", "\n".join(part for part in (body, data.get("note")) if part), icon="trend")


def _read_many(data: Data) -> Saying:
    body = f"{data['name']}, from {_day(data['first_on'])} to {_day(data['last_on'])}"
    title = f"{data['count']:,} readings entered"
    return Saying(title, " · ".join(part for part in (body, data.get("file")) if part), icon="trend")


def _reading_withdrawn(data: Data) -> Saying:
    said = _read(data)
    return Saying("Reading withdrawn", f"{said.body}\n{data['reason']}", "warning", "return")


def _roadmap_set(data: Data) -> Saying:
    """By phase, not by field: a plan is often written whole."""
    changed = data.get("changed", {})
    phases = [phase.label for phase in Phase if any(name.startswith(f"phases.{phase}.") for name in changed)]
    own = [_change(name.capitalize(), *changed[name]) for name in ("people", "budget") if name in changed]
    parts = [*own, f"Phases: {listed(phases, len(Phase))}." if phases else ""]
    return Saying("Roadmap written", "\n".join(part for part in parts if part), "neutral", "edit")


def _phase(title: str, day: str, tone: str, icon: str) -> Callable[[Data], Saying]:
    def say(data: Data) -> Saying:
        return Saying(f"{title}: {Phase(data['phase']).label}", f"On {_day(data[day])}.", tone, icon)

    return say


def _spending(data: Data) -> Saying:
    month = f"{date.fromisoformat(data['month'] + '-01'):%B %Y}"
    amounts = [_change(Kind(kind).label, *data["changed"][kind]) for kind in Kind if kind in data["changed"]]
    return Saying(f"Spending of {month}", "\n".join(amounts), "neutral", "coins")


_SAYINGS: Mapping[str, Callable[[Data], Saying]] = {
    "initiative.created": _created,
    "initiative.imported": _imported,
    "initiative.edited": _edited,
    "answer.recorded": _answered,
    "evidence.withdrawn": _named("Evidence withdrawn", "item", "title", tone="warning", icon="file"),
    "gate.submitted": _submitted,
    "gate.decided": _decided,
    "stage.moved": _moved,
    "stakeholders.noted": _stakeholders,
    "hold.set": _held,
    "hold.lifted": _named("Hold lifted", tone="good", icon="play"),
    "condition.kept": _named("Condition said to be kept", "text", "said", tone="info", icon="check"),
    "condition.confirmed": _named("Condition confirmed", "text", tone="good", icon="check-circle"),
    "condition.reopened": _named("Condition reopened", "text", "said", tone="warning", icon="return"),
    "kpi.added": _kpi_added,
    "kpi.edited": _changed("KPI edited", "name"),
    "kpi.amended": _kpi_amended,
    "kpi.removed": _named("KPI removed", "name", tone="warning", icon="trash"),
    "amendment.acknowledged": _named("Amended promise acknowledged", "promise", tone="good", icon="check"),
    "reading.added": _read,
    "readings.added": _read_many,
    "reading.withdrawn": _reading_withdrawn,
    "waiver.granted": _waived,
    "material_change.declared": _material,
    "framework.attached": _named("Framework attached", "framework", "version", icon="plus"),
    "roadmap.set": _roadmap_set,
    "roadmap.phase_begun": _phase("Phase begun", "on", "good", "play"),
    "roadmap.phase_taken_back": _phase("Phase taken back", "began_on", "warning", "return"),
    "spending.set": _spending,
    "flag.acknowledged": _flag("Flag acknowledged", "check"),
    "flag.snoozed": _flag("Flag snoozed", "clock"),
    "cause.confirmed": _cause,
    "handover.opened": _handover_opened,
    "handover.written": _handover_written,
    "handover.closed": _handover_closed,
    "people.handed_over": _handed_over,
    "comment.added": _named("Comment", "text", icon="comment"),
    "what_worked.left": _named("What worked was left", "made_it_work", tone="good", icon="lightbulb"),
    "what_worked.revised": _what_worked_revised,
    "standing.changed": lambda data: Saying("", icon="clock"),
    "person.created": _named("Person entered", "username", icon="user"),
    "people.created": _named("People entered", "usernames", icon="users"),
    "person.edited": _changed("Person edited", "username"),
    "person.deactivated": _named("Person deactivated", "username", tone="warning", icon="user"),
    "person.reactivated": _named("Person reactivated", "username", tone="good", icon="user"),
    "password.changed": _named("Password changed", "username", icon="key"),
    "password.link_made": _named("Password link made", "username", icon="key"),
    "sessions.ended": _named("Sessions ended", "username", icon="logout"),
    "token.issued": _named("Token issued", "owner", "name", "scopes", icon="key"),
    "token.revoked": _named("Token revoked", "owner", "name", tone="warning", icon="key"),
    "organisation.edited": _changed("Organisation edited"),
    "threshold.set": _changed("Threshold set", "rule"),
    "limit.set": _limits,
    "demo.seeded": _named("Demo data entered", "organisation", icon="play"),
    "demo.scaled": _named("Data for measuring entered", icon="play"),
    "demo.ended": _named("Demo mode ended", icon="stop"),
}

VERBS = frozenset(_SAYINGS)
"""Every kind of event there is."""
