"""The page of the comparison: two days and two units, each as the rows tell it, and each figure as long as its list."""

import re
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from readiness.portfolio.behind import found_behind
from readiness.portfolio.changes import LISTS
from readiness.portfolio.compare import Side, TwoUnits, two_days, two_units
from readiness.portfolio.compare_charts import unit_rows
from readiness.portfolio.currency import Rates, Sum
from readiness.portfolio.figures import headline
from readiness.portfolio.past.marks import Counted
from readiness.standing.models import Flag
from tests.fixtures import create, make_ready, pages, person, today
from tests.integration.portfolio.past_oracle import PastOracle
from tests.integration.portfolio.past_rows import Past
from tests.integration.portfolio.test_trend import linked, listed, marks
from tests.integration.workbench.initiatives.scenes import LONG, RTL, SCRIPT, ago, many, overrun
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Pacific/Auckland")
DAY = date(2024, 2, 29)
EUR = Rates("EUR", DAY, {})


def shown(by: User, **asked: str) -> Node:
    response = pages(by).get("/portfolio/compare/", asked)
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def rows_of(page: Node, caption: str) -> dict[str, list[str]]:
    for table in page.all("table"):
        if table.one("caption").text == caption:
            rows = table.one("tbody").all("tr")
            return {row.one("th").text: [cell.text for cell in row.all("td")] for row in rows}
    return {}


def agrees(found: Counted, oracle: PastOracle, keys: list[int], day: date, zone: ZoneInfo) -> None:
    """Every mark of the day, its gates and its flags."""
    stood = [oracle.was(key, day) for key in keys]
    told = [mark for was in stood for mark in marks(was)] + [
        f"stage-{was.stage}" for was in stood if was.stage
    ]
    for mark in {*told, "stalled", "ready", "conditional", "unrecorded", "stage-live", "stage-poc"}:
        assert found.of(mark) == told.count(mark), (day, mark)
    here = {key for key in keys if oracle.was(key, day).stage}
    for severity in ("info", "warning", "critical"):
        flags = Flag.objects.filter(initiative__in=here, severity=severity)
        on = {
            one.initiative_id
            for one in flags
            if one.opened_on <= day and not (one.resolved_on and one.resolved_on <= day)
        }
        assert found.of(f"flag-{severity}") == len(on), (day, severity)
    assert found.gates == sum(len(was.gates) for was in stood if was.runs)


def booked(keys: list[int], through: date) -> tuple[Decimal, int]:
    """The sum in EUR, and how many have a month that cannot be converted."""
    total, left_out = Decimal(0), 0
    for row in Initiative.objects.filter(pk__in=keys):
        entries = row.spending.all()
        months = [
            one for one in entries if (one.month.year, one.month.month) <= (through.year, through.month)
        ]
        if row.currency in ("EUR", ""):
            total += sum((one.amount for one in months), Decimal(0))
        elif months:
            left_out += 1
    return total, left_out


def sides(*given: tuple[int, str]) -> list[Side]:
    """A hundred running ones each, so many of them live, with this median score."""
    return [
        Side(
            Counted(DAY, {"running": 100, "stage-live": live}, Decimal(score), 0),
            Sum(Decimal(0), "EUR", 0, 0),
        )
        for live, score in given
    ]


@pytest.mark.parametrize(
    ("live", "english", "german"),
    [(51, "+1 point", "+1 Punkt"), (49, "−1 point", "−1 Punkt"), (52, "+2 points", "+2 Punkte")],
)
def test_one_point_is_said_in_the_singular(live: int, english: str, german: str) -> None:
    found = TwoUnits(*sides((live, "50"), (50, "50")))
    for language, words in (("en", english), ("de", german)):
        with translation.override(language):
            rows = unit_rows(found, lambda *_: "", lambda *_: "")
            assert [row.difference for row in rows if row.label == "Live"] == [words]


def test_the_difference_of_two_medians_is_that_of_the_figures_shown() -> None:
    """42.45 and 48.74 are 6.29 apart; as they are shown, 42.5 and 48.7, it is 6.2."""
    found = TwoUnits(*sides((50, "48.74"), (50, "42.45")))
    row = next(one for one in unit_rows(found, lambda *_: "", lambda *_: "") if one.label == "Median score")
    assert (row.left.words, row.right.words, row.difference) == ("48.7", "42.5", "+6.2")


