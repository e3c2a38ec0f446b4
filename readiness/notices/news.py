"""Which events are news, to whom, and in which words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gates.criteria import GateKind
from gates.models import TeamRole, Visibility
from gates.promises import criterion_read
from gates.rules import GateStatus
from readiness.accounts.models import Organisation, User
from readiness.actions.gates import texts_of
from readiness.audit.models import Event
from readiness.audit.recording import IMPORTED
from readiness.notices.models import Kind
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.thresholds import Audience
from readiness.standing.links import checklist_url, comments_url, exits_url, gate_url, initiative_url
from readiness.standing.models import Severity
from readiness.standing.words import SEVERITY_WORDS, decision_labels, gate_name
from readiness.ui.local import short_day, within
from readiness.ui.saying import content, say

SUBMITTED, DECIDED, COMMENTED = "gate.submitted", "gate.decided", "comment.added"
ASSIGNED, REASSIGNED = "assignment.made", "assignment.changed"
GIVEN, HANDED_OVER = "condition.given", "people.handed_over"
REOPENED = "condition.reopened"
QUOTED = 300
"""So many characters of a comment stand in a notice."""


@dataclass(slots=True)
class News:
    """What one event has to say: ``to_team`` and ``to_reviewers`` are sentences, ``path`` the page to look at.

    ``exits`` are exit criteria that were reached: the username of who decides, and the words. ``to_person`` are
    sentences for single people, by key.
    """

    headline: str = ""
    path: str = ""
    to_team: list[str] = field(default_factory=list)
    to_reviewers: list[str] = field(default_factory=list)
    exits: list[tuple[str, str]] = field(default_factory=list)
    to_person: dict[int, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.to_team or self.to_reviewers or self.exits or self.to_person)


@dataclass(frozen=True, slots=True)
class Message:
    """What of one event's news is for one person."""

    kind: Kind
    sentences: list[str]


class Readership:
    """Who hears of some events: the teams of their initiatives, the reviewers, whom something is asked of by name, and
    who decides an exit criterion (or, where they cannot, the executives), in four queries.

    Only people who can sign in, and only those who may see the initiative.
    """

    def __init__(self, events: Iterable[Event], person: int | None = None) -> None:
        """``person``: look at this one alone."""
        events = list(events)
        people = User.objects.able_to_sign_in(Organisation.get())
        self._reachable = people.in_bulk(None if person is None else [person])
        named = {decider for event in events for decider, _words in _exits(event)}
        self._deciders = {user.username: user for user in people.filter(username__in=named)} if named else {}
        self._reviewers = {pk for pk, user in self._reachable.items() if user.is_reviewer}
        self._teams: dict[int, set[int]] = defaultdict(set)
        places = TeamRole.objects.filter(
            initiative__in={event.initiative_id for event in events}, until__isnull=True
        )
        for initiative_id, user_id in places.values_list("initiative_id", "user_id"):
            self._teams[initiative_id].add(user_id)

    def has_address(self, person: int) -> bool:
        return person in self._reachable and self._reachable[person].email != ""

    def of(self, event: Event, news: News) -> dict[int, Message]:
        """What each person hears, by key; whoever did it needs no telling."""
        heard = {pk: self.message_for(pk, event, news) for pk in self._reachable if pk != event.actor_id}
        return {pk: message for pk, message in heard.items() if message is not None}

    def message_for(self, person: int, event: Event, news: News) -> Message | None:
        """What of the news is for this person: on the team they hear what the team hears, reviewer or not."""
        if person not in self._reachable or event.initiative_id is None:
            return None
        user = self._reachable[person]
        mine = self._exits_for(user, event, news)
        if self._sees(user, event):
            mine += news.to_person.get(person, [])
        on_team = person in self._teams[event.initiative_id]
        reviews = news.to_reviewers if person in self._reviewers and not on_team else []
        team = news.to_team if on_team else []
        sentences = mine + reviews + team
        if not sentences:
            return None
        return Message(Kind.MINE if mine else Kind.REVIEWS if reviews else Kind.TEAM, sentences)

    def _exits_for(self, user: User, event: Event, news: News) -> list[str]:
        """What this person is to decide: as the one who was named, or as an executive where that one cannot or is
        reached by no mail."""
        found = []
        for username, words in news.exits:
            decider = self._deciders.get(username)
            if decider is not None and not self._sees(decider, event):
                decider = None
            if decider == user:
                said = _("%(words)s: this exit criterion was reached, and the decision is yours.")
                found.append(said % {"words": words})
            elif user.is_executive and (decider is None or not decider.email):
                said = _(
                    "%(words)s: this exit criterion was reached. %(person)s was named to decide it and cannot; an "
                    "executive has to."
                )
                found.append(said % {"words": words, "person": username})
        return found

    def _sees(self, user: User, event: Event) -> bool:
        """Whether this person may see the initiative of an event."""
        if event.initiative is None:
            return False
        to_all = user.sees_organisation and event.initiative.visibility == Visibility.ORGANISATION
        return user.sees_all or to_all or user.pk in self._teams[event.initiative.pk]


