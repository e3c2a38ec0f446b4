"""What live initiatives bring, as it comes out of the rows."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from gates.models import Hold, Initiative, Kpi, Reading
from gates.promises import Direction, Limits, Measured
from readiness import clock
from readiness.accounts.models import User
from readiness.portfolio.value import LiveKpi, monthly, value
from tests.fixtures import api, create, pages

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def live(ada: User, days: int, **facts: Any) -> Initiative:
    return create(ada, stage="live", stage_since=ago(days), **facts)


def kpi(one: Initiative, *readings: tuple[int, int], name: str = "Hours saved", **facts: Any) -> Kpi:
    """Readings as (days ago, value)."""
    given = {"go_limit": Decimal(10), "target": Decimal(20)} | facts
    row = Kpi.objects.create(initiative=one, name=name, created_at=clock.now(), **given)
    for days, read in readings:
        Reading.objects.create(kpi=row, on=ago(days), value=read, source="typed", received_at=clock.now())
    return row


def counts(found: Any) -> list[dict[str, int]]:
    return [{status.value: count for status, count in one.counts.items() if count} for one in found.marks]


def told(today: date = TODAY) -> Any:
    return value(Initiative.objects.all(), today, "EUR")


def test_each_business_kpi_is_measured_at_each_mark(ada: User) -> None:
    kpi(live(ada, 100), (75, 10), (15, 25))
    kpi(live(ada, 100), (75, 9))
    kpi(live(ada, 20))
    found = told()
    assert (found.live, found.with_kpi, found.short) == (3, 3, 1)
    assert counts(found) == [
        {"on": 1, "below": 1, "not_due": 1},
        {"above": 1, "unmeasured": 1, "not_due": 1},
        {"not_due": 3},
    ]
    assert [one.due for one in found.marks] == [2, 2, 0]


@pytest.mark.parametrize(("days", "status"), [(29, "not_due"), (30, "unmeasured"), (31, "unmeasured")])
def test_a_measurement_is_due_on_its_day(ada: User, days: int, status: str) -> None:
    kpi(live(ada, days))
    assert counts(told())[0] == {status: 1}


def held(one: Initiative, since: int, lifted: int | None) -> None:
    """On hold from so many days ago on, up to so many days ago."""
    lifted_on = None if lifted is None else ago(lifted)
    hold = Hold.objects.create(
        initiative=one, reason="A contract.", since=ago(since), review_on=TODAY, lifted_on=lifted_on
    )
    if lifted is None:
        Initiative.objects.filter(pk=one.pk).update(hold=hold)


@pytest.mark.parametrize(("days", "first"), [(89, "not_due"), (90, "unmeasured"), (91, "unmeasured")])
def test_sixty_days_on_hold_after_the_launch_bring_no_mark_nearer(ada: User, days: int, first: str) -> None:
    """Live for twenty days, on hold for sixty, live again: on the ninetieth day thirty are counted."""
    one = live(ada, days)
    kpi(one)
    held(one, days - 20, days - 80)
    assert counts(told())[0] == {first: 1}


def test_while_on_hold_no_mark_comes(ada: User) -> None:
    one = live(ada, 400)
    kpi(one)
    held(one, 371, None)
    assert counts(told()) == [{"not_due": 1}] * 3


def test_what_is_not_counted(ada: User) -> None:
    """Technical and removed KPIs, withdrawn readings, those of the day of the launch, and what is not live."""
    one = live(ada, 40)
    kpi(one, (5, 50), name="Latency", kind="technical")
    kpi(one, (5, 50), name="Old", removed_at=clock.now())
    kept = kpi(one, (40, 50))
    Reading.objects.create(
        kpi=kept, on=ago(20), value=50, source="typed", received_at=clock.now(), withdrawn_at=clock.now(),
        withdrawn_reason="Typed wrong.",
    )  # fmt: skip
    kpi(create(ada, stage="pilot"), (5, 50))
    found = told()
    assert counts(found)[0] == {"unmeasured": 1}
    assert (found.live, found.short, list(found.to_look_at)) == (1, 1, [one])


def test_the_locked_promise_counts_whatever_was_amended(ada: User) -> None:
    row = kpi(live(ada, 40), (20, 15))
    row.locked_at, row.promised = clock.now(), {"direction": "up", "unit": "", "go_limit": "16"}
    row.save()
    assert counts(told())[0] == {"below": 1}


def test_money_is_summed_by_currency_and_never_mixed(ada: User) -> None:
    kpi(live(ada, 40), (30, 700), (2, 900), signal="value", unit="EUR", target=Decimal(1000))
    kpi(live(ada, 400), (2, 50), signal="value", unit="a month", go_limit=Decimal(80), target=None)
    kpi(
        live(ada, 40), (40, 999), signal="value", unit="USD", target=Decimal(300)
    )  # read on the day of the launch
    kpi(live(ada, 40), (2, 7000), unit="EUR")
    kpi(live(ada, 40), (2, 7000), signal="value", unit="EUR", target=None, go_limit=None)
    lines = [(one.currency, one.promised, one.realised, one.kpis, one.measured) for one in told().monthly]
    currency = Initiative.objects.first().currency
    assert currency == "EUR"
    assert lines == [("EUR", 1080, 950, 2, 2), ("USD", 300, 0, 1, 0)]


@pytest.mark.parametrize(
    ("unit", "currency"),
    [("usd", "USD"), (" CHF ", "CHF"), ("DEM", "DEM"), ("BGN", "BGN"), ("ZWL", "ZWL")]
    + [(unit, "EUR") for unit in ("FTE", "SLA", "NPS", "XAU", "XXX", "XTS", "a month", "", "EURO", "ЕUR")],
)
def test_a_unit_is_a_currency_where_it_is_one_by_iso_4217_also_one_that_was_withdrawn(
    ada: User, unit: str, currency: str
) -> None:
    kpi(live(ada, 40), (2, 900), signal="value", unit=unit, target=Decimal(1000))
    assert [(one.currency, one.promised) for one in told().monthly] == [(currency, 1000)]


def test_the_organisations_currency_stands_first() -> None:
    limits = Limits(direction=Direction.UP, target=Decimal(1))
    kpis = [
        LiveKpi(1, limits, TODAY, {}, currency, (), Measured(TODAY, Decimal(2)))
        for currency in ("CHF", "USD")
    ]
    assert [one.currency for one in monthly(kpis, "USD")] == ["USD", "CHF"]


# --- Independently ----------------------------------------------------------------------------------------------


def by_hand(today: date) -> tuple[list[dict[str, int]], dict[str, tuple[Decimal, Decimal]]]:
    """From the rows, mark by mark, without any of the code under test."""
    marks: list[dict[str, int]] = [{}, {}, {}]
    money: dict[str, tuple[Decimal, Decimal]] = {}
    for row in Kpi.objects.filter(initiative__stage="live", kind="business", removed_at__isnull=True):
        launch = row.initiative.stage_since
        assert launch is not None
        holds = list(row.initiative.holds.all())
        on_hold = {
            one.since + timedelta(days=number)
            for one in holds
            for number in range(((one.lifted_on or today) - one.since).days)
        }
        lived = [launch + timedelta(days=number) for number in range(1000)]
        free = [one for one in lived if one not in on_hold]
        # The day after so many days that count: a mark is reached when the days before it are full.
        at = {mark: free[mark - 1] + timedelta(days=1) for mark in (30, 90, 180)} | {0: launch}
        read = {
            one.on: one.value
            for one in row.readings.filter(withdrawn_at__isnull=True)
            if launch < one.on <= today
        }
        for number, (after, mark) in enumerate(((0, 30), (30, 90), (90, 180))):
            days = [one for one in lived if at[after] < one <= at[mark]]
            last = next((read[day] for day in reversed(days) if day in read), None)
            wanted = [row.go_limit, row.target] if mark == 30 else [row.target, row.go_limit]
            limit = next((one for one in wanted if one is not None), None)
            status = "not_due" if today < at[mark] else "unmeasured"
            if last is not None and limit is not None:
                status = _judged(row, last, limit)
            marks[number][status] = marks[number].get(status, 0) + 1
        promised = row.target if row.target is not None else row.go_limit
        if row.signal == "value" and promised is not None:
            currency = row.unit if row.unit in ("EUR", "USD") else row.initiative.currency
            before = money.get(currency, (Decimal(0), Decimal(0)))
            got = read[max(read)] if read else Decimal(0)
            money[currency] = (before[0] + promised, before[1] + got)
    return marks, money


def _judged(row: Kpi, last: Decimal, limit: Decimal) -> str:
    sign = 1 if row.direction == "up" else -1
    if sign * last < sign * limit:
        return "below"
    best = row.target if row.target is not None else limit
    return "above" if sign * last > sign * best else "on"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_portfolios_come_out_as_by_hand(ada: User, seed: int) -> None:
    some = Random(seed)
    for _ in range(12):
        one = live(ada, some.choice((10, 29, 30, 31, 89, 90, 91, 179, 180, 181, 400)))
        if some.random() < 0.5:
            since = some.randint(0, 200)
            held(one, since, some.choice((None, some.randint(0, since))))
        for number in range(some.randint(0, 3)):
            days = {some.randint(0, 200) for _ in range(some.randint(0, 8))}
            go, stretch = some.choice((None, Decimal(10))), some.choice((None, Decimal(5)))
            kpi(
                one,
                *((day, some.choice((9, 10, 12, 15, 30))) for day in days),
                name=f"KPI {number}",
                kind=some.choice(("business", "business", "technical")),
                direction=some.choice(("up", "down")),
                signal=some.choice(("", "value")),
                unit=some.choice(("EUR", "USD", "")),
                go_limit=go,
                target=stretch,
            )
    found = told()
    marks, money = by_hand(TODAY)
    assert counts(found) == marks
    assert {one.currency: (one.promised, one.realised) for one in found.monthly} == money


def test_the_number_of_queries_does_not_grow(
    ada: User, query_count: Callable[[Callable[[], object]], int]
) -> None:
    kpi(live(ada, 40), (2, 5))
    few = query_count(told)
    for _ in range(12):
        kpi(live(ada, 40), (2, 5))
    assert (query_count(told), few <= 5) == (few, True)
    assert (told().short, len(told().to_look_at)) == (13, 6)


# --- On the page and over REST ----------------------------------------------------------------------------------


def test_the_portfolio_shows_it_and_tells_it(ada: User, omar: User, lena: User) -> None:
    today = timedelta(days=40)
    shown = create(ada, stage="live", stage_since=clock.now().date() - today, name="Invoice triage")
    hidden = create(
        ada, stage="live", stage_since=clock.now().date() - today, name="Secret merger", visibility="team"
    )
    for one in (shown, hidden):
        kpi(one, signal="value", unit="EUR", target=Decimal(1234))
    page = pages(lena).get("/portfolio/").content.decode()
    assert "What the live ones bring" in page
    assert "0 of 1,234 EUR promised a month, measured by 0 of 1 KPI" in page
    assert "Secret merger" not in page
    document = api(lena).get("portfolio/").json()
    assert document["value"] == {
        "live": 1,
        "with_kpi": 1,
        "checks": [
            {"days": 30, "not_due": 0, "unmeasured": 1, "below": 0, "on": 0, "above": 0},
            {"days": 90, "not_due": 1, "unmeasured": 0, "below": 0, "on": 0, "above": 0},
            {"days": 180, "not_due": 1, "unmeasured": 0, "below": 0, "on": 0, "above": 0},
        ],
        "monthly": [{"currency": "EUR", "promised": "1234.00", "realised": "0.00", "kpis": 1, "measured": 0}],
        "falling_short": 1,
    }
    assert api(ada).get("portfolio/").json()["value"]["live"] == 2
