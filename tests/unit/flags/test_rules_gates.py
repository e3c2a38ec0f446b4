from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checklists.scoring import AnswerValue
from gates.criteria import GateKind
from gates.rules import ConditionState
from gates.stages import Stage
from readiness.standing.flags.facts import ConditionFacts, EvidenceFacts, PlanFacts
from tests.unit.flags.cast import (
    SINCE,
    assert_opens_on,
    assert_severity_steps,
    checkpoints,
    day,
    flag,
    gates,
    held,
    initiative,
    raised,
    signal,
    silent_in,
)

SIGNALS = [
    ("clean_data_only", "production_data", "data_quality"),
    ("mocked_integration", "live_integration", "integration"),
]


@pytest.mark.parametrize(("code", "name", "cause"), SIGNALS)
class TestNotMetByHalfThePilot:
    @staticmethod
    def pilot(name: str, effective: AnswerValue = AnswerValue.PARTIAL, **changes: Any) -> Any:
        facts = initiative(signals=(signal(name, effective),), last_activity_on=day(40), last_rise_on=day(40))
        return replace(facts, **changes)

    def test_opens_at_half_the_plan(self, code: str, name: str, cause: str) -> None:
        found = assert_opens_on(code, self.pilot(name), day(45))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", cause, False)
        assert found.message == (
            "DATA-4 (Untidy input) is not Met, and half of the pilot had passed on 16 October 2026."
        )
        assert found.details["items"] == [{"code": "DATA-4", "title": "Untidy input", "effective": "partial"}]

    def test_half_of_an_odd_plan_is_rounded_up(self, code: str, name: str, cause: str) -> None:
        assert_opens_on(code, self.pilot(name, plan=PlanFacts(pilot_days=81)), day(41))

    def test_measures_by_the_usual_length_where_nothing_is_planned(
        self, code: str, name: str, cause: str
    ) -> None:
        found = assert_opens_on(code, self.pilot(name, plan=PlanFacts()), day(45))
        assert found.details["planned"] is False

    def test_days_on_hold_do_not_count(self, code: str, name: str, cause: str) -> None:
        assert_opens_on(code, self.pilot(name, holds=held(day(20), day(30))), day(55))

    def test_met_is_quiet_and_everything_below_is_not(self, code: str, name: str, cause: str) -> None:
        found = {value: flag(code, self.pilot(name, value), day(45)) for value in AnswerValue}
        assert [value for value, one in found.items() if one is None] == [AnswerValue.MET]

    def test_an_imported_file_that_does_not_say_is_no_no(self, code: str, name: str, cause: str) -> None:
        unsaid = self.pilot(name, AnswerValue.UNANSWERED, as_of=day(60))
        said = self.pilot(name, AnswerValue.NOT_MET, as_of=day(60))
        assert flag(code, unsaid, day(60)) is None
        assert flag(code, said, day(60)) is not None

    def test_another_signal_says_nothing(self, code: str, name: str, cause: str) -> None:
        other = signal("live_use", AnswerValue.NOT_MET)
        assert flag(code, self.pilot(name, signals=(other,)), day(60)) is None

    def test_names_every_item_below_met(self, code: str, name: str, cause: str) -> None:
        items = (
            signal(name, AnswerValue.NOT_MET, "X-2"),
            signal(name, AnswerValue.MET, "X-3"),
            signal(name, AnswerValue.PARTIAL, "X-1"),
        )
        found = raised(code, self.pilot(name, signals=items), day(60))
        assert found.message.startswith("X-1 (Untidy input) and X-2 (Untidy input) are not Met,")

    def test_is_silent_where_nobody_knows_since_when(self, code: str, name: str, cause: str) -> None:
        assert flag(code, self.pilot(name, stage_since=None), day(60)) is None

    def test_speaks_of_the_pilot_only(self, code: str, name: str, cause: str) -> None:
        silent = silent_in(code, self.pilot(name), day(170))
        assert silent == {Stage.INTAKE, Stage.POC, Stage.ROLLOUT, Stage.LIVE}


