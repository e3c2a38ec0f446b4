"""What changed between two days: as the rows tell it, day by day; and on its boundaries."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.portfolio.changes import LISTS, Changes, changes_of
from readiness.portfolio.past.loading import lives
from tests.fixtures import create, make_ready, person, today
from tests.integration.portfolio.past_oracle import PastOracle
from tests.integration.portfolio.past_rows import Past
from tests.integration.workbench.initiatives.scenes import LESSON, ago, many, overrun

pytestmark = pytest.mark.django_db


def listed(found: Changes) -> dict[str, set[int]]:
    return {name: {one.pk for one in getattr(found, name)} for name in LISTS}


def everything() -> InitiativeQuerySet:
    return Initiative.objects.all()


def since(days: int) -> Changes:
    first = today() - timedelta(days=days)
    return changes_of(lives(everything(), first, today(), Organisation.get().zone), first, today())


@pytest.mark.parametrize(
    ("seed", "zone", "day"),
    [
        (11, "Europe/Berlin", date(2026, 3, 29)),
        (12, "Pacific/Auckland", date(2024, 2, 29)),
        (13, "America/New_York", date(2025, 11, 3)),
    ],
)
def test_each_list_is_what_the_rows_say_day_by_day(
    seed: int, zone: str, day: date, lena: User, ravi: User
) -> None:
    where = ZoneInfo(zone)
    Past(seed, day, where, lena, ravi).lives(24)
    for who in (person("elsa", executive=True), person("omar", lead=True)):
        rows = Initiative.objects.visible_to(who)
        oracle = PastOracle(rows, day, where)
        seen: set[str] = set()
        for days in (0, 1, 31, 92, 365, 600):
            for until in (day, day - timedelta(days=40)):
                first = until - timedelta(days=days)
                found = listed(changes_of(lives(rows, first, until, where), first, until))
                assert found == oracle.changes(first, until), (who, first, until)
                seen |= {name for name, keys in found.items() if keys}
        assert seen >= set(LISTS) - {"moved_back"}, "a list that is always empty tests nothing"


def test_what_happened_on_the_first_day_was_so_then_and_on_the_last_it_is_so_now(lena: User) -> None:
    create(lena, ago(30))
    move = create(lena, ago(90))
    move_stage(move.pk, "stopped", Actor.person(lena), ago(30), "", LESSON)
    assert [len(since(30).came_in), len(since(31).came_in)] == [0, 1]
    assert [len(since(30).stopped), len(since(31).stopped)] == [0, 1]
    assert since(31).stopped[0].on == today() - timedelta(days=30)
    create(lena)
    assert len(since(0).came_in) == 0
    assert len(since(1).came_in) == 1


def test_it_tells_who_became_ready_and_who_passed_which_gates(lena: User, ravi: User) -> None:
    done = create(lena, ago(40), stage="pilot")
    make_ready(done, lena, ravi)
    found = since(20)
    assert [(one.ref, one.url) for one in found.became_ready] == [(done.ref, f"/initiatives/{done.ref}/")]
    assert len(found.passed_a_gate[0].gates) == found.gates_passed == 5
    assert found.became_ready[0].on == today()


def test_what_is_stalled_no_longer_is_mended_while_it_runs_and_not_where_it_ended(lena: User) -> None:
    better, ended = overrun(lena), overrun(lena)
    for one in (better, ended):
        one.history.filter(stalled=True).update(on=today() - timedelta(days=50))
    point = better.history.get(stalled=True)
    point.pk, point.on, point.stalled = None, today() - timedelta(days=3), False
    point.save()
    move_stage(ended.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    found = since(10)
    assert [(one.pk, one.on) for one in found.mended] == [(better.pk, today() - timedelta(days=3))]
    assert [one.pk for one in found.stopped] == [ended.pk]
    assert not since(2).mended


def test_of_what_was_not_recorded_then_nobody_knows_whether_it_became_so(lena: User) -> None:
    late = create(lena, stage="pilot", stage_since=today() - timedelta(days=300), plan={"pilot_days": 90})
    assert late.standing.stalled
    found = since(30)
    assert (found.unrecorded, found.became_stalled, found.came_in) == (1, (), ())
    assert since(301).became_stalled == () and [one.pk for one in since(301).came_in] == [late.pk]


def test_where_there_is_nothing_nothing_has_changed() -> None:
    found = since(30)
    assert not any(listed(found).values())
    assert found.unrecorded == found.gates_passed == 0


def test_it_asks_as_often_for_many_as_for_few(lena: User, ravi: User) -> None:
    counts, day = [], today()
    for count in (3, 12):
        many(lena, ravi, count)
        with CaptureQueriesContext(connection) as asked:
            first = day - timedelta(days=30)
            changes_of(lives(everything(), first, day, ZoneInfo("UTC")), first, day)
        counts.append(len(asked))
    assert counts == [6, 6]
