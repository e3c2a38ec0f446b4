"""All the pure rules on the facts of one initiative: where does it stand on this day?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo

from checklists.scoring import HALF_POINTS, AnswerValue, earliest
from gates.models import Initiative
from gates.rules import GateState, statuses
from gates.stages import Stage
from readiness.standing.exits import ExitState, exit_states
from readiness.standing.facts import InitiativeFacts, PassageFacts, gate_facts, item_facts
from readiness.standing.flag_facts import flag_facts
from readiness.standing.flags.engine import FlagResult, evaluate
from readiness.standing.flags.facts import Period
from readiness.standing.flags.thresholds import Audience, Thresholds
from readiness.standing.forecast import Forecast, forecast
from readiness.standing.next_actions import ForRole, NextAction, OpenFlag, Situation, next_actions
from readiness.standing.supposing import Known
from readiness.standing.verdict import Beside, Readiness, readiness

Passages = tuple[tuple[PassageFacts, tuple[GateState, ...]], ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for the whole organisation on the day of a computation."""

    today: date
    zone: tzinfo
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before: the codes of open flags, which of them somebody acknowledged or snoozed (through which day),
    the effective answers, and when one last rose by an act.

    ``acting`` says that a person or a check acts now, so that a rise counts.
    """

    open_codes: frozenset[str] = frozenset()
    effective: dict[str, str] | None = None
    risen_on: date | None = None
    acting: bool = False
    acknowledged: frozenset[str] = frozenset()
    snoozed: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where an initiative stands on ``as_of``, judged on ``today``, the organisation's day.

    ``facts`` are what it was judged on. ``passages`` pairs each of its frameworks with its gates' states; ``exits`` are
    its exit criteria in order.
    """

    as_of: date
    today: date
    facts: InitiativeFacts
    passages: Passages
    deciding: PassageFacts
    readiness: Readiness
    effective: dict[str, str]
    risen_on: date | None
    flags: FlagResult
    next_actions: tuple[NextAction, ...]
    exits: tuple[ExitState, ...]
    forecast: Forecast
    due_on: date | None

    @property
    def gates(self) -> tuple[GateState, ...]:
        return tuple(state for _, states in self.passages for state in states)

    def gate(self, slug: str) -> tuple[PassageFacts, GateState] | None:
        """A gate by its slug, which is unique within an initiative."""
        for passage, states in self.passages:
            for state in states:
                if state.gate.slug == slug:
                    return passage, state
        return None


def judge(facts: InitiativeFacts, setting: Setting, before: Before) -> Judgement:
    """Where it stands on the day it is judged for (see ``day_judged``)."""
    initiative = facts.initiative
    day = day_judged(initiative, setting.today)
    passages = _passages(facts, day, setting.zone)
    (deciding, states), *others = [pair for pair in passages if pair[0].framework.decides_readiness]
    exits = exit_states(facts, day, setting.zone)
    undecided = _undecided(exits)
    found = readiness(
        deciding.framework.definition,
        states,
        ended=initiative.has_ended,
        on_hold=initiative.hold is not None,
        exits_undecided=undecided,
        beside=[Beside(passage.framework.definition, gates) for passage, gates in others],
    )
    effective = _effective(passages)
    risen_on = day if before.acting and has_risen(before.effective, effective) else before.risen_on
    flags = evaluate(
        flag_facts(facts, passages, found, exits, risen_on, before.open_codes, setting.zone),
        setting.today,
        setting.thresholds,
    )
    expected = _expected(facts, found, day)
    changes = [
        found.changes_on,
        expected.changes_on,
        flags.changes_on,
        *(state.changes_on for _, states in passages for state in states),
        *(one.trigger.changes_on for one in exits),
        *(until + timedelta(days=1) for until in before.snoozed.values() if until >= day),
    ]
    return Judgement(
        as_of=day,
        today=setting.today,
        facts=facts,
        passages=passages,
        deciding=deciding,
        readiness=found,
        effective=effective,
        risen_on=risen_on,
        flags=flags,
        next_actions=next_actions(
            _situation(
                initiative, passages, found, undecided, _open_flags(flags, setting.thresholds, before, day)
            )
        ),
        exits=exits,
        forecast=expected,
        due_on=_due_on(initiative, changes),
    )


