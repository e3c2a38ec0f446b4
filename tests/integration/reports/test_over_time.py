"""How long it takes, how it went and what changed: a report tells the figures of the pages, and leads where they do."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import Organisation, Rate, User
from readiness.portfolio.scope import EVERYTHING
from readiness.reports.contents import gather
from readiness.reports.over_time import over_time
from tests.fixtures import create, pages
from tests.integration.portfolio.test_page import listed
from tests.integration.portfolio.test_time_page import live_scene
from tests.integration.reports.making import made, taken
from tests.integration.reports.test_pdf import addresses, read, structure, text_of
from tests.integration.reports.test_sheets import opened, rows_of, table
from tests.integration.workbench.initiatives.scenes import many
from tests.integration.workbench.markup import Node
from tests.integration.workbench.markup import read as read_page

pytestmark = pytest.mark.django_db
PAGES = ("time", "trend", "compare")
PARTS = {
    "Time to production", "Time in stage", "Readiness over time", "The optimism gap", "When enough will be met",
    "Since last month",
}  # fmt: skip
needs_pdf = pytest.mark.usefixtures("able_to_make_pdfs")


def page(by: User, name: str, query: str = "") -> Node:
    response = pages(by).get(f"/portfolio/{name}/{query}")
    assert response.status_code == 200
    return read_page(response)


def rows_told(shown: Node, caption: str) -> list[list[str]]:
    """The cells of a table, row by row; what only a screen reader hears is left out."""
    found = [
        one for one in shown.all("table") if one.all("caption") and one.all("caption")[0].text == caption
    ]
    assert len(found) == 1, caption
    for hidden in found[0].all("span", class_="visually-hidden"):
        hidden.parts = []
    rows = found[0].one("tbody").all("tr")
    return [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in rows]


def folded(text: str) -> str:
    """Without white space: where a cell breaks its lines is the paper's business."""
    return re.sub(r"\s", "", text)


@needs_pdf
@pytest.mark.parametrize("who", ["elsa", "omar"])
def test_the_document_tells_what_the_pages_of_the_same_person_tell(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str
) -> None:
    many(lena, ravi, 6)
    live_scene(lena, 12)
    viewer = request.getfixturevalue(who)
    text = folded(text_of(read(taken(viewer, "pdf"))))
    time, trend, compare = (page(viewer, name) for name in PAGES)
    for tile in time.by_id("production").all("div", class_="stat"):
        words = [tile.one("p", class_=f"stat__{part}").text for part in ("label", "value", "note")]
        assert folded(" ".join(words)) in text, words
    curve = "Share that went live, and that ended without, by time since the first day in intake"
    told = [
        *rows_told(time, curve), *rows_told(time, "Time in stage"), *rows_told(trend, "Figures month by month"),
        *rows_told(compare, "Two days side by side"),
    ]  # fmt: skip
    assert len(told) > 30
    assert [row for row in told if folded("".join(row)) not in text] == []
    for words in ("Half of what was begun is live after", "Drawn as long as 10 of them are still watched"):
        assert folded(words) in text
    for row in trend.by_id("gap").all("li", class_="bar-list__row") + trend.by_id("ahead").all(
        "li", class_="bar-list__row"
    ):
        assert folded(row.text) in text, row.text
    assert folded(trend.by_id("gap").all("p")[1].text) in text


