"""No rule changes its mind before the day it named: held by walking day by day over random facts for two years."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.promises import Direction, Limits, Measured
from gates.rules import ConditionState
from gates.stages import Stage
from readiness.standing.definitions import thresholds
from readiness.standing.flags.case import Case
from readiness.standing.flags.engine import evaluate
from readiness.standing.flags.facts import (
    AmendmentFacts,
    BudgetFacts,
    ConditionFacts,
    EvidenceFacts,
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
    WaitingSubmission,
)
from readiness.standing.flags.registry import RULES
from readiness.standing.flags.thresholds import Thresholds

START = date(2023, 12, 1)  # the walk meets 29 February 2024
WALK = 731

# Facts lie around the beginning of the walk, so that most of what they cause happens on the way.
DAYS = st.integers(-60, 400).map(lambda number: START + timedelta(days=number))
MAYBE_DAY = st.none() | DAYS
PEOPLE = st.none() | st.builds(
    Person,
    username=st.sampled_from(["lena", "finn", "elsa"]),
    name=st.just("Someone"),
    unit=st.sampled_from(["Finance", "IT"]),
    unit_key=st.sampled_from(["", "finance", "it"]),
    active=st.booleans(),
)
RUNS = st.tuples(DAYS, st.integers(0, 90)).map(lambda run: Period(run[0], run[0] + timedelta(days=run[1])))
HOLDS = st.tuples(st.lists(RUNS, max_size=3), st.none() | DAYS.map(Period)).map(
    lambda parts: (*parts[0], *([parts[1]] if parts[1] else []))
)


@st.composite
def framework(draw: st.DrawFn, slug: str, kind: GateKind, gates: tuple[str, ...]) -> list[GateToday]:
    passed = draw(st.integers(0, len(gates)))
    return [
        GateToday(
            framework=slug,
            kind=kind,
            position=position,
            slug=gate,
            name=gate.capitalize(),
            passed=position < passed,
            passed_on=draw(MAYBE_DAY) if position < passed else None,
            lapsed_because=draw(st.sampled_from(["", "", "An answer fell."])),
            last_decided_on=draw(MAYBE_DAY),
        )
        for position, gate in enumerate(gates)
    ]


ALL_GATES = st.tuples(
    framework("poc-checkpoints", GateKind.CHECKPOINT, ("checkpoint-0", "checkpoint-1", "checkpoint-2")),
    framework("five-gate", GateKind.GATE, ("data", "architecture", "integration", "governance", "adoption")),
).map(lambda both: (*both[0], *both[1]))

NUMBERS = st.integers(0, 100).map(Decimal)
LIMITS = st.builds(
    Limits,
    direction=st.sampled_from(Direction),
    baseline=st.none() | NUMBERS,
    target=st.none() | NUMBERS,
    go_limit=st.none() | NUMBERS,
    stop_limit=st.none() | NUMBERS,
)
KPIS = st.builds(
    KpiFacts,
    name=st.sampled_from(["Sorted at once", "Weekly users"]),
    business=st.sampled_from([True, True, False]),
    limits=LIMITS,
    promised=LIMITS,
    unit=st.just("%"),
    signal=st.sampled_from(["", "weekly_active_share"]),
    readings=st.lists(st.builds(Measured, on=DAYS, value=NUMBERS), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda one: one.on))
    ),
)

FACTS = st.builds(
    FlagFacts,
    stage=st.sampled_from(Stage),
    stage_since=MAYBE_DAY,
    created_on=DAYS,
    as_of=st.none() | st.none() | DAYS,
    taken_over=st.booleans(),
    business_unit=st.just("Finance"),
    business_unit_key=st.sampled_from(["finance", ""]),
    production_ready=st.sampled_from([False, False, True]),
    bought=st.booleans(),
    plan=st.builds(
        PlanFacts,
        poc_days=st.none() | st.integers(0, 90),
        pilot_days=st.none() | st.integers(0, 120),
        rollout_days=st.none() | st.integers(0, 200),
        decision_on=MAYBE_DAY,
    ),
    holds=HOLDS,
    hold_review_on=MAYBE_DAY,
    last_activity_on=MAYBE_DAY,
    last_rise_on=MAYBE_DAY,
    submissions=st.lists(
        st.builds(
            WaitingSubmission,
            gate=st.sampled_from(["data", "adoption"]),
            name=st.just("Data"),
            kind=st.sampled_from([GateKind.GATE, GateKind.CHECKPOINT]),
            submitted_on=DAYS,
            days_locked=st.integers(0, 30),
            locked_since=st.none() | st.none() | DAYS,
        ),
        max_size=2,
    ).map(tuple),
    gates=ALL_GATES,
    signals=st.lists(
        st.builds(
            SignalItem,
            signal=st.sampled_from(["production_data", "live_integration"]),
            code=st.sampled_from(["X-1", "X-2"]),
            title=st.just("Title"),
            effective=st.sampled_from(AnswerValue),
        ),
        max_size=3,
    ).map(tuple),
    people=st.builds(
        PeopleFacts,
        business_owner=PEOPLE,
        executive_sponsor=PEOPLE,
        technical_lead=PEOPLE,
        deputy=PEOPLE,
        known=st.booleans(),
    ),
    budget=st.builds(
        BudgetFacts,
        planned=st.none() | st.integers(0, 100).map(Decimal),
        spent=st.none() | st.integers(0, 100).map(Decimal),
        data_share=st.none() | st.integers(0, 60),
        change_share=st.none() | st.integers(0, 40),
    ),
    evidence=st.lists(
        st.builds(
            EvidenceFacts, code=st.sampled_from(["X-1", "X-2"]), title=st.just("Title"), last_good_on=DAYS
        ),
        max_size=3,
    ).map(tuple),
    conditions=st.lists(
        st.builds(
            ConditionFacts,
            text=st.sampled_from(["Mask names", "Test again"]),
            due=DAYS,
            state=st.sampled_from(ConditionState),
            gate_name=st.just("Data"),
            owner=st.just("Lena"),
        ),
        max_size=3,
    ).map(tuple),
    kpis=st.lists(KPIS, max_size=3).map(tuple),
    exits=st.lists(
        st.builds(ExitFacts, words=st.just("Under 30 %"), decider=st.just("Elsa"), reached_on=MAYBE_DAY),
        max_size=2,
    ).map(tuple),
    amendments=st.lists(
        st.builds(
            AmendmentFacts,
            promise=st.just("Sorted at once"),
            on=DAYS,
            after_reading=st.booleans(),
            acknowledged=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    roadmap=st.builds(RoadmapFacts, dated=st.booleans(), people=st.booleans(), budget=st.booleans()),
    stakeholders=st.tuples(
        *(
            st.builds(StakeholderFacts, function=st.just(name), involved_on=MAYBE_DAY)
            for name in ("IT", "operations", "legal", "security")
        )
    ),
    sponsor_heard_on=MAYBE_DAY,
    open_codes=st.frozensets(st.sampled_from(sorted(RULES)), max_size=4),
)

KEYS = sorted((code, key) for code in RULES for key in thresholds().rules[code].thresholds)
OVERRIDES = st.dictionaries(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(["", "pilot", "poc"])).map(
        lambda named: (named[0][0], named[1], named[0][1])
    ),
    st.decimals(0, 60, places=1),
    max_size=4,
)

Said = tuple[object, date | None]


def walk(says: Callable[[date], Said]) -> None:
    """Goes through two years: what is said may change on a day only if no day since the last change promised longer."""
    said, latest = says(START)
    promises = [latest]
    for number in range(1, WALK):
        today = START + timedelta(days=number)
        now, promise = says(today)
        assert promise is None or promise > today, f"on {today} a change was promised for {promise}"
        if now != said:
            late = [one for one in promises if one is None or one > today]
            assert not late, f"{said} became {now} on {today}, which was promised for {late[0]}"
            said, promises = now, []
        promises.append(promise)


def of_rule(code: str, facts: FlagFacts, limits: Thresholds) -> Callable[[date], Said]:
    def says(today: date) -> Said:
        answer = RULES[code](Case(facts, today, limits.rules[code], limits))
        return answer.finding, answer.changes_on

    return says


@pytest.mark.parametrize("code", RULES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), facts=FACTS, overrides=OVERRIDES)
def test_no_rule_changes_before_the_day_it_named(
    code: str, data: st.DataObject, facts: FlagFacts, overrides: dict[Any, Decimal]
) -> None:
    limits = thresholds(overrides)
    stage = data.draw(st.sampled_from(limits.rules[code].stages))
    walk(of_rule(code, replace(facts, stage=Stage(stage)), limits))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS, overrides=OVERRIDES)
def test_no_initiative_changes_before_the_day_it_named(
    facts: FlagFacts, overrides: dict[Any, Decimal]
) -> None:
    limits = thresholds(overrides)

    def says(today: date) -> Said:
        result = evaluate(facts, today, limits)
        return (result.raised, result.stalled), result.changes_on

    walk(says)
