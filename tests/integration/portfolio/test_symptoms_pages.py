"""The pages of the symptoms and the same over REST: figures, lists, units, and what nobody may ask for."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from gates.models import Initiative, ParallelLimit
from readiness.accounts.models import User
from readiness.portfolio.symptoms.answers import Code
from readiness.portfolio.symptoms.board import BEHIND_SHOWN
from readiness.portfolio.symptoms.window import window
from readiness.portfolio.symptoms.words import DEFINITIONS
from tests.fixtures import api, create, pages, today
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT
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


def pilots(lead: User, count: int, **facts: str) -> list[Initiative]:
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
    assert "It shows" in first.text
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
    assert "1 initiative of Legal" in alone.text
    rows = alone.one("tbody").all("tr")
    assert [row.all("th")[0].text for row in rows] == ["Claims4 initiatives", "Legal1 initiative"]
    assert [row.all("td")[0].text for row in rows] == ["It shows0 of 4 pilots", "Not seen0 of 1 pilots"]
    assert rows[0].all("th")[0].one("a").attrs["href"] == "/portfolio/symptoms/?unit=claims"
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
    assert "Nothing behind it" in page_of(lena, f"{FIRST}/", unit="legal").text


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
