"""What the bodies about parallel limits may hold."""

from gates.limits import LIMITED
from readiness.actions.limits import LIMITS_MAX, MOST_MAX, UNIT_MAX
from readiness.api.fields import Many, Shape, Text, Whole, Word


class LimitBody(Shape):
    """One parallel limit; an empty `business_unit` is each unit without one of its own."""

    stage = Word([*LIMITED])
    business_unit = Text(UNIT_MAX, required=False)
    most = Whole(1, MOST_MAX)


class LimitsBody(Shape):
    """All parallel limits there shall be: what is not among them is taken away."""

    example = {
        "limits": [
            {"stage": "pilot", "business_unit": "", "most": 5},
            {"stage": "pilot", "business_unit": "Finance", "most": 3},
        ]
    }

    limits = Many(LIMITS_MAX, child=LimitBody())
