"""What a rule answers: whether a symptom shows, by which figure, and behind it which initiatives. Standard library."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Code(StrEnum):
    """The symptoms, in the order in which they are shown."""

    PILOTS_WITHOUT_LAUNCH = "pilots_without_launch"
    SCATTERED_TECHNOLOGY = "scattered_technology"
    SUCCESS_WITHOUT_USERS = "success_without_users"
    STUCK_BEFORE_INTEGRATION = "stuck_before_integration"
    MONEY_WITHOUT_VALUE = "money_without_value"
    FALLING_ACTIVITY = "falling_activity"
    OVER_THE_LIMIT = "over_the_limit"
    FADING_OUT = "fading_out"


class State(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Figure:
    """So much of so much. ``unit``: what both count, in a word, or a currency."""

    numerator: Decimal
    denominator: Decimal
    unit: str


LISTS = ("keys", "counted", "basis")


@dataclass(frozen=True, slots=True)
class Symptom:
    """``sentence`` says the figure in words and, where it cannot be told, what is missing.

    ``keys``: the initiatives behind it, in order. ``series``: further figures, one a quarter or a currency.
    ``counted`` and ``basis``: the initiatives that the numerator and the denominator of the figure count, or whose
    money they add up; () where they count something else.
    """

    code: Code
    state: State
    figure: Figure
    sentence: str
    keys: tuple[int, ...] = ()
    series: tuple[Figure, ...] = ()
    counted: tuple[int, ...] = ()
    basis: tuple[int, ...] = ()

    def list_of(self, which: str) -> tuple[int, ...]:
        """One of its lists by its name in ``LISTS``."""
        found: tuple[int, ...] = getattr(self, which)
        return found


def of(numerator: int | Decimal, denominator: int | Decimal, unit: str) -> Figure:
    return Figure(Decimal(numerator), Decimal(denominator), unit)
