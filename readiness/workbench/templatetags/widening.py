"""Where a list finds nothing: what was asked for, and a link for each part of it that leaves this part out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.translation import gettext as _

register = template.Library()

SHOWN_MAX = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of the question in words, and the address of the same list without it."""

    words: str
    url: str


@register.inclusion_tag("workbench/_widen.html", takes_context=True)
def widen(context: dict[str, Any], filters: Iterable[Any] = (), **pairs: Any) -> dict[str, Any]:
    """``filters``: as lists hand them to their filter bar. Where there are none, (value, words) by parameter."""
    query = context["request"].GET
    found = []
    words = query.get("q", "").strip()
    if words:
        shown = words if len(words) <= SHOWN_MAX else f"{words[:SHOWN_MAX]}…"
        found.append(Asked(_("the words “%(words)s”") % {"words": shown}, _without(query, "q")))
    for one in filters:
        if one.chosen and one.name != "order":
            chosen = dict(one.options).get(one.chosen, one.chosen)
            found.append(Asked(f"{one.label}: {chosen}", _without(query, one.name)))
    for name, options in pairs.items():
        known = dict(options)
        if query.get(name) in known:
            found.append(Asked(str(known[query[name]]), _without(query, name)))
    return {"asked": found, "everything": context["request"].path}


def _without(query: QueryDict, name: str) -> str:
    """The same question without this part, from its first page on."""
    left = query.copy()
    for gone in (name, "page", "before"):
        left.pop(gone, None)
    return f"?{left.urlencode()}"
