"""What happens to a person's own account: which events they are told of at once, in which words, and at which address.

These mails cannot be switched off: they are how somebody learns that another works with their account.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from readiness.accounts.models import Organisation, Scope, User
from readiness.audit.models import ActorKind, Event
from readiness.notices.models import AccountMail

EDITED = "person.edited"
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Deed:
    """``owner`` is the key in an event's data under which the username of whose account it is stands."""

    say: Callable[[Data], str]
    owner: str = "username"
    tells: Callable[[Data], bool] = lambda _data: True


def sentence_of(event: Event) -> str:
    """What was done to the account, in the language that is active. It never holds a secret."""
    return DEEDS[event.verb].say(event.data)


def by_whom(event: Event) -> str:
    """Who did it, as its owner is told: "you", an admin by name, or a command on the server."""
    if event.verb == "password.changed" and event.data.get("by") == "link":
        return _("whoever opened the link to set a password that was mailed to you or that an admin gave you")
    if event.actor is None:
        return {
            ActorKind.COMMAND.value: _("a command on the server"),
            ActorKind.IMPORT.value: _("an import"),
        }.get(event.actor_kind, _("the passing of time"))
    if event.actor.username == _owner(event):
        return _("you yourself, or somebody who was signed in as you")
    return _("the admin %(name)s") % {"name": event.actor.name}


def mails_about_accounts(events: Iterable[Event], at: datetime) -> list[AccountMail]:
    """The mails that some events ask for, due at once: to the address that held when it happened, and where an
    address was changed to both. Nobody is left out but who has no address, and the demo's people once it has ended."""
    told = [event for event in events if event.verb in DEEDS and DEEDS[event.verb].tells(event.data)]
    if not told:
        return []
    people = _owners(told)
    moved = _addresses_left(told)
    return [
        AccountMail(event=event, recipient=person, address=address, due_at=at)
        for event in told
        if (person := people.get(_owner(event)))
        for address in _addresses(event, person, moved[person.username])
    ]


def _owner(event: Event) -> str:
    return str(event.data.get(DEEDS[event.verb].owner, ""))


def _owners(events: Sequence[Event]) -> dict[str, User]:
    people = User.objects.filter(username__in={_owner(event) for event in events})
    if not Organisation.get().demo:
        people = people.filter(is_demo=False)
    return {person.username: person for person in people}


def _addresses_left(events: Sequence[Event]) -> dict[str, list[tuple[int, str]]]:
    """Of each person the changes of address since the first of some events: its number, and what held before."""
    edits = Event.objects.filter(
        verb=EDITED,
        seq__gte=events[0].seq,
        data__username__in=sorted({_owner(event) for event in events}),
        data__changed__has_key="email",
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for edit in edits.order_by("seq"):
        found[edit.data["username"]].append((edit.seq, edit.data["changed"]["email"][0]))
    return found


def _addresses(event: Event, person: User, left: Sequence[tuple[int, str]]) -> list[str]:
    """Who first changes the address and then the rest must not be the only one who hears of the rest."""
    if event.verb == EDITED:
        both = event.data["changed"]["email"]
    else:
        both = [next((before for seq, before in left if seq > event.seq), person.email)]
    return [address for address in dict.fromkeys(both) if address]


def _said(words: Callable[[], str]) -> Callable[[Data], str]:
    return lambda _data: words()


def _address_changed(data: Data) -> str:
    before, after = data["changed"]["email"]
    if not before:
        return _("The e-mail address of your account is now %(after)s.") % {"after": after}
    if not after:
        return _("The e-mail address of your account, %(before)s, was taken out.") % {"before": before}
    return _("The e-mail address of your account was changed from %(before)s to %(after)s.") % {
        "before": before,
        "after": after,
    }


def _token_issued(data: Data) -> str:
    labels = ", ".join(str(Scope(scope).label) for scope in data["scopes"])
    return _("An API token was made in your name: “%(name)s”. It may: %(scopes)s.") % {
        "name": data["name"],
        "scopes": labels,
    }


DEEDS: Mapping[str, _Deed] = {
    "person.created": _Deed(
        _said(lambda: _("An account with a password was made for you.")),
        tells=lambda data: bool(data.get("with_password")),
    ),
    EDITED: _Deed(_address_changed, tells=lambda data: "email" in data.get("changed", {})),
    "password.changed": _Deed(_said(lambda: _("Your password was changed."))),
    "two_factor.set_up": _Deed(
        _said(lambda: _("An authenticator app was set up as the second factor of your account."))
    ),
    "two_factor.turned_off": _Deed(
        _said(lambda: _("The second factor of your account was switched off: the password alone signs in."))
    ),
    "two_factor.reset": _Deed(
        _said(lambda: _("The second factor of your account was taken away: the password alone signs in."))
    ),
    "two_factor.recovery_codes_made": _Deed(
        _said(lambda: _("New recovery codes were made for your account; the former ones are void."))
    ),
    "two_factor.recovery_code_used": _Deed(
        _said(lambda: _("One of your recovery codes was used to sign in or to change your second factor."))
    ),
    "token.issued": _Deed(_token_issued, owner="owner"),
}
