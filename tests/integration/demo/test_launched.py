"""What went live in the demo: enough for the curve of time to production, and no more than is believable."""

from collections.abc import Sequence

import pytest
from django.test import Client

from gates.models import Initiative, KpiKind, Reading, Role
from gates.promises import ValueStatus
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.portfolio import durations
from readiness.portfolio.books import rates_of
from readiness.portfolio.courses import KINDS, Outcome
from readiness.portfolio.figures import funnel, headline
from readiness.portfolio.value import value

pytestmark = [pytest.mark.usefixtures("demo_portfolio"), pytest.mark.django_db]
HALF_A_YEAR, YEAR = 183, 365


def launched() -> InitiativeQuerySet:
    return Initiative.objects.filter(stage__in=(Stage.LIVE, Stage.RETIRED))


def way(rows: InitiativeQuerySet) -> durations.Production:
    today = Organisation.get().day_of(clock.now())
    return durations.production(durations.courses(rows, today))


def days_to_live(found: durations.Production) -> Sequence[int]:
    return sorted(spell.days for spell in found.spells if spell.kind == KINDS[Outcome.LIVE])


@pytest.mark.parametrize("username", ["elsa", "lena", "omar"])
def test_whoever_opens_the_page_of_time_finds_the_curve(client: Client, username: str) -> None:
    person = User.objects.get(username=username)
    found = way(Initiative.objects.visible_to(person))
    assert found.live is not None and found.ended is not None
    assert found.last_day >= YEAR
    assert sum(days <= found.last_day for days in days_to_live(found)) >= 8
    client.force_login(person)
    page = client.get("/portfolio/time/").content.decode()
    assert "Estimated after Aalen and Johansen" in page
    assert "Too few for a curve" not in page


def test_some_were_quick_and_some_took_more_than_a_year() -> None:
    days = days_to_live(way(Initiative.objects.all()))
    assert 5 * 30 <= days[0] < HALF_A_YEAR
    assert YEAR < days[-1] <= 14 * 31
    assert sum(HALF_A_YEAR <= count <= YEAR for count in days) >= 5
    assert len(set(days)) >= len(days) - 1


def test_each_was_somebodys_and_somebody_paid_promised_and_read_it() -> None:
    for row in launched():
        held = set(row.team_roles.filter(until=None).values_list("role", flat=True))
        assert {Role.BUSINESS_OWNER, Role.TECHNICAL_LEAD, Role.EXECUTIVE_SPONSOR} <= held, row.name
        assert row.budget_planned and row.budget_spent, row.name
        promised = row.kpis.filter(kind=KpiKind.BUSINESS, target__isnull=False, locked_at__isnull=False)
        assert Reading.objects.filter(kpi__in=promised, withdrawn_at=None).exists(), row.name
    assert launched().values("business_unit").distinct().count() >= 6


def test_some_brought_what_was_promised_some_fell_short_and_some_were_retired() -> None:
    today = Organisation.get().day_of(clock.now())
    counts = [mark.counts for mark in value(Initiative.objects.all(), today, "EUR").marks]
    short = sum(one.get(ValueStatus.BELOW, 0) for one in counts)
    kept = sum(one.get(ValueStatus.ON, 0) + one.get(ValueStatus.ABOVE, 0) for one in counts)
    assert short >= 2 and kept >= 2
    assert Initiative.objects.filter(stage=Stage.RETIRED).count() >= 2


def test_most_pilots_still_do_not_get_there() -> None:
    rows = Initiative.objects.all()
    reached = {one.stage: one.reached for one in funnel(rows)}
    assert reached[Stage.LIVE] * 3 < reached[Stage.PILOT]
    organisation = Organisation.get()
    head = headline(rows, rates_of(organisation, organisation.day_of(clock.now())))
    assert head.stalled > head.live + 5
    assert head.stalled * 3 > head.running
    found = way(rows)
    assert found.live is not None and found.live.reaches(1 / 2) is None
