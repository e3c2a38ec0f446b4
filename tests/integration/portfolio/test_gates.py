"""The gates of all initiatives: each row, order, count and link, against rows that are gone through one by one."""

import re
from random import Random
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import Organisation, User
from readiness.portfolio.gates.views import PAGE_SIZE
from readiness.standing.models import GateStanding, Standing
from tests.fixtures import FIVE_GATES, create, pages, today
from tests.integration.portfolio.gates_oracle import GatesOracle, seen_by, stand_somewhere
from tests.integration.portfolio.raw import Raw
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

SORTS = ["unit", "name", "score", "days", *(f"gate.{gate}" for gate in FIVE_GATES)]


@pytest.fixture
def people(lena: User, ravi: User, elsa: User, omar: User) -> dict[str, User]:
    return {"elsa": elsa, "omar": omar, "lena": lena}


def portfolio_of(seed: int, count: int, lead: User, reviewer: User) -> None:
    """Initiatives at random with standings; some are of lena's team, some are kept to a team."""
    random = Random(seed)
    Raw(seed, today(), Organisation.get().zone, lead, reviewer).initiatives(count)
    for row in Initiative.objects.order_by("pk"):
        if random.random() < 0.3:
            row.team_roles.create(user=lead, role="technical_lead", since=row.created_at)
    stand_somewhere(random, today())


