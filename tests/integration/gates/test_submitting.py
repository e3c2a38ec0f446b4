"""A gate is handed to the reviewers, and what was handed over is frozen."""

import pytest

from gates.models import Snapshot, Submission
from readiness.actions.answers import withdraw_evidence
from readiness.actions.errors import Conflict, Invalid, NotFound
from readiness.actions.waivers import grant_waiver
from readiness.audit.models import Event
from tests.fixtures import answer_all, create
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    answer_checkpoint,
    blockers_of,
    decide,
    errors,
    evidence,
    gate,
    on,
    refused,
    say,
    status,
    statuses,
    submit,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


@pytest.fixture
def answered(initiative, lena):
    """All twenty items are met."""
    answer_all(initiative, lena, at=on(0))
    return initiative


def test_the_first_gate_can_be_submitted_and_the_later_ones_are_locked(answered, lena):
    assert statuses(answered) == ["eligible", "locked", "locked", "locked", "locked"]
    for slug in ("architecture", "integration", "governance", "adoption"):
        assert not gate(answered, slug).can_submit
        with refused(Conflict, "gate_locked"):
            submit(answered, slug, lena)
    assert gate(answered, "data").can_submit
    submit(answered, "data", lena)
    assert status(answered, "data") == "in_review"


def test_a_submission_that_waits_keeps_the_next_gate_locked(answered, lena, ravi):
    submit(answered, "data", lena)
    with refused(Conflict, "gate_locked"):
        submit(answered, "architecture", lena)
    decide(answered, "data", ravi)
    submit(answered, "architecture", lena)
    assert statuses(answered)[:3] == ["passed", "in_review", "locked"]


def test_a_second_submission_while_one_waits_is_refused(answered, lena):
    submit(answered, "data", lena)
    assert not gate(answered, "data").can_submit
    with refused(Conflict, "already_submitted"):
        submit(answered, "data", lena, 1)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("slug", ["no-such", "", "Data", "data\x00", "\ud800", "DATA-1"])
def test_a_gate_that_does_not_exist_is_not_found(answered, lena, slug):
    with refused(NotFound, "not_found"):
        submit(answered, slug, lena)


def test_a_profile_is_drawn_and_not_submitted(initiative, lena, ravi):
    profile = initiative.gate_standings.get(framework="environment-gap")
    assert (profile.status, profile.can_submit, profile.kind) == ("", False, "profile")
    with refused(NotFound, "not_found"):
        submit(initiative, profile.gate, lena)
    with refused(NotFound, "not_found"):
        decide(initiative, profile.gate, ravi)


# --- The criteria of a gate: three of four met, every critical one, none not met or unanswered --------------


def refusal(initiative, lena, slug="data"):
    assert not gate(initiative, slug).can_submit
    with refused(Conflict, "criteria_not_met") as caught:
        submit(initiative, slug, lena)
    assert all(blocker[1] == slug for blocker in blockers_of(caught.value.blockers))
    assert all(blocker.message for blocker in caught.value.blockers)
    return [(code, item) for code, _, item in blockers_of(caught.value.blockers)]


def test_a_gate_of_which_nothing_is_answered_names_everything_that_is_missing(initiative, lena):
    assert refusal(initiative, lena) == [
        ("critical_not_met", "DATA-1"),
        ("critical_not_met", "DATA-4"),
        ("item_unanswered", "DATA-2"),
        ("item_unanswered", "DATA-3"),
        ("too_few_met", None),
    ]


def test_one_partial_beside_three_met_passes_and_two_do_not(answered, lena):
    say(answered, lena, "DATA-2", "partial")
    assert status(answered, "data") == "eligible"
    say(answered, lena, "DATA-3", "partial")
    assert refusal(answered, lena) == [("too_few_met", None)]


@pytest.mark.parametrize(("word", "code"), [("not_met", "item_not_met"), ("unanswered", "item_unanswered")])
def test_one_item_that_is_not_met_or_unanswered_is_enough_to_hold_the_gate_up(answered, lena, word, code):
    say(answered, lena, "DATA-2", word)
    assert refusal(answered, lena) == [(code, "DATA-2")]
    assert status(answered, "data") == "open"


@pytest.mark.parametrize("word", ["partial", "not_met", "unanswered"])
def test_a_critical_item_below_met_holds_it_up_and_is_named_once(answered, lena, word):
    say(answered, lena, "DATA-1", word)
    assert refusal(answered, lena) == [("critical_not_met", "DATA-1")]


def test_met_without_evidence_is_not_met_enough(answered, lena):
    for piece in evidence(answered, "DATA-4"):
        withdraw_evidence(answered.pk, piece.pk, act(lena), on(0))
    assert refusal(answered, lena) == [("critical_not_met", "DATA-4")]


def test_a_waiver_lets_an_item_pass_that_is_not_met_and_never_counts_as_met(answered, lena, ravi):
    say(answered, lena, "DATA-2", "not_met")
    grant_waiver(answered.pk, "DATA-2", "Small.", the_day(30), act(ravi), on(0))
    assert status(answered, "data") == "eligible"
    say(answered, lena, "DATA-3", "partial")
    assert refusal(answered, lena) == [("too_few_met", None)]


def test_criteria_that_held_yesterday_and_ran_out_overnight_are_asked_for_today(answered, lena):
    assert status(answered, "data", 60) == "eligible"
    with refused(Conflict, "criteria_not_met"):
        submit(answered, "data", lena, 61)


