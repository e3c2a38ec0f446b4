"""Sentences of the rules in the reader's language.

What the rules say is a str with a template and its parts beside it (``checklists.said``); a text without them, such as
an older row's or a person's own, is shown as it is. Texts of the contents stand in a catalogue of their own.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation.trans_real import DjangoTranslation

from readiness.ui.local import long_day, number

CATALOGUE, CONTENT, FIGURE = "django", "content", "figure"


class Sayable(Protocol):
    """What a sentence of the rules carries beside its English value."""

    template: str
    parts: Mapping[str, Any]
    domain: str
    one: str
    many: str
    capital: bool


def say(text: Any) -> Any:
    """A sentence in the reader's language; anything that is not one as it is."""
    if not isinstance(text, str) or not hasattr(text, "template"):
        return text
    try:
        made = _made(text)  # type: ignore[arg-type]
    except (KeyError, IndexError, ValueError):  # a translation with parts that the sentence does not have
        return str(text)
    return made[:1].upper() + made[1:] if getattr(text, "capital", False) else made


say_lazily = lazy(say, str)
"""The same when it is shown: for words that are made once and said to many."""


def content(text: Any) -> Any:
    """A shipped text of the contents in the reader's language; an organisation's own as it is written."""
    if not isinstance(text, str) or not text or text.isspace():
        return text
    language = translation.get_language()
    return _contents(language).gettext(text) if language else text


def _made(sentence: Sayable) -> str:
    parts = {name: _part(part) for name, part in sentence.parts.items()}
    template = _translated(sentence)
    return template.format_map(parts) if parts else template


def _translated(sentence: Sayable) -> str:
    if sentence.domain == CONTENT:
        return str(content(sentence.template))
    if sentence.domain == FIGURE:
        return number(sentence.template)
    if sentence.domain != CATALOGUE:
        return sentence.template
    if sentence.one:
        return translation.ngettext(sentence.one, sentence.many, sentence.parts["count"])
    return translation.gettext(sentence.template)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return str(say(part))
    if isinstance(part, Decimal):
        return number(f"{part.normalize():,f}")
    return long_day(part) if isinstance(part, date) else number(f"{part:,}")


@lru_cache(maxsize=16)
def _contents(language: str) -> DjangoTranslation:
    return DjangoTranslation(
        language, domain=CONTENT, localedirs=[str(path) for path in settings.LOCALE_PATHS]
    )
