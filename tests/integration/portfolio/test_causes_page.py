"""The page of the causes: each figure is what the flags say one by one, and the count of the list it leads to."""

import re
from random import Random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, ParallelLimit
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.portfolio.causes import figures
from readiness.standing.definitions import root_causes
from readiness.standing.models import Flag, GateStanding, Standing
from tests.fixtures import create, pages, today
from tests.integration.portfolio.causes_oracle import CAUSES, CausesOracle, raise_flags
from tests.integration.portfolio.gates_oracle import seen_by, stand_somewhere
from tests.integration.portfolio.raw import Raw
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

COLUMNS = {"by-unit": "business_unit", "by-technology": "technology"}


@pytest.fixture
def people(lena: User, ravi: User, elsa: User, omar: User) -> dict[str, User]:
    return {"elsa": elsa, "omar": omar}


def portfolio_of(seed: int, count: int, lead: User, reviewer: User) -> None:
    """Initiatives at random with standings and flags; beyond those of the raw rows in many units."""
    random = Random(seed)
    for kind in (ParallelLimit, GateStanding, Standing):
        kind.objects.all().delete()
    Raw(seed, today(), Organisation.get().zone, lead, reviewer).initiatives(count)
    for number, row in enumerate(Initiative.objects.order_by("pk")):
        if number % 2:
            row.business_unit = f"Unit {random.randint(1, 16):02d}"
            row.business_unit_key = row.business_unit.lower()
        row.technology_key = row.technology.lower()
        row.save()
    stand_somewhere(random, today())
    raise_flags(random, today(), clock.now(), lead.pk)


