"""An initiative moves from stage to stage, past its guards. There is no side door."""

import pytest

from gates.models import Hold, Initiative, Lesson, StageEntry
from readiness.actions.errors import Conflict, Invalid, NotAllowed, Stale
from readiness.actions.holds import lift_hold, set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.portfolio.durations import courses
from readiness.portfolio.figures import days_in_stage
from readiness.standing.models import Flag
from readiness.workbench.initiatives.page import stays_of
from tests.fixtures import FIVE_GATES, answer_all, create, make_ready, pass_gate
from tests.integration.actions.props import (
    LESSON,
    act,
    answer_checkpoint,
    blockers_of,
    decide,
    errors,
    flags,
    on,
    pass_checkpoint,
    promise,
    refused,
    say,
    standing,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db

LADDER = ["intake", "poc", "pilot", "rollout", "live", "retired"]


def at(lead, stage, admin=None, **facts):
    """An initiative in this stage, taken over there."""
    made = create(admin or lead, on(0), stage=stage, people={"technical_lead": lead.username}, **facts)
    assert made.stage == stage
    return made


def move(initiative, to, by, day=1, reason="", lesson=None, **options):
    outcome = move_stage(initiative.pk, to, act(by), on(day), reason, lesson, **options)
    initiative.refresh_from_db()
    return outcome


def refusal(initiative, to, by, day=1, **options):
    """The codes, gates and items of what stands in the way."""
    with refused(Conflict, "stage_guarded") as caught:
        move(initiative, to, by, day, **options)
    return blockers_of(caught.value.blockers)


# --- One step forward ---------------------------------------------------------------------------------------


def test_from_intake_to_the_poc_checkpoint_0_is_needed(lena, ravi):
    one = at(lena, "intake")
    codes = refusal(one, "poc", lena)
    critical = [("critical_not_met", "checkpoint-0", f"CP0-{number}") for number in (1, 2, 3)]
    assert codes == [
        ("checkpoint_not_passed", "checkpoint-0", None),
        *critical,
        ("too_few_met", "checkpoint-0", None),
    ]
    answer_checkpoint(one, lena, "checkpoint-0")
    assert refusal(one, "poc", lena) == [("checkpoint_not_passed", "checkpoint-0", None)]
    submit(one, "checkpoint-0", lena)
    assert refusal(one, "poc", lena) == [("checkpoint_not_passed", "checkpoint-0", None)]
    decide(one, "checkpoint-0", ravi)
    move(one, "poc", lena)
    assert (one.stage, one.stage_since, one.taken_over) == ("poc", the_day(1), False)


def test_a_checkpoint_passed_with_conditions_opens_the_way_too(lena, ravi):
    one = at(lena, "intake")
    answer_checkpoint(one, lena, "checkpoint-0")
    submit(one, "checkpoint-0", lena)
    decide(one, "checkpoint-0", ravi, "pass_with_conditions", 0, promise(lena))
    move(one, "poc", lena)
    assert one.stage == "poc"


def test_from_the_poc_to_the_pilot_checkpoint_2_is_needed_and_so_1(lena, ravi):
    one = at(lena, "intake")
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    move(one, "poc", lena)
    waiting = [blocker for blocker in refusal(one, "pilot", lena) if blocker[0] == "checkpoint_not_passed"]
    assert waiting == [
        ("checkpoint_not_passed", "checkpoint-1", None),
        ("checkpoint_not_passed", "checkpoint-2", None),
    ]
    pass_checkpoint(one, "checkpoint-1", lena, ravi)
    assert refusal(one, "pilot", lena)[0] == ("checkpoint_not_passed", "checkpoint-2", None)
    pass_checkpoint(one, "checkpoint-2", lena, ravi)
    move(one, "pilot", lena)
    assert one.stage == "pilot"


def test_from_the_pilot_to_the_rollout_the_verdict_must_stand_and_what_is_missing_is_named(lena, ravi):
    one = at(lena, "pilot")
    assert refusal(one, "rollout", lena) == blockers_of(standing(one).blockers)
    answer_all(one, lena, at=on(0))
    for gate in FIVE_GATES[:-1]:
        pass_gate(one, gate, lena, ravi, on(0))
    assert refusal(one, "rollout", lena) == [("gate_not_passed", "adoption", None)]
    pass_gate(one, "adoption", lena, ravi, on(0))
    move(one, "rollout", lena)
    assert one.stage == "rollout"


def test_a_conditional_verdict_opens_the_rollout_too(lena, ravi):
    one = at(lena, "pilot")
    answer_all(one, lena, at=on(0))
    pass_gate(one, "data", lena, ravi, on(0), [promise(lena)])
    for gate in FIVE_GATES[1:]:
        pass_gate(one, gate, lena, ravi, on(0))
    assert standing(one).verdict == "conditional"
    move(one, "rollout", lena)
    assert one.stage == "rollout"


def test_from_the_rollout_to_live_the_verdict_must_still_stand(lena, ravi, ada):
    one = at(lena, "rollout", ada)
    make_ready(one, lena, ravi, on(0))
    say(one, lena, "GOVN-1", "partial", 1)
    found = refusal(one, "live", lena, 1)
    assert found[:2] == [
        ("gate_not_passed", "governance", None),
        ("critical_not_met", "governance", "GOVN-1"),
    ]
    say(one, lena, "GOVN-1", "met", 2)
    pass_gate(one, "governance", lena, ravi, on(2))
    move(one, "live", lena, 2)
    assert one.stage == "live"


def test_evidence_that_ran_out_overnight_shuts_the_door_in_the_morning(lena, ravi, ada):
    one = at(lena, "rollout", ada)
    make_ready(one, lena, ravi, on(0))
    assert refusal(one, "live", lena, 61)[0] == ("gate_not_passed", "data", None)
    move(one, "live", lena, 60)
    assert one.stage == "live"


def test_from_live_to_retired_nothing_is_needed(lena, ada):
    one = at(lena, "live", ada)
    move(one, "retired", lena)
    assert (one.stage, one.has_ended) == ("retired", True)


def test_what_was_taken_over_is_guarded_from_there_on_as_usual(lena, ravi):
    one = at(lena, "pilot")
    move(one, "poc", lena, reason="The pilot began too early.")
    assert one.taken_over
    gates = [gate for code, gate, _ in refusal(one, "pilot", lena) if code == "checkpoint_not_passed"]
    assert gates == ["checkpoint-1", "checkpoint-2"]


# --- Jumps --------------------------------------------------------------------------------------------------


def test_a_jump_names_what_stands_in_the_way_of_every_step_and_that_it_is_not_the_next(lena):
    one = at(lena, "intake")
    found = refusal(one, "rollout", lena)
    heads = [(code, gate) for code, gate, _ in found if code.endswith("not_passed") or gate is None]
    assert heads == [
        ("checkpoint_not_passed", "checkpoint-0"),
        ("checkpoint_not_passed", "checkpoint-1"),
        ("checkpoint_not_passed", "checkpoint-2"),
        *(("gate_not_passed", gate) for gate in FIVE_GATES),
        ("threshold_not_met", None),
        ("stage_not_next", None),
    ]
    assert found[-1] == ("stage_not_next", None, None)
    assert len(set(found)) == len(found)


def test_a_jump_is_refused_even_where_every_guard_on_its_way_is_open(lena, ravi):
    one = at(lena, "intake")
    for gate in ("checkpoint-0", "checkpoint-1", "checkpoint-2"):
        pass_checkpoint(one, gate, lena, ravi)
    make_ready(one, lena, ravi, on(0))
    for stage in ("pilot", "rollout", "live", "retired"):
        assert refusal(one, stage, lena) == [("stage_not_next", None, None)]
    for stage in LADDER[1:]:
        move(one, stage, lena)
    assert one.stage == "retired"


@pytest.mark.parametrize("stage", ["intake", "poc", "pilot", "rollout", "live"])
def test_nothing_moves_to_where_it_is(lena, ada, stage):
    assert refusal(at(lena, stage, ada), stage, lena)[-1] == ("stage_not_next", None, None)


@pytest.mark.parametrize("word", ["", "Pilot", "on_hold", "done", "pilot\x00"])
def test_a_stage_that_does_not_exist_is_no_way_out(lena, word):
    one = at(lena, "intake")
    with refused(Invalid) as caught:
        move(one, word, lena)
    assert errors(caught) == [("to", "unknown_word")]


# --- One step back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "to"), [("poc", "intake"), ("pilot", "poc"), ("rollout", "pilot"), ("live", "rollout")]
)
def test_one_step_back_is_free_with_a_reason(lena, ada, stage, to):
    one = at(lena, stage, ada)
    for nothing in ("", "  \n"):
        assert refusal(one, to, lena, reason=nothing) == [("reason_required", None, None)]
    move(one, to, lena, reason="We went ahead too early.")
    assert one.stage == to
    stay = StageEntry.objects.get(initiative=one, left_on=None)
    assert (stay.stage, stay.reason) == (to, "We went ahead too early.")