class TestAgainstTheRows:
    def test_two_days_are_what_the_rows_say(self, lena: User, ravi: User) -> None:
        Past(31, DAY, ZONE, lena, ravi).lives(24)
        for who in (person("elsa", executive=True), person("omar", lead=True)):
            rows = Initiative.objects.visible_to(who)
            oracle = PastOracle(rows, DAY, ZONE)
            for days, back in ((0, 0), (1, 0), (29, 31), (366, 0)):
                until = DAY - timedelta(days=back)
                first = until - timedelta(days=days)
                found = two_days(rows, first, until, ZONE, EUR)
                agrees(found.then.counted, oracle, oracle.known, first, ZONE)
                agrees(found.now.counted, oracle, oracle.known, until, ZONE)
                assert (found.then.spent.amount, found.then.spent.left_out) == booked(oracle.known, first)
                assert (found.now.spent.amount, found.now.spent.left_out) == booked(oracle.known, until)
                came = len(found.changes.came_in)
                before, after = found.then.counted, found.now.counted
                stages = ("intake", "poc", "pilot", "rollout", "live", "retired", "stopped")
                here = [sum(side.of(f"stage-{stage}") for stage in stages) for side in (before, after)]
                assert here[1] == here[0] + came

    def test_two_units_are_what_the_rows_say(self, lena: User, ravi: User) -> None:
        Past(32, DAY, ZONE, lena, ravi).lives(30)
        rows = Initiative.objects.all()
        oracle = PastOracle(rows, DAY, ZONE)
        for other in ("finance", ""):
            found = two_units(rows, "legal", other, ZONE, EUR)
            for side, keep in (
                (found.one, lambda unit: unit == "legal"),
                (found.other, (lambda unit: unit == "finance") if other else (lambda unit: unit != "legal")),
            ):
                mine = [row for row in rows if keep(row.business_unit_key)]
                agrees(side.counted, oracle, [row.pk for row in mine], DAY, ZONE)
                running = [
                    row
                    for row in mine
                    if row.stage not in ("stopped", "retired") and row.currency in ("EUR", "")
                ]
                assert side.spent.amount == sum(
                    (row.budget_spent or Decimal(0) for row in running), Decimal(0)
                )

    def test_the_lists_behind_hold_those_that_were_counted(self, lena: User, ravi: User) -> None:
        Organisation.objects.update(time_zone="Pacific/Auckland")
        Past(33, DAY, ZONE, lena, ravi).lives(24)
        rows, first = Initiative.objects.all(), DAY - timedelta(days=200)
        found = two_days(rows, first, DAY, ZONE, EUR)
        for side, day in ((found.then, first), (found.now, DAY)):
            for mark, count in side.counted.marks.items():
                behind = found_behind(rows, f"was:{day}.{mark}", DAY)
                assert behind is not None
                assert behind.rows.count() == count, (day, mark)
        for name in LISTS:
            behind = found_behind(rows, f"changed:{first}.{DAY}.{name}", DAY)
            assert behind is not None
            assert set(behind.rows) == {
                Initiative.objects.get(pk=one.pk) for one in found.changes.list_of(name)
            }
        rest = two_units(rows, "legal", "", ZONE, EUR).other
        for mark, count in rest.counted.marks.items():
            behind = found_behind(rows, f"was:{DAY}.{mark}.legal", DAY)
            assert behind is not None
            assert behind.rows.count() == count


