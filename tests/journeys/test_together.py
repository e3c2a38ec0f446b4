"""Working on it together: a mention by keyboard, a comment at an item, an assignment, and what is assigned to me."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
SignIn = Callable[..., Walker]


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, lena="lead", ravi="reviewer", mia="lead", mira="executive")
    return Rest(live_stack.url, token_of(live_stack, "lena"))


@pytest.fixture
def ref(rest: Rest) -> str:
    given = {
        "name": f"Together {uuid.uuid4().hex[:8]}",
        "business_problem": "Two people answer for it.",
        "people": {"members": ["lena", "mia"]},
    }
    status, made = rest.ask("POST", "initiatives/", given)
    assert status == 201, made
    found: str = made["id"]
    return found


@pytest.fixture
def sign_in(live_stack: EmbeddedStack, new_page: NewPage, rest: Rest) -> SignIn:
    def come(username: str, **options: object) -> Walker:
        walker = Walker(new_page(**options), live_stack.url)
        walker.sign_in(username)
        return walker

    return come


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def test_somebody_is_mentioned_by_keyboard_at_an_item(sign_in: SignIn, rest: Rest, ref: str) -> None:
    lena = sign_in("lena")
    lena.open(f"/initiatives/{ref}/checklist/data/")
    card = lena.card("DATA-2")
    card.get_by_text("Comment on this").click()
    words = card.get_by_label("Your comment")
    words.focus()
    lena.page.keyboard.type("Hello @mi")
    offered = card.get_by_role("listbox", name="People to mention")
    expect(offered.get_by_role("option")).to_have_count(2)
    expect(words).to_have_attribute("aria-activedescendant", "DATA-2_body-offered-0")
    lena.look()
    lena.page.keyboard.press("ArrowDown")
    expect(offered.get_by_role("option", selected=True)).to_contain_text("Mira")
    lena.page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    expect(words).to_have_value("Hello @mi")
    lena.page.keyboard.type("r")
    expect(offered.get_by_role("option", selected=True)).to_contain_text("Mira")
    lena.page.keyboard.press("Enter")
    expect(words).to_have_value("Hello @mira ")
    lena.page.keyboard.type("please look.")
    lena.page.keyboard.press("Tab")
    lena.page.keyboard.press("Enter")
    expect(card.get_by_role("listitem").filter(has_text="please look.").locator(".mention")).to_have_text(
        "@mira"
    )
    expect(lena.page.locator("#DATA-2-talk")).to_contain_text("1 comment")
    expect(lena.page.locator("#toasts")).to_contain_text("Your comment is there.")
    expect(words).to_have_value("")
    [comment] = rest.get(f"initiatives/{ref}/comments/")["results"]
    assert (comment["item"], comment["mentions"]) == ("DATA-2", ["mira"])


def test_an_item_is_assigned_seen_under_assigned_to_me_and_finished(
    sign_in: SignIn, rest: Rest, ref: str
) -> None:
    lena, mia = sign_in("lena"), sign_in("mia", width=390)
    lena.open(f"/initiatives/{ref}/checklist/data/")
    card = lena.card("DATA-1")
    card.get_by_text("Ask somebody to see to this").click()
    lena.find_person("Who", "mi", "Mia", card)
    card.get_by_label("Until").fill(in_days(9))
    card.locator(".asked__fields").get_by_label("Note").fill("Ask the clerks.")
    lena.press("Assign", card)
    expect(lena.page.locator("#DATA-1-asked")).to_contain_text("Mia is asked to see to this")
    expect(lena.page.locator("#DATA-1-asked .asked")).to_be_focused()
    expect(lena.page.locator("#checklist-asked")).to_contain_text("in 9 days")

    mia.open("/assigned/")
    row = mia.main.get_by_role("listitem").filter(has=mia.page.locator(f'a[href*="/{ref}/"]'))
    expect(row).to_contain_text("Ask the clerks.")
    row.get_by_role("button", name="Done").click()
    expect(mia.main).to_contain_text("DATA-1 is done.")
    expect(row).to_have_count(0)
    [ended] = rest.get(f"initiatives/{ref}/assignments/?state=ended")["results"]
    assert (ended["outcome"], ended["ended_by"]) == ("done", "mia")


def test_without_javascript_it_is_said_and_asked_on_pages_of_their_own(
    sign_in: SignIn, rest: Rest, ref: str
) -> None:
    lena = sign_in("lena", javascript=False)
    lena.open(f"/initiatives/{ref}/checklist/data/")
    lena.card("DATA-3").get_by_text("Comment on this").click()
    lena.card("DATA-3").get_by_role("link", name="The comments on DATA-3").click()
    lena.page.get_by_label("Your comment").fill("@ghost look")
    lena.press("Comment")
    expect(lena.page.get_by_label("Your comment")).to_have_value("@ghost look")
    lena.page.get_by_label("Your comment").fill("@ravi look")
    lena.press("Comment")
    expect(lena.main.locator(".mention")).to_have_text("@ravi")
    lena.open(f"/initiatives/{ref}/checklist/data/")
    lena.card("DATA-3").get_by_text("Ask somebody to see to this").click()
    lena.card("DATA-3").get_by_role("link", name="Assign DATA-3").click()
    lena.page.get_by_label("Who", exact=True).fill("mia")
    lena.page.get_by_label("Until").fill(in_days(3))
    lena.press("Assign")
    expect(lena.page.locator("#DATA-3-asked")).to_contain_text("in 3 days")


def test_the_gates_page_and_the_tab_show_what_is_said_where(sign_in: SignIn, rest: Rest, ref: str) -> None:
    rest.ask("POST", f"initiatives/{ref}/comments/", {"body": "About the gate.", "gate": "data"})
    rest.ask("POST", f"initiatives/{ref}/comments/", {"body": "About an item.", "item": "DATA-1"})
    ravi = sign_in("ravi")
    ravi.open(f"/initiatives/{ref}/gates/data/")
    thread = ravi.page.locator("#comments")
    expect(thread.get_by_role("listitem")).to_have_count(2)
    thread.get_by_label("Your comment").fill("@lena thank you.")
    thread.get_by_role("button", name="Comment", exact=True).click()
    expect(thread.get_by_role("listitem")).to_have_count(3)
    ravi.open(f"/initiatives/{ref}/comments/")
    ravi.page.get_by_label("About").select_option("DATA-1")
    ravi.press("Show")
    expect(ravi.main.locator(".comment")).to_have_count(1)
    expect(ravi.main.locator(".comment")).to_contain_text("About an item.")