def _undecided(exits: Iterable[ExitState]) -> tuple[str, ...]:
    """The exit criteria that were reached and wait for a decision, in words."""
    return tuple(one.undecided for one in exits if one.undecided)


def _situation(
    initiative: Initiative,
    passages: Passages,
    found: Readiness,
    undecided: tuple[str, ...],
    flags: tuple[OpenFlag, ...],
) -> Situation:
    return Situation(
        stage=Stage(initiative.stage),
        on_hold=initiative.hold is not None,
        readiness=found,
        gates=tuple(state for _, states in passages for state in states),
        guards=tuple(guard for passage, _ in passages for guard in passage.framework.guards),
        exits_undecided=undecided,
        flags=flags,
    )


def _expected(facts: InitiativeFacts, found: Readiness, day: date) -> Forecast:
    """When enough will be met, from the levels so far."""
    return forecast(
        facts.levels,
        day,
        met=found.tally.met,
        required=found.required_met,
        stage=Stage(facts.initiative.stage),
        on_hold=facts.initiative.hold is not None,
        holds=[Period(hold.since, hold.lifted_on) for hold in facts.holds],
    )


def _effective(passages: Passages) -> dict[str, str]:
    """The effective answer of every item, by its code."""
    return {
        item.item.code: item.effective.value.value
        for _, gates in passages
        for gate in gates
        for item in gate.items
    }


def known_of(judgement: Judgement, zone: tzinfo) -> Known:
    """What it was judged on, as a what-if takes it: the framework that decides readiness."""
    passage, initiative = judgement.deciding, judgement.facts.initiative
    definition = passage.framework.definition
    return Known(
        framework=definition,
        gates=tuple(gate_facts(passage, judgement.as_of, zone)),
        items={
            item.code: item_facts(passage, item, zone) for gate in definition.gates for item in gate.items
        },
        today=judgement.as_of,
        ended=initiative.has_ended,
        on_hold=initiative.hold is not None,
        exits_undecided=_undecided(judgement.exits),
        beside=judgement.readiness.beside,
    )


def _passages(facts: InitiativeFacts, day: date, zone: tzinfo) -> Passages:
    initiative = facts.initiative
    return tuple(
        (
            passage,
            statuses(
                passage.framework.definition,
                gate_facts(passage, day, zone),
                day,
                ended=initiative.has_ended,
                on_hold=initiative.hold is not None,
            ),
        )
        for passage in facts.passages
    )


def _open_flags(flags: FlagResult, thresholds: Thresholds, before: Before, day: date) -> tuple[OpenFlag, ...]:
    """The flags that ask for something: not those that are snoozed on this day."""
    rules = thresholds.rules
    return tuple(
        OpenFlag(
            flag.code,
            flag.severity,
            rules[flag.code].title,
            flag.message,
            ForRole.REVIEWER if rules[flag.code].speaks_to == Audience.REVIEWERS else ForRole.LEAD,
            flag.code in before.acknowledged,
        )
        for flag in flags.raised
        if before.snoozed.get(flag.code, date.min) < day
    )


def day_judged(initiative: Initiative, today: date) -> date:
    """The day an initiative is judged for: today, unless time stands still for it.

    One that has ended is judged for its last day. One that was imported and that no person has edited since is judged
    for the day its file speaks of: what the file does not know cannot have gone stale.
    """
    last = _last_day(initiative)
    return today if last is None else min(today, last)


def _last_day(initiative: Initiative) -> date | None:
    """The day from which on time stands still for an initiative; None where it runs on."""
    ended_on = initiative.stage_since if initiative.has_ended else None
    return earliest([initiative.as_of, ended_on])


def _due_on(initiative: Initiative, changes: Sequence[date | None]) -> date | None:
    """The earliest of these days, where time gets there: no day after the last one ever comes."""
    due, last = earliest(changes), _last_day(initiative)
    return None if due is not None and last is not None and due > last else due


def has_risen(before: dict[str, str] | None, after: dict[str, str]) -> bool:
    """Whether any effective answer counts for more than it did."""
    if before is None:
        return False
    return any(_worth(value) > _worth(before.get(code, "unanswered")) for code, value in after.items())


def _worth(value: str) -> int:
    return HALF_POINTS[AnswerValue(value)]