@needs_pdf
def test_each_figure_of_it_leads_where_that_of_the_page_does(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    live_scene(lena, 12)
    there = addresses(read(taken(elsa, "pdf")))
    time, trend, compare = (page(elsa, name) for name in PAGES)
    parts = [time.by_id("production"), time.by_id("stages"), *(trend.by_id(one) for one in ("months", "gap"))]
    parts += [trend.by_id("ahead"), compare.by_id("days"), compare.by_id("who")]
    lists = {
        link.attrs["href"]
        for part in parts
        for link in part.all("a")
        if link.attrs.get("href", "").startswith("/initiatives/?")
    }
    assert len(lists) > 40
    assert {href for href in lists if settings.FIVEGATES_URL + href not in there} == set()


@needs_pdf
def test_its_curves_and_columns_are_drawn_and_said(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    live_scene(lena, 12)
    said = [str(one.get("/Alt", "")) for one in structure(read(taken(elsa, "pdf"))) if one["/S"] == "/Figure"]
    assert "Running initiatives by score" in said
    assert any(one.startswith("Share that went live, and that ended without") for one in said)


@needs_pdf
def test_under_ten_launches_it_gives_the_bare_counts(lena: User, elsa: User) -> None:
    live_scene(lena, 9)
    pdf = read(taken(elsa, "pdf"))
    text = folded(text_of(pdf))
    assert folded("Too few for a curve") in text
    assert folded("9 initiatives with known days went live. A curve is drawn from 10 on") in text
    assert folded("95 % band") not in text
    said = [str(one.get("/Alt", "")) for one in structure(pdf) if one["/S"] == "/Figure"]
    assert not any(one.startswith("Share that went live") for one in said)
    book = opened(taken(elsa, "xlsx"))
    assert "Time to production" not in book.sheetnames
    figures = {(row["Part"], row["Figure"]): row["Value"] for row in rows_of(book["Figures"])}
    assert figures["Time to production", "Went live"] == 9
    assert ("Time to production", "Half of what was begun is live after") not in figures


@pytest.mark.parametrize(("who", "query"), [("elsa", {}), ("omar", {}), ("elsa", {"stage": "live"})])
def test_each_figure_of_the_workbook_stands_with_a_list_as_long_as_it(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str, query: dict[str, str]
) -> None:
    many(lena, ravi, 6)
    live_scene(lena, 12)
    viewer = request.getfixturevalue(who)
    found = [
        row for row in rows_of(opened(taken(viewer, "xlsx", **query))["Figures"]) if row["Part"] in PARTS
    ]
    assert {row["Part"] for row in found} == PARTS
    assert len({(row["Part"], row["Figure"]) for row in found}) == len(found), "each is named once"
    counts = [row for row in found if not row["In"]]
    assert [row for row in counts if row["Value"] and not row["The list behind it"]] == []
    some = [row for row in counts if row["The list behind it"]]
    assert len(some) > 25
    for row in some:
        path = row["The list behind it"].removeprefix(settings.FIVEGATES_URL)
        assert listed(viewer, path) == row["Value"], row


def test_the_sheets_tell_the_figures_of_the_pages(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    live_scene(lena, 12)
    book = opened(taken(elsa, "xlsx"))
    time, trend, compare = (page(elsa, name) for name in PAGES)
    curve = "Share that went live, and that ended without, by time since the first day in intake"
    sheet = [list(row.values()) for row in rows_of(book["Time to production"])]
    for row, (_after, *cells) in zip(sheet, rows_told(time, curve), strict=True):
        assert [Decimal(str(value)) for value in row[2:]] == numbers(" ".join(cells)), row
    stages = rows_of(book["Time in stage"])
    for row, (stage, now, so_far, beyond, *_rest) in zip(
        stages, rows_told(time, "Time in stage"), strict=True
    ):
        assert [row["Stage"], row["In it now"], row["Beyond the plan"]] == [stage, int(now), int(beyond)]
        spread = [row[f"Days so far: {part}"] for part in ("Median", "Middle half, from", "Middle half, to")]
        assert [Decimal(str(value)) for value in spread if value is not None] == numbers(so_far)
    months = rows_of(book["Readiness over time"])
    for month, (_day, running, median, *cells) in zip(
        months, rows_told(trend, "Figures month by month"), strict=True
    ):
        _end, first, *marks, middle = month.values()
        assert [str(first), *map(str, marks)] == [running, *cells]
        assert numbers(median) == ([Decimal(str(middle))] if middle is not None else [])
    days = {row["Figure"]: list(row.values()) for row in rows_of(book["Since last month"])}
    told = [row for row in rows_told(compare, "Two days side by side") if not row[0].startswith("Spent")]
    assert len(told) > 10
    for name, *both, _difference in told:
        # A page may write more decimals than a sheet's number has.
        assert [_shown(value) for value in days[name][1:3]] == [_shown(cell) for cell in both], name


def numbers(text: str) -> list[Decimal]:
    return [Decimal(one.replace(",", "")) for one in re.findall(r"[\d,]+(?:\.\d+)?", text)]


def _shown(value: Any) -> str:
    return "–" if value in (None, "–") else f"{Decimal(str(value)).normalize():f}"


def test_the_figures_alone_are_those_of_the_workbook(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    report = made(elsa, "figs")
    answer = pages(elsa).get(f"/portfolio/reports/{report.pk}/file/")
    assert re.search(r'filename="portfolio-figures-[\d-]+\.csv"', answer["Content-Disposition"])
    found = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    sheet = rows_of(opened(taken(elsa, "xlsx"))["Figures"])
    assert [(row["Part"], row["Figure"], row["The list behind it"]) for row in found] == [
        (row["Part"], row["Figure"], row["The list behind it"] or "") for row in sheet
    ]
    for mine, theirs in zip(found, sheet, strict=True):
        assert (mine["Value"] == "") == (theirs["Value"] is None), mine
        if theirs["Value"] is not None:
            assert Decimal(mine["Value"]) == Decimal(str(theirs["Value"])), mine


def test_amounts_have_two_decimals_scores_one_and_counts_none(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    worth, on = Decimal("1.0123456789"), date(2020, 1, 1)
    Rate.objects.create(currency="CHF", into="EUR", on=on, rate=worth, entered_at=clock.now())
    for spent, currency in (("68000", "EUR"), ("300.50", "CHF")):
        create(lena, stage="pilot", budget={"spent": spent, "currency": currency})
    report = made(elsa, "figs")
    answer = pages(elsa).get(f"/portfolio/reports/{report.pk}/file/")
    found = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    forms = {"EUR": r"\d+\.\d\d", "points": r"\d+\.\d", "days": r"\d+(\.\d)?"}
    told = [row for row in found if row["Value"]]
    assert {row["In"] for row in told} >= {"EUR", "points"}
    assert [row for row in told if not re.fullmatch(forms.get(row["In"], r"\d+"), row["Value"])] == []
    assert [row["Value"] for row in found if row["Figure"] == "Spent on running initiatives"] == ["74304.21"]


def test_each_line_says_what_its_initiative_adds(lena: User, elsa: User) -> None:
    live_scene(lena, 4)
    today = clock.now().date()
    lines = table(taken(elsa, "csv"))
    first = today - timedelta(days=300)
    live = [
        row for row in lines if row["Stage"] == "Live" and row["First day in intake"] == first.isoformat()
    ]
    assert [row["Days to production"] for row in live] == ["50"]
    assert [row["Days to production"] for row in lines if row["Stage"] != "Live"] == [""] * (len(lines) - 5)
    planned = [row for row in lines if row["Planned days in the stage"] == "20"]
    assert [(row["Stage"], row["Beyond the plan"]) for row in planned] == [("PoC", "yes")]
    assert all(row["Why no forecast"] or row["Enough met: expected"] for row in lines)
    assert all(Decimal(row["Optimism gap"]) >= 0 for row in lines)


def test_it_asks_the_database_as_often_for_many_as_for_few(lena: User, elsa: User) -> None:
    def queries() -> int:
        found = gather(elsa, Organisation.get(), EVERYTHING, clock.now())
        with CaptureQueriesContext(connection) as asked:
            over_time(found)
        return len(asked)

    live_scene(lena, 3)
    few = queries()
    live_scene(lena, 30)
    assert queries() == few <= 18


def test_one_alone_and_none_at_all_have_all_of_it(lena: User, elsa: User) -> None:
    for count in (0, 1):
        book = opened(taken(elsa, "xlsx"))
        figures = {(row["Part"], row["Figure"]): row["Value"] for row in rows_of(book["Figures"])}
        assert figures["Time to production", "Still under way"] == count
        assert figures["Time in stage", "Intake: In it now"] == count
        assert len(rows_of(book["Readiness over time"])) == 1, "before the first there was nothing to tell"
        create(lena)
