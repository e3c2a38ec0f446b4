"""Exit criteria as people agree on them, amend them and decide them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gates.models import Amendment, ExitCriterion, ExitTrigger, Hold, Initiative, Kpi, Lesson, StageEntry
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.exits import CRITERIA_MAX, add_criterion, edit_criterion, remove_criterion
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.people import deactivate_person
from readiness.actions.promises import agreed, promises_locked
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND
from tests.fixtures import answer_all, create, pass_gate, person
from tests.integration.actions.exiting import (
    LEARNED,
    criterion_of,
    decide,
    kpi_of,
    read,
    state,
    terms,
    trip,
)
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    errors,
    on,
    pass_checkpoint,
    refused,
    submit,
    the_day,
)
from tests.integration.actions.props import (
    decide as decide_gate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(lena: User) -> Initiative:
    """Taken over as a pilot: nothing is locked, everything is watched."""
    return create(lena, on(-1), stage="pilot")


@pytest.fixture
def kpi(pilot: Initiative, lena: User) -> Kpi:
    return kpi_of(pilot, lena)


@pytest.fixture
def weekly(pilot: Initiative, lena: User, elsa: User, kpi: Kpi) -> ExitCriterion:
    return criterion_of(pilot, lena, elsa, kpi=kpi)


@pytest.fixture
def begun(initiative: Initiative, lena: User, ravi: User) -> Initiative:
    """In intake, Checkpoint 0 passed: what was promised is locked."""
    kpi_of(initiative, lena)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    return initiative


# --- To agree -----------------------------------------------------------------------------------------------------


def test_one_is_agreed_and_told(pilot, lena, elsa, kpi):
    made = criterion_of(pilot, lena, elsa, kpi=kpi, limit=" 30.5 ".strip())

    kept = ExitCriterion.objects.get()
    assert (kept.pk, kept.kpi, kept.comparator, kept.limit) == (made.pk, kpi, "under", Decimal("30.5"))
    assert (kept.window_days, kept.checkpoint, kept.action, kept.decider) == (28, "", "stop", elsa)
    assert (kept.locked_at, kept.promised, kept.created_by) == (None, {}, lena)
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor) == ("exit_criterion.added", lena)
    assert event.data["limit"] == "30.5"
    assert state(made, 0).words == "Weekly use under 30.5 % for 4 weeks"


WRONG = {
    "no KPI": ({"kpi": None}, [("kpi", "required")]),
    "no such KPI": ({"kpi": 10**12}, [("kpi", "unknown_kpi")]),
    "an unknown comparator": ({"comparator": "at_most"}, [("comparator", "unknown_word")]),
    "no limit": ({"limit": None}, [("limit", "required")]),
    "an empty limit": ({"limit": ""}, [("limit", "required")]),
    "a limit in words": ({"limit": "thirty"}, [("limit", "wrong_type")]),
    "not a number": ({"limit": "NaN"}, [("limit", "out_of_range")]),
    "infinity": ({"limit": "-Infinity"}, [("limit", "out_of_range")]),
    "a limit beyond the column": ({"limit": "1e16"}, [("limit", "out_of_range")]),
    "too many decimals": ({"limit": "0.00001"}, [("limit", "too_precise")]),
    "a window of no days": ({"window_days": 0}, [("window_days", "out_of_range")]),
    "a window of more than a year": ({"window_days": 366}, [("window_days", "out_of_range")]),
    "a window in words": ({"window_days": "28"}, [("window_days", "wrong_type")]),
    "neither window nor checkpoint": ({"window_days": None}, [("window_days", "required")]),
    "both": ({"checkpoint": "checkpoint-1"}, [("checkpoint", "not_both")]),
    "an unknown checkpoint": (
        {"window_days": None, "checkpoint": "checkpoint-9"},
        [("checkpoint", "unknown_gate")],
    ),
    "a gate is no checkpoint": (
        {"window_days": None, "checkpoint": "data"},
        [("checkpoint", "unknown_gate")],
    ),
    "an unknown action": ({"action": "go_on"}, [("action", "unknown_word")]),
    "nobody decides": ({"decider": ""}, [("decider", "required")]),
    "a stranger decides": ({"decider": "nobody"}, [("decider", "unknown_person")]),
    "a null character decides": ({"decider": "el\x00sa"}, [("decider", "unknown_person")]),
    "everything at once": (
        {"comparator": "", "limit": "x", "window_days": 0, "action": None, "decider": "nobody", "kpi": None},
        [
            ("comparator", "unknown_word"),
            ("action", "unknown_word"),
            ("limit", "wrong_type"),
            ("window_days", "out_of_range"),
            ("kpi", "required"),
            ("decider", "unknown_person"),
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_its_field(pilot, lena, elsa, kpi, name):
    wrong, expected = WRONG[name]
    with refused(Invalid) as caught:
        add_criterion(pilot.pk, terms(kpi, elsa) | wrong, act(lena), on(0))
    assert errors(caught) == expected


@pytest.mark.parametrize("name", WRONG)
def test_the_same_is_wrong_in_an_edit(weekly, lena, name):
    wrong, expected = WRONG[name]
    with refused(Invalid) as caught:
        edit_criterion(weekly.initiative_id, weekly.pk, wrong, act(lena), on(1))
    assert errors(caught) == expected


def test_nothing_given_names_everything_that_is_missing(pilot, lena):
    with refused(Invalid) as caught:
        add_criterion(pilot.pk, {}, act(lena), on(0))
    assert [field for field, _ in errors(caught)] == [
        "comparator", "action", "limit", "window_days", "kpi", "decider",
    ]  # fmt: skip


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS.keys())
def test_unusual_texts_are_no_words_of_a_list(weekly, lena, text):
    for field in ("comparator", "limit", "checkpoint", "action", "decider"):
        with refused(Invalid) as caught:
            edit_criterion(weekly.initiative_id, weekly.pk, {field: text}, act(lena), on(1))
        assert [name for name, _ in errors(caught)] == [field]


def test_a_kpi_of_another_initiative_or_one_removed_is_none(pilot, lena, elsa, kpi):
    other = kpi_of(create(lena, on(0), name="Another"), lena)
    Kpi.objects.filter(pk=kpi.pk).update(removed_at=on(0))
    for given in (other, kpi):
        with refused(Invalid) as caught:
            add_criterion(pilot.pk, terms(given, elsa), act(lena), on(0))
        assert errors(caught) == [("kpi", "unknown_kpi")]


def test_who_decides_can_decide(pilot, lena, elsa, iris, kpi, ada):
    gone, blind = person("gone"), person("blind")
    deactivate_person("gone", COMMAND, on(0))
    for decider, code in ((gone, "inactive_person"), (iris, "may_not_decide"), (blind, "may_not_decide")):
        with refused(Invalid) as caught:
            add_criterion(pilot.pk, terms(kpi, decider), act(lena), on(0))
        assert errors(caught) == [("decider", code)]

    edit_initiative(pilot.pk, {"people": {"members": ["blind", "lena"]}}, act(lena), on(0))
    assert criterion_of(pilot, lena, blind, kpi=kpi).decider == blind


def test_whoever_was_named_may_stay_after_they_left(weekly, lena):
    deactivate_person("elsa", COMMAND, on(1))
    given = {"decider": "elsa", "limit": "29"}
    assert edit_criterion(weekly.initiative_id, weekly.pk, given, act(lena), on(1))[0].limit == 29


def test_there_is_a_most(pilot, lena, elsa, kpi):
    row = {"kpi": kpi, "comparator": "under", "limit": 1, "window_days": 7, "action": "stop", "decider": elsa}
    ExitCriterion.objects.bulk_create(
        ExitCriterion(initiative=pilot, created_at=on(0), **row) for _ in range(CRITERIA_MAX)
    )
    with refused(Invalid) as caught:
        add_criterion(pilot.pk, terms(kpi, elsa), act(lena), on(0))
    assert errors(caught) == [("kpi", "too_many")]


# --- To change, while it is not locked ------------------------------------------------------------------------------


def test_what_is_given_changes_and_the_rest_stays(weekly, lena, omar):
    given = {"limit": "25.0", "window_days": None, "checkpoint": "checkpoint-2", "decider": "omar"}
    changed, _ = edit_criterion(weekly.initiative_id, weekly.pk, given, act(lena), on(1), version=1)

    assert (changed.limit, changed.window_days, changed.checkpoint) == (25, None, "checkpoint-2")
    assert (changed.comparator, changed.action, changed.version) == ("under", "stop", 2)
    event = Event.objects.latest("seq")
    assert event.verb == "exit_criterion.edited"
    assert event.data["changed"] == {
        "limit": ["30", "25"],
        "window_days": [28, None],
        "checkpoint": ["", "checkpoint-2"],
        "decider": ["elsa", "omar"],
    }
    assert not Amendment.objects.exists()


def test_no_change_leaves_no_trace(weekly, lena):
    before = Event.objects.count()
    edit_criterion(weekly.initiative_id, weekly.pk, {"limit": "30.00"}, act(lena), on(1))
    assert Event.objects.count() == before
    assert ExitCriterion.objects.get().version == 1


def test_an_edit_of_what_somebody_changed_meanwhile_is_stale(weekly, lena):
    edit_criterion(weekly.initiative_id, weekly.pk, {"limit": "25"}, act(lena), on(1), version=1)
    with refused(Stale):
        edit_criterion(weekly.initiative_id, weekly.pk, {"limit": "20"}, act(lena), on(1), version=1)


def test_it_is_removed_out_of_sight(weekly, lena):
    remove_criterion(weekly.initiative_id, weekly.pk, act(lena), on(1))

    assert ExitCriterion.objects.get().removed_at == on(1)
    with pytest.raises(NotFound):
        remove_criterion(weekly.initiative_id, weekly.pk, act(lena), on(1))
    read(weekly, lena, "1", 1)
    read(weekly, lena, "1", 29)
    assert not ExitTrigger.objects.exists()


def test_what_was_reached_is_neither_changed_nor_removed_before_it_is_decided(weekly, lena):
    trip(weekly, lena)
    with refused(Conflict, "exit_undecided"):
        edit_criterion(weekly.initiative_id, weekly.pk, {"limit": "1"}, act(lena), on(28))
    with refused(Conflict, "exit_undecided"):
        remove_criterion(weekly.initiative_id, weekly.pk, act(lena), on(28))


def test_it_is_found_below_its_own_initiative_only(weekly, lena, elsa):
    other = create(lena, on(0), name="Another")
    with refused(NotFound):
        edit_criterion(other.pk, weekly.pk, {"limit": "1"}, act(lena), on(1))
    with refused(NotFound):
        remove_criterion(other.pk, weekly.pk, act(lena), on(1))


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_only_the_team_agrees(request, weekly, who):
    outsider = request.getfixturevalue(who)
    with refused(NotAllowed):
        edit_criterion(weekly.initiative_id, weekly.pk, {"limit": "1"}, act(outsider), on(1))
    with refused(NotAllowed):
        remove_criterion(weekly.initiative_id, weekly.pk, act(outsider), on(1))
    with refused(NotAllowed):
        add_criterion(weekly.initiative_id, {}, act(outsider), on(1))


# --- The lock -----------------------------------------------------------------------------------------------------


def test_checkpoint_0_locks_what_was_agreed(initiative, lena, ravi, elsa):
    criterion = criterion_of(initiative, lena, elsa, limit="30.50")
    gone = criterion_of(initiative, lena, elsa, kpi=criterion.kpi)
    remove_criterion(initiative.pk, gone.pk, act(lena), on(0))
    assert not promises_locked(initiative)

    pass_checkpoint(initiative, "checkpoint-0", lena, ravi, day=3)

    criterion.refresh_from_db()
    gone.refresh_from_db()
    assert criterion.locked_at == on(3)
    assert criterion.promised == {
        "kpi": "Weekly use", "unit": "%", "comparator": "under", "limit": "30.5", "window_days": 28,
        "checkpoint": "", "action": "stop", "decider": "elsa",
    }  # fmt: skip
    assert gone.locked_at is None
    assert promises_locked(initiative)
    assert not Amendment.objects.exists()


def test_a_return_does_not_lock(initiative, lena, ravi, elsa):
    criterion = criterion_of(initiative, lena, elsa)
    submit(initiative, "checkpoint-0", lena)
    decide_gate(initiative, "checkpoint-0", ravi, "return")

    criterion.refresh_from_db()
    assert criterion.locked_at is None
    assert not promises_locked(initiative)


def test_a_later_checkpoint_does_not_lock(pilot, lena, ravi, weekly):
    """Another gate of the same framework guards no start."""
    answer_all(pilot, lena, at=on(0), gates=["data"])
    pass_gate(pilot, "data", lena, ravi, on(0))
    weekly.refresh_from_db()
    assert weekly.locked_at is None
    assert not promises_locked(pilot)


def test_what_is_locked_stays_so_whatever_is_decided_later(begun, lena, ravi):
    submit(begun, "checkpoint-0", lena, 1)
    decide_gate(begun, "checkpoint-0", ravi, "return", 1)
    assert promises_locked(begun)


@pytest.mark.parametrize(("stage", "expected"), [("rollout", False), ("live", True), ("retired", True)])
def test_a_promise_made_after_the_launch_is_late(pilot, stage, expected):
    pilot.stage = stage
    assert promises_locked(pilot) is expected


def test_a_locked_one_is_amended_with_a_reason(initiative, lena, ravi, elsa):
    criterion = criterion_of(initiative, lena, elsa)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    for reason, code in (
        ("", "required"),
        ("  ", "required"),
        ("x" * 2001, "too_long"),
        ("\x00", "null_characters"),
    ):
        with refused(Invalid) as caught:
            edit_criterion(initiative.pk, criterion.pk, {"limit": "20"}, act(lena), on(1), reason)
        assert errors(caught) == [("reason", code)]

    read(criterion, lena, "10", 1)
    given = {"limit": "20", "window_days": 14}
    edit_criterion(initiative.pk, criterion.pk, given, act(lena), on(2), " The tool was away. ")

    amendment = Amendment.objects.get()
    assert amendment.changes == {"limit": ["30", "20"], "window_days": ["28", "14"]}
    assert (amendment.criterion, amendment.kpi, amendment.reason) == (criterion, None, "The tool was away.")
    assert (amendment.by, amendment.on, amendment.after_reading) == (lena, the_day(2), True)
    found = state(criterion, 2)
    assert (found.words, found.promised) == (
        "Weekly use under 20 % for 2 weeks",
        "Weekly use under 30 % for 4 weeks",
    )
    assert found.amendments == (amendment,)
    event = Event.objects.latest("seq")
    assert (event.verb, event.data["reason"]) == ("exit_criterion.amended", "The tool was away.")


def test_every_error_of_an_amendment_is_said_at_once(initiative, lena, ravi, elsa):
    criterion = criterion_of(initiative, lena, elsa)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    with refused(Invalid) as caught:
        edit_criterion(initiative.pk, criterion.pk, {"limit": "x"}, act(lena), on(1))
    assert errors(caught) == [("limit", "wrong_type"), ("reason", "required")]


def test_a_locked_one_is_not_removed(initiative, lena, ravi, elsa):
    criterion = criterion_of(initiative, lena, elsa)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    with refused(Conflict, "promise_locked"):
        remove_criterion(initiative.pk, criterion.pk, act(lena), on(1))


def test_one_that_is_agreed_after_the_lock_is_locked_at_once_and_says_so(begun, lena, elsa):
    kpi = Kpi.objects.get()
    with refused(Invalid) as caught:
        add_criterion(begun.pk, terms(kpi, elsa), act(lena), on(1))
    assert errors(caught) == [("reason", "required")]

    made, _ = add_criterion(begun.pk, terms(kpi, elsa), act(lena), on(1), "Nobody had thought of it.")

    assert made.locked_at == on(1)
    assert made.promised["limit"] == "30"
    amendment = Amendment.objects.get(criterion=made)
    assert amendment.changes == {"added": [None, "Weekly use under 30 % for 4 weeks"]}
    assert (amendment.reason, amendment.after_reading) == ("Nobody had thought of it.", False)
    with refused(Conflict, "promise_locked"):
        remove_criterion(begun.pk, made.pk, act(lena), on(1))


# --- To decide ----------------------------------------------------------------------------------------------------


def test_nothing_is_decided_that_does_not_wait(weekly, elsa):
    with refused(Conflict, "exit_not_triggered"):
        decide(weekly, elsa, "rework")


def test_it_is_decided_once(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "rework")
    with refused(Conflict, "exit_not_triggered"):
        decide(weekly, elsa, "rework")


def test_the_trigger_that_was_seen_is_decided_and_no_other(weekly, lena, elsa):
    seen = trip(weekly, lena)
    decide(weekly, elsa, "rework", trigger_id=seen.pk)
    newer = trip(weekly, lena, 60)
    with refused(Conflict, "exit_not_triggered"):
        decide(weekly, elsa, "rework", 60, trigger_id=seen.pk)
    assert decide(weekly, elsa, "rework", 60, trigger_id=newer.pk).pk == newer.pk


def test_stopped_on_agreed_criteria_is_said_only_where_a_locked_one_stands_triggered(
    pilot, begun, lena, elsa, ravi
):
    """By whichever door it is stopped; what was not agreed before the start is no limit that was agreed."""
    claimed = LEARNED | {"outcome": "agreed_criteria"}

    def refuse(one, day):
        with refused(Invalid) as caught:
            move_stage(one.pk, "stopped", act(lena), on(day), lesson=claimed)
        assert errors(caught) == [("lesson.outcome", "no_limit_reached")]

    refuse(pilot, 0)
    trip(criterion_of(pilot, lena, elsa), lena)
    assert ExitCriterion.objects.get(initiative=pilot).locked_at is None
    refuse(pilot, 28)
    locked = criterion_of(begun, lena, elsa, day=1, kpi=Kpi.objects.get(initiative=begun))
    refuse(begun, 1)
    move_stage(begun.pk, "poc", act(lena), on(1))
    trip(locked, lena, day=40)
    with refused(Invalid) as caught:
        move_stage(begun.pk, "stopped", act(lena), on(40), lesson=claimed)
    assert errors(caught) == [("lesson.outcome", "decided_by_another")]
    assert "Elsa" in str(caught.value)
    move_stage(begun.pk, "stopped", act(elsa), on(40), lesson=claimed)
    assert Lesson.objects.get().outcome == "agreed_criteria"
    assert ExitTrigger.objects.get(criterion=locked).decision == "stop"


def test_the_lead_who_was_named_may_say_so(begun, lena):
    named = criterion_of(begun, lena, lena, day=1, kpi=Kpi.objects.get(initiative=begun))
    move_stage(begun.pk, "poc", act(lena), on(1))
    trip(named, lena, day=40)
    move_stage(begun.pk, "stopped", act(lena), on(40), lesson=LEARNED | {"outcome": "agreed_criteria"})
    assert Lesson.objects.get().outcome == "agreed_criteria"


def test_nobody_agrees_on_a_limit_that_was_passed_already(begun, lena, elsa):
    """Added, or amended to be reached: what was read through that day does not trigger it."""
    kpi = Kpi.objects.get(initiative=begun)
    move_stage(begun.pk, "poc", act(lena), on(1))
    older = criterion_of(begun, lena, elsa, day=1, kpi=kpi, limit="10")
    for day in (2, 20, 40):
        read(older, lena, "20", day)
    late = criterion_of(begun, lena, elsa, day=40, kpi=kpi)
    edit_criterion(begun.pk, older.pk, {"limit": "30"}, act(lena), on(40), "It was too low.")
    assert (state(late, 41).on, state(older, 41).on) == (None, None)
    edit_criterion(begun.pk, older.pk, {"decider": "lena"}, act(lena), on(60), "Elsa is away.")
    read(late, lena, "20", 41)
    read(late, lena, "20", 68)
    assert (state(late, 68).on, state(older, 68).on) == (None, None)
    assert (state(late, 69).on, state(older, 69).on) == (the_day(69), the_day(69))


@pytest.mark.parametrize(("days", "met"), [(0, False), (1, True)])
def test_at_a_checkpoint_the_reading_comes_after_the_agreement(begun, lena, elsa, days, met):
    move_stage(begun.pk, "poc", act(lena), on(1))
    submit(begun, "checkpoint-1", lena, 2)
    terms = {"window_days": None, "checkpoint": "checkpoint-1"}
    late = criterion_of(begun, lena, elsa, day=3, kpi=Kpi.objects.get(initiative=begun), **terms)
    read(late, lena, "20", 3 + days)
    assert (state(late, 3 + days).on is not None) is met


def test_one_that_was_locked_after_it_was_reached_was_not_agreed_before(weekly, lena, elsa):
    trip(weekly, lena)
    ExitCriterion.objects.filter(pk=weekly.pk).update(locked_at=on(28), promised=agreed(weekly))
    with refused(Invalid) as caught:
        decide(weekly, elsa, "stop", lesson=LEARNED | {"outcome": "agreed_criteria"})
    assert errors(caught) == [("lesson.outcome", "no_limit_reached")]
    ExitCriterion.objects.filter(pk=weekly.pk).update(locked_at=on(27))
    decide(weekly, elsa, "stop", lesson=LEARNED)
    assert Lesson.objects.get().outcome == "agreed_criteria"


def test_stop_of_one_that_was_never_locked_is_a_decision_with_its_lesson(weekly, lena, elsa):
    """The same as at the door of the stages: it was never agreed before the start."""
    trip(weekly, lena)
    with refused(Invalid) as caught:
        decide(weekly, elsa, "stop", lesson=LEARNED | {"outcome": "agreed_criteria"})
    assert errors(caught) == [("lesson.outcome", "no_limit_reached")]
    done = decide(weekly, elsa, "stop", lesson=LEARNED | {"outcome": "faded_out"})

    one = Initiative.objects.get()
    assert (one.stage, one.stage_since) == ("stopped", the_day(28))
    assert Lesson.objects.get().outcome == "decided"
    assert (done.decision, done.by, done.decided_on) == ("stop", elsa, the_day(28))
    assert done.reason == "Stopped, as it was agreed."
    assert StageEntry.objects.get(left_on__isnull=True).stage == "stopped"
    event = Event.objects.latest("seq")
    assert (event.verb, event.data["decision"]) == ("exit.decided", "stop")
    with refused(Conflict, "initiative_ended"):
        decide(weekly, elsa, "rework")


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (None, [("lesson", "required")]),
        ({}, [("lesson.tried", "required"), ("lesson.did_not_work", "required")]),
        (LEARNED | {"root_cause": "bad luck"}, [("lesson.root_cause", "unknown_word")]),
    ],
)
def test_stop_needs_a_lesson(weekly, lena, elsa, lesson, expected):
    trip(weekly, lena)
    with refused(Invalid) as caught:
        decide(weekly, elsa, "stop", lesson=lesson)
    assert errors(caught) == expected


def test_hold_puts_it_on_hold(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "hold", review_on=the_day(50))

    hold = Initiative.objects.get().hold
    assert (hold.since, hold.review_on, hold.by) == (the_day(28), the_day(50), elsa)
    assert hold.reason == "We looked at it together."


def test_hold_takes_the_place_of_the_hold_in_force(weekly, lena, elsa):
    read(weekly, lena, "20", 0)
    read(weekly, lena, "20", 27)
    set_hold(weekly.initiative_id, "Waiting.", the_day(35), act(lena), on(28))
    decide(weekly, elsa, "hold", 30, review_on=the_day(60))

    holds = list(Hold.objects.values_list("since", "lifted_on", "review_on"))
    assert holds == [
        (the_day(28), the_day(30), the_day(35)),
        (the_day(30), None, the_day(60)),
    ]


def test_rework_sends_it_on_its_way_again(weekly, lena, elsa):
    trip(weekly, lena)
    decide(weekly, elsa, "rework")
    one = Initiative.objects.get()
    assert (one.stage, one.hold) == ("pilot", None)
    assert one.last_activity_on == the_day(28)


LATER = {
    "no reason to hold": ("hold", {"reason": " ", "review_on": the_day(40)}, [("reason", "required")]),
    "no day to look at it again": ("hold", {}, [("review_on", "required")]),
    "a day gone by": ("hold", {"review_on": the_day(27)}, [("review_on", "in_the_past")]),
    "no reason to rework": ("rework", {"reason": ""}, [("reason", "required")]),
    "too long a reason": ("rework", {"reason": "x" * 2001}, [("reason", "too_long")]),
    "no expiry": ("go_on", {}, [("expires_on", "required")]),
    "an expiry today": ("go_on", {"expires_on": the_day(28)}, [("expires_on", "in_the_past")]),
    "an expiry gone by": ("go_on", {"expires_on": the_day(27)}, [("expires_on", "in_the_past")]),
    "an expiry after more than a year": ("go_on", {"expires_on": the_day(28 + 367)}, [("expires_on", "out_of_range")]),
    "the last of all days": ("go_on", {"expires_on": date.max}, [("expires_on", "out_of_range")]),
    "no reason to go on": ("go_on", {"reason": "", "expires_on": the_day(40)}, [("reason", "required")]),
    "an unknown decision": ("ignore", {}, [("decision", "unknown_word")]),
}  # fmt: skip


@pytest.mark.parametrize("name", LATER)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(weekly, lena, elsa, name):
    decision, given, expected = LATER[name]
    trip(weekly, lena)
    with refused(Invalid) as caught:
        decide(weekly, elsa, decision, **given)
    assert errors(caught) == expected


@pytest.mark.parametrize("days", [1, 366])
def test_to_go_on_needs_who_why_and_until_when(weekly, lena, elsa, days):
    trip(weekly, lena)
    done = decide(weekly, elsa, "go_on", expires_on=the_day(28 + days))
    assert (done.decision, done.by, done.expires_on) == ("go_on", elsa, the_day(28 + days))


# --- Who decides --------------------------------------------------------------------------------------------------

# decider named -> who may decide it, and who may go on all the same. On the team: lena and eve, an executive.
WHO = {
    "omar": ({"omar", "elsa", "eve", "emil"}, {"elsa", "emil"}),
    "lena": ({"lena", "elsa", "eve", "emil"}, {"elsa", "emil"}),
    "elsa": ({"elsa", "eve", "emil"}, {"elsa"}),
    "eve": ({"elsa", "eve", "emil"}, set()),
    "gone": ({"elsa", "eve", "emil"}, {"elsa", "emil"}),
}


@pytest.mark.parametrize("named", WHO)
def test_who_may_decide(pilot, lena, ravi, elsa, omar, ada, iris, kpi, named):
    cast = {user.username: user for user in (lena, ravi, elsa, omar, ada, iris)}
    cast |= {name: person(name, executive=True) for name in ("eve", "emil")}
    cast["nils"] = person("nils")
    decider = person("gone", executive=True) if named == "gone" else cast[named]
    edit_initiative(pilot.pk, {"people": {"members": ["lena", "eve"]}}, act(lena), on(0))
    criterion = criterion_of(pilot, lena, decider, kpi=kpi)
    trip(criterion, lena)
    if named == "gone":
        deactivate_person("gone", COMMAND, on(28))
        cast["gone"] = User.objects.get(username="gone")
    may_decide, may_go_on = set(), set()
    for name, user in cast.items():
        for decision, given, may in (
            ("rework", {}, may_decide),
            ("go_on", {"expires_on": the_day(40)}, may_go_on),
        ):
            with transaction.atomic():
                try:
                    decide(criterion, user, decision, **given)
                    may.add(name)
                except (NotAllowed, NotFound):
                    pass
                transaction.set_rollback(True)
    assert (may_decide, may_go_on) == WHO[named]


# --- What the database itself holds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_days": None},
        {"window_days": 0},
        {"checkpoint": "checkpoint-1"},
        {"comparator": "near"},
        {"action": "go_on"},
    ],
)
def test_a_criterion_that_is_nonsense_is_no_row(weekly, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitCriterion.objects.filter(pk=weekly.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "stop"},
        {"decided_at": on(28), "reason": "Because."},
        {"decided_at": on(28), "decision": "ignore", "reason": "Because."},
        {"decided_at": on(28), "decision": "stop"},
        {"decided_at": on(28), "decision": "go_on", "reason": "Because.", "by_id": 1},
        {"decided_at": on(28), "decision": "go_on", "reason": "Because.", "expires_on": the_day(40)},
    ],
)
def test_a_decision_that_is_nonsense_is_no_row(weekly, lena, wrong):
    trigger = trip(weekly, lena)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitTrigger.objects.filter(pk=trigger.pk).update(**wrong)