def page_of(by: User, **asked: object) -> Node:
    response = pages(by).get(f"/portfolio/gates/?{urlencode(asked, doseq=True)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def rows_of(page: Node) -> list[Node]:
    table = page.all("table", class_="gate-map")
    return [row for row in table[0].all("tr") if row.all("th", scope="row")][1:] if table else []


def names_on(page: Node) -> list[str]:
    return [row.one("th").all("bdi")[0].text for row in rows_of(page)]


def all_names(by: User, **asked: object) -> list[str]:
    """Through all pages by the links of the pager."""
    found: list[str] = []
    page = page_of(by, **asked)
    while True:
        found += names_on(page)
        following = [
            link for link in page.all("a", rel="next") if link.attrs["href"].startswith("/portfolio/gates/")
        ]
        if not following:
            return found
        page = read(pages(by).get(following[0].attrs["href"]))


def listed(by: User, href: str) -> int:
    found = read(pages(by).get(href)).by_id("found").text
    number = re.search(r"[\d,]+", found)
    assert number, found
    return int(number[0].replace(",", ""))


@pytest.mark.parametrize("seed", [1])
def test_every_order_is_that_of_the_rows_for_everybody(
    seed: int, people: dict[str, User], ravi: User
) -> None:
    portfolio_of(seed, 70, people["lena"], ravi)
    for who in people.values():
        oracle = GatesOracle(seen_by(who), today())
        for sort in SORTS:
            for asked in (sort, f"-{sort}"):
                assert all_names(who, sort=asked) == oracle.names(asked), (who.username, asked)


@pytest.mark.parametrize("seed", [3])
def test_each_box_head_and_count_is_what_the_rows_say(seed: int, people: dict[str, User], ravi: User) -> None:
    portfolio_of(seed, 40, people["lena"], ravi)
    for who in people.values():
        oracle = GatesOracle(seen_by(who), today())
        page = page_of(who)
        rows = {row.name: row for row in oracle.rows}
        for shown in rows_of(page):
            row = rows[shown.one("th").all("bdi")[0].text]
            score, days, *boxes = shown.all("td")
            assert days.text == ("–" if oracle.days(row) is None else f"{oracle.days(row):,}")
            assert score.one("a").attrs["href"] == f"/initiatives/AI-{row.pk:04d}/why/"
            for gate, box in zip(FIVE_GATES, boxes, strict=True):
                place = oracle.place(row, gate)
                if place is None:
                    assert box.text == "–"
                    continue
                link = box.one("a")
                assert link.attrs["href"] == f"/initiatives/AI-{row.pk:04d}/gates/{gate}/"
                assert link.one("span", class_="visually-hidden").text.endswith(f", {place.met} of 4 met")
                assert f"{place.met}/4" in link.text
        total, *heads = page.all("tr", class_="gate-map__head")
        assert [cell.one("span", aria_hidden="true").text for cell in total.all("td")[2:]] == oracle.counts()
        units = sorted({row.business_unit_key for row in oracle.rows}, key=lambda key: (key == "", key))
        assert len(heads) == len(units)
        for unit, head in zip(units, heads, strict=True):
            shown_counts = [cell.one("span", aria_hidden="true").text for cell in head.all("td")[2:]]
            assert shown_counts == oracle.counts(unit)


@pytest.mark.parametrize("seed", [5, 6])
def test_every_figure_is_the_count_of_the_list_that_it_leads_to(
    seed: int, people: dict[str, User], ravi: User
) -> None:
    portfolio_of(seed, 40, people["lena"], ravi)
    for who in people.values():
        for asked in ({}, {"unit": "legal"}, {"stage": "pilot", "technology": "llm"}):
            found = figures_of(page_of(who, **asked))
            assert asked or len(found) >= 30
            for href, number in found:
                assert listed(who, href) == number, (who.username, asked, href)


def figures_of(page: Node) -> list[tuple[str, int]]:
    """Each link to a list with the first number that stands in it, or beside it in its head."""
    found = []
    table = page.all(id="gates")
    for link in table[0].all("a") if table else []:
        href = link.attrs["href"]
        if not href.startswith("/initiatives/?"):
            continue
        head = link.parent if link.parent and link.parent.attrs.get("class") == "gate-map__unit" else link
        numbers = re.findall(
            r"\d[\d,]*", head.one("span", class_="table__sub").text if head is not link else link.text
        )
        if numbers:
            found.append((href, int(numbers[0].replace(",", ""))))
    return found


def test_what_is_left_out_is_said(people: dict[str, User], ravi: User) -> None:
    portfolio_of(7, 60, people["lena"], ravi)
    for who in people.values():
        expected = GatesOracle(seen_by(who), today()).left_out()
        text = page_of(who).by_id("gates").text
        assert min(expected.values()) > 0 or who.username != "elsa"
        for words, number in (
            (r"([\d,]+) initiatives? past intake", expected["shown"]),
            (r"([\d,]+) more (?:is|are) computed on", expected["elsewhere"]),
            (r"([\d,]+) (?:is|are) in intake", expected["intake"]),
            (r"([\d,]+) ha(?:s|ve) ended", expected["ended"]),
        ):
            said = re.search(words, text)
            assert (int(said[1]) if said else 0) == number, words


class TestFolding:
    def test_a_folded_unit_keeps_its_head_and_gives_its_rows_away(
        self, people: dict[str, User], ravi: User
    ) -> None:
        portfolio_of(8, 70, people["lena"], ravi)
        elsa = people["elsa"]
        oracle = GatesOracle(seen_by(elsa), today())
        legal = {row.name for row in oracle.rows if row.business_unit_key == "legal"}
        expected = [name for name in oracle.names("unit") if name not in legal]
        assert legal and all_names(elsa, fold="legal") == expected
        page = page_of(elsa, fold=["legal", " "])
        named = {head.one("bdi").text: head for head in page.all("tr", class_="gate-map__head")}
        for unit, folded in (("Legal", "false"), ("No unit named", "false"), ("Sales", "true")):
            link = named[unit].one(
                "a", class_="gate-map__fold" + (" gate-map__fold--up" if folded == "false" else "")
            )
            assert link.attrs["aria-expanded"] == folded
        again = parse_qs(urlsplit(named["Legal"].all("a")[0].attrs["href"]).query)
        assert again == {"fold": [" "]}
        assert [cell.text.split(" passed")[0] for cell in named["Legal"].all("td")[2:]]

    def test_all_are_folded_and_one_is_opened(self, people: dict[str, User], ravi: User) -> None:
        portfolio_of(9, 40, people["lena"], ravi)
        elsa = people["elsa"]
        oracle = GatesOracle(seen_by(elsa), today())
        assert all_names(elsa, fold="*") == []
        sales = [row.name for row in oracle.rows if row.business_unit_key == "sales"]
        assert sales and sorted(all_names(elsa, fold="*", open="sales")) == sorted(sales)
        page = page_of(elsa, fold="*", open="sales")
        assert [one.text for one in page.all("a") if one.text == "Unfold all"]
        assert "Page 1 of 1" in page.text


class TestSize:
    def test_it_asks_the_database_as_often_for_53_initiatives_as_for_3(
        self, people: dict[str, User], ravi: User
    ) -> None:
        portfolio_of(10, 9, people["lena"], ravi)
        few = {(name, sort): queries(who, sort) for name, who in people.items() for sort in SORTS}
        portfolio_more(11, 53, people["lena"], ravi)
        many = {(name, sort): queries(who, sort) for name, who in people.items() for sort in SORTS}
        assert many == few
        assert max(few.values()) <= 20

    def test_a_page_is_as_large_as_its_rows_whatever_there_is(
        self, people: dict[str, User], lena: User
    ) -> None:
        first = create(lena, stage="pilot", business_unit="Sales")
        for number in range(2 * PAGE_SIZE + 5):
            create_like(first, number)
        elsa = people["elsa"]
        assert [len(rows_of(page_of(elsa, page=page))) for page in (1, 2, 3, 99)] == [50, 50, 6, 6]
        assert [len(rows_of(page_of(elsa, page=page, sort="score"))) for page in (1, 2, 3, "x")] == [
            50,
            50,
            6,
            50,
        ]
        second = page_of(elsa, page=2)
        assert "continued" in second.all("tr", class_="gate-map__head")[1].text
        assert "51–100 of 106" in second.text


def portfolio_more(seed: int, count: int, lead: User, reviewer: User) -> None:
    """So many more beside what is there."""
    ParallelLimit.objects.all().delete()
    GateStanding.objects.all().delete()
    Standing.objects.all().delete()
    portfolio_of(seed, count, lead, reviewer)


def create_like(first: Initiative, number: int) -> None:
    """One more in the same place, quickly."""
    row = Initiative.objects.get(pk=first.pk)
    row.pk, row.name, row.name_key = None, f"Copy {number:03d}", f"copy {number:03d}"
    row.save()
    standing = Standing.objects.get(initiative=first)
    standing.pk = row.pk
    standing.save(force_insert=True)
    for gate in GateStanding.objects.filter(initiative=first, framework="five-gate"):
        gate.pk, gate.initiative = None, row
        gate.save()


def queries(by: User, sort: str) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/portfolio/gates/?sort={sort}").status_code == 200
    return len(asked)


class TestEdges:
    def test_before_anything_is_past_intake_it_says_so(self, lena: User, elsa: User) -> None:
        assert "Nothing to show yet" in page_of(elsa).text
        create(lena)
        page = page_of(elsa)
        assert "No initiative is past intake yet." in page.text
        assert "1 is in intake and left out." in page.text
        assert not page.all("table")

    def test_one_alone_stands_there(self, lena: User, elsa: User) -> None:
        create(lena, stage="pilot", name=f"{SCRIPT} {RTL} {EMOJI}", business_unit=f"{SCRIPT} unit")
        response = pages(elsa).get("/portfolio/gates/")
        assert SCRIPT not in response.content.decode()
        assert names_on(read(response)) == [f"{SCRIPT} {RTL} {EMOJI}"]
        assert "Data: Open, 0 of 4 met" in read(response).text

    @pytest.mark.parametrize(
        "asked",
        [
            *("sort=nothing", "sort=--unit", "sort=gate.nowhere", "page=-1", "page=x", "fold=%00"),
            *("fold=*&open=finance", "fold=" + "x" * 3000),
        ],
    )
    def test_what_nobody_understands_changes_nothing(self, asked: str, lena: User, elsa: User) -> None:
        create(lena, stage="pilot")
        response = pages(elsa).get(f"/portfolio/gates/?{asked}")
        assert response.status_code == 200
        assert names_on(read(response)) == ["Invoice triage"]

    @pytest.mark.parametrize(
        "asked",
        [
            *("gates", "gates:", "gates:nowhere", "gates:five-gate/data", "gates:five-gate/data/open"),
            *("gates:five-gate/nowhere/passed", "gates:five-gate/data/passed/x"),
            "gates:five-gate/data/passed/no-unit/x",
        ],
    )
    def test_a_list_that_nobody_asked_for_so_is_everything(self, asked: str, lena: User, elsa: User) -> None:
        create(lena)
        assert listed(elsa, f"/initiatives/?{urlencode({'behind': asked})}") == 1
