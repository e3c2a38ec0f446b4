"""Frames around other things: page_header, card, alert, empty_state, disclosure, menu, quote, confirm."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from readiness.ui.components.blocks import render, trimmed
from readiness.ui.markup import attributes
from readiness.ui.parts import Link, Tone, icon_of, parts, tone_of

register = template.Library()


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: str, title: str, subtitle: str = "", crumbs: Iterable = (), eyebrow: str = ""
) -> SafeString:
    """The head of a page. What stands inside the block is its actions."""
    values = {"title": title, "subtitle": subtitle, "crumbs": parts(Link, crumbs), "eyebrow": eyebrow}
    return render(context, "page_header", {**values, "actions": trimmed(content)})


@register.simple_block_tag(takes_context=True)
def card(
    context: Context,
    content: str,
    title: str = "",
    subtitle: str = "",
    icon: str = "",
    href: str = "",
    tone: str = "",
    flush: bool = False,
    sunken: bool = False,
    id: str = "",
    **extra: Any,
) -> SafeString:
    """A panel. `flush` has no inner space (for tables and rows); `tone` gives it a coloured edge."""
    values = {
        "title": title,
        "subtitle": subtitle,
        "icon": icon_of(icon),
        "href": href,
        "flush": flush,
        "id": id,
    }
    values |= {"tone": tone_of(tone) if tone else "", "sunken": sunken, "attributes": attributes(extra)}
    return render(context, "card", {**values, "content": content})


@register.simple_block_tag(takes_context=True)
def card_head(
    context: Context, content: str, title: str, subtitle: str = "", icon: str = "", href: str = ""
) -> SafeString:
    """The head of a card that has actions: stands first inside `card`, its content is the actions."""
    values = {"title": title, "subtitle": subtitle, "icon": icon_of(icon), "href": href}
    return render(context, "card_head", {**values, "actions": trimmed(content)})


@register.simple_block_tag(takes_context=True)
def alert(
    context: Context,
    content: str,
    title: str = "",
    tone: str = Tone.INFO,
    icon: str = "auto",
    live: bool = False,
) -> SafeString:
    """A notice in the flow of the page. `live` has it read aloud when it appears."""
    shown = "critical" if icon == "auto" and tone == Tone.CRITICAL else icon_of(icon, tone_of(tone))
    values = {"title": title, "tone": tone, "icon": shown, "live": live, "content": trimmed(content)}
    return render(context, "alert", values)


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Context, content: str, title: str, sentence: str = "", icon: str = "inbox", level: int = 0
) -> SafeString:
    """What stands where nothing is yet. The block is the action. `level` 1 or 2 makes the title a heading."""
    values = {"title": title, "sentence": sentence, "icon": icon_of(icon), "level": level}
    values["action"] = trimmed(content)
    return render(context, "empty_state", values)


@register.simple_block_tag(takes_context=True)
def disclosure(context: Context, content: str, summary: str, open: bool = False, id: str = "") -> SafeString:
    """Details behind one line."""
    return render(context, "disclosure", {"summary": summary, "open": open, "id": id, "content": content})


@register.simple_block_tag(takes_context=True)
def menu(
    context: Context, content: str, label: str, icon: str = "more", icon_only: bool = True, align: str = "end"
) -> SafeString:
    """A drop-down of `.menu__item` links and buttons."""
    values = {
        "label": label,
        "icon": icon_of(icon),
        "icon_only": icon_only,
        "align": align,
        "content": content,
    }
    return render(context, "menu", values)


@register.simple_block_tag(takes_context=True)
def quote(context: Context, content: str, source: str = "", href: str = "") -> SafeString:
    """Words of somebody else, with where they come from."""
    return render(context, "quote", {"source": source, "href": href, "content": trimmed(content)})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    title: str,
    submit: str,
    cancel: str,
    action: str = "",
    tone: str = Tone.WARNING,
    icon: str = "auto",
) -> SafeString:
    """A page's one question before something that matters: a POST form with a way back. The block is its body."""
    values = {"title": title, "submit": submit, "cancel": cancel, "action": action, "tone": tone_of(tone)}
    return render(context, "confirm", {**values, "icon": icon_of(icon, tone), "content": content})
