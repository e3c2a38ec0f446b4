"""The page of the trend: each day as the rows tell it, and each figure as long as the list behind it."""

import re
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.portfolio.ahead import Step, ahead
from readiness.portfolio.behind import found_behind
from readiness.portfolio.gap import gaps
from readiness.portfolio.past.days import month_ends
from readiness.portfolio.trend import trend
from readiness.standing.models import Standing
from tests.fixtures import create, pages, person, today
from tests.integration.portfolio.past_oracle import PastOracle, Was
from tests.integration.portfolio.past_rows import Past
from tests.integration.workbench.initiatives.scenes import LESSON, ago, many, overrun
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 29)


def shown(by: User, query: str = "") -> Node:
    response = pages(by).get(f"/portfolio/trend/{query}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def linked(page: Node) -> list[tuple[str, int]]:
    """Every count in a table or a bar that leads to a list."""
    found = []
    for link in page.all("a"):
        href = link.attrs.get("href", "")
        if href.startswith("/initiatives/?") and re.fullmatch(r"[\d,]+", link.text.strip()):
            found.append((href, int(link.text.replace(",", ""))))
    return found


def listed(by: User, href: str) -> int:
    return int(re.sub(r"\D", "", read(pages(by).get(href)).by_id("found").text.split()[0]))


def ends_before(day: date, months: int) -> list[date]:
    """Walked back day by day."""
    found, one = [day], day
    while len(found) <= months:
        one -= timedelta(days=1)
        if (one + timedelta(days=1)).day == 1:
            found.append(one)
    return found[::-1]


def marks(was: Was) -> set[str]:
    if not was.runs:
        return set()
    if not was.verdict:
        return {"running", "unrecorded"}
    assert was.score is not None
    low = 80 if was.score >= 80 else 60 if was.score >= 60 else 40 if was.score >= 40 else 0
    stalled = {"stalled"} if was.stalled else set()
    ahead = {f"{was.verdict}-ahead"} if was.verdict != "not_ready" and was.stage != "live" else set()
    return {"running", "recorded", was.verdict, f"score-{low}"} | stalled | ahead


class TestAgainstTheRows:
    def test_each_month_end_is_what_the_rows_say(self, lena: User, ravi: User) -> None:
        Past(21, DAY, ZONE, lena, ravi).lives(24)
        for who in (person("elsa", executive=True), person("omar", lead=True)):
            rows = Initiative.objects.visible_to(who)
            oracle = PastOracle(rows, DAY, ZONE)
            found = trend(rows, DAY, 24, ZONE)
            days = {one.day: one for one in found.days}
            for day in ends_before(DAY, 24):
                stood = {key: oracle.was(key, day) for key in oracle.known}
                counts = [mark for was in stood.values() for mark in marks(was)]
                if day not in days:
                    assert "running" not in counts
                    continue
                told = days[day]
                for mark in {*counts, "running", "stalled", "ready", "score-0", "unrecorded"}:
                    assert told.of(mark) == counts.count(mark), (day, mark)
                scores = [was.score for was in stood.values() if was.runs and was.score is not None]
                assert told.median == (median(scores) if scores else None)
                assert told.gates == sum(len(was.gates) for was in stood.values() if was.runs)

    def test_the_list_behind_a_day_holds_those_that_were_counted(self, lena: User, ravi: User) -> None:
        Organisation.objects.update(time_zone="Europe/Berlin")
        Past(22, DAY, ZONE, lena, ravi).lives(24)
        rows = Initiative.objects.all()
        for one in trend(rows, DAY, 12, ZONE).days:
            for mark, count in one.marks.items():
                found = found_behind(rows, f"was:{one.day.isoformat()}.{mark}", DAY)
                assert found is not None
                assert found.rows.count() == count, (one.day, mark)

    def test_forecasts_are_counted_as_they_stand(self, lena: User, ravi: User) -> None:
        Past(23, DAY, ZONE, lena, ravi).lives(60)
        rows = Initiative.objects.all()
        running = [one.standing for one in rows if one.stage not in ("stopped", "retired")]
        for step in Step:
            found = ahead(rows, DAY, step)
            with_one = [one for one in running if one.forecast_on]
            assert (found.running, found.expected) == (len(running), len(with_one))
            first, last = found.periods[0].period.first, found.periods[-1].period.last
            assert first == (date(2026, 3, 1) if step == Step.MONTH else date(2026, 1, 1))
            assert last == date(2028, 3, 31)
            for one in found.periods:
                span = (one.period.first, one.period.last)
                assert one.on == sum(span[0] <= each.forecast_on <= span[1] for each in with_one)
                assert one.early == sum(each.forecast_from <= span[1] for each in with_one)
                assert one.middle == sum(each.forecast_on <= span[1] for each in with_one)
                assert one.late == sum(
                    bool(each.forecast_to and each.forecast_to <= span[1]) for each in with_one
                )
                behind = found_behind(rows, f"expected:{one.period.code}", DAY)
                assert behind is not None
                assert behind.rows.count() == one.on
                for end in ("early", "middle", "late"):
                    behind = found_behind(rows, f"expected:{end}.{one.period.last:%Y-%m}", DAY)
                    assert behind is not None
                    assert behind.rows.count() == getattr(one, end), end
            assert found.passed == sum(each.forecast_on < first for each in with_one)
            assert found.later == sum(each.forecast_on > last for each in with_one)
            assert found.passed + found.later + sum(one.on for one in found.periods) == found.expected
            assert found.passed and found.later
            for why, count in found.none.items():
                assert count == sum(each.forecast_none == why for each in running)
                behind = found_behind(rows, f"no_forecast:{why}", DAY)
                assert behind is not None
                assert behind.rows.count() == count
            assert found.open_ended == sum(each.forecast_to is None for each in with_one) > 0
            behind = found_behind(rows, "expected:open_ended", DAY)
            assert behind is not None
            assert behind.rows.count() == found.open_ended
            for code, count in (("passed", found.passed), ("later", found.later)):
                behind = found_behind(rows, f"expected:{code}.{step}", DAY)
                assert behind is not None
                assert behind.rows.count() == count

    def test_gaps_are_counted_as_they_stand(self, lena: User, ravi: User) -> None:
        Past(24, DAY, ZONE, lena, ravi).lives(40)
        rows = Initiative.objects.all()
        running = [one for one in rows if one.stage not in ("stopped", "retired")]
        gap = {one.pk: one.standing.optimism_gap for one in running}
        found = gaps(rows)
        assert found.counted == len(running) == sum(one.count for one in found.bins)
        assert found.with_gap == sum(one > 0 for one in gap.values())
        for one in found.bins:
            inside = [
                each for each in gap.values() if one.low <= each and (one.high is None or each <= one.high)
            ]
            assert one.count == len(inside)
            behind = found_behind(rows, f"gap:{one.code}", DAY)
            assert behind is not None
            assert behind.rows.count() == one.count
        for unit in found.units:
            of_it = [gap[one.pk] for one in running if one.business_unit_key == unit.key]
            assert (unit.initiatives, unit.with_gap) == (len(of_it), sum(each > 0 for each in of_it))
            assert abs(unit.mean - sum(of_it) / len(of_it)) < Decimal("0.0001")
        widest = sorted(gap.values(), reverse=True)[: len(found.largest)]
        assert [one.standing.optimism_gap for one in found.largest] == widest


def test_the_ends_of_months_are_those_of_the_calendar() -> None:
    for day in (date(2026, 3, 31), date(2024, 3, 1), date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)):
        assert list(month_ends(day, 14)) == ends_before(day, 14)