# --- What a submission is -----------------------------------------------------------------------------------


def test_a_submission_says_who_when_and_why_and_counts_as_activity(answered, lena):
    submit(answered, "data", lena, 3, "  Please look at DATA-4 first. ")
    made = Submission.objects.get()
    assert (made.by, made.at, made.note) == (lena, on(3), "Please look at DATA-4 first.")
    assert (made.criteria_held, made.recommendation, made.decided_at) == (True, "", None)
    answered.refresh_from_db()
    assert answered.last_activity_on == the_day(3)
    event = Event.objects.get(verb="gate.submitted")
    assert (event.data["gate"], event.data["kind"], event.data["submission"]) == ("data", "gate", made.pk)


def test_a_note_is_optional_and_has_its_limits(answered, lena):
    for note, code in (
        ("x" * 2001, "too_long"),
        ("a\x00", "null_characters"),
        ("\udfff", "surrogate_characters"),
    ):
        with refused(Invalid) as caught:
            submit(answered, "data", lena, note=note)
        assert errors(caught) == [("note", code)]
    submit(answered, "data", lena, note="")
    assert Submission.objects.get().note == ""


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_note_is_kept_as_it_was_typed(answered, lena, text):
    submit(answered, "data", lena, note=text)
    assert Submission.objects.get().note == text


# --- What it freezes ----------------------------------------------------------------------------------------


def test_the_answers_and_the_evidence_are_frozen_as_they_stood(answered, lena):
    say(answered, lena, "DATA-2", "partial", note="Half of the sources.")
    submit(answered, "data", lena)
    snapshot = Snapshot.objects.get()
    content = snapshot.content
    assert (snapshot.occasion, snapshot.taken_at, snapshot.gate.slug) == ("submission", on(0), "data")
    assert (content["framework"], content["gate"]) == ("five-gate", "data")
    assert (content["criteria_hold"], content["met"], content["total"]) == (True, 3, 4)
    assert [item["code"] for item in content["items"]] == ["DATA-1", "DATA-2", "DATA-3", "DATA-4"]
    first, second = content["items"][:2]
    assert (first["answer"], first["effective"], first["why"], first["critical"]) == ("met", "met", "", True)
    piece = first["evidence"][0]
    assert (piece["kind"], piece["effective_on"], piece["withdrawn"]) == ("link", str(the_day(0)), False)
    assert (second["answer"], second["effective"], second["note"]) == (
        "partial",
        "partial",
        "Half of the sources.",
    )


def test_a_capped_answer_is_frozen_with_what_it_counted_and_why(initiative, lena):
    for code in ("CP0-1", "CP0-2"):
        say(initiative, lena, code, "met")
    answer_all(initiative, lena, at=on(0))
    say(initiative, lena, "DATA-3", "met")
    for piece in evidence(initiative, "DATA-3"):
        withdraw_evidence(initiative.pk, piece.pk, act(lena), on(0))
    submit(initiative, "data", lena)
    frozen = Snapshot.objects.get().content["items"][2]
    assert (frozen["answer"], frozen["effective"]) == ("met", "partial")
    assert frozen["why"] == "Met counts as Partial: the evidence was withdrawn."
    assert [piece["withdrawn"] for piece in frozen["evidence"]] == [True]


def test_what_was_frozen_does_not_change_with_what_comes_after(answered, lena):
    submit(answered, "data", lena)
    frozen = Snapshot.objects.get().content
    say(answered, lena, "DATA-1", "not_met", 1, note="It broke.")
    say(answered, lena, "DATA-2", None, 1, proof=True)
    withdraw_evidence(answered.pk, evidence(answered, "DATA-3")[0].pk, act(lena), on(1))
    assert Snapshot.objects.get().content == frozen
    assert status(answered, "data") == "in_review"  # a submission is not withdrawn, the reviewer returns it


# --- Checkpoints --------------------------------------------------------------------------------------------


def test_a_checkpoint_can_be_submitted_before_its_criteria_hold(initiative, lena):
    assert status(initiative, "checkpoint-0") == "open"
    assert gate(initiative, "checkpoint-0").can_submit
    submit(initiative, "checkpoint-0", lena)
    made = Submission.objects.get()
    assert (made.criteria_held, made.recommendation) == (False, "stop")


def test_checkpoints_come_in_their_order_too(initiative, lena):
    answer_checkpoint(initiative, lena, "checkpoint-1")
    assert statuses(initiative, framework="poc-checkpoints") == ["open", "locked", "locked"]
    with refused(Conflict, "gate_locked"):
        submit(initiative, "checkpoint-1", lena)


def test_a_checkpoint_holds_with_two_thirds_rounded_up_and_every_critical_item(initiative, lena):
    for code in ("CP0-1", "CP0-2", "CP0-3", "CP0-4"):
        say(initiative, lena, code, "met")
    assert (gate(initiative, "checkpoint-0").min_met, status(initiative, "checkpoint-0")) == (5, "open")
    say(initiative, lena, "CP0-5", "met")
    say(initiative, lena, "CP0-6", "not_met")  # nothing else is asked
    assert status(initiative, "checkpoint-0") == "eligible"
    say(initiative, lena, "CP0-6", "met")
    say(initiative, lena, "CP0-2", "partial")
    assert status(initiative, "checkpoint-0") == "open"
