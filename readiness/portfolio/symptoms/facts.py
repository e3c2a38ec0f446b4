"""What the symptoms are told from: plain rows of a portfolio, of one unit or of all. Standard library only.

``key`` is an initiative's. Days are those of the organisation's zone; None is a day that is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from gates.promises import Limits
from gates.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One initiative. ``entered_on``: the day it came into the product; ``ended_on``: None while it runs.

    ``outcome``: of the lesson it left, "" without one. ``silent_since``: the day its flag about silence was opened,
    where that is open.
    """

    key: int
    unit_key: str
    stage: Stage
    entered_on: date
    ended_on: date | None = None
    technology: str = ""
    vendor: str = ""
    spent: Decimal | None = None
    currency: str = ""
    outcome: str = ""
    silent_since: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage, through the day it was left; ``left_on`` None: it is there."""

    key: int
    stage: Stage
    entered_on: date | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold: from the first day up to, not including, the last; None: it lasts."""

    key: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PilotKpi:
    """A KPI of one in pilot, with what was read on days of the pilot within the window.

    ``latest``: the last value; ``used``: some value was above zero.
    """

    key: int
    business: bool
    counts_users: bool
    limits: Limits
    latest: Decimal | None
    used: bool


@dataclass(frozen=True, slots=True)
class GatePass:
    """When Architecture was first passed within the window, and whether Integration ever was."""

    key: int
    architecture_on: date
    integration: bool


@dataclass(frozen=True, slots=True)
class ParallelLimit:
    stage: str
    unit_key: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rules look at.

    ``currency``: the organisation's. ``read_on``: the last day within the window of which an initiative has a
    business reading. ``acts``: what people did, by initiative, a number for each quarter of the window.
    ``narrowed``: of its units these are not all, so that no limit can be held against them.
    """

    currency: str = ""
    cases: Sequence[Case] = ()
    stays: Sequence[Stay] = ()
    pauses: Sequence[Pause] = ()
    kpis: Sequence[PilotKpi] = ()
    passes: Sequence[GatePass] = ()
    read_on: Mapping[int, date] = field(default_factory=dict)
    acts: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    limits: Sequence[ParallelLimit] = ()
    narrowed: bool = False

    def by_unit(self) -> dict[str, "Facts"]:
        """The same for each unit alone. A limit is kept for all: which one holds, the unit of a case says."""
        unit_of = {case.key: case.unit_key for case in self.cases}
        cases = _grouped(self.cases, unit_of)
        stays, pauses = _grouped(self.stays, unit_of), _grouped(self.pauses, unit_of)
        kpis, passes = _grouped(self.kpis, unit_of), _grouped(self.passes, unit_of)
        return {
            unit: replace(
                self,
                cases=cases[unit],
                stays=stays.get(unit, ()),
                pauses=pauses.get(unit, ()),
                kpis=kpis.get(unit, ()),
                passes=passes.get(unit, ()),
            )
            for unit in cases
        }


Row = TypeVar("Row", Case, Stay, Pause, PilotKpi, GatePass)


def _grouped(rows: Iterable[Row], unit_of: Mapping[int, str]) -> dict[str, list[Row]]:
    """By unit; what belongs to none of the cases (it came in between two queries) is left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.key in unit_of:
            found.setdefault(unit_of[row.key], []).append(row)
    return found
