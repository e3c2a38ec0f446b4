"""While an initiative is entered, what was there before is shown: similar ones, and the lessons of others."""

from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create, pages
from tests.integration.workbench.initiatives.scenes import EMOJI, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import complaints, read

pytestmark = pytest.mark.django_db

STOPPED = {
    "tried": "Sorting invoices by layout.",
    "did_not_work": "Every supplier changes theirs.",
    "outcome": "decided",
    "root_cause": "data_quality",
    "advice": "Ask suppliers for structured invoices first.",
}
TYPED = {"name": "Invoice sorting", "business_problem": "Invoices are sorted by hand."}


@pytest.fixture
def stopped(lena: User) -> Initiative:
    one = create(lena, name="Invoice sorting by layout", business_problem="Sorting takes all morning.")
    move_stage(one.pk, "stopped", Actor.person(lena), clock.now(), "", STOPPED)
    return one


def ask(by: User, **typed: Any) -> HttpResponse:
    return pages(by).post("/initiatives/similar/", typed)


def test_similar_ones_and_their_lessons_are_shown_with_cause_and_advice(
    lena: User, stopped: Initiative
) -> None:
    found = read(ask(lena, **TYPED))
    assert found.links()[stopped.name] == f"/initiatives/{stopped.ref}/"
    assert "shares invoice, sort" in found.text
    assert "Root cause: Data quality" in found.text
    assert "Advice: Ask suppliers for structured invoices first." in found.text
    assert "Stopped by decision" in found.text
    assert not found.all("html")


def test_without_javascript_a_button_looks_for_them_and_enters_nothing(
    lena: User, stopped: Initiative
) -> None:
    response = pages(lena).post("/initiatives/new/", TYPED | {"look": "similar", "stage": "pilot"})
    page = read(response)
    assert response.status_code == 200
    assert Initiative.objects.count() == 1
    assert complaints(page) == []
    assert page.by_id("alike").links_to(f"/initiatives/{stopped.ref}/")
    assert page.one("input", name="name").attrs["value"] == TYPED["name"]
    assert page.one("option", value="pilot").attrs.get("selected") == ""
    assert not [node for node in page.walk() if node.attrs.get("aria-invalid") == "true"]


def test_a_fresh_canvas_shows_them_and_a_pilot_s_no_more(lena: User, stopped: Initiative) -> None:
    fresh = create(lena, **TYPED)
    canvas = f"/initiatives/{fresh.ref}/canvas/"
    assert read(pages(lena).get(canvas)).links_to(f"/initiatives/{stopped.ref}/")
    Initiative.objects.filter(pk=fresh.pk).update(stage="pilot")
    assert not read(pages(lena).get(canvas)).links_to(f"/initiatives/{stopped.ref}/")


def test_what_is_another_team_s_own_is_not_given_away(lena: User, omar: User, stopped: Initiative) -> None:
    Initiative.objects.filter(pk=stopped.pk).update(visibility="team")
    found = ask(omar, **TYPED)
    assert stopped.name not in found.content.decode()
    assert "Nothing like it is here so far." in read(found).text


@pytest.mark.parametrize(
    "text", ["", "\x00", LONG, SCRIPT, EMOJI, RTL, "%", "\ud800".encode("utf-8", "replace")]
)
def test_whatever_is_typed_is_answered(lena: User, stopped: Initiative, text: Any) -> None:
    response = ask(lena, name=text, business_problem=text, business_unit=text)
    assert response.status_code == 200
    assert SCRIPT not in response.content.decode()


def test_the_same_number_of_queries_whatever_there_is(lena: User, query_count: Any) -> None:
    client = pages(lena)

    def look() -> None:
        client.post("/initiatives/similar/", TYPED)

    look()
    before = query_count(look)
    for number in range(8):
        one = create(lena, name=f"Invoice sorting {number}")
        if number % 2:
            move_stage(one.pk, "stopped", Actor.person(lena), clock.now(), "", STOPPED)
    assert query_count(look) == before
