"""Money in the report, read back from the PDF, the workbook and the mail: the figures of the page of money."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.formats import date_format

from gates.models import Initiative, Kpi, Reading
from readiness import clock
from readiness.accounts.models import Organisation, User
from tests.fixtures import create
from tests.integration.portfolio.money_oracle import MoneyOracle, RawMoney, end_of
from tests.integration.portfolio.test_money import now, rate
from tests.integration.portfolio.test_page import listed
from tests.integration.reports.making import taken
from tests.integration.reports.test_monthly import FIRST, sent, subscribed, without_pdf
from tests.integration.reports.test_over_time import folded, page, rows_told
from tests.integration.reports.test_pdf import addresses, read, text_of
from tests.integration.reports.test_sheets import opened, rows_of
from tests.integration.workbench.markup import Node

pytestmark = pytest.mark.django_db
needs_pdf = pytest.mark.usefixtures("able_to_make_pdfs")
__all__ = ["without_pdf"]
CENT = Decimal("0.01")
NAMES = {
    "planned": "Planned for running initiatives",
    "spent": "Spent on running initiatives",
    "burn": "Burn a month of running initiatives",
    "stalled": "Spent on stalled ones",
    "stalled_burn": "Burn a month of stalled ones",
    "faded_out": "Spent on what faded out",
    "stopped": "Spent on what was stopped otherwise",
    "stopped_somehow": "Spent on what was stopped, not known how",
}
COLUMNS = ("Planned", "Spent", "Burn a month", "In stalled ones", "Faded out", "Stopped otherwise")


def live_ones(by: User) -> None:
    """Four that are live and promise value in money; of one currency there is no rate."""
    Organisation.objects.update(currency="EUR")
    rate("JPY", now() - timedelta(days=400), "0.0061")
    for unit, target, read_as in (("EUR", 100, 80), ("JPY", 50_000, None), ("", 70, 90), ("SEK", 10, 1)):
        one = create(by, stage="live", stage_since=now() - timedelta(days=50), budget={"spent": "1600"})
        kpi = Kpi.objects.create(
            initiative=one, name="Saved", kind="business", signal="value", unit=unit, target=target,
            created_at=clock.now(),
        )  # fmt: skip
        if read_as is not None:
            Reading.objects.create(
                kpi=kpi, on=now() - timedelta(days=10), value=read_as, source="typed", received_at=clock.now()
            )


@pytest.fixture
def scene(lena: User, ravi: User, ada: User) -> None:
    """Rows at random in three currencies, one in a currency without a rate, and the live ones."""
    RawMoney(11, now(), ZoneInfo("UTC"), lena, ravi).money(40)
    create(lena, stage="pilot", budget={"planned": "900", "spent": "300", "currency": "GBP"})
    live_ones(ada)


def in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, "ROUND_HALF_UP")


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def parts_of(shown: Node) -> list[tuple[str, list[list[str]]]]:
    return [
        ("Stage", rows_told(shown, "By stage")),
        ("Unit", rows_told(shown, "By business unit")),
    ]


def whole(cell: str) -> str:
    """What a cell of the page says of the amount itself."""
    found = re.match(r"[\d,]+|–", cell)
    assert found, cell
    return found[0]


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("who", ["elsa", "omar"])
def test_each_sum_of_the_workbook_is_what_the_rows_say(request: pytest.FixtureRequest, who: str) -> None:
    viewer = request.getfixturevalue(who)
    mine = Initiative.objects.visible_to(viewer)
    expected = MoneyOracle(mine, "EUR", now()).all()
    rows = {
        row["Figure"]: row
        for row in rows_of(opened(taken(viewer, "xlsx"))["Figures"])
        if row["Part"] == "Money"
    }
    assert any(one.without for one in expected.values()), "the scene has what no rate converts"
    for code, name in NAMES.items():
        one, row = expected[code], rows[name]
        assert number(row["Value"]) == (in_cents(one.amount) if one.within else None), name
        assert row["In"] == "EUR"
        if one.within:
            behind = row["The list behind it"].removeprefix(settings.FIVEGATES_URL)
            assert listed(viewer, behind) == len(one.within)
        missing = rows.get(f"{name}: in no sum, no rate of their currency")
        assert (missing["Value"] if missing else 0) == len(one.without)


@pytest.mark.usefixtures("scene")
def test_the_sheet_of_money_tells_the_tables_of_the_page(elsa: User) -> None:
    sheet = rows_of(opened(taken(elsa, "xlsx"))["Money"])
    assert sheet[0]["By"] == "All"
    for by, table in parts_of(page(elsa, "money")):
        lines = [row for row in sheet if row["By"] == by]
        assert len(lines) == len(table) > 2
        for line, (head, *cells) in zip(lines, table, strict=True):
            assert head.startswith(line["Name"]) and str(line["Initiatives"]) in head
            for column, cell in zip(COLUMNS, cells, strict=True):
                value = number(line[f"{column} (EUR)"])
                assert whole(cell) == ("–" if value is None else f"{value:,.0f}"), (line["Name"], column)
        for column in COLUMNS:
            head = f"{column} (EUR)"
            parts = sum((number(line[head]) or Decimal(0) for line in lines), Decimal(0))
            assert abs(parts - (number(sheet[0][head]) or 0)) <= CENT * len(lines)


@pytest.mark.usefixtures("scene")
def test_months_are_those_of_the_rows_and_carry_their_last_day(elsa: User) -> None:
    sheet = rows_of(opened(taken(elsa, "xlsx"))["Spent by month"])
    oracle = MoneyOracle(Initiative.objects.visible_to(elsa), "EUR", now())
    assert 2 < len(sheet) <= 12
    for row in sheet:
        day = row["End of"].date()
        assert day == min(end_of(day.replace(day=1)), now())
        of_it = oracle.month(day.replace(day=1))
        assert number(row["Spent, EUR"]) == (in_cents(of_it.amount) if of_it.within else None)
        assert (row["Initiatives"], row["In no sum: no rate"]) == (len(of_it.within), len(of_it.without))


def test_what_is_claimed_and_what_is_proved_stand_apart(elsa: User, ada: User) -> None:
    live_ones(ada)
    book = opened(taken(elsa, "xlsx"))
    value = {
        row["Figure"]: number(row["Value"]) for row in rows_of(book["Figures"]) if row["Part"] == "Value"
    }
    yen = 50_000 * Decimal("0.0061")
    assert value["Promised a month"] == 100 + 70 + yen, "what has no rate is in no sum"
    assert value["Measured a month"] == 80 + 90
    assert value["Promised, and not measured"] == yen
    rows = rows_of(book["Value"])
    told = [
        tuple(number(row[f"{head} (EUR)"]) for head in ("Promised a month", "Measured a month"))
        for row in rows
    ]
    expected = [(100, 80), (yen, None), (70, 90), (None, None)]
    assert len(told) == 4 and all(one in told for one in expected)
    assert [row["Months that pay for it"] for row in rows if row["Measured a month (EUR)"] == 80] == [20]


@pytest.mark.usefixtures("scene")
def test_amounts_are_numbers_of_two_decimals_and_the_day_of_the_rates_is_said(elsa: User) -> None:
    book = opened(taken(elsa, "xlsx"))
    cells = 0
    for name in ("Money", "Spent by month", "Value"):
        for column in book[name].iter_cols(min_row=1):
            if "EUR" in str(column[0].value):
                for cell in column[1:]:
                    if cell.value is not None:
                        assert (cell.data_type, cell.number_format) == ("n", "#,##0.00"), cell
                        cells += 1
    assert cells > 40
    assert {cell.number_format for cell in book["Spent by month"]["A"][1:]} == {"yyyy-mm-dd"}
    about = {row["What"]: row["Value"] for row in rows_of(book["About"])}
    assert about["Sums of money are in"] == f"EUR, at the rates known on {_day(now())}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


@needs_pdf
@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("who", ["elsa", "omar"])
def test_the_document_tells_the_money_of_the_page_and_leads_to_its_lists(
    request: pytest.FixtureRequest, who: str
) -> None:
    viewer = request.getfixturevalue(who)
    pdf, shown = read(taken(viewer, "pdf")), page(viewer, "money")
    text = folded(text_of(pdf))
    money = text[text.index(folded("In EUR, at the rates known on")) :]
    tiles = [one.one("p", class_="stat__value").text for one in shown.all("div", class_="stat")]
    assert len(tiles) == 5
    assert [told for told in tiles if folded(told) not in money] == []
    assert folded("left out of some of these sums") in money
    for _by, table in parts_of(shown):
        for row in table:
            assert "".join(folded(cell).replace("EUR", "") for cell in row) in money, row
    for label in ("Promised a month", "Measured a month", "Promised, and not measured"):
        amount = re.search(rf"{label} ([\d,]+ EUR)", shown.text)
        assert amount and folded(f"{label}{amount[1]}") in money
    lists = {
        href for one in shown.all("a") if (href := one.attrs.get("href", "")).startswith("/initiatives/?")
    }
    mine = {url.removeprefix(settings.FIVEGATES_URL) for url in addresses(pdf)}
    wanted = {href for href in lists if re.search(r"behind=(money|value)", href)}
    assert len(wanted) > 20
    # What is booked and estimated of a burn stands in the words of its tile there.
    in_words = ("stalled_burn", "stopped", "burn_booked", "burn_estimated")
    assert wanted - mine == {href for href in wanted - mine if any(one in href for one in in_words)}


@needs_pdf
def test_a_portfolio_of_which_nothing_is_known_claims_nothing(lena: User, elsa: User) -> None:
    create(lena)
    text = text_of(read(taken(elsa, "pdf")))
    assert "Nothing is known to be spent on running initiatives." in text and "0 EUR" not in text
    rows = rows_of(opened(taken(elsa, "xlsx"))["Figures"])
    assert {row["Value"] for row in rows if row["Part"] == "Money"} == {None}


@pytest.mark.usefixtures("without_pdf")
def test_the_mail_says_what_is_spent_stuck_claimed_and_proved(lena: User, elsa: User, ada: User) -> None:
    create(lena, budget={"planned": "9000", "spent": "5000"})
    subscribed(elsa)
    (message,) = sent(FIRST)
    html = message.alternatives[0][0]
    for line in ("Planned for running initiatives: 9,000 EUR", "Spent on running initiatives: 5,000 EUR"):
        assert line in message.body
        assert line in re.sub(r"</?strong>", "", html)
    assert "Promised a month" not in message.body, "what is not known is not told"
    create(lena, name="In pounds", budget={"planned": "10", "currency": "GBP"})
    subscribed(ada)
    told = [one for one in sent(FIRST) if one.to == [ada.email]][0].body
    assert "1 initiative is missing in some of it: no rate for its currency." in told
