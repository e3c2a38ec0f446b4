"""Answering items: what is written, what counts at once, and what is refused as a whole."""

import pytest

from checklists.models import Answer, Writing
from gates.models import Initiative
from readiness.actions.answers import NOTE_MAX, AnswerChange, record_answers
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.standing.models import HistoryPoint
from readiness.standing.recompute import fresh_outcome
from tests.fixtures import create, person
from tests.integration.actions.props import (
    LESSON,
    UNUSUAL_TEXTS,
    act,
    effective,
    errors,
    evidence,
    gate,
    link,
    on,
    refused,
    say,
    standing,
    the_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiative(lena):
    return create(lena, on(0))


def many(initiative, by, *changes, day=0, framework=None):
    return record_answers(initiative.pk, changes, act(by), on(day), framework)


def answer(initiative, code):
    return Answer.objects.get(assessment__passage__initiative=initiative, item__code=code)


def test_an_answer_counts_at_once_in_what_is_handed_back_and_in_what_every_later_read_finds(initiative, lena):
    outcome = say(initiative, lena, "DATA-1", "met", proof=True)
    assert (outcome.standing.met, str(outcome.standing.score)) == (1, "5.0")
    later = fresh_outcome(initiative.pk, on(0)).standing
    assert (later.met, later.score) == (1, outcome.standing.score)
    assert gate(initiative, "data").met == 1
    point = HistoryPoint.objects.get(initiative=initiative)
    assert (point.on, point.met, str(point.score)) == (the_day(0), 1, "5.0")


def test_points_are_one_for_met_and_a_half_for_partial_and_nothing_for_the_rest(initiative, lena):
    many(
        initiative,
        lena,
        AnswerChange("DATA-1", "met", evidence=(link("DATA-1"),)),
        AnswerChange("DATA-2", "partial"),
        AnswerChange("DATA-3", "not_met"),
    )
    now = standing(initiative)
    assert (now.met, now.partial, now.not_met, now.unanswered) == (1, 1, 1, 17)
    assert (str(now.points), str(now.score)) == ("1.5", "7.5")


def test_who_answered_and_when_is_kept_with_the_answer(initiative, lena, omar):
    edit_initiative(initiative.pk, {"people": {"deputy": "omar"}}, act(lena), on(0))
    say(initiative, lena, "DATA-1", "partial", 1, note="Half of it.")
    say(initiative, omar, "DATA-1", "not_met", 2)
    row = answer(initiative, "DATA-1")
    assert (row.declared, row.note) == ("not_met", "Half of it.")
    assert (row.answered_by, row.answered_at) == (omar, on(2))
    by = dict(Writing.objects.filter(gate__slug="data").values_list("by__username", "last_at"))
    assert by == {"lena": on(1), "omar": on(2)}
    assert Initiative.objects.get(pk=initiative.pk).last_activity_on == the_day(2)


def test_the_event_tells_what_was_said_before_and_what_is_said_now(initiative, lena):
    say(initiative, lena, "DATA-1", "partial", note="Half.")
    say(initiative, lena, "DATA-1", "met", proof=True)
    first, second = Event.objects.filter(verb="answer.recorded").order_by("seq")
    assert first.data["answers"] == [{"item": "DATA-1", "answer": ["unanswered", "partial"], "note": "Half."}]
    told = second.data["answers"][0]
    assert (told["answer"], told["evidence"][0]["title"]) == (["partial", "met"], "Proof of DATA-1")


@pytest.mark.parametrize("code", ["DATA-5", "data-1", "", "x" * 1000, "DATA-1\x00", "\ud800"])
def test_an_item_that_does_not_exist_is_refused(initiative, lena, code):
    with refused(Invalid) as caught:
        say(initiative, lena, code, "met")
    assert [error.field for error in caught.value.errors] == ["answers.0.code"]


def test_an_item_of_an_overlay_that_is_not_attached_does_not_exist_here(initiative, lena):
    with refused(Invalid) as caught:
        say(initiative, lena, "CONV-1", "met")
    assert errors(caught) == [("answers.0.code", "unknown_item")]


@pytest.mark.parametrize("framework", ["poc-checkpoints", "no-such", "five-gate\x00", "\ud800"])
def test_an_item_is_not_found_in_another_framework_than_the_one_that_is_named(initiative, lena, framework):
    with refused(Invalid) as caught:
        many(initiative, lena, AnswerChange("DATA-1", "met"), framework=framework)
    assert errors(caught) == [("answers.0.code", "unknown_item")]


@pytest.mark.parametrize("framework", [None, "poc-checkpoints"])
def test_items_of_every_framework_of_the_initiative_can_be_answered(initiative, lena, framework):
    many(initiative, lena, AnswerChange("CP0-1", "met"), framework=framework)
    assert effective(initiative, "CP0-1") == ("met", "")
    assert gate(initiative, "checkpoint-0").met == 1
    assert standing(initiative).met == 0  # readiness does not look at checkpoints


@pytest.mark.parametrize("word", ["Met", "yes", "", "n/a", "none", "3", "unanswered "])
def test_a_word_that_is_no_answer_is_refused(initiative, lena, word):
    with refused(Invalid) as caught:
        say(initiative, lena, "DATA-1", word)
    assert errors(caught) == [("answers.0.answer", "unknown_word")]


def test_of_many_answers_all_are_written_or_none_and_every_error_is_listed(initiative, lena):
    with refused(Invalid) as caught:
        many(
            initiative,
            lena,
            AnswerChange("DATA-1", "met"),
            AnswerChange("NOPE-1", "met"),
            AnswerChange("DATA-2", "yes", note="n" * (NOTE_MAX + 1)),
            AnswerChange("DATA-1", "partial"),
            AnswerChange("DATA-3", "met", evidence=(link(), link("DATA-3", day=1))),
            AnswerChange("DATA-4", "met", evidence=(link(day=0, expires=-1),)),
        )
    assert errors(caught) == [
        ("answers.1.code", "unknown_item"),
        ("answers.2.answer", "unknown_word"),
        ("answers.2.note", "too_long"),
        ("answers.3.code", "named_twice"),
        ("answers.4.evidence.1.effective_on", "in_the_future"),
        ("answers.5.evidence.0.expires_on", "before_effective_date"),
    ]


def test_many_answers_are_one_event_and_one_recompute(initiative, lena):
    before = Event.objects.count()
    outcome = many(initiative, lena, *(AnswerChange(f"DATA-{number}", "partial") for number in (1, 2, 3, 4)))
    assert Event.objects.count() == before + 1
    assert outcome.standing.partial == 4


def test_one_stale_item_refuses_all_of_them(initiative, lena):
    say(initiative, lena, "DATA-2", "partial")
    with refused(Stale, "stale") as caught:
        many(
            initiative,
            lena,
            AnswerChange("DATA-1", "met", version=0),
            AnswerChange("DATA-2", "met", version=0),
        )
    assert caught.value.current == "DATA-2"


def test_a_note_has_five_thousand_characters_at_most(initiative, lena):
    say(initiative, lena, "DATA-1", None, note="n" * NOTE_MAX)
    assert len(answer(initiative, "DATA-1").note) == NOTE_MAX
    with refused(Invalid) as caught:
        say(initiative, lena, "DATA-1", None, note="n" * (NOTE_MAX + 1))
    assert errors(caught) == [("answers.0.note", "too_long")]


@pytest.mark.parametrize(
    ("character", "code"), [("\x00", "null_characters"), ("\ud800", "surrogate_characters")]
)
def test_what_no_database_can_keep_is_refused_in_a_note(initiative, lena, character, code):
    with refused(Invalid) as caught:
        say(initiative, lena, "DATA-1", "met", note=f"a{character}b")
    assert errors(caught) == [("answers.0.note", code)]


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_a_note_is_kept_as_it_was_typed(initiative, lena, text):
    say(initiative, lena, "DATA-1", None, note=f"  {text}\nand more\n")
    assert answer(initiative, "DATA-1").note == f"{text}\nand more"


def test_a_note_alone_answers_nothing_and_is_taken_away_by_an_empty_one(initiative, lena):
    say(initiative, lena, "DATA-1", None, note="Asked the platform team.")
    assert (answer(initiative, "DATA-1").declared, standing(initiative).unanswered) == (None, 20)
    say(initiative, lena, "DATA-1", "partial")
    assert answer(initiative, "DATA-1").note == "Asked the platform team."
    say(initiative, lena, "DATA-1", None, note="")
    assert (answer(initiative, "DATA-1").note, answer(initiative, "DATA-1").declared) == ("", "partial")


def test_an_answer_is_taken_back_and_its_note_and_evidence_stay(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True, note="Measured.")
    outcome = say(initiative, lena, "DATA-1", "unanswered", 1)
    row = answer(initiative, "DATA-1")
    assert (row.declared, row.note) == (None, "Measured.")
    assert len(evidence(initiative, "DATA-1")) == 1
    assert (outcome.standing.met, outcome.standing.unanswered) == (0, 20)
    assert effective(initiative, "DATA-1", 1) == ("unanswered", "")


def test_every_item_has_a_version_of_its_own_that_grows_with_each_change_of_it(initiative, lena):
    steps = [
        {"answer": "partial"},
        {"answer": None, "note": "Half."},
        {"answer": None, "proof": True},
        {"answer": "met", "note": "All."},
    ]
    for version, step in enumerate(steps):
        say(initiative, lena, "DATA-1", version=version, **step)
        assert answer(initiative, "DATA-1").version == version + 1
    say(initiative, lena, "DATA-2", "met", version=0)
    assert answer(initiative, "DATA-1").version == 4


def test_saying_the_same_again_changes_neither_version_nor_history(initiative, lena):
    say(initiative, lena, "DATA-1", "met", proof=True, note="Measured.")
    events = Event.objects.count()
    say(initiative, lena, "DATA-1", "met", proof=True, note=" Measured. ", version=1)
    many(initiative, lena)
    assert (answer(initiative, "DATA-1").version, Event.objects.count()) == (1, events)


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_an_answer_on_a_version_that_does_not_stand_is_refused(initiative, lena, seen):
    say(initiative, lena, "DATA-1", "partial")
    say(initiative, lena, "DATA-1", None, note="Half.")
    with refused(Stale, "stale"):
        say(initiative, lena, "DATA-1", "met", version=seen)
    assert say(initiative, lena, "DATA-1", "met", version=2).standing.partial == 1  # no evidence yet


def test_without_a_version_the_last_answer_wins_and_the_earlier_stays_in_the_history(initiative, lena):
    for word in ("not_met", "partial", "met"):
        say(initiative, lena, "DATA-1", word)
    said = [event.data["answers"][0]["answer"] for event in Event.objects.filter(verb="answer.recorded")]
    assert said == [["unanswered", "not_met"], ["not_met", "partial"], ["partial", "met"]]


def test_items_of_a_locked_gate_can_be_answered_from_the_first_day(initiative, lena):
    assert gate(initiative, "adoption").status == "locked"
    assert say(initiative, lena, "ADPT-1", "met", proof=True).standing.met == 1


def test_items_can_be_answered_while_it_is_on_hold(initiative, lena):
    set_hold(initiative.pk, "Waiting for the budget.", the_day(30), act(lena), on(0))
    assert say(initiative, lena, "DATA-1", "partial", 1).standing.partial == 1


def test_an_ended_initiative_takes_no_answer(initiative, lena):
    move_stage(initiative.pk, "stopped", act(lena), on(1), lesson=LESSON)
    with refused(Conflict, "initiative_ended"):
        say(initiative, lena, "DATA-1", "met", 2)


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_nobody_who_is_not_on_the_team_answers_whatever_their_role(request, initiative, who):
    by = request.getfixturevalue(who)
    with refused(NotAllowed, "not_allowed"):
        say(initiative, by, "DATA-1", "met")


@pytest.mark.parametrize("role", ["business_owner", "executive_sponsor", "deputy"])
def test_every_role_on_the_team_answers_and_an_auditor_in_it_does_not(initiative, lena, iris, role):
    nobody = person("nobody")
    for username in ("nobody", "iris"):
        edit_initiative(initiative.pk, {"people": {role: username}}, act(lena), on(0))
        by = nobody if username == "nobody" else iris
        if by is nobody:
            assert say(initiative, by, "DATA-1", "partial").standing.partial == 1
        else:
            with refused(NotAllowed, "not_allowed"):
                say(initiative, by, "DATA-1", "met")


def test_what_one_may_not_know_of_is_not_there(initiative, lena, omar):
    edit_initiative(initiative.pk, {"visibility": "team"}, act(lena), on(0))
    with refused(NotFound, "not_found"):
        say(initiative, omar, "DATA-1", "met")
    lena.is_active = False
    lena.save()
    with refused(NotFound, "not_found"):
        say(initiative, lena, "DATA-1", "met")