class TestPage:
    @pytest.mark.parametrize("who", ["elsa", "omar"])
    def test_every_figure_is_the_length_of_the_list_it_leads_to(
        self, lena: User, ravi: User, request: pytest.FixtureRequest, who: str
    ) -> None:
        many(lena, ravi, 12)
        viewer = request.getfixturevalue(who)
        on = (today() - timedelta(days=25)).isoformat()
        for asked in ({"on": on}, {"unit": "claims", "on": on}, {"unit_a": "sales", "unit_b": "claims"}):
            page = shown(viewer, **asked)
            found = linked(page)
            for link in page.all("a"):
                share = re.fullmatch(r"(\d+) \(\d+ %\)", link.text.strip())
                if share:
                    found.append((link.attrs["href"], int(share[1])))
            assert len(found) > 8
            for href, count in found:
                assert listed(viewer, href) == count, href

    def test_ready_is_what_the_tile_counts_and_what_is_live_is_not_in_it(
        self, lena: User, ravi: User, ada: User, elsa: User
    ) -> None:
        for stage, count in (("pilot", 1), ("live", 2)):
            for _ in range(count):
                one = create(ada, stage=stage, people={"technical_lead": "lena"})
                make_ready(one, lena, ravi)
        rows = Initiative.objects.all()
        tiles = headline(rows, Rates("EUR", today(), {}))
        assert (tiles.ready, tiles.ready_live, tiles.ready_ahead) == (3, 2, 1)
        found = rows_of(shown(elsa, on=today().isoformat()), "Two days side by side")
        assert found["Ready for production, not yet live"][1] == "1" and "Ready" not in found
        scope = f"/initiatives/?behind=was:{today().isoformat()}.ready-ahead"
        assert listed(elsa, scope) == tiles.ready_ahead

    def test_it_says_what_is_better_and_what_is_worse(self, lena: User, elsa: User) -> None:
        late = overrun(lena)
        late.history.filter(stalled=True).update(on=today())
        create(lena, ago(60))
        rows = rows_of(shown(elsa), "Two days side by side")
        assert rows["Running"] == ["2", "2", "±0 the same"]
        assert rows["Stalled"] == ["0", "1", "+1 worse"]
        again = rows_of(shown(elsa, on=today().isoformat()), "Two days side by side")
        assert again["Stalled"] == ["1", "1", "±0 the same"]

    def test_what_was_not_recorded_then_is_said(self, lena: User, elsa: User) -> None:
        create(lena, stage="pilot", stage_since=today() - timedelta(days=300))
        page = shown(elsa)
        assert "Of 1 of the 1 that ran on" in page.text
        assert rows_of(page, "Two days side by side")["Readiness not recorded"] == ["1", "0", "−1 lower"]

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"on": "yesterday"}, "“yesterday” is not a day such as"),
            ({"against": "2999-01-01"}, "has not been, or is too long ago"),
            ({"on": "0001-01-01"}, "has not been, or is too long ago"),
            ({"on": "2026-01-02", "against": "2026-01-01"}, "they were exchanged"),
            ({"unit_a": "nowhere"}, "No unit that you may see is called “nowhere”"),
            ({"unit_b": SCRIPT}, "No unit that you may see is called"),
            ({"unit_a": "claims", "unit_b": "Claims"}, "A unit cannot be compared with itself"),
        ],
    )
    def test_what_it_cannot_understand_it_says(
        self, lena: User, elsa: User, asked: dict[str, str], said: str
    ) -> None:
        create(lena, business_unit="Claims")
        assert said in shown(elsa, **asked).text

    def test_whatever_an_address_holds_it_answers(self, lena: User, elsa: User) -> None:
        create(lena, business_unit=f"{SCRIPT} unit", name=SCRIPT)
        for name in ("on", "against", "unit_a", "unit_b"):
            for text in (SCRIPT, RTL, LONG[:3000], "a\x00b", "%", "", " "):
                response = pages(elsa).get("/portfolio/compare/", {name: text})
                assert response.status_code == 200
                assert SCRIPT not in response.content.decode()

    def test_nobody_learns_of_what_they_may_not_see(self, lena: User, omar: User) -> None:
        overrun(lena, visibility="team", business_unit="Secret unit", name="Hidden")
        create(lena, business_unit="Claims")
        for asked in ({}, {"unit_a": "secret unit"}, {"on": "2020-01-01"}):
            page = shown(omar, **asked)
            assert "Hidden" not in page.text
            assert "Secret unit" not in page.text
            assert rows_of(page, "Two days side by side")["Running"][1] == "1"

    def test_before_there_is_anything_and_without_units_it_says_so(self, lena: User, elsa: User) -> None:
        assert "Nothing to show yet" in shown(elsa).text
        create(lena, business_unit="")
        assert "No unit is named" in shown(elsa).text

    def test_it_asks_the_database_as_often_for_many_as_for_few(
        self, lena: User, ravi: User, elsa: User
    ) -> None:
        counts = []
        for count in (3, 12):
            many(lena, ravi, count)
            client = pages(elsa)
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/portfolio/compare/").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 32
