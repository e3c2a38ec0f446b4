"""The roadmap of an initiative as it stands today: for its page and for the API alike."""

from dataclasses import dataclass
from datetime import date

from checklists.said import said
from gates.models import Initiative, Roadmap, RoadmapPhase
from gates.roadmap import (
    Lacking,
    Phase,
    PhaseFacts,
    Standing,
    current_phase,
    due_on,
    in_order,
    lacking,
    overlapping,
    standings,
)
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period


@dataclass(frozen=True, slots=True)
class PhaseToday:
    """One of the six phases: its days, its rules, where it stands."""

    facts: PhaseFacts
    standing: Standing
    entry_rule: str
    pause_rule: str


@dataclass(frozen=True, slots=True)
class RoadmapToday:
    """``row`` is None, and ``version`` 0, while nobody has written one. ``days_late``: without those on hold."""

    row: Roadmap | None
    phases: tuple[PhaseToday, ...]
    current: Phase | None
    lacking: Lacking
    days_late: int
    overlaps: tuple[tuple[Phase, Phase], ...]

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def plan(self) -> tuple[PhaseFacts, ...]:
        return tuple(one.facts for one in self.phases)


def roadmap_today(initiative: Initiative, today: date) -> RoadmapToday:
    """As it stands on this day; on the day of its file where the initiative was imported. Three queries."""
    row = Roadmap.objects.filter(initiative=initiative).select_related("updated_by").first()
    phases = {phase.kind: phase for phase in RoadmapPhase.objects.filter(roadmap=row)} if row else {}
    holds = [Period(hold.since, hold.lifted_on) for hold in initiative.holds.all()]
    last_day = min(initiative.as_of or today, today)
    plan = in_order(phase.facts for phase in phases.values())
    due = None if initiative.has_ended else due_on(plan)
    stands = standings(plan, lambda day: not initiative.has_ended and counted_days(day, last_day, holds) > 0)
    return RoadmapToday(
        row=row,
        phases=tuple(
            _phase(facts, standing, phases.get(facts.phase.value))
            for facts, standing in zip(plan, stands, strict=True)
        ),
        current=current_phase(plan),
        lacking=lacking(plan, row.people if row else "", row is not None and row.budget is not None),
        days_late=counted_days(due, last_day, holds) if due else 0,
        overlaps=overlapping(plan),
    )


def overlap_words(phase: Phase, before: Phase) -> str:
    return said(
        "“{phase}” is planned to start while “{before}” still runs.", phase=phase.label, before=before.label
    )


def _phase(facts: PhaseFacts, standing: Standing, row: RoadmapPhase | None) -> PhaseToday:
    return PhaseToday(facts, standing, row.entry_rule if row else "", row.pause_rule if row else "")
