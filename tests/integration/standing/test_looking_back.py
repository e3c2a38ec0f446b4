"""However many readings and history points there are, the last are read, and what is said is what all of them say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from gates.models import (
    GO_ON,
    ExitCriterion,
    ExitTrigger,
    Hold,
    Initiative,
    Kpi,
    KpiDue,
    KpiKind,
    KpiSignal,
    Reading,
    ReadingSource,
)
from readiness.accounts.models import User
from readiness.standing.facts import InitiativeFacts
from readiness.standing.judgement import Before, judge
from readiness.standing.loading import load_facts
from readiness.standing.models import HistoryPoint
from readiness.standing.proposal_facts import what_is_known
from readiness.standing.recompute import recompute_batch
from tests.fixtures import create
from tests.integration.standing.pictures import day, everything_known, setting_for

TODAY = day(2000).date()


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def kpi_of(one: Initiative, by: User, name: str, **facts: Any) -> Kpi:
    return Kpi.objects.create(initiative=one, name=name, created_by=by, created_at=day(0), **facts)


def criterion_of(kpi: Kpi, decider: User, **facts: Any) -> ExitCriterion:
    given = {"comparator": "under", "limit": 30, "window_days": 28, "action": "stop"} | facts
    return ExitCriterion.objects.create(
        initiative=kpi.initiative, kpi=kpi, decider=decider, created_at=day(-4000), **given
    )


def reads(kpi: Kpi, values: dict[int, int]) -> None:
    """Values by how many days ago."""
    Reading.objects.bulk_create(
        Reading(kpi=kpi, on=before(ago), value=value, source=ReadingSource.API, received_at=day(0))
        for ago, value in values.items()
    )


def stood(one: Initiative, levels: dict[int, int], framework: Callable[[int], str] = lambda _: "1") -> None:
    """How many were met, by how many days ago."""
    HistoryPoint.objects.filter(initiative=one).delete()
    HistoryPoint.objects.bulk_create(
        HistoryPoint(
            initiative=one,
            on=before(ago),
            stage=one.stage,
            framework="five-gate",
            framework_version=framework(ago),
            score=0,
            met=met,
            partial=0,
            not_met=0,
            unanswered=20 - met,
            verdict="not_ready",
            stalled=False,
            flags_open=0,
        )
        for ago, met in levels.items()
    )


def held(one: Initiative, by: User, since: int, until: int | None) -> None:
    hold = Hold.objects.create(
        initiative=one,
        reason="A contract.",
        since=before(since),
        review_on=TODAY,
        by=by,
        lifted_on=None if until is None else before(until),
    )
    if until is None:
        Initiative.objects.filter(pk=one.pk).update(hold=hold)


def said(facts: InitiativeFacts, on: date) -> tuple[Any, ...]:
    """Everything that is told of an initiative."""
    found = judge(facts, setting_for(on), Before())
    return (
        found.readiness,
        found.effective,
        found.flags,
        found.next_actions,
        found.exits,
        found.forecast,
        found.due_on,
        what_is_known(found),
    )


@contextmanager
def rows_read() -> Iterator[dict[str, int]]:
    """How many rows the statements gave of the two tables that grow without end."""
    asked: list[tuple[str, Any]] = []
    found = {"gates_reading": 0, "standing_historypoint": 0}

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found
    for sql, params in asked:
        for table in found:
            if sql.startswith("SELECT") and f'FROM "{table}"' in sql:
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT COUNT(*) FROM ({sql}) counted", params)  # noqa: S608
                    found[table] += cursor.fetchone()[0]


YEARS = range(3000)
WEEKLY_USE = {"signal": KpiSignal.WEEKLY_ACTIVE_SHARE, "kind": KpiKind.BUSINESS}


def test_of_thousands_of_rows_the_last_are_read(lena: User, elsa: User) -> None:
    """Daily readings and points of eight years: a healthy KPI, one whose run has just begun, and one of use."""
    one = create(lena, day(0), stage="pilot")
    healthy, falling = kpi_of(one, lena, "Accuracy"), kpi_of(one, lena, "Speed")
    use = kpi_of(one, lena, "Use", **WEEKLY_USE)
    for kpi in (healthy, falling, use):
        criterion_of(kpi, elsa)
    reads(healthy, dict.fromkeys(YEARS, 80))
    reads(use, dict.fromkeys(YEARS, 80))
    reads(falling, {ago: 10 if ago < 20 else 80 for ago in YEARS})
    stood(one, dict.fromkeys(YEARS, 9))
    held(one, lena, 100, 90)

    with rows_read() as found:
        facts = load_facts([one.pk], setting_for(TODAY))[one.pk]

    two_windows = 2 * 28 + 1 + 10
    assert {pk: len(rows) for pk, rows in facts.readings.items()} == {
        healthy.pk: 1,
        use.pk: 2,
        falling.pk: two_windows + 1,
    }
    assert found["gates_reading"] == 2 + 2 + two_windows + 1
    assert 12 * 7 < found["standing_historypoint"] == len(facts.levels) <= 16 * 7
    assert said(facts, TODAY) == said(everything_known()[one.pk], TODAY)


def test_a_run_of_years_is_read_once_and_stands_triggered(lena: User, elsa: User) -> None:
    one = create(lena, day(0), stage="pilot")
    kpi = kpi_of(one, lena, "Accuracy")
    criterion_of(kpi, elsa)
    reads(kpi, dict.fromkeys(YEARS, 10))
    at = day(2000)

    recompute_batch([one.pk], at)
    with rows_read() as found:
        recompute_batch([one.pk], at)

    trigger = ExitTrigger.objects.get()
    assert [reading["on"] for reading in trigger.readings] == [before(2999).isoformat(), TODAY.isoformat()]
    assert found["gates_reading"] == 1


def test_many_frameworks_and_holds_lead_as_far_back_as_it_takes(lena: User) -> None:
    """A new version every week but long ago: the weeks that count lie behind all of them."""
    one = create(lena, day(0), stage="pilot")
    stood(one, {ago: ago % 7 for ago in range(400)}, lambda ago: str(ago // 7) if ago < 200 else "old")
    held(one, lena, 250, 210)

    facts = load_facts([one.pk], setting_for(TODAY))[one.pk]

    assert len(facts.levels) == 400
    assert said(facts, TODAY) == said(everything_known()[one.pk], TODAY)


def test_it_takes_as_many_queries_for_many(lena: User, elsa: User, query_count: Callable[..., int]) -> None:
    """Each with holds, windows and weeks of its own."""
    keys = []
    for number in range(6):
        one = create(lena, day(0), name=f"Number {number}", stage="pilot")
        kpi = kpi_of(one, lena, "Use", **WEEKLY_USE)
        criterion_of(kpi, elsa, window_days=28 + number)
        reads(kpi, dict.fromkeys(range(200), 10))
        stood(one, {ago: ago % 7 for ago in range(300)}, lambda ago: str(ago // 7))
        held(one, lena, 100 + 10 * number, 90)
        keys.append(one.pk)
    setting = setting_for(TODAY)

    assert query_count(lambda: load_facts(keys[:1], setting)) == query_count(
        lambda: load_facts(keys, setting)
    )


@pytest.mark.parametrize("seed", range(3))
def test_it_says_what_all_readings_and_points_say(seed: int, lena: User, elsa: User) -> None:
    """Random initiatives, loaded as one batch for each of several days and judged on it."""
    random = Random(seed)
    for number in range(12):
        _anything(random, number, lena, elsa)
    keys = list(Initiative.objects.values_list("pk", flat=True))
    whole = everything_known()
    met = set()
    for ago in (0, 1, 6, 30, 31, 75, 150, 400):
        on = before(ago)
        facts = load_facts(keys, setting_for(on))
        for pk in keys:
            found = said(facts[pk], on)
            assert found == said(whole[pk], on), (seed, pk, ago)
            met |= {state.trigger.met for state in found[4]}
    assert met == {True, False}


def _anything(random: Random, number: int, lead: User, decider: User) -> None:
    stage = random.choice(["intake", "poc", "pilot", "pilot", "rollout", "live"])
    one = create(lead, day(0), name=f"Number {number}")
    as_of = before(random.choice([0, 40, 300])) if random.random() < 0.2 else None
    Initiative.objects.filter(pk=one.pk).update(stage=stage, stage_since=before(600), as_of=as_of)
    days = sorted(random.sample(range(700), 6), reverse=True)
    for since, until in zip(days[::2], days[1::2], strict=True):
        if random.random() < 0.5:
            held(one, lead, since, until)
    if random.random() < 0.1:
        held(one, lead, days[-1] - 1 if days[-1] else 0, None)
    for name in "ABC":
        kpi = kpi_of(
            one,
            lead,
            name,
            kind=random.choice(KpiKind.values),
            signal=random.choice(["", KpiSignal.WEEKLY_ACTIVE_SHARE.value]),
            due=random.choice(["", *KpiDue.values]),
            go_limit=30,
        )
        reads(kpi, _values(random))
        _withdrawn(kpi, random.sample(range(120), 20))
        for _ in range(random.choice([0, 1, 2])):
            _criterion(random, kpi, decider)
    changed = random.sample(range(900), random.choice([0, 3, 40, 500]))
    version = random.choice([10, 60, 2000])
    stood(one, {ago: random.randint(0, 20) for ago in changed}, lambda ago: str(ago // version))


def _withdrawn(kpi: Kpi, ago: list[int]) -> None:
    rows = Reading.objects.filter(kpi=kpi, on__in=[before(number) for number in ago])
    rows.update(withdrawn_at=day(0), withdrawn_reason="Miscounted.")


def _values(random: Random) -> dict[int, int]:
    """Daily, weekly or rarely, above and below thirty in runs."""
    step, low = random.choice([1, 7, 30, 90]), random.random()
    found = {}
    for ago in range(random.randint(0, 60), 800, step):
        if random.random() < 0.1:
            low = random.random()
        found[ago] = 10 if random.random() < low else 40
    return found if random.random() < 0.9 else {}


def _criterion(random: Random, kpi: Kpi, decider: User) -> None:
    at_checkpoint = {"window_days": None, "checkpoint": "checkpoint-0"}
    over = {"window_days": random.choice([1, 7, 28, 90, 365])}
    row = criterion_of(kpi, decider, **random.choice([over, over, over, at_checkpoint]))
    if random.random() < 0.3:
        decided = before(random.randint(0, 300))
        go_on = random.random() < 0.5
        ExitTrigger.objects.create(
            criterion=row,
            on=decided,
            at=day(0),
            words="It was so.",
            decision=GO_ON if go_on else "hold",
            reason="We looked.",
            expires_on=decided + timedelta(days=20) if go_on else None,
            by=decider,
            decided_at=day(0),
            decided_on=decided,
        )
