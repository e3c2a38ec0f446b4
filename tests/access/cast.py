"""Who knocks: one person for every way in which somebody can stand to an initiative, and one token a scope for each."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions.people import deactivate_person
from readiness.audit.recording import Actor
from tests.fixtures import pages, person, token_for

# On the team of what lena leads: a lead, somebody without any role, a reviewer, an auditor, an admin.
ON_THE_TEAM = ("lena", "mia", "rita", "abel", "adam")
# Off it: a lead of another unit, a reviewer, an executive, an auditor, an admin, somebody without any role.
OFF_THE_TEAM = ("omar", "ravi", "elsa", "iris", "ada", "nils")
# No door is open to them: nobody is signed in, and gone was a lead on the team until deactivated, session and all.
OUTSIDE = ("nobody", "gone")
EVERYBODY = (*OUTSIDE, *ON_THE_TEAM, *OFF_THE_TEAM)
# Whose tokens are tried.
TOKEN_OWNERS = ("gone", "lena", "mia", "omar", "ravi", "elsa", "iris", "ada")

# How those on lena's team stand to what another team keeps to itself: as the one here who has their roles and no place.
# Leads and people without a role may not know of it.
STRANGERS = {"lena": "", "mia": "", "omar": "", "nils": "", "rita": "ravi", "abel": "iris", "adam": "ada"}

_ROLES: dict[str, dict[str, bool]] = {
    "lena": {"lead": True},
    "mia": {},
    "rita": {"reviewer": True},
    "abel": {"auditor": True},
    "adam": {"admin": True},
    "gone": {"lead": True},
    "omar": {"lead": True},
    "ravi": {"reviewer": True},
    "elsa": {"executive": True},
    "iris": {"auditor": True},
    "ada": {"admin": True},
    "nils": {},
    "tess": {"lead": True},  # leads what is not lena's
}


@dataclass(slots=True)
class Cast:
    """Everybody with their session's cookie and their tokens. One client knocks for all of them."""

    people: dict[str, User]
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[tuple[str, Scope], str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def knock(self, who: str, method: str, url: str, scope: Scope | None = None, **sent: Any) -> HttpResponse:
        """One request of this person's: with their token of this scope, or else with their session."""
        self.client.cookies = SimpleCookie()
        headers = {}
        if scope is not None:
            headers["authorization"] = f"Bearer {self.tokens[who, scope]}"
        elif who in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        ask = getattr(self.client, method.lower(), None) or partial(self.client.generic, method)
        response = ask(url, headers=headers, **sent)
        if response.streaming:  # read to its end, it closes its file
            response.content_sent = response.getvalue()
        return response


def gather() -> Cast:
    """Make everybody. Gone is still there: ``close_the_door`` deactivates them once they are on the team."""
    cast = Cast({name: person(name, **roles) for name, roles in _ROLES.items()})
    # However long it takes: nobody's visit is noted while they knock, for a page that is refused writes nothing.
    User.objects.update(seen_at=clock.now() + timedelta(days=1))
    for name, user in cast.people.items():
        user.refresh_from_db()
        cast.sessions[name] = pages(user).cookies[settings.SESSION_COOKIE_NAME].value
    for name in TOKEN_OWNERS:
        for scope in Scope:
            cast.tokens[name, scope] = token_for(cast.people[name], scope)
    return cast


def close_the_door(cast: Cast) -> None:
    """Gone leaves."""
    deactivate_person("gone", Actor.person(cast.people["ada"]), clock.now())
