"""What was found wrong, or read with less certainty than one would like: always with row, column, text and reason."""

from dataclasses import dataclass, field
from enum import StrEnum

from readiness.importing.workbook import Cell
from readiness.ui.lazily import gettext_lazy


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
    UNKNOWN_PERSON = "unknown_person"
    INACTIVE_PERSON = "inactive_person"
    SEVERAL_PEOPLE = "several_people"


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
    """A row that lacks what an initiative needs. ``column`` is "" where the whole row is the matter.

    ``cells``: all of it as the file has it.
    """

    row: int
    column: str
    text: str
    reason: Reason
    message: str
    cells: tuple[Cell, ...] = field(default=(), compare=False)


REASON_WORDS = {
    Reason.MISSING: gettext_lazy("missing"),
    Reason.UNKNOWN_VALUE: gettext_lazy("unknown value"),
    Reason.TOO_MANY_CELLS: gettext_lazy("too many cells"),
    Reason.TOO_FEW_CELLS: gettext_lazy("too few cells"),
    Reason.NULL_BYTE: gettext_lazy("null byte"),
    Reason.TOO_LONG: gettext_lazy("too long"),
    Reason.NO_VALUE: gettext_lazy("no value"),
    Reason.NOT_A_DATE: gettext_lazy("not a date"),
    Reason.NO_SUCH_DAY: gettext_lazy("no such day"),
    Reason.YEAR_ONLY: gettext_lazy("year only"),
    Reason.TOO_EARLY: gettext_lazy("too early"),
    Reason.AFTER_AS_OF: gettext_lazy("after the day the file speaks of"),
    Reason.BEFORE_PREDECESSOR: gettext_lazy("before the day that precedes it"),
    Reason.BEYOND_STAGE: gettext_lazy("beyond the stage"),
    Reason.MONTH_ONLY: gettext_lazy("month only"),
    Reason.REMARK_SET_ASIDE: gettext_lazy("remark set aside"),
    Reason.NOT_UNDERSTOOD: gettext_lazy("not understood"),
    Reason.UNKNOWN_PERSON: gettext_lazy("nobody here is called so"),
    Reason.INACTIVE_PERSON: gettext_lazy("no longer active"),
    Reason.SEVERAL_PEOPLE: gettext_lazy("may mean several people"),
}
"""How a page names a reason."""
