"""Readiness: the verdict, its blockers in order, the deploy check, and the day on which any of it may change."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.scoring import Effective, ItemDefinition, ItemFacts, ItemState, Piece, item_state
from gates.criteria import Blocker, GateDefinition, GateKind, Waiver
from gates.rules import Condition, ConditionState, DecisionKind, GateFacts, Submission, statuses
from gates.stages import Stage
from readiness.standing.verdict import Verdict, deploy_allowed, deploy_blockers, readiness
from tests.unit.rule_builders import (
    ALL_VALUES,
    MET,
    NOT_MET,
    PARTIAL,
    TODAY,
    UNANSWERED,
    days,
    framework_of,
    gate_of,
    states_of,
)

PASS, CONDITIONAL, RETURN, STOP = DecisionKind

# The shape of the five gates: four items each, three to be met, ten critical in all, sixteen of twenty.
CRITICAL = {
    "data": (0, 3),
    "architecture": (2, 3),
    "integration": (0,),
    "governance": (0, 1, 2),
    "adoption": (0, 1),
}
FIVE = tuple(gate_of(slug, critical=on, position=place) for place, (slug, on) in enumerate(CRITICAL.items()))
FRAMEWORK = framework_of(*FIVE, required_met=16)
ALL_MET = (MET, MET, MET, MET)
PROMISE = Condition(TODAY + days(5), ConditionState.OPEN, "train the second shift")


def facts(values=None, decisions=None, **others):
    """Five gates: `values` and `decisions` by slug, met and passed where not named; other facts by slug too."""
    found = []
    for gate in FIVE:
        known = {name: by_slug[gate.slug] for name, by_slug in others.items() if gate.slug in by_slug}
        answers = (values or {}).get(gate.slug, ALL_MET)
        decision = (decisions or {}).get(gate.slug, PASS)
        found.append(GateFacts(gate, states_of(gate, answers), decision=decision, **known))
    return found


def ready(found=None, today=TODAY, *, ended=False, on_hold=False, exits=()):
    states = statuses(FRAMEWORK, facts() if found is None else found, today, ended=ended, on_hold=on_hold)
    return readiness(FRAMEWORK, states, ended=ended, on_hold=on_hold, exits_undecided=exits)


def told(found):
    return [(str(one.code), one.gate, one.item) for one in found.blockers]


def test_all_passed_and_all_met_is_ready():
    found = ready()
    assert (found.verdict, found.blockers, found.threshold_met) == (Verdict.READY, (), True)
    assert (found.tally.score, found.tally.met, found.required_met) == (Decimal("100.0"), 20, 16)
    assert found.changes_on is None


def test_a_new_initiative_has_every_blocker_in_order():
    nothing = dict.fromkeys(CRITICAL, (UNANSWERED,) * 4)
    found = ready(facts(nothing, dict.fromkeys(CRITICAL)))
    expected = []
    for slug, critical in CRITICAL.items():
        codes = [f"{slug.upper()}-{place + 1}" for place in range(4)]
        expected.append(("gate_not_passed", slug, None))
        expected += [("critical_not_met", slug, codes[place]) for place in critical]
        expected += [("item_unanswered", slug, codes[place]) for place in range(4) if place not in critical]
        expected.append(("too_few_met", slug, None))
    expected.append(("threshold_not_met", None, None))
    assert told(found) == expected
    assert found.verdict == Verdict.NOT_READY
    assert found.tally.score == Decimal("0.0")


def test_blockers_of_every_kind_come_in_their_order():
    late = (Condition(TODAY - days(1), ConditionState.OPEN, "train the second shift"),)
    values = {
        "data": (PARTIAL, NOT_MET, UNANSWERED, MET),
        "adoption": (MET, MET, NOT_MET, NOT_MET),
        "governance": (MET, MET, PARTIAL, PARTIAL),
    }
    decisions = {"data": CONDITIONAL, "governance": None, "adoption": STOP}
    found = ready(
        facts(values, decisions, conditions={"data": late}),
        ended=True,
        on_hold=True,
        exits=("Usage is under 30 %.",),
    )
    assert told(found) == [
        ("initiative_ended", None, None),
        ("on_hold", None, None),
        ("exit_undecided", None, None),
        ("gate_stopped", "adoption", None),
        ("gate_not_passed", "data", None),
        ("critical_not_met", "data", "DATA-1"),
        ("item_not_met", "data", "DATA-2"),
        ("item_unanswered", "data", "DATA-3"),
        ("too_few_met", "data", None),
        ("condition_overdue", "data", None),
        ("gate_not_passed", "architecture", None),
        ("gate_not_passed", "integration", None),
        ("gate_not_passed", "governance", None),
        ("critical_not_met", "governance", "GOVERNANCE-3"),
        ("too_few_met", "governance", None),
        ("item_not_met", "adoption", "ADOPTION-3"),
        ("item_not_met", "adoption", "ADOPTION-4"),
        ("too_few_met", "adoption", None),
        ("threshold_not_met", None, None),
    ]
    assert all(one.message[0].isupper() or one.message[0] in "“0123456789" for one in found.blockers)


def test_an_open_condition_makes_it_conditional_until_it_is_confirmed():
    def with_state(state):
        condition = Condition(PROMISE.due, state, PROMISE.text)
        return ready(facts(decisions={"data": CONDITIONAL}, conditions={"data": (condition,)}))

    assert with_state(ConditionState.OPEN).verdict == Verdict.CONDITIONAL
    assert with_state(ConditionState.KEPT).verdict == Verdict.CONDITIONAL
    assert with_state(ConditionState.CONFIRMED).verdict == Verdict.READY
    assert with_state(ConditionState.OPEN).blockers == ()
    assert with_state(ConditionState.OPEN).changes_on == PROMISE.due + days(1)


@pytest.mark.parametrize(
    ("value", "verdict"), [(MET, "ready"), (PARTIAL, "conditional"), (NOT_MET, "conditional")]
)
def test_a_waiver_makes_it_conditional_where_its_item_is_below_met(value, verdict):
    waiver = Waiver("DATA-2", TODAY)
    found = ready(facts({"data": (MET, value, MET, MET)}, waivers={"data": (waiver,)}))
    assert (found.verdict, found.blockers) == (verdict, ())


def test_a_waiver_that_runs_out_may_raise_a_verdict_or_lower_it():
    waiver = {"data": (Waiver("DATA-2", TODAY),)}
    tomorrow = TODAY + days(1)
    not_met = facts({"data": (MET, NOT_MET, MET, MET)}, waivers=waiver)
    assert (ready(not_met).verdict, ready(not_met, tomorrow).verdict) == ("conditional", "not_ready")
    partial = facts({"data": (MET, PARTIAL, MET, MET)}, waivers=waiver)
    assert (ready(partial).verdict, ready(partial, tomorrow).verdict) == ("conditional", "ready")
    assert ready(partial).changes_on == tomorrow


def test_fifteen_met_in_five_passed_gates_is_one_short():
    values = {
        "data": (MET, PARTIAL, MET, MET),
        "architecture": (PARTIAL, MET, MET, MET),
        "integration": (MET, PARTIAL, MET, MET),
        "governance": (MET, MET, MET, PARTIAL),
        "adoption": (MET, MET, PARTIAL, MET),
    }
    found = ready(facts(values))
    assert (found.tally.met, found.tally.score, found.threshold_met) == (15, Decimal("87.5"), False)
    assert found.verdict == Verdict.NOT_READY
    assert told(found) == [("threshold_not_met", None, None)]
    assert found.blockers[0].message == "15 of 20 items are Met; The framework asks for 16."
    values["data"] = ALL_MET
    assert ready(facts(values)).verdict == Verdict.READY


def test_an_exit_criterion_without_a_decision_is_never_ready():
    found = ready(exits=("Weekly use is under 30 %: decide.",))
    assert found.verdict == Verdict.NOT_READY
    assert found.blockers[0].message == "Weekly use is under 30 %: decide."


def test_the_hold_and_the_end_are_blockers_and_leave_the_verdict_as_it_is():
    assert ready(on_hold=True).verdict == Verdict.READY
    assert told(ready(on_hold=True)) == [("on_hold", None, None)]
    assert ready(ended=True).verdict == Verdict.READY
    assert told(ready(ended=True)) == [("initiative_ended", None, None)]


def test_a_lapse_in_the_first_gate_makes_every_gate_behind_it_not_passed():
    found = ready(facts(lapse={"data": "The model was replaced."}))
    assert [one.gate for one in found.blockers] == list(CRITICAL)
    assert {str(one.code) for one in found.blockers} == {"gate_not_passed"}
    assert found.verdict == Verdict.NOT_READY


def test_a_periodic_review_takes_nothing_away():
    assert ready(facts(waiting={"data": Submission(TODAY, True)})).verdict == Verdict.READY


def test_a_framework_without_items_is_never_ready():
    empty = framework_of(gate_of(size=0, min_met=0))
    facts_of_it = [GateFacts(empty.gates[0], (), decision=PASS)]
    states = statuses(empty, facts_of_it, TODAY, ended=False, on_hold=False)
    found = readiness(empty, states, ended=False, on_hold=False)
    assert (found.verdict, found.threshold_met) == (Verdict.NOT_READY, False)


def test_the_gap_counts_what_was_declared_beyond_what_holds():
    gate = FIVE[0]
    capped = tuple(ItemState(one, MET, Effective(PARTIAL, "Because.")) for one in gate.items)
    found = ready([GateFacts(gate, capped), *facts()[1:]])
    assert (found.declared_points, found.tally.points, found.optimism_gap) == (
        Decimal("20.0"),
        Decimal("18.0"),
        Decimal("2.0"),
    )


@pytest.mark.parametrize(("verdict", "stage", "on_hold"), list(product(Verdict, Stage, (True, False))))
def test_a_deploy_is_allowed_with_a_good_verdict_from_the_pilot_on_and_not_on_hold(verdict, stage, on_hold):
    expected = verdict in ("ready", "conditional") and stage in ("pilot", "rollout", "live") and not on_hold
    assert deploy_allowed(verdict, stage, on_hold=on_hold) == expected


@pytest.mark.parametrize(("stage", "on_hold", "good"), list(product(Stage, (True, False), (True, False))))
def test_a_refused_deploy_always_says_why_and_an_allowed_one_has_nothing_to_say(stage, on_hold, good):
    found = ready(None if good else facts(decisions={"data": None}), ended=stage.has_ended, on_hold=on_hold)
    allowed = deploy_allowed(found.verdict, stage, on_hold=on_hold)
    assert allowed == (deploy_blockers(found, stage) == ())


# Any initiative, against the text.


@st.composite
def any_gate(draw, gate):
    values = draw(st.tuples(*[st.sampled_from([MET, MET, MET, *ALL_VALUES])] * 4))
    states = st.sampled_from([*ConditionState])
    conditions = draw(
        st.lists(st.builds(Condition, st.sampled_from([TODAY - days(1), TODAY]), states), max_size=2)
    )
    open_items = [one.code for one in gate.items if not one.critical]
    waivers = draw(st.lists(st.sampled_from(open_items), max_size=1))
    return GateFacts(
        gate,
        states_of(gate, values),
        tuple(Waiver(code, draw(st.sampled_from([TODAY - days(1), TODAY]))) for code in waivers),
        draw(st.sampled_from([PASS, PASS, PASS, PASS, CONDITIONAL, RETURN, STOP, None])),
        tuple(conditions),
        draw(st.sampled_from(["", "", "", "", "An answer fell."])),
        draw(st.sampled_from([None, None, Submission(TODAY, True)])),
    )


def five_gates():
    return st.tuples(*[any_gate(gate) for gate in FIVE])


def verdict_of_the_text(found, states, exits):
    values = {one.item.code: str(one.effective.value) for gate in found for one in gate.items}
    met = [code for code, value in values.items() if value == "met"]
    critical = [one.code for gate in FIVE for one in gate.items if one.critical]
    shown = [str(state.status) for state in states]
    in_force = [one.item for gate in found for one in gate.waivers if one.expires_on >= TODAY]
    if exits or len(met) < 16 or not set(critical) <= set(met):
        return "not_ready"
    if not set(shown) <= {"passed", "passed_with_conditions"}:
        return "not_ready"
    if "passed_with_conditions" in shown or any(values[code] != "met" for code in in_force):
        return "conditional"
    return "ready"


ORDER = ["initiative_ended", "on_hold", "exit_undecided", "gate_stopped", "gate", "threshold_not_met"]
WITHIN = [
    "gate_not_passed",
    "critical_not_met",
    "item_not_met",
    "item_unanswered",
    "too_few_met",
    "condition_overdue",
]


def place_in_the_order(blocker: Blocker):
    if blocker.code in WITHIN:
        position = next(place for place, gate in enumerate(FIVE) if gate.slug == blocker.gate)
        return ORDER.index("gate"), position, WITHIN.index(blocker.code)
    return ORDER.index(blocker.code), 0, 0


@settings(max_examples=300, deadline=None)
@given(five_gates(), st.booleans(), st.booleans(), st.sampled_from([(), (), ("Decide.",)]))
def test_any_verdict_is_what_the_text_says_and_blockers_explain_exactly_that(found, ended, on_hold, exits):
    states = statuses(FRAMEWORK, found, TODAY, ended=ended, on_hold=on_hold)
    result = readiness(FRAMEWORK, states, ended=ended, on_hold=on_hold, exits_undecided=exits)
    assert result.verdict == verdict_of_the_text(found, states, exits)
    other = [one for one in result.blockers if one.code not in ("initiative_ended", "on_hold")]
    assert (result.verdict == "not_ready") == bool(other)
    assert len(result.blockers) - len(other) == ended + on_hold
    places = [place_in_the_order(one) for one in result.blockers]
    assert places == sorted(places)
    by_item = [one.item for one in result.blockers if one.item is not None]
    assert len(by_item) == len(set(by_item)), "an item is named once"
    for state in states:
        headings = [one for one in other if one.gate == state.gate.slug and one.code.startswith("gate_")]
        assert len(headings) == (0 if state.passed else 1)


# Any initiative, day by day.


AGEING = tuple(
    GateDefinition(
        "five-gate",
        name,
        name.capitalize(),
        GateKind.GATE,
        place,
        tuple(ItemDefinition(f"{name}-{n}", name, name, n == 1, True, 30) for n in (1, 2)),
        min_met=1,
    )
    for place, name in enumerate(("data", "architecture"))
)
AGEING_FRAMEWORK = framework_of(*AGEING, required_met=3)


@st.composite
def ageing_answers(draw):
    lasts = draw(st.none() | st.integers(0, 60))
    age = draw(st.integers(0, 50))
    effective_on = TODAY - days(age)
    piece = Piece(effective_on, None if lasts is None else effective_on + days(lasts), draw(st.booleans()))
    until = TODAY + days(draw(st.integers(0, 90)))
    measured = draw(st.sampled_from([None, None, MET, PARTIAL]))
    return draw(st.sampled_from([MET, MET, PARTIAL, UNANSWERED])), (piece,), measured, until


@st.composite
def ageing_initiative(draw):
    answers = {one.code: draw(ageing_answers()) for gate in AGEING for one in gate.items}
    waived = {gate.slug: draw(st.none() | st.integers(0, 80)) for gate in AGEING}
    due = draw(st.none() | st.integers(0, 80))

    def at(today):
        found = []
        for gate in AGEING:
            items = tuple(item_state(ItemFacts(one, *answers[one.code]), today) for one in gate.items)
            lasts = waived[gate.slug]
            waivers = () if lasts is None else (Waiver(gate.items[1].code, TODAY + days(lasts)),)
            promise = () if due is None else (Condition(TODAY + days(due), ConditionState.OPEN, "x"),)
            found.append(GateFacts(gate, items, waivers, CONDITIONAL if promise else PASS, promise))
        states = statuses(AGEING_FRAMEWORK, found, today, ended=False, on_hold=False)
        return readiness(AGEING_FRAMEWORK, states, ended=False, on_hold=False)

    return at


def visible(found):
    gates = [
        (
            gate.status,
            gate.can_submit,
            gate.lapsed_because,
            gate.waived,
            [one.effective.why for one in gate.items],
        )
        for gate in found.gates
    ]
    return found.verdict, found.tally, found.declared_points, found.optimism_gap, found.blockers, gates


BETTER = {Verdict.NOT_READY: 0, Verdict.CONDITIONAL: 1, Verdict.READY: 2}


@settings(max_examples=60, deadline=None)
@given(ageing_initiative())
def test_day_by_day_nothing_changes_before_its_day_and_silence_improves_nothing(at):
    found = at(TODAY)
    for step in range(1, 200):
        today = TODAY + days(step)
        later = at(today)
        if found.changes_on is None or today < found.changes_on:
            assert visible(later) == visible(found)
        assert later.tally.score <= found.tally.score
        if BETTER[later.verdict] > BETTER[found.verdict]:
            ended_waivers = [gate for gate in found.gates if gate.waived]
            assert (found.verdict, later.verdict) == (Verdict.CONDITIONAL, Verdict.READY)
            assert ended_waivers, "only a waiver that ends where none is needed may raise a verdict"
        found = later
