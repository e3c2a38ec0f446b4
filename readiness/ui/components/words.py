"""Words and marks: icon, when, badge, button, copy, avatar, toast, keyboard_help, word_diff."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from readiness.ui.local import within
from readiness.ui.markup import attributes, figure, initials, series_of, signed, with_code
from readiness.ui.parts import Shortcut, Tone, icon_of, parts, tone_of
from readiness.ui.saying import content, say
from readiness.ui.word_diff import word_diff as compared

register = template.Library()
register.filter("figure", figure)
register.filter("signed", signed)
register.filter("initials", initials)
register.filter("with_code", with_code)
register.filter("say", say)
register.filter("within", within)
register.filter("content", content)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A symbol of the sprite. With `label` it speaks, without it is decoration. Sizes: sm, lg, xl."""
    return _symbol(name, str(label), size)


@lru_cache(maxsize=512)
def _symbol(name: str, label: str, size: str) -> SafeString:
    """The same few stand on every page, some dozens of times, and the address of the sprite is looked up for each."""
    classes = f"icon icon--{size}" if size else "icon"
    address = f"{static('ui/icons.svg')}#{icon_of(name)}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, address)


@register.simple_tag
def when(value: date | datetime | str | None, time: bool = False) -> SafeString | str:
    """A day, or with `time` a moment in the current time zone, as <time>. Words pass through; None is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return value
    moment = localtime(value) if isinstance(value, datetime) else value
    kind = "SHORT_DATETIME_FORMAT" if time and isinstance(value, datetime) else "SHORT_DATE_FORMAT"
    words = date_format(moment, kind)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


@register.filter("when")
def when_filter(value: date | datetime | str | None) -> SafeString | str:
    """``{% when %}`` within a sentence: `{% blocktranslate with day=its.day|when %}`."""
    return when(value)


@register.filter
def moment(value: date | datetime | str | None) -> SafeString | str:
    """The same with the time of day."""
    return when(value, time=True)


@register.inclusion_tag("components/badge.html")
def badge(
    label: str,
    tone: str = Tone.NEUTRAL,
    icon: str = "auto",
    href: str = "",
    hint: str = "",
    quiet: bool = False,
) -> dict[str, Any]:
    """A word with a tone. `icon=""` leaves the icon out; `hint` is a tooltip that is also read aloud."""
    drawn = icon_of(icon, tone_of(tone))
    return {"label": label, "tone": tone, "icon": drawn, "href": href, "hint": hint, "quiet": quiet}


@register.inclusion_tag("components/button.html")
def button(
    label: str,
    href: str = "",
    variant: str = "",
    icon: str = "",
    size: str = "",
    type: str = "submit",
    icon_only: bool = False,
    trailing_icon: str = "",
    wide: bool = False,
    disabled: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """A button, or with `href` a link that looks like one. Variants: primary, danger, ghost. Sizes: sm, lg."""
    names = [variant, size, "wide" if wide else "", "square" if icon_only else ""]
    return {
        "label": label,
        "href": href,
        "classes": " ".join(["button", *(f"button--{name}" for name in names if name)]),
        "icon": icon_of(icon),
        "trailing_icon": icon_of(trailing_icon),
        "type": type,
        "icon_only": icon_only,
        "disabled": disabled,
        "attributes": attributes(extra),
    }


@register.inclusion_tag("components/copy.html")
def copy(id: str, label: str = "") -> dict[str, Any]:
    """A button that takes the text of the element `id` along to the clipboard, for what is shown once."""
    return {"id": id, "label": label or _("Copy")}


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, size: str = "", show_name: bool = False, hint: str = "") -> dict[str, Any]:
    """A person's initials on a colour that stays theirs; with `show_name` the name, and a hint below it."""
    return {
        "name": name or _("Nobody"),
        "initials": initials(name),
        "series": series_of(name),
        "size": size,
        "show_name": show_name,
        "hint": hint,
    }


@register.inclusion_tag("components/toast.html")
def toast(label: str, tone: str = Tone.GOOD, icon: str = "auto") -> dict[str, Any]:
    """A short word at the edge of the screen, sent with an htmx answer: it places itself (out of band)."""
    return {"label": label, "tone": tone_of(tone), "icon": icon_of(icon, tone)}


@register.inclusion_tag("components/keyboard_help.html")
def keyboard_help(shortcuts: Iterable) -> dict[str, Any]:
    """Which keys this page knows."""
    return {"shortcuts": parts(Shortcut, shortcuts)}


@register.inclusion_tag("components/word_diff.html")
def word_diff(before: str, after: str) -> dict[str, Any]:
    """What became of a text, word by word: <ins> and <del>, to be read without colour and aloud."""
    return {"segments": compared(before, after)}