def news_of(event: Event) -> News:
    """The news in an event about an initiative, in the language that is active; no sentences where there is none.

    What a file brought in is as it was found: nothing has happened, and two hundred rows are no two hundred mails.
    """
    initiative = event.initiative
    if initiative is None or event.verb == IMPORTED:
        return News()
    news = News(headline=initiative.name, path=initiative_url(initiative.ref))
    data: dict[str, Any] = event.data
    if event.verb == SUBMITTED:
        news.to_reviewers.append(_submission(data))
        news.path = gate_url(initiative.ref, data["gate"])
    elif event.verb == DECIDED:
        news.to_team += _decision(data)
        news.to_person = _conditions(data)
        news.path = gate_url(initiative.ref, data["gate"])
    elif event.verb == COMMENTED:
        _add_mentions(news, event)
    elif event.verb in {ASSIGNED, REASSIGNED}:
        _add_assignment(news, event)
    elif event.verb in {GIVEN, HANDED_OVER}:
        _add_given(news, event)
    elif event.verb == REOPENED:
        _add_reopened(news, event)
    _add_exits(news, event)
    _add_consequences(news, data.get("standing", {}))
    return news


def _add_mentions(news: News, event: Event) -> None:
    data, ref = event.data, news_ref(event)
    said = _("You were mentioned: “%(text)s”") % {"text": Truncator(data["text"]).chars(QUOTED)}
    news.to_person = {person: [said] for person in data.get("mentions", [])}
    if data.get("item"):
        news.path = checklist_url(ref, data["gate"], data["item"])
    elif data.get("gate"):
        news.path = gate_url(ref, data["gate"])
    else:
        news.path = comments_url(ref)


def _add_assignment(news: News, event: Event) -> None:
    """Told to whoever is asked; where an assignment passed on to another person, to that one."""
    data = event.data
    if event.verb == REASSIGNED and data["before"]["person"] == data["person"]:
        said = _("%(item)s “%(title)s”: what you were asked to see to has changed. It is due on %(due)s.")
    else:
        said = _("%(item)s “%(title)s” is yours to see to. It is due on %(due)s.")
    due = short_day(date.fromisoformat(data["due"]))
    sentences = [said % {"item": data["item"], "title": content(data["title"]), "due": due}]
    if data.get("note"):
        sentences.append(data["note"])
    news.to_person = {data["person"]: sentences}
    news.path = checklist_url(news_ref(event), data["gate"], data["item"])


def _add_given(news: News, event: Event) -> None:
    """Told to whoever a condition was given to, alone or with everything that somebody else held."""
    data = event.data
    given = [data] if event.verb == GIVEN else data.get("conditions", [])
    said = _("“%(words)s”, a condition of “%(name)s”, is yours to keep now. It is due on %(due)s.")
    for one in given:
        words = {"words": one["text"], "name": content(one["name"])}
        due = short_day(date.fromisoformat(one["due"]))
        news.to_person.setdefault(data["person"], []).append(said % (words | {"due": due}))
        news.path = gate_url(news_ref(event), one["gate"])


