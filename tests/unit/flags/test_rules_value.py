"""What the flags about use and value say and show, and about those who have to be asked. When they open stands in
``boundaries``."""

from dataclasses import replace
from decimal import Decimal

from gates.promises import Direction
from gates.stages import Stage
from readiness.standing.flags.case import days_so_far
from tests.unit.flags.cast import (
    SINCE,
    day,
    flag,
    initiative,
    kpi,
    limits,
    raised,
    reading,
    silent_in,
    stakeholders,
    team,
    usage,
)


class TestLowUsage:
    LOW = initiative(kpis=(kpi(), usage(reading(40), reading(24, day(7)), reading(21.5, day(14)))))

    def test_says_what_was_read_and_under_which_limit(self) -> None:
        found = raised("low_usage", self.LOW, day(15))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "change_management", False)
        assert found.message == (
            "The last readings of “Weekly users” lie under 30 %: "
            "24 % on 8 September 2026 and 21.5 % on 15 September 2026."
        )
        assert found.details == {
            "usage": [
                {
                    "name": "Weekly users",
                    "limit_percent": "30",
                    "half_of_target": False,
                    "readings": [
                        {"on": "2026-09-08", "value": "24"},
                        {"on": "2026-09-15", "value": "21.5"},
                    ],
                }
            ]
        }

    def test_half_of_an_agreed_level_takes_the_place_of_the_percentage(self) -> None:
        agreed = replace(self.LOW, kpis=(usage(*self.LOW.kpis[1].readings, target=49),))
        found = raised("low_usage", agreed, day(15))
        assert found.message.startswith("The last readings of “Weekly users” lie under 24.5 %: ")
        assert (
            flag("low_usage", replace(agreed, kpis=(usage(reading(24), reading(24), target=48),)), SINCE)
            is None
        )

    def test_only_what_signals_use_is_looked_at(self) -> None:
        other = replace(self.LOW.kpis[1], signal="bypass_rate")
        assert flag("low_usage", replace(self.LOW, kpis=(other,)), day(15)) is None

    def test_an_admin_sets_how_many_and_under_what(self) -> None:
        one = {("low_usage", "pilot", "consecutive_readings"): Decimal(3)}
        assert flag("low_usage", self.LOW, day(15), one) is None
        higher = one | {("low_usage", "", "below_percent"): Decimal(41)}
        assert flag("low_usage", self.LOW, day(15), higher) is not None
        none = {("low_usage", "pilot", "consecutive_readings"): Decimal(0)}
        assert flag("low_usage", replace(self.LOW, kpis=(usage(),)), day(15), none) is None

    def test_speaks_from_the_pilot_on(self) -> None:
        assert silent_in("low_usage", self.LOW, day(15)) == {Stage.INTAKE, Stage.POC}


class TestValueUnmeasured:
    LIVE = initiative(stage=Stage.LIVE)

    def test_says_since_when_it_is_live(self) -> None:
        found = raised("value_unmeasured", self.LIVE, day(45))
        assert (found.severity, found.root_cause, found.stalls) == ("info", "value", False)
        assert (
            found.message == "Live since 1 September 2026, and no business KPI has been read after that day."
        )
        assert found.details["business_kpis"] == ["Sorted at once"]
        assert days_so_far(found.details, day(60)) == 60

    def test_a_reading_of_the_launch_day_is_none_and_of_the_day_after_is_one(self) -> None:
        on_the_day = replace(self.LIVE, kpis=(kpi(reading(50)),))
        assert flag("value_unmeasured", on_the_day, day(45)) is not None
        after = replace(self.LIVE, kpis=(kpi(reading(50), reading(50, day(1))),))
        assert flag("value_unmeasured", after, day(900)) is None

    def test_a_technical_reading_measures_no_value(self) -> None:
        technical = replace(self.LIVE, kpis=(kpi(), kpi(reading(9, day(9)), business=False)))
        assert flag("value_unmeasured", technical, day(45)) is not None

    def test_without_any_kpi_nothing_is_measured_either(self) -> None:
        assert flag("value_unmeasured", replace(self.LIVE, kpis=()), day(45)) is not None

    def test_is_silent_where_nobody_knows_since_when_and_in_other_stages(self) -> None:
        assert flag("value_unmeasured", replace(self.LIVE, stage_since=None), day(900)) is None
        assert silent_in("value_unmeasured", self.LIVE, day(90)) == {
            Stage.INTAKE,
            Stage.POC,
            Stage.PILOT,
            Stage.ROLLOUT,
        }


