"""The admin's page of what new initiatives begin with, and the page on which frameworks are attached and taken away."""

from typing import Any

import pytest
from django.test import Client

from gates.models import Initiative, StartingFramework
from readiness.accounts.models import User
from readiness.actions.starting import starting_slugs
from tests.fixtures import create, pages
from tests.integration.actions.props import on, say
from tests.integration.workbench.markup import Node, read
from tests.own_frameworks import copy_text, own_text, published

pytestmark = pytest.mark.django_db

USUAL = ("poc-checkpoints", "five-gate", "environment-gap")
OWN = ("poc-checkpoints", "our-gates", "environment-gap")
WHERE = "/organisation/frameworks/beginning/"


def rows(page: Node, card: str) -> dict[str, Node]:
    """The rows of a table by the name of the framework."""
    return {row.one("a").text: row for row in page.by_id(card).all("tr") if row.all("a")}


def press(browser: Client, button: str, follow: bool = True) -> Any:
    """Send what a button of the page that is shown now would send."""
    page = read(browser.get(WHERE))
    for form in page.all("form"):
        for one in form.all("button"):
            if one.attrs.get("aria-label") == button:
                sent = {"seen": form.one("input", name="seen").attrs["value"], "to": one.attrs["value"]}
                return browser.post(WHERE, sent, follow=follow)
    raise AssertionError(f"no button {button}")


def test_an_own_copy_of_the_five_gates_becomes_the_default_and_the_page_says_so_before(
    ada: User, lena: User
) -> None:
    published(copy_text())
    browser = pages(ada)
    page = read(browser.get(WHERE))
    told = rows(page, "offered")["Our gates"].text
    assert "Takes the place of 5-Gate Production Readiness" in told
    assert "Readiness of new initiatives is then computed on its 5 gates." in told
    answer = press(browser, "Make it the default: Our gates")
    assert starting_slugs() == OWN
    assert "From now on new initiatives begin with: PoC checkpoints, Our gates, " in answer.content.decode()
    one = create(lena, on(0))
    shown = pages(lena).get(f"/initiatives/{one.ref}/").content.decode()
    assert "Our gates" in pages(lena).get("/frameworks/").content.decode()
    assert "0 of 20" in shown
    # And back again: now the shipped one would take the place of the copy.
    press(browser, "Make it the default: 5-Gate Production Readiness")
    assert starting_slugs() == USUAL


def test_what_is_taken_out_is_said_before_and_what_readiness_needs_stays(ada: User) -> None:
    browser = pages(ada)
    begun = rows(read(browser.get(WHERE)), "begun")
    assert "Then nothing guards Intake → PoC, PoC → Pilot." in begun["PoC checkpoints"].text
    assert "it stays until another one takes its place" in begun["5-Gate Production Readiness"].text
    assert "Take out" not in begun["5-Gate Production Readiness"].text
    press(browser, "Take out: PoC checkpoints")
    assert starting_slugs() == ("five-gate", "environment-gap")
    press(browser, "Later: 5-Gate Production Readiness")
    assert starting_slugs() == ("environment-gap", "five-gate")
    press(browser, "Earlier: 5-Gate Production Readiness")
    press(browser, "Add it: Conversational AI overlay")
    assert starting_slugs() == ("five-gate", "environment-gap", "conversational-ai")


def test_what_cannot_be_added_is_shown_with_the_reason_and_without_a_button(ada: User) -> None:
    published(own_text("clashing", "Clashing", shape=[("data", 2)], more="", required=None))
    row = rows(read(pages(ada).get(WHERE)), "offered")["Clashing"]
    assert "Its codes or gates are used by 5-Gate Production Readiness, too." in row.text
    assert "readiness is computed on it" in row.text
    assert not row.all("button")


def test_what_somebody_else_chose_meanwhile_is_shown_and_nothing_is_changed(ada: User) -> None:
    browser = pages(ada)
    browser.post(WHERE, {"seen": " ".join(USUAL), "to": "five-gate"})
    late = browser.post(WHERE, {"seen": " ".join(USUAL), "to": "five-gate environment-gap"})
    assert late.status_code == 409
    assert "Somebody chose otherwise meanwhile." in late.content.decode()
    assert starting_slugs() == ("five-gate",)


@pytest.mark.parametrize("to", ["", "environment-gap", "five-gate no-such", "five-gate five-gate", "\x00"])
def test_what_no_button_sends_is_refused_on_the_page(ada: User, to: str) -> None:
    answer = pages(ada).post(WHERE, {"seen": " ".join(USUAL), "to": to})
    assert answer.status_code == 422
    assert not StartingFramework.objects.exists()


