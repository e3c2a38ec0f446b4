"""Ways through the product: tabs, breadcrumb, nav_link, and the choice of light or dark."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from readiness.ui.parts import Link, icon_of, parts

register = template.Library()


@register.inclusion_tag("components/tabs.html")
def tabs(links: Iterable, label: str) -> dict[str, Any]:
    """Neighbouring pages of one thing."""
    return {"links": parts(Link, links), "label": label}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(links: Iterable) -> dict[str, Any]:
    """The way here, the nearest last."""
    return {"links": parts(Link, links)}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: Context,
    label: str,
    href: str,
    icon: str = "",
    count: int | None = None,
    exact: bool = False,
    also: str = "",
) -> dict[str, Any]:
    """One entry of the main navigation. It is the current one on its page, and unless `exact` below it.

    `also` is a second address of the same page. A page whose address lies elsewhere names its entry by the address of
    that: `nav_section` of its context.
    """
    request = context.get("request")
    path = context.get("nav_section") or (request.path if request else "")
    current = path in (href, also) or (not exact and href != "/" and path.startswith(href))
    return {"label": label, "href": href, "icon": icon_of(icon), "count": count, "current": current}


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """What the visitor chose: "light", "dark", or "" for what their system says."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""
