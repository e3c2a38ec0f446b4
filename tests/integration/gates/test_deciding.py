"""A reviewer decides what was submitted: go on, go on with conditions, return, or stop."""

import pytest

from gates.models import Condition, Decision, Hold, Lesson, Snapshot, Submission
from readiness.actions.conditions import keep_condition
from readiness.actions.errors import Conflict, Invalid, NotFound
from readiness.actions.gates import Promise
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.material_changes import declare_material_change
from readiness.audit.models import Event
from tests.fixtures import answer_all, create, person
from tests.integration.actions.props import (
    LESSON,
    UNUSUAL_TEXTS,
    act,
    answer_checkpoint,
    blockers_of,
    decide,
    errors,
    gate,
    on,
    promise,
    refused,
    say,
    standing,
    status,
    statuses,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db

PASSES = ["pass", "pass_with_conditions"]


@pytest.fixture
def initiative(lena):
    """All twenty items are met; nothing is submitted."""
    made = create(lena, on(0))
    answer_all(made, lena, at=on(0))
    return made


@pytest.fixture
def waiting(initiative, lena):
    submit(initiative, "data", lena)
    return initiative


def promises(kind, owner):
    return [promise(owner)] if kind == "pass_with_conditions" else []


# --- What is asked of every decision ------------------------------------------------------------------------


@pytest.mark.parametrize("rationale", ["", "  \n\t"])
def test_a_decision_needs_a_rationale(waiting, ravi, rationale):
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, rationale=rationale)
    assert errors(caught) == [("rationale", "required")]


def test_a_rationale_has_five_thousand_characters_at_most(waiting, ravi):
    for rationale, code in (("x" * 5001, "too_long"), ("a\x00", "null_characters")):
        with refused(Invalid) as caught:
            decide(waiting, "data", ravi, rationale=rationale)
        assert errors(caught) == [("rationale", code)]
    assert decide(waiting, "data", ravi, rationale="x" * 5000).rationale == "x" * 5000


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_rationale_is_kept_as_it_was_typed(waiting, ravi, text):
    decide(waiting, "data", ravi, rationale=f"\n{text} ")
    assert Decision.objects.get().rationale == text


@pytest.mark.parametrize("word", ["", "passed", "Pass", "go", "hold", "rework"])
def test_a_word_that_is_no_decision_is_refused(waiting, ravi, word):
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, word)
    assert errors(caught) == [("decision", "unknown_word")]


@pytest.mark.parametrize("kind", ["pass", "pass_with_conditions", "return", "stop"])
def test_what_was_not_submitted_cannot_be_decided(initiative, lena, ravi, kind):
    with refused(Conflict, "nothing_submitted"):
        decide(initiative, "data", ravi, kind, 0, *promises(kind, lena), lesson=LESSON)


def test_what_was_decided_cannot_be_decided_again(waiting, ravi):
    decide(waiting, "data", ravi)
    with refused(Conflict, "nothing_submitted"):
        decide(waiting, "data", ravi, "return", 1)


def test_a_gate_that_does_not_exist_is_not_found(waiting, ravi):
    with refused(NotFound, "not_found"):
        decide(waiting, "no-such", ravi)


def test_what_waits_behind_a_lapsed_gate_stays_and_is_decided_when_that_holds_again(waiting, lena, ravi):
    decide(waiting, "data", ravi)
    submit(waiting, "architecture", lena, 1)
    say(waiting, lena, "DATA-1", "not_met", 2)
    assert statuses(waiting, 2)[:2] == ["lapsed", "locked"]
    for kind in ("pass", "return"):
        with refused(Conflict, "gate_locked"):
            decide(waiting, "architecture", ravi, kind, 3)
    say(waiting, lena, "DATA-1", "met", 4)
    submit(waiting, "data", lena, 4)
    decide(waiting, "data", ravi, day=4)
    assert statuses(waiting, 4)[:2] == ["passed", "in_review"]
    decide(waiting, "architecture", ravi, day=5)


def test_it_can_be_decided_while_it_is_on_hold(waiting, lena, ravi):
    set_hold(waiting.pk, "Budget.", the_day(30), act(lena), on(0))
    decide(waiting, "data", ravi, day=1)
    assert status(waiting, "data") == "passed"


# --- Pass, and pass with conditions -------------------------------------------------------------------------


