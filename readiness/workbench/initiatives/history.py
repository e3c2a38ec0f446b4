"""What happened to an initiative, and to the organisation, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from checklists.models import Item
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.audit.models import ActorKind, Event
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Entry
from readiness.workbench.initiatives.consequences import consequences
from readiness.workbench.initiatives.sayings import Saying, said
from readiness.workbench.initiatives.telling import NAMES, Names

ACTORS = {
    ActorKind.COMMAND: gettext_lazy("Command on the server"),
    ActorKind.IMPORT: gettext_lazy("Import"),
    ActorKind.CLOCK: gettext_lazy("Passing of time"),
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


def entries(initiative: Initiative, events: Iterable[Event]) -> list[Entry]:
    """Events of one initiative as a timeline shows them, with the names of its items, gates and people."""
    shown = list(events)
    names = _names(initiative, shown)
    return [entry(event, names) for event in shown]


def _names(initiative: Initiative, events: Iterable[Event]) -> Names:
    """The names of its items and gates, and of the people in these events: the events hold only their keys."""
    slugs = initiative.passages.values("framework_slug")
    found = Item.objects.filter(gate__framework__slug__in=slugs).order_by(
        "gate__framework"
    )  # the newest says it last
    rows = list(found.values_list("code", "title", "gate__slug", "gate__name"))
    return Names(
        items={code: title for code, title, _slug, _name in rows},
        gates={slug: name for _code, _title, slug, name in rows},
        people=_people(events),
    )


def _people(events: Iterable[Event]) -> dict[str, str]:
    """The names of those whom edits and conditions name by username."""
    named: set[str] = set()
    for event in events:
        for field, values in event.data.get("changed", {}).items():
            if _names_people(field):
                named |= {
                    one for value in values for one in (value if isinstance(value, list) else [value]) if one
                }
        named |= {
            one["owner"]
            for one in event.data.get("conditions", [])
            if isinstance(one, dict) and "owner" in one
        }
    if not named:
        return {}
    users = User.objects.filter(username__in=named)
    return {user.username: str(user) for user in users}


def _names_people(field: str) -> bool:
    return field.startswith("people.") or field in ("owner", "decider")


def _with_people(data: Mapping[str, Any], people: Mapping[str, str]) -> Mapping[str, Any]:
    """The same with the names of people in place of their usernames, wherever an edit names some."""
    if not people or "changed" not in data:
        return data

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [people.get(one, one) for one in value]
        return people.get(value, value) if isinstance(value, str) else value

    changed = {
        field: [named(value) for value in values] if _names_people(field) else values
        for field, values in data["changed"].items()
    }
    return {**data, "changed": changed}


def entry(event: Event, names: Names | None = None) -> Entry:
    """One event in words. What time alone has done has no title but its first consequence."""
    data = {**_with_people(event.data, names.people), NAMES: names} if names else event.data
    saying = said(event.verb, data)
    followed = consequences(event.data.get("standing") or {})
    if not saying.title:
        first = followed.pop(0) if followed else _("Computed anew")
        saying = Saying(first.rstrip("."), saying.body, saying.tone, saying.icon)
    return Entry(
        title=saying.title,
        when=event.at,
        who=who(event),
        body="\n".join(part for part in (saying.body, " ".join(followed)) if part),
        tone=saying.tone,
        icon=saying.icon,
    )


def who(event: Event) -> str:
    """The person, with the token of the program that acted in their name; or what acted without one."""
    acted = str(event.actor) if event.actor else ACTORS.get(ActorKind(event.actor_kind), "")
    if not event.token_name:
        return acted
    return _("%(person)s, by token %(token_name)s") % {"person": acted, "token_name": event.token_name}
