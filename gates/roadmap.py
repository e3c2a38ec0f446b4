"""What happens if it works: the phases on the way to production, what a plan lacks, and how late it is.

Pure: standard library only. In plain words: docs/rules.md, "The roadmap". Both days of a phase are in it; the phase
after it begins on the day after.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from checklists.said import joined, said
from gates.stages import Stage


class Phase(StrEnum):
    """In the order in which they follow each other."""

    DECISION = "decision"
    PREPARATION = "preparation"
    LIMITED_GROUP = "limited_group"
    EXPANSION = "expansion"
    FULL = "full"
    OLD_PROCESS_ENDS = "old_process_ends"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Phase.DECISION: said("Decision"),
    Phase.PREPARATION: said("Preparing production"),
    Phase.LIMITED_GROUP: said("Limited group"),
    Phase.EXPANSION: said("Expansion"),
    Phase.FULL: said("Everyone, old process in parallel"),
    Phase.OLD_PROCESS_ENDS: said("End of the old process"),
}

USUAL_WEEKS: Mapping[Phase, tuple[int, int]] = {
    Phase.DECISION: (2, 2),
    Phase.PREPARATION: (8, 12),
    Phase.LIMITED_GROUP: (2, 4),
    Phase.EXPANSION: (2, 4),
    Phase.FULL: (4, 8),
}
"""The fewest and the most weeks that a phase usually takes. The end of the old process is one day."""

MAY_BEGIN_IN: Mapping[Phase, frozenset[Stage]] = {
    Phase.DECISION: frozenset({Stage.PILOT, Stage.ROLLOUT}),
    Phase.PREPARATION: frozenset({Stage.PILOT, Stage.ROLLOUT}),
    Phase.LIMITED_GROUP: frozenset({Stage.ROLLOUT}),
    Phase.EXPANSION: frozenset({Stage.ROLLOUT}),
    Phase.FULL: frozenset({Stage.ROLLOUT}),
    Phase.OLD_PROCESS_ENDS: frozenset({Stage.ROLLOUT, Stage.LIVE}),
}
"""The stages in which a phase may begin. The old process often ends only after the launch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFacts:
    """One phase: its planned first and last day, and the day on which it began; ``None`` is not known."""

    phase: Phase
    starts_on: date | None = None
    ends_on: date | None = None
    began_on: date | None = None

    @property
    def dated(self) -> bool:
        return self.starts_on is not None and self.ends_on is not None