def test_a_pass_opens_the_next_gate(waiting, ravi):
    made = decide(waiting, "data", ravi, day=2)
    assert statuses(waiting) == ["passed", "eligible", "locked", "locked", "locked"]
    assert (made.decision, made.by, made.at, made.submitted_by.username) == ("pass", ravi, on(2), "lena")
    submission = Submission.objects.get()
    assert (submission.decided_at, made.submission) == (on(2), submission)
    event = Event.objects.get(verb="gate.decided")
    assert (event.data["gate"], event.data["decision"], event.actor_id) == ("data", "pass", ravi.pk)
    waiting.refresh_from_db()
    assert waiting.last_activity_on == the_day(2)


def test_a_pass_takes_no_conditions_and_the_other_needs_at_least_one(waiting, lena, ravi):
    for kind, given, code in (
        ("pass", [promise(lena)], "conditions_not_allowed"),
        ("pass_with_conditions", [], "conditions_required"),
        ("return", [promise(lena)], "conditions_not_allowed"),
        ("stop", [promise(lena)], "conditions_not_allowed"),
    ):
        with refused(Invalid) as caught:
            decide(waiting, "data", ravi, kind, 0, *given, lesson=LESSON)
        assert errors(caught) == [("conditions", code)]


def test_a_condition_has_words_an_active_owner_and_a_day_that_has_not_passed(waiting, lena, ravi):
    gone = person("gone")
    gone.is_active = False
    gone.save()
    wrong = [
        Promise(" ", "lena", the_day(3)),
        Promise("x" * 2001, "nobody", the_day(-1)),
        Promise("Fine.", "gone", None),
        Promise("Fine.", "lena\x00", the_day(300 * 365)),
        Promise("\ud800", "\ud800", the_day(0)),
    ]
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "pass_with_conditions", 0, *wrong)
    assert errors(caught) == [
        ("conditions.0.text", "required"),
        ("conditions.1.text", "too_long"),
        ("conditions.1.due", "in_the_past"),
        ("conditions.1.owner", "unknown_person"),
        ("conditions.2.due", "required"),
        ("conditions.2.owner", "unknown_person"),
        ("conditions.3.due", "out_of_range"),
        ("conditions.3.owner", "unknown_person"),
        ("conditions.4.text", "surrogate_characters"),
        ("conditions.4.owner", "unknown_person"),
    ]


def test_nobody_is_given_a_condition_that_they_could_never_keep(waiting, lena, omar, ravi, iris):
    """Who only reads, and who may not know of the initiative."""
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "pass_with_conditions", 0, promise(iris))
    assert errors(caught) == [("conditions.0.owner", "unknown_person")]
    edit_initiative(waiting.pk, {"visibility": "team"}, act(lena), on(0))
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "pass_with_conditions", 0, promise(lena), promise(omar))
    assert errors(caught) == [("conditions.1.owner", "unknown_person")]
    edit_initiative(waiting.pk, {"people": {"members": ["lena", "omar"]}}, act(lena), on(0))
    made = decide(waiting, "data", ravi, "pass_with_conditions", 0, promise(omar))
    keep_condition(waiting.pk, made.conditions.get().pk, "Done.", act(omar), on(1))


def test_the_event_says_who_owes_what_and_by_when(waiting, omar, ravi):
    decide(waiting, "data", ravi, "pass_with_conditions", 0, promise(omar, 9, " Train the desk. "))
    told = Event.objects.filter(verb="gate.decided").latest("pk").data["conditions"]
    due = the_day(9).isoformat()
    assert told == [{"text": "Train the desk.", "owner": "omar", "person": omar.pk, "due": due}]


def test_conditions_are_kept_with_owner_and_day_and_stand_open(waiting, lena, omar, ravi):
    given = [promise(lena, 30, " Write the runbook. "), promise(omar, 0, "Train the desk.")]
    made = decide(waiting, "data", ravi, "pass_with_conditions", 0, *given)
    kept = made.conditions.order_by("pk").values_list("text", "owner__username", "due", "state")
    assert list(kept) == [
        ("Write the runbook.", "lena", the_day(30), "open"),
        ("Train the desk.", "omar", the_day(0), "open"),
    ]
    assert statuses(waiting)[:2] == ["passed_with_conditions", "eligible"]


def test_twenty_conditions_are_enough(waiting, lena, ravi):
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "pass_with_conditions", 0, *[promise(lena)] * 21)
    assert errors(caught) == [("conditions", "too_many")]
    decide(waiting, "data", ravi, "pass_with_conditions", 0, *[promise(lena)] * 20)
    assert Condition.objects.count() == 20