def _add_reopened(news: News, event: Event) -> None:
    """Told to whoever owns the condition and to the technical lead, as they were when it was opened again."""
    data = event.data
    said = _("“%(words)s”, a condition of “%(name)s”, was opened again. It is due on %(due)s.")
    for person in data.get("people", []):
        words = {"words": data["text"], "name": content(data["name"])}
        due = short_day(date.fromisoformat(data["due"]))
        news.to_person[person] = [
            said % (words | {"due": due}),
            _("Reason: %(words)s") % {"words": data["said"]},
        ]
    news.path = gate_url(news_ref(event), data["gate"])


def news_ref(event: Event) -> str:
    """The reference of the initiative an event is about, such as AI-0042."""
    return event.initiative.ref if event.initiative else ""


def _submission(data: dict[str, Any]) -> str:
    if data["kind"] == "checkpoint":
        said = _("The checkpoint “%(name)s” was submitted and waits for a decision.")
    else:
        said = _("The gate “%(name)s” was submitted and waits for a decision.")
    return said % {"name": content(data["name"])}


def _exits(event: Event) -> list[tuple[str, str]]:
    """The exit criteria that were reached with an event: who decides (a username), and the words."""
    reached = event.data.get("standing", {}).get("exits_triggered", [])
    return [(one["decider"], say(criterion_read(one["words"]))) for one in reached]


def _add_exits(news: News, event: Event) -> None:
    news.exits = _exits(event)
    said = _("%(words)s: this exit criterion was reached. %(person)s decides.")
    news.to_team += [said % {"words": words, "person": who} for who, words in news.exits]
    if news.exits and event.initiative is not None:
        news.path = exits_url(event.initiative.ref)


def _decision(data: dict[str, Any]) -> list[str]:
    if data["kind"] == "checkpoint":
        decided = _("The checkpoint “%(name)s” was decided: %(decision)s.")
    else:
        decided = _("The gate “%(name)s” was decided: %(decision)s.")
    decision = within(decision_labels(GateKind(data["kind"]))[data["decision"]])
    said = [
        decided % {"name": content(data["name"]), "decision": decision},
        _("Rationale: %(words)s") % {"words": data["rationale"]},
    ]
    said += [_("Condition: %(words)s") % {"words": text} for text in texts_of(data.get("conditions", []))]
    return said + [f"{one['item']}: {one['text']}" for one in data.get("item_comments", [])]


def _conditions(data: dict[str, Any]) -> dict[int, list[str]]:
    """What each owner of a condition is told; they need not be on the team."""
    found: dict[int, list[str]] = {}
    said = _("“%(words)s” is a condition of the gate “%(name)s”, and yours to keep. It is due on %(due)s.")
    if data["kind"] == "checkpoint":
        said = _(
            "“%(words)s” is a condition of the checkpoint “%(name)s”, and yours to keep. It is due on %(due)s."
        )
    for one in data.get("conditions", []):
        if isinstance(one, dict):
            due = short_day(date.fromisoformat(one["due"]))
            words = said % {"words": one["text"], "name": content(data["name"]), "due": due}
            found.setdefault(one["person"], []).append(words)
    return found


def _add_consequences(news: News, changed: dict[str, Any]) -> None:
    for gate, (_before, status) in changed.get("gates", {}).items():
        if status == GateStatus.LAPSED:
            said = _("%(gate)s has lapsed: it was passed and no longer holds.")
            news.to_team.append(said % {"gate": gate_name(gate)})
    rules = flag_rules()
    opened = [(_("Flag (%(severity)s): %(title)s."), flag) for flag in changed.get("flags_opened", [])]
    back = _("Flag (%(severity)s), no longer snoozed: %(title)s.")
    for said, flag in opened + [(back, flag) for flag in changed.get("flags_back", [])]:
        rule = rules[flag["code"]]
        target = news.to_reviewers if rule.speaks_to == Audience.REVIEWERS else news.to_team
        target.append(
            said
            % {
                "severity": within(SEVERITY_WORDS[Severity(flag["severity"])].label),
                "title": content(rule.title),
            }
        )
