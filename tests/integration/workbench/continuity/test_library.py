"""The library of lessons as a page: searched, filtered, sorted, paged, and only what one may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.actions.teaching import leave_what_worked
from readiness.audit.recording import Actor
from tests.fixtures import pages, person
from tests.integration.workbench.continuity.scenes import live, page_at, stopped
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT
from tests.integration.workbench.markup import Node

pytestmark = pytest.mark.django_db


def names(page: Node) -> list[str]:
    return [article.one("h2").text for article in page.all("article")]


@pytest.fixture
def shelf(lena: User, ada: User) -> None:
    """Two that were stopped and one that is live."""
    stopped(lena, "Alpha", {"business_unit": "Finance", "technology": "Document AI"})
    stopped(lena, "Beta", {"business_unit": "Sales", "technology": "document  ai"},
            root_cause="sponsorship", outcome="faded_out", did_not_work="Nobody asked.")  # fmt: skip
    gamma = live(lena, ada, "Gamma", business_unit="Finance", technology="Trees")
    leave_what_worked(gamma.pk, {"made_it_work": "Clerks labelled."}, Actor.person(lena), clock.now())


@pytest.mark.usefixtures("shelf")
class TestFinding:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["Gamma", "Beta", "Alpha"]),
            ("?order=oldest", ["Alpha", "Beta", "Gamma"]),
            ("?order=name", ["Alpha", "Beta", "Gamma"]),
            ("?order=unit", ["Alpha", "Gamma", "Beta"]),
            ("?q=handwriting", ["Alpha"]),
            ("?q=LABELLED+clerks", ["Gamma"]),
            ("?q=nobody+asked", ["Beta"]),
            ("?q=zebra", []),
            ("?kind=worked", ["Gamma"]),
            ("?kind=faded_out", ["Beta"]),
            ("?cause=sponsorship", ["Beta"]),
            ("?unit=finance", ["Gamma", "Alpha"]),
            ("?technology=document+ai", ["Beta", "Alpha"]),
            ("?technology=document+ai&kind=decided", ["Alpha"]),
            ("?kind=rubbish&cause=x&technology=z&order=w", ["Gamma", "Beta", "Alpha"]),
            (f"?q={EMOJI}", []),
            ("?q=a%00b", []),
            ("?page=99", ["Gamma", "Beta", "Alpha"]),
        ],
    )
    def test_search_filters_and_order(self, lena: User, query: str, found: list[str]) -> None:
        assert names(page_at(lena, f"/lessons/{query}")) == found

    def test_an_entry_says_how_it_ended_why_and_where_it_stands(self, lena: User) -> None:
        page = page_at(lena, "/lessons/")
        gamma, beta, _ = page.all("article")
        assert "What worked" in gamma.text and gamma.one("h2").one("a").attrs["href"].endswith(
            "/#what-worked"
        )
        assert "Faded out" in beta.text and beta.one("h2").one("a").attrs["href"].endswith("/#lesson")
        assert "sponsor" in beta.text.casefold()

    def test_nothing_found_offers_a_way_back(self, lena: User) -> None:
        page = page_at(lena, "/lessons/?q=zebra")
        assert "Nothing fits" in page.text and page.links()["Show all"] == "/lessons/"

    def test_it_stands_in_the_main_navigation(self, lena: User) -> None:
        assert page_at(lena, "/initiatives/").links()["Lessons"] == "/lessons/"


def test_an_empty_library_says_what_it_is_for(lena: User) -> None:
    assert "No lessons yet" in page_at(lena, "/lessons/").text


def test_lessons_of_a_closed_circle_stay_there(lena: User, omar: User) -> None:
    stopped(
        lena, "Hidden", {"visibility": "team", "business_unit": "Secret unit", "technology": "Secret tech"}
    )
    assert names(page_at(lena, "/lessons/")) == ["Hidden"]
    for who in (omar, person("nils")):
        page = page_at(who, "/lessons/?q=hidden")
        assert names(page) == [] and "Secret" not in page.text


def test_nothing_typed_is_taken_for_markup(lena: User) -> None:
    stopped(
        lena,
        f"{RTL} {EMOJI}",
        {"technology": SCRIPT},
        tried=SCRIPT,
        did_not_work=f"{SCRIPT} {EMOJI}",
        advice=SCRIPT,
    )
    response = pages(lena).get("/lessons/")
    assert SCRIPT not in response.content.decode()
    assert f"{SCRIPT} {EMOJI}" in page_at(lena, "/lessons/").text


def test_its_queries_do_not_grow(lena: User) -> None:
    def counted() -> int:
        browser = pages(lena)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/lessons/?q=handwriting").status_code == 200
        return len(queries)

    stopped(lena, "Number 0")
    one = counted()
    for number in range(1, 24):
        stopped(lena, f"Number {number}", {"business_unit": f"Unit {number}", "technology": f"Tech {number}"})
    assert counted() == one
    assert len(names(page_at(lena, "/lessons/"))) == 20
    assert len(names(page_at(lena, "/lessons/?page=2"))) == 4