class TestOneGateBehind:
    @staticmethod
    def pilot(passed: int, **changes: Any) -> Any:
        facts = initiative(gates=gates(passed, SINCE), last_activity_on=day(40), last_rise_on=day(40))
        return replace(facts, **changes)

    @pytest.mark.parametrize(
        ("passed", "name", "cause"),
        [
            (2, "Integration", "integration"),
            (3, "Governance", "governance"),
            (4, "Adoption", "change_management"),
        ],
    )
    def test_opens_45_days_after_the_passes_before_it(self, passed: int, name: str, cause: str) -> None:
        found = assert_opens_on("one_gate_behind", self.pilot(passed), day(45))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", cause, True)
        assert found.message == (
            f"The {name} gate has been next since 1 September 2026; every gate before it is passed."
        )
        assert len(found.details["passed"]) == passed  # type: ignore[arg-type]

    @pytest.mark.parametrize("passed", [0, 1, 5])
    def test_speaks_of_the_last_three_gates_only(self, passed: int) -> None:
        assert flag("one_gate_behind", self.pilot(passed), day(300)) is None

    def test_counts_from_the_latest_of_the_passes(self) -> None:
        found = list(gates(2, SINCE))
        found[0] = replace(found[0], passed_on=day(7))
        assert_opens_on("one_gate_behind", self.pilot(0, gates=tuple(found)), day(52))

    def test_an_earlier_gate_that_no_longer_holds_is_the_next_one(self) -> None:
        found = list(gates(3, SINCE))
        found[1] = replace(found[1], passed=False, passed_on=None, lapsed_because="An answer fell.")
        assert flag("one_gate_behind", self.pilot(0, gates=tuple(found)), day(90)) is None

    def test_a_gate_that_lapsed_is_not_behind(self) -> None:
        lapsed = gates(2, SINCE, lapsed_because="An answer fell.")
        assert flag("one_gate_behind", self.pilot(2, gates=lapsed), day(90)) is None

    def test_a_pass_whose_day_is_unknown_counts_nothing(self) -> None:
        found = gates(2)
        first, both = (replace(found[0], passed_on=None), replace(found[1], passed_on=None))
        assert flag("one_gate_behind", self.pilot(0, gates=(first, *found[1:])), day(90)) is None
        assert flag("one_gate_behind", self.pilot(0, gates=(first, both, *found[2:])), day(90)) is None

    def test_looks_only_at_the_framework_readiness_is_computed_on(self) -> None:
        others = (*checkpoints(None, None, None), *gates(2, SINCE))
        assert flag("one_gate_behind", self.pilot(0, gates=others), day(45)) is not None
        assert flag("one_gate_behind", self.pilot(2, framework="house-gates"), day(45)) is None

    def test_days_on_hold_do_not_count(self) -> None:
        assert_opens_on("one_gate_behind", self.pilot(2, holds=held(day(1), day(9))), day(53))

    def test_counts_over_a_leap_day(self) -> None:
        facts = self.pilot(0, gates=gates(2, date(2024, 1, 16)))
        assert flag("one_gate_behind", facts, date(2024, 2, 29)) is None
        assert flag("one_gate_behind", facts, date(2024, 3, 1)) is not None

    def test_speaks_of_the_pilot_only(self) -> None:
        silent = silent_in("one_gate_behind", self.pilot(2), day(90))
        assert silent == {Stage.INTAKE, Stage.POC, Stage.ROLLOUT, Stage.LIVE}


class TestGateLapsed:
    LAPSED = initiative(gates=gates(1, lapsed_because="“Load” is critical and must be Met; it is Partial."))

    def test_names_the_gate_and_the_reason(self) -> None:
        found = raised("gate_lapsed", self.LAPSED, SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "governance", False)
        assert found.message == (
            "The Architecture gate was passed and no longer holds. "
            "“Load” is critical and must be Met; it is Partial."
        )
        assert found.details["gates"] == [
            {
                "gate": "architecture",
                "name": "Architecture",
                "because": "“Load” is critical and must be Met; it is Partial.",
            }
        ]

    def test_is_critical_in_rollout_and_live(self) -> None:
        severities = {
            stage: raised("gate_lapsed", replace(self.LAPSED, stage=stage), SINCE).severity
            for stage in (Stage.PILOT, Stage.ROLLOUT, Stage.LIVE)
        }
        assert list(severities.values()) == ["warning", "critical", "critical"]
        assert silent_in("gate_lapsed", self.LAPSED, SINCE) == {Stage.INTAKE, Stage.POC}

    def test_never_calls_a_checkpoint_a_gate(self) -> None:
        lapsed = replace(checkpoints(SINCE, None, None)[0], lapsed_because="An answer fell.")
        found = raised("gate_lapsed", initiative(gates=(lapsed,)), SINCE)
        assert found.message == (
            "The checkpoint “Before the PoC” was passed and no longer holds. An answer fell."
        )

    def test_a_pass_that_holds_is_quiet(self) -> None:
        assert flag("gate_lapsed", initiative(gates=gates(5)), SINCE) is None