class TestPage:
    @pytest.mark.parametrize("who", ["elsa", "omar"])
    def test_every_figure_is_the_length_of_the_list_it_leads_to(
        self, lena: User, ravi: User, request: pytest.FixtureRequest, who: str
    ) -> None:
        many(lena, ravi, 12)
        viewer = request.getfixturevalue(who)
        found = linked(shown(viewer, "?unit=claims&months=6")) + linked(shown(viewer))
        assert len(found) > 20
        for href, count in found:
            assert listed(viewer, href) == count, href

    def test_each_count_of_forecasts_leads_to_those_that_it_counts(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        Past(23, today(), ZONE, lena, ravi).lives(40)
        some = Standing.objects.filter(forecast_on__isnull=False, initiative__in=Initiative.objects.running())
        Standing.objects.filter(pk=some.order_by("pk")[0].pk).update(forecast_to=None)
        found = ahead(Initiative.objects.all(), today(), Step.QUARTER)
        links = [link.attrs["href"] for link in shown(elsa).by_id("ahead-said").all("a")]
        assert [listed(elsa, href) for href in links] == [found.expected, found.open_ended]
        assert 0 < found.open_ended < found.expected

    def test_what_ended_runs_until_the_day_before(self, lena: User, elsa: User) -> None:
        gone = create(lena, ago(100))
        move_stage(gone.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
        create(lena, ago(200))
        counts = [
            one.of("running") for one in trend(Initiative.objects.all(), today(), 6, ZoneInfo("UTC")).days
        ]
        assert counts[-2:] == [2, 1]
        assert "Figures month by month" in shown(elsa).text

    def test_nobody_counts_what_they_may_not_see(self, lena: User, omar: User, elsa: User) -> None:
        overrun(lena, visibility="team", business_unit="Secret unit", name="Hidden")
        create(lena)
        for query in ("", "?months=24", "?unit=secret%20unit"):
            text = pages(omar).get(f"/portfolio/trend/{query}").content.decode()
            assert "Hidden" not in text
            assert "Secret unit" not in text
        rows = Initiative.objects.visible_to(omar)
        assert trend(rows, today(), 6, ZoneInfo("UTC")).today.of("running") == 1

    def test_before_there_is_anything_it_says_so(self, elsa: User) -> None:
        assert "Nothing to show yet" in shown(elsa).text

    def test_with_one_that_has_only_just_come_in(self, lena: User, elsa: User) -> None:
        create(lena)
        page = shown(elsa)
        assert "1 running initiative" in page.text
        assert "The history is too short" in page.text

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("?months=13", "“13” is not 6, 12 or 24 months"),
            ("?months=%3Cscript%3E", "is not 6, 12 or 24 months"),
            ("?step=week", "“week” is neither month nor quarter"),
        ],
    )
    def test_what_it_does_not_understand_it_says(self, lena: User, elsa: User, query: str, said: str) -> None:
        create(lena)
        assert said in shown(elsa, query).text

    @pytest.mark.parametrize(
        "asked",
        [
            "was:", "was:2026-13-01.stalled", "was:2999-01-01.stalled", "was:2020-01-01.nonsense", "changed:x.y.z",
            "changed:2020-02-01.2020-01-01.stopped", "changed:2020-01-01.2020-02-01.nothing", "gap:wide",
            "expected:soon",
            "expected:2026-01.2026-99", "expected:passed.week", "expected:early.2026-13",
            "expected:never.2026-01", "no_forecast:never",
        ],
    )  # fmt: skip
    def test_a_question_that_is_none_is_not_answered(self, asked: str) -> None:
        assert found_behind(Initiative.objects.all(), asked, today()) is None

    def test_it_asks_the_database_as_often_for_many_as_for_few(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        counts = []
        for count in (3, 12):
            many(lena, ravi, count)
            client = pages(elsa)
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/portfolio/trend/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 24
