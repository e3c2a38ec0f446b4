"""Lists: table, sort_header, pager, pagination, timeline, key_values."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from readiness.ui.components.blocks import render, trimmed
from readiness.ui.markup import figure
from readiness.ui.parts import Entry, parts

register = template.Library()


@register.simple_block_tag(takes_context=True)
def table(
    context: Context,
    content: str,
    caption: str,
    stack: bool = True,
    dense: bool = False,
    show_caption: bool = False,
) -> SafeString:
    """A table around <thead> and <tbody>. With `stack`, rows become cards on a phone: give each td a data-label."""
    values = {
        "caption": caption,
        "stack": stack,
        "dense": dense,
        "show_caption": show_caption,
        "content": content,
    }
    return render(context, "table", values)


def with_query(context: Context, **changes: Any) -> str:
    """The current query string with `changes` (None takes a key away). Needs the request in the context."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context,
    label: str,
    key: str,
    numeric: bool = False,
    default: str = "",
    param: str = "sort",
    short: str = "",
) -> dict[str, Any]:
    """A <th> whose link sorts by `key`, and once more by `-key`. `default` is the order without a parameter.

    `short` is what a phone shows of the label.
    """
    request = context.get("request")
    current = (request.GET.get(param) if request else "") or default
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    target = f"-{key}" if current == key else key
    link = with_query(context, **{param: target, "page": None, "cursor": None})
    return {"label": label, "short": short, "order": order, "link": link, "numeric": numeric}


@register.inclusion_tag("components/pager.html")
def pager(
    previous: str = "", next: str = "", summary: str = "", target: str = "", label: str = ""
) -> dict[str, Any]:
    """Links to the page before and after, from their addresses; `target` has htmx replace that element."""
    return {
        "previous": previous,
        "next": next,
        "summary": summary,
        "target": target,
        "label": label or _("Pages"),
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pagination(
    context: Context, page: Page, target: str = "", param: str = "page", label: str = ""
) -> dict[str, Any]:
    """The same for a page of Django's Paginator; other parameters of the address stay."""
    previous = with_query(context, **{param: page.previous_page_number()}) if page.has_previous() else ""
    following = with_query(context, **{param: page.next_page_number()}) if page.has_next() else ""
    summary = _("%(start_index)s–%(end_index)s of %(count)s") % {
        "start_index": figure(page.start_index()),
        "end_index": figure(page.end_index()),
        "count": figure(page.paginator.count),
    }
    return {
        "previous": previous,
        "next": following,
        "summary": summary,
        "target": target,
        "label": label or _("Pages"),
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable, label: str = "") -> dict[str, Any]:
    """What happened, one entry below the other."""
    return {"entries": parts(Entry, entries), "label": label or _("History")}


@register.simple_block_tag(takes_context=True)
def key_values(context: Context, content: str, layout: str = "rows") -> SafeString:
    """A list of names and values, made of `kv` blocks. Layouts: rows, columns, stacked."""
    return render(context, "key_values", {"layout": layout, "content": content})


@register.simple_block_tag(takes_context=True)
def kv(context: Context, content: str, label: str) -> SafeString:
    """One name and its value; empty shows a dash."""
    return render(context, "kv", {"label": label, "content": trimmed(content)})
