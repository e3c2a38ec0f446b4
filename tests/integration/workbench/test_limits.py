"""Parallel limits on the pages: the admin's, that of a stage, that of a new initiative, and the history."""

from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import Initiative, ParallelLimit, StageEntry
from readiness.accounts.models import User
from tests.fixtures import create, pages
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

LIMITS = "/organisation/limits/"
NEW = {
    "name": "Triage", "business_problem": "Late.", "business_unit": "Finance", "priority": "normal",
    "visibility": "organisation", "stage": "pilot",
}  # fmt: skip


def sane(response: HttpResponse, status: int = 200) -> Node:
    assert response.status_code == status
    page = read(response)
    assert complaints(page) == []
    return page


def limit(most: int = 1, stage: str = "pilot", unit: str = "Finance") -> ParallelLimit:
    return ParallelLimit.objects.create(stage=stage, unit=unit, unit_key=unit.lower(), most=most)


def back(by: User, one: Initiative, **sent: Any) -> HttpResponse:
    given = {"to": "pilot", "reason": "Too early."} | sent
    return pages(by).post(f"/initiatives/{one.ref}/stage/", given)


# --- The admin's page -------------------------------------------------------------------------------------------


def test_limits_are_set_shown_with_who_is_there_and_taken_away(ada: User, lena: User) -> None:
    admin = pages(ada)
    assert "No limit is set" in sane(admin.get(LIMITS)).text
    for number in range(2):
        create(lena, stage="pilot", business_unit="Legal", name=f"Pilot {number}")
    create(lena, business_unit="finance")
    for unit, most in (("", "1"), ("Finance", "3")):
        done = admin.post(LIMITS, {"stage": "pilot", "business_unit": unit, "most": most})
        assert (done.status_code, done["Location"]) == (302, LIMITS)
    rows = [row.text for row in sane(admin.get(LIMITS)).one("tbody").all("tr")]
    assert rows[0].startswith("Each unit without one of its own Pilot 1 2 over the most in one unit: Legal")
    assert rows[1].startswith("Finance Pilot 3 0 ")
    common = ParallelLimit.objects.get(unit_key="")
    assert admin.post(f"{LIMITS}{common.pk}/remove/").status_code == 302
    assert admin.post(f"{LIMITS}{common.pk}/remove/").status_code == 302
    assert [one.unit for one in ParallelLimit.objects.all()] == ["Finance"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"stage": "live", "most": "1"}, "Select a valid choice"),
        ({"stage": "pilot", "most": ""}, "This field is required"),
        ({"stage": "pilot", "most": "0"}, "From 1 to 1000."),
        ({"stage": "pilot", "most": "99999999999999999999"}, "From 1 to 1000."),
        ({"stage": "pilot", "most": "many"}, "Enter a whole number"),
        ({"stage": "pilot", "most": "1", "business_unit": "x" * 201}, "At most 200 characters"),
        ({"stage": "pilot", "most": "1", "business_unit": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    ada: User, lena: User, sent: dict[str, str], message: str
) -> None:
    create(lena, business_unit=f"Claims {SCRIPT}")
    response = pages(ada).post(LIMITS, {"business_unit": f"Claims {SCRIPT}"} | sent)
    page = sane(response, 422)
    assert message in page.text
    assert page.one("input", name="business_unit").attrs["value"]
    assert not ParallelLimit.objects.exists()


def test_a_unit_that_no_initiative_has_is_asked_for_once_more(ada: User, lena: User) -> None:
    admin, given = pages(ada), {"stage": "pilot", "business_unit": "Clams", "most": "2"}
    create(lena, business_unit="Claims")
    page = sane(admin.post(LIMITS, given), 422)
    assert page.by_id("id_business_unit_error").text == "No initiative has this unit. Set it all the same?"
    assert not ParallelLimit.objects.exists()
    again = page.one("button", name="all_the_same").attrs["value"]
    # What was agreed to is this unit, and no other that is typed over it.
    other = sane(admin.post(LIMITS, given | {"business_unit": "Calms", "all_the_same": again}), 422)
    assert other.one("button", name="all_the_same").attrs["value"] == "Calms"
    assert admin.post(LIMITS, given | {"all_the_same": again}).status_code == 302
    assert ParallelLimit.objects.get().unit == "Clams"


@pytest.mark.parametrize("unit", ["Claims", " claims ", "CLAIMS"])
def test_a_known_unit_is_not_asked_for_again(ada: User, lena: User, unit: str) -> None:
    create(lena, business_unit="Claims")
    done = pages(ada).post(LIMITS, {"stage": "pilot", "business_unit": unit, "most": "2"})
    assert done.status_code == 302


@pytest.mark.parametrize("path", ["/people/new/", "/people/lena/edit/", LIMITS])
def test_a_field_for_a_unit_offers_those_that_are_named(ada: User, lena: User, path: str) -> None:
    create(lena, business_unit="Claims")
    page = sane(pages(ada).get(path))
    fields = [one.attrs["name"] for one in page.all("input", list="units")]
    assert fields == ["business_unit" if path == LIMITS else "unit"]
    assert [one.attrs["value"] for one in page.by_id("units").all("option")] == ["Claims"]


def test_the_page_asks_the_database_as_often_for_many(ada: User, lena: User, query_count: Any) -> None:
    admin = pages(ada)
    limit()
    create(lena, stage="pilot")
    few = query_count(lambda: admin.get(LIMITS))
    for number in range(20):
        limit(unit=f"Unit {number}")
        create(lena, stage="pilot", business_unit=f"Unit {number}")
    assert query_count(lambda: admin.get(LIMITS)) == few


# --- Entering a stage -------------------------------------------------------------------------------------------


def test_the_page_of_the_stage_says_where_a_reason_is_needed(ada: User, lena: User) -> None:
    one = create(ada, stage="rollout", people={"members": ["lena"]})
    url = f"/initiatives/{one.ref}/stage/"
    assert sane(pages(lena).get(url)).all("textarea", name="over_limit_reason") == []
    limit()
    create(lena, stage="pilot")
    page = sane(pages(lena).get(url))
    cards = {card.text.split()[0]: card.text for card in page.all("label", class_="radio-card")}
    assert "as many there as its limit allows (1)" in cards["Pilot"]
    assert "limit" not in cards["Live"]
    assert page.one("textarea", name="over_limit_reason")


def test_a_refused_move_names_who_is_there_and_keeps_what_was_typed(
    ada: User, lena: User, omar: User
) -> None:
    limit(3)
    for name in (SCRIPT, f"{RTL} {EMOJI}"):
        create(lena, stage="pilot", name=name)
    create(omar, stage="pilot", name="Secret merger", visibility="team")
    one = create(ada, stage="rollout", people={"members": ["lena"]})
    page = sane(back(lena, one, reason=f"Because {SCRIPT}"), 409)
    assert "Finance may have 3 in Pilot at once." in page.text
    assert {SCRIPT, f"{RTL} {EMOJI}"} <= {link.text for link in page.all("a")}
    assert "Secret" not in page.text
    assert page.one("textarea", name="reason").text == f"Because {SCRIPT}"
    one.refresh_from_db()
    assert one.stage == "rollout"


def test_with_a_reason_it_moves_and_its_way_and_history_tell_it(ada: User, lena: User) -> None:
    limit()
    create(lena, stage="pilot")
    one = create(ada, stage="rollout", people={"members": ["lena"]})
    done = back(lena, one, over_limit_reason=f"The board wants both. {SCRIPT}")
    assert done.status_code == 302
    for below in ("", "history/"):
        page = sane(pages(lena).get(f"/initiatives/{one.ref}/{below}"))
        assert f"Over the parallel limit: The board wants both. {SCRIPT}" in page.text


def test_a_reason_that_is_too_long_is_told_at_its_field(ada: User, lena: User) -> None:
    limit()
    create(lena, stage="pilot")
    one = create(ada, stage="rollout", people={"members": ["lena"]})
    page = sane(back(lena, one, over_limit_reason="x" * 2001), 422)
    assert "At most 2,000 characters" in page.text
    assert page.one("textarea", name="over_limit_reason").text == "x" * 2001


# --- A new initiative -------------------------------------------------------------------------------------------


def test_the_new_page_asks_only_where_there_is_a_limit(ada: User, lena: User) -> None:
    lead = pages(lena)
    assert sane(lead.get("/initiatives/new/")).all("textarea", name="over_limit_reason") == []
    limit()
    assert sane(lead.get("/initiatives/new/")).one("textarea", name="over_limit_reason")


def test_a_take_over_beyond_the_limit_is_refused_and_entered_with_a_reason(lena: User) -> None:
    limit()
    create(lena, stage="pilot", name="Parcel routing")
    page = sane(pages(lena).post("/initiatives/new/", NEW), 409)
    assert "The parallel limit is reached" in page.text
    assert "Parcel routing" in {link.text for link in page.all("a")}
    assert page.one("input", name="name").attrs["value"] == "Triage"
    done = pages(lena).post("/initiatives/new/", NEW | {"over_limit_reason": "It runs already."})
    assert done.status_code == 302
    assert StageEntry.objects.get(initiative__name="Triage").over_limit == "It runs already."
