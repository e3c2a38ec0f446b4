"""Where each flag begins to hold: the table that ``test_boundaries`` walks.

Two kinds of boundary. A flag that time brings opens, or grows graver, on a day: ``OnDay``. A flag that a fact brings
has its boundary in the fact: ``InFact`` names the last fact without it, the first with it, and one well beyond.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.promises import Direction, Limits
from gates.rules import ConditionState
from gates.stages import Stage
from readiness.standing.flags.facts import (
    AmendmentFacts,
    BudgetFacts,
    ConditionFacts,
    EvidenceFacts,
    FlagFacts,
    Period,
    PlanFacts,
    RoadmapFacts,
    WaitingSubmission,
)
from tests.unit.flags.cast import (
    DORA,
    ELSA,
    FINN,
    LENA,
    WATCHED,
    checkpoints,
    day,
    gates,
    initiative,
    kpi,
    limits,
    reading,
    signal,
    stakeholders,
    team,
    usage,
)

Facts = Callable[[date], FlagFacts]


@dataclass(frozen=True, slots=True)
class OnDay:
    """``facts(start)``: an initiative all of whose days are ``start``. So many ``days`` later it says ``after``.

    ``before`` and ``after`` are severities, None is silent. ``holds``: days on hold move it. ``key``: the threshold
    that is this number of days.
    """

    code: str
    what: str
    days: int
    facts: Facts
    before: str | None = None
    after: str | None = "warning"
    holds: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class InFact:
    """``silent`` does not raise it on any day; ``first`` and ``beyond`` do at once, as severity ``says``."""

    code: str
    what: str
    silent: FlagFacts
    first: FlagFacts
    beyond: FlagFacts
    says: str = "warning"


def begun(**changes: Any) -> Facts:
    """In perfect order, and everything of it on one day; each change is a value, or made from that day."""

    def facts(start: date) -> FlagFacts:
        usual: dict[str, Any] = {
            "stage_since": start,
            "created_on": start,
            "last_activity_on": start,
            "last_rise_on": start,
            "stakeholders": stakeholders(start),
        }
        made = {name: value(start) if callable(value) else value for name, value in changes.items()}
        return initiative(**{**usual, **made})

    return facts


def _waiting(start: date) -> tuple[WaitingSubmission, ...]:
    return (WaitingSubmission(gate="data", name="Data", kind=GateKind.GATE, submitted_on=start),)


def _promised(start: date) -> tuple[ConditionFacts, ...]:
    state = ConditionState.OPEN
    return (ConditionFacts(text="Mask names", due=start, state=state, gate_name="Data", owner="Lena"),)


def _evidence(start: date) -> tuple[EvidenceFacts, ...]:
    return (EvidenceFacts(code="DATA-1", title="Source quality", last_good_on=start),)


def _plan(**planned: int) -> PlanFacts:
    return PlanFacts(**planned)


LIVE = {"stage": Stage.LIVE, "gates": lambda start: gates(5, start)}
SPENT = BudgetFacts(planned=Decimal(100), currency="EUR")
ELSEWHERE = replace(ELSA, unit="Risk", unit_key="risk")

BY_DAY = (
    OnDay("stage_overrun", "past the plan", 11, begun(plan=_plan(pilot_days=10)), after="info"),
    OnDay("stage_overrun", "1.5 × the plan", 16, begun(plan=_plan(pilot_days=10)), "info", "warning"),
    OnDay("stage_overrun", "twice the plan", 21, begun(plan=_plan(pilot_days=10)), "warning", "critical"),
    OnDay("stage_overrun", "no plan: pilot", 91, begun(plan=_plan()), after="info", key="days"),
    OnDay(
        "stage_overrun",
        "no plan: intake",
        46,
        begun(plan=_plan(), stage=Stage.INTAKE),
        after="info",
        key="days",
    ),
    OnDay(
        "stage_overrun", "no plan: PoC", 29, begun(plan=_plan(), stage=Stage.POC), after="info", key="days"
    ),
    OnDay(
        "stage_overrun",
        "no plan: rollout",
        181,
        begun(plan=_plan(), stage=Stage.ROLLOUT),
        after="info",
        key="days",
    ),
    OnDay("no_activity", "since the last act", 21, begun(), key="days"),
    OnDay("no_activity", "since its entry", 21, begun(last_activity_on=None), key="days"),
    OnDay("score_flat", "since the last rise", 42, begun(), key="days"),
    OnDay(
        "score_flat",
        "a business reading that grows old",
        57,
        begun(kpis=lambda start: (kpi(reading(50, day(42, start))),)),
        "info",
        "warning",
    ),
    OnDay(
        "score_flat",
        "a recent business reading",
        42,
        begun(kpis=lambda start: (kpi(reading(50, day(42, start))),)),
        after="info",
    ),
    OnDay(
        "hold_expired",
        "past the review date",
        31,
        begun(holds=lambda start: (Period(start),), hold_review_on=lambda start: day(30, start)),
        holds=False,
    ),
    OnDay("decision_overdue", "a submission waits", 14, begun(submissions=_waiting), key="days"),
    OnDay("decision_overdue", "twice the days", 28, begun(submissions=_waiting), "warning", "critical"),
    OnDay(
        "decision_overdue",
        "past the planned date",
        1,
        begun(plan=lambda start: PlanFacts(decision_on=start)),
    ),
    OnDay(
        "checkpoint_overdue",
        "half of the PoC",
        16,
        begun(
            stage=Stage.POC,
            plan=_plan(poc_days=29),
            gates=lambda start: checkpoints(start, None, start),
        ),
    ),
    OnDay(
        "checkpoint_overdue",
        "all of the PoC",
        30,
        begun(
            stage=Stage.POC,
            plan=_plan(poc_days=29),
            gates=lambda start: checkpoints(start, start, None),
        ),
    ),
    OnDay(
        "no_business_owner",
        "in intake",
        14,
        begun(stage=Stage.INTAKE, people=team(business_owner=None)),
        after="info",
        key="info_in_intake_after_days",
    ),
    OnDay(
        "no_sponsor",
        "in intake",
        14,
        begun(stage=Stage.INTAKE, people=team(executive_sponsor=None)),
        after="info",
        key="info_in_intake_after_days",
    ),
    OnDay(
        "sponsor_silent",
        "since the last sign",
        60,
        begun(sponsor_heard_on=lambda on: on),
        after="info",
        key="days",
    ),
    OnDay(
        "technical_metrics_only",
        "half of the PoC",
        15,
        begun(
            stage=Stage.POC,
            plan=_plan(poc_days=29),
            kpis=lambda start: (kpi(), kpi(reading(9, start), business=False)),
        ),
    ),
    OnDay(
        "clean_data_only",
        "half of the pilot",
        23,
        begun(plan=_plan(pilot_days=45), signals=(signal("production_data", AnswerValue.PARTIAL),)),
    ),
    OnDay(
        "mocked_integration",
        "half of the pilot",
        23,
        begun(plan=_plan(pilot_days=45), signals=(signal("live_integration", AnswerValue.NOT_MET),)),
    ),
    OnDay("one_gate_behind", "Integration", 45, begun(gates=lambda start: gates(2, start)), key="days"),
    OnDay("one_gate_behind", "Governance", 45, begun(gates=lambda start: gates(3, start)), key="days"),
    OnDay("one_gate_behind", "Adoption", 45, begun(gates=lambda start: gates(4, start)), key="days"),
    OnDay(
        "late_stakeholders",
        "a quarter of the pilot",
        23,
        begun(stakeholders=lambda start: stakeholders(start, legal=None)),
    ),
    OnDay("evidence_expired", "soon", -14, begun(evidence=_evidence), after="info", holds=False),
    OnDay("evidence_expired", "run out", 1, begun(evidence=_evidence), "info", "info", holds=False),
    OnDay("condition_overdue", "past its date", 1, begun(conditions=_promised), holds=False),
    OnDay("review_overdue", "since the last decision", 92, begun(**LIVE), key="days"),
    OnDay("review_overdue", "never decided", 92, begun(stage=Stage.LIVE), key="days"),
    OnDay("value_unmeasured", "first", 45, begun(**LIVE), after="info", key="info_from_days"),
    OnDay("value_unmeasured", "later", 90, begun(**LIVE), "info", "warning", key="warning_from_days"),
    OnDay(
        "value_shortfall",
        "the target, from then on",
        90,
        begun(**LIVE, kpis=lambda start: (kpi(reading(79, day(1, start))),)),
        key="target_from_days",
    ),
)


def at_work(**changes: Any) -> FlagFacts:
    return initiative(**changes)


def _read(*values: float, **changes: Any) -> FlagFacts:
    """In the pilot, with these readings of a business KPI."""
    return initiative(
        kpis=(kpi(*(reading(value, day(number)) for number, value in enumerate(values))),), **changes
    )


def _used(*values: float, target: int | None = None) -> FlagFacts:
    found = (reading(value, day(7 * number)) for number, value in enumerate(values))
    return initiative(kpis=(kpi(), usage(*found, target=target)))


def _amended(*, after_reading: bool = True, acknowledged: bool = False) -> AmendmentFacts:
    return AmendmentFacts(
        promise="Sorted at once", on=day(3), after_reading=after_reading, acknowledged=acknowledged
    )


def _launched(*values: float, limits: Limits) -> FlagFacts:
    """Live from the day of the first reading on, which so is none of its use."""
    found = (reading(value, day(number)) for number, value in enumerate(values))
    return at_work(stage=Stage.LIVE, gates=gates(5), kpis=(kpi(*found, limits=limits),))


PROMISED_60 = limits(target=None)
LESS = limits(baseline=90, target=None, go=30, stop=80, direction=Direction.DOWN)


SPENDING = {spent: replace(SPENT, spent=Decimal(spent)) for spent in ("89.99", "90", "99.99", "100", "180")}

BY_FACT = (
    InFact("no_exit_criteria", "none", at_work(), at_work(exits=()), at_work(exits=(), kpis=())),
    InFact(
        "exit_triggered",
        "met, and nobody decided",
        at_work(),
        at_work(exits=(replace(WATCHED, reached_on=day(1)),)),
        at_work(exits=(WATCHED, replace(WATCHED, reached_on=day(1)), replace(WATCHED, reached_on=day(2)))),
        "critical",
    ),
    InFact(
        "no_business_owner",
        "from the PoC on",
        at_work(),
        at_work(people=team(business_owner=replace(FINN, active=False))),
        at_work(people=team(business_owner=None)),
    ),
    InFact(
        "single_person",
        "a deputy who is neither",
        at_work(),
        at_work(people=team(deputy=LENA)),
        at_work(people=team(deputy=None, technical_lead=FINN)),
    ),
    InFact(
        "owner_left",
        "a person in a role",
        at_work(),
        at_work(people=team(deputy=replace(DORA, active=False))),
        at_work(people=team(deputy=replace(DORA, active=False), technical_lead=replace(LENA, active=False))),
    ),
    InFact(
        "owner_left",
        "the business owner",
        at_work(),
        at_work(people=team(business_owner=replace(FINN, active=False))),
        at_work(people=team(business_owner=replace(FINN, active=False), deputy=replace(DORA, active=False))),
        "critical",
    ),
    InFact(
        "no_sponsor",
        "from the unit that benefits",
        at_work(),
        at_work(people=team(executive_sponsor=ELSEWHERE)),
        at_work(people=team(executive_sponsor=None)),
    ),
    InFact(
        "no_business_kpi",
        "complete limits",
        at_work(kpis=(kpi(limits=limits(target=None)),)),
        at_work(kpis=(kpi(limits=limits(stop=None)),)),
        at_work(kpis=()),
    ),
    InFact(
        "technical_metrics_only",
        "in the pilot at once",
        at_work(kpis=(kpi(reading(50)), kpi(reading(9), business=False))),
        at_work(kpis=(kpi(), kpi(reading(9), business=False))),
        at_work(kpis=(kpi(reading(9), reading(8, day(1)), business=False),)),
    ),
    InFact(
        "promise_amended",
        "after its first reading, not acknowledged",
        at_work(amendments=(_amended(after_reading=False), _amended(acknowledged=True))),
        at_work(amendments=(_amended(),)),
        at_work(amendments=(_amended(), _amended())),
        "info",
    ),
    InFact(
        "success_without_roadmap",
        "the go limit",
        _read(61, 59, roadmap=RoadmapFacts()),
        _read(59, 60, roadmap=RoadmapFacts()),
        _read(90, roadmap=RoadmapFacts(dated=True, people=True)),
    ),
    InFact("low_usage", "under 30 %", _used(29, 30), _used(29.9, 29.9), _used(4, 3)),
    InFact("low_usage", "two running", _used(3), _used(3, 3), _used(50, 3, 3)),
    InFact(
        "low_usage",
        "under half of what was agreed",
        _used(24, 25, target=50),
        _used(24, 24.9, target=50),
        _used(1, 1, target=50),
    ),
    InFact(
        "budget_shape",
        "data preparation",
        at_work(budget=replace(SPENT, data_share=40, change_share=20)),
        at_work(budget=replace(SPENT, data_share=39, change_share=20)),
        at_work(budget=replace(SPENT, data_share=0, change_share=0)),
        "info",
    ),
    InFact(
        "budget_shape",
        "change, also of bought AI",
        at_work(budget=replace(SPENT, data_share=0, change_share=20), bought=True),
        at_work(budget=replace(SPENT, data_share=0, change_share=19), bought=True),
        at_work(budget=replace(SPENT, data_share=99, change_share=0)),
        "info",
    ),
    InFact(
        "budget_overrun",
        "at 90 % of the plan",
        at_work(budget=SPENDING["89.99"]),
        at_work(budget=SPENDING["90"]),
        at_work(budget=SPENDING["99.99"]),
        "info",
    ),
    InFact(
        "budget_overrun",
        "at all of the plan",
        at_work(budget=SPENT),
        at_work(budget=SPENDING["100"]),
        at_work(budget=SPENDING["180"]),
    ),
    InFact(
        "gate_lapsed",
        "in the pilot",
        at_work(gates=gates(1)),
        at_work(gates=gates(0, lapsed_because="An answer fell.")),
        at_work(gates=gates(3, lapsed_because="An answer fell.")),
    ),
    InFact(
        "gate_lapsed",
        "where people rely on it",
        at_work(stage=Stage.ROLLOUT),
        at_work(stage=Stage.ROLLOUT, gates=gates(0, lapsed_because="An answer fell.")),
        at_work(stage=Stage.LIVE, gates=gates(3, lapsed_because="An answer fell.")),
        "critical",
    ),
    InFact(
        "value_shortfall",
        "the go limit where no target is known",
        _launched(1, 60, limits=limits(target=None)),
        _launched(1, 59.99, limits=limits(target=None)),
        _launched(90, 4, limits=limits(target=None)),
    ),
    InFact(
        "value_shortfall",
        "the target where no go limit is known",
        _launched(1, 80, limits=limits(go=None)),
        _launched(1, 79.99, limits=limits(go=None)),
        _launched(90, 4, limits=limits(go=None)),
    ),
    InFact(
        "value_shortfall",
        "where less is better",
        _launched(99, 30, limits=LESS),
        _launched(99, 30.01, limits=LESS),
        _launched(9, 80, limits=LESS),
    ),
    InFact(
        "value_shortfall",
        "as it was promised, not as it was amended",
        at_work(stage=Stage.LIVE, gates=gates(5), kpis=(kpi(reading(70, day(1)), promised=PROMISED_60),)),
        at_work(stage=Stage.LIVE, gates=gates(5), kpis=(kpi(reading(59, day(1)), promised=PROMISED_60),)),
        at_work(
            stage=Stage.LIVE,
            gates=gates(5),
            kpis=(kpi(reading(59, day(1)), promised=PROMISED_60, limits=limits(target=None, go=50)),),
        ),
    ),
)
