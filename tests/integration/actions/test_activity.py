"""What counts as activity: what a person does by their own hand, and nothing that a program sends in their name."""

from collections.abc import Callable
from datetime import datetime

import pytest

from gates.models import Initiative, TeamRole
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.assignments import assign
from readiness.actions.comments import add_comment
from readiness.actions.gates import submit_gate
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.initiatives import edit_initiative
from readiness.actions.kpis import create_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create
from tests.integration.actions.props import link, on, standing, the_day

pytestmark = pytest.mark.django_db

Do = Callable[[Initiative, Actor, datetime], object]
DAY = 40
PROGRAM = "nightly job"


def _read(one: Initiative, by: Actor, at: datetime) -> object:
    kpi = one.kpis.get()
    return add_reading(one.pk, kpi.pk, NewReading(at.date(), "7"), by, at)


ACTS: dict[str, Do] = {
    "an answer": lambda one, by, at: record_answers(one.pk, [AnswerChange("GOVN-1", "partial")], by, at),
    "evidence": lambda one, by, at: record_answers(
        one.pk, [AnswerChange("GOVN-1", evidence=(link("GOVN-1", DAY),))], by, at
    ),
    "a comment": lambda one, by, at: add_comment(one.pk, "It runs.", by, at),
    "an assignment": lambda one, by, at: assign(one.pk, "GOVN-1", "lena", the_day(DAY + 5), by, at),
    "a submission": lambda one, by, at: submit_gate(one.pk, "data", "Please look.", by, at),
    "a reading": _read,
}


@pytest.fixture
def older(lena: User) -> Initiative:
    """Lena's, on which she did the last thing on the first day."""
    one = create(lena, on(0), stage="pilot")
    kpi = {"name": "Days to pay", "direction": "down", "kind": "business", "unit": "days", "baseline": "9"}
    create_kpi(one.pk, kpi, Actor.person(lena), on(0))
    answer_all(one, lena, gates=["data"], at=on(0))
    return one


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize(("token", "day"), [("", DAY), (PROGRAM, 0)], ids=["by hand", "by a program"])
def test_only_what_is_done_by_hand_is_activity(
    older: Initiative, lena: User, name: str, token: str, day: int
) -> None:
    ACTS[name](older, Actor.person(lena, token), on(DAY))
    older.refresh_from_db()
    assert older.last_activity_on == the_day(day)
    assert TeamRole.objects.get(initiative=older, role="technical_lead").heard_on == the_day(day)
    assert older.updated_at == on(DAY)


def test_a_pilot_that_only_a_program_writes_to_is_silent_all_the_same(older: Initiative, lena: User) -> None:
    for day in range(5, 60, 5):
        change = AnswerChange("DATA-1", evidence=(link("DATA-1", day, title=f"Run of day {day}"),))
        outcome = record_answers(older.pk, [change], Actor.person(lena, PROGRAM), on(day))
    assert "no_activity" in {flag.code for flag in outcome.flags}
    add_comment(older.pk, "I looked at it.", Actor.person(lena), on(60))
    assert "no_activity" not in {flag.code for flag in standing_flags(older)}


def standing_flags(one: Initiative) -> list[object]:
    standing(one, 60)
    return list(one.flags.filter(resolved_at__isnull=True))


def test_who_hands_over_by_a_program_was_not_heard(
    older: Initiative, lena: User, ada: User, omar: User
) -> None:
    edit_initiative(older.pk, {"people": {"executive_sponsor": "ada"}}, Actor.person(lena), on(1))
    heard = TeamRole.objects.filter(user=ada, until__isnull=True).values_list("heard_on", flat=True)
    was = heard[0]
    hand_over_everything("lena", "omar", Actor.person(ada, PROGRAM), on(DAY))
    assert heard[0] == was
    hand_over_everything("omar", "lena", Actor.person(ada), on(DAY))
    assert heard[0] == the_day(DAY)
