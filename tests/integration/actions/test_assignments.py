"""Assignments: made for somebody of the team, changed, ended by hand or by themselves; one at a time an item."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gates.models import Assignment, Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.assignments import AssignmentChange, assign, change_assignment, unassign
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.pieces import Piece
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
from tests.fixtures import create, person, today

pytestmark = pytest.mark.django_db

LESSON = {"tried": "Reading.", "did_not_work": "Scans.", "outcome": "decided"}


@pytest.fixture
def mia(db: None) -> User:
    return person("mia")


@pytest.fixture
def shared(lena: User, mia: User) -> Initiative:
    """lena's, with mia on the team."""
    return create(lena, people={"members": ["lena", "mia"]})


def soon(days: int = 14) -> date:
    return today() + timedelta(days=days)


def ask(initiative: Initiative, by: User, to: str = "mia", item: str = "DATA-1", **more: Any) -> Assignment:
    due = more.pop("due", soon())
    return assign(initiative.pk, item, to, due, Actor.person(by), clock.now(), **more)


def end(row: Assignment, by: User, **how: Any) -> Assignment:
    return unassign(row.passage.initiative_id, row.pk, Actor.person(by), clock.now(), **how)


def change(row: Assignment, by: User, **what: Any) -> Assignment:
    wanted = AssignmentChange(**what)
    return change_assignment(row.passage.initiative_id, row.pk, wanted, Actor.person(by), clock.now())


def events(verb: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(verb=verb).order_by("seq").values_list("data", flat=True))


def proven(initiative: Initiative, by: User, code: str, answer: str = "met") -> None:
    """Answered, with evidence of today."""
    link = Piece(kind="link", url="https://wiki.example.com/x", title="The wiki", effective_on=today())
    changed = AnswerChange(code, answer, evidence=(link,))
    record_answers(initiative.pk, [changed], Actor.person(by), clock.now())


