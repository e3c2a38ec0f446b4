from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gates.criteria import GateKind
from gates.stages import Stage
from readiness.standing.definitions import thresholds
from readiness.standing.flags.engine import evaluate
from readiness.standing.flags.facts import GateToday, PlanFacts, WaitingSubmission
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
    silent_in,
)

DATA = WaitingSubmission(gate="data", name="Data", kind=GateKind.GATE, submitted_on=SINCE)


class TestSubmissionThatWaits:
    WAITING = initiative(submissions=(DATA,), last_activity_on=day(20))

    def test_is_overdue_on_day_14_and_speaks_to_reviewers(self) -> None:
        found = assert_opens_on("decision_overdue", self.WAITING, day(14))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "decision_discipline", True)
        assert found.message == "The Data gate was submitted on 1 September 2026 and waits for a decision."
        assert found.details == {
            "submissions": [{"gate": "data", "name": "Data", "since": "2026-09-01", "days_not_counted": 0}],
            "planned_on": None,
            "threshold_days": 14,
            "critical_from_days": 28,
        }

    def test_is_critical_from_twice_the_days(self) -> None:
        assert_severity_steps("decision_overdue", self.WAITING, day(28), "warning", "critical")

    def test_is_critical_from_twice_the_days_that_an_admin_set(self) -> None:
        overrides = {("decision_overdue", "pilot", "days"): Decimal(5)}
        steps = [flag("decision_overdue", self.WAITING, day(number), overrides) for number in (4, 5, 9, 10)]
        assert [found and found.severity for found in steps] == [None, "warning", "warning", "critical"]

    def test_days_on_hold_do_not_count(self) -> None:
        facts = replace(self.WAITING, holds=held(day(3), day(8)))
        assert_opens_on("decision_overdue", facts, day(19))

    def test_days_behind_a_lapsed_gate_do_not_count(self) -> None:
        facts = replace(self.WAITING, submissions=(replace(DATA, days_locked=6),))
        found = assert_opens_on("decision_overdue", facts, day(20))
        assert found.details["submissions"] == [
            {"gate": "data", "name": "Data", "since": "2026-09-01", "days_not_counted": 6}
        ]

    def test_is_no_reproach_while_it_waits_behind_a_lapsed_gate(self) -> None:
        locked = replace(DATA, locked_since=day(20))
        assert flag("decision_overdue", replace(self.WAITING, submissions=(locked,)), day(40)) is None

    def test_counts_over_a_leap_day(self) -> None:
        facts = replace(self.WAITING, submissions=(replace(DATA, submitted_on=date(2028, 2, 16)),))
        assert flag("decision_overdue", facts, date(2028, 2, 29)) is None
        assert flag("decision_overdue", facts, date(2028, 3, 1)) is not None

    def test_names_each_that_is_late_and_no_other(self) -> None:
        midpoint = WaitingSubmission(
            gate="checkpoint-1", name="Midpoint of the PoC", kind=GateKind.CHECKPOINT, submitted_on=day(2)
        )
        recent = replace(DATA, gate="architecture", name="Architecture", submitted_on=day(10))
        facts = replace(self.WAITING, submissions=(recent, midpoint, DATA))
        assert raised("decision_overdue", facts, day(17)).message == (
            "The Data gate was submitted on 1 September 2026 and waits for a decision. "
            "The checkpoint “Midpoint of the PoC” was submitted on 3 September 2026 and waits for a decision."
        )

    def test_speaks_in_every_stage(self) -> None:
        """Checkpoint 0 waits in intake, a periodic review when live."""
        assert silent_in("decision_overdue", self.WAITING, day(20)) == set()

    def test_neither_an_idea_nor_what_is_live_is_stalled_by_it(self) -> None:
        for stage in (Stage.INTAKE, Stage.LIVE):
            waiting = replace(self.WAITING, stage=stage)
            assert raised("decision_overdue", waiting, day(40)).severity == "critical"
            assert not evaluate(waiting, day(40), thresholds()).stalled


