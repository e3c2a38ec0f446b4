"""How an act is refused. Every door turns these into its own words: a problem document, or a message at the field.

A refusal is said in the language of the door it was asked through: the reader's on a page, English in REST.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from readiness.ui.saying import say


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; ``field`` as the API names it, such as ``evidence.0.effective_on``."""

    field: str
    code: str
    message: str


class Refused(Exception):
    """An act that was not carried out. Nothing was changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(say(message))


class NotFound(Refused):
    """What is named is not there, or not to be known."""

    def __init__(self, message: str = "") -> None:
        super().__init__("not_found", message or _("Not found."))


class NotAllowed(Refused):
    """Known, but not for this person."""


class Conflict(Refused):
    """The state of things does not permit it. ``blockers`` says what stands in the way."""

    def __init__(self, code: str, message: str, blockers: Sequence[Any] = ()) -> None:
        super().__init__(code, message)
        self.blockers = tuple(blockers)


class Stale(Refused):
    """Somebody changed it since the version the person saw. ``current`` is that which stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__("stale", _("This was changed by someone else since you opened it."))
        self.current = current


class Invalid(Refused):
    """Well-formed, but against a rule."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        told = tuple(replace(error, message=str(say(error.message))) for error in errors)
        super().__init__("invalid", " ".join(error.message for error in told))
        self.errors = told


def invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid([FieldError(field, code, message)])
