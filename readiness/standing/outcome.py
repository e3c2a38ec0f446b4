"""What a recompute leaves, and whoever acts or looks is handed."""

from dataclasses import dataclass, field
from typing import Any

from readiness.standing.judgement import Judgement
from readiness.standing.models import Flag, GateStanding, Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an initiative stands: its row, its gates in order, its open flags, and what changed just now.

    ``judgement`` is what was judged, where an act has just computed it: whoever shows the act need not judge again.
    """

    standing: Standing
    gates: list[GateStanding]
    flags: list[Flag]
    changed: dict[str, Any] = field(default_factory=dict)
    judgement: Judgement | None = field(default=None, compare=False, repr=False)
