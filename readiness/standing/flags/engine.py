"""The door to the rules: which flags does this initiative raise on this day, and until when is that certain?"""

from dataclasses import dataclass
from datetime import date

from gates.stages import ENDED, Stage
from readiness.standing.flags.calendar import next_of
from readiness.standing.flags.case import Case, Details, Finding
from readiness.standing.flags.facts import FlagFacts
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import FlagRule, Severity, Thresholds

CAN_STALL = frozenset({Stage.POC, Stage.PILOT, Stage.ROLLOUT})


@dataclass(frozen=True, slots=True)
class Raised:
    """One flag that should be open. ``stalls``: it counts towards *stalled*, in the stages that can stall.

    ``message`` and ``details`` hold dates, never numbers of days that grow: they change when the flag does.
    """

    code: str
    severity: Severity
    root_cause: str
    stalls: bool
    message: str
    details: Details


@dataclass(frozen=True, slots=True)
class FlagResult:
    """What is raised, in the registry's order; the next day on which that may change by time alone; stalled or not."""

    raised: tuple[Raised, ...] = ()
    changes_on: date | None = None
    stalled: bool = False


def evaluate(facts: FlagFacts, today: date, thresholds: Thresholds) -> FlagResult:
    """Every rule's answer for one initiative.

    An ended initiative raises nothing. An imported one counts to the day its file speaks of (``facts.as_of``).
    ``changes_on`` may be too early, never too late, as long as the facts stay as they are.
    """
    if facts.stage in ENDED:
        return FlagResult()
    until = facts.as_of
    day = today if until is None else min(today, until)
    raised: list[Raised] = []
    changes: list[date | None] = []
    for code, rule in RULES.items():
        definition = thresholds.rules[code]
        if not _speaks(definition, facts):
            continue
        answer = rule(Case(facts, day, definition, thresholds))
        changes.append(answer.changes_on)
        if answer.finding is not None:
            raised.append(_raised(definition, answer.finding))
    if until is not None:
        changes = [change for change in changes if change is not None and change <= until]
    return FlagResult(
        raised=tuple(raised),
        changes_on=next_of(day, changes),
        stalled=facts.stage in CAN_STALL and any(flag.stalls for flag in raised),
    )


def _speaks(definition: FlagRule, facts: FlagFacts) -> bool:
    """In its stages only, and of what was asked; on hold a rule may keep its flag, but only a few may open one."""
    if facts.stage not in definition.stages or (definition.silent_on_import and facts.as_of is not None):
        return False
    return not facts.on_hold or definition.opens_on_hold or definition.code in facts.open_codes


def _raised(definition: FlagRule, finding: Finding) -> Raised:
    critical = finding.severity is Severity.CRITICAL
    return Raised(
        code=definition.code,
        severity=finding.severity,
        root_cause=finding.root_cause,
        stalls=critical or (definition.stalls and finding.severity is not Severity.INFO),
        message=finding.message,
        details=finding.details,
    )