class TestEvidenceExpired:
    LAST = date(2028, 2, 28)
    PIECE = EvidenceFacts(code="DATA-1", title="Source quality", last_good_on=LAST)
    FACTS = initiative(
        stage_since=date(2028, 2, 1),
        created_on=date(2028, 2, 1),
        last_activity_on=date(2028, 2, 20),
        last_rise_on=date(2028, 2, 20),
        evidence=(PIECE,),
    )

    def test_opens_14_days_before_the_last_good_day(self) -> None:
        found = assert_opens_on("evidence_expired", self.FACTS, date(2028, 2, 14))
        assert (found.severity, found.root_cause, found.stalls) == ("info", "governance", False)
        assert found.message == ("Evidence will soon run out behind DATA-1 (last good day 28 February 2028).")

    def test_the_last_good_day_is_still_good_and_the_leap_day_after_is_not(self) -> None:
        states = [
            raised("evidence_expired", self.FACTS, on).details["items"][0]["state"]  # type: ignore[index,call-overload]
            for on in (date(2028, 2, 27), date(2028, 2, 28), date(2028, 2, 29))
        ]
        assert states == ["expiring", "expiring", "expired"]
        assert_severity_steps("evidence_expired", self.FACTS, date(2028, 2, 29), "info", "info")
        assert raised("evidence_expired", self.FACTS, date(2028, 2, 29)).message == (
            "Evidence has run out behind DATA-1 (last good day 28 February 2028)."
        )

    def test_names_what_ran_out_before_what_will(self) -> None:
        soon = EvidenceFacts(code="ARCH-1", title="Load", last_good_on=date(2028, 3, 9))
        later = EvidenceFacts(code="ARCH-2", title="Release", last_good_on=date(2028, 8, 9))
        found = raised(
            "evidence_expired", replace(self.FACTS, evidence=(later, soon, self.PIECE)), date(2028, 3, 1)
        )
        assert [(one["code"], one["state"]) for one in found.details["items"]] == [  # type: ignore
            ("DATA-1", "expired"),
            ("ARCH-1", "expiring"),
        ]

    def test_evidence_that_never_ends_never_expires(self) -> None:
        forever = replace(self.PIECE, last_good_on=date.max)
        assert flag("evidence_expired", replace(self.FACTS, evidence=(forever,)), date(2028, 3, 1)) is None

    def test_does_not_move_with_a_hold(self) -> None:
        facts = replace(self.FACTS, holds=held(date(2028, 2, 5), date(2028, 2, 10)))
        assert_opens_on("evidence_expired", facts, date(2028, 2, 14))

    def test_says_nothing_in_intake(self) -> None:
        assert silent_in("evidence_expired", self.FACTS, date(2028, 3, 1)) == {Stage.INTAKE}


class TestConditionOverdue:
    LAST = date(2028, 2, 28)
    CONDITION = ConditionFacts(
        text="Mask the customer's name",
        due=LAST,
        state=ConditionState.OPEN,
        gate_name="Data",
        owner="Lena Hoff",
    )
    FACTS = initiative(
        stage_since=date(2028, 2, 1),
        created_on=date(2028, 2, 1),
        last_activity_on=date(2028, 2, 20),
        last_rise_on=date(2028, 2, 20),
        conditions=(CONDITION,),
    )

    def test_opens_the_day_after_its_due_date(self) -> None:
        found = assert_opens_on("condition_overdue", self.FACTS, date(2028, 2, 29))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "governance", False)
        assert found.message == (
            "The condition “Mask the customer's name” (Lena Hoff, due 28 February 2028) is still open."
        )
        assert found.details["conditions"] == [
            {
                "text": "Mask the customer's name",
                "due": "2028-02-28",
                "gate": "Data",
                "owner": "Lena Hoff",
            }
        ]

    @pytest.mark.parametrize("state", [ConditionState.KEPT, ConditionState.CONFIRMED])
    def test_one_that_is_kept_is_not_overdue(self, state: ConditionState) -> None:
        facts = replace(self.FACTS, conditions=(replace(self.CONDITION, state=state),))
        assert flag("condition_overdue", facts, date(2028, 9, 1)) is None

    def test_lists_several_and_shortens_long_ones(self) -> None:
        long = replace(self.CONDITION, text="word " * 100, due=date(2028, 2, 27))
        found = raised(
            "condition_overdue", replace(self.FACTS, conditions=(self.CONDITION, long)), date(2028, 3, 9)
        )
        assert found.message.startswith("Conditions are still open: “word word")
        assert "[...]” (Lena Hoff, due 27 February 2028) and “Mask" in found.message
        assert len(found.message) < 400

    def test_does_not_move_with_a_hold(self) -> None:
        facts = replace(self.FACTS, holds=held(date(2028, 2, 5), date(2028, 2, 10)))
        assert_opens_on("condition_overdue", facts, date(2028, 2, 29))

    def test_says_nothing_in_intake(self) -> None:
        assert silent_in("condition_overdue", self.FACTS, date(2028, 3, 1)) == {Stage.INTAKE}


def test_a_template_is_safe_from_what_people_type() -> None:
    lapsed = replace(gates(1)[0], lapsed_because="{name.__class__} {0} %s", kind=GateKind.GATE, passed=False)
    found = raised("gate_lapsed", initiative(gates=(lapsed,)), SINCE)
    assert found.message.endswith("{name.__class__} {0} %s")