class TestMaking:
    def test_it_says_who_what_until_when_and_is_told_in_the_trail(
        self, lena: User, mia: User, shared: Initiative
    ) -> None:
        made = ask(shared, lena, note=" Ask the clerks. ")
        assert (made.person, made.item.code, made.due, made.note, made.by) == (
            mia,
            "DATA-1",
            soon(),
            "Ask the clerks.",
            lena,
        )
        [data] = events("assignment.made")
        assert data == {
            "assignment": made.pk,
            "item": "DATA-1",
            "gate": "data",
            "title": made.item.title,
            "person": mia.pk,
            "username": "mia",
            "name": "Mia",
            "due": soon().isoformat(),
            "note": "Ask the clerks.",
        }

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"item": "NOPE-1"}, "item unknown_item"),
            ({"to": ""}, "person required"),
            ({"to": "nobody"}, "person not_on_the_team"),
            ({"to": "omar"}, "person not_on_the_team"),
            ({"to": "abel"}, "person not_on_the_team"),
            ({"to": "gone"}, "person not_on_the_team"),
            ({"due": None}, "due required"),
            ({"due": date(2020, 1, 1)}, "due in_the_past"),
            ({"note": "x" * 501}, "note too_long"),
        ],
    )
    def test_what_is_refused_at_its_field(self, lena: User, omar: User, given: Any, wrong: str) -> None:
        """Nobody off the team, nobody who only reads, nobody who left: all told like a name that nobody has."""
        person("abel", auditor=True)
        gone = person("gone")
        row = create(lena, people={"members": ["lena", "abel", "gone"]})
        User.objects.filter(pk=gone.pk).update(is_active=False)
        with pytest.raises(Invalid) as refused:
            ask(row, lena, **({"to": "lena"} | given))
        assert [f"{error.field} {error.code}" for error in refused.value.errors] == [wrong]
        assert not Assignment.objects.exists()

    def test_the_team_assigns_and_nobody_else(
        self, lena: User, mia: User, omar: User, ravi: User, elsa: User, ada: User, shared: Initiative
    ) -> None:
        for by in (omar, ravi, elsa, ada):
            with pytest.raises(NotAllowed):
                ask(shared, by)
        with pytest.raises(NotFound):
            ask(shared, person("nils"))
        with pytest.raises(NotAllowed):
            assign(shared.pk, "DATA-1", "mia", soon(), COMMAND, clock.now())
        assert ask(shared, mia, to="mia").by == mia

    def test_an_item_has_one_open_assignment(self, lena: User, shared: Initiative) -> None:
        ask(shared, lena)
        with pytest.raises(Conflict) as refused:
            ask(shared, lena, to="lena")
        assert refused.value.code == "already_assigned" and "Mia" in refused.value.message
        ask(shared, lena, item="DATA-2")
        assert Assignment.objects.open().count() == 2

    def test_the_database_holds_one_open_assignment_an_item(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        again = Assignment(
            passage=made.passage, item=made.item, person=lena, due=soon(), by=lena, at=clock.now()
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()
        again.ended_at, again.outcome = clock.now(), "done"
        again.save()
        again.outcome = ""
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()

    def test_what_ended_takes_comments_but_no_assignment(self, lena: User, shared: Initiative) -> None:
        move_stage(shared.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
        with pytest.raises(Conflict) as refused:
            ask(shared, lena)
        assert refused.value.code == "initiative_ended"

    def test_it_is_activity(self, lena: User) -> None:
        old = clock.now() - timedelta(days=40)
        quiet = create(lena, old, stage="poc", stage_since=today(old), people={"members": ["lena"]})
        recompute_batch([quiet.pk], clock.now())
        flags = Flag.objects.filter(initiative=quiet, code="no_activity", resolved_at__isnull=True)
        assert flags.exists()
        ask(quiet, lena, to="lena")
        assert not flags.exists()


class TestChanging:
    def test_another_person_and_another_day(self, lena: User, mia: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        changed = change(made, mia, person="lena", due=soon(30))
        assert (changed.pk, changed.person, changed.due, changed.version) == (made.pk, lena, soon(30), 2)
        [data] = events("assignment.changed")
        assert (data["person"], data["before"]["person"], data["before"]["due"]) == (
            lena.pk,
            mia.pk,
            soon().isoformat(),
        )

    def test_nothing_changed_is_no_event(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        assert change(made, lena, person="mia", due=soon(), note="").version == 1
        assert events("assignment.changed") == []

    def test_who_saw_an_earlier_version_writes_nothing_over(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        change(made, lena, due=soon(20), version=1)
        with pytest.raises(Stale):
            change(made, lena, due=soon(40), version=1)
        made.refresh_from_db()
        assert made.due == soon(20)

    def test_a_day_that_has_passed_may_stay_but_not_be_named(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        past = today() - timedelta(days=3)
        Assignment.objects.filter(pk=made.pk).update(due=past)
        assert change(made, lena, due=past, note="Still.").due == past
        with pytest.raises(Invalid):
            change(made, lena, due=past - timedelta(days=1))


class TestEnding:
    @pytest.mark.parametrize(("done", "outcome"), [(True, "done"), (False, "withdrawn")])
    def test_by_hand(self, mia: User, lena: User, shared: Initiative, done: bool, outcome: str) -> None:
        made = end(ask(shared, lena), mia, done=done)
        assert (made.outcome, made.ended_by) == (outcome, mia)
        [data] = events("assignment.ended")
        assert (data["outcome"], data["person"], data["item"]) == (outcome, mia.pk, "DATA-1")
        with pytest.raises(Conflict) as refused:
            end(made, mia, done=True)
        assert refused.value.code == "assignment_ended"
        assert ask(shared, lena).pk != made.pk

    def test_by_itself_when_the_item_becomes_met(self, lena: User, mia: User, shared: Initiative) -> None:
        made, other = ask(shared, lena), ask(shared, lena, item="DATA-2")
        record_answers(shared.pk, [AnswerChange("DATA-1", "met")], Actor.person(mia), clock.now())
        made.refresh_from_db()
        assert made.ended_at is None  # declared met, and capped: there is no evidence
        proven(shared, mia, "DATA-1")
        made.refresh_from_db()
        other.refresh_from_db()
        assert (made.outcome, made.ended_by, other.ended_at) == ("met", None, None)
        event = Event.objects.get(verb="assignment.ended")
        assert (event.initiative_id, event.actor_id, event.data["outcome"]) == (shared.pk, mia.pk, "met")
        assert verify()[1] is None

    def test_what_is_asked_of_an_item_that_is_met_stays_until_it_is_done(
        self, lena: User, shared: Initiative
    ) -> None:
        proven(shared, lena, "DATA-1")
        made = ask(shared, lena, note="Renew the evidence.")
        record_answers(shared.pk, [AnswerChange("DATA-1", note="Soon.")], Actor.person(lena), clock.now())
        made.refresh_from_db()
        assert made.ended_at is None

    def test_with_the_initiative(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        move_stage(shared.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
        made.refresh_from_db()
        assert made.outcome == "initiative_ended" and len(events("assignment.ended")) == 1


class TestPeopleWhoGo:
    def test_what_they_were_asked_is_to_be_handed_on(self, lena: User, mia: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        assert list(Assignment.objects.open().for_person(mia)) == [made]
        assert not Assignment.objects.to_be_handed_on().exists()
        TeamRole.objects.filter(user=mia).update(until=clock.now())
        assert list(Assignment.objects.to_be_handed_on()) == [made]
        assert not Assignment.objects.open().for_person(mia).exists()
        TeamRole.objects.filter(user=mia).update(until=None)
        User.objects.filter(pk=mia.pk).update(is_active=False)
        assert list(Assignment.objects.to_be_handed_on()) == [made]

    def test_a_handover_of_everything_takes_them_along(
        self, lena: User, mia: User, omar: User, shared: Initiative
    ) -> None:
        made, ended = ask(shared, lena), end(ask(shared, lena, item="DATA-2"), lena, done=True)
        hand_over_everything("mia", "omar", Actor.person(lena), clock.now())
        made.refresh_from_db()
        ended.refresh_from_db()
        assert (made.person, made.due, made.version, ended.person) == (omar, soon(), 2, mia)
        assert events("people.handed_over")[0]["assignments"] == ["DATA-1"]


def test_for_a_person_it_is_one_query(lena: User, mia: User, django_assert_num_queries: Any) -> None:
    for number in range(3):
        row = create(lena, name=f"Number {number}", people={"members": ["lena", "mia"]})
        ask(row, lena, due=soon(9 - number))
    with django_assert_num_queries(1):
        found = [
            (one.passage.initiative.name, one.item.gate.slug, one.by.name)
            for one in Assignment.objects.open().for_person(mia)
        ]
    assert found == [(f"Number {number}", "data", "Lena") for number in (2, 1, 0)]