@pytest.mark.parametrize("kind", PASSES)
def test_a_pass_needs_the_criteria_to_hold_now(waiting, lena, ravi, kind):
    say(waiting, lena, "DATA-1", "partial", 1)
    with refused(Conflict, "criteria_not_met") as caught:
        decide(waiting, "data", ravi, kind, 1, *promises(kind, lena))
    assert blockers_of(caught.value.blockers) == [("critical_not_met", "data", "DATA-1")]
    say(waiting, lena, "DATA-1", "met", 2)
    decide(waiting, "data", ravi, kind, 2, *promises(kind, lena))


@pytest.mark.parametrize("kind", PASSES)
def test_a_pass_needs_the_criteria_to_have_held_in_what_was_frozen(lena, ravi, kind):
    """Only a checkpoint can be submitted before they hold."""
    one = create(lena, on(0))
    submit(one, "checkpoint-0", lena)
    with refused(Conflict, "criteria_not_met"):
        decide(one, "checkpoint-0", ravi, kind, 0, *promises(kind, lena))
    answer_checkpoint(one, lena, "checkpoint-0")
    assert gate(one, "checkpoint-0").criteria_hold
    with refused(Conflict, "criteria_not_met") as caught:
        decide(one, "checkpoint-0", ravi, kind, 0, *promises(kind, lena))
    assert blockers_of(caught.value.blockers) == [("not_met_when_submitted", "checkpoint-0", None)]
    decide(one, "checkpoint-0", ravi, "return")
    submit(one, "checkpoint-0", lena)
    decide(one, "checkpoint-0", ravi, kind, 0, *promises(kind, lena))


def test_evidence_that_ran_out_while_it_waited_keeps_it_from_passing(waiting, ravi):
    with refused(Conflict, "criteria_not_met"):
        decide(waiting, "data", ravi, day=61)
    decide(waiting, "data", ravi, day=60)


# --- Return -------------------------------------------------------------------------------------------------


def test_what_is_returned_can_be_submitted_again(waiting, lena, ravi):
    decide(waiting, "data", ravi, "return", 1)
    assert (status(waiting, "data"), gate(waiting, "data").can_submit) == ("returned", True)
    assert statuses(waiting)[1] == "locked"
    submit(waiting, "data", lena, 2)
    assert status(waiting, "data") == "in_review"
    decide(waiting, "data", ravi, day=3)
    assert status(waiting, "data") == "passed"


def test_what_no_longer_meets_its_criteria_is_returned_and_stays_so_until_it_is_submitted(
    waiting, lena, ravi
):
    say(waiting, lena, "DATA-1", "not_met", 1)
    decide(waiting, "data", ravi, "return", 1)
    assert (status(waiting, "data"), gate(waiting, "data").can_submit) == ("returned", False)
    say(waiting, lena, "DATA-1", "met", 2)
    assert (status(waiting, "data"), gate(waiting, "data").can_submit) == ("returned", True)


def test_a_return_can_put_it_on_hold(waiting, ravi):
    decide(
        waiting, "data", ravi, "return", 1, hold={"reason": "Wait for the audit.", "review_on": the_day(9)}
    )
    waiting.refresh_from_db()
    held = Hold.objects.get()
    assert waiting.hold == held
    assert (held.since, held.reason, held.review_on, held.by) == (
        the_day(1),
        "Wait for the audit.",
        the_day(9),
        ravi,
    )
    assert (status(waiting, "data"), gate(waiting, "data").can_submit) == ("returned", False)
    assert waiting.version == 2


def test_a_hold_goes_with_a_return_only_and_says_why_and_until_when(waiting, lena, ravi):
    hold = {"reason": "Wait.", "review_on": the_day(9)}
    for kind in ("pass", "pass_with_conditions", "stop"):
        with refused(Invalid) as caught:
            decide(waiting, "data", ravi, kind, 0, *promises(kind, lena), hold=hold, lesson=LESSON)
        assert errors(caught) == [("hold", "not_with_this_decision")]
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "return", 1, hold={"reason": "", "review_on": the_day(0)})
    assert errors(caught) == [("hold.reason", "required"), ("hold.review_on", "in_the_past")]
    with refused(Invalid):
        decide(waiting, "data", ravi, "return", 1, hold={})


def test_what_is_on_hold_already_is_returned_without_another_hold(waiting, lena, ravi):
    set_hold(waiting.pk, "Budget.", the_day(30), act(lena), on(0))
    with refused(Conflict, "already_on_hold"):
        decide(waiting, "data", ravi, "return", 1, hold={"reason": "Wait.", "review_on": the_day(9)})
    decide(waiting, "data", ravi, "return", 1)


