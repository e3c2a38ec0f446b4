"""Threads where they are read: the page of comments, the fragment of one subject, and the card of an item."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gates.models import Comment, Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.assignments import assign
from readiness.actions.comments import add_comment
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person, today
from tests.integration.workbench.continuity.scenes import page_at, shown, url
from tests.integration.workbench.initiatives.scenes import SCRIPT
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def say(initiative: Initiative, by: User, body: str = "Fine.", **about: str) -> Comment:
    return add_comment(initiative.pk, body, Actor.person(by), clock.now(), **about)


def thread(by: User, initiative: Initiative, about: str) -> Node:
    response = pages(by).get(url(initiative, f"comments/?about={about}"), headers=HTMX)
    assert response.status_code == 200
    return read(response)


def queries(by: User, address: str, **options: Any) -> int:
    browser: Client = pages(by)
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address, **options).status_code == 200
    return len(counted)


class TestThePage:
    def test_each_says_what_it_speaks_of_and_leads_there(self, lena: User, initiative: Initiative) -> None:
        say(initiative, lena, "Whole.")
        gate, item = (
            say(initiative, lena, "Gate.", gate="data"),
            say(initiative, lena, "Item.", item="DATA-2"),
        )
        page = page_at(lena, url(initiative, "comments/"))
        said = {
            row.attrs["id"]: [link.attrs["href"] for link in row.all("a")]
            for row in page.all("li", class_="comment")
        }
        assert url(initiative, "gates/data/") in said[f"comment-{gate.pk}"]
        assert url(initiative, "checklist/data/#DATA-2") in said[f"comment-{item.pk}"]

    @pytest.mark.parametrize(
        ("about", "bodies"),
        [("", ["W.", "G.", "I.", "O."]), ("initiative", ["W."]), ("data", ["G.", "I."]), ("DATA-2", ["I."])],
    )
    def test_narrowed_to_one_subject(
        self, lena: User, initiative: Initiative, about: str, bodies: list[str]
    ) -> None:
        for body, subject in (
            ("W.", {}),
            ("G.", {"gate": "data"}),
            ("I.", {"item": "DATA-2"}),
            ("O.", {"item": "ARCH-1"}),
        ):
            say(initiative, lena, body, **subject)
        page = page_at(lena, url(initiative, f"comments/?about={about}"))
        assert [one.text for one in page.all("div", class_="comment__body")] == bodies
        offered = [one.attrs["value"] for one in page.one("select", name="about").all("option")]
        assert offered == ["", "initiative", "data", "DATA-2", "architecture", "ARCH-1"]

    def test_what_the_initiative_does_not_have_is_not_there(self, lena: User, initiative: Initiative) -> None:
        assert pages(lena).get(url(initiative, "comments/?about=NOPE")).status_code == 404

    def test_it_is_written_about_a_subject_without_javascript(
        self, lena: User, initiative: Initiative
    ) -> None:
        response = pages(lena).post(url(initiative, "comments/?about=DATA-2"), {"body": "Met them."})
        made = Comment.objects.get()
        assert (made.gate, made.item) == ("data", "DATA-2")
        assert response["Location"] == url(initiative, f"comments/?about=DATA-2#comment-{made.pk}")

    def test_a_mention_of_nobody_keeps_what_was_typed(self, lena: User, initiative: Initiative) -> None:
        page = shown(pages(lena).post(url(initiative, "comments/"), {"body": "@ghost, look."}), 422)
        assert (
            page.one("textarea", name="body").text == "@ghost, look."
            and "@ghost" in page.by_id("initiative_body_error").text
        )


class TestTheWords:
    def test_paragraphs_links_and_mentions_and_nothing_else(
        self, lena: User, ravi: User, initiative: Initiative
    ) -> None:
        made = say(
            initiative,
            lena,
            f"@Ravi, look at (https://x.example/a?b=1&c=2). {SCRIPT}\nsecond line\n\n"
            "Second <b>part</b> javascript:alert(1) ravi@x.example",
        )
        response = pages(lena).get(url(initiative, "comments/"))
        assert SCRIPT not in response.content.decode() and "<b>part" not in response.content.decode()
        body = read(response).by_id(f"comment-{made.pk}").one("div", class_="comment__body")
        assert len(body.all("p")) == 2 and len(body.all("br")) == 1
        [link] = body.all("a")
        assert (link.attrs["href"], link.attrs["rel"]) == ("https://x.example/a?b=1&c=2", "noopener nofollow")
        [mention] = body.all("bdi")
        assert (mention.text, mention.attrs["title"]) == ("@Ravi", "Ravi")

    def test_only_who_was_mentioned_is_marked(self, lena: User, initiative: Initiative) -> None:
        made = Comment.objects.create(initiative=initiative, by=lena, at=clock.now(), body="@nobody here")
        assert (
            page_at(lena, url(initiative, "comments/"))
            .by_id(f"comment-{made.pk}")
            .all("bdi", class_="mention")
            == []
        )


class TestTheFragment:
    def test_it_is_the_thread_alone_with_a_form(self, lena: User, initiative: Initiative) -> None:
        say(initiative, lena, "Here.", item="DATA-2")
        say(initiative, lena, "Elsewhere.", item="DATA-1")
        found = thread(lena, initiative, "DATA-2")
        assert "Here." in found.text and "Elsewhere." not in found.text
        assert found.one("form").attrs["hx-post"] == url(initiative, "comments/?about=DATA-2")
        assert found.all("main") == []

    def test_what_is_said_there_comes_back_with_the_count(self, lena: User, initiative: Initiative) -> None:
        say(initiative, lena, "First.", item="DATA-2")
        response = pages(lena).post(
            url(initiative, "comments/?about=DATA-2"), {"body": "Second."}, headers=HTMX
        )
        assert response.status_code == 200
        found = read(response)
        assert "Second." in found.one("ol").text and "2 comments" in found.by_id("DATA-2-talk").text
        assert found.one("textarea").text == ""

    def test_a_refusal_keeps_what_was_typed(self, lena: User, initiative: Initiative) -> None:
        response = pages(lena).post(
            url(initiative, "comments/?about=DATA-2"), {"body": "@ghost"}, headers=HTMX
        )
        assert response.status_code == 422 and read(response).one("textarea").text == "@ghost"

    def test_an_auditor_reads(self, lena: User, iris: User, initiative: Initiative) -> None:
        say(initiative, lena, "Read me.", gate="data")
        found = thread(iris, initiative, "data")
        assert "Read me." in found.text and found.all("form") == []

    def test_who_only_reads_is_offered_what_was_said_and_no_empty_page(
        self, lena: User, iris: User, initiative: Initiative
    ) -> None:
        def offered(by: User) -> list[str]:
            found = page_at(by, url(initiative, "checklist/data/"))
            return [
                one.attrs["hx-get"].partition("about=")[2]
                for one in found.all("details", class_="disclosure together__talk")
            ]

        assert offered(iris) == []
        say(initiative, lena, "Read me.", item="DATA-2")
        assert offered(iris) == ["DATA-2"]
        assert offered(lena) == ["DATA-1", "DATA-2", "DATA-3", "DATA-4"]

    def test_a_long_one_shows_the_newest_and_leads_to_the_rest(
        self, lena: User, initiative: Initiative
    ) -> None:
        say(initiative, lena, "No one.", item="DATA-2")
        one = queries(lena, url(initiative, "comments/?about=DATA-2"), headers=HTMX)
        rows = [
            Comment(
                initiative=initiative,
                gate="data",
                item="DATA-2",
                by=person(f"p{number}"),
                at=clock.now(),
                body=f"No {number}.",
            )
            for number in range(32)
        ]
        Comment.objects.bulk_create(rows)
        found = thread(lena, initiative, "DATA-2")
        assert "No 31." in found.text and "No 1." not in found.text and "3 earlier comments" in found.text
        assert queries(lena, url(initiative, "comments/?about=DATA-2"), headers=HTMX) == one


def ask(row: Initiative, code: str, lena: User) -> None:
    """Lena asks herself to see to an item."""
    assign(row.pk, code, "lena", today() + timedelta(days=5), Actor.person(lena), clock.now())


class TestTheCard:
    def test_it_says_how_many_and_the_newest(self, lena: User, ravi: User, initiative: Initiative) -> None:
        say(initiative, lena, "First.", item="DATA-2")
        say(initiative, ravi, "Which clerk?", item="DATA-2")
        say(initiative, ravi, "Of the gate.", gate="data")
        page = page_at(lena, url(initiative, "checklist/data/"))
        assert (
            "2 comments" in page.by_id("DATA-2-talk").text
            and "Which clerk?" in page.by_id("DATA-2-talk").text
        )
        assert "comments" not in page.by_id("DATA-1-talk").text

    def test_the_checklist_takes_as_many_queries_however_much_is_said_and_asked(self, lena: User) -> None:
        row = create(lena, people={"members": ["lena"]})
        say(row, lena, "One.", item="DATA-1")
        place = url(row, "checklist/data/")
        none_asked = queries(lena, place)
        ask(row, "DATA-1", lena)
        one = queries(lena, place)
        for code in ("DATA-2", "DATA-3", "DATA-4"):
            ask(row, code, lena)
            for number in range(4):
                say(row, person(f"{code}-{number}", lead=True), "More.", item=code)
        assert queries(lena, place) == one
        assert one - none_asked <= 1

    def test_the_gates_page_takes_its_thread_in(self, lena: User, initiative: Initiative) -> None:
        page = page_at(lena, url(initiative, "gates/data/"))
        taken = page.by_id("comments").one("div", class_="thread")
        assert taken.attrs["hx-get"] == url(initiative, "comments/?about=data")
        assert taken.one("a").attrs["href"] == taken.attrs["hx-get"]


class TestWhoIsOffered:
    @pytest.fixture
    def offered(self, lena: User) -> Callable[..., list[str]]:
        def ask(initiative: Initiative, word: str) -> list[str]:
            response = pages(lena).get(url(initiative, "mentions/"), {"q": word})
            assert response.status_code == 200
            return [one["username"] for one in response.json()["people"]]

        return ask

    def test_whose_name_or_username_begins_so_the_team_first(
        self, lena: User, ravi: User, offered: Callable[..., list[str]]
    ) -> None:
        User.objects.filter(pk=ravi.pk).update(name="Ravi", name_key="ravi menon")
        person("menno", lead=True)
        person("mendel")
        row = create(lena, people={"members": ["lena", "mendel"]})
        assert offered(row, "men") == ["mendel", "menno", "ravi"]
        assert offered(row, "en") == [] and offered(row, "RAV") == ["ravi"]

    def test_nobody_who_may_not_see_it(
        self, lena: User, omar: User, offered: Callable[..., list[str]]
    ) -> None:
        row = create(lena, visibility="team")
        assert offered(row, "") == ["lena"] and offered(row, "om") == []

    def test_ten_at_most_in_as_many_queries(self, lena: User, initiative: Initiative) -> None:
        place = url(initiative, "mentions/?q=p")
        none = queries(lena, place)
        for number in range(15):
            person(f"p{number}", lead=True)
        assert len(pages(lena).get(place).json()["people"]) == 10
        assert queries(lena, place) == none

    @pytest.mark.parametrize("word", ["\x00", "%", "_", "é" * 99, " ", "'"])
    def test_odd_words_find_nobody(
        self, lena: User, initiative: Initiative, offered: Callable[..., list[str]], word: str
    ) -> None:
        assert offered(initiative, word) == [] if word.strip() else True
