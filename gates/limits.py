"""Parallel limits: how many initiatives of one unit may be in a stage at once.

Pure: standard library only. In plain words: docs/rules.md, "Parallel limits".
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from gates.stages import Stage

LIMITED = (Stage.POC, Stage.PILOT, Stage.ROLLOUT)
"""The stages that can be limited: an idea costs nothing in intake, and what is live is no longer to be finished."""
EVERY_UNIT = ""
"""The unit of a limit that holds for each unit without one of its own."""


class Limit(Protocol):
    """``unit_key`` is normalised, ``most`` the number that still fits."""

    @property
    def stage(self) -> str: ...

    @property
    def unit_key(self) -> str: ...

    @property
    def most(self) -> int: ...


Found = TypeVar("Found", bound=Limit)


def limit_for(limits: Iterable[Found], stage: str, unit_key: str) -> Found | None:
    """The limit of this unit in this stage: its own, else that of every unit, else none."""
    of_stage = {limit.unit_key: limit for limit in limits if limit.stage == stage}
    return of_stage.get(unit_key) or of_stage.get(EVERY_UNIT)
