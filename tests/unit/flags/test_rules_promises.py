"""What the flags about promises say and show. When they open stands in ``boundaries``."""

from dataclasses import replace
from typing import Any

import pytest

from gates.stages import Stage
from readiness.standing.flags.facts import AmendmentFacts, RoadmapFacts
from tests.unit.flags.cast import (
    SINCE,
    WATCHED,
    day,
    flag,
    initiative,
    kpi,
    limits,
    raised,
    reading,
    silent_in,
)

TECHNICAL = kpi(reading(91), name="Accuracy", business=False)
AMENDED = AmendmentFacts(promise="Sorted at once", on=day(4), after_reading=True, acknowledged=False)


class TestExitCriteria:
    def test_one_is_enough(self) -> None:
        assert flag("no_exit_criteria", initiative(), day(5)) is None
        found = raised("no_exit_criteria", initiative(exits=()), SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "decision_discipline", False)
        assert found.message == "No exit criterion says yet when this should be stopped."

    def test_is_asked_for_from_the_poc_to_the_rollout(self) -> None:
        assert silent_in("no_exit_criteria", initiative(exits=()), day(5)) == {Stage.INTAKE, Stage.LIVE}

    def test_each_that_was_reached_is_named_with_who_decides(self) -> None:
        errors = replace(WATCHED, words="Errors over 4 % for 2 weeks", decider="Finn Berg")
        facts = initiative(
            exits=(replace(WATCHED, reached_on=day(9)), WATCHED, replace(errors, reached_on=day(2)))
        )
        found = raised("exit_triggered", facts, day(10))
        assert (found.severity, found.root_cause, found.stalls) == ("critical", "decision_discipline", True)
        assert found.message == (
            "“Errors over 4 % for 2 weeks” was reached on 3 September 2026; a decision by Finn Berg is due. "
            "“Sorted at once under 45 % for 4 weeks” was reached on 10 September 2026; "
            "a decision by Elsa Roth is due."
        )
        assert found.details == {
            "exits": [
                {
                    "criterion": "Errors over 4 % for 2 weeks",
                    "reached_on": "2026-09-03",
                    "decider": "Finn Berg",
                },
                {
                    "criterion": "Sorted at once under 45 % for 4 weeks",
                    "reached_on": "2026-09-10",
                    "decider": "Elsa Roth",
                },
            ]
        }

    def test_it_stays_until_somebody_decides_however_long_that_takes(self) -> None:
        facts = initiative(exits=(replace(WATCHED, reached_on=day(2)),))
        assert raised("exit_triggered", facts, day(2)) == raised("exit_triggered", facts, day(900))
        assert silent_in("exit_triggered", facts, day(9)) == {Stage.INTAKE, Stage.LIVE}


class TestNoBusinessKpi:
    def test_none_at_all(self) -> None:
        found = raised("no_business_kpi", initiative(kpis=(TECHNICAL,)), SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "misaligned_metrics", False)
        assert found.message == "No business KPI is agreed yet."
        assert found.details == {"incomplete": []}

    def test_says_which_are_begun_and_what_each_lacks(self) -> None:
        begun = (
            kpi(name="Sorted", limits=limits(go=None, stop=None)),
            kpi(name="Cost", limits=limits(baseline=None)),
        )
        found = raised("no_business_kpi", initiative(kpis=begun), SINCE)
        assert found.message == (
            "No business KPI has a baseline, a go limit and a stop limit yet. Begun: Cost and Sorted."
        )
        assert found.details == {
            "incomplete": [
                {"name": "Cost", "missing": ["baseline"]},
                {"name": "Sorted", "missing": ["go limit", "stop limit"]},
            ]
        }

    def test_limits_of_nought_are_limits(self) -> None:
        nought = kpi(limits=limits(baseline=0, go=0, stop=0))
        assert flag("no_business_kpi", initiative(kpis=(nought,)), SINCE) is None

    def test_one_that_is_complete_makes_up_for_the_others(self) -> None:
        assert flag("no_business_kpi", initiative(kpis=(kpi(limits=limits(go=None)), kpi())), SINCE) is None

    def test_is_asked_for_past_intake(self) -> None:
        assert silent_in("no_business_kpi", initiative(kpis=()), day(5)) == {Stage.INTAKE}


