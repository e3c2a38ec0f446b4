"""Each kind of event in words: a title, what more there is to say, a tone and an icon."""

from collections.abc import Callable, Mapping
from datetime import date

from checklists.scoring import ANSWER_LABELS, AnswerValue
from gates.budget import Kind
from gates.criteria import GateKind
from gates.models import HandoverTopic, Role, StakeholderFunction
from gates.roadmap import Phase
from gates.stages import Stage
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.case import listed
from readiness.workbench.checklists.words import decision_word
from readiness.workbench.initiatives.promise_sayings import PROMISES
from readiness.workbench.initiatives.telling import (
    Data,
    Saying,
    change_words,
    changes_words,
    day_words,
    fields_changed,
    named,
)


def said(verb: str, data: Data) -> Saying:
    """An event in words; one of a kind that is not known here is named by its verb."""
    say = _SAYINGS.get(verb)
    return say(data) if say else Saying(verb.replace(".", " ").replace("_", " ").capitalize())


def verb_words(verb: str) -> str:
    """A kind of event as a filter names it: "gate.decided" is "Gate: decided"."""
    noun, _, done = verb.partition(".")
    return f"{noun.replace('_', ' ').capitalize()}: {done.replace('_', ' ')}"


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
        parts.append(f"as of {day_words(data['as_of'])}")
    title = "Imported again" if data.get("again") else "Imported"
    return Saying(title, ", ".join(part for part in parts if part), "info", "upload")


def _edited(data: Data) -> Saying:
    return Saying("Facts edited", "\n".join(changes_words(data)), "neutral", "edit")


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
    body = f"{data['reason']}\nTo be looked at again by {day_words(data['review_on'])}."
    return Saying("Put on hold", body, "warning", "pause")


def _stakeholders(data: Data) -> Saying:
    lines = []
    for one in data.get("stakeholders", []):
        said = []
        if "involved_on" in one:
            said.append(
                f"involved on {day_words(one['involved_on'])}" if one["involved_on"] else "not involved"
            )
        if "contact" in one:
            said.append(f"contact {one['contact']}" if one["contact"] else "no contact")
        if "needed" in one:
            said.append("to be involved" if one["needed"] else "does not exist")
        lines.append(f"{StakeholderFunction(one['function']).label}: {', '.join(said)}.")
    return Saying("Stakeholders noted", "\n".join(lines), "neutral", "users")


def _waived(data: Data) -> Saying:
    body = f"{data['reason']}\nUntil {day_words(data['expires_on'])}."
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
        until = f"Until {day_words(data['until'])}. " if data.get("until") else ""
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


def _roadmap_set(data: Data) -> Saying:
    """By phase, not by field: a plan is often written whole."""
    changed = data.get("changed", {})
    phases = [phase.label for phase in Phase if any(name.startswith(f"phases.{phase}.") for name in changed)]
    own = [
        change_words(name.capitalize(), *changed[name]) for name in ("people", "budget") if name in changed
    ]
    parts = [*own, f"Phases: {listed(phases, len(Phase))}." if phases else ""]
    return Saying("Roadmap written", "\n".join(part for part in parts if part), "neutral", "edit")


def _phase(title: str, day: str, tone: str, icon: str) -> Callable[[Data], Saying]:
    def say(data: Data) -> Saying:
        return Saying(f"{title}: {Phase(data['phase']).label}", f"On {day_words(data[day])}.", tone, icon)

    return say


def _spending(data: Data) -> Saying:
    month = f"{date.fromisoformat(data['month'] + '-01'):%B %Y}"
    amounts = [
        change_words(Kind(kind).label, *data["changed"][kind]) for kind in Kind if kind in data["changed"]
    ]
    return Saying(f"Spending of {month}", "\n".join(amounts), "neutral", "coins")


_SAYINGS: Mapping[str, Callable[[Data], Saying]] = {
    "initiative.created": _created,
    "initiative.imported": _imported,
    "initiative.edited": _edited,
    "answer.recorded": _answered,
    "evidence.withdrawn": named("Evidence withdrawn", "item", "title", tone="warning", icon="file"),
    "gate.submitted": _submitted,
    "gate.decided": _decided,
    "stage.moved": _moved,
    "stakeholders.noted": _stakeholders,
    "hold.set": _held,
    "hold.lifted": named("Hold lifted", tone="good", icon="play"),
    "condition.kept": named("Condition said to be kept", "text", "said", tone="info", icon="check"),
    "condition.confirmed": named("Condition confirmed", "text", tone="good", icon="check-circle"),
    "condition.reopened": named("Condition reopened", "text", "said", tone="warning", icon="return"),
    **PROMISES,
    "waiver.granted": _waived,
    "material_change.declared": _material,
    "framework.attached": named("Framework attached", "framework", "version", icon="plus"),
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
    "comment.added": named("Comment", "text", icon="comment"),
    "what_worked.left": named("What worked was left", "made_it_work", tone="good", icon="lightbulb"),
    "what_worked.revised": _what_worked_revised,
    "standing.changed": lambda data: Saying("", icon="clock"),
    "person.created": named("Person entered", "username", icon="user"),
    "people.created": named("People entered", "usernames", icon="users"),
    "person.edited": fields_changed("Person edited", "username"),
    "person.deactivated": named("Person deactivated", "username", tone="warning", icon="user"),
    "person.reactivated": named("Person reactivated", "username", tone="good", icon="user"),
    "password.changed": named("Password changed", "username", icon="key"),
    "password.link_made": named("Password link made", "username", icon="key"),
    "sessions.ended": named("Sessions ended", "username", icon="logout"),
    "token.issued": named("Token issued", "owner", "name", "scopes", icon="key"),
    "token.revoked": named("Token revoked", "owner", "name", tone="warning", icon="key"),
    "organisation.edited": fields_changed("Organisation edited"),
    "threshold.set": fields_changed("Threshold set", "rule"),
    "limit.set": _limits,
    "demo.seeded": named("Demo data entered", "organisation", icon="play"),
    "demo.scaled": named("Data for measuring entered", icon="play"),
    "demo.ended": named("Demo mode ended", icon="stop"),
}

VERBS = frozenset(_SAYINGS)
"""Every kind of event there is."""