def page_of(by: User, **asked: str) -> Node:
    response = pages(by).get(f"/portfolio/causes/?{urlencode(asked)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def figure(cell: Node) -> int:
    """The number in a cell; an empty one is none."""
    found = re.match(r"[\d,]+", cell.text)
    return int(found[0].replace(",", "")) if found else 0


def rows_of(page: Node, card: str) -> dict[str, list[Node]]:
    table = page.by_id(card).one("table")
    return {row.one("th").text: row.all("td") for row in table.one("tbody").all("tr")}


def listed(by: User, href: str) -> int:
    found = re.search(r"[\d,]+", read(pages(by).get(href)).by_id("found").text)
    assert found
    return int(found[0].replace(",", ""))


@pytest.mark.parametrize("seed", [21, 22])
def test_each_figure_is_what_the_flags_say(
    seed: int, people: dict[str, User], lena: User, ravi: User
) -> None:
    portfolio_of(seed, 60, lena, ravi)
    for who in people.values():
        oracle = CausesOracle(seen_by(who), today())
        page = page_of(who)
        shown = {name: [figure(cell) for cell in cells] for name, cells in rows_of(page, "causes").items()}
        names = {cause: root_causes()[cause].name for cause in CAUSES} | {"": "No cause named"}
        expected = {names[cause]: oracle.figures(cause) for cause in (*CAUSES, "")}
        assert shown == {name: told for name, told in expected.items() if any(told)}
        openness = [told[0] for told in shown.values()]
        assert openness == sorted(openness, reverse=True)
        for card, column in COLUMNS.items():
            check_matrix(page.by_id(card), column, oracle, names)


def check_matrix(card: Node, column: str, oracle: CausesOracle, names: dict[str, str]) -> None:
    heads = [one.text for one in card.one("thead").all("th")[1:]]
    unnamed = "No unit named" if column == "business_unit" else "No technology named"
    every = {getattr(row, column).lower() for row in oracle.rows if oracle.of(row)}
    named = {head: {"" if head == unnamed else head.lower()} for head in heads if "further" not in head}
    rest = every - set().union(*named.values())
    keys = [named.get(head, rest) for head in heads]
    with_name = every - {""}
    assert len(rest) == (0 if len(with_name) <= 13 else len(with_name) - 12)
    assert len(heads) == len(every) - len(rest) + bool(rest)
    assert (unnamed in heads) == ("" in every)
    for cause, name in names.items():
        cells = {row.one("th").text: row.all("td") for row in card.one("tbody").all("tr")}.get(name)
        told = [oracle.open_in(column, some, cause) for some in keys]
        assert cells is not None or not any(told)
        assert cells is None or [figure(cell) for cell in cells] == told, name
    totals = [figure(cell) for cell in card.one("tfoot").all("td")]
    assert totals == [oracle.open_in(column, some) for some in keys]
    sizes = [total for total, head in zip(totals, heads, strict=True) if head in named and head != unnamed]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("seed", [23])
def test_every_figure_is_the_count_of_the_list_that_it_leads_to(
    seed: int, people: dict[str, User], lena: User, ravi: User
) -> None:
    portfolio_of(seed, 50, lena, ravi)
    for who in people.values():
        for asked in ({}, {"stage": "pilot"}, {"unit": "legal"}):
            page = page_of(who, **asked)
            links = [
                link
                for link in page.all("a")
                if link.attrs["href"].startswith("/initiatives/?") and re.match(r"\d", link.text)
            ]
            assert asked or len(links) > 60
            for link in links:
                assert listed(who, link.attrs["href"]) == figure(link), (who.username, link.attrs["href"])


def test_a_cause_says_what_it_means_and_quotes_with_the_source(lena: User, elsa: User) -> None:
    create(lena, stage="pilot")
    Flag.objects.all().update(root_cause="change_management")
    meaning = page_of(elsa).by_id("cause-change_management")
    told = root_causes()["change_management"]
    assert told.research and told.rule_of_thumb
    for words in (told.name, told.sentence, told.ask, told.countermeasure):
        assert words in meaning.text
    quotes = [quote.text for quote in meaning.all("figure", class_="quote")]
    assert [f"{one.figure} {one.source}" for one in (told.research, told.rule_of_thumb)] == quotes


def test_each_symptom_leads_to_its_page_with_the_same_filters(lena: User, elsa: User) -> None:
    create(lena, stage="pilot", business_unit="Sales")
    links = [link.attrs["href"] for link in page_of(elsa, unit="sales").by_id("symptoms").one("ul").all("a")]
    assert len(links) == 8
    assert all(re.fullmatch(r"/portfolio/symptoms/\w+/\?unit=sales", href) for href in links)


def test_where_nothing_is_open_it_says_so(lena: User, elsa: User) -> None:
    assert "Nothing to show yet" in page_of(elsa).text
    create(lena)
    Flag.objects.all().delete()
    page = page_of(elsa)
    assert "No causes to show" in page.text
    assert not page.all("table")


def test_one_alone_beyond_the_columns_stands_there_itself(lena: User) -> None:
    for number in range(figures.COLUMNS + 1):
        create(lena, stage="pilot", business_unit=f"Unit {number:02d}")
    found = figures.matrix(Initiative.objects.all(), "unit")
    assert (len(found.columns), found.others) == (13, 0)
    create(lena, stage="pilot", business_unit="Unit 99")
    found = figures.matrix(Initiative.objects.all(), "unit")
    assert (len(found.columns), found.others) == (12, 2)


def test_what_names_none_is_a_column_of_its_own_beside_the_further_ones(lena: User, elsa: User) -> None:
    for number in range(figures.COLUMNS + 2):
        create(lena, stage="pilot", technology=f"Technology {number:02d}")
    for _ in range(3):
        create(lena, stage="pilot", technology="")
    card = page_of(elsa).by_id("by-technology")
    heads = [one.text for one in card.one("thead").all("th")]
    assert heads[-2:] == ["No technology named", "2 further technologies"]
    assert [figure(cell) for cell in card.one("tfoot").all("td")] == [*[1] * 12, 3, 2]
    assert "The 12 technologies with the most such initiatives; 2 more are one column." in card.text
    links = [cell.one("a").attrs["href"] for cell in card.one("tfoot").all("td")[-2:]]
    assert [listed(elsa, href) for href in links] == [3, 2]


@pytest.mark.parametrize(
    "asked",
    [
        *("confirmed:", "confirmed:nothing", "suspected:", "resolved:x", "stopped_for:nothing", "flagged:x"),
        *("beyond:", "beyond:unit", "beyond:vendor/momentum", "beyond:unit/nothing", "unnamed:unit/a/b"),
    ],
)
def test_a_list_that_nobody_asked_for_so_is_everything(asked: str, lena: User, elsa: User) -> None:
    create(lena)
    assert listed(elsa, f"/initiatives/?{urlencode({'behind': asked})}") == 1


def test_it_asks_the_database_as_often_for_53_initiatives_as_for_3(
    people: dict[str, User], lena: User, ravi: User
) -> None:
    portfolio_of(24, 3, lena, ravi)
    few = [queries(who) for who in people.values()]
    portfolio_of(25, 53, lena, ravi)
    assert [queries(who) for who in people.values()] == few
    assert max(few) <= 45


def queries(by: User) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/portfolio/causes/").status_code == 200
    return len(asked)
