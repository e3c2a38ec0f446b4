"""What every page of the portfolio has in common: who looks at what, as of when, through which filters."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.current import organisation_of
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.clock import now
from readiness.portfolio.figures import Basis, basis
from readiness.portfolio.saved import Views, canonical, own_choices, views_of
from readiness.portfolio.scope import EVERYTHING, Choice, Scope, asked_for, choices, days_chosen
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import short_day
from readiness.ui.parts import Link

SECTIONS: dict[str, str | Promise] = {
    "portfolio": gettext_lazy("Overview"),
    "portfolio-gates": gettext_lazy("Gates"),
    "portfolio-causes": gettext_lazy("Causes"),
    "portfolio-time": gettext_lazy("Time"),
    "portfolio-money": gettext_lazy("Money"),
    "portfolio-trend": gettext_lazy("Trend"),
    "portfolio-compare": gettext_lazy("Compare"),
    "symptoms": gettext_lazy("Symptoms"),
    "portfolio-reports": gettext_lazy("Report"),
}
"""The portfolio's pages by the names of their routes, in the order of their tabs."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set: ``off`` is the page without it."""

    label: str
    words: str
    off: str


@dataclass(frozen=True, slots=True)
class Frame:
    """``visible``: all that the person may see; ``rows``: those of it that the filters let through.

    ``path``: its address without them. ``own``: what else the page was asked for, by name. ``query``: both as they are
    saved with a view.

    ``problems``: what of the address could not be understood, a sentence each.
    """

    section: str
    path: str
    person: User
    organisation: Organisation
    at: datetime
    today: date
    visible: InitiativeQuerySet
    rows: InitiativeQuerySet
    scope: Scope
    problems: tuple[str, ...]
    choices: list[Choice]
    basis: Basis
    views: Views
    own: list[tuple[str, str]]
    query: str

    @property
    def may_create(self) -> bool:
        return allows(self.person, Act.CREATE)

    @property
    def savable(self) -> bool:
        """Whether a view leads here: not to what lies behind a section."""
        return self.path == reverse(self.section)

    @property
    def tabs(self) -> list[Link]:
        """The other pages, with the same filters."""
        return [
            Link(label=str(label), href=self.scope.address(reverse(name)), current=name == self.section)
            for name, label in SECTIONS.items()
        ]

    @property
    def chips(self) -> list[Chip]:
        set_ones = [(one.name, one.label, one.words) for one in self.choices if one.chosen]
        set_ones += [(name, label, short_day(day)) for name, label, day in days_chosen(self.scope)]
        return [
            Chip(label, words, self._address(self.scope.without(name))) for name, label, words in set_ones
        ]

    @property
    def unfiltered(self) -> str:
        """The same page without filters."""
        return self._address(EVERYTHING)

    def _address(self, scope: Scope) -> str:
        asked = urlencode([*scope.asked.items(), *self.own])
        return f"{self.path}?{asked}" if asked else self.path

    @property
    def subject(self) -> str:
        """What is chosen, for a title: "Sales, Pilot", or "" for everything."""
        return ", ".join(chip.words for chip in self.chips)


def frame_of(request: HttpRequest, section: str, path: str = "") -> Frame:
    """The frame of the page whose route is ``section``, or of that at ``path`` behind it: eight queries."""
    person, organisation, at = cast(User, request.user), organisation_of(request), now()
    visible = Initiative.objects.visible_to(person)
    asked = asked_for(request.GET)
    rows = asked.scope.of(visible)
    today = organisation.day_of(at)
    return Frame(
        section=section,
        path=path or reverse(section),
        person=person,
        organisation=organisation,
        at=at,
        today=today,
        visible=visible,
        rows=rows,
        scope=asked.scope,
        problems=asked.problems,
        choices=choices(visible, asked.scope),
        basis=basis(rows, today),
        views=views_of(person),
        own=own_choices(section, request.GET),
        query=canonical(section, request.GET),
    )
