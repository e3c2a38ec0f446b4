"""Which pages can be saved as a view, and the address that a saved one has.

Both ways through the same sieve: only pages and filters that are known here stand in an address, however it was kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from readiness.accounts.models import SavedView, User
from readiness.portfolio.scope import asked_for

LIST = "initiatives"
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "portfolio-compare": ("on", "against", "unit_a", "unit_b"),
    "portfolio-gates": ("sort", "fold", "open"),
    "portfolio-trend": ("months", "step"),
    LIST: ("q", "state", "verdict", "flag", "cause", "priority", "behind", "sort"),
}
"""What a page understands beside the filters of every page, by the name of its route."""
VALUE_MAX = 200
MANY = ("fold", "open")
"""Of these an address may hold several, up to so many:"""
MANY_MAX = 200
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """One saved view as a menu lists it. ``by``: whose it is, "" where it is the reader's own."""

    key: int
    name: str
    url: str
    by: str
    is_start: bool


@dataclass(frozen=True, slots=True)
class Views:
    """What the menu of a page offers: one's own, and what others share."""

    own: list[Kept]
    shared: list[Kept]

    @property
    def count(self) -> int:
        return len(self.own) + len(self.shared)


def is_page(page: str) -> bool:
    """Whether this is the name of a route that can be saved: a page of the portfolio, or the list of initiatives."""
    try:
        view = resolve(reverse(page)).func
    except NoReverseMatch:
        return False
    return page == LIST or view.__module__.startswith(f"{__package__}.")


def canonical(page: str, query: Mapping[str, str]) -> str:
    """The filters of an address as they are kept: those that the page knows, in one order."""
    return urlencode([*asked_for(query).scope.asked.items(), *own_choices(page, query)])


def own_choices(page: str, query: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an address chooses beside the filters of every page, by name."""
    found = []
    for name in PARAMETERS.get(page, ()):
        for text in _values(query, name):
            value = text.replace("\x00", "")[:VALUE_MAX]
            value = value if name in MANY else value.strip()  # a unit without a name is a space
            if value:
                found.append((name, value))
    return found


def _values(query: Mapping[str, str], name: str) -> list[str]:
    if name in MANY and isinstance(query, QueryDict):
        return list(dict.fromkeys(query.getlist(name)))[:MANY_MAX]
    return [query.get(name, "")]


def address(view: SavedView) -> str:
    """Where a saved view leads. One whose page is no more leads to the portfolio."""
    page = view.page if is_page(view.page) else "portfolio"
    query = canonical(page, QueryDict(view.query))
    return f"{reverse(page)}?{query}" if query else reverse(page)


def views_of(person: User) -> Views:
    """One query."""
    found = SavedView.objects.open_to(person).select_related("owner")
    kept = [
        Kept(
            one.pk, one.name, address(one), "" if one.owner_id == person.pk else one.owner.name, one.is_start
        )
        for one in found
    ]
    return Views([one for one in kept if not one.by][:SHOWN], [one for one in kept if one.by][:SHOWN])


def start_of(person: User) -> str:
    """The address at which a person begins, "" where that is home; one query."""
    view = SavedView.objects.filter(owner=person, is_start=True).first()
    return address(view) if view else ""