# --- Stop ---------------------------------------------------------------------------------------------------


def test_a_stop_ends_the_initiative_and_leaves_a_lesson(waiting, ravi):
    decide(waiting, "data", ravi, "stop", 2, lesson=LESSON | {"outcome": "decided"})
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.stage_since, status(waiting, "data")) == ("stopped", the_day(2), "stopped")
    lesson = Lesson.objects.get()
    assert (lesson.outcome, lesson.by, lesson.tried) == ("decided", ravi, LESSON["tried"])
    codes = [code for code, _, _ in blockers_of(standing(waiting).blockers)]
    assert codes[:2] == ["initiative_ended", "gate_stopped"]
    assert not any(one.can_submit for one in waiting.gate_standings.all())


def test_a_stop_without_a_lesson_or_with_an_empty_one_is_refused(waiting, ravi):
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "stop")
    assert errors(caught) == [("lesson", "required")]
    with refused(Invalid) as caught:
        decide(waiting, "data", ravi, "stop", lesson={})
    assert [field for field, _ in errors(caught)] == ["lesson.tried", "lesson.did_not_work", "lesson.outcome"]


def test_a_stop_needs_no_criteria_and_ends_a_hold(waiting, lena, ravi):
    say(waiting, lena, "DATA-1", "not_met", 1)
    set_hold(waiting.pk, "Budget.", the_day(30), act(lena), on(1))
    decide(waiting, "data", ravi, "stop", 2, lesson=LESSON)
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.hold, Hold.objects.get().lifted_on) == ("stopped", None, the_day(2))


def test_what_is_live_already_is_retired_by_a_stop(lena, ravi, ada):
    live = create(ada, on(0), stage="live", people={"technical_lead": "lena"})
    answer_all(live, lena, at=on(0))
    submit(live, "data", lena)
    decide(live, "data", ravi, "stop", lesson=LESSON)
    live.refresh_from_db()
    assert (live.stage, status(live, "data")) == ("retired", "stopped")


# --- What is left of it -------------------------------------------------------------------------------------


def test_the_decision_keeps_what_stood_when_it_was_made_beside_what_was_submitted(waiting, lena, ravi):
    say(waiting, lena, "DATA-2", "partial", 1)
    made = decide(waiting, "data", ravi, day=2)
    submitted, decided = Snapshot.objects.order_by("pk")
    assert (submitted.occasion, decided.occasion) == ("submission", "decision")
    assert (submitted.content["met"], decided.content["met"]) == (4, 3)
    assert (made.submission.snapshot, made.snapshot, decided.taken_at) == (submitted, decided, on(2))


def test_a_new_decision_supersedes_and_the_old_one_stays(waiting, lena, ravi):
    decide(waiting, "data", ravi, "return", 1)
    for day, kind in ((2, "pass"), (3, "pass_with_conditions"), (4, "pass")):
        submit(waiting, "data", lena, day)
        decide(waiting, "data", ravi, kind, day, *promises(kind, lena))
        assert status(waiting, "data") in ("passed", "passed_with_conditions")
    made = Decision.objects.order_by("pk").values_list("decision", "at")
    assert list(made) == [
        ("return", on(1)),
        ("pass", on(2)),
        ("pass_with_conditions", on(3)),
        ("pass", on(4)),
    ]
    assert status(waiting, "data") == "passed"  # the conditions of the one before bind no more


def test_the_decision_that_was_made_last_counts_whatever_the_clock_said(waiting, lena, ravi):
    """Who waits for a lock has looked at the clock before."""
    decide(waiting, "data", ravi, "return", 5)
    submit(waiting, "data", lena, 5)
    decide(waiting, "data", ravi, "pass", 4)
    assert status(waiting, "data") == "passed"
    declare_material_change(waiting.pk, "model", "New.", ["data"], act(lena), on(6))
    assert status(waiting, "data") == "lapsed"


def test_the_decisions_of_a_checkpoint_are_the_same_four(lena, ravi):
    one = create(lena, on(0))
    submit(one, "checkpoint-0", lena)
    decide(one, "checkpoint-0", ravi, "return", hold={"reason": "Ask again.", "review_on": the_day(30)})
    one.refresh_from_db()
    assert (status(one, "checkpoint-0"), one.hold is not None) == ("returned", True)
    assert gate(one, "checkpoint-0").kind == "checkpoint"
