"""The portfolio's figures, each on initiatives made for it."""

from datetime import timedelta

import pytest

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.gates import submit_gate
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.portfolio import charts, figures
from readiness.portfolio.decisions import decision_groups
from readiness.portfolio.questions import State, units_of, waiting_submissions
from readiness.portfolio.scope import EVERYTHING, Scope
from readiness.portfolio.scores import score_bins
from readiness.standing.recompute import recompute_batch
from readiness.standing.thresholds import current_thresholds
from tests.fixtures import FIVE_GATES, answer_all, create, make_ready, pass_gate, today
from tests.integration.workbench.initiatives.scenes import LESSON, ago, copies, overrun

pytestmark = pytest.mark.django_db


def everything() -> InitiativeQuerySet:
    return Initiative.objects.all()


def move(initiative: Initiative, by: User, to: str, reason: str = "") -> None:
    lesson = LESSON if to == "stopped" else None
    move_stage(initiative.pk, to, Actor.person(by), clock.now(), reason, lesson)


class TestFunnel:
    def reached(self) -> list[tuple[int, int]]:
        return [(one.reached, one.now) for one in figures.funnel(everything())]

    def test_it_counts_each_by_the_furthest_stage_it_ever_entered(self, lena: User) -> None:
        back = create(lena, stage="pilot")
        move(back, lena, "poc", "The data was not there.")
        gone = create(lena, stage="poc")
        move(gone, lena, "stopped")
        create(lena)
        assert self.reached() == [(3, 1), (2, 1), (1, 0), (0, 0), (0, 0)]

    def test_what_was_retired_counts_as_live_once(self, lena: User, ada: User) -> None:
        live = create(ada, stage="live", people={"members": ["lena"]})
        move(live, lena, "retired")
        assert self.reached() == [(1, 0)] * 5

    def test_what_was_retired_without_ever_having_been_live_counts_to_where_it_got(
        self, lena: User, ada: User
    ) -> None:
        """As a file may tell it: given up in its PoC, and called retired."""
        given_up = create(lena, stage="poc")
        given_up.stage_entries.update(left_on=today())
        given_up.stage_entries.create(stage="retired", entered_on=today(), recorded_at=clock.now())
        Initiative.objects.filter(pk=given_up.pk).update(stage="retired", stage_since=today())
        assert self.reached() == [(1, 0), (1, 0), (0, 0), (0, 0), (0, 0)]
        ended = figures.outcomes(everything())
        assert (ended.retired, ended.launched, ended.succeeded, ended.total) == (1, 0, 0, 1)
        create(ada, stage="live")
        ended = figures.outcomes(everything())
        assert (ended.live, ended.launched, ended.succeeded, ended.total) == (1, 1, 1, 2)

    def test_its_rates_stand_between_two_stages(self, lena: User) -> None:
        for stage in ("intake", "intake", "poc", "pilot"):
            create(lena, stage=stage)
        steps = charts.funnel_steps(figures.funnel(everything()), EVERYTHING)
        assert [(step.value, step.rate) for step in steps] == [
            (4, "50 %"), (2, "50 %"), (1, "0 %"), (0, ""), (0, "")
        ]  # fmt: skip


class TestHeatMap:
    def test_a_cell_counts_passed_of_all_past_intake(self, lena: User, ravi: User) -> None:
        done = create(lena, stage="pilot", business_unit="Claims")
        make_ready(done, lena, ravi)
        create(lena, stage="pilot", business_unit="CLAIMS")
        create(lena, business_unit="Claims")
        row = figures.heat_map(everything())[0]
        assert (row.initiatives, [cell.gate for cell in row.cells]) == (2, list(FIVE_GATES))
        assert {(cell.passed, cell.total) for cell in row.cells} == {(1, 2)}
        assert [cell.display for cell in charts.heat_rows([row], EVERYTHING)[0].cells] == ["1 of 2"] * 5

    def test_gates_with_conditions_are_passed_and_waiting_and_lapsed_ones_are_marked(
        self, lena: User, ravi: User
    ) -> None:
        waiting = create(lena, stage="pilot")
        answer_all(waiting, lena, gates=["data"])
        submit_gate(waiting.pk, "data", "", Actor.person(lena), clock.now())
        lapsed = create(lena, stage="pilot")
        answer_all(lapsed, lena, gates=["data"])
        pass_gate(lapsed, "data", lena, ravi)
        answer_all(lapsed, lena, "not_met", gates=["data"])
        cell = figures.heat_map(everything())[0].cells[0]
        assert (cell.total, cell.passed, cell.in_review, cell.lapsed) == (2, 0, 1, 1)
        shown = charts.heat_rows(figures.heat_map(everything()), EVERYTHING)[0].cells[0]
        assert (shown.label, shown.icon, shown.level) == (
            "0 of 2 passed, 1 lapsed, 1 in review", "warning", 0
        )  # fmt: skip

    def test_beyond_so_many_units_the_rest_is_one_row(self, lena: User) -> None:
        for number in range(figures.UNITS_SHOWN + 3):
            create(lena, stage="pilot", business_unit=f"Unit {number:02d}")
        rows = figures.heat_map(everything())
        assert len(rows) == figures.UNITS_SHOWN + 1
        assert (rows[-1].unit, rows[-1].initiatives) == ("3 further units", 3)
        assert all(cell.total == 3 for cell in rows[-1].cells)
        assert charts.heat_rows(rows, EVERYTHING)[-1].href == ""

    def test_without_a_unit_it_says_so_and_leads_nowhere(self, lena: User) -> None:
        create(lena, stage="pilot", business_unit="")
        rows = figures.heat_map(everything())
        assert rows[0].unit == "No unit named"
        assert charts.heat_rows(rows, EVERYTHING)[0].href == ""


