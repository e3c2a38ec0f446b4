"""One gate of the checklist with the keyboard alone, and at every stop one sees where one is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import PATIENCE, Walker
from tests.services.machine import wait_until
from tests.services.stacks import EmbeddedStack

# Whether what has the focus looks other than without it: an outline or a shadow, its own or that of its label.
MARKED = """
() => {
  const element = document.activeElement;
  const around = [element, element.closest('label'), element.closest('summary, fieldset')].filter(Boolean);
  const drawn = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  return around.some(drawn) ? '' : element.outerHTML.slice(0, 160);
}
"""
FARTHEST = 60


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, lena="lead", ravi="reviewer")
    return Rest(live_stack.url, token_of(live_stack, "lena"))


class Keyboard:
    """Fingers on the keys, and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def tab_to(self, target: Locator) -> None:
        """Go on from stop to stop until the target has the focus; each stop is to be seen."""
        passed = []
        for _ in range(FARTHEST):
            self.press("Tab")
            unmarked = self.page.evaluate(MARKED)
            assert unmarked == "", f"not seen to have the focus: {unmarked}"
            passed.append(self.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"not reached within {FARTHEST} stops: {passed}")


def test_a_gate_is_filled_in_and_submitted_with_the_keyboard_alone(
    live_stack: EmbeddedStack, rest: Rest, new_page: Callable[..., Page]
) -> None:
    facts = {"name": "Invoice triage", "business_problem": "Invoices wait."}
    ref = str(rest.ask("POST", "initiatives/", facts)[1]["id"])
    walker = Walker(new_page(), live_stack.url)
    keyboard, page = Keyboard(walker.page), walker.page
    sign_in(walker, keyboard)

    walker.open(f"/initiatives/{ref}/checklist/data/")
    keyboard.tab_to(page.get_by_role("link", name="Skip to the content"))
    keyboard.press("Enter")
    for code in ("DATA-1", "DATA-2", "DATA-3", "DATA-4"):
        answer_with_evidence(walker, keyboard, code)
        assert rest.get(f"initiatives/{ref}/checklist/{code}/")["effective"] == "met"

    expect(page.get_by_role("link", name="Submit for review")).to_be_visible()
    keyboard.tab_to(page.get_by_role("link", name="Submit for review"))
    keyboard.press("Enter")
    page.wait_for_url("**/submit/")
    keyboard.tab_to(page.get_by_label("A note to the reviewers"))
    keyboard.type("All four are shown.")
    keyboard.tab_to(page.get_by_role("button", name="Submit for review"))
    keyboard.press("Enter")
    expect(page.get_by_text("A reviewer decides it.")).to_be_visible()
    gates = {gate["gate"]: gate["status"] for gate in rest.get(f"initiatives/{ref}/readiness/")["gates"]}
    assert gates["data"] == "in_review"


def sign_in(walker: Walker, keyboard: Keyboard) -> None:
    """The name's field has the focus from the start."""
    walker.open("/login/")
    expect(walker.page.get_by_label("Username or e-mail")).to_be_focused()
    keyboard.type("lena")
    keyboard.tab_to(walker.page.get_by_label("Password", exact=True))
    keyboard.type("a long enough password")
    keyboard.press("Enter")
    walker.page.wait_for_url(lambda url: "/login/" not in url, timeout=PATIENCE)


def answer_with_evidence(walker: Walker, keyboard: Keyboard, code: str) -> None:
    card = walker.card(code)
    keyboard.tab_to(card.get_by_role("radio", name="Unanswered"))
    keyboard.press("ArrowRight")  # round to the first: Met
    expect(card.get_by_role("radio", name="Met", exact=True)).to_be_focused()
    expect(walker.told(code)).to_contain_text("Saved")
    expect(card.get_by_role("radio", name="Met", exact=True)).to_be_focused()
    keyboard.tab_to(card.get_by_label("Note"))
    keyboard.type("Measured in March.")
    keyboard.tab_to(card.get_by_role("button", name="Save", exact=True))
    keyboard.press("Enter")
    keyboard.tab_to(card.get_by_label("Address"))
    keyboard.type(f"https://wiki.example.com/{code}")
    keyboard.tab_to(card.get_by_role("button", name="Add evidence"))
    keyboard.press("Enter")
    expect(walker.told(code)).to_contain_text("Evidence added")


# --- The keys of the checklist ---

GATES = {
    "data": "DATA",
    "architecture": "ARCH",
    "integration": "INTG",
    "governance": "GOVN",
    "adoption": "ADPT",
}
# Whether the card that has the focus is seen below the strip that stays in sight.
BELOW_THE_STRIP = """
() => {
  const card = document.activeElement, strip = document.querySelector('.checklist__strip');
  return card.getBoundingClientRect().top >= strip.getBoundingClientRect().bottom - 1;
}
"""


