"""Several at once, on real connections: of two winners there is one, and nothing that was written is lost."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from checklists.models import Answer, Item
from gates.models import Decision, Initiative, Lapse, Snapshot, Submission
from readiness.accounts.models import User
from readiness.actions import answers
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Conflict, Refused, Stale
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import verify
from readiness.standing.models import Standing
from readiness.standing.recompute import recompute_batch
from tests.fixtures import answer_all, create, make_ready, person
from tests.integration.actions.arena import Arena, own_database
from tests.integration.actions.props import (
    act,
    answer_checkpoint,
    decide,
    link,
    on,
    say,
    standing,
    statuses,
    submit,
    the_day,
)

ROUNDS = 5
WRITERS = 8


@pytest.fixture(scope="module")
def _arena(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    with django_db_blocker.unblock(), own_database("races") as arena:
        yield arena


@pytest.fixture
def arena(_arena: Arena) -> Iterator[Arena]:
    """The test itself is connected to it as well."""
    with _arena.connected():
        yield _arena


class Cast:
    """The people of all races of this module; each race has an initiative of its own."""

    def __init__(self) -> None:
        self.lena, self.ravi = self._person("lena", lead=True), self._person("ravi", reviewer=True)
        self.rosa = self._person("rosa", reviewer=True)

    def _person(self, username: str, **roles: bool) -> User:
        return User.objects.filter(username=username).first() or person(username, **roles)


@pytest.fixture
def cast(arena: Arena) -> Cast:
    return Cast()


@pytest.fixture
def one(cast: Cast) -> Initiative:
    return create(cast.lena, on(0))


def sorted_out(results: list[Any]) -> tuple[list[Any], list[Refused]]:
    """(what was done, what was refused)"""
    done = [result for result in results if not isinstance(result, Refused)]
    return done, [result for result in results if isinstance(result, Refused)]


def codes_of(framework: str = "five-gate") -> list[str]:
    items = Item.objects.filter(gate__framework__slug=framework).order_by("gate__position", "position")
    return list(items.values_list("code", flat=True))


def answer_of(one: Initiative, code: str) -> Answer:
    return Answer.objects.get(assessment__passage__initiative=one, item__code=code)


# --- The locks -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_act_locks_the_initiatives_row_first_and_the_audit_chain_last():
    lena = person("lena", lead=True)
    one = create(lena, on(0))
    with CaptureQueriesContext(connection) as captured:
        say(one, lena, "DATA-1", "partial")
    locked = [re.search(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', query["sql"]) for query in captured]
    if connection.vendor == "sqlite":  # which has one lock, and takes it as the transaction begins
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    else:
        tables = [found[1] for found in locked if found]
        assert (tables[0], tables[-1]) == ("gates_initiative", "audit_chain")


# --- The same item -------------------------------------------------------------------------------------------


def two_answers_to_the_same_item(arena: Arena, cast: Cast, one: Initiative, code: str) -> list[Any]:
    return arena.race(
        lambda: say(one, cast.lena, code, "partial", version=0, note="First."),
        lambda: say(one, cast.lena, code, "not_met", version=0, note="Second."),
    )


def test_of_two_answers_to_the_same_item_on_the_same_version_one_wins_and_the_other_is_told(arena, cast, one):
    for code in codes_of()[:ROUNDS]:
        events = Event.objects.count()
        done, refusals = sorted_out(two_answers_to_the_same_item(arena, cast, one, code))
        assert [type(refusal) for refusal in refusals] == [Stale]
        winner = done[0].standing.effective[code]
        kept = answer_of(one, code)
        assert (kept.declared, kept.version) == (winner, 1)
        assert kept.note == {"partial": "First.", "not_met": "Second."}[winner]
        assert Event.objects.count() == events + 1
        assert standing(one).effective[code] == winner


def test_without_looking_at_the_version_both_would_win(arena, cast, one, monkeypatch):
    """The control: here the two do meet, and it is the version that keeps one of them off."""
    monkeypatch.setattr(answers, "same_version", lambda *_: None)
    for code in codes_of()[:ROUNDS]:
        done, _ = sorted_out(two_answers_to_the_same_item(arena, cast, one, code))
        assert len(done) == 2
        assert answer_of(one, code).version == 2


def test_of_two_edits_on_the_same_version_one_wins_and_the_other_is_told(arena, cast, one):
    for version in range(1, ROUNDS + 1):
        edits = [
            partial(edit_initiative, one.pk, {"vendor": vendor}, act(cast.lena), on(0), version)
            for vendor in (f"Acme {version}", f"Bolt {version}")
        ]
        done, refusals = sorted_out(arena.race(*edits))
        assert (len(done), [type(refusal) for refusal in refusals]) == (1, [Stale])
        assert Initiative.objects.get(pk=one.pk).version == version + 1


# --- Different items -----------------------------------------------------------------------------------------


def test_eight_writers_on_different_items_of_one_initiative_lose_nothing(arena, cast, one):
    codes = codes_of()[: 2 * WRITERS]

    def writer(number: int) -> Callable[[], None]:
        def write() -> None:
            for code in codes[number::WRITERS]:
                say(one, cast.lena, code, "met", proof=True, version=0)

        return write

    events = Event.objects.count()
    _, refusals = sorted_out(arena.race(*(writer(number) for number in range(WRITERS))))
    assert refusals == []
    now = standing(one)
    assert (now.met, now.unanswered) == (len(codes), 20 - len(codes))
    assert {code for code, value in now.effective.items() if value == "met"} == set(codes)
    assert Event.objects.count() == events + len(codes)
    assert recompute_batch([one.pk], on(0))[one.pk].changed == {}  # what stands is what comes out afresh
    assert verify()[1] is None


def test_writers_who_look_and_then_write_without_a_lock_lose_almost_everything(arena, cast, one):
    """The control: the connections are really open at the same time."""
    met = Barrier(WRITERS, timeout=30)

    def careless() -> None:
        row = Initiative.objects.get(pk=one.pk)
        met.wait()
        row.version += 1
        row.save(update_fields=["version"])

    arena.race(*[careless] * WRITERS)
    assert Initiative.objects.get(pk=one.pk).version == 2


def test_writers_on_different_initiatives_and_a_sweep_over_all_of_them_keep_the_chain_whole(arena, cast):
    ones = [create(cast.lena, on(0)) for _ in range(4)]
    keys = [one.pk for one in ones]

    def writer(one: Initiative) -> Callable[[], None]:
        return lambda: [say(one, cast.lena, code, "partial") for code in codes_of()[:5]]

    def sweep() -> None:
        for day in range(3):
            recompute_batch(keys, on(day))

    _, refusals = sorted_out(arena.race(*map(writer, ones), sweep, sweep))
    assert refusals == []
    assert {standing(one).partial for one in ones} == {5}
    ticks = list(Standing.objects.values_list("computed_at", flat=True))
    assert len(set(ticks)) == len(ticks)
    assert verify()[1] is None


def test_what_is_created_at_the_same_moment_is_created_as_often_as_asked(arena, cast):
    before = Initiative.objects.count()
    made, _ = sorted_out(arena.race(*[lambda: create(cast.lena, on(0))] * WRITERS))
    assert len({one.pk for one in made}) == WRITERS
    assert Initiative.objects.count() == before + WRITERS
    assert verify()[1] is None


# --- Reviews -------------------------------------------------------------------------------------------------


def met_everywhere(cast: Cast, stage: str = "pilot") -> Initiative:
    with transaction.atomic():
        made = create(cast.lena, on(0), stage=stage)
        answer_all(made, cast.lena, at=on(0))
    return made


def test_two_reviewers_who_decide_at_once_make_one_decision(arena, cast):
    for _ in range(ROUNDS):
        one = met_everywhere(cast)
        submit(one, "data", cast.lena)
        results = arena.race(
            lambda one=one: decide(one, "data", cast.ravi, "pass"),
            lambda one=one: decide(one, "data", cast.rosa, "return"),
        )
        done, refusals = sorted_out(results)
        assert [refusal.code for refusal in refusals] == ["nothing_submitted"]
        kept = Decision.objects.get(passage__initiative=one)
        assert kept == done[0]
        assert statuses(one)[0] == {"pass": "passed", "return": "returned"}[kept.decision]
        assert Event.objects.filter(initiative=one.pk, verb="gate.decided").count() == 1


def test_a_gate_that_is_submitted_twice_at_once_waits_once(arena, cast):
    for _ in range(ROUNDS):
        one = met_everywhere(cast)
        results = arena.race(*[lambda one=one: submit(one, "data", cast.lena)] * 3)
        _, refusals = sorted_out(results)
        assert Counter(refusal.code for refusal in refusals) == {"already_submitted": 2}
        assert Submission.objects.filter(passage__initiative=one).count() == 1


def test_a_submission_freezes_all_of_what_somebody_else_is_writing_or_nothing_of_it(arena, cast):
    found = Counter()
    for _ in range(ROUNDS):
        one = create(cast.lena, on(0))
        results = arena.race(
            lambda one=one: submit(one, "checkpoint-0", cast.lena),
            lambda one=one: answer_checkpoint(one, cast.lena, "checkpoint-0"),
        )
        assert sorted_out(results)[1] == []
        made = Submission.objects.get(passage__initiative=one)
        frozen = [item["answer"] for item in made.snapshot.content["items"]]
        assert set(frozen) in ({"unanswered"}, {"met"})
        assert made.criteria_held == made.snapshot.content["criteria_hold"] == (frozen[0] == "met")
        assert made.recommendation == ("" if made.criteria_held else "stop")
        found[frozen[0]] += 1
    assert found.total() == ROUNDS


def test_a_gate_that_is_lowered_while_it_is_submitted_is_frozen_whole_or_refused(arena, cast):
    lowered = [AnswerChange(code, "not_met") for code in ("DATA-1", "DATA-2", "DATA-3", "DATA-4")]
    for _ in range(ROUNDS):
        one = met_everywhere(cast)
        submitted, _ = arena.race(
            lambda one=one: submit(one, "data", cast.lena),
            lambda one=one: record_answers(one.pk, lowered, act(cast.lena), on(0)),
        )
        snapshots = Snapshot.objects.filter(passage__initiative=one)
        if isinstance(submitted, Conflict):
            assert (submitted.code, snapshots.count()) == ("criteria_not_met", 0)
        else:
            assert {item["answer"] for item in snapshots.get().content["items"]} == {"met"}


def test_a_gate_that_is_lowered_while_it_is_passed_lapses_or_is_not_passed(arena, cast):
    for _ in range(ROUNDS):
        one = met_everywhere(cast)
        submit(one, "data", cast.lena)
        decided, _ = arena.race(
            lambda one=one: decide(one, "data", cast.ravi),
            lambda one=one: say(one, cast.lena, "DATA-1", "not_met"),
        )
        lapses = Lapse.objects.filter(decision__passage__initiative=one).count()
        if isinstance(decided, Conflict):
            assert (decided.code, lapses, statuses(one)[0]) == ("criteria_not_met", 0, "in_review")
        else:
            assert (lapses, statuses(one)[0]) == (1, "lapsed")


# --- Stages and holds ----------------------------------------------------------------------------------------


def test_nothing_slips_into_the_rollout_while_its_gate_falls(arena, cast):
    for _ in range(3):
        with transaction.atomic():
            one = create(cast.lena, on(0), stage="pilot")
            make_ready(one, cast.lena, cast.ravi, on(0))
        moved, _ = arena.race(
            lambda one=one: move_stage(one.pk, "rollout", act(cast.lena), on(0)),
            lambda one=one: say(one, cast.lena, "DATA-1", "not_met"),
        )
        one.refresh_from_db()
        order = list(Event.objects.filter(initiative=one.pk).order_by("seq").values_list("verb", flat=True))[
            -2:
        ]
        if isinstance(moved, Conflict):
            assert (moved.code, one.stage) == ("stage_guarded", "pilot")
        else:
            assert (one.stage, order) == ("rollout", ["stage.moved", "answer.recorded"])


def test_of_two_holds_at_once_there_is_one(arena, cast, one):
    holds = [lambda: set_hold(one.pk, "Budget.", the_day(9), act(cast.lena), on(0))] * 3
    _, refusals = sorted_out(arena.race(*holds))
    assert Counter(refusal.code for refusal in refusals) == {"already_on_hold": 2}


def test_the_same_piece_given_twice_at_once_is_one_piece(arena, cast, one):
    change = AnswerChange("DATA-1", "met", evidence=(link(),))
    give = [lambda: record_answers(one.pk, [change], act(cast.lena), on(0))] * 4
    assert sorted_out(arena.race(*give))[1] == []
    assert answer_of(one, "DATA-1").version == 1
    assert standing(one).met == 1
