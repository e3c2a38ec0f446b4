"""Which events are news, to whom, and in which words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gates.models import DECISIONS, TeamRole
from gates.rules import GateStatus
from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.thresholds import Audience
from readiness.standing.links import gate_url, initiative_url

SUBMITTED, DECIDED = "gate.submitted", "gate.decided"
DECISION_WORDS = dict(DECISIONS)


@dataclass(slots=True)
class News:
    """What one event has to say: ``to_team`` and ``to_reviewers`` are sentences, ``path`` the page to look at."""

    headline: str = ""
    path: str = ""
    to_team: list[str] = field(default_factory=list)
    to_reviewers: list[str] = field(default_factory=list)


def news_of(event: Event) -> News:
    """The news in an event about an initiative; without sentences where there is none."""
    initiative = event.initiative
    if initiative is None:
        return News()
    news = News(headline=initiative.name, path=initiative_url(initiative.ref))
    data: dict[str, Any] = event.data
    if event.verb == SUBMITTED:
        news.to_reviewers.append(f"The {data['kind']} “{data['name']}” was submitted and waits for a decision.")
        news.path = gate_url(initiative.ref, data["gate"])
    elif event.verb == DECIDED:
        news.to_team += _decision(data)
        news.path = gate_url(initiative.ref, data["gate"])
    _add_consequences(news, data.get("standing", {}))
    return news


def recipients(event: Event, news: News) -> dict[int, User]:
    """Whom it goes to: active people with an address, the one who did it left out."""
    people: dict[int, User] = {}
    team = {place.user_id: place.user for place in _team(event)}
    if news.to_team:
        people |= team
    if news.to_reviewers:
        people |= {user.pk: user for user in User.objects.reviewers() if user.pk not in team}
    return {
        pk: user for pk, user in people.items() if user.is_active and user.email and pk != event.actor_id
    }


def sentences_for(user: User, event: Event, news: News) -> list[str]:
    """What of the news is for this person."""
    if any(place.user_id == user.pk for place in _team(event)):
        return news.to_team
    return news.to_reviewers if user.is_reviewer else []


def _team(event: Event) -> Iterable[TeamRole]:
    places = TeamRole.objects.filter(initiative=event.initiative_id, until__isnull=True)
    return places.select_related("user")


def _decision(data: dict[str, Any]) -> list[str]:
    decision = DECISION_WORDS[data["decision"]].lower()
    said = [f"The {data['kind']} “{data['name']}” was decided: {decision}.", f"Rationale: {data['rationale']}"]
    return said + [f"Condition: {text}" for text in data.get("conditions", [])]


def _add_consequences(news: News, changed: dict[str, Any]) -> None:
    for gate, (_, status) in changed.get("gates", {}).items():
        if status == GateStatus.LAPSED:
            name = gate.replace("-", " ").capitalize()
            news.to_team.append(f"{name} has lapsed: it was passed and no longer holds.")
    rules = flag_rules()
    for flag in changed.get("flags_opened", []):
        rule = rules[flag["code"]]
        target = news.to_reviewers if rule.speaks_to == Audience.REVIEWERS else news.to_team
        target.append(f"Flag ({flag['severity']}): {rule.title}.")