class TestWaiting:
    def test_days_on_hold_are_not_counted_and_ended_ones_wait_no_more(self, lena: User) -> None:
        zone = Organisation.get().zone
        by = Actor.person(lena)
        rested, ended = create(lena, ago(40)), create(lena, ago(40))
        for initiative in (rested, ended):
            answer_all(initiative, lena, gates=["data"], at=ago(30))
            submit_gate(initiative.pk, "data", "", by, ago(30))
        set_hold(rested.pk, "Wait.", today() - timedelta(days=10), by, ago(20))
        lift_hold(rested.pk, by, ago(5))
        move(ended, lena, "stopped")
        waiting = figures.reviews_waiting(everything(), today(), zone)
        count, oldest = waiting.count, waiting.oldest
        assert (count, [(one.initiative, one.days) for one in oldest]) == (1, [(rested, 15)])
        assert waiting_submissions(everything()).count() == 1

    def test_only_the_oldest_are_shown(self, lena: User) -> None:
        for number in range(figures.REVIEWS_SHOWN + 2):
            initiative = create(lena, ago(40), name=f"{number:02d}")
            answer_all(initiative, lena, gates=["data"], at=ago(30 - number))
            submit_gate(initiative.pk, "data", "", Actor.person(lena), ago(30 - number))
        waiting = figures.reviews_waiting(everything(), today(), Organisation.get().zone)
        count, oldest = waiting.count, waiting.oldest
        assert count == figures.REVIEWS_SHOWN + 2
        assert [one.initiative.name for one in oldest] == [f"{n:02d}" for n in range(figures.REVIEWS_SHOWN)]


class TestStalled:
    def test_those_that_cost_most_stand_first_with_their_reasons(self, lena: User) -> None:
        cheap = overrun(lena, name="Cheap", budget={"spent": "10.00"})
        dear = overrun(lena, name="Dear", budget={"spent": "9999.00"})
        unknown = overrun(lena, name="Unknown", budget={})
        found = figures.stalled(everything(), today())
        assert [one.initiative for one in found] == [dear, cheap, unknown]
        assert found[0].reasons[0] == "Longer in this stage than planned"
        assert found[0].days == 300
        assert found[0].since == today()

    def test_flags_that_stall_nothing_are_no_reason(self, lena: User) -> None:
        overrun(lena)
        found = figures.stalled(everything(), today())
        assert "Much rests on one person" not in found[0].reasons


class TestScores:
    def test_each_running_one_lies_in_one_bin_and_a_hundred_in_the_last(self, lena: User, ravi: User) -> None:
        make_ready(create(lena), lena, ravi)
        create(lena)
        ended = create(lena)
        move(ended, lena, "stopped")
        bins = score_bins(everything())
        assert [(one.low, one.high) for one in bins] == [(n, n + 10) for n in range(0, 100, 10)]
        assert [one.count for one in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


class TestUnits:
    def test_what_is_asked_for_is_found_in_any_case(self, lena: User) -> None:
        create(lena, business_unit="Customer  Service")
        assert units_of(everything(), " customer service ") == (
            [("customer service", "Customer  Service")], "customer service"
        )  # fmt: skip

    def test_what_is_not_there_is_kept_as_it_was_asked(self, lena: User) -> None:
        create(lena, business_unit="Claims")
        units, unit = units_of(everything(), "Nowhere\x00")
        assert (units, unit) == ([("claims", "Claims"), ("nowhere", "Nowhere")], "nowhere")


def test_the_days_of_what_was_imported_end_with_its_file(lena: User) -> None:
    initiative = overrun(lena, days=300)
    Initiative.objects.filter(pk=initiative.pk).update(as_of=ago(120).date())
    recompute_batch([initiative.pk], clock.now())
    initiative.refresh_from_db()
    assert figures.days_in_stage(initiative, today()) == 180
    assert figures.days_in_stage(create(lena), today()) == 0


def test_an_ended_one_and_one_of_unknown_day_have_no_days(lena: User) -> None:
    unknown = create(lena)
    unknown.stage_since = None
    ended = create(lena)
    move(ended, lena, "stopped")
    ended.refresh_from_db()
    assert figures.days_in_stage(unknown, today()) is figures.days_in_stage(ended, today()) is None


def test_groups_of_decisions_count_all_and_show_some(lena: User, elsa: User) -> None:
    copies_of = overrun(lena)
    copies(copies_of, 5)
    nothing = figures.Reviews(0, 0, [])
    groups = {
        group.kind: group
        for group in decision_groups(
            everything(), nothing, today(), current_thresholds(), Scope(unit="finance")
        )
    }
    assert groups[State.FAR_BEYOND_PLAN].count == 1, "a flag of its own is what makes one far beyond its plan"
    assert groups[State.FAR_BEYOND_PLAN].url == "/initiatives/?unit=finance&state=far_beyond_plan"
    assert groups[State.WAITING].url == "/initiatives/?unit=finance&behind=reviews%3Awaiting"
    assert (groups[State.WAITING].count, groups[State.WAITING].more) == (0, 0)
