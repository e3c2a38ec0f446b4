"""What the bodies of what reviewers do to several at once may hold."""

from typing import Any, ClassVar

from readiness.actions.conditions import CONFIRMED_AT_ONCE_MAX
from readiness.api.bodies import KEY_MAX
from readiness.api.fields import Many, Shape, Whole


class ConditionsBody(Shape):
    """Kept conditions by their `id`, of any initiatives, each named once."""

    example: ClassVar[dict[str, Any]] = {"conditions": [4711, 4712]}

    conditions = Many(CONFIRMED_AT_ONCE_MAX, child=Whole(1, KEY_MAX))
