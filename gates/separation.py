"""Who may not decide a gate, whatever role they hold: separation of duties.

Pure: standard library only. The same bars hold for granting a waiver on an item of the gate and for confirming or
reopening a condition of it. In plain words: docs/rules.md, "Who may decide".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checklists.said import said


class Bar(StrEnum):
    SUBMITTED_IT = "submitted_it"
    WROTE_IN_IT = "wrote_in_it"
    ON_THE_TEAM = "on_the_team"
    WAS_ON_THE_TEAM = "was_on_the_team"


BAR_MESSAGES = {
    Bar.SUBMITTED_IT: said("You submitted it."),
    Bar.WROTE_IN_IT: said("You wrote an answer or evidence in it since its last decision."),
    Bar.ON_THE_TEAM: said("You are on the team of this initiative."),
    Bar.WAS_ON_THE_TEAM: said("You were on the team of this initiative since its last decision."),
}


KEPT_IT = said("You said yourself that it is kept.")
"""Why whoever marked a condition kept does not confirm it."""


@dataclass(frozen=True, slots=True)
class Writing:
    """An answer given or taken back, or evidence added or withdrawn, in the gate: by whom (a key), when."""

    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place on the team (any of its roles), from one moment to another; None = still."""

    person: int
    since: datetime
    until: datetime | None = None


def bars(
    person: int,
    *,
    last_decision_at: datetime | None,
    submitted_by: int | None,
    writings: Iterable[Writing],
    places: Iterable[Place],
) -> tuple[Bar, ...]:
    """Why this person may not decide the gate; empty where nothing separates them from it.

    `submitted_by` is who made the waiting submission. Without an earlier decision everything counts since the
    beginning; what happened in the moment of the last decision counts as since.
    """
    found = []
    if submitted_by == person:
        found.append(Bar.SUBMITTED_IT)
    if any(one.by == person and _since(one.at, last_decision_at) for one in writings):
        found.append(Bar.WROTE_IN_IT)
    own = [place for place in places if place.person == person]
    if any(place.until is None for place in own):
        found.append(Bar.ON_THE_TEAM)
    elif any(place.until is not None and _since(place.until, last_decision_at) for place in own):
        found.append(Bar.WAS_ON_THE_TEAM)
    return tuple(found)


def _since(at: datetime, last_decision_at: datetime | None) -> bool:
    return last_decision_at is None or at >= last_decision_at
