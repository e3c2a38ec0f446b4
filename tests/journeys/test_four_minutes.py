"""A lead has four minutes: what it takes to answer, counted, with and without JavaScript, at a desk and on a phone.

An action is one click (or tap), or one field that is filled in and sent with the key Enter. Everything is counted from
the sign-in on: also the way from gate to gate.
"""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.looking import overflow_at
from tests.journeys.people import PASSWORD, enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

GATES = {
    "data": "DATA",
    "architecture": "ARCH",
    "integration": "INTG",
    "governance": "GOVN",
    "adoption": "ADPT",
}
PHONE = 390
SMALLEST_TARGET = 24
# What can be tapped and is smaller than a finger needs, links within a line apart.
SMALL = """
(smallest) => [...document.querySelectorAll('main :is(button, input, select, textarea, summary, .radio-card)')]
  .filter((one) => one.checkVisibility() && !one.closest('.radio-card :not(.radio-card)') && one.type !== 'hidden')
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width > 0 && (box.width < smallest || box.height < smallest))
  .map(([box, one]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 90)}`)
"""


class Counted:
    """A person whose every action is counted."""

    def __init__(self, page: Page, base: str) -> None:
        self.walker, self.page, self.actions = Walker(page, base), page, 0

    def click(self, what: Locator) -> None:
        what.click()
        self.actions += 1

    def choose(self, code: str, answer: str) -> None:
        self.click(self.walker.card(code).get_by_role("radio", name=answer, exact=True))

    def send(self, field: Locator, text: str) -> None:
        field.fill(text)
        field.press("Enter")
        self.actions += 1

    def on_to(self, gate: str) -> None:
        """To the next gate, by the button below the items."""
        self.click(self.page.locator("#checklist-next"))
        self.page.wait_for_url(f"**/checklist/{gate}/")
        self.walker.look()


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, nora="lead")
    return Rest(live_stack.url, token_of(live_stack, "nora"))


@pytest.fixture
def ref(rest: Rest) -> str:
    """An initiative of nora's, with nothing answered."""
    facts = {"name": "Between two meetings", "business_problem": "There are four minutes."}
    return str(rest.ask("POST", "initiatives/", facts)[1]["id"])


def met(rest: Rest, ref: str) -> int:
    found: int = rest.get(f"initiatives/{ref}/readiness/")["met"]
    return found


def test_from_the_sign_in_to_the_first_saved_answer_takes_four_clicks(
    live_stack: EmbeddedStack, rest: Rest, ref: str, new_page: Callable[..., Page]
) -> None:
    nora = Counted(new_page(), live_stack.url)
    nora.walker.open("/login/")
    nora.page.get_by_label("Username or e-mail").fill("nora")
    nora.page.get_by_label("Password", exact=True).fill(PASSWORD)
    nora.click(nora.page.get_by_role("main").get_by_role("button", name="Sign in"))
    nora.click(nora.walker.main.locator(f'a[href^="/initiatives/{ref}/"]').first)
    if "/checklist/" not in nora.page.url:
        nora.click(nora.page.get_by_role("link", name="Checklist", exact=True))
    first = nora.page.locator("article.item").first
    nora.click(first.get_by_role("radio", name="Met", exact=True))
    expect(first.get_by_role("status")).to_contain_text("Saved")
    assert nora.actions <= 4


def test_a_checklist_of_twenty_answers_with_links_takes_at_most_three_actions_an_item(
    live_stack: EmbeddedStack, rest: Rest, ref: str, new_page: Callable[..., Page]
) -> None:
    """With the way from gate to gate among them."""
    nora = Counted(new_page(), live_stack.url)
    nora.walker.sign_in("nora")
    nora.walker.open(f"/initiatives/{ref}/checklist/data/")
    for before, gate in pairwise(["", *GATES]):
        if before:
            nora.on_to(gate)
        for number in range(1, 5):
            code = f"{GATES[gate]}-{number}"
            nora.choose(code, "Met")
            nora.send(nora.walker.card(code).get_by_label("Address"), f"https://wiki.example.com/{code}")
            expect(nora.page.locator(f"#{code}-counts")).to_contain_text("Met")
    expect(nora.page.locator("#header-score")).to_contain_text("20 of 20 met")
    assert met(rest, ref) == 20
    assert nora.actions <= 3 * 20
    (piece,) = rest.get(f"initiatives/{ref}/checklist/DATA-1/")["evidence"]
    assert piece["effective_on"] == piece["received_at"][:10]  # today, unasked


def test_without_javascript_an_item_takes_three_actions(
    live_stack: EmbeddedStack, rest: Rest, ref: str, new_page: Callable[..., Page]
) -> None:
    """A choice, the button that saves it, a link: the way from gate to gate comes on top."""
    nora = Counted(new_page(javascript=False), live_stack.url)
    nora.walker.sign_in("nora")
    nora.walker.open(f"/initiatives/{ref}/checklist/data/")
    count = 0
    for before, gate in pairwise(["", *GATES]):
        if before:
            nora.on_to(gate)
        for number in range(1, 5):
            code, began, card = (
                f"{GATES[gate]}-{number}",
                nora.actions,
                nora.walker.card(f"{GATES[gate]}-{number}"),
            )
            nora.choose(code, "Met")
            nora.click(card.get_by_role("button", name="Save", exact=True))
            expect(nora.walker.told(code)).to_have_text(re.compile(r"^\s*Saved \d\d:\d\d\s*$"))
            nora.send(card.get_by_label("Address"), f"https://wiki.example.com/{code}")
            expect(nora.walker.told(code)).to_contain_text("Evidence added")
            count += 1
            expect(nora.page.locator("#header-score")).to_contain_text(f"{count} of 20 met")
            assert nora.actions - began <= 3
    assert met(rest, ref) == 20


def test_a_gate_on_a_phone(
    live_stack: EmbeddedStack, rest: Rest, ref: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=PHONE, height=844, has_touch=True, is_mobile=True)
    nora = Walker(page, live_stack.url)
    nora.sign_in("nora")
    nora.open(f"/initiatives/{ref}/checklist/data/")
    for code in ("DATA-1", "DATA-2", "DATA-3", "DATA-4"):
        card = nora.card(code)
        met_card = card.locator(".radio-card", has=page.get_by_role("radio", name="Met", exact=True))
        partial = card.locator(".radio-card", has=page.get_by_role("radio", name="Partial"))
        above, below = met_card.bounding_box(), partial.bounding_box()
        assert above and below and above["y"] + above["height"] <= below["y"]  # one above the other
        met_card.tap()
        expect(nora.told(code)).to_contain_text("Saved")
        card.get_by_label("Address").tap()
        page.keyboard.insert_text(f"https://wiki.example.com/{code}")
        card.get_by_role("button", name="Add evidence").tap()
        expect(nora.told(code)).to_contain_text("Evidence added")
    expect(page.locator("#checklist-strip")).to_contain_text("4 of 4 met")
    assert met(rest, ref) == 4
    assert page.evaluate(SMALL, SMALLEST_TARGET) == []
    assert overflow_at(page, PHONE) == []
    page.evaluate(
        "scrollTo(0, 0)"
    )  # what lies half below the strip that stays in sight is no smaller for that
    nora.look()