class TestTechnicalMetricsOnly:
    READ = initiative(kpis=(kpi(), TECHNICAL))

    def test_names_what_was_read(self) -> None:
        both = replace(self.READ, kpis=(*self.READ.kpis, replace(TECHNICAL, name="Latency")))
        found = raised("technical_metrics_only", both, SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "misaligned_metrics", False)
        assert found.message == "Only technical KPIs have been read so far: Accuracy and Latency."
        assert found.details == {"technical_kpis": ["Accuracy", "Latency"]}

    def test_without_readings_it_says_nothing(self) -> None:
        unread = replace(self.READ, kpis=(kpi(), replace(TECHNICAL, readings=())))
        assert flag("technical_metrics_only", unread, day(80)) is None

    def test_in_the_poc_it_waits_for_a_known_beginning(self) -> None:
        poc = replace(self.READ, stage=Stage.POC, stage_since=None)
        assert flag("technical_metrics_only", poc, day(80)) is None
        assert flag("technical_metrics_only", replace(poc, stage=Stage.PILOT), day(80)) is not None

    def test_another_reading_of_the_same_kpi_changes_nothing(self) -> None:
        again = replace(self.READ, kpis=(kpi(), replace(TECHNICAL, readings=(reading(91), reading(92)))))
        assert raised("technical_metrics_only", again, day(3)) == raised(
            "technical_metrics_only", self.READ, day(3)
        )

    def test_speaks_of_poc_pilot_and_rollout(self) -> None:
        assert silent_in("technical_metrics_only", self.READ, day(80)) == {Stage.INTAKE, Stage.LIVE}


class TestPromiseAmended:
    def test_each_that_nobody_acknowledged_is_named(self) -> None:
        facts = initiative(amendments=(AMENDED, replace(AMENDED, promise="Cost", on=day(2))))
        found = raised("promise_amended", facts, day(9))
        assert (found.severity, found.root_cause, found.stalls) == ("info", "misaligned_metrics", False)
        assert found.message == (
            "“Cost” was changed on 3 September 2026, after its first reading; the original stands beside it. "
            "“Sorted at once” was changed on 5 September 2026, after its first reading; "
            "the original stands beside it."
        )
        assert found.details == {
            "amendments": [
                {"promise": "Cost", "on": "2026-09-03"},
                {"promise": "Sorted at once", "on": "2026-09-05"},
            ]
        }

    @pytest.mark.parametrize("changes", [{"acknowledged": True}, {"after_reading": False}])
    def test_is_resolved_by_a_reviewer_and_silent_before_any_reading(self, changes: dict[str, Any]) -> None:
        assert flag("promise_amended", initiative(amendments=(replace(AMENDED, **changes),)), day(9)) is None

    def test_speaks_past_intake(self) -> None:
        assert silent_in("promise_amended", initiative(amendments=(AMENDED,)), day(9)) == {Stage.INTAKE}


class TestSuccessWithoutRoadmap:
    WORKS = initiative(kpis=(kpi(reading(30), reading(61, day(5))),), roadmap=RoadmapFacts())

    def test_says_what_works_and_what_the_roadmap_lacks(self) -> None:
        found = raised("success_without_roadmap", self.WORKS, day(9))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "no_path_to_production", True)
        assert found.message == (
            "Sorted at once has reached its go limit; "
            "the roadmap to production still lacks dates, people and a budget."
        )
        assert found.details == {
            "kpis": [
                {
                    "name": "Sorted at once",
                    "value": "61 %",
                    "on": "2026-09-06",
                    "limit": "60 %",
                    "of": "go limit",
                }
            ],
            "roadmap_lacks": ["dates", "people", "a budget"],
        }

    @pytest.mark.parametrize(
        ("roadmap", "missing"),
        [
            (RoadmapFacts(dated=True, people=True), "a budget"),
            (RoadmapFacts(dated=True, budget=True), "people"),
            (RoadmapFacts(people=True, budget=True), "dates"),
        ],
    )
    def test_one_part_that_is_missing_is_enough(self, roadmap: RoadmapFacts, missing: str) -> None:
        found = raised("success_without_roadmap", replace(self.WORKS, roadmap=roadmap), day(9))
        assert found.message.endswith(f"still lacks {missing}.")

    def test_every_business_kpi_with_a_go_limit_must_have_reached_it(self) -> None:
        unread, unlimited = kpi(name="Cost"), kpi(reading(1), name="Mood", limits=limits(go=None))
        two = replace(self.WORKS, kpis=(*self.WORKS.kpis, unread))
        assert flag("success_without_roadmap", two, day(9)) is None
        assert (
            flag("success_without_roadmap", replace(two, kpis=(*self.WORKS.kpis, unlimited)), day(9))
            is not None
        )
        both = replace(two, kpis=(*self.WORKS.kpis, replace(unread, readings=(reading(60),))))
        found = raised("success_without_roadmap", both, day(9))
        assert found.message.startswith("Cost and Sorted at once have reached their go limits; ")

    def test_no_kpi_is_no_success(self) -> None:
        for none in ((), (replace(self.WORKS.kpis[0], business=False),)):
            assert flag("success_without_roadmap", replace(self.WORKS, kpis=none), day(9)) is None

    def test_speaks_of_the_pilot_only(self) -> None:
        stages = {Stage.INTAKE, Stage.POC, Stage.ROLLOUT, Stage.LIVE}
        assert silent_in("success_without_roadmap", self.WORKS, day(9)) == stages
