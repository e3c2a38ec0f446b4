"""The life of three gates in order: people answer, submit, decide and waive, things happen, days pass.

The machine keeps the facts as a database would and asks the rules; beside them it keeps its own book of what must
be true, from the text.
"""

from collections import defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from checklists.scoring import ItemDefinition, ItemFacts, Piece
from gates.criteria import GateDefinition, GateKind, Waiver
from gates.refusals import decision_refusal, submit_refusal
from gates.rules import (
    PASSING_DECISIONS,
    Condition,
    ConditionState,
    DecisionKind,
    GateFacts,
    GateStatus,
    Submission,
    gate_criteria,
    gate_status,
    lapses_by_act,
    statuses,
)
from tests.unit.rule_builders import ALL_VALUES, MET, TODAY, UNANSWERED, days, framework_of, from_facts
from tests.unit.rule_oracles import expected_answer, gate_asks, read_from_the_table

MAX_AGE = 20
NAMES = ("data", "arch", "intg")


def definition(name, place):
    items = tuple(
        ItemDefinition(
            f"{name.upper()}-{n}", name, f"Item {n}", critical=n == 1, evidence_max_age_days=MAX_AGE
        )
        for n in (1, 2, 3)
    )
    return GateDefinition("five-gate", name, name.capitalize(), GateKind.GATE, place, items, min_met=2)


GATES = tuple(definition(name, place) for place, name in enumerate(NAMES))
FRAMEWORK = framework_of(*GATES)
ITEMS = {one.code: one for gate in GATES for one in gate.items}
WORSE_BY_TIME = {
    (GateStatus.PASSED, GateStatus.LAPSED),
    (GateStatus.PASSED_WITH_CONDITIONS, GateStatus.LAPSED),
    (GateStatus.PASSED, GateStatus.IN_REVIEW),  # submitted again while it held, and lapsed since
    (GateStatus.PASSED_WITH_CONDITIONS, GateStatus.IN_REVIEW),
    (GateStatus.ELIGIBLE, GateStatus.OPEN),
}

some_gate = st.sampled_from(range(3))
some_item = st.sampled_from(sorted(ITEMS))


class GateLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.today = TODAY
        self.declared = defaultdict(lambda: UNANSWERED)
        self.pieces = defaultdict(list)
        self.waivers = []
        self.decision = [None] * 3
        self.conditions = [[], [], []]
        self.lapse = [""] * 3
        self.waiting = [None] * 3
        # The book: what was decided last, and whether an act has undone it since.
        self.book_decision = [None] * 3
        self.book_undone = [False] * 3

    # What the rules are asked.

    def item_facts(self, code):
        return ItemFacts(ITEMS[code], self.declared[code], tuple(self.pieces[code]))

    def gate_facts(self, place):
        gate = GATES[place]
        answers = {one.code: self.item_facts(one.code) for one in gate.items}
        return GateFacts(
            gate,
            from_facts(gate, answers, self.today),
            tuple(self.waivers),
            self.decision[place],
            tuple(self.conditions[place]),
            self.lapse[place],
            self.waiting[place],
        )

    def states(self):
        facts = [self.gate_facts(place) for place in range(3)]
        return statuses(FRAMEWORK, facts, self.today, ended=self.ended, on_hold=False)

    @property
    def ended(self):
        return DecisionKind.STOP in self.decision

    # What the book says.

    def book_criteria(self, place):
        gate = GATES[place]
        values = [expected_answer(self.item_facts(one.code), self.today) for one in gate.items]
        waived = {one.item for one in self.waivers if self.today <= one.expires_on}
        return not gate_asks(gate, values, waived)

    def book_conditions(self, place):
        words = set()
        for one in self.conditions[place]:
            words.add(str(one.state))
            if one.state == "open" and self.today > one.due:
                words.add("overdue")
        return words

    def act(self, change):
        """Something a person does: what it makes lapse is recorded with it."""
        held = [gate_criteria(self.gate_facts(place), self.today).holds for place in range(3)]
        book_before = [self.book_criteria(place) for place in range(3)]
        change()
        for place in range(3):
            holds = gate_criteria(self.gate_facts(place), self.today).holds
            if lapses_by_act(self.decision[place], held_before=held[place], holds_now=holds):
                self.lapse[place] = self.lapse[place] or "An answer fell."
            passed = self.book_decision[place] in ("pass", "pass_with_conditions")
            if passed and book_before[place] and not self.book_criteria(place):
                self.book_undone[place] = True

    # What happens.

    @rule(code=some_item, value=st.sampled_from(ALL_VALUES))
    def answer(self, code, value):
        self.act(lambda: self.declared.__setitem__(code, value))

    @rule(place=some_gate)
    def answer_the_whole_gate_with_fresh_evidence(self, place):
        def change():
            for one in GATES[place].items:
                self.declared[one.code] = MET
                self.pieces[one.code].append(Piece(self.today))

        self.act(change)

    @rule(code=some_item, age=st.integers(0, 3 * MAX_AGE), lasts=st.none() | st.integers(0, 30))
    def add_evidence(self, code, age, lasts):
        effective_on = self.today - days(age)
        expires_on = None if lasts is None else effective_on + days(lasts)
        self.act(lambda: self.pieces[code].append(Piece(effective_on, expires_on)))

    @rule(code=some_item, which=st.integers(0, 5))
    def withdraw(self, code, which):
        if which < len(self.pieces[code]):
            piece = self.pieces[code][which]
            gone = Piece(piece.effective_on, piece.expires_on, withdrawn=True)
            self.act(lambda: self.pieces[code].__setitem__(which, gone))

    @rule(code=some_item, lasts=st.integers(0, 40))
    def waive(self, code, lasts):
        if not ITEMS[code].critical:
            self.act(lambda: self.waivers.append(Waiver(code, self.today + days(lasts))))

    @rule(place=some_gate)
    def submit(self, place):
        state = self.states()[place]
        if submit_refusal(state) is None:
            self.waiting[place] = Submission(self.today, state.criteria.holds)

    @rule(place=some_gate, kind=st.sampled_from([*DecisionKind][:3]), due=st.integers(-2, 30))
    def decide(self, place, kind, due):
        self.take_decision(place, kind, due)

    @rule(due=st.integers(0, 30), with_condition=st.booleans())
    def bring_the_first_gate_not_passed_through(self, due, with_condition):
        """Keeps the machine from spending its life before the first decision."""
        for place, state in enumerate(self.states()):
            if not state.passed and state.status != GateStatus.STOPPED:
                self.answer_the_whole_gate_with_fresh_evidence(place)
                self.submit(place)
                kind = DecisionKind.PASS_WITH_CONDITIONS if with_condition else DecisionKind.PASS
                self.take_decision(place, kind, due)
                return

    @rule(place=some_gate, sure=st.integers(0, 4))
    def stop(self, place, sure):
        if sure == 0:
            self.take_decision(place, DecisionKind.STOP, 0)

    def take_decision(self, place, kind, due):
        wanted = []
        if kind == DecisionKind.PASS_WITH_CONDITIONS:
            wanted = [Condition(self.today + days(due), ConditionState.OPEN, "a promise")]
        if decision_refusal(kind, len(wanted), self.states()[place]) is None:
            self.decision[place], self.conditions[place] = kind, wanted
            self.lapse[place], self.waiting[place] = "", None
            self.book_decision[place], self.book_undone[place] = str(kind), False

    @rule(place=some_gate, state=st.sampled_from([*ConditionState]))
    def keep_confirm_or_reopen_the_condition(self, place, state):
        self.conditions[place] = [Condition(one.due, state, one.text) for one in self.conditions[place]]

    @rule(place=some_gate)
    def declare_a_material_change(self, place):
        if self.decision[place] in PASSING_DECISIONS:
            self.lapse[place] = "The model was replaced."
            self.book_undone[place] = True

    @rule(number=st.integers(1, 25))
    def days_pass(self, number):
        for _ in range(number):
            before = self.states()
            self.today += days(1)
            after = self.states()
            for old, new in zip(before, after, strict=True):
                if old.changes_on is None or self.today < old.changes_on:
                    assert (new.status, new.can_submit, new.criteria) == (
                        old.status,
                        old.can_submit,
                        old.criteria,
                    ), "changed before the day it named"
                    assert (new.waived, new.overdue) == (old.waived, old.overdue)
                    assert new.lapsed_because == old.lapsed_because
                if new.status not in (old.status, GateStatus.LOCKED):
                    assert (old.status, new.status) in WORSE_BY_TIME, "silence improved something"
                assert old.status != GateStatus.LOCKED or new.status == GateStatus.LOCKED
                assert new.criteria.holds <= old.criteria.holds

    # What must be true at any moment.

    @invariant()
    def every_status_is_the_one_in_the_table(self):
        locked = False
        for place, state in enumerate(self.states()):
            expected = read_from_the_table(
                self.book_decision[place],
                self.book_criteria(place),
                self.waiting[place] is not None,
                self.book_undone[place],
                self.book_conditions(place),
                locked,
            )
            assert state.status == expected
            locked = locked or expected not in ("passed", "passed_with_conditions")

    @invariant()
    def later_gates_are_locked_while_an_earlier_one_is_not_passed(self):
        states = self.states()
        for place, state in enumerate(states):
            earlier_passed = all(one.passed for one in states[:place])
            assert earlier_passed or state.status in (GateStatus.LOCKED, GateStatus.STOPPED)
            assert not (earlier_passed and state.status == GateStatus.LOCKED)

    @invariant()
    def a_lock_hides_what_a_gate_has_reached_and_takes_nothing_from_it(self):
        for place, state in enumerate(self.states()):
            facts = self.gate_facts(place)
            unlocked = gate_status(facts, state.criteria, self.today, locked=False)
            assert state.status in (unlocked, GateStatus.LOCKED)
            assert str(facts.decision or "") == (self.book_decision[place] or "")

    @invariant()
    def only_a_new_decision_ends_a_lapse_by_an_act(self):
        for place, state in enumerate(self.states()):
            if self.book_undone[place]:
                assert not state.passed
                assert state.lapsed_because.by == "act"

    @invariant()
    def nothing_is_passed_without_a_pass_criteria_and_conditions_in_time(self):
        for place, state in enumerate(self.states()):
            if state.passed:
                assert self.book_decision[place] in ("pass", "pass_with_conditions")
                assert self.book_criteria(place)
                assert "overdue" not in self.book_conditions(place)

    @invariant()
    def what_can_be_submitted_is_free_and_holds(self):
        for place, state in enumerate(self.states()):
            expected = (
                not self.ended
                and all(one.passed for one in self.states()[:place])
                and self.waiting[place] is None
                and self.book_criteria(place)
            )
            assert state.can_submit == expected


TestGateLife = GateLife.TestCase
TestGateLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