class Lack(StrEnum):
    """What a roadmap needs before it counts as one."""

    DATES = "dates"
    PEOPLE = "people"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is missing for a complete roadmap; ``undated`` are the phases without a first or last day."""

    undated: tuple[Phase, ...]
    people: bool
    budget: bool

    @property
    def what(self) -> tuple[Lack, ...]:
        missing = {Lack.DATES: bool(self.undated), Lack.PEOPLE: self.people, Lack.BUDGET: self.budget}
        return tuple(lack for lack in Lack if missing[lack])

    @property
    def complete(self) -> bool:
        return not self.what


class Standing(StrEnum):
    """Where a phase stands today."""

    DONE = "done"
    CURRENT = "current"
    OVERDUE = "overdue"
    AHEAD = "ahead"


def default_plan(start: date, weeks: Mapping[Phase, int] | None = None) -> tuple[PhaseFacts, ...]:
    """The phases one after the other from this day on, each as long as it may usually take.

    ``weeks``: other lengths, for any of the phases. The end of the old process is the day after them.
    """
    lengths = {phase: most for phase, (_, most) in USUAL_WEEKS.items()} | dict(weeks or {})
    planned, day = [], start
    for phase in Phase:
        days = 7 * lengths.get(phase, 0) or 1
        planned.append(PhaseFacts(phase=phase, starts_on=day, ends_on=day + timedelta(days=days - 1)))
        day += timedelta(days=days)
    return tuple(planned)


def in_order(phases: Iterable[PhaseFacts]) -> tuple[PhaseFacts, ...]:
    """All six in their order; what nothing is known of stands there without days."""
    known = {one.phase: one for one in phases}
    return tuple(known.get(phase, PhaseFacts(phase=phase)) for phase in Phase)


def lacking(phases: Iterable[PhaseFacts], people: str, has_budget: bool) -> Lacking:
    """What is missing: a first and a last day for every phase, who is committed, and the money."""
    undated = tuple(one.phase for one in in_order(phases) if not one.dated)
    return Lacking(undated, people=not people.strip(), budget=not has_budget)


def current_phase(phases: Iterable[PhaseFacts]) -> Phase | None:
    """The phase it is in: the last that began."""
    begun = [one.phase for one in in_order(phases) if one.began_on is not None]
    return begun[-1] if begun else None


def ends_before_it_starts(one: PhaseFacts) -> bool:
    return one.starts_on is not None and one.ends_on is not None and one.ends_on < one.starts_on


def out_of_order(phases: Iterable[PhaseFacts]) -> tuple[tuple[Phase, Phase], ...]:
    """(phase, earlier phase) wherever a phase is planned to start before an earlier one starts: no plan at all."""
    found, latest = [], None
    for one in in_order(phases):
        if one.starts_on is None:
            continue
        if latest is not None and latest.starts_on is not None and one.starts_on < latest.starts_on:
            found.append((one.phase, latest.phase))
        else:
            latest = one
    return tuple(found)


def overlapping(phases: Iterable[PhaseFacts]) -> tuple[tuple[Phase, Phase], ...]:
    """(phase, the one before it) wherever a phase is planned to start while the one before it still runs.

    People do that on purpose, preparing while the decision is taken: a thing to tell, not to forbid.
    """
    return tuple(
        (one.phase, before.phase)
        for before, one in pairwise(in_order(phases))
        if before.ends_on is not None
        and before.starts_on is not None
        and one.starts_on is not None
        and before.starts_on <= one.starts_on <= before.ends_on
    )


def standings(phases: Iterable[PhaseFacts], past: Callable[[date], bool]) -> tuple[Standing, ...]:
    """Where each of the six stands, in their order. Overdue: it has not begun, and its planned first day is past.

    ``past``: whether a planned day is past; days on hold are the caller's to leave out.
    """
    ordered = in_order(phases)
    reached = _reached(ordered)
    found = []
    for place, one in enumerate(ordered):
        if place <= reached:
            found.append(Standing.CURRENT if place == reached else Standing.DONE)
        else:
            overdue = one.starts_on is not None and past(one.starts_on)
            found.append(Standing.OVERDUE if overdue else Standing.AHEAD)
    return tuple(found)


def due_on(phases: Iterable[PhaseFacts]) -> date | None:
    """The planned day by which something has to happen: it is late from the day after.

    The first day of the next phase that has one; without one, the last day of the phase it is in. None where nothing
    was planned, and once the old process has ended.
    """
    ordered = in_order(phases)
    reached = _reached(ordered)
    if reached == len(Phase) - 1:
        return None
    coming = [one.starts_on for one in ordered[reached + 1 :] if one.starts_on is not None]
    if coming:
        return coming[0]
    return ordered[reached].ends_on if reached >= 0 else None


def _reached(ordered: Sequence[PhaseFacts]) -> int:
    """The place of the phase it is in; -1 before the first."""
    current = current_phase(ordered)
    return list(Phase).index(current) if current else -1


@dataclass(frozen=True, slots=True)
class BeginRefusal:
    """Why a phase cannot begin: a machine code and a sentence."""

    code: str
    message: str


def begin_refusal(phases: Iterable[PhaseFacts], phase: Phase, stage: Stage) -> BeginRefusal | None:
    """Why this phase cannot begin in this stage, or None."""
    ordered = in_order(phases)
    place = list(Phase).index(phase)
    if ordered[place].began_on is not None:
        return BeginRefusal("phase_has_begun", said("“{phase}” has begun already.", phase=phase.label))
    if stage not in MAY_BEGIN_IN[phase]:
        places = [one.label for one in Stage if one in MAY_BEGIN_IN[phase]]
        message = said(
            "“{phase}” begins in {where}; this is in {stage}.",
            phase=phase.label,
            where=_either(places),
            stage=stage.label,
        )
        return BeginRefusal("phase_not_in_this_stage", message)
    if place and ordered[place - 1].began_on is None:
        message = said("“{phase}” comes first, and has not begun.", phase=ordered[place - 1].phase.label)
        return BeginRefusal("phase_out_of_order", message)
    return None


def _either(names: Sequence[str]) -> str:
    """Names of which one is enough: "A", "A or B", "A, B or C"."""
    *before, last = names
    return said("{names} or {last}", names=joined(before, ", "), last=last) if before else last
