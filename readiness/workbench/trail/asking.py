"""What an auditor asks the trail for: the words and filters of an address, and what of them is not understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet, sort_key
from readiness.accounts.models import Organisation, User
from readiness.actions.texts import character_errors
from readiness.audit.searching import Asked
from readiness.audit.verbs import verb_words
from readiness.ui.comboboxes import Combobox, nothing_likely
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Match
from readiness.workbench.choosing.candidates import Candidates
from readiness.workbench.choosing.fields import PersonField, ask
from readiness.workbench.finding import REF
from readiness.workbench.initiatives.sayings import VERBS

WORDS_MAX = 200
PEOPLE, INITIATIVES = "people", "initiatives"
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_FOUND = 20
_IN_BRACKETS = re.compile(r".*\((AI-\d{4,18})\)", re.S)


class InitiativeField(forms.CharField):
    """One initiative, by its reference or its name. Cleaned to its key, None for none."""

    widget = Combobox({"placeholder": gettext_lazy("Name or AI-0042")})
    visible: InitiativeQuerySet

    def clean(self, value: Any) -> Any:
        """Raises ValidationError ``unknown_initiative`` or ``several_initiatives``."""
        text = super().clean(value)
        if not text:
            return None
        possible = list(_called(self.visible, text).order_by()[:2])
        if len(possible) == 1:
            return possible[0].pk
        if possible:
            sentence = _(
                "“%(text)s” may mean several initiatives: choose one from the list, or write AI-0042."
            )
            raise forms.ValidationError(sentence % {"text": text[:60]}, code="several_initiatives")
        sentence = _("No initiative is called “%(text)s”.")
        raise forms.ValidationError(sentence % {"text": text[:60]}, code="unknown_initiative")


class _Day(forms.Field):
    """A day as a field of the browser sends it. Cleaned to a date, None for none."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        text = (value or "").strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            sentence = _("“%(text)s” is not a day such as 2026-11-30.")
            raise forms.ValidationError(sentence % {"text": text[:40]}, code="no_day")
        return day


class Filters(forms.Form):
    """Who, what about, and when."""

    who = PersonField(required=False, max_length=WORDS_MAX)
    about = InitiativeField(required=False, max_length=WORDS_MAX)
    since = _Day(required=False)
    until = _Day(required=False)

    def __init__(self, asked: Mapping[str, Any], reader: User) -> None:
        super().__init__(asked, auto_id="trail-%s")
        people = Candidates(User.objects.all(), reader, reverse("audit-candidates", args=[PEOPLE]))
        ask(self, "who", people)
        self.fields["who"].widget.likely = nothing_likely  # a list of filters asks for no more than it shows
        about = cast(InitiativeField, self.fields["about"])
        about.visible = Initiative.objects.visible_to(reader)
        about.widget.search = reverse("audit-candidates", args=[INITIATIVES])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            raise forms.ValidationError(_("The first day is after the last one, so nothing is found."))
        return given


@dataclass(frozen=True, slots=True)
class Question:
    """What an address asks for.

    With ``problems`` (the id by which a field is described, and a sentence) nothing is looked for: a filter that is
    left out would show, or hand out, more than was asked for.
    """

    asked: Asked
    form: Filters
    query: list[tuple[str, str]]
    problems: tuple[tuple[str, str], ...]

    @property
    def active(self) -> int:
        """How many filters are set; the words are none."""
        return sum(1 for name, _value in self.query if name != "q")


def question_of(given: QueryDict, reader: User, organisation: Organisation) -> Question:
    verb = given.get("verb", "")
    verb = verb if verb in VERBS else ""
    words = given.get("q", "").replace("\x00", "")[:WORDS_MAX].strip()
    form = Filters(given, reader)
    form.is_valid()
    problems = tuple(
        (f"trail-{name}_error", str(one)) for name, several in form.errors.items() for one in several
    )
    cleaned = {} if problems else form.cleaned_data
    who, about, since, until = (cleaned.get(name) for name in ("who", "about", "since", "until"))
    asked = Asked(
        verb=verb,
        actor=who or "",
        initiative_id=about,
        since=_begin(since, organisation) if since else None,
        until=_begin(until + timedelta(days=1), organisation) if until else None,
        words=words,
        called=verb_words,
    )
    meant = {"who": who, "about": Initiative(pk=about).ref if about else "", "since": since, "until": until}
    said = given if problems else meant
    named = [("verb", verb), ("q", words), *((name, said.get(name)) for name in form.fields)]
    query = [(name, str(value)) for name, value in named if value]
    return Question(asked, form, query, problems)


def _begin(day: date, organisation: Organisation) -> datetime:
    """When a day begins where the organisation is."""
    return datetime.combine(day, time.min, organisation.zone)


def _called(visible: InitiativeQuerySet, text: str) -> InitiativeQuerySet:
    """The one with this reference, alone or behind its name; else those whose name holds every word."""
    labelled = _IN_BRACKETS.fullmatch(text)
    ref = REF.match(labelled[1] if labelled else text.strip().upper())
    if ref is not None:
        return visible.filter(pk=int(ref[1])) if int(ref[1]) < 2**63 else visible.none()
    if character_errors("", text):
        return visible.none()
    for word in sort_key(text).split():
        visible = visible.filter(name_key__contains=word)
    return visible


def initiatives_found(reader: User, words: str) -> tuple[list[Match], bool]:
    """At most twenty that the reader may see and that are called so, by name, and whether there are more."""
    called = _called(Initiative.objects.visible_to(reader), words)
    rows = list(called.order_by("name_key", "pk")[: MOST_FOUND + 1])
    matches = [
        Match(value=f"{one.name} ({one.ref})", label=one.name, hint=one.ref, key=one.ref)
        for one in rows[:MOST_FOUND]
    ]
    return matches, len(rows) > MOST_FOUND
