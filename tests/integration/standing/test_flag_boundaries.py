"""Every flag in the organisation's own days: the minute before it opens, the minute it opens, where clocks change, on
a leap day, in two zones at the same moment. Whatever is swept twice is there once.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.organisation import edit_organisation
from readiness.audit.recording import COMMAND
from readiness.standing.flags.registry import RULES
from readiness.standing.models import Flag, Standing
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import all_batches, recompute_due, recompute_these
from tests.integration.standing.flag_scenes import AT_ONCE, BY_DAY, Cast
from tests.integration.standing.pictures import picture, unlike_what_stands

Staged = Callable[[str, date], Initiative]

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
DAYS_TO_OPEN_ON = {
    "clocks go forward": date(2026, 3, 29),
    "the day after they did": date(2026, 3, 30),
    "clocks go back": date(2026, 10, 25),
    "the leap day": date(2028, 2, 29),
    "the day after it": date(2028, 3, 1),
}


def zone(name: str, at: datetime) -> None:
    edit_organisation("Ours", name, "EUR", COMMAND, at)


def first_minute(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN)


def at_noon(day: date) -> datetime:
    """When it is the same day in Berlin and in Los Angeles."""
    return datetime.combine(day, time(12), BERLIN)


def flags(one: Initiative, code: str) -> list[Flag]:
    return list(Flag.objects.filter(initiative=one, code=code).order_by("pk"))


def is_open(one: Initiative, code: str) -> bool:
    return Flag.objects.filter(initiative=one, code=code, resolved_at__isnull=True).exists()


def everything_again(at: datetime) -> None:
    for batch in all_batches():
        recompute_these(batch, at)


@pytest.fixture
def staged(lena: User, ravi: User, ada: User) -> Staged:
    """The scene of a flag, begun in Berlin so that it opens on that day."""

    def stage(code: str, on: date) -> Initiative:
        days, scene = BY_DAY[code]
        begins = at_noon(on - timedelta(days=days))
        zone("Europe/Berlin", begins)
        return scene(Cast(lena, ravi, ada, begins))

    return stage


def test_every_flag_has_its_scene() -> None:
    assert {*BY_DAY, *AT_ONCE} == set(RULES)
    assert not {*BY_DAY} & {*AT_ONCE}


@pytest.mark.parametrize("named", DAYS_TO_OPEN_ON)
@pytest.mark.parametrize("code", BY_DAY)
def test_it_opens_with_the_first_minute_of_its_day_and_once(staged: Staged, code: str, named: str) -> None:
    day = DAYS_TO_OPEN_ON[named]
    one = staged(code, day)

    recompute_due(first_minute(day) - MINUTE)
    assert flags(one, code) == []
    assert Standing.objects.get(initiative=one).due_on == day

    recompute_due(first_minute(day))
    (opened,) = flags(one, code)
    assert opened.opened_on == day

    before = picture()
    recompute_due(first_minute(day))
    everything_again(first_minute(day) + MINUTE)
    assert picture() == before

    recompute_due(first_minute(day + timedelta(days=1)))
    everything_again(first_minute(day + timedelta(days=1)))
    assert [flag.pk for flag in flags(one, code) if flag.resolved_at is None] == [opened.pk]


@pytest.mark.parametrize("code", sorted(BY_DAY.keys() - {"exit_triggered"}))
def test_at_the_same_moment_it_is_open_in_one_zone_and_not_in_the_other(staged: Staged, code: str) -> None:
    day = DAYS_TO_OPEN_ON["the leap day"]
    one, moment = staged(code, day), first_minute(day)
    recompute_due(moment)
    assert is_open(one, code)

    zone("America/Los_Angeles", moment)  # where it is the afternoon of the day before
    assert Standing.objects.get(initiative=one).due_on == day - timedelta(days=1)
    recompute_due(moment)
    assert not is_open(one, code)
    assert unlike_what_stands(moment) == []

    zone("Europe/Berlin", moment)
    assert Standing.objects.get(initiative=one).due_on == day
    recompute_due(moment)
    assert [flag.resolved_at is None for flag in flags(one, code)] == [False, True]
    assert unlike_what_stands(moment) == []


def test_an_exit_criterion_that_was_reached_stands_whatever_the_zone(staged: Staged) -> None:
    day = DAYS_TO_OPEN_ON["the leap day"]
    one, moment = staged("exit_triggered", day), first_minute(day)
    recompute_due(moment)
    zone("America/Los_Angeles", moment)
    recompute_due(moment)
    (kept,) = flags(one, "exit_triggered")
    assert (kept.resolved_at, kept.severity) == (None, "critical")
    assert kept.details["exits"] == [
        {"criterion": "Sorted under 45 % for 2 weeks", "reached_on": "2028-02-29", "decider": "Ada"}
    ]
    assert unlike_what_stands(moment) == []


@pytest.mark.parametrize("code", AT_ONCE)
def test_what_a_fact_brings_is_there_at_once_in_every_zone_and_once(
    lena: User, ravi: User, ada: User, code: str
) -> None:
    begins = at_noon(date(2028, 2, 28))
    zone("Europe/Berlin", begins)
    one = AT_ONCE[code](Cast(lena, ravi, ada, begins))
    (opened,) = flags(one, code)
    assert opened.opened_on == date(2028, 2, 28)

    for number, name in enumerate(["America/Los_Angeles", "Pacific/Auckland", "Europe/Berlin"]):
        moment = begins + timedelta(days=number)
        zone(name, moment)
        recompute_due(moment)
        recompute_batch([one.pk], moment)
        assert unlike_what_stands(moment) == []
    assert [(flag.pk, flag.resolved_at) for flag in flags(one, code)] == [(opened.pk, None)]
