"""The exit criteria of one initiative as they stand on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from checklists.scoring import plain_date
from gates.models import GO_ON, ExitCriterion, ExitTrigger, Reading
from gates.promises import Comparator, Criterion, Measured, Trigger, criterion_words, triggered
from gates.stages import Stage
from readiness.standing.facts import InitiativeFacts

WATCHED = frozenset({Stage.POC, Stage.PILOT, Stage.ROLLOUT})
"""The stages in which exit criteria are evaluated: before there is nothing to stop, after it is in use."""


@dataclass(frozen=True, slots=True)
class ExitState:
    """One criterion today. ``open``: it triggered and nobody decided. ``trigger.met`` without one: it triggers now."""

    criterion: ExitCriterion
    words: str
    trigger: Trigger
    open: ExitTrigger | None
    on: date | None
    decider: str

    @property
    def is_new(self) -> bool:
        """It is met and stands nowhere yet."""
        return self.open is None and self.trigger.met

    @property
    def undecided(self) -> str:
        """The sentence of what is to be decided, or "" where nothing is."""
        if self.on is None:
            return ""
        words = self.open.words if self.open else self.words
        return f"{words}: reached on {plain_date(self.on)}; a decision by {self.decider} is due."


def exit_states(facts: InitiativeFacts, today: date, zone: tzinfo) -> tuple[ExitState, ...]:
    """Every exit criterion with whether it is met. An ended initiative has none."""
    if facts.initiative.has_ended:
        return ()
    return tuple(_state(facts, criterion, today, zone) for criterion in facts.criteria)


def _state(facts: InitiativeFacts, row: ExitCriterion, today: date, zone: tzinfo) -> ExitState:
    past = facts.triggers.get(row.pk, [])
    waiting = next((one for one in past if one.decided_at is None), None)
    found = Trigger()
    if waiting is None and Stage(facts.initiative.stage) in WATCHED:
        found = triggered(
            _criterion(facts, row, past, zone), measured(facts.readings.get(row.kpi_id, [])), today
        )
    on = waiting.on if waiting else today if found.met else None
    return ExitState(row, words_of(facts, row), found, waiting, on, row.decider.name or row.decider.username)


def _criterion(
    facts: InitiativeFacts, row: ExitCriterion, past: Sequence[ExitTrigger], zone: tzinfo
) -> Criterion:
    last = past[-1] if past else None
    return Criterion(
        comparator=Comparator(row.comparator),
        limit=row.limit,
        window_days=row.window_days,
        checkpoint_on=facts.submitted_on(row.checkpoint, zone) if row.checkpoint else None,
        armed_from=last.decided_on if last else None,
        quiet_through=last.expires_on if last and last.decision == GO_ON else None,
    )


def words_of(facts: InitiativeFacts, row: ExitCriterion) -> str:
    """The criterion in words."""
    checkpoint = facts.gate_name(row.checkpoint) if row.checkpoint else ""
    return criterion_words(
        row.kpi.name, row.kpi.unit, Comparator(row.comparator), row.limit, row.window_days, checkpoint
    )


def measured(readings: Sequence[Reading]) -> list[Measured]:
    return [Measured(one.on, one.value) for one in readings]