def test_two_steps_back_at_once_are_refused(lena):
    assert refusal(at(lena, "pilot"), "intake", lena, reason="All wrong.") == [("stage_not_next", None, None)]


def test_a_reason_has_limits_like_every_text(lena):
    one = at(lena, "pilot")
    for reason, code in (("x" * 2001, "too_long"), ("a\x00", "null_characters")):
        with refused(Invalid) as caught:
            move(one, "poc", lena, reason=reason)
        assert errors(caught) == [("reason", code)]


# --- The end ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["intake", "poc", "pilot", "rollout"])
def test_from_every_stage_before_live_it_can_be_stopped_with_a_lesson(lena, ada, stage):
    one = at(lena, stage, ada)
    assert refusal(one, "stopped", lena) == [("lesson_required", None, None)]
    lesson = LESSON | {
        "root_cause": "data_quality",
        "advice": "Look at the data first.",
        "outcome": "decided",
    }
    move(one, "stopped", lena, lesson=lesson)
    kept = Lesson.objects.get(initiative=one)
    assert (one.stage, kept.outcome, kept.root_cause) == ("stopped", "decided", "data_quality")
    assert (kept.tried, kept.advice, kept.by, kept.at) == (lesson["tried"], lesson["advice"], lena, on(1))


def test_what_is_live_is_retired_and_not_stopped(lena, ada):
    assert refusal(at(lena, "live", ada), "stopped", lena, lesson=LESSON) == [("stage_not_next", None, None)]


