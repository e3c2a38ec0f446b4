"""Answers proposed from what is known: every rule, each of its answers, and what no rule can know."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from checklists.frameworks import parse_framework
from checklists.scoring import MET, NOT_MET, PARTIAL, UNANSWERED
from gates.promises import Direction, Limits, Measured
from readiness.standing.flags.facts import PeopleFacts, Person, PlanFacts
from readiness.standing.proposals import RULES, ExitKnown, Known, KpiKnown, Proposal, propose

CONTENT = Path(__file__).resolve().parents[2] / "checklists" / "content"

FINN = Person(username="finn", name="Finn Berg", unit="Finance", unit_key="finance")
LENA = Person(username="lena", name="Lena Hoff", unit="IT", unit_key="it")
NOMAD = Person(username="nomad", name="No Mad")
LIMITS = Limits(direction=Direction.UP, baseline=Decimal(40), go_limit=Decimal(80), stop_limit=Decimal(60))
DAY = date(2026, 9, 1)


def kpi(name: str = "Share read", business: bool = True, value: int | None = None, **changes) -> KpiKnown:
    latest = None if value is None else Measured(DAY, Decimal(value))
    given = {"goal": LIMITS, "has_due": True, "latest": latest, "read": latest is not None}
    return KpiKnown(name=name, business=business, **(given | changes))


def exit_of(**changes) -> ExitKnown:
    return replace(ExitKnown(words="Use under 30 % for 4 weeks", decider="Elsa Roth", locked=True), **changes)


def said(fact: str, through: frozenset[str] = frozenset(), **known) -> tuple[str, bool] | None:
    """The answer, and whether it is held at Partial by what only a person can know."""
    proposal = propose(fact, Known(**known), through)
    if proposal is None:
        return None
    assert proposal.why.endswith(".")
    assert proposal.answer in (MET, PARTIAL, NOT_MET)
    assert not proposal.held or proposal.answer == PARTIAL
    return proposal.answer.value, proposal.held


HELD, HALF, NO, YES = ("partial", True), ("partial", False), ("not_met", False), ("met", False)


def test_every_fact_that_a_shipped_framework_names_has_a_rule():
    named = {
        item.fact
        for path in CONTENT.glob("*.yaml")
        for gate in parse_framework(path.read_bytes(), path.name).gates
        for item in gate.items
        if item.fact
    }
    assert named
    assert named <= RULES.keys()


def test_a_fact_that_nobody_knows_proposes_nothing():
    assert propose("weather.sunny", Known()) is None


# --- What is shown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "declared"), list(product((MET, PARTIAL, NOT_MET), (MET, PARTIAL, NOT_MET, UNANSWERED)))
)
def test_what_was_said_already_is_not_proposed_again(answer, declared):
    assert Proposal(answer, "So.").says_more_than(declared) == (answer != declared)


def test_what_only_a_person_can_know_does_not_contradict_their_met():
    held = Proposal(PARTIAL, "So.", held=True)
    assert [held.says_more_than(one) for one in (MET, PARTIAL, NOT_MET, UNANSWERED)] == [
        False, False, True, True
    ]  # fmt: skip


# --- The problem --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ("", NO),
        ("  \n ", NO),
        ("Clerks read 4.000 invoices a month by hand, which costs 1.5 people", HELD),
        ("Clerks read invoices by hand.", HELD),
        ("Clerks read invoices by hand. It is slow.", HELD),
        ("<script>alert(1)</script>", HELD),
        ("👩‍🚀 !", HELD),
        ("...", HELD),
        ("請求書が遅い。", HELD),
    ],
)
def test_the_problem(problem, expected):
    assert said("initiative.business_problem", problem=problem) == expected


def test_several_sentences_are_counted_and_decimals_are_none():
    two = propose("initiative.business_problem", Known(problem="It costs 1.5 people. Every day!"))
    assert two is not None
    assert "takes 2 sentences" in two.why
    one = propose("initiative.business_problem", Known(problem="It costs 1.5 people."))
    assert one is not None
    assert "in one sentence" in one.why


# --- KPIs before the start ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kpis", "expected"),
    [
        ((), NO),
        ((kpi(business=False),), NO),
        ((kpi(goal=replace(LIMITS, go_limit=None)),), NO),
        ((kpi(), kpi("B", goal=replace(LIMITS, go_limit=None))), HALF),
        ((kpi(goal=replace(LIMITS, baseline=None)),), HALF),
        ((kpi(goal=replace(LIMITS, stop_limit=None)),), HALF),
        ((kpi(has_due=False),), HALF),
        ((kpi(),), HELD),
        ((kpi(), kpi("B"), kpi("C"), kpi("D", business=False, has_due=False)), HELD),
        ((kpi(), kpi("B"), kpi("C"), kpi("D")), HALF),
    ],
)
def test_kpis_before_the_start(kpis, expected):
    assert said("kpis.complete", kpis=kpis) == expected


def test_what_a_kpi_lacks_is_named():
    one = kpi(goal=replace(LIMITS, baseline=None, stop_limit=None), has_due=False)
    proposal = propose("kpis.complete", Known(kpis=(one,)))
    assert proposal is not None
    assert proposal.why == "Still missing: Share read (baseline, stop limit and due point)."


# --- People -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sponsor", "unit", "expected"),
    [
        (None, "finance", NO),
        (replace(FINN, active=False), "finance", NO),
        (LENA, "finance", NO),
        (FINN, "finance", HELD),
        (NOMAD, "finance", HELD),
        (FINN, "", HELD),
    ],
)
def test_the_sponsor(sponsor, unit, expected):
    people = PeopleFacts(executive_sponsor=sponsor)
    known = {"business_unit": unit.capitalize(), "business_unit_key": unit}
    assert said("people.executive_sponsor", people=people, **known) == expected


@pytest.mark.parametrize(
    ("owner", "at_work", "unit", "expected"),
    [
        (None, (), "finance", NO),
        (None, (LENA,), "finance", NO),
        (None, (FINN,), "finance", HELD),
        (None, (FINN,), "", NO),
        (None, (replace(FINN, active=False),), "finance", NO),
        (FINN, (FINN,), "finance", HELD),
        (NOMAD, (NOMAD,), "finance", HELD),
        (LENA, (LENA,), "", HELD),
        (LENA, (LENA,), "finance", NO),
        (LENA, (LENA, FINN), "finance", HELD),
        (replace(FINN, active=False), (replace(FINN, active=False),), "finance", NO),
    ],
)
def test_the_business_takes_part(owner, at_work, unit, expected):
    people = PeopleFacts(business_owner=owner)
    known = {"business_unit": unit.capitalize(), "business_unit_key": unit, "at_work": at_work}
    assert said("people.business_owner", people=people, **known) == expected


@pytest.mark.parametrize("fact", ["people.executive_sponsor", "people.business_owner"])
def test_what_an_import_does_not_know_of_people_is_not_missing(fact):
    assert said(fact, people=PeopleFacts(known=False)) is None


# --- Money and dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "run", "expected"),
    [(False, False, NO), (True, False, HALF), (False, True, HALF), (True, True, HELD)],
)
def test_what_production_would_cost(build, run, expected):
    assert said("budget.production_estimate", estimates_build=build, estimates_run=run) == expected


@pytest.mark.parametrize(
    ("poc", "pilot", "decision", "prepares", "decider"), list(product((False, True), repeat=5))
)
def test_the_time_box(poc, pilot, decision, prepares, decider):
    plan = PlanFacts(
        poc_days=28 if poc else None,
        pilot_days=90 if pilot else None,
        decision_on=DAY if decision else None,
    )
    rest = (pilot, decision, prepares, decider)
    expected = NO if not poc else YES if all(rest) else HALF
    exits = (exit_of(),) if decider else ()
    assert said("plan.dates", plan=plan, prepares_until=prepares, exits=exits) == expected


# --- Readings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("business", "technical"), list(product((None, False, True), repeat=2)))
def test_both_kinds_of_measure_are_read(business, technical):
    kpis = tuple(
        kpi(kind, business=kind == "B", read=read)
        for kind, read in (("B", business), ("T", technical))
        if read is not None
    )
    expected = {2: YES, 1: HALF, 0: NO}[sum(1 for one in kpis if one.read)]
    assert said("kpis.readings", kpis=kpis) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, NO), (59, NO), (60, NO), (61, HALF), (79, HALF), (80, YES), (99, YES)]
)
def test_what_was_due_by_the_end_of_the_poc(value, expected):
    later = kpi("Later", value=0)
    assert said("kpis.go_reached", kpis=(kpi(value=value, due_now=True), later)) == expected


def test_lower_may_be_better():
    down = Limits(direction=Direction.DOWN, go_limit=Decimal(3), stop_limit=Decimal(9))
    found = [
        said("kpis.go_reached", kpis=(kpi(value=value, due_now=True, goal=down),)) for value in (2, 3, 4, 9)
    ]
    assert found == [YES, YES, HALF, NO]


def test_the_worst_of_several_measures_counts():
    good, short = kpi("A", value=90, due_now=True), kpi("B", value=70, due_now=True)
    assert said("kpis.go_reached", kpis=(good, short)) == HALF
    assert said("kpis.go_reached", kpis=(good, short, kpi("C", value=10, due_now=True))) == NO
    assert said("kpis.go_reached", kpis=(good, kpi("D", due_now=True))) == NO


def test_a_measure_without_a_go_limit_has_not_reached_it():
    bare = replace(LIMITS, go_limit=None, stop_limit=None)
    assert said("kpis.go_reached", kpis=(kpi(value=90, due_now=True, goal=bare),)) == HALF


def test_where_nothing_is_due_nothing_is_proposed():
    assert said("kpis.go_reached", kpis=(kpi(value=90),)) is None
    assert said("kpis.go_reached") is None


# --- Exit criteria ------------------------------------------------------------------------------------------

THROUGH = frozenset({"checkpoint-0", "checkpoint-1", "checkpoint-2"})


@pytest.mark.parametrize(
    ("exits", "expected"),
    [
        ((), NO),
        ((exit_of(locked=False, read=True),), NO),
        ((exit_of(),), NO),
        ((exit_of(read=True),), HELD),
        ((exit_of(read=True), exit_of(checkpoint="checkpoint-2")), NO),
        ((exit_of(read=True), exit_of(checkpoint="adoption")), HELD),
        ((exit_of(read=True), exit_of(locked=False)), HELD),
    ],
)
def test_exit_criteria_were_checked(exits, expected):
    assert said("exit_criteria.evaluated", THROUGH, exits=exits) == expected
