"""Fields that choose people: their values are usernames, and what stands in them is read by people."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from readiness.ui.comboboxes import Combobox, Gathered, GatheringCombobox, Typed
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Match
from readiness.workbench.choosing.candidates import Candidates, Meant, label_of, username_in

_BETWEEN = re.compile(r"[,;\n]")
_HINT = {"placeholder": gettext_lazy("Name or username")}


class PersonField(forms.CharField):
    """One person. Cleaned to a username, "" for nobody; ``candidates`` are given by the form."""

    widget = Combobox(_HINT)
    candidates: Candidates
    _settled: tuple[str, str] | None = None

    def give(self, candidates: Candidates) -> None:
        self.candidates = candidates
        self.widget.search = candidates.search
        self.widget.likely = lambda: candidates.likely

    def prepare_value(self, value: Any) -> Any:
        """A username as it is read. What was typed stays, once it is known whom it means with the name."""
        if self._settled and value == self._settled[0]:
            return self._settled[1]
        person = self.candidates.known.get(value) if isinstance(value, str) else None
        return label_of(person) if person else value

    def clean(self, value: Any) -> str:
        """Raises ValidationError ``unknown_person`` or ``several_people``, then with the possible ones to pick from."""
        text = super().clean(value)
        if not text:
            return ""
        meant = self.candidates.meant(text)
        person = meant.person or picked_of(meant, getattr(value, "picked", ()))
        if person is None:
            self.widget.offered = [self.candidates.match(one) for one in meant.possible]
            raise refusal(text, meant)
        self._settled = (value, label_of(person))
        return person.username

    def read(self, value: Typed | None) -> str:
        """What was typed and picked in words that need no pick, for a form that is laid out again unjudged."""
        if not value or not value.picked:
            return value or ""
        person = picked_of(self.candidates.meant(value), value.picked)
        return label_of(person) if person else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return username_in(initial or "") != username_in(data or "") or bool(getattr(data, "picked", ()))

    def words(self, value: Any) -> str:
        """Who stands in the field, as a page reads it."""
        return self.candidates.words(username_in(value or ""))


class PeopleField(forms.Field):
    """Several people. Cleaned to usernames in order; who is chosen is listed, and others are added by name."""

    widget: GatheringCombobox = GatheringCombobox()  # type: ignore[assignment]
    candidates: Candidates

    def give(self, candidates: Candidates, stands: Iterable[str]) -> None:
        """``stands``: who is chosen as it was last saved; they stay on the page where they are unticked."""
        self.candidates, self.stands = candidates, set(stands)
        self.widget.adding.attrs |= _HINT
        self.widget.adding.search = candidates.search
        self.widget.adding.likely = lambda: candidates.likely
        self._shown: dict[str, Match] = {}

    def prepare_value(self, value: Any) -> Any:
        """The same value; the widget lists who stands in it or stood in it, by name."""
        known = self.candidates.known
        held = {name: self.candidates.match(known[name]) for name in self.stands if name in known}
        self.widget.chosen = sorted((held | self._shown).values(), key=lambda one: (one.label, one.key))
        return value

    def clean(self, value: Any) -> list[str]:
        """Raises ValidationError as one person's field does, once for each name that is not clear."""
        gathered = value if isinstance(value, Gathered) else Gathered(value or ())
        named = self.candidates.all_named(gathered)
        self._shown = {one.username: self.candidates.match(one) for one in named.values()}
        errors = [refusal(one, Meant()) for one in gathered if one not in named]
        added, wrong = self._added(gathered.adding)
        errors += wrong
        if errors:
            raise forms.ValidationError(errors)
        usernames = sorted({*named, *added})
        if self.required and not usernames:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return usernames

    def _added(self, adding: Typed) -> tuple[list[str], list[forms.ValidationError]]:
        """Whom the words beside the list name: one person whole, or several between commas."""
        usernames: list[str] = []
        errors: list[forms.ValidationError] = []
        offered: dict[str, Match] = {}
        for text in self._parts(adding):
            meant = self.candidates.meant(text)
            people = [meant.person] if meant.person else all_picked_of(meant, adding.picked)
            usernames += [one.username for one in people]
            if not people:
                errors.append(refusal(text, meant))
            if not meant.person:
                offered |= {one.username: self.candidates.match(one) for one in meant.possible}
        self.widget.adding.offered = list(offered.values())
        return usernames, errors

    def _parts(self, text: str) -> list[str]:
        parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        if len(parts) > 1 and self.candidates.meant(text).person:
            return [text]  # a name that holds a comma
        return parts[:MOST_ADDED]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != set(data or ()) or bool(getattr(data, "adding", ""))

    def words(self, value: Any) -> str:
        """Who stands in the field, as a page reads it."""
        names = [self.candidates.words(one) for one in value or ()]
        return ", ".join([*names, *([value.adding] if getattr(value, "adding", "") else [])])


MOST_ADDED = 50
"""So many names are looked up at once."""


def ask(form: forms.BaseForm, name: str, candidates: Candidates) -> None:
    """Say whom a field of the form may choose."""
    field = form.fields[name]
    if isinstance(field, PersonField):
        field.give(candidates)
    elif isinstance(field, PeopleField):
        field.give(candidates, form.initial.get(name) or ())
    else:
        raise TypeError(f"No person can be chosen in {name!r}.")


def picked_of(meant: Meant, picked: Iterable[str]) -> Any:
    """The one of the possible people who was picked; None where none of them was."""
    return next(iter(all_picked_of(meant, picked)), None)


def all_picked_of(meant: Meant, picked: Iterable[str]) -> list[Any]:
    chosen = {username_in(one) for one in picked}
    return [one for one in meant.possible if one.username in chosen]


def refusal(text: str, meant: Meant) -> forms.ValidationError:
    """Why some words choose nobody."""
    if not meant.possible:
        message = _("Nobody who can be chosen here is called “%(words)s”.")
        return forms.ValidationError(message % {"words": text}, code="unknown_person")
    message = (
        _("“%(words)s” may mean many people; the first of them are below. Choose, or write more of the name.")
        if meant.more
        else _("“%(words)s” may mean several people. Choose below who is meant.")
    )
    return forms.ValidationError(message % {"words": text}, code="several_people")
