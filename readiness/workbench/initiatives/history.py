"""What happened to an initiative, and to the organisation, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.audit.models import ActorKind, Event
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Entry
from readiness.workbench.initiatives.consequences import consequences
from readiness.workbench.initiatives.sayings import Saying, said

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


def entries(events: Iterable[Event]) -> list[Entry]:
    """Events as a timeline shows them."""
    return [entry(event) for event in events]


def entry(event: Event) -> Entry:
    """One event in words. What time alone has done has no title but its first consequence."""
    saying = said(event.verb, event.data)
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
    """The person, or what acted without one."""
    return str(event.actor) if event.actor else ACTORS.get(ActorKind(event.actor_kind), "")
