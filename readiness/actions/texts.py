"""Checks of the free texts, words and days that come with an act."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from readiness.actions.errors import FieldError
from readiness.ui.local import number

REASON_MAX = 2000
FIRST_YEAR = 1990
"""No day before it is believed: it is a slip of the keyboard."""


def text_errors(
    field: str, value: str, limit: int = REASON_MAX, *, required: bool = True
) -> list[FieldError]:
    """What is wrong with a free text."""
    if required and not value.strip():
        return [FieldError(field, "required", _("This is required."))]
    if len(value) > limit:
        return [FieldError(field, "too_long", too_long(limit, len(value)))]
    return character_errors(field, value)


def too_long(limit: int, length: int) -> str:
    """What is said of a text of more characters than fit."""
    words = {"limit": number(f"{limit:,}"), "length": number(f"{length:,}")}
    return _("At most %(limit)s characters; this has %(length)s.") % words


def character_errors(field: str, value: str) -> list[FieldError]:
    """What no database takes as text, nor as a question: null characters and halves of surrogate pairs."""
    if "\x00" in value:
        return [FieldError(field, "null_characters", _("Null characters are not allowed."))]
    if any("\ud800" <= character <= "\udfff" for character in value):
        return [FieldError(field, "surrogate_characters", _("Half of a surrogate pair is no character."))]
    return []


def askable(names: Iterable[str]) -> set[str]:
    """Those of some names that a database can be asked for."""
    return {name for name in names if not character_errors("", name)}


def word_errors(field: str, value: Any, words: Collection[str]) -> list[FieldError]:
    """What is wrong with a value that has to be one of some words of the REST contract."""
    if value in words:
        return []
    return [FieldError(field, "unknown_word", one_of(words))]


def one_of(words: Iterable[str]) -> str:
    """What is said where a word is none of those that are understood."""
    return _("One of %(words)s.") % {"words": ", ".join(words)}


def coming_day_errors(field: str, value: date | None, today: date) -> list[FieldError]:
    """What is wrong with a day that must not be past."""
    if value is None:
        return [FieldError(field, "required", _("Name a day."))]
    if value < today:
        return [FieldError(field, "in_the_past", _("This day has passed."))]
    if value.year > 2100:
        return [FieldError(field, "out_of_range", _("A day up to 2100."))]
    return []


def past_day_errors(field: str, value: date, today: date) -> list[FieldError]:
    """What is wrong with a day that must not be still to come."""
    if value > today:
        return [FieldError(field, "in_the_future", _("This day is still to come."))]
    if value.year < FIRST_YEAR:
        return [
            FieldError(field, "out_of_range", _("A day from %(first_year)s on.") % {"first_year": FIRST_YEAR})
        ]
    return []
