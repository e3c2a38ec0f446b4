"""The exit criteria of one initiative as they stand on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from checklists.said import said
from gates.models import GO_ON, Amendment, ExitCriterion, ExitTrigger
from gates.promises import Comparator, Criterion, Trigger, criterion_read, criterion_words, triggered
from gates.stages import Stage
from readiness.standing.facts import InitiativeFacts

WATCHED = frozenset({Stage.POC, Stage.PILOT, Stage.ROLLOUT})
"""The stages in which exit criteria are evaluated: before there is nothing to stop, after it is in use."""

MEASURES = frozenset({"added", "kpi", "unit", "comparator", "limit", "window_days", "checkpoint"})
"""The fields of an amendment that change when a criterion is met; who decides, and on what, does not."""


class ExitStatus(StrEnum):
    """``quiet``: somebody decided to go on, through a day."""

    ARMED = "armed"
    TRIGGERED = "triggered"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class ExitState:
    """One criterion today. ``open``: it triggered and nobody decided. ``trigger.met`` without one: it triggers now.

    ``decided`` are its triggers of the past, oldest first; ``promised`` is what was locked, in words, "" while it is
    not locked; ``watched`` says whether it is evaluated in the present stage.
    """

    criterion: ExitCriterion
    words: str
    trigger: Trigger
    open: ExitTrigger | None
    on: date | None
    decider: str
    decided: tuple[ExitTrigger, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    promised: str = ""
    watched: bool = False
    quiet_through: date | None = None

    @property
    def status(self) -> ExitStatus:
        if self.on is not None:
            return ExitStatus.TRIGGERED
        return ExitStatus.QUIET if self.quiet_through is not None else ExitStatus.ARMED

    @property
    def is_new(self) -> bool:
        """It is met and stands nowhere yet."""
        return self.open is None and self.trigger.met

    @property
    def standing_words(self) -> str:
        """The criterion in the words in which it triggered, where it did."""
        return self.words if self.open is None else criterion_read(self.open.words)

    @property
    def undecided(self) -> str:
        """The sentence of what is to be decided, or "" where nothing is."""
        if self.on is None:
            return ""
        return said(
            "{criterion}: reached on {day}; a decision by {decider} is due.",
            criterion=self.standing_words,
            day=self.on,
            decider=self.decider,
        )


def exit_states(facts: InitiativeFacts, today: date, zone: tzinfo) -> tuple[ExitState, ...]:
    """Every exit criterion with whether it is met. Of an ended initiative none is."""
    return tuple(_state(facts, criterion, today, zone) for criterion in facts.criteria)


def _state(facts: InitiativeFacts, row: ExitCriterion, today: date, zone: tzinfo) -> ExitState:
    ended = facts.initiative.has_ended
    past = facts.triggers.get(row.pk, [])
    decided = tuple(one for one in past if one.decided_at is not None)
    waiting = None if ended else next((one for one in past if one.decided_at is None), None)
    quiet_through = _quiet_through(decided)
    looked_at = criterion_of(facts, row, zone)
    found = triggered(looked_at, facts.readings.get(row.kpi_id, ()), today) if looked_at else Trigger()
    return ExitState(
        criterion=row,
        words=words_of(facts, row),
        trigger=found,
        open=waiting,
        on=waiting.on if waiting else today if found.met else None,
        decider=row.decider.name or row.decider.username,
        decided=decided,
        amendments=tuple(one for one in facts.amendments if one.criterion_id == row.pk),
        promised=promised_words(facts, row.promised) if row.locked_at else "",
        watched=_is_watched(facts),
        quiet_through=quiet_through if quiet_through and quiet_through >= today and not ended else None,
    )


def _is_watched(facts: InitiativeFacts) -> bool:
    return Stage(facts.initiative.stage) in WATCHED


def criterion_of(facts: InitiativeFacts, row: ExitCriterion, zone: tzinfo) -> Criterion | None:
    """The criterion as it is held against readings; None where it is not: unwatched, or triggered and undecided.

    What was read by the day it was agreed on does not count. To hold or rework begins afresh; to go on only waits: what
    it was decided on counts again after the expiry.
    """
    decided = facts.triggers.get(row.pk, [])
    if not _is_watched(facts) or any(one.decided_at is None for one in decided):
        return None
    afresh = [one.decided_on for one in decided if one.decision != GO_ON and one.decided_on is not None]
    return Criterion(
        comparator=Comparator(row.comparator),
        limit=row.limit,
        window_days=row.window_days,
        checkpoint_on=facts.submitted_on(row.checkpoint, zone) if row.checkpoint else None,
        armed_from=max((*afresh, _agreed_on(facts, row, zone))),
        quiet_through=_quiet_through(decided),
        paused=tuple((hold.since, hold.lifted_on) for hold in facts.holds),
    )


def _agreed_on(facts: InitiativeFacts, row: ExitCriterion, zone: tzinfo) -> date:
    """The day on which what it measures was last agreed: made, locked or amended. Nobody agrees on what is known."""
    days = [at.astimezone(zone).date() for at in (row.created_at, row.locked_at) if at is not None]
    days += [
        one.on
        for one in facts.amendments
        if one.criterion_id == row.pk and not MEASURES.isdisjoint(one.changes)
    ]
    return max(days)


def _quiet_through(decided: Sequence[ExitTrigger]) -> date | None:
    last = decided[-1] if decided else None
    return last.expires_on if last is not None and last.decision == GO_ON else None


def words_of(facts: InitiativeFacts, row: ExitCriterion) -> str:
    """The criterion in words."""
    checkpoint = facts.gate_name(row.checkpoint) if row.checkpoint else ""
    return criterion_words(
        row.kpi.name, row.kpi.unit, Comparator(row.comparator), row.limit, row.window_days, checkpoint
    )


def promised_words(facts: InitiativeFacts, promised: Mapping[str, Any]) -> str:
    """What was locked, in words."""
    slug = promised["checkpoint"]
    return criterion_words(
        promised["kpi"],
        promised["unit"],
        Comparator(promised["comparator"]),
        Decimal(promised["limit"]),
        promised["window_days"],
        facts.gate_name(slug) if slug else "",
    )
