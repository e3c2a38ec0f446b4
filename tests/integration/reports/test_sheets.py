"""The workbook and the table, opened again: what people typed is text, and figures are the page's."""

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.starting import choose_starting
from readiness.audit.recording import Actor
from readiness.portfolio.scope import EVERYTHING
from readiness.reports import lines
from readiness.reports.contents import gather
from readiness.standing.models import Flag
from tests.fixtures import create, today
from tests.integration.portfolio.test_page import listed, portfolio, tiles
from tests.integration.reports.making import taken
from tests.integration.workbench.initiatives.scenes import many, overrun
from tests.own_frameworks import own_text, published

pytestmark = pytest.mark.django_db

FIVE = ("Data", "Architecture", "Integration", "Governance", "Adoption")
HOSTILE = ["=cmd|' /C calc'!A0", "=1+1", "+1", "@SUM(1)", "-2", "＝1+1", "#REF!", " =1", 'a"b;c,d\ne']
SHEETS = [
    "About", "Figures", "Time in stage", "Readiness over time", "Since last month", "Initiatives", "Money",
    "Spent by month", "Value", "Stalled", "Gates",
]  # fmt: skip


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_no_name_is_ever_a_formula_in_the_workbook(lena: User, elsa: User) -> None:
    for text in HOSTILE:
        overrun(lena, name=text, business_unit=text, technology=text, vendor=text, tags=[text])
    book = opened(taken(elsa, "xlsx"))
    assert book.sheetnames == SHEETS
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type in ("f", "e")] == []
    names = sorted(row["Initiative"] for row in rows_of(book["Initiatives"]))
    assert names == sorted(Initiative.objects.values_list("name", flat=True)), (
        "and each stays as it was typed"
    )
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "@")))


def test_nor_does_one_begin_as_a_formula_in_the_table(lena: User, elsa: User) -> None:
    for text in HOSTILE:
        overrun(lena, name=text, business_unit=text, technology=text, vendor=text, tags=[text])
    found = table(taken(elsa, "csv"))
    assert len(found) == len(HOSTILE)
    for row in found:
        for value in row.values():
            assert not value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")), value
    names = {row["Initiative"].removeprefix("'") for row in found}
    assert names == set(Initiative.objects.values_list("name", flat=True))


@pytest.mark.parametrize("who", ["elsa", "omar"])
def test_each_initiative_that_the_person_may_see_is_on_one_line(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str
) -> None:
    many(lena, ravi, 7)
    create(lena, name="Kept among us", visibility="team")
    viewer = request.getfixturevalue(who)
    mine = {one.ref: one for one in Initiative.objects.visible_to(viewer).select_related("standing")}
    for data in (rows_of(opened(taken(viewer, "xlsx"))["Initiatives"]), table(taken(viewer, "csv"))):
        assert {row["Reference"] for row in data} == set(mine) and len(data) == len(mine)
        for row in data:
            one = mine[row["Reference"]]
            assert row["Initiative"] == one.name
            assert Decimal(str(row["Score"])) == one.standing.score
            assert (row["Stalled"] == "yes") == one.standing.stalled
            assert (row["Spent"] in (None, "")) == (one.budget_spent is None), "not known is not zero"
            if one.budget_spent is not None:
                assert Decimal(str(row["Spent"])) == one.budget_spent
            since = row["In the stage since"]
            day = since.date().isoformat() if isinstance(since, datetime) else since
            assert (day or "") == (one.stage_since.isoformat() if one.stage_since else "")
            flags = Flag.objects.filter(initiative=one, resolved_at__isnull=True).count()
            assert len([title for title in str(row["Open flags"] or "").split("; ") if title]) == flags
            assert row["Link"].endswith(f"/initiatives/{one.ref}/")


@pytest.mark.parametrize(("who", "unit"), [("elsa", ""), ("elsa", "claims"), ("omar", "")])
def test_each_figure_stands_with_the_list_behind_it_which_counts_the_same(
    lena: User, ravi: User, request: pytest.FixtureRequest, settings: Any, who: str, unit: str
) -> None:
    many(lena, ravi, 7)
    viewer = request.getfixturevalue(who)
    figures = rows_of(opened(taken(viewer, "xlsx", unit=unit))["Figures"])
    shown = {(row["Part"], row["Figure"]): row["Value"] for row in figures}
    page = tiles(portfolio(viewer, unit=unit))
    for label in ("Running", "Ready for production", "Conditional", "Stalled"):
        assert shown["At a glance", label] == page[label]
    counted = [
        row for row in figures if not row["In"] and row["The list behind it"] and row["Part"] != "Value"
    ]
    assert len(counted) >= 25
    for row in counted:
        path = row["The list behind it"].removeprefix(settings.FIVEGATES_URL)
        assert listed(viewer, path) == row["Value"], row


def test_the_stalled_ones_are_all_there(lena: User, elsa: User) -> None:
    for number in range(15):
        overrun(lena, name=f"Stalled {number}")
    found = rows_of(opened(taken(elsa, "xlsx"))["Stalled"])
    assert {row["Initiative"] for row in found} == {f"Stalled {number}" for number in range(15)}
    assert all(row["Why it is stalled"] and row["Days in stage"] >= 300 for row in found)


def test_whose_view_it_is_and_of_when_stands_in_it(lena: User, elsa: User) -> None:
    create(lena, business_unit="Sales")
    about = rows_of(opened(taken(elsa, "xlsx", unit="sales"))["About"])
    said = {row["What"]: row["Value"] for row in about}
    assert said["Made for"] == "Elsa" and said["Business unit"] == "Sales" and said["Initiatives"] == 1


def test_as_many_queries_for_fifty_as_for_three(lena: User, elsa: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            found = gather(elsa, Organisation.get(), EVERYTHING, clock.now())
            assert len(list(lines.lines(found))) == Initiative.objects.count()
        return len(made)

    for number in range(3):
        create(lena, name=f"One {number}")
    few = queries()
    for number in range(47):
        create(lena, name=f"More {number}")
    assert queries() == few


def test_a_unit_is_told_the_gates_of_the_frameworks_that_its_initiatives_are_computed_on(
    lena: User, elsa: User, ada: User
) -> None:
    create(lena, name="Older", business_unit="Legal", stage="pilot", stage_since=today())
    published(own_text())
    choose_starting(["house"], Actor.person(ada), clock.now())
    create(lena, name="Own", business_unit="Claims", stage="pilot", stage_since=today())
    book = opened(taken(elsa, "xlsx"))
    gates = [(row["Business unit"], row["Gate"], row["Past intake"]) for row in rows_of(book["Gates"])]
    assert sorted(gates) == sorted(
        [
            *(("Claims", name, 1) for name in ("Idea", "Build", "Run")),
            *(("Legal", name, 1) for name in FIVE),
        ]
    )