class TestPlannedDecision:
    PLANNED = initiative(plan=PlanFacts(decision_on=day(10)))

    def test_speaks_of_poc_pilot_and_rollout(self) -> None:
        assert silent_in("decision_overdue", self.PLANNED, day(20)) == {Stage.INTAKE, Stage.LIVE}

    def test_is_overdue_the_day_after(self) -> None:
        found = assert_opens_on("decision_overdue", self.PLANNED, day(11))
        assert found.severity == "warning"
        assert found.message == "A decision was planned for 11 September 2026."
        assert found.details["planned_on"] == "2026-09-11"

    def test_is_critical_28_days_after(self) -> None:
        assert_severity_steps("decision_overdue", self.PLANNED, day(38), "warning", "critical")

    def test_a_hold_over_the_planned_day_leaves_the_days_that_were_left(self) -> None:
        assert_opens_on("decision_overdue", replace(self.PLANNED, holds=held(day(8), day(15))), day(18))

    def test_moves_by_every_day_on_hold_since_the_stage_began(self) -> None:
        """PoC from 1 September, planned for the 11th, on hold from the 3rd to the 8th: due on the 16th."""
        facts = replace(self.PLANNED, stage=Stage.POC, holds=held(day(2), day(7)))
        assert_opens_on("decision_overdue", facts, day(16))
        assert_severity_steps("decision_overdue", facts, day(43), "warning", "critical")
        before = replace(self.PLANNED, holds=held(day(-20), day(-7)), created_on=day(-30))
        assert_opens_on("decision_overdue", before, day(11))

    def test_is_said_beside_a_submission_that_waits(self) -> None:
        facts = replace(self.PLANNED, submissions=(DATA,))
        assert raised("decision_overdue", facts, day(14)).message == (
            "The Data gate was submitted on 1 September 2026 and waits for a decision. "
            "A decision was planned for 11 September 2026."
        )

    def test_is_taken_once_a_pilot_is_ready(self) -> None:
        assert flag("decision_overdue", replace(self.PLANNED, production_ready=True), day(20)) is None

    def test_is_not_taken_by_being_ready_in_the_rollout(self) -> None:
        facts = replace(self.PLANNED, stage=Stage.ROLLOUT, production_ready=True)
        assert flag("decision_overdue", facts, day(20)) is not None

    def test_is_taken_once_every_checkpoint_of_a_poc_is_passed(self) -> None:
        facts = replace(self.PLANNED, stage=Stage.POC)
        undecided = replace(facts, gates=checkpoints(SINCE, day(3), None))
        decided = replace(facts, gates=checkpoints(SINCE, day(3), day(9)))
        assert flag("decision_overdue", undecided, day(20)) is not None
        assert flag("decision_overdue", decided, day(20)) is None
        assert flag("decision_overdue", replace(decided, stage=Stage.PILOT), day(20)) is not None

    def test_belongs_to_the_stage_before_where_it_lies_before_this_one(self) -> None:
        stale = replace(self.PLANNED, plan=PlanFacts(decision_on=day(-5)), created_on=day(-30))
        assert flag("decision_overdue", stale, day(20)) is None

    def test_counts_from_before_where_it_was_taken_over_in_this_stage(self) -> None:
        late = replace(self.PLANNED, plan=PlanFacts(decision_on=day(-5)), taken_over=True)
        assert flag("decision_overdue", late, day(1)) is not None
        moved_on = replace(late, created_on=day(-30))
        assert flag("decision_overdue", moved_on, day(1)) is None


