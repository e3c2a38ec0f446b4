"""Lena's pilot in Finance, in perfect order: each test changes the one fact it is about."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.promises import Direction, Limits, Measured
from gates.stages import Stage
from readiness.standing.definitions import thresholds
from readiness.standing.flags.engine import Raised, evaluate
from readiness.standing.flags.facts import (
    BudgetFacts,
    ExitFacts,
    FlagFacts,
    GateToday,
    KpiFacts,
    PeopleFacts,
    Period,
    Person,
    PlanFacts,
    RoadmapFacts,
    SignalItem,
    StakeholderFacts,
)

LENA = Person(username="lena", name="Lena Hoff", unit="IT", unit_key="it", function="it")
FINN = Person(username="finn", name="Finn Berg", unit="Finance", unit_key="finance", function="business")
ELSA = Person(username="elsa", name="Elsa Roth", unit="Finance", unit_key="finance", function="business")
DORA = Person(username="dora", name="Dora Lind", unit="IT", unit_key="it", function="it")

SINCE = date(2026, 9, 1)
FIVE = ("data", "architecture", "integration", "governance", "adoption")

RUNNING = [Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE]


def day(number: int, since: date = SINCE) -> date:
    """The day on which so many days have passed."""
    return since + timedelta(days=number)


def gates(passed: int = 0, on: date = SINCE, **changes: Any) -> tuple[GateToday, ...]:
    """The five gates, of which the first ``passed`` are passed; ``changes`` go to the one after them."""
    found = [
        GateToday(
            framework="five-gate",
            kind=GateKind.GATE,
            position=position,
            slug=slug,
            name=slug.capitalize(),
            passed=position < passed,
            passed_on=on if position < passed else None,
            last_decided_on=on if position < passed else None,
        )
        for position, slug in enumerate(FIVE)
    ]
    if changes:
        found[passed] = replace(found[passed], **changes)
    return tuple(found)


def checkpoints(*decided_on: date | None) -> tuple[GateToday, ...]:
    """The three checkpoints; each was decided, and passed, on its day, or is undecided."""
    names = ("Before the PoC", "Midpoint of the PoC", "Decision after the PoC")
    return tuple(
        GateToday(
            framework="poc-checkpoints",
            kind=GateKind.CHECKPOINT,
            position=position,
            slug=f"checkpoint-{position}",
            name=name,
            passed=on is not None,
            passed_on=on,
            last_decided_on=on,
        )
        for position, (name, on) in enumerate(zip(names, decided_on, strict=True))
    )


def signal(name: str, effective: AnswerValue, code: str = "DATA-4") -> SignalItem:
    return SignalItem(signal=name, code=code, title="Untidy input", effective=effective)


def limits(
    *,
    baseline: int | None = 40,
    target: int | None = 80,
    go: int | None = 60,
    stop: int | None = 45,
    **more: Any,
) -> Limits:
    """Of a KPI of which more is better: from 40 to 60 at least, to 80 in the end; at 45 it is stopped."""
    numbers = {"baseline": baseline, "target": target, "go_limit": go, "stop_limit": stop}
    decimals = {name: None if number is None else Decimal(number) for name, number in numbers.items()}
    return Limits(**{"direction": Direction.UP, **decimals, **more})


def reading(value: float, on: date = SINCE) -> Measured:
    return Measured(on, Decimal(str(value)))


def kpi(*readings: Measured, **changes: Any) -> KpiFacts:
    """A business KPI in percent, its limits complete and locked as they are; ``readings`` oldest first."""
    agreed = changes.pop("limits", limits())
    facts: dict[str, Any] = {"name": "Sorted at once", "business": True, "unit": "%", "promised": agreed}
    return KpiFacts(limits=agreed, readings=readings, **{**facts, **changes})


def usage(*readings: Measured, target: int | None = None) -> KpiFacts:
    """The weekly active share; ``target`` where one was agreed."""
    agreed = limits(baseline=None, target=target, go=None, stop=None)
    return kpi(*readings, name="Weekly users", business=False, signal="weekly_active_share", limits=agreed)


def stakeholders(involved_on: date | None = SINCE, **changes: date | None) -> tuple[StakeholderFacts, ...]:
    """The four functions, all involved on one day; ``changes`` by name: ``legal=None``."""
    return tuple(
        StakeholderFacts(function=name, involved_on=changes.get(name.lower(), involved_on))
        for name in ("IT", "operations", "legal", "security")
    )


WATCHED = ExitFacts(words="Sorted at once under 45 % for 4 weeks", decider="Elsa Roth")
COMMITTED = RoadmapFacts(dated=True, people=True, budget=True)


def team(**changes: Person | None | bool) -> PeopleFacts:
    everyone: dict[str, Any] = {
        "business_owner": FINN,
        "executive_sponsor": ELSA,
        "technical_lead": LENA,
        "deputy": DORA,
    }
    return PeopleFacts(**{**everyone, **changes})


def initiative(**changes: Any) -> FlagFacts:
    """In the pilot since 1 September 2026, 90 days planned; everybody named, all agreed, nothing waiting."""
    facts = FlagFacts(
        stage=Stage.PILOT,
        stage_since=SINCE,
        created_on=SINCE,
        business_unit="Finance",
        business_unit_key="finance",
        plan=PlanFacts(poc_days=28, pilot_days=90, rollout_days=180),
        last_activity_on=SINCE,
        last_rise_on=SINCE,
        gates=gates(),
        people=team(),
        budget=BudgetFacts(planned=Decimal("100000.00"), spent=Decimal("10000.00"), currency="EUR"),
        kpis=(kpi(),),
        exits=(WATCHED,),
        roadmap=COMMITTED,
        stakeholders=stakeholders(),
    )
    return replace(facts, **changes)


def held(since: date, until: date | None = None) -> tuple[Period, ...]:
    return (Period(since, until),)


def flag(
    code: str, facts: FlagFacts, today: date, overrides: dict[tuple[str, str, str], Decimal] | None = None
) -> Raised | None:
    """The flag with this code, where it is raised on this day."""
    raised = evaluate(facts, today, thresholds(overrides)).raised
    return next((one for one in raised if one.code == code), None)


def raised(code: str, facts: FlagFacts, today: date) -> Raised:
    """The flag with this code, which must be raised on this day."""
    found = flag(code, facts, today)
    assert found is not None, f"{code} is not raised on {today}"
    return found


def assert_opens_on(code: str, facts: FlagFacts, on: date) -> Raised:
    """Silent through the day before, raised on the day and on the next; and the day before says so."""
    before = on - timedelta(days=1)
    assert flag(code, facts, before) is None, f"{code} is raised on {before} already"
    promised = evaluate(facts, before, thresholds()).changes_on
    assert promised == on, f"on {before} the next change was promised for {promised}"
    assert raised(code, facts, on + timedelta(days=1)).severity == raised(code, facts, on).severity
    return raised(code, facts, on)


def assert_severity_steps(code: str, facts: FlagFacts, on: date, before: str, after: str) -> None:
    """One severity through the day before, another from this day on; and the day before says so."""
    eve = on - timedelta(days=1)
    assert raised(code, facts, eve).severity == before
    assert raised(code, facts, on).severity == after
    promised = evaluate(facts, eve, thresholds()).changes_on
    assert promised is not None
    assert promised <= on


def silent_in(code: str, facts: FlagFacts, today: date) -> set[Stage]:
    """The stages in which these facts raise no such flag."""
    return {stage for stage in RUNNING if flag(code, replace(facts, stage=stage), today) is None}
