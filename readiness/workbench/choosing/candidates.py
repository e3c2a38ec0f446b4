"""Whom somebody may choose in one field: found by their words, the likely ones first, and never all of them at once."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.http import urlencode

from gates.models import Initiative, TeamRole
from gates.querysets import sort_key
from readiness.accounts.models import SystemRole, User
from readiness.actions.texts import askable, character_errors
from readiness.ui.parts import Match

MOST_FOUND = 20
MOST_LIKELY = 10
WORDS_MAX = 200
_USERNAME = re.compile(r"[A-Za-z0-9_.@+-]{1,60}")
_LABELLED = re.compile(r".*\(([A-Za-z0-9_.@+-]{1,60})\)", re.S)


def label_of(person: User) -> str:
    """What stands in a field for this person, and names nobody else: ``Lena Berg (lena)``."""
    return f"{person.name} ({person.username})"


def username_in(text: str) -> str:
    """The username that a label ends with; else the text itself."""
    found = _LABELLED.fullmatch(text.strip())
    return found[1] if found else text.strip()


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom some words mean: one person, or the possible ones, of which there may be ``more`` than are named."""

    person: User | None = None
    possible: tuple[User, ...] = ()
    more: bool = False


class Candidates:
    """The people of one field. ``people`` may be chosen; who is ``held`` already may stay, active or not.

    ``search`` is the address that finds them. The likely ones are the team of ``initiative``, then those who last
    joined another team of the ``reader``; ``first`` names a role whose people are found before the others.
    """

    def __init__(
        self,
        people: QuerySet[User],
        reader: User,
        search: str,
        *,
        initiative: Initiative | None = None,
        held: Iterable[str] = (),
        first: SystemRole | None = None,
    ) -> None:
        self.people, self.reader, self.search = people, reader, search
        self.initiative, self.first = initiative, first
        self.left_out = ""
        self._all: Candidates | None = None
        self.held = askable(username for username in held if username)

    def without(self, username: str) -> "Candidates":
        """The same but one. What the database was asked for one of them it is not asked again for the other."""
        other = copy(self)
        other.left_out = username
        if username and not character_errors("", username):
            other.people = self.people.exclude(username=username)
            other.search = f"{self.search}?{urlencode({'but': username})}"
        other._all = self
        return other

    @cached_property
    def known(self) -> dict[str, User]:
        """Those who are held, by username; one query, none where nobody is."""
        if self._all is not None:
            return self._all.known
        return {one.username: one for one in User.objects.filter(username__in=self.held)}

    @cached_property
    def likely(self) -> list[Match]:
        """At most ten: two small queries, however many people there are."""
        if self._all is not None:
            return [one for one in self._all.likely if one.key != self.left_out]
        team = list(self.people.filter(pk__in=self._team.values("user"))[:MOST_LIKELY])
        own = Initiative.objects.on_team_of(self.reader).order_by()
        places = TeamRole.objects.filter(initiative__in=own.values("pk"), until__isnull=True)
        last = places.filter(user=OuterRef("pk")).order_by("-since").values("since")[:1]
        others = self.people.filter(pk__in=places.values("user")).exclude(pk__in=[one.pk for one in team])
        recent = others.annotate(last=Subquery(last)).order_by("-last", "name_key", "pk")[:MOST_LIKELY]
        return [self.match(one) for one in [*team, *recent][:MOST_LIKELY]]

    @property
    def _team(self) -> QuerySet[TeamRole]:
        key = self.initiative.pk if self.initiative else None
        return TeamRole.objects.filter(initiative=key, until__isnull=True)

    def match(self, person: User) -> Match:
        """A person as a list shows them: who has the role that is found first is called so."""
        hints = [f"@{person.username}", person.unit]
        if self.first and getattr(person, f"is_{self.first.value}"):
            hints.append(str(self.first.label))
        hint = " · ".join(word for word in hints if word)
        return Match(value=label_of(person), label=person.name, hint=hint, key=person.username)

    def words(self, username: str) -> str:
        """A person as a page reads who is held: name and unit."""
        person = self.known.get(username)
        if person is None:
            return username
        return f"{person.name}, {person.unit}" if person.unit else person.name

    def found(self, words: str) -> tuple[list[User], bool]:
        """At most twenty whose name or username begins with every word, and whether there are more; one query."""
        rows = list(self._ordered(self._matching(self.people, words))[: MOST_FOUND + 1])
        return rows[:MOST_FOUND], len(rows) > MOST_FOUND

    def meant(self, text: str) -> Meant:
        """Whom this text names: by label or username, else by the whole name, else by the beginnings of its words."""
        text = text.strip().removeprefix("@")
        if not text or len(text) > WORDS_MAX or character_errors("", text):
            return Meant()
        named = self._named(text)
        if named is not None:
            return Meant(named)
        key = sort_key(text)
        for rows in (self._within.filter(name_key=key), self._matching(self._within, text)):
            possible = list(self._ordered(rows)[: MOST_FOUND + 1])
            if len(possible) == 1:
                return Meant(possible[0])
            if possible:
                return Meant(None, tuple(possible[:MOST_FOUND]), len(possible) > MOST_FOUND)
        return Meant()

    def all_named(self, usernames: Iterable[str]) -> dict[str, User]:
        """Those of these usernames who may be chosen, by what was asked; one query."""
        asked = askable(usernames)
        return {one.username: one for one in self._within.filter(username__in=asked)} if asked else {}

    @property
    def _within(self) -> QuerySet[User]:
        """Those who may be chosen, and those who are held."""
        if not self.held:
            return self.people
        return User.objects.filter(Q(pk__in=self.people.order_by().values("pk")) | Q(username__in=self.held))

    def _named(self, text: str) -> User | None:
        """The one with this username, or with the one that the label ends with, whatever its case."""
        names = [one for one in (text, username_in(text)) if _USERNAME.fullmatch(one)]
        if not names:
            return None
        rows = self._within.alias(lower=Lower("username")).filter(lower__in=[one.lower() for one in names])
        by_name = {one.username.lower(): one for one in rows}
        return next((by_name[one.lower()] for one in names if one.lower() in by_name), None)

    def _matching(self, people: QuerySet[User], words: str) -> QuerySet[User]:
        words = words[:WORDS_MAX].strip().removeprefix("@")
        if character_errors("", words):
            return people.none()
        keys = sort_key(words).split()
        if words and not keys:
            return people.none()
        for key in keys:
            begins = Q(name_key__startswith=key) | Q(username__istartswith=key)
            people = people.filter(begins | Q(name_key__contains=f" {key}") | Q(name_key__contains=f"-{key}"))
        return people

    def _ordered(self, people: QuerySet[User]) -> QuerySet[User]:
        first = [f"-is_{self.first.value}"] if self.first else []
        people = people.annotate(on_team=Exists(self._team.filter(user=OuterRef("pk"))))
        return people.order_by(*first, "-on_team", "name_key", "pk")