class TestCheckpointOverdue:
    @staticmethod
    def poc(*decided_on: date | None, days: int | None = 28, **changes: Any) -> Any:
        facts = initiative(stage=Stage.POC, plan=PlanFacts(poc_days=days), gates=checkpoints(*decided_on))
        return replace(facts, last_activity_on=day(25), **changes)

    def test_checkpoint_1_is_late_the_day_after_half_the_plan(self) -> None:
        found = assert_opens_on("checkpoint_overdue", self.poc(SINCE, None, None), day(15))
        assert (found.severity, found.stalls) == ("warning", True)
        assert found.message == "Checkpoint 1, “Midpoint of the PoC”, was due on 15 September 2026."
        assert found.details == {
            "since": "2026-09-01",
            "days_not_counted": 0,
            "plan_days": 28,
            "planned": True,
            "checkpoints": [{"gate": "checkpoint-1", "name": "Midpoint of the PoC", "due_on": "2026-09-15"}],
        }

    def test_half_of_an_odd_plan_is_rounded_up(self) -> None:
        assert_opens_on("checkpoint_overdue", self.poc(SINCE, None, None, days=25), day(14))

    def test_checkpoint_2_is_late_the_day_after_the_plan(self) -> None:
        found = assert_opens_on("checkpoint_overdue", self.poc(SINCE, day(9), None), day(29))
        assert found.message == "Checkpoint 2, “Decision after the PoC”, was due on 29 September 2026."

    def test_names_both_where_both_are_late(self) -> None:
        found = raised("checkpoint_overdue", self.poc(SINCE, None, None), day(29))
        assert [one["gate"] for one in found.details["checkpoints"]] == ["checkpoint-1", "checkpoint-2"]  # type: ignore

    def test_a_return_is_a_decision_too(self) -> None:
        returned = [replace(one, passed=False, passed_on=None) for one in checkpoints(SINCE, day(9), day(20))]
        assert flag("checkpoint_overdue", self.poc(None, None, None, gates=tuple(returned)), day(40)) is None

    def test_measures_by_the_usual_length_where_nothing_is_planned(self) -> None:
        found = assert_opens_on("checkpoint_overdue", self.poc(SINCE, None, None, days=None), day(15))
        assert found.details["planned"] is False

    def test_days_on_hold_do_not_count(self) -> None:
        facts = self.poc(SINCE, None, None, holds=held(day(5), day(9)))
        assert assert_opens_on("checkpoint_overdue", facts, day(19)).message.endswith("19 September 2026.")

    def test_numbers_checkpoints_by_their_order(self) -> None:
        shifted = [
            replace(one, position=one.position + 1) for one in reversed(checkpoints(SINCE, None, None))
        ]
        found = raised("checkpoint_overdue", self.poc(None, None, None, gates=tuple(shifted)), day(20))
        assert found.message.startswith("Checkpoint 1, “Midpoint of the PoC”,")

    def test_an_imported_file_misses_no_checkpoint(self) -> None:
        facts = self.poc(SINCE, None, None, as_of=day(60))
        assert flag("checkpoint_overdue", facts, day(60)) is None

    def test_is_silent_where_nobody_knows_since_when(self) -> None:
        assert flag("checkpoint_overdue", self.poc(None, None, None, stage_since=None), day(60)) is None

    def test_speaks_of_the_poc_only(self) -> None:
        silent = silent_in("checkpoint_overdue", self.poc(SINCE, None, None), day(200))
        assert silent == {Stage.INTAKE, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE}


class TestReviewOverdue:
    LIVE = initiative(stage=Stage.LIVE, gates=gates(5, SINCE))

    def test_opens_on_day_92_after_the_last_decision(self) -> None:
        found = assert_opens_on("review_overdue", self.LIVE, day(92))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "governance", False)
        assert found.message == "The last decision on a gate was taken on 1 September 2026."

    def test_any_decision_on_any_gate_is_a_review(self) -> None:
        reviewed = [*self.LIVE.gates[:4], replace(self.LIVE.gates[4], last_decided_on=day(30))]
        assert_opens_on("review_overdue", replace(self.LIVE, gates=tuple(reviewed)), day(122))

    def test_counts_from_going_live_where_nothing_was_decided_here(self) -> None:
        found = assert_opens_on("review_overdue", replace(self.LIVE, gates=gates()), day(92))
        assert found.message == "No gate has been decided here, and it has been live since 1 September 2026."

    def test_of_an_imported_one_nobody_knows(self) -> None:
        unknown = replace(self.LIVE, gates=gates(), as_of=day(500))
        assert flag("review_overdue", unknown, day(500)) is None

    def test_days_on_hold_do_not_count(self) -> None:
        assert_opens_on("review_overdue", replace(self.LIVE, holds=held(day(10), day(20))), day(102))

    def test_counts_over_a_leap_day(self) -> None:
        since = date(2027, 12, 1)
        facts = replace(self.LIVE, gates=gates(5, since), stage_since=since)
        assert_opens_on("review_overdue", facts, date(2028, 3, 2))

    def test_speaks_of_what_is_live_only(self) -> None:
        assert Stage.LIVE not in silent_in("review_overdue", self.LIVE, day(200))
        assert len(silent_in("review_overdue", self.LIVE, day(200))) == 4

    def test_a_gate_without_a_decision_is_none(self) -> None:
        nothing: tuple[GateToday, ...] = ()
        assert flag("review_overdue", replace(self.LIVE, gates=nothing, stage_since=None), day(200)) is None
