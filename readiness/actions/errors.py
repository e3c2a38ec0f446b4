"""How an act is refused. Every door turns these into its own words: a problem document, or a message at the field.

A refusal is said in the language of the door it was asked through: the reader's on a page, English in REST.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from readiness.room import is_full
from readiness.ui.saying import say

log = logging.getLogger(__name__)


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


class NoRoom(Refused):
    """The disk under the product is full."""

    def __init__(self) -> None:
        super().__init__(
            "no_room",
            _(
                "The server has no room left. Nothing was saved. Ask whoever runs it to make some; then send it again."
            ),
        )


class Invalid(Refused):
    """Well-formed, but against a rule."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        told = tuple(replace(error, message=str(say(error.message))) for error in errors)
        super().__init__("invalid", " ".join(error.message for error in told))
        self.errors = told


@contextmanager
def saying_no_room() -> Iterator[None]:
    """Around what writes: a full disk becomes NoRoom, whether the store or the database met it."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        if not is_full(error):
            raise
        log.error("The disk is full: %s", error)
        raise NoRoom from error


def invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid([FieldError(field, code, message)])