def test_a_lesson_says_what_was_tried_what_did_not_work_and_how_it_ended(lena):
    one = at(lena, "pilot")
    for lesson, expected in (
        (
            {},
            [
                ("lesson.tried", "required"),
                ("lesson.did_not_work", "required"),
                ("lesson.outcome", "unknown_word"),
            ],
        ),
        (LESSON | {"outcome": "gave up"}, [("lesson.outcome", "unknown_word")]),
        (LESSON | {"root_cause": "fate"}, [("lesson.root_cause", "unknown_word")]),
        (LESSON | {"tried": " \n"}, [("lesson.tried", "required")]),
        (LESSON | {"advice": "x" * 5001}, [("lesson.advice", "too_long")]),
        (LESSON | {"technical_constraint": "\x00"}, [("lesson.technical_constraint", "null_characters")]),
    ):
        with refused(Invalid) as caught:
            move(one, "stopped", lena, lesson=lesson)
        assert errors(caught) == expected


@pytest.mark.parametrize("outcome", ["decided", "faded_out"])
def test_how_it_was_stopped_is_kept_apart(lena, outcome):
    one = at(lena, "pilot")
    move(one, "stopped", lena, lesson=LESSON | {"outcome": outcome})
    assert Lesson.objects.get(initiative=one).outcome == outcome


@pytest.mark.parametrize("to", [*LADDER, "stopped"])
def test_nothing_leaves_its_end(lena, ada, to):
    retired, stopped = at(lena, "live", ada), at(lena, "pilot")
    move(retired, "retired", lena)
    move(stopped, "stopped", lena, lesson=LESSON)
    for one in (retired, stopped):
        with refused(Conflict, "initiative_ended"):
            move(one, to, lena, 2, reason="Again.", lesson=LESSON)


def test_on_an_ended_initiative_all_flags_are_resolved(lena):
    one = at(lena, "pilot")
    assert Flag.objects.filter(initiative=one, resolved_at=None).exists()
    move(one, "stopped", lena, lesson=LESSON)
    assert not Flag.objects.filter(initiative=one, resolved_at=None).exists()
    now = standing(one)
    assert (now.stalled, now.flags_open, now.next_actions) == (False, 0, [])
    assert now.blockers[0]["code"] == "initiative_ended"


# --- On hold ------------------------------------------------------------------------------------------------


def test_on_hold_only_stopped_is_open_and_the_hold_ends_with_it(lena, ravi):
    one = at(lena, "poc")
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    set_hold(one.pk, "Waiting for the budget.", the_day(30), act(lena), on(1))
    assert refusal(one, "intake", lena, reason="Back.") == [("on_hold", None, None)]
    assert refusal(one, "pilot", lena)[0] == ("on_hold", None, None)
    assert refusal(one, "rollout", lena).count(("on_hold", None, None)) == 1
    move(one, "stopped", lena, 5, lesson=LESSON)
    assert (one.stage, one.hold) == ("stopped", None)
    assert Hold.objects.get(initiative=one).lifted_on == the_day(5)


