"""Checks of texts of one line: names, titles, what is shown in a list."""

import unicodedata

from django.utils.translation import gettext as _

from readiness.actions.errors import FieldError
from readiness.actions.texts import text_errors

UNPRINTABLE = ("Cc", "Cs")
"""Control characters (tab, line feed) and lone surrogates, which no database can keep."""


def line_errors(field: str, value: str, limit: int, *, required: bool = True) -> list[FieldError]:
    """What is wrong with a text of one line, of ``limit`` characters at most."""
    errors = text_errors(field, value, limit, required=required)
    if not errors and any(unicodedata.category(character) in UNPRINTABLE for character in value):
        errors = [FieldError(field, "control_characters", _("One line, without control characters."))]
    return errors
