"""Checks of measured and promised values: decimals in a KPI's own unit."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from readiness.actions.errors import FieldError

DECIMALS = 4
VALUE_BOUND = Decimal(10) ** 16
"""Values lie between minus this and this, both excluded: what the columns hold."""
_SMALLEST = Decimal(1).scaleb(-DECIMALS)


def value_of(field: str, given: Any) -> tuple[Decimal | None, list[FieldError]]:
    """A value as it is kept, and what is wrong with it. None is none, and nothing is wrong with that."""
    if given is None or given == "":
        return None, []
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        return None, [FieldError(field, "wrong_type", _("A number such as 12.5."))]
    if not value.is_finite() or abs(value) >= VALUE_BOUND:
        return None, [FieldError(field, "out_of_range", _("A number of at most 16 digits before the point."))]
    if value != round(value, DECIMALS):
        return None, [
            FieldError(field, "too_precise", _("At most %(decimals)s decimals.") % {"decimals": DECIMALS})
        ]
    return value.quantize(_SMALLEST) + 0, []