@pytest.fixture
def checklist(
    live_stack: EmbeddedStack, rest: Rest, new_page: Callable[..., Page]
) -> tuple[Walker, Keyboard, str]:
    """Lena in front of a checklist with nothing answered, and no mouse."""
    facts = {"name": "Twenty items", "business_problem": "They wait for an answer."}
    ref = str(rest.ask("POST", "initiatives/", facts)[1]["id"])
    walker = Walker(new_page(), live_stack.url)
    keyboard = Keyboard(walker.page)
    sign_in(walker, keyboard)
    walker.open(f"/initiatives/{ref}/checklist/data/")
    return walker, keyboard, ref


def test_twenty_items_are_answered_with_the_keys_alone(
    checklist: tuple[Walker, Keyboard, str], rest: Rest
) -> None:
    walker, keyboard, ref = checklist
    words = [("1", "met", "Met"), ("2", "partial", "Partial"), ("3", "not_met", "Not met")]
    wanted = {}
    for at, (gate, prefix) in enumerate(GATES.items()):
        walker.page.wait_for_url(f"**/checklist/{gate}/")
        for number in range(1, 5):
            code = f"{prefix}-{number}"
            key, wanted[code], word = words[(at + number) % 3]
            keyboard.press("j")
            expect(walker.card(code)).to_be_focused()
            assert walker.page.evaluate(MARKED) == ""
            walker.page.wait_for_function(BELOW_THE_STRIP)
            keyboard.press(key)
            expect(walker.card(code).get_by_role("radio", name=word, exact=True)).to_be_checked()
            expect(walker.told(code)).to_contain_text("Saved")
            expect(walker.card(code)).to_be_focused()
        walker.look()
        keyboard.press("j")  # past the last item: on to the next gate
        if gate != "adoption":
            keyboard.press("Enter")
    items = rest.get(f"initiatives/{ref}/checklist/?framework=five-gate")["items"]
    assert {item["code"]: item["answer"] for item in items} == wanted


def test_the_keys_rest_while_one_types_and_with_others_held_down(
    checklist: tuple[Walker, Keyboard, str], rest: Rest
) -> None:
    walker, keyboard, ref = checklist
    note = walker.card("DATA-1").get_by_label("Note")
    keyboard.press("j")
    keyboard.press("n")
    expect(note).to_be_focused()
    walker.page.keyboard.type("just 3 of 12? no jokes")
    expect(note).to_have_value("just 3 of 12? no jokes")
    expect(note).to_be_focused()
    keyboard.press("Escape")
    expect(walker.card("DATA-1")).to_be_focused()
    keyboard.press("e")
    expect(walker.card("DATA-1").get_by_label("Address")).to_be_focused()
    walker.page.keyboard.type("https://wiki.example.com/1")
    keyboard.press("Enter")

    def item() -> dict[str, Any]:
        return rest.get(f"initiatives/{ref}/checklist/DATA-1/")

    # Fingers are quicker than the pause before a note is sent: which of the two arrives first is open, both do.
    wait_until(lambda: bool(item()["evidence"] and item()["note"]), PATIENCE / 1000, "note and evidence")
    for held in ("Control", "Alt", "Meta"):
        keyboard.press(f"{held}+2")
    walker.page.evaluate("document.activeElement.blur()")
    keyboard.press("j")
    expect(walker.card("DATA-2")).to_be_focused()
    keyboard.press("k")
    expect(walker.card("DATA-1")).to_be_focused()
    assert (item()["answer"], item()["note"]) == ("unanswered", "just 3 of 12? no jokes")
    assert [piece["url"] for piece in item()["evidence"]] == ["https://wiki.example.com/1"]


def test_the_keys_are_listed_and_can_be_turned_off(
    checklist: tuple[Walker, Keyboard, str], rest: Rest
) -> None:
    walker, keyboard, ref = checklist
    dialog = walker.page.get_by_role("dialog", name="Keys on this page")
    keyboard.press("j")
    keyboard.press("?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Answer: Partial")
    walker.look()
    keyboard.press("2")  # none of them acts behind the list
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(walker.card("DATA-1")).to_be_focused()
    keyboard.press("?")
    keyboard.tab_to(dialog.get_by_role("checkbox", name="Use these keys on checklists"))
    keyboard.press("Space")
    keyboard.press("Escape")
    for key in ("j", "2", "?"):
        keyboard.press(key)
    expect(dialog).to_be_hidden()
    walker.page.reload()
    for key in ("j", "2", "?"):
        keyboard.press(key)
    expect(dialog).to_be_hidden()
    assert rest.get(f"initiatives/{ref}/checklist/DATA-1/")["answer"] == "unanswered"
    walker.page.get_by_role("button", name="Keys").click()
    dialog.get_by_role("checkbox").check()
    keyboard.press("Escape")
    keyboard.press("j")
    expect(walker.card("DATA-1")).to_be_focused()
