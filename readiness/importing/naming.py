"""Whom the cells of a row name, held against the people who are here. Nothing is guessed.

Pure. A person is named by username, by e-mail address, as a page writes them (``Lena Berg (lena)``), as a mail program
does (``Lena Berg <lena@example.org>``), or by a whole name that only one person here has, also as ``Berg, Lena``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from checklists.said import Said, joined, said
from readiness.importing.findings import Reason
from readiness.importing.wording import folded, one_line

MEMBERS = "members"
ROLES = ("business_owner", "executive_sponsor", "technical_lead", "deputy", MEMBERS)
"""The places of an initiative, in the words of the REST contract; all but the last are one person's."""
TOLD = 5
_BETWEEN_PEOPLE = re.compile(r"[;\n\r]")
_MAILED = re.compile(r"[^<>]*<\s*([^<>@\s]+@[^<>@\s]+)\s*>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is here."""

    username: str
    name: str
    email: str = ""
    active: bool = True


@dataclass(slots=True)
class Named:
    """Whom one cell names, each once. ``unknown`` are words for nobody, ``several`` words that may mean several;
    ``torn`` are lists between commas that name nobody, since one part is unknown and a comma may belong to a name."""

    people: list[Person] = field(default_factory=list)
    inactive: list[Person] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        return not (self.inactive or self.unknown or self.several or self.torn)


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """Who is to hold a role: usernames in order. ``unclear``: words of the cell could not be used, so that nobody's
    place is taken away by it."""

    role: str
    usernames: tuple[str, ...]
    unclear: bool = False


class Directory:
    """Everybody who is here, found by what people write."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._usernames: dict[str, list[Person]] = {}
        self._addresses: dict[str, list[Person]] = {}
        self._labels: dict[str, list[Person]] = {}
        self._names: dict[str, list[Person]] = {}
        for person in people:
            self._usernames.setdefault(folded(person.username), []).append(person)
            self._labels.setdefault(folded(f"{person.name} ({person.username})"), []).append(person)
            self._names.setdefault(folded(person.name), []).append(person)
            if person.email:
                self._addresses.setdefault(folded(person.email), []).append(person)

    def named(self, cell: str, *, alone: bool = False) -> Named:
        """Whom a cell names: people between semicolons, line breaks or commas. ``alone``: it is to name one person, so
        that a comma in what is not known belongs to a name."""
        found = Named()
        for part in _BETWEEN_PEOPLE.split(cell):
            if words := one_line(part):
                self._take(words, found, alone)
        found.people = list(dict.fromkeys(found.people))
        found.inactive = list(dict.fromkeys(found.inactive))
        return found

    def _take(self, words: str, found: Named, alone: bool) -> None:
        parts = [one.strip() for one in words.split(",") if one.strip()]
        if self._meant(words) or len(parts) < 2:
            self._take_one(words.strip(" ,"), found)
        elif all(self._meant(one) for one in parts):
            for one in parts:
                self._take_one(one, found)
        elif alone:
            found.unknown.append(words)
        else:
            found.unknown += [one for one in parts if not self._meant(one)]
            found.torn.append(words)

    def _take_one(self, words: str, found: Named) -> None:
        meant = self._meant(words)
        active = [person for person in meant if person.active]
        if len(active) > 1 or (not active and len(meant) > 1):
            found.several.append(words)
        elif active:
            found.people += active
        elif meant:
            found.inactive += meant
        elif words:
            found.unknown.append(words)

    def _meant(self, words: str) -> list[Person]:
        """The possible people: a username goes before an e-mail address, and that before a name."""
        plain = folded(words).removeprefix("@")
        mailed = _MAILED.fullmatch(plain)
        ways: tuple[tuple[Mapping[str, list[Person]], str], ...] = (
            (self._usernames, plain),
            (self._addresses, mailed[1] if mailed else plain),
            (self._labels, plain),
            (self._names, plain),
            (self._names, _turned(plain)),
        )
        return next((people[text] for people, text in ways if text in people), [])


def _turned(name: str) -> str:
    """``berg, lena`` the other way round."""
    last, _comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip()


def planned_place(role: str, cell: str, named: Named, note: Callable[[Reason, str], None]) -> PlannedPlace:
    """What becomes of a cell. What cannot be used of it is noted, once for each reason."""
    if named.unknown or named.torn:
        note(Reason.UNKNOWN_PERSON, _nobody(named))
    if named.inactive:
        who = _listed(f"{one.name} ({one.username})" for one in named.inactive)
        note(Reason.INACTIVE_PERSON, said("No longer active, and so not named: {people}.", people=who))
    if named.several:
        sentence = said(
            "Several people here are called so; write the username or the e-mail address: {people}.",
            people=_listed(named.several),
        )
        note(Reason.SEVERAL_PEOPLE, sentence)
    usernames = tuple(sorted(person.username for person in named.people))
    if role != MEMBERS and len(usernames) > 1:
        sentence = said("One person holds this place, and the cell names several; nobody is named by it.")
        note(Reason.SEVERAL_PEOPLE, sentence)
        return PlannedPlace(role, (), unclear=True)
    return PlannedPlace(role, usernames, unclear=bool(cell) and not named.is_clear)


def _nobody(named: Named) -> str:
    sentences: list[Said] = [
        said(
            "Nobody here has this username, e-mail address or name: {people}.",
            people=_listed(named.unknown),
        )
    ]
    if named.torn:
        sentences.append(
            said(
                "Since a comma may belong to a name, nobody is taken from {text}; write semicolons between people.",
                text=_listed(repr(one) for one in named.torn),
            )
        )
    return joined(sentences)


def _listed(words: Iterable[str]) -> str:
    found = list(dict.fromkeys(words))
    more = f", … (+{len(found) - TOLD})" if len(found) > TOLD else ""
    return ", ".join(one[:100] for one in found[:TOLD]) + more
