"""The pages of the symptoms and the same over REST: figures, lists, units, and what nobody may ask for."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import User
from readiness.portfolio.symptoms.answers import Code
from readiness.portfolio.symptoms.board import BEHIND_SHOWN
from readiness.portfolio.symptoms.window import window
from readiness.portfolio.symptoms.words import DEFINITIONS
from tests.fixtures import api, create, pages, today
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT, many
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

FIRST = Code.PILOTS_WITHOUT_LAUNCH.value


def page_of(by: User, path: str = "", **asked: str) -> Node:
    response = pages(by).get(f"/portfolio/symptoms/{path}?{urlencode(asked)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def card(page: Node, code: str = FIRST) -> Node:
    return page.one("section", id=code)


def pilots(lead: User, count: int, **facts: Any) -> list[Initiative]:
    return [create(lead, stage="pilot", name=f"Pilot {number:02d}", **facts) for number in range(count)]


def test_every_symptom_has_a_card_with_figure_state_cause_and_what_helps(lena: User) -> None:
    pilots(lena, 4)
    page = page_of(lena)
    for code, definition in DEFINITIONS.items():
        said = card(page, code.value).text
        assert definition.title in said
        assert definition.what_to_do in said
    first = card(page)
    assert "0 of 4 pilots" in first.text
    assert "Seen here" in first.text
    assert "Suspected root cause. No path to production" in first.text
    assert "Cannot tell yet" in card(page, "over_the_limit").text
    assert [link.text for link in first.all("ul")[0].all("a")] == [f"Pilot {n:02d}" for n in range(4)]


def test_the_portfolio_leads_there_with_its_unit(lena: User) -> None:
    pilots(lena, 1, business_unit="R & D")
    response = pages(lena).get("/portfolio/?" + urlencode({"unit": "R & D"}))
    links = [link.attrs["href"] for link in read(response).all("a")]
    assert "/portfolio/symptoms/?unit=r+%26+d" in links


def test_a_unit_is_shown_alone_and_all_are_compared(lena: User) -> None:
    pilots(lena, 4, business_unit="Claims")
    pilots(lena, 1, business_unit="Legal")
    alone = page_of(lena, unit=" LEGAL ")
    assert "0 of 1 pilots" in card(alone).text
    assert "1 initiative (Legal)." in alone.text
    rows = alone.one("tbody").all("tr")
    assert [row.all("th")[0].text for row in rows] == ["Claims4 initiatives", "Legal1 initiative"]
    assert [row.all("td")[0].text for row in rows] == ["Seen here0 of 4 pilots", "Not seen0 of 1 pilots"]
    assert rows[0].all("th")[0].all("a")[0].attrs["href"] == "/portfolio/symptoms/?unit=claims"
    assert all(len(row.all("td")) == len(Code) for row in rows)


def test_a_long_list_leads_to_all_of_it_in_pages(lena: User) -> None:
    pilots(lena, 53, business_unit="Claims")
    first = card(page_of(lena, unit="claims"))
    assert len(first.all("ul")[0].all("a")) == BEHIND_SHOWN
    everything = [link for link in first.all("a") if link.text.startswith("All ")][0]
    assert everything.text.startswith("All 53")
    assert everything.attrs["href"] == f"/portfolio/symptoms/{FIRST}/?unit=claims"
    behind = page_of(lena, f"{FIRST}/", unit="claims")
    assert len(behind.one("tbody").all("tr")) == 50
    assert "0 of 53 pilots" in behind.text
    assert len(page_of(lena, f"{FIRST}/", unit="claims", page="2").one("tbody").all("tr")) == 3
    assert len(page_of(lena, f"{FIRST}/", unit="claims", page="x").one("tbody").all("tr")) == 50
    assert "Nothing to show yet" in page_of(lena, f"{FIRST}/", unit="legal").text
    assert "Nothing behind it" in page_of(lena, "stuck_before_integration/").text


@pytest.mark.parametrize("unit", [SCRIPT, EMOJI, RTL, "a\x00b", "x" * 5000, "%", "'"])
def test_any_unit_may_be_asked_for(lena: User, unit: str) -> None:
    pilots(lena, 1)
    for path in ("", f"{FIRST}/"):
        response = pages(lena).get(f"/portfolio/symptoms/{path}", {"unit": unit})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_names_are_shown_as_they_are(lena: User) -> None:
    create(lena, stage="pilot", name=SCRIPT, business_unit=f"{SCRIPT} {RTL}")
    create(lena, stage="pilot", name=EMOJI, business_unit="Other")
    page = page_of(lena)
    assert {SCRIPT, EMOJI} <= {link.text for link in page.all("a")}


def test_without_anything_it_says_so(lena: User) -> None:
    assert "Nothing to show yet" in page_of(lena).text


@pytest.mark.parametrize("code", ["nothing", "over-the-limit", "OVER_THE_LIMIT"])
def test_a_symptom_that_does_not_exist_is_not_there(lena: User, code: str) -> None:
    assert pages(lena).get(f"/portfolio/symptoms/{code}/").status_code == 404


# --- In the frame of the portfolio ------------------------------------------------------------------------------


def listed(by: User, href: str) -> int:
    found = read(pages(by).get(href)).by_id("found").text
    return int(found.split()[0].replace(",", ""))


def counts(words: Node) -> list[tuple[str, int]]:
    """Every whole number of these words that leads to a list, with the list."""
    numbers = [(link.attrs["href"], link.text.replace(",", "")) for link in words.all("a")]
    return [(href, int(number)) for href, number in numbers if number.isdigit()]


def told_lists(page: Node) -> list[tuple[str, int]]:
    """Every list that a page leads to, with how many it says are in it; sums of money are no such number."""
    found = []
    for one in page.one("div", class_="symptoms").all("section"):
        assert not one.all("p", class_="small strong") or one.all("p", class_="small strong")[0].all("a")
        for words in one.all("p", class_="small strong") + one.all("p", class_="symptom__figure"):
            found += counts(words) if "EUR" not in words.text else []
    for cell in page.all("td"):
        found += counts(cell) if "EUR" not in cell.text else []
    return found


def mixed(lead: User, reviewer: User) -> None:
    """Pilots of two units with what the filters ask for, one over its limit, and some in every situation."""
    many(lead, reviewer, 6)
    facts = {"technology": "Python", "vendor": "Acme", "tags": ["early"], "budget": {"spent": "5000.00"}}
    pilots(lead, 4, business_unit="Claims", **facts)
    pilots(lead, 2, business_unit="Legal", technology="Java", budget={"spent": "700.00"})
    pilots(lead, 1, business_unit="Legal", visibility="team", vendor="Acme")
    ParallelLimit.objects.create(stage="pilot", most=3)


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ("elsa", {}),
        ("omar", {}),
        ("elsa", {"unit": "claims"}),
        ("elsa", {"stage": "pilot"}),
        ("elsa", {"vendor": "acme"}),
        ("lena", {"unit": "claims", "technology": "python", "tag": "early", "since": "2020-01-01"}),
    ],
)
def test_each_figure_leads_to_a_list_as_long_as_it_says(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str, asked: dict[str, str]
) -> None:
    mixed(lena, ravi)
    viewer = request.getfixturevalue(who)
    page = page_of(viewer, **asked)
    lists = told_lists(page)
    assert len(lists) >= 5
    for href, count in lists:
        assert listed(viewer, href) == count > 0, href
    for link in page.one("div", class_="symptoms").all("a"):
        if "behind=symptom" in link.attrs["href"]:
            assert listed(viewer, link.attrs["href"]) > 0, "what leads to a list leads to something"


def test_the_filters_narrow_what_is_counted_and_go_on_to_the_lists(
    lena: User, ravi: User, elsa: User
) -> None:
    mixed(lena, ravi)
    page = page_of(elsa, vendor="ACME", stage="pilot")
    assert "0 of 5 pilots" in card(page).text
    assert "The filters choose initiatives as they are today." in page.text
    chips = [one.text for one in page.all("a", class_="scope__chip")]
    assert len(chips) == 2 and "Acme" in " ".join(chips) and "Pilot" in " ".join(chips)
    href = card(page).one("p", class_="symptom__figure").one("a").attrs["href"]
    assert "vendor=acme" in href and "stage=pilot" in href and "behind=symptom" in href
    behind = page_of(elsa, f"{FIRST}/", vendor="acme", stage="pilot")
    assert len(behind.one("tbody").all("tr")) == 5
    assert "The filters choose" not in page_of(elsa).text


def test_a_limit_is_held_against_a_whole_unit_only(lena: User, elsa: User) -> None:
    pilots(lena, 4, business_unit="Claims", vendor="Acme")
    ParallelLimit.objects.create(stage="pilot", most=3)
    for asked in ({}, {"unit": "claims"}, {"stage": "pilot"}):
        assert "1 of 4 initiatives" in card(page_of(elsa, **asked), "over_the_limit").text
    ParallelLimit.objects.all().delete()
    pilots(lena, 3, business_unit="Claims")
    ParallelLimit.objects.create(stage="pilot", most=3)
    narrowed = card(page_of(elsa, vendor="acme"), "over_the_limit")
    assert "Cannot tell yet" in narrowed.text and "take away the other filters" in narrowed.text
    assert not narrowed.one("p", class_="symptom__figure").all("a")
    causes = read(pages(elsa).get("/portfolio/causes/?vendor=acme")).by_id("symptoms").text
    assert "Cannot tell yet More in parallel than was agreed" in causes


def test_it_is_a_page_of_the_portfolio_like_the_others(lena: User, elsa: User) -> None:
    pilots(lena, 1, business_unit="Claims")
    for path in ("", f"{FIRST}/"):
        page = page_of(elsa, path, unit="claims")
        tab = page.one("a", href="/portfolio/symptoms/?unit=claims", aria_current="page")
        assert tab.text == "Symptoms"
        assert (
            page.one("form", role="search", class_="scope__form").attrs["action"]
            == f"/portfolio/symptoms/{path}"
        )
        assert page.has_id("figures") and page.has_id("basis") and page.all("p", data_live="")
    saved = page_of(elsa, unit="claims").one("form", class_="views__save")
    fields = {
        one.attrs["name"]: one.attrs.get("value", "") for one in saved.all("input") if "name" in one.attrs
    }
    assert (fields["page"], fields["query"]) == ("symptoms", "unit=claims")
    assert not page_of(elsa, f"{FIRST}/").all("form", class_="views__save"), "what lies behind is no view"


def test_an_open_page_is_kept_up_to_date(lena: User, elsa: User) -> None:
    pilots(lena, 1)
    asks = {"fivegates-live": "1"}
    for path in ("", f"{FIRST}/"):
        url = f"/portfolio/symptoms/{path}"
        tag = pages(elsa).get(url, headers=asks)["ETag"]
        assert pages(elsa).get(url, headers=asks | {"if-none-match": tag}).status_code == 304
        create(lena)
        assert pages(elsa).get(url, headers=asks | {"if-none-match": tag}).status_code == 200


def test_it_asks_as_often_for_many_as_for_few(
    lena: User, ravi: User, elsa: User, query_count: Callable[[Callable[[], object]], int]
) -> None:
    mixed(lena, ravi)
    paths = ("", f"{FIRST}/", f"{FIRST}/?vendor=acme")

    def counts() -> list[int]:
        return [
            query_count(lambda path=path: pages(elsa).get(f"/portfolio/symptoms/{path}")) for path in paths
        ]

    few = counts()
    ParallelLimit.objects.all().delete()
    pilots(lena, 40, business_unit="Claims", vendor="Acme")
    assert counts() == few
    assert max(few) <= 36


def test_who_reads_german_reads_it_in_german(lena: User, ravi: User, elsa: User) -> None:
    mixed(lena, ravi)
    for path in ("", f"{FIRST}/"):
        text = (
            read(pages(elsa).get(f"/portfolio/symptoms/{path}", HTTP_ACCEPT_LANGUAGE="de")).by_id("main").text
        )
        assert "Viele Pilotprojekte, keines in Produktion" in text
        assert re.search(r"In diesen zwölf Monaten: \d+ Pilotprojekte begonnen, \d+ live gegangen\.", text)
        for words in (
            *(one.title for one in DEFINITIONS.values()),
            "pilots",
            "went live",
            "What helps",
            "of them",
        ):
            assert words not in text, words


# --- Over REST ------------------------------------------------------------------------------------------------


def test_the_api_tells_the_same(lena: User) -> None:
    four = pilots(lena, 4, business_unit="Claims")
    pilots(lena, 1, business_unit="Legal")
    ParallelLimit.objects.create(stage="pilot", most=3)
    told = api(lena).get("portfolio/symptoms/", {"business_unit": "CLAIMS"}).json()
    days = window(today())
    assert (told["from"], told["to"]) == (days.first.isoformat(), days.last.isoformat())
    assert days.last - days.first >= timedelta(days=364)
    assert (told["initiatives"], told["units_in_all"]) == (4, 2)
    by_code = {one["code"]: one for one in told["symptoms"]}
    assert list(by_code) == [code.value for code in Code]
    first = by_code[FIRST]
    assert (first["state"], first["count"]) == ("present", 4)
    assert first["figure"] == {"numerator": 0.0, "denominator": 4.0, "unit": "pilots"}
    assert first["initiatives"][0] == {
        "id": four[0].ref, "name": "Pilot 00", "url": f"/initiatives/{four[0].ref}/"
    }  # fmt: skip
    assert first["root_cause"] == "no_path_to_production"
    assert by_code["over_the_limit"]["figure"]["numerator"] == 1
    assert len(by_code["falling_activity"]["series"]) == 4
    assert [one["business_unit"] for one in told["units"]] == ["Claims", "Legal"]
    assert {it["code"]: it["state"] for it in told["units"][1]["symptoms"]}[FIRST] == "absent"


def test_it_is_not_sent_twice(lena: User) -> None:
    client = api(lena)
    pilots(lena, 3)
    seen = client.get("portfolio/symptoms/")
    assert client.get("portfolio/symptoms/", if_none_match=seen["ETag"]).status_code == 304
    pilots(lena, 1)
    assert client.get("portfolio/symptoms/", if_none_match=seen["ETag"]).status_code == 200


def test_other_filters_are_refused(lena: User) -> None:
    refused = api(lena).get("portfolio/symptoms/", {"unit": "claims"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_filter")
