"""What the body about what new initiatives begin with may hold."""

from typing import Any, ClassVar

from readiness.actions.starting import MOST
from readiness.api.bodies import SLUG_MAX
from readiness.api.fields import Many, Shape, Text


class StartingFrameworksBody(Shape):
    """All that new initiatives begin with, by slug, in order: what is not among them is begun with no more."""

    example: ClassVar[dict[str, Any]] = {"frameworks": ["poc-checkpoints", "five-gate", "environment-gap"]}

    frameworks = Many(MOST, child=Text(SLUG_MAX, hold=True))
