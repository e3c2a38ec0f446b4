"""Money over the portfolio: each figure as the rows give it, its list, and only of what one may see."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, Kpi, Lesson, Reading, Spending
from gates.querysets import InitiativeQuerySet
from readiness import clock
from readiness.accounts.models import Organisation, Rate, User
from readiness.portfolio import figures, money
from readiness.portfolio.behind import found_behind
from readiness.portfolio.books import books, burn, rates_of, spent
from readiness.portfolio.currency import Sum
from readiness.portfolio.value_money import against_cost, promises, summed
from readiness.standing.definitions import research_figures
from readiness.standing.spending import burns
from tests.fixtures import api, create, pages, person
from tests.integration.portfolio.money_oracle import MoneyOracle, RawMoney, Told
from tests.integration.workbench.initiatives.scenes import overrun
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

PAGE = "/portfolio/money/"
CENT = Decimal("0.01")


HEADS = ("Spent", "Burn a month")


def rate(currency: str, on: date, worth: str, into: str = "EUR") -> None:
    Rate.objects.create(currency=currency, into=into, on=on, rate=Decimal(worth), entered_at=clock.now())


def now() -> date:
    return Organisation.get().day_of(clock.now())


def month(back: int) -> date:
    """The first day of the current month, or of one so many before."""
    number = now().year * 12 + now().month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def spend(one: Initiative, *amounts: int) -> Initiative:
    """What the months before the current one cost, the last one first."""
    for back, amount in enumerate(amounts, start=1):
        Spending.objects.create(initiative=one, month=month(back), kind="data", amount=amount)
    one.budget_spent = Decimal(sum(amounts))
    one.save()
    return one


def page(by: User, query: str = "") -> Node:
    response = pages(by).get(PAGE + query)
    assert response.status_code == 200
    found = read(response)
    assert complaints(found) == []
    return found


def told(rows: InitiativeQuerySet, code: str, found: Sum, today: date) -> Told:
    """A figure with the initiatives that its lists name."""
    lists = [found_behind(rows, f"{kind}:{code}", today) for kind in ("money", "not_converted")]
    within, without = ({one.pk for one in each.rows} for each in lists if each is not None)
    assert (len(within), len(without)) == (found.counted, found.left_out)
    return Told(found.amount, within, without)


def same(rows: InitiativeQuerySet, today: date) -> None:
    """Every figure over these rows is what the oracle finds, and so is every list behind one."""
    organisation = Organisation.get()
    rates = rates_of(organisation, today)
    kept, oracle = books(rows, today), MoneyOracle(rows, organisation.currency, today)
    expected = oracle.all()
    sums = money.all_lines(kept, rates)
    assert {code: told(rows, code, found, today) for code, found in sums.items()} == expected
    headline = figures.headline(rows, rates)
    assert (headline.spent, headline.spent_stalled) == (
        expected["spent"].amount, expected["stalled"].amount
    )  # fmt: skip
    assert headline.unconverted == len(expected["spent"].without)
    assert [one.amount for one in money.burn_of_stalled(rows, today, rates)] == [
        expected[code].amount for code in ("stalled_burn", "stalled_burn_estimated")
    ]
    for code in ("burn", "stalled_burn"):
        assert expected[code].amount == sum(
            expected[f"{code}_{part}"].amount for part in ("booked", "estimated")
        )
    for one in money.months(kept, rates).shown:
        of_it = oracle.month(one.month)
        assert (one.spent.amount, one.spent.counted, one.spent.left_out) == (
            of_it.amount, len(of_it.within), len(of_it.without)
        )  # fmt: skip
        behind = found_behind(rows, f"spent_in:{one.month:%Y-%m}", today)
        assert behind is not None and {row.pk for row in behind.rows} == of_it.within | of_it.without
    parts = [
        part for part in (*money.by_unit(kept, rates), *money.by_stage(kept, rates)) if part.key is not None
    ]
    for part in parts:
        for code, found in part.lines.items():
            if part.key in {one.unit_key for one in kept}:
                narrowed = rows.filter(business_unit_key=part.key)
                alone = MoneyOracle(narrowed, organisation.currency, today).all()[code]
                assert told(narrowed, code, found, today) == alone
            else:
                told(rows, f"{code}.{part.key}", found, today)
    for code in sums:
        whole = [sum(part.lines[code].counted for part in parts) for parts in (
            money.by_unit(kept, rates), money.by_stage(kept, rates)
        )]  # fmt: skip
        assert whole == [sums[code].counted] * 2


@pytest.mark.parametrize(
    ("seed", "today"), [(1, date(2026, 3, 29)), (2, date(2024, 2, 29)), (3, date(2025, 3, 31))]
)
def test_each_figure_is_what_the_rows_say(seed: int, today: date, lena: User, ravi: User, omar: User) -> None:
    Organisation.objects.update(currency="EUR")
    RawMoney(seed, today, ZoneInfo("UTC"), lena, ravi).money(40)
    same(Initiative.objects.all(), today)
    mia = person("mia")
    for viewer in (omar, mia):
        same(Initiative.objects.visible_to(viewer), today)


@pytest.mark.usefixtures("demo_portfolio")
def test_on_the_demo_it_is_what_the_rows_say() -> None:
    today = now()
    same(Initiative.objects.all(), today)
    omar = User.objects.get(username="omar")
    same(Initiative.objects.visible_to(omar), today)
    rates = rates_of(Organisation.get(), today)
    sums = money.all_lines(books(Initiative.objects.all(), today), rates)
    assert all(
        sums[code].is_known for code in ("planned", "spent", "burn", "stalled", "faded_out", "stopped")
    )
    assert sums["spent"].left_out > 0, "the demo shows what is left out"
    elsa = User.objects.get(username="elsa")
    shown = page(elsa)
    lists = set(re.findall(r'href="(/initiatives/\?[^"]*)"', pages(elsa).get(PAGE).content.decode()))
    assert len(lists) >= 20
    for address in sorted(lists)[::7]:
        listed = read(pages(elsa).get(address.replace("&amp;", "&")))
        assert complaints(listed) == []
    assert "GBP" in shown.text


def test_in_its_own_currency_burn_is_what_each_initiatives_page_says(lena: User) -> None:
    for amounts in ((100, 200, 400), (100,), ()):
        spend(create(lena, stage="pilot"), *amounts)
    create(lena, stage="pilot", budget={"spent": "9000"})
    rows, today = Initiative.objects.all(), now()
    found = money.line_sum("burn", books(rows, today), rates_of(Organisation.get(), today))
    assert found.amount == sum(one.a_month for one in burns(rows, today).values())


def burn_tile(by: User) -> str:
    return next(one.text for one in page(by).all("div", class_="stat") if "Burn a month" in one.text)


def test_a_burn_says_how_much_of_it_is_an_estimate(lena: User, elsa: User) -> None:
    spend(create(lena, stage="pilot"), 300, 300, 300)
    assert "estimated" not in burn_tile(elsa)
    create(lena, stage="pilot", budget={"spent": "500"})
    assert "800EUR 2 initiatives; partly estimated: 300 booked + 500 estimated" in burn_tile(elsa)
    text = page(elsa).text
    assert "of it booked 300 EUR 1 initiative" in text and "of it estimated 500 EUR 1 initiative" in text
    Spending.objects.all().delete()
    assert "1,400EUR 2 initiatives; estimated" in burn_tile(elsa)


def test_the_list_behind_a_sum_shows_what_each_spent_and_burns_and_is_ordered_by_it(
    lena: User, elsa: User
) -> None:
    spend(create(lena, stage="pilot", name="Dear"), 300, 300, 300)
    create(lena, stage="pilot", name="Fast", budget={"spent": "500"})
    create(lena, stage="pilot", name="No rate", budget={"spent": "9", "currency": "CHF"})

    def listed(query: str) -> list[tuple[str, str, str]]:
        rows = read(pages(elsa).get(f"/initiatives/?{query}")).one("tbody").all("tr")
        return [
            (row.one("th").one("a").text, *(row.one("td", **{"data-label": name}).text for name in HEADS))
            for row in rows
        ]

    dear, fast = ("Dear", "900 EUR", "300 EUR"), ("Fast", "500 EUR", "500 EURestimated")
    assert listed("behind=money:spent") == listed("behind=money:burn&sort=-spent") == [dear, fast]
    assert listed("behind=money:burn") == listed("behind=money:spent&sort=-burn") == [fast, dear]
    assert listed("behind=money:spent&sort=name") == [dear, fast]
    assert listed("behind=not_converted:spent") == [("No rate", "no rate", "no rateestimated")]
    for query in ("", "sort=-spent", "behind=reached:pilot"):
        shown = read(pages(elsa).get(f"/initiatives/?{query}"))
        assert "Burn a month" not in shown.text, "only behind a figure of money"


def test_blank_is_the_organisations_currency_and_another_one_is_never_counted_one_to_one(lena: User) -> None:
    Initiative.objects.filter(pk=create(lena, budget={"spent": "10"}).pk).update(currency="")
    create(lena, budget={"spent": "100", "currency": "CHF"})
    rows, today = Initiative.objects.all(), now()

    def headline() -> tuple[Decimal, int]:
        found = figures.headline(rows, rates_of(Organisation.get(), today))
        return found.spent, found.unconverted

    assert headline() == (10, 1)
    rate("CHF", today + timedelta(days=1), "5")
    rate("CHF", today, "9", into="USD")
    assert headline() == (10, 1)
    rate("CHF", today, "1.1")
    assert headline() == (Decimal(120), 0)
    Rate.objects.filter(into="EUR").delete()
    assert headline() == (10, 1)


def test_a_month_counts_at_the_rate_of_its_last_day_and_a_sum_at_todays(lena: User) -> None:
    spend(create(lena, stage="pilot", budget={"currency": "CHF"}), 300, 600)
    last = month(0) - timedelta(days=1)
    rates = [(month(1) - timedelta(days=1), "2"), (last, "3"), (now(), "5")]
    for on, worth in rates:
        rate("CHF", on, worth)
    create(lena, stage="pilot", budget={"currency": "CHF", "spent": "7", "planned": "11"})
    today = now()
    kept = books(Initiative.objects.all(), today)
    sums = money.all_lines(kept, rates_of(Organisation.get(), today))
    assert sums["spent"].amount == 300 * 3 + 600 * 2 + 7 * 5
    assert sums["planned"].amount == 11 * 5


def test_an_initiative_is_converted_whole_or_not_at_all(lena: User) -> None:
    """Of one month there is a rate, of an older one there is none: a part would pass for the whole."""
    one = spend(create(lena, stage="pilot", budget={"currency": "CHF"}), 300, *[0] * 5, 600)
    rate("CHF", month(1), "2")
    today = now()
    rates, (book,) = rates_of(Organisation.get(), today), books(Initiative.objects.all(), today)
    cost, a_month = spent(book, rates), burn(book, rates)
    assert cost is not None and a_month is not None
    assert (cost.value, list(cost.missing)) == (None, ["CHF"])
    assert a_month.value == 200, "the burn needs the last three months only"
    assert [gap.since for gap in money.left_out([book], rates).gaps] == [month(6) - timedelta(days=1)]
    assert one.pk == book.key


# --- The page -------------------------------------------------------------------------------------------------


def test_an_empty_portfolio_and_one_of_which_nothing_is_known(elsa: User, lena: User) -> None:
    assert "Nothing to show yet" in page(elsa).text
    create(lena)
    text = page(elsa).text
    for words in (
        "No initiative has entered what it spent by month", "Nothing is known to be spent on running initiatives",
        "Of nothing that was stopped is it known what it cost", "No spending is known", "Nothing is live",
    ):  # fmt: skip
        assert words in text
    tiles = [one.one("p", class_="stat__value").text for one in page(elsa).all("div", class_="stat")]
    assert set(tiles) == {"–"}, "what is not known is no zero"


def test_what_is_left_out_is_told_and_only_an_admin_is_led_to_a_rate(
    elsa: User, ada: User, lena: User
) -> None:
    create(lena, budget={"spent": "100", "planned": "5", "currency": "CHF"})
    create(lena, budget={"spent": "40"})
    shown = page(elsa)
    assert "1 initiative is left out of some of these sums" in shown.text and "CHF" in shown.text
    assert "1 initiative; 1 left out" in shown.text
    assert not any("rates" in href for href in shown.links().values())
    assert "An admin enters rates under Organisation." in shown.text
    link = f"/organisation/rates/?currency=CHF&on={now().isoformat()}"
    assert link in page(ada).links().values()
    form = read(pages(ada).get(link))
    assert form.one("input", name="currency").attrs["value"] == "CHF"
    assert form.one("input", name="on").attrs["value"] == now().isoformat()


def test_each_figure_leads_to_a_list_of_as_many(elsa: User, lena: User) -> None:
    for number in range(3):
        spend(create(lena, stage="pilot", business_unit="Legal", name=f"Pilot {number}"), 100)
    overrun(lena, budget={"spent": "5000.00", "planned": "9000"})
    create(lena, stage="pilot", budget={"spent": "7", "currency": "CHF"})
    for tile in page(elsa).all("div", class_="stat"):
        for link in tile.all("a"):
            count = re.search(r"(\d+) initiative", tile.text)
            listed = read(pages(elsa).get(link.attrs["href"])).one("tbody").all("tr")
            assert count and len(listed) == int(count[1]), link.attrs["href"]
    everything = page(elsa).links().values()
    assert any("unit=legal" in href and "money%3Aspent" in href for href in everything)
    assert any("money%3Aspent.pilot" in href for href in everything)


def test_what_faded_out_and_what_was_stopped_otherwise_stand_apart_and_by_the_stage_they_stood_in(
    elsa: User, lena: User
) -> None:
    for outcome, cost in (("faded_out", "70"), ("decided", "30"), ("agreed_criteria", "5"), (None, "2")):
        one = create(lena, stage="pilot", budget={"spent": cost})
        Initiative.objects.filter(pk=one.pk).update(stage="stopped")
        if outcome:
            Lesson.objects.create(
                initiative=one, tried="A", did_not_work="B", outcome=outcome, at=clock.now()
            )
    kept = books(Initiative.objects.all(), now())
    sums = money.all_lines(kept, rates_of(Organisation.get(), now()))
    assert [sums[code].amount for code in ("faded_out", "stopped", "stopped_somehow")] == [70, 35, 2]
    (stage,) = money.by_stage(kept, rates_of(Organisation.get(), now()))
    assert (stage.key, stage.lines["faded_out"].amount) == ("pilot", 70)
    text = page(elsa).text
    assert "Faded out 70 EUR 1 initiative" in text and "Stopped, not known how 2 EUR" in text


def test_value_is_converted_and_what_is_not_measured_is_told(elsa: User, lena: User, ada: User) -> None:
    today = now()

    def live(unit: str, target: int, read_as: int | None, cost: str, currency: str = "EUR") -> Initiative:
        one = create(
            ada,
            stage="live",
            stage_since=today - timedelta(days=50),
            budget={"spent": cost, "currency": currency},
        )
        kpi = Kpi.objects.create(
            initiative=one, name="Saved", kind="business", signal="value", unit=unit, target=target,
            created_at=clock.now(),
        )  # fmt: skip
        if read_as is not None:
            Reading.objects.create(
                kpi=kpi, on=today - timedelta(days=10), value=read_as, source="typed", received_at=clock.now()
            )
        return one

    live("EUR a month", 100, 80, "1600")
    live("", 50, None, "900", "CHF")
    live("USD", 10, 20, "300")
    rate("CHF", today - timedelta(days=1), "2")
    rate("USD", today - timedelta(days=30), "3")
    rate("USD", today - timedelta(days=5), "4")
    rates, rows = rates_of(Organisation.get(), today), Initiative.objects.all()
    found = promises(rows, today, rates)
    assert summed(found.promised, rates).amount == 100 + 50 * 2 + 10 * 4
    assert summed(found.measured, rates).amount == 80 + 20 * 3, "a reading counts at the rate of its day"
    assert summed(found.unmeasured, rates).amount == 50 * 2
    against = against_cost(books(rows, today), found, rates)
    assert [(one.cost, one.measured, one.months) for one in against] == [(1600, 80, 20), (300, 60, 5)]
    text = page(elsa).text
    assert "Promised a month 240 EUR" in text and "Measured a month 140 EUR" in text
    assert "1 initiative; 42 % of what is promised" in text
    for code, count in (("promised", 3), ("measured", 2), ("unmeasured", 1)):
        behind = found_behind(rows, f"value:{code}", today)
        assert behind is not None and behind.rows.count() == count


def test_published_figures_are_quoted_with_their_source(elsa: User, lena: User) -> None:
    create(lena)
    quotes = page(elsa).all("figure", class_="quote")
    expected = [
        one for shown in ("money", "value") for one in research_figures().values() if one.shown == shown
    ]
    assert len(quotes) == len(expected) >= 2
    for quote, one in zip(quotes, expected, strict=True):
        assert one.figure in quote.text and one.source in quote.text


def test_nobodys_figures_count_what_they_may_not_see(lena: User, omar: User, elsa: User) -> None:
    create(
        lena,
        visibility="team",
        name="Hidden",
        business_unit="Secret unit",
        budget={"spent": "31337", "currency": "CHF"},
    )
    create(lena, budget={"spent": "40"})
    rate("CHF", now(), "1")
    assert "31,377 EUR" in page(elsa).text and "Hidden" in page(elsa).text
    text = page(omar).text
    assert "31,3" not in text and "Hidden" not in text and "Secret unit" not in text and "CHF" not in text
    Rate.objects.all().delete()
    assert "left out" not in page(omar).text
    nobody = person("nils")
    assert "Nothing to show yet" in page(nobody).text


@pytest.mark.parametrize(
    "asked",
    ["money:", "money:spent.nowhere", "money:other", "spent_in:2026", "spent_in:2026-13", "value:", "value:other",
     "not_converted:other", "money:spent.pilot.", "money:\x00"],
)  # fmt: skip
def test_a_list_that_nobody_knows_is_left_out(asked: str) -> None:
    assert found_behind(Initiative.objects.all(), asked, date(2026, 3, 1)) is None


def _queries(by: User) -> int:
    client = pages(by)
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(PAGE).status_code == 200
    return len(asked)


def test_it_asks_the_database_as_often_for_50_initiatives_as_for_3(
    lena: User, elsa: User, omar: User
) -> None:
    def some(numbers: Iterable[int]) -> None:
        for number in numbers:
            currency = ("EUR", "CHF", "USD")[number % 3]
            one = create(
                lena, stage="pilot", business_unit=f"Unit {number % 20}", budget={"currency": currency}
            )
            spend(one, 100, 200)

    rate("CHF", date(2020, 1, 1), "1.1")
    some(range(3))
    few = [_queries(viewer) for viewer in (elsa, omar)]
    some(range(3, 50))
    assert [_queries(viewer) for viewer in (elsa, omar)] == few


def test_rest_tells_what_is_not_converted(lena: User, elsa: User) -> None:
    create(lena, budget={"spent": "100", "currency": "CHF"})
    create(lena, budget={"spent": "40"})
    headline = api(elsa).get("portfolio/").json()["headline"]
    assert (headline["spent"], headline["currency"], headline["unconverted"]) == ("40.00", "EUR", 1)
    rate("CHF", now(), "1.5")
    headline = api(elsa).get("portfolio/").json()["headline"]
    assert (headline["spent"], headline["unconverted"]) == ("190.00", 0)
