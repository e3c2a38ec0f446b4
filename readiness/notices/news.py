"""Which events are news, to whom, and in which words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gates.models import DECISIONS, TeamRole, Visibility
from gates.rules import GateStatus
from readiness.accounts.models import Organisation, User
from readiness.audit.models import Event
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.thresholds import Audience
from readiness.standing.links import exits_url, gate_url, initiative_url

SUBMITTED, DECIDED = "gate.submitted", "gate.decided"
DECISION_WORDS = dict(DECISIONS)


@dataclass(slots=True)
class News:
    """What one event has to say: ``to_team`` and ``to_reviewers`` are sentences, ``path`` the page to look at.

    ``exits`` are exit criteria that were reached: the username of who decides, and the words.
    """

    headline: str = ""
    path: str = ""
    to_team: list[str] = field(default_factory=list)
    to_reviewers: list[str] = field(default_factory=list)
    exits: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.to_team or self.to_reviewers or self.exits)


class Readership:
    """Who hears of some events: the teams of their initiatives, the reviewers, and who decides an exit criterion (or,
    where they cannot, the executives), in four queries.

    Only people who can sign in and have an address, and only those who may see the initiative.
    """

    def __init__(self, events: Iterable[Event], person: int | None = None) -> None:
        """``person``: look at this one alone."""
        events = list(events)
        people = User.objects.able_to_sign_in(Organisation.get()).exclude(email="")
        self._reachable = people.in_bulk(None if person is None else [person])
        named = {decider for event in events for decider, _ in _exits(event)}
        self._deciders = {user.username: user for user in people.filter(username__in=named)} if named else {}
        self._reviewers = {pk for pk, user in self._reachable.items() if user.is_reviewer}
        self._teams: dict[int, set[int]] = defaultdict(set)
        places = TeamRole.objects.filter(
            initiative__in={event.initiative_id for event in events}, until__isnull=True
        )
        for initiative_id, user_id in places.values_list("initiative_id", "user_id"):
            self._teams[initiative_id].add(user_id)

    def of(self, event: Event, news: News) -> set[int]:
        """The keys of those it goes to; whoever did it needs no mail."""
        return {
            pk for pk in self._reachable if pk != event.actor_id and self.sentences_for(pk, event, news) != []
        }

    def sentences_for(self, person: int, event: Event, news: News) -> list[str]:
        """What of the news is for this person: on the team they hear what the team hears, reviewer or not."""
        if person not in self._reachable or event.initiative_id is None:
            return []
        own = self._exits_for(self._reachable[person], event, news)
        if person in self._teams[event.initiative_id]:
            return own + news.to_team
        return own + news.to_reviewers if person in self._reviewers else own

    def _exits_for(self, user: User, event: Event, news: News) -> list[str]:
        """What this person is to decide: as the one who was named, or as an executive where that one cannot."""
        found = []
        for username, words in news.exits:
            decider = self._deciders.get(username)
            if decider is None or not self._sees(decider, event):
                if user.is_executive:
                    found.append(
                        f"{words}: this exit criterion was reached. {username} was named to decide it and cannot; "
                        "an executive has to."
                    )
            elif decider.pk == user.pk:
                found.append(f"{words}: this exit criterion was reached, and the decision is yours.")
        return found

    def _sees(self, user: User, event: Event) -> bool:
        """Whether this person may see the initiative of an event."""
        if event.initiative is None:
            return False
        to_all = user.sees_organisation and event.initiative.visibility == Visibility.ORGANISATION
        return user.sees_all or to_all or user.pk in self._teams[event.initiative.pk]


def news_of(event: Event) -> News:
    """The news in an event about an initiative; without sentences where there is none."""
    initiative = event.initiative
    if initiative is None:
        return News()
    news = News(headline=initiative.name, path=initiative_url(initiative.ref))
    data: dict[str, Any] = event.data
    if event.verb == SUBMITTED:
        news.to_reviewers.append(
            f"The {data['kind']} “{data['name']}” was submitted and waits for a decision."
        )
        news.path = gate_url(initiative.ref, data["gate"])
    elif event.verb == DECIDED:
        news.to_team += _decision(data)
        news.path = gate_url(initiative.ref, data["gate"])
    _add_exits(news, event)
    _add_consequences(news, data.get("standing", {}))
    return news


def _exits(event: Event) -> list[tuple[str, str]]:
    """The exit criteria that were reached with an event: who decides (a username), and the words."""
    reached = event.data.get("standing", {}).get("exits_triggered", [])
    return [(one["decider"], one["words"]) for one in reached]


def _add_exits(news: News, event: Event) -> None:
    news.exits = _exits(event)
    news.to_team += [f"{words}: this exit criterion was reached. {who} decides." for who, words in news.exits]
    if news.exits and event.initiative is not None:
        news.path = exits_url(event.initiative.ref)


def _decision(data: dict[str, Any]) -> list[str]:
    decision = DECISION_WORDS[data["decision"]].lower()
    said = [
        f"The {data['kind']} “{data['name']}” was decided: {decision}.",
        f"Rationale: {data['rationale']}",
    ]
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
