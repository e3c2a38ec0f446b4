"""A decision that was due has not been taken: on a submission, at a checkpoint, in the quarterly review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checklists.said import content, joined
from gates.criteria import GateKind
from gates.stages import Stage
from readiness.standing.flags.case import SILENT, Answer, Case, Details
from readiness.standing.flags.facts import GateToday, WaitingSubmission
from readiness.standing.flags.thresholds import Severity, whole_days

CHECKPOINT_SHARES = {1: "checkpoint_1_at_share_of_plan", 2: "checkpoint_2_at_share_of_plan"}
PLANNED_IN = frozenset({Stage.POC, Stage.PILOT, Stage.ROLLOUT})


def decision_overdue(case: Case) -> Answer:
    """A submission waits too long, in whichever stage, or the planned decision date has passed.

    Speaks to those who decide. The planned date counts where a stage is decided upon: from the PoC to the rollout.

    A submission behind a lapsed gate cannot be decided: meanwhile it is no reproach, and its days do not count.
    """
    threshold = case.days("days")
    critical_from = whole_days(threshold * case.share("critical_from_times"))
    waiting = sorted(
        (one for one in case.facts.submissions if one.locked_since is None),
        key=lambda one: (one.submitted_on, one.gate),
    )
    late = [one for one in waiting if _waited(case, one) >= threshold]
    planned_on = _planned_decision(case)
    # A planned day moves by the days on hold since the stage began: it is reached once as many days have been counted.
    begun, planned_after = _planned_days(case, planned_on)
    missed = planned_on if planned_on is not None and case.counted(begun) > planned_after else None
    steps = [
        case.reaches(one.submitted_on, one.days_locked + days)
        for one in waiting
        for days in (threshold, critical_from)
    ]
    if planned_on is not None:
        steps += [case.reaches(begun, planned_after + days) for days in (1, critical_from)]
    changes_on = case.next_of(*steps)
    if not late and missed is None:
        return Answer(changes_on=changes_on)
    days_late = [_waited(case, one) for one in late]
    if missed is not None:
        days_late.append(case.counted(begun) - planned_after)
    details: Details = {
        "submissions": [
            {"gate": one.gate, "name": one.name, **case.counting_from(one.submitted_on, one.days_locked)}
            for one in late
        ],
        "planned_on": missed.isoformat() if missed else None,
        "threshold_days": threshold,
        "critical_from_days": critical_from,
    }
    severity = Severity.CRITICAL if max(days_late) >= critical_from else Severity.WARNING
    return Answer(case.find(joined(_overdue_sentences(case, late, missed)), details, severity), changes_on)


def _waited(case: Case, submission: WaitingSubmission) -> int:
    return case.counted(submission.submitted_on) - submission.days_locked


def _planned_days(case: Case, planned_on: date | None) -> tuple[date, int]:
    """From which day on, and after how many counted days, the decision is due: from the stage's start, or that day."""
    since = case.facts.stage_since
    if planned_on is None or since is None or planned_on <= since:
        return planned_on or case.today, 0
    return since, (planned_on - since).days


def _overdue_sentences(case: Case, late: list[WaitingSubmission], missed: date | None) -> Iterator[str]:
    for one in late:
        wording = "checkpoint" if one.kind == GateKind.CHECKPOINT else "gate"
        yield case.rule.say(wording, name=content(one.name), since=one.submitted_on)
    if missed is not None:
        yield case.rule.say("planned", planned_on=missed)


def _planned_decision(case: Case) -> date | None:
    """The planned decision date while that decision is outstanding.

    It has been taken once every checkpoint of a PoC is passed, or a pilot is ready for production. A date from before
    the stage began belongs to the stage before, unless the initiative was taken over in this one.
    """
    facts = case.facts
    planned_on = facts.plan.decision_on
    if planned_on is None or facts.stage not in PLANNED_IN:
        return None
    if facts.stage_since is not None and planned_on < facts.stage_since:
        taken_over_here = facts.taken_over and facts.stage_since <= facts.created_on
        if not taken_over_here:
            return None
    checkpoints = [gate for gate in facts.gates if gate.kind == GateKind.CHECKPOINT]
    if facts.stage == Stage.POC and checkpoints and all(gate.passed for gate in checkpoints):
        return None
    if facts.stage == Stage.PILOT and facts.production_ready:
        return None
    return planned_on


@dataclass(frozen=True, slots=True)
class _Due:
    """An undecided checkpoint: the number it goes by, and the days of the plan after which it is late."""

    gate: GateToday
    number: int
    days: int


def checkpoint_overdue(case: Case) -> Answer:
    """Past half of the PoC with Checkpoint 1 undecided, or past all of it with Checkpoint 2 undecided.

    A decision of any kind is one. An imported file knows nothing of checkpoints, so that nothing is missing there.
    """
    since = case.facts.stage_since
    if since is None or case.facts.as_of is not None:
        return SILENT
    plan = case.stage_plan()
    undecided = [
        _Due(gate, number, plan.share(case.share(CHECKPOINT_SHARES[number])))
        for number, gate in _numbered_checkpoints(case)
        if number in CHECKPOINT_SHARES and gate.last_decided_on is None
    ]
    changes_on = case.next_of(*(case.reaches(since, due.days + 1) for due in undecided))
    late = [
        (due, due_on)
        for due in undecided
        if case.counted(since) > due.days and (due_on := case.reaches(since, due.days)) is not None
    ]
    if not late:
        return Answer(changes_on=changes_on)
    message = joined(
        case.rule.say("default", number=str(due.number), name=content(due.gate.name), due_on=due_on)
        for due, due_on in late
    )
    details: Details = {
        **case.counting_from(since),
        "plan_days": plan.days,
        "planned": plan.planned,
        "checkpoints": [
            {"gate": due.gate.slug, "name": due.gate.name, "due_on": due_on.isoformat()}
            for due, due_on in late
        ],
    }
    return Answer(case.find(message, details), changes_on)


def _numbered_checkpoints(case: Case) -> Iterator[tuple[int, GateToday]]:
    """Checkpoints as people number them, in each framework from 0 on."""
    frameworks = {gate.framework for gate in case.facts.gates if gate.kind == GateKind.CHECKPOINT}
    for framework in sorted(frameworks):
        yield from enumerate(case.facts.gates_of(framework))


def review_overdue(case: Case) -> Answer:
    """Live, and no decision on any gate for a quarter.

    Where there never was one, the days count from the day it went live; of an imported one nobody knows.
    """
    facts = case.facts
    decided = [gate.last_decided_on for gate in facts.gates if gate.last_decided_on is not None]
    since = max(decided) if decided else facts.stage_since
    if since is None or (not decided and facts.as_of is not None):
        return SILENT
    return case.for_days("days", since, case.rule.say("since" if decided else "never", since=since))
