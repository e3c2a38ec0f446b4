"""A flag that is snoozed asks for nothing through its day; on the day after it is back, and the team is told once."""

from datetime import date

import pytest
from django.conf import LazySettings

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.flags import acknowledge_flag, snooze_flag
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import fresh_outcome
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create, pages
from tests.integration.notices.post import forget, posted
from tests.integration.standing.pictures import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(lena: User, omar: User) -> Initiative:
    """In its pilot, without a deputy, a sponsor or an owner."""
    return create(lena, day(0), stage="pilot", people={"members": ["lena", "omar"]})


def asked(initiative: Initiative, at: int) -> list[str]:
    """The flags that a next action speaks of, in order."""
    actions = fresh_outcome(initiative.pk, day(at)).standing.next_actions
    return [one["flag"] for one in actions if one["flag"]]


def flag(initiative: Initiative, code: str) -> Flag:
    return Flag.objects.get(initiative=initiative, code=code, resolved_at__isnull=True)


def snooze(initiative: Initiative, code: str, by: User, at: int, until: int) -> None:
    snooze_flag(flag(initiative, code).pk, day(until).date(), "Later.", Actor.person(by), day(at))


def told_back() -> list[str]:
    events = Event.objects.filter(data__standing__has_key="flags_back").order_by("seq")
    return [one["code"] for event in events for one in event.data["standing"]["flags_back"]]


def test_it_is_no_next_action_until_the_day_after_and_still_open(one: Initiative, lena: User) -> None:
    assert "single_person" in asked(one, 0)
    stalled = fresh_outcome(one.pk, day(0)).standing.stalled
    snooze(one, "single_person", lena, 0, 5)
    assert "single_person" not in asked(one, 0)
    assert flag(one, "single_person").resolved_at is None
    assert fresh_outcome(one.pk, day(0)).standing.stalled == stalled
    due = Standing.objects.get(initiative=one).due_on
    assert due is not None and due <= date(2026, 1, 11)
    recompute_due(day(5))
    assert "single_person" not in asked(one, 5)
    recompute_due(day(6))
    assert "single_person" in asked(one, 6)


def test_an_act_meanwhile_does_not_wake_it(one: Initiative, lena: User) -> None:
    snooze(one, "single_person", lena, 0, 5)
    record_answers(one.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), day(3))
    assert "single_person" not in asked(one, 3)
    assert told_back() == []


@pytest.mark.parametrize("by_an_act", [True, False])
def test_the_team_is_told_once_that_it_is_back(
    one: Initiative, lena: User, by_an_act: bool, settings: LazySettings
) -> None:
    settings.FIVEGATES_MAIL_DELIVERY = "at_once"
    snooze(one, "single_person", lena, 0, 5)
    forget(day(5))
    if by_an_act:
        record_answers(one.pk, [AnswerChange("DATA-1", "partial")], Actor.person(lena), day(6))
    recompute_due(day(6))
    mails = dict(posted(day(6)))
    assert "omar@example.com" in mails
    assert "no longer snoozed: " in mails["omar@example.com"]
    history = pages(lena).get(f"/initiatives/{one.ref}/history/").content.decode()
    assert "No longer snoozed: " in history
    recompute_due(day(7))
    record_answers(one.pk, [AnswerChange("DATA-2", "partial")], Actor.person(lena), day(8))
    assert told_back() == ["single_person"]


def test_snoozed_anew_it_stays_quiet_and_comes_back_later(one: Initiative, lena: User) -> None:
    snooze(one, "single_person", lena, 0, 5)
    snooze(one, "single_person", lena, 4, 9)
    recompute_due(day(6))
    assert (told_back(), "single_person" in asked(one, 6)) == ([], False)
    recompute_due(day(10))
    assert (told_back(), "single_person" in asked(one, 10)) == (["single_person"], True)


def test_an_acknowledged_one_asks_after_those_that_nobody_has_seen(one: Initiative, lena: User) -> None:
    first, *others = asked(one, 0)
    assert others
    acknowledge_flag(flag(one, first).pk, Actor.person(lena), day(0))
    assert asked(one, 0) == [*others, first]
