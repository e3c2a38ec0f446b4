"""Which rows of which groups stand on a page, where some groups are folded. Pure, standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """``size`` rows under one head. A folded group shows its head alone, which then counts as one row."""

    key: str
    size: int
    folded: bool = False

    @property
    def lines(self) -> int:
        return 1 if self.folded else self.size


@dataclass(frozen=True, slots=True)
class Part:
    """The rows ``first`` up to, not including, ``last`` of a group, counted from its own first; none of a folded one.

    ``goes_on``: it began on a page before.
    """

    group: Group
    first: int
    last: int

    @property
    def rows(self) -> int:
        return self.last - self.first

    @property
    def goes_on(self) -> bool:
        return self.first > 0


def lines_of(groups: Sequence[Group]) -> int:
    """How many lines there are in all: what pages are counted in."""
    return sum(group.lines for group in groups)


def parts_between(groups: Sequence[Group], start: int, stop: int) -> list[Part]:
    """What of the groups stands in the lines from ``start`` up to, not including, ``stop``."""
    found, at = [], 0
    for group in groups:
        first, last = max(start - at, 0), min(stop - at, group.lines)
        if first < last:
            found.append(Part(group, 0, 0) if group.folded else Part(group, first, last))
        at += group.lines
    return found
