"""What the bodies about exchange rates may hold."""

from typing import Any

from readiness.actions.rates import DECIMALS, MOST
from readiness.api.bodies import CURRENCY_LENGTH
from readiness.api.fields import Day, Measure, Shape, Text


class Worth(Measure):
    """What one unit is worth, as text such as ``"1.05"`` or as a number."""

    def schema(self) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": "string", "pattern": rf"^[0-9]{{1,8}}(\.[0-9]{{1,{DECIMALS}}})?$"},
                {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": int(MOST)},
            ],
            "example": "1.05",
        }


class RateBody(Shape):
    """What one unit of `currency` is worth in the organisation's, from a day on until the day of the next one."""

    told_only = frozenset({"id", "into", "entered_by", "entered_at"})
    example = {"currency": "CHF", "on": "2026-01-31", "rate": "1.05"}

    currency = Text(CURRENCY_LENGTH)
    on = Day()
    rate = Worth()
