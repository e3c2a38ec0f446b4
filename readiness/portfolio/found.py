"""What a question behind a figure answers. It stands alone, so that any module of figures can have questions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gates.querysets import InitiativeQuerySet


@dataclass(frozen=True, slots=True)
class Found:
    """The initiatives behind a figure, and what they are, as a list says it."""

    rows: InitiativeQuerySet
    words: str


Question = Callable[[InitiativeQuerySet, str, date], Found | None]
"""Takes initiatives, what follows the colon and the day; None where it does not understand that."""
