"""Asking somebody on a page, without JavaScript and with it, and what one is asked oneself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Assignment, Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.assignments import assign
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person, today
from tests.integration.workbench.continuity.scenes import page_at, shown, stopped, url
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def mia(db: None) -> User:
    return person("mia")


@pytest.fixture
def shared(lena: User, mia: User) -> Initiative:
    return create(lena, people={"members": ["lena", "mia"]})


def soon(days: int = 9) -> date:
    return today() + timedelta(days=days)


def ask(initiative: Initiative, by: User, to: str = "mia", item: str = "DATA-1", days: int = 9) -> Assignment:
    made = assign(initiative.pk, item, to, soon(), Actor.person(by), clock.now(), note="Ask the clerks.")
    Assignment.objects.filter(pk=made.pk).update(due=soon(days))
    return made


def form(initiative: Initiative, code: str = "DATA-1") -> str:
    return url(initiative, f"answers/{code}/assignment/")


def given(person: str = "mia", days: int = 9, version: int = 0, **more: Any) -> dict[str, Any]:
    return {"person": person, "due": soon(days).isoformat(), "version": version} | more


def ending(row: Assignment) -> str:
    return url(row.passage.initiative, f"assignments/{row.pk}/end/")


class TestAsking:
    def test_a_page_asks_and_leads_back_to_the_item(self, lena: User, shared: Initiative) -> None:
        page = page_at(lena, form(shared))
        likely = page.by_id(page.one("input", name="person").attrs["list"])
        assert [one.attrs["value"] for one in likely.all("option")] == ["Lena (lena)", "Mia (mia)"]
        response = pages(lena).post(form(shared), given(note="Soon."))
        assert response["Location"] == url(shared, "checklist/data/#DATA-1")
        card = page_at(lena, url(shared, "checklist/data/")).by_id("DATA-1-asked").text
        assert "Mia" in card and "in 9 days" in card and "Soon." in card

    def test_htmx_is_given_the_form_and_then_the_cards_words(self, lena: User, shared: Initiative) -> None:
        fragment = read(pages(lena).get(form(shared), headers=HTMX))
        assert fragment.all("main") == [] and fragment.one("form").attrs["hx-post"] == form(shared)
        written = read(pages(lena).post(form(shared), given(), headers=HTMX))
        assert "Mia" in written.by_id("DATA-1-asked").text and "Mia" in written.by_id("checklist-asked").text

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_what_was_typed_stays_when_it_is_refused(
        self, lena: User, shared: Initiative, headers: dict[str, str]
    ) -> None:
        sent = given("mia", days=-3, note="Typed.")
        response = pages(lena).post(form(shared), sent, headers=headers)
        assert response.status_code == 422
        page = read(response)
        assert page.one("textarea", name="note").text == "Typed." and page.has_id("DATA-1_asked_due_error")
        assert not Assignment.objects.exists()

    def test_who_was_slower_sees_who_is_asked_and_may_change_it(
        self, lena: User, mia: User, shared: Initiative
    ) -> None:
        made = ask(shared, lena)
        response = pages(mia).post(form(shared), given("lena"))
        assert response.status_code == 409
        page = read(response)
        assert "Mia" in page.one("div", class_="alert").text
        version = page.one("input", name="version").attrs["value"]
        pages(mia).post(form(shared), given("lena", version=int(version)))
        made.refresh_from_db()
        assert (made.person, made.version) == (lena, 2)
        assert pages(lena).post(form(shared), given("mia", version=1)).status_code == 409

    def test_nobody_is_asked_once_it_has_ended(self, lena: User) -> None:
        ended = stopped(lena)
        assert pages(lena).get(form(ended)).status_code == 302
        assert pages(lena).post(form(ended), given("lena")).status_code == 409

    def test_somebody_off_the_team_reads_only(self, lena: User, omar: User, shared: Initiative) -> None:
        ask(shared, lena)
        card = page_at(omar, url(shared, "checklist/data/")).by_id("DATA-1-asked")
        assert "Mia" in card.text and card.all("form") == [] and card.all("details") == []


class TestTheCard:
    def test_overdue_is_a_word_and_an_icon(self, lena: User, shared: Initiative) -> None:
        ask(shared, lena, days=-2)
        page = page_at(lena, url(shared, "checklist/data/"))
        for place in (page.by_id("DATA-1-asked"), page.by_id("checklist-asked")):
            assert "2 days overdue" in place.text and place.one("span", class_="asked__due").all("svg")

    def test_who_can_no_longer_do_it_is_to_be_handed_on(
        self, lena: User, mia: User, shared: Initiative
    ) -> None:
        ask(shared, lena)
        TeamRole.objects.filter(user=mia).update(until=clock.now())
        assert "To be handed on" in page_at(lena, url(shared, "checklist/data/")).by_id("DATA-1-asked").text
        people = page_at(lena, url(shared, "people/")).by_id("adrift")
        assert "Mia" in people.text
        assert url(shared, "checklist/data/#DATA-1") in [one.attrs["href"] for one in people.all("a")]

    def test_an_answer_that_makes_it_met_takes_it_off_the_card(self, lena: User, shared: Initiative) -> None:
        row = create(lena, name="Checkpoints", people={"members": ["lena", "mia"]})
        ask(row, lena, item="CP0-1")
        sent = {"answer": "met", "version": "0"}
        written = read(pages(lena).post(url(row, "answers/CP0-1/"), sent, headers=HTMX))
        assert "Mia" not in written.by_id("CP0-1-asked").text and Assignment.objects.get().outcome == "met"


class TestEnding:
    @pytest.mark.parametrize(("back", "leads"), [("", "checklist/data/#DATA-1"), ("assigned", "/assigned/")])
    def test_done_leads_back_to_where_it_was_said(
        self, mia: User, lena: User, shared: Initiative, back: str, leads: str
    ) -> None:
        made = ask(shared, lena)
        response = pages(mia).post(ending(made), {"how": "done", "version": "1", "back": back})
        assert response["Location"] == (leads if leads.startswith("/") else url(shared, leads))
        made.refresh_from_db()
        assert (made.outcome, made.ended_by) == ("done", mia)

    def test_htmx_is_given_the_cards_words(self, lena: User, shared: Initiative) -> None:
        made = ask(shared, lena)
        response = pages(lena).post(ending(made), {"how": "withdrawn", "version": "1"}, headers=HTMX)
        assert response.status_code == 200 and "Mia" not in read(response).by_id("DATA-1-asked").text

    @pytest.mark.parametrize(
        ("sent", "status"), [({"how": "done", "version": "9"}, 409), ({"how": "eaten"}, 422), ({}, 422)]
    )
    def test_what_is_refused_says_so(
        self, lena: User, shared: Initiative, sent: dict[str, str], status: int
    ) -> None:
        made = ask(shared, lena)
        assert pages(lena).post(ending(made), sent, headers=HTMX).status_code == status
        assert pages(lena).post(ending(made), sent).status_code == 302
        made.refresh_from_db()
        assert made.ended_at is None

    def test_one_of_another_initiative_is_not_there(self, lena: User, shared: Initiative) -> None:
        other = create(lena, name="Other")
        made = ask(shared, lena)
        assert pages(lena).post(url(other, f"assignments/{made.pk}/end/"), {"how": "done"}).status_code == 404


class TestAssignedToMe:
    def test_over_all_initiatives_the_earliest_due_first(
        self, lena: User, mia: User, shared: Initiative
    ) -> None:
        other = create(lena, name="Other", people={"members": ["lena", "mia"]})
        ask(shared, lena, days=5)
        ask(other, lena, item="ARCH-1", days=2)
        ask(other, lena, item="ARCH-2", days=-1)
        ask(other, lena, to="lena", item="ARCH-3")
        page = page_at(mia, "/assigned/")
        links = [row.one("a").attrs["href"].rpartition("#")[2] for row in page.all("li", class_="rows__row")]
        assert links == ["ARCH-2", "ARCH-1", "DATA-1"]
        assert "1 day overdue" in page.text and "Ask the clerks." in page.text

    def test_an_empty_page_says_what_it_is_for(self, mia: User) -> None:
        assert "Nothing is assigned to you" in page_at(mia, "/assigned/").text

    def test_it_takes_as_many_queries_however_many(self, lena: User, mia: User, shared: Initiative) -> None:
        def counted() -> int:
            browser = pages(mia)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get("/assigned/").status_code == 200
            return len(queries)

        ask(shared, lena)
        one = counted()
        for number in range(6):
            ask(create(lena, name=f"No {number}", people={"members": ["lena", "mia"]}), lena)
        assert counted() == one
        assert shown(pages(mia).get("/assigned/"))