def test_what_is_live_and_on_hold_is_neither_retired_nor_stopped(lena, ada):
    one = at(lena, "live", ada)
    set_hold(one.pk, "An incident.", the_day(30), act(lena), on(1))
    assert refusal(one, "retired", lena) == [("on_hold", None, None)]
    assert refusal(one, "stopped", lena, lesson=LESSON) == [("stage_not_next", None, None)]


# --- Who, and what is left ----------------------------------------------------------------------------------


def test_the_team_and_executives_move_it_and_nobody_else_does(lena, omar, ravi, elsa, iris, ada):
    one = at(lena, "live", ada, visibility="organisation")
    edit_initiative(one.pk, {"people": {"members": []}}, act(ada), on(0))  # ada entered it
    for by in (omar, ravi, iris, ada):
        for to, options in (
            ("rollout", {"reason": "Back."}),
            ("retired", {}),
            ("stopped", {"lesson": LESSON}),
        ):
            with refused(NotAllowed, "not_allowed"):
                move(one, to, by, **options)
    move(one, "rollout", elsa, reason="Back.")
    move(one, "stopped", elsa, lesson=LESSON)
    assert one.stage == "stopped"


def test_every_stay_is_kept_with_its_days(lena, ravi):
    one = at(lena, "intake")
    pass_checkpoint(one, "checkpoint-0", lena, ravi)
    move(one, "poc", lena, 3)
    move(one, "intake", lena, 3, reason="Too early.")
    move(one, "poc", lena, 10)
    stays = (
        StageEntry.objects.filter(initiative=one).order_by("pk").values_list("stage", "entered_on", "left_on")
    )
    assert list(stays) == [
        ("intake", the_day(0), the_day(3)),
        ("poc", the_day(3), the_day(3)),
        ("intake", the_day(3), the_day(10)),
        ("poc", the_day(10), None),
    ]
    assert one.stage_since == the_day(10)


def test_a_move_is_told_in_the_audit_trail_and_counts_the_version_up(lena):
    one = at(lena, "pilot")
    move(one, "poc", lena, reason="Too early.")
    event = Event.objects.get(verb="stage.moved")
    assert (event.data["from"], event.data["to"], event.data["reason"]) == ("pilot", "poc", "Too early.")
    assert (event.actor_id, one.version) == (lena.pk, 2)


def test_a_move_on_a_version_that_no_longer_stands_is_refused(lena):
    one = at(lena, "pilot")
    edit_initiative(one.pk, {"vendor": "Acme"}, act(lena), on(0))
    with refused(Stale, "stale"):
        move(one, "poc", lena, reason="Too early.", version=1)
    move(one, "poc", lena, reason="Too early.", version=2)
    assert Initiative.objects.get(pk=one.pk).stage == "poc"


def test_a_step_back_and_forward_goes_on_counting(lena, ravi):
    """The days between count for the stage before, which it was in earlier as well; those on hold for neither."""
    one = create(lena, on(0), stage="pilot", plan={"pilot_days": 90, "poc_days": 28})
    set_hold(one.pk, "Summer.", the_day(60), act(lena), on(20))
    lift_hold(one.pk, act(lena), on(50))
    for checkpoint in ("checkpoint-0", "checkpoint-1", "checkpoint-2"):
        pass_checkpoint(one, checkpoint, lena, ravi, 50)
    assert flags(one, 211)["stage_overrun"] == "critical"

    move_stage(one.pk, "poc", act(lena), on(211), "Once more.")
    assert since(one) == the_day(211)
    assert "stage_overrun" not in flags(one, 211)
    move_stage(one.pk, "pilot", act(lena), on(221))
    assert since(one) == the_day(
        10
    )  # 211 days less 30 on hold are 181; ten days in between, counted for the PoC
    assert flags(one, 221)["stage_overrun"] == "critical"
    assert days_in_stage(Initiative.objects.get(pk=one.pk), the_day(221)) == 181
    (course,) = courses(Initiative.objects.all(), the_day(221))
    assert (course.days_in_stage, course.beyond_plan) == (181, True)
    stays = stays_of(Initiative.objects.get(pk=one.pk), the_day(221))
    assert [(stay.days, stay.in_all, stay.overrun) for stay in stays] == [
        (181, 181, True),
        (10, 10, False),
        (0, 181, True),
    ]

    move_stage(one.pk, "poc", act(lena), on(225), "And again.")
    assert since(one) == the_day(215)
    assert days_in_stage(Initiative.objects.get(pk=one.pk), the_day(226)) == 11


def since(one):
    return Initiative.objects.values_list("stage_since", flat=True).get(pk=one.pk)
