"""Each kind of event in words: a title, what more there is to say, a tone and an icon."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from gates.models import HandoverTopic, MaterialChangeKind, Role, StakeholderFunction
from gates.roadmap import Phase
from gates.stages import Stage
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.flags.case import listed
from readiness.standing.words import STAGE_WORDS
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import within
from readiness.ui.saying import content, say
from readiness.workbench.initiatives.check_sayings import CHECKS
from readiness.workbench.initiatives.money_sayings import MONEY
from readiness.workbench.initiatives.personal_sayings import PERSONAL
from readiness.workbench.initiatives.promise_sayings import PROMISES
from readiness.workbench.initiatives.review_sayings import REVIEWS
from readiness.workbench.initiatives.telling import (
    Data,
    Saying,
    change_words,
    changes_words,
    day_words,
    fields_changed,
    named,
    named_words,
    until_words,
)
from readiness.workbench.initiatives.together_sayings import TOGETHER
from readiness.workbench.initiatives.webhook_sayings import WEBHOOKS


def said(verb: str, data: Data) -> Saying:
    """An event in words; one of a kind that is not known here is named by its verb."""
    telling = _SAYINGS.get(verb)
    return telling(data) if telling else Saying(verb.replace(".", " ").replace("_", " ").capitalize())


def _over_limit(data: Data) -> str:
    """Why it entered its stage although the parallel limit was reached, where it did."""
    if not data.get("over_limit"):
        return ""
    return _("Over the parallel limit: %(over_limit)s") % {"over_limit": data["over_limit"]}


def _limits(data: Data) -> Saying:
    lines = []
    for place, (before, after) in sorted(data.get("changed", {}).items()):
        stage, _slash, unit = place.partition("/")
        line = _("%(stage)s, %(unit)s: %(before)s to %(after)s.") % {
            "stage": _stage(stage),
            "unit": _("every unit without one of its own") if unit == "*" else unit,
            "before": before or _("none"),
            "after": after or _("none"),
        }
        lines.append(line)
    return Saying(_("Parallel limit set"), "\n".join(lines), "neutral", "edit")


def _stage(word: str) -> str:
    return str(STAGE_WORDS[Stage(word)].label)


def _rate(data: Data) -> Saying:
    before, after = data.get("rate", (None, None))
    told = {
        "currency": data.get("currency"),
        "into": data.get("into"),
        "day": day_words(data["on"]) if data.get("on") else "",
        "before": before,
        "after": after,
    }
    if after is None:
        body = _("1 %(currency)s in %(into)s from %(day)s: it was %(before)s.") % told
        return Saying(_("Exchange rate taken away"), body, "neutral", "trash")
    changed = _("1 %(currency)s in %(into)s from %(day)s: %(before)s to %(after)s.")
    entered = _("1 %(currency)s in %(into)s from %(day)s: %(after)s.")
    return Saying(_("Exchange rate entered"), (changed if before else entered) % told, "neutral", "edit")


def _created(data: Data) -> Saying:
    if data.get("taken_over"):
        body = _("It was already under way, and is taken over in %(stage)s.") % {
            "stage": _stage(data["stage"])
        }
        names = [str(content(name)) for name in data.get("not_passed", [])]
        never = _("Never passed here: %(names)s.") % {"names": ", ".join(names)} if names else ""
        body = "\n".join(part for part in (body, never, _over_limit(data)) if part)
        return Saying(_("Entered"), body, "info", "plus")
    return Saying(_("Entered"), "", "info", "plus")


def _imported(data: Data) -> Saying:
    parts = [str(data.get("source", ""))]
    if "row" in data:
        row = {"row": data["row"], "file": data.get("file") or _("the file")}
        parts.append(_("row %(row)s of %(file)s") % row)
    if data.get("as_of"):
        parts.append(_("as of %(day)s") % {"day": day_words(data["as_of"])})
    title = _("Imported again") if data.get("again") else _("Imported")
    lines = [", ".join(part for part in parts if part), *named_words(data.get("people", {}))]
    return Saying(title, "\n".join(lines), "info", "upload")


def _edited(data: Data) -> Saying:
    return Saying(_("Facts edited"), "\n".join(changes_words(data)), "neutral", "edit")


def _moved(data: Data) -> Saying:
    target = Stage(data["to"])
    title = _("Moved from %(before)s to %(after)s") % {
        "before": _stage(data["from"]),
        "after": _stage(data["to"]),
    }
    if target == Stage.STOPPED:
        return Saying(title, data.get("reason", ""), "critical", "stop")
    body = "\n".join(part for part in (data.get("reason", ""), _over_limit(data)) if part)
    return Saying(title, body, "good", "arrow-right")


def _version_moved(data: Data) -> Saying:
    title = _("Moved to version %(after)s of %(framework)s") % {
        "framework": data["framework"],
        "after": data["to"],
    }
    told = [
        (_("before: %(version)s"), {"version": data["from"]}),
        (_("reads differently: %(items)s"), {"items": ", ".join(data["reworded"])}),
        (_("new: %(items)s"), {"items": ", ".join(data["new"])}),
        (_("gone: %(items)s"), {"items": ", ".join(data["gone"])}),
        (_("to be decided anew: %(items)s"), {"items": ", ".join(data["lapsed"])}),
        (_("waivers ended: %(items)s"), {"items": ", ".join(data["waivers_ended"])}),
    ]
    body = "\n".join(words % named for words, named in told if any(named.values()))
    return Saying(title, body, "info", "arrow-right")


def _held(data: Data) -> Saying:
    again = _("To be looked at again by %(day)s.") % {"day": day_words(data["review_on"])}
    body = f"{data['reason']}\n{again}"
    return Saying(_("Put on hold"), body, "warning", "pause")


def _stakeholders(data: Data) -> Saying:
    lines = []
    for one in data.get("stakeholders", []):
        said = []
        if "involved_on" in one:
            said.append(
                _("involved on %(day)s") % {"day": day_words(one["involved_on"])}
                if one["involved_on"]
                else _("not involved")
            )
        if "contact" in one:
            said.append(
                _("contact %(name)s") % {"name": one["contact"]} if one["contact"] else _("no contact")
            )
        if "needed" in one:
            said.append(_("to be involved") if one["needed"] else _("does not exist"))
        lines.append(f"{StakeholderFunction(one['function']).label}: {', '.join(said)}.")
    return Saying(_("Stakeholders noted"), "\n".join(lines), "neutral", "users")


def _material(data: Data) -> Saying:
    kind = str(data.get("kind", ""))
    label = MaterialChangeKind(kind).label if kind in MaterialChangeKind.values else kind
    lapsed = ", ".join(str(content(name)) for name in data.get("lapsed") or [])
    with_it = _("Lapsed with it: %(gates)s.") % {"gates": lapsed} if lapsed else ""
    body = "\n".join(part for part in (data.get("note", ""), with_it) if part)
    return Saying(
        _("Material change declared: %(kind)s") % {"kind": within(label)}, body, "warning", "warning"
    )


def _flag(title: str, icon: str) -> Callable[[Data], Saying]:
    def tell(data: Data) -> Saying:
        rule = flag_rules().get(data.get("flag", ""))
        until = until_words(data["until"]) if data.get("until") else ""
        body = f"{until} {data.get('reason', '')}"
        return Saying(
            f"{title}: {within(content(rule.title)) if rule else ''}", body.strip(), "neutral", icon
        )

    return tell


def _cause(data: Data) -> Saying:
    causes, rule = root_causes(), flag_rules().get(data.get("flag", ""))
    cause, suspected = causes.get(data.get("cause", "")), causes.get(data.get("suspected", ""))
    name = within(content(cause.name)) if cause else ""
    same = data.get("cause") == data.get("suspected")
    instead = (
        ""
        if same or suspected is None
        else _("Suspected was: %(cause)s.") % {"cause": within(content(suspected.name))}
    )
    of = _("Of the flag “%(title)s”.") % {"title": content(rule.title)} if rule else ""
    body = " ".join(part for part in (of, instead, str(data.get("note", ""))) if part)
    title = _("Cause confirmed: %(cause)s") if same else _("Cause corrected: %(cause)s")
    return Saying(title % {"cause": name}, body, "info", "search")


def _topics(codes: list[str]) -> str:
    return ", ".join(within(HandoverTopic(code).label) for code in codes)


def _roles(codes: list[str]) -> str:
    return ", ".join(within(Role(code).label) for code in codes)


def _as(data: Data) -> str:
    return _("As %(roles)s.") % {"roles": _roles(data["roles"])}


def _handover_opened(data: Data) -> Saying:
    title = _("Handover of %(name)s opened") % {"name": data["name"]}
    return Saying(title, _as(data), "info", "users")


def _handover_written(data: Data) -> Saying:
    parts = [_("Written: %(topics)s.") % {"topics": _topics(data["topics"])}] if data["topics"] else []
    if "successor" in data:
        parts.append(_("Successor: %(name)s.") % {"name": data["successor"] or _("nobody yet")})
    return Saying(_("Handover of %(name)s") % {"name": data["name"]}, " ".join(parts), "neutral", "edit")


def _handover_closed(data: Data) -> Saying:
    missing = data.get("missing") or []
    body = (
        _("Not handed on: %(topics)s.") % {"topics": _topics(missing)}
        if missing
        else _("Every point was handed on.")
    )
    title = _("Handover of %(name)s closed") % {"name": data["name"]}
    return Saying(title, body, "warning" if missing else "good", "check")


def _handed_over(data: Data) -> Saying:
    title = _("%(name)s handed over to %(to)s") % {"name": data["name"], "to": data["to_name"]}
    parts = [_as(data)] if data["roles"] else []
    conditions = [one["text"] for one in data.get("conditions", [])]
    parts += [_("Condition: %(words)s") % {"words": text} for text in conditions]
    if data.get("kpis"):
        parts.append(_("KPIs: %(names)s.") % {"names": ", ".join(data["kpis"])})
    if data.get("exit_criteria"):
        parts.append(_("Exit criteria on: %(names)s.") % {"names": ", ".join(data["exit_criteria"])})
    return Saying(title, "\n".join(parts), "good", "users")


def _what_worked_revised(data: Data) -> Saying:
    return Saying(_("What worked, said anew"), "", "info", "lightbulb")


def _roadmap_set(data: Data) -> Saying:
    """By phase, not by field: a plan is often written whole."""
    changed = data.get("changed", {})
    phases = [
        str(say(phase.label))
        for phase in Phase
        if any(name.startswith(f"phases.{phase}.") for name in changed)
    ]
    own = [
        change_words(words, *changed[name])
        for name, words in (("people", _("People")), ("budget", _("Budget")))
        if name in changed
    ]
    told = _("Phases: %(phases)s.") % {"phases": say(listed(phases, len(Phase)))} if phases else ""
    parts = [*own, told]
    return Saying(_("Roadmap written"), "\n".join(part for part in parts if part), "neutral", "edit")


def _phase(title: str, day: str, tone: str, icon: str) -> Callable[[Data], Saying]:
    def tell(data: Data) -> Saying:
        on = _("On %(day)s.") % {"day": day_words(data[day])}
        return Saying(f"{title}: {say(Phase(data['phase']).label)}", on, tone, icon)

    return tell


def _beginning(data: Data) -> Saying:
    """By slug, as they are named in the trail."""
    told = {"before": ", ".join(data["before"]), "after": ", ".join(data["after"])}
    body = _("%(after)s. Before: %(before)s.") % told
    return Saying(_("Chosen what new initiatives begin with"), body, "neutral", "list")


_SAYINGS: Mapping[str, Callable[[Data], Saying]] = {
    "initiative.created": _created,
    "initiative.imported": _imported,
    "initiative.edited": _edited,
    **CHECKS,
    "stage.moved": _moved,
    "stakeholders.noted": _stakeholders,
    "hold.set": _held,
    **REVIEWS,
    **PROMISES,
    "material_change.declared": _material,
    "framework.published": named(gettext_lazy("Framework published"), "framework", "version", icon="plus"),
    "draft.created": named(
        gettext_lazy("Draft of a framework begun"), "slug", "version", "based_on", icon="plus"
    ),
    "draft.changed": named(
        gettext_lazy("Draft of a framework changed"), "slug", "version", "part", icon="edit"
    ),
    "draft.deleted": named(
        gettext_lazy("Draft of a framework thrown away"), "slug", "version", tone="warning", icon="trash"
    ),
    "framework.moved": _version_moved,
    "framework.attached": named(gettext_lazy("Framework attached"), "framework", "version", icon="plus"),
    "framework.detached": named(
        gettext_lazy("Framework taken away"), "framework", "version", tone="warning", icon="minus"
    ),
    "frameworks.chosen": _beginning,
    "roadmap.set": _roadmap_set,
    "roadmap.phase_begun": _phase(gettext_lazy("Phase begun"), "on", "good", "play"),
    "roadmap.phase_taken_back": _phase(gettext_lazy("Phase taken back"), "began_on", "warning", "return"),
    **MONEY,
    "flag.acknowledged": _flag(gettext_lazy("Flag acknowledged"), "check"),
    "flag.snoozed": _flag(gettext_lazy("Flag snoozed"), "clock"),
    "cause.confirmed": _cause,
    "handover.opened": _handover_opened,
    "handover.written": _handover_written,
    "handover.closed": _handover_closed,
    "people.handed_over": _handed_over,
    **TOGETHER,
    "what_worked.left": named(
        gettext_lazy("What worked was left"), "made_it_work", tone="good", icon="lightbulb"
    ),
    "what_worked.revised": _what_worked_revised,
    "standing.changed": lambda data: Saying("", icon="clock"),
    "person.created": named(gettext_lazy("Person entered"), "username", icon="user"),
    "people.created": named(gettext_lazy("People entered"), "usernames", icon="users"),
    "person.edited": fields_changed(gettext_lazy("Person edited"), "username"),
    "person.deactivated": named(gettext_lazy("Person deactivated"), "username", tone="warning", icon="user"),
    "person.erased": named(gettext_lazy("Person erased"), "username", tone="warning", icon="user"),
    "person.exported": named(gettext_lazy("Data of a person taken along"), "username", icon="download"),
    "person.reactivated": named(gettext_lazy("Person reactivated"), "username", tone="good", icon="user"),
    "password.changed": named(gettext_lazy("Password changed"), "username", icon="key"),
    "password.link_made": named(gettext_lazy("Password link made"), "username", icon="key"),
    **PERSONAL,
    "sessions.ended": named(gettext_lazy("Sessions ended"), "username", icon="logout"),
    "token.issued": named(gettext_lazy("Token issued"), "owner", "name", "scopes", icon="key"),
    "token.revoked": named(gettext_lazy("Token revoked"), "owner", "name", tone="warning", icon="key"),
    "organisation.edited": fields_changed(gettext_lazy("Organisation edited")),
    "threshold.set": fields_changed(gettext_lazy("Threshold set"), "rule"),
    "limit.set": _limits,
    "rate.set": _rate,
    "rate.removed": _rate,
    **WEBHOOKS,
    "demo.seeded": named(gettext_lazy("Demo data entered"), "organisation", icon="play"),
    "demo.scaled": named(gettext_lazy("Data for measuring entered"), icon="play"),
    "demo.ended": named(gettext_lazy("Demo mode ended"), icon="stop"),
}

VERBS = frozenset(_SAYINGS)
"""Every kind of event there is."""