def test_only_admins_open_it_and_everybody_reads_which_it_is(lena: User, elsa: User, ada: User) -> None:
    for other in (lena, elsa):
        assert pages(other).get(WHERE).status_code == 403
        assert pages(other).post(WHERE, {"seen": " ".join(USUAL), "to": "five-gate"}).status_code == 403
    assert starting_slugs() == USUAL
    listed = read(pages(lena).get("/frameworks/"))
    marked = {row.one("a").text for row in listed.all("tr") if "from the start" in row.text}
    assert marked == {"PoC checkpoints", "5-Gate Production Readiness", "PoC-to-production gap"}
    assert WHERE not in pages(lena).get("/frameworks/").content.decode()
    assert WHERE in pages(ada).get("/frameworks/").content.decode()


@pytest.fixture
def one(lena: User) -> Initiative:
    published(own_text("house", "House gates"))
    published(
        own_text(
            "points",
            "Start points",
            shape=[("start", 2)],
            kind="checkpoints",
            more="guards: [{from: intake, to: poc, gate: start}]",
            required=None,
            evidence="required",
        )
    )
    published(copy_text())
    return create(lena, on(0))


def offered(by: User, one: Initiative) -> dict[str, Node]:
    return rows(read(pages(by).get(f"/initiatives/{one.ref}/frameworks/")), "offered")


def test_what_a_framework_would_do_is_said_before_it_is_attached(one: Initiative, lena: User) -> None:
    found = offered(lena, one)
    assert "The move Pilot → Rollout waits until all of it is passed." in found["House gates"].text
    assert "It holds beside 5-Gate Production Readiness" in found["House gates"].text
    assert "The move Intake → PoC waits for “Start”." in found["Start points"].text
    assert "only as far as its evidence allows" in found["Start points"].text
    assert "stand beside the gates and never in their count" in found["Conversational AI overlay"].text
    assert "5-Gate Production Readiness uses the same codes here: ADPT-1" in found["Our gates"].text
    assert not found["Our gates"].all("button")
    assert list(found)[-1] == "Our gates"


def test_it_is_attached_there_and_taken_away_again_while_nothing_was_done(
    one: Initiative, lena: User
) -> None:
    browser, at = pages(lena), f"/initiatives/{one.ref}/frameworks/"
    browser.post(at, {"framework": "points"})
    attached = rows(read(browser.get(at)), "attached")
    assert "The initiative began with it." in attached["PoC checkpoints"].text
    assert attached["Start points"].all("button")
    overview = browser.get(f"/initiatives/{one.ref}/").content.decode()
    assert "The move Intake → PoC waits for “Start”." in overview
    browser.post(f"{at}points/detach/")
    assert not one.passages.filter(framework_slug="points").exists()
    browser.post(at, {"framework": "points"})
    say(one, lena, "START-1", "partial", 1)
    row = rows(read(browser.get(at)), "attached")["Start points"]
    assert "Something was done in it already." in row.text
    assert not row.all("button")
    kept = browser.post(f"{at}points/detach/", follow=True).content.decode()
    assert "Something was done in Start points already, so it stays." in kept
    assert one.passages.filter(framework_slug="points").exists()


def test_the_page_asks_the_database_as_often_with_many_frameworks_as_with_few(
    one: Initiative, lena: User, query_count: Any
) -> None:
    browser, at = pages(lena), f"/initiatives/{one.ref}/frameworks/"
    browser.get(at)
    few = query_count(lambda: browser.get(at))
    for number in range(6):
        published(
            own_text(f"more-{number}", shape=[(f"m{number}", 1)], more="", required=None, kind="overlay")
        )
    browser.get(at)
    assert query_count(lambda: browser.get(at)) <= few


def test_on_its_page_overlays_that_would_hold_a_move_are_not_offered_in_one_press(lena: User) -> None:
    published(own_text("held", "Holding overlay", shape=[("held", 1)], kind="overlay", required=None))
    published(own_text("free", "Free overlay", shape=[("free", 1)], kind="overlay", required=None, more=""))
    published(own_text("clash", "Clash overlay", shape=[("data", 1)], kind="overlay", required=None, more=""))
    one = create(lena, on(0))
    page = pages(lena).get(f"/initiatives/{one.ref}/").content.decode()
    assert "“Free overlay”" in page
    assert "“Holding overlay”" not in page
    assert "“Clash overlay”" not in page
