from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gates.criteria import GateKind
from gates.stages import Stage
from readiness.standing.flags.case import days_so_far
from readiness.standing.flags.facts import PlanFacts, WaitingSubmission
from tests.unit.flags.cast import (
    SINCE,
    assert_opens_on,
    assert_severity_steps,
    day,
    flag,
    held,
    initiative,
    raised,
    silent_in,
)

NO_PLAN = PlanFacts()


class TestStageOverrun:
    @pytest.mark.parametrize(
        ("stage", "usual"), [(Stage.INTAKE, 45), (Stage.POC, 28), (Stage.PILOT, 90), (Stage.ROLLOUT, 180)]
    )
    def test_opens_the_day_after_the_usual_length_where_nothing_is_planned(
        self, stage: Stage, usual: int
    ) -> None:
        facts = initiative(stage=stage, plan=NO_PLAN)
        assert flag("stage_overrun", facts, day(usual)) is None
        found = raised("stage_overrun", facts, day(usual + 1))
        assert (found.details["plan_days"], found.details["planned"]) == (usual, False)
        assert found.message.endswith(f"the usual time ({usual} days) ended on {_words(day(usual))}.")

    @pytest.mark.parametrize(
        ("stage", "plan"),
        [
            (Stage.POC, PlanFacts(poc_days=10)),
            (Stage.PILOT, PlanFacts(pilot_days=10)),
            (Stage.ROLLOUT, PlanFacts(rollout_days=10)),
        ],
    )
    def test_opens_the_day_after_its_own_plan(self, stage: Stage, plan: PlanFacts) -> None:
        facts = initiative(stage=stage, plan=plan)
        found = assert_opens_on("stage_overrun", facts, day(11))
        assert found.severity == "info"
        assert found.details == {
            "since": "2026-09-01",
            "days_not_counted": 0,
            "plan_days": 10,
            "planned": True,
            "planned_end": "2026-09-11",
            "info_until_days": 15,
            "critical_after_days": 20,
        }

    def test_says_since_when_and_until_when(self) -> None:
        found = raised("stage_overrun", initiative(plan=PlanFacts(pilot_days=1)), day(9))
        assert found.message == (
            "In the pilot since 1 September 2026; it was planned to take 1 day, until 2 September 2026."
        )

    def test_is_information_up_to_one_and_a_half_times_the_plan_and_critical_beyond_twice(self) -> None:
        facts = initiative(plan=PlanFacts(pilot_days=10))
        assert_severity_steps("stage_overrun", facts, day(16), "info", "warning")
        assert_severity_steps("stage_overrun", facts, day(21), "warning", "critical")
        assert raised("stage_overrun", facts, day(500)).severity == "critical"

    def test_rounds_half_of_an_odd_plan_up(self) -> None:
        facts = initiative(plan=PlanFacts(pilot_days=45))
        assert_severity_steps("stage_overrun", facts, day(69), "info", "warning")

    def test_stalls_as_a_warning_and_not_as_information(self) -> None:
        facts = initiative(plan=PlanFacts(pilot_days=10))
        assert not raised("stage_overrun", facts, day(15)).stalls
        assert raised("stage_overrun", facts, day(16)).stalls

    def test_moves_by_the_days_on_hold(self) -> None:
        facts = initiative(plan=PlanFacts(pilot_days=10), holds=held(day(5), day(12)))
        found = assert_opens_on("stage_overrun", facts, day(18))
        assert found.details["planned_end"] == day(17).isoformat()
        assert days_so_far(found.details, day(18)) == 11

    def test_counts_a_leap_day(self) -> None:
        facts = initiative(
            stage_since=date(2028, 2, 20), created_on=date(2028, 2, 20), plan=PlanFacts(pilot_days=9)
        )
        facts = replace(facts, last_activity_on=date(2028, 2, 20), last_rise_on=date(2028, 2, 20))
        assert_opens_on("stage_overrun", facts, date(2028, 3, 1))

    def test_says_nothing_where_nobody_knows_since_when(self) -> None:
        assert flag("stage_overrun", initiative(stage_since=None), day(900)) is None

    def test_says_nothing_of_what_is_live(self) -> None:
        assert silent_in("stage_overrun", initiative(), day(900)) == {Stage.LIVE}

    def test_an_admin_sets_the_usual_length_per_stage(self) -> None:
        facts = initiative(plan=NO_PLAN)
        overrides = {
            ("stage_overrun", "pilot", "days"): Decimal(30),
            ("stage_overrun", "", "days"): Decimal(7),
        }
        assert flag("stage_overrun", facts, day(30), overrides) is None
        assert flag("stage_overrun", facts, day(31), overrides) is not None
        assert flag("stage_overrun", replace(facts, stage=Stage.POC), day(8), overrides) is not None