class TestValueShortfall:
    SHORT = initiative(stage=Stage.LIVE, kpis=(kpi(reading(90, day(3)), reading(59, day(9))),))

    def test_says_what_was_promised_and_what_is_read(self) -> None:
        found = raised("value_shortfall", self.SHORT, day(10))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "value", False)
        assert found.message == "Sorted at once read 59 % on 10 September 2026; 60 % was promised."
        assert found.details == {
            "launched_on": "2026-09-01",
            "target_from_days": 90,
            "kpis": [
                {
                    "name": "Sorted at once",
                    "value": "59 %",
                    "on": "2026-09-10",
                    "limit": "60 %",
                    "of": "go limit",
                }
            ],
        }
        later = raised("value_shortfall", self.SHORT, day(90))
        assert later.message == "Sorted at once read 59 % on 10 September 2026; 80 % was promised."

    def test_each_that_falls_short_is_named_and_no_other(self) -> None:
        cost = limits(baseline=90, target=20, go=30, stop=80, direction=Direction.DOWN)
        kpis = (
            *self.SHORT.kpis,
            kpi(reading(30, day(5)), name="Cost", limits=cost),
            kpi(reading(31, day(5)), name="Delay", unit="days", limits=cost),
            kpi(name="Unread"),
            kpi(reading(1, day(5)), name="Unlimited", limits=limits(go=None, target=None)),
        )
        found = raised("value_shortfall", replace(self.SHORT, kpis=kpis), day(10))
        assert found.message == (
            "Delay read 31 days on 6 September 2026; 30 days was promised. "
            "Sorted at once read 59 % on 10 September 2026; 60 % was promised."
        )

    def test_a_reading_from_before_the_launch_says_nothing_of_its_value(self) -> None:
        before = replace(self.SHORT, kpis=(kpi(reading(1, day(-9)), reading(2)),))
        assert flag("value_shortfall", before, day(10)) is None

    def test_is_silent_where_nobody_knows_since_when_and_in_other_stages(self) -> None:
        assert flag("value_shortfall", replace(self.SHORT, stage_since=None), day(10)) is None
        assert silent_in("value_shortfall", self.SHORT, day(10)) == {
            Stage.INTAKE,
            Stage.POC,
            Stage.PILOT,
            Stage.ROLLOUT,
        }


class TestSponsorSilent:
    QUIET = initiative(sponsor_heard_on=SINCE)

    def test_says_who_and_since_when(self) -> None:
        found = raised("sponsor_silent", self.QUIET, day(60))
        assert (found.severity, found.root_cause, found.stalls) == ("info", "sponsorship", False)
        assert found.message == (
            "No review, decision or comment by Elsa Roth, the sponsor, since 1 September 2026."
        )
        assert found.details == {
            "since": "2026-09-01",
            "days_not_counted": 0,
            "threshold_days": 60,
            "executive_sponsor": {"username": "elsa", "name": "Elsa Roth"},
        }

    def test_without_a_sponsor_nobody_is_silent(self) -> None:
        assert flag("sponsor_silent", replace(self.QUIET, sponsor_heard_on=None), day(900)) is None
        gone = replace(self.QUIET, people=team(executive_sponsor=None))
        assert flag("sponsor_silent", gone, day(900)) is None

    def test_speaks_of_poc_pilot_and_rollout(self) -> None:
        assert silent_in("sponsor_silent", self.QUIET, day(90)) == {Stage.INTAKE, Stage.LIVE}


class TestLateStakeholders:
    LATE = initiative(stakeholders=stakeholders(day(3), legal=None, it=None))

    def test_names_those_who_are_not_involved(self) -> None:
        found = raised("late_stakeholders", self.LATE, day(23))
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "governance", False)
        assert found.message == "Not involved by 24 September 2026: IT and legal."
        assert found.details["not_involved"] == ["IT", "legal"]

    def test_who_is_to_be_involved_on_a_day_to_come_is_not_involved_yet(self) -> None:
        soon = replace(self.LATE, stakeholders=stakeholders(day(3), security=day(30)))
        assert raised("late_stakeholders", soon, day(29)).details["not_involved"] == ["security"]
        assert flag("late_stakeholders", soon, day(30)) is None

    def test_is_silent_where_nobody_knows_since_when_and_outside_the_pilot(self) -> None:
        assert flag("late_stakeholders", replace(self.LATE, stage_since=None), day(90)) is None
        assert silent_in("late_stakeholders", self.LATE, day(23)) == {
            Stage.INTAKE,
            Stage.POC,
            Stage.ROLLOUT,
            Stage.LIVE,
        }


class TestScoreThatIsFlatWhileValueIsMeasured:
    def test_is_information_and_stalls_nothing_while_a_business_reading_is_recent(self) -> None:
        facts = initiative(last_activity_on=day(40), kpis=(kpi(reading(50, day(40))),))
        found = raised("score_flat", facts, day(54))
        assert (found.severity, found.stalls) == ("info", False)
        assert (found.details["business_reading_on"], found.details["recent_days"]) == ("2026-10-11", 14)
        assert raised("score_flat", facts, day(55)).severity == "warning"

    def test_a_technical_reading_changes_nothing(self) -> None:
        facts = initiative(last_activity_on=day(40), kpis=(kpi(reading(50, day(40)), business=False),))
        assert raised("score_flat", facts, day(50)).severity == "warning"
