"""What was found wrong, or read with less certainty than one would like: always with row, column, text and reason."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Machine words for reasons. The sentence beside each says it for people."""

    MISSING = "missing"
    UNKNOWN_VALUE = "unknown_value"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    NULL_BYTE = "null_byte"
    TOO_LONG = "too_long"
    NO_VALUE = "no_value"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    YEAR_ONLY = "year_only"
    TOO_EARLY = "too_early"
    AFTER_AS_OF = "after_as_of"
    BEFORE_PREDECESSOR = "before_predecessor"
    BEYOND_STAGE = "beyond_stage"
    MONTH_ONLY = "month_only"
    REMARK_SET_ASIDE = "remark_set_aside"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell that was left empty, shortened, or read on terms that should be known. The row is imported."""

    row: int
    column: str
    text: str
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row that lacks what an initiative needs. ``column`` is "" where the whole row is the matter."""

    row: int
    column: str
    text: str
    reason: Reason
    message: str