class TestNoActivity:
    def test_opens_on_day_21_without_anyones_act(self) -> None:
        found = assert_opens_on("no_activity", initiative(), day(21))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "momentum", True)
        assert found.message == (
            "No answer, evidence, reading, comment, submission or decision since 1 September 2026."
        )
        assert found.details == {"since": "2026-09-01", "days_not_counted": 0, "threshold_days": 21}

    def test_counts_from_the_last_act(self) -> None:
        assert_opens_on("no_activity", initiative(last_activity_on=day(7)), day(28))

    def test_counts_from_its_entry_where_nobody_ever_acted(self) -> None:
        facts = initiative(stage_since=day(-200), last_activity_on=None, plan=PlanFacts(pilot_days=300))
        found = assert_opens_on("no_activity", facts, day(21))
        assert found.message.endswith("since it was entered on 1 September 2026.")

    def test_days_on_hold_do_not_count(self) -> None:
        assert_opens_on("no_activity", initiative(holds=held(day(20), day(30))), day(31))
        assert_opens_on("no_activity", initiative(holds=held(day(-9), day(2))), day(23))

    def test_counts_over_a_leap_day(self) -> None:
        facts = initiative(
            last_activity_on=date(2024, 2, 10), created_on=date(2024, 1, 1), stage_since=date(2024, 2, 1)
        )
        assert_opens_on("no_activity", replace(facts, last_rise_on=date(2024, 2, 10)), date(2024, 3, 2))

    def test_speaks_of_poc_pilot_and_rollout(self) -> None:
        assert silent_in("no_activity", initiative(), day(60)) == {Stage.INTAKE, Stage.LIVE}


class TestScoreFlat:
    ACTIVE = initiative(last_activity_on=day(40))

    def test_opens_on_day_42_without_a_risen_answer(self) -> None:
        found = assert_opens_on("score_flat", self.ACTIVE, day(42))
        assert (found.severity, found.stalls) == ("warning", True)
        assert found.message == "No effective answer has risen since 1 September 2026."

    def test_counts_from_its_entry_where_none_ever_rose(self) -> None:
        facts = replace(self.ACTIVE, last_rise_on=None, stage_since=day(-80), plan=PlanFacts(pilot_days=300))
        found = assert_opens_on("score_flat", facts, day(42))
        assert found.message.endswith("since it was entered on 1 September 2026.")

    def test_days_on_hold_do_not_count(self) -> None:
        assert_opens_on("score_flat", replace(self.ACTIVE, holds=held(day(10), day(15))), day(47))

    def test_is_silent_while_a_submission_waits(self) -> None:
        waiting = WaitingSubmission(gate="data", name="Data", kind=GateKind.GATE, submitted_on=day(40))
        assert flag("score_flat", replace(self.ACTIVE, submissions=(waiting,)), day(43)) is None

    def test_is_silent_once_it_is_ready_for_production(self) -> None:
        assert flag("score_flat", replace(self.ACTIVE, production_ready=True), day(43)) is None

    def test_speaks_of_the_pilot_only(self) -> None:
        assert silent_in("score_flat", self.ACTIVE, day(60)) == set(Stage) - {
            Stage.PILOT,
            Stage.RETIRED,
            Stage.STOPPED,
        }


class TestHoldExpired:
    HELD = initiative(holds=held(SINCE), hold_review_on=date(2028, 2, 28))

    def test_opens_the_day_after_the_review_date(self) -> None:
        found = assert_opens_on("hold_expired", self.HELD, date(2028, 2, 29))
        assert (found.severity, found.stalls) == ("warning", True)
        assert found.message == (
            "On hold since 1 September 2026; the hold was to be looked at again by 28 February 2028."
        )
        assert found.details == {"held_since": "2026-09-01", "review_on": "2028-02-28"}

    def test_is_silent_once_the_hold_is_lifted(self) -> None:
        assert flag("hold_expired", replace(self.HELD, holds=held(SINCE, day(3))), date(2028, 3, 9)) is None

    def test_is_silent_without_a_review_date(self) -> None:
        assert flag("hold_expired", replace(self.HELD, hold_review_on=None), date(2028, 3, 9)) is None

    def test_speaks_in_every_stage(self) -> None:
        assert silent_in("hold_expired", self.HELD, date(2028, 3, 9)) == set()


def _words(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
