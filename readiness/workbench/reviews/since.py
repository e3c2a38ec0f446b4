"""Who did what at a gate between one review and the next: beside the snapshots, which only say how it stood."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checklists.models import Evidence
from checklists.scoring import MET, cap
from gates.models import Initiative, MaterialChange, TeamRole, Waiver
from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.workbench.checklists.places import GatePlace

EVENTS_MAX = 500
"""So many acts are looked through for who wrote what, the newest: a page stays a page."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Who did it and when; ``by`` is "" where nobody is known."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """One answer or note as it was written: what of the item changed with it."""

    item: str
    trace: Trace
    answer: tuple[str, str] | None
    note: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Somebody who joined or left the team, and as what."""

    name: str
    role: str
    joined: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RanOut:
    """A piece that was in force at the last review and is not today; ``until`` was its last good day."""

    title: str
    until: date


def writings_of(initiative: Initiative, since: datetime | None) -> list[Writing]:
    """What was written in the initiative's checklists after a moment, in order; one query."""
    events = Event.objects.filter(initiative=initiative, verb="answer.recorded").select_related("actor")
    if since is not None:
        events = events.filter(at__gt=since)
    latest = list(events.order_by("-seq")[:EVENTS_MAX])
    return [_writing(event, said) for event in reversed(latest) for said in event.data["answers"]]


def _writing(event: Event, said: dict) -> Writing:
    return Writing(
        item=said["item"],
        trace=Trace(str(event.actor) if event.actor else event.get_actor_kind_display(), event.at),
        answer=(said["answer"][0], said["answer"][1]) if "answer" in said else None,
        note=said.get("note"),
        evidence=tuple(piece["title"] for piece in said.get("evidence", ())),
    )


def team_changes(initiative: Initiative, since: datetime | None) -> list[TeamChange]:
    """Who joined and who left after a moment, in order; one query, none where there is no moment."""
    if since is None:
        return []
    rows = TeamRole.objects.filter(initiative=initiative).select_related("user")
    found = []
    for place in rows:
        if place.since > since:
            found.append(TeamChange(str(place.user), place.get_role_display(), True, place.since))
        if place.until is not None and place.until > since:
            found.append(TeamChange(str(place.user), place.get_role_display(), False, place.until))
    return sorted(found, key=lambda one: one.at)


def material_changes(initiative: Initiative, since: datetime | None) -> list[MaterialChange]:
    """Those declared after a moment, or all of them; one query."""
    rows = MaterialChange.objects.filter(initiative=initiative).select_related("by").order_by("at", "pk")
    return list(rows if since is None else rows.filter(at__gt=since))


def waivers_since(place: GatePlace, since: datetime | None) -> list[tuple[str, Waiver]]:
    """The gate's waivers that were granted after a moment, with the item's code."""
    codes = {state.item.code for state in place.state.items}
    named = [(place.passage.framework.items[one.item_id], one) for one in place.passage.waivers]
    return [(code, one) for code, one in named if code in codes and (since is None or one.granted_at > since)]


def ran_out(place: GatePlace, base: date | None) -> dict[str, list[RanOut]]:
    """By the item's code: pieces that were in force on a day and are not today, though nobody withdrew them."""
    found: dict[str, list[RanOut]] = {}
    if base is None or not place.row.framework.evidence_required:
        return found
    for state in place.state.items:
        for piece in place.passage.evidence.get(state.item.code, ()):
            until = _ended(piece, state.item.evidence_max_age_days, base, place.judgement.as_of)
            if until is not None:
                found.setdefault(state.item.code, []).append(RanOut(piece.title, until))
    return found


def _ended(piece: Evidence, max_age: int | None, base: date, today: date) -> date | None:
    """The last day on which a piece allowed Met, if that lies between the two days."""
    if piece.withdrawn_at is not None or piece.effective_on > base:
        return None
    then = cap((piece.counted,), max_age, base)
    if then.value != MET or then.changes_on is None or then.changes_on > today:
        return None
    return then.changes_on - timedelta(days=1)


def names_of(pieces: Iterable[Evidence]) -> dict[int | None, str]:
    """Everyone who added or withdrew a piece, by key; one query."""
    people: set[int | None] = set()
    for piece in pieces:
        people |= {piece.added_by_id, piece.withdrawn_by_id}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=people - {None})}
