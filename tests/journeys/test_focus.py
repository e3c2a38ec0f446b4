"""Whoever uses the keyboard stays where they are when a part of the page is replaced under their fingers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.services.stacks import EmbeddedStack

FRAGMENT = """
<section id="part"><h2>{title}</h2>
  <button type="button" {mark} hx-get="/part/" hx-target="#part" hx-swap="outerHTML">Again</button>
  <label>Note <input name="note"></label>
</section>
"""
# What the button is known by before and after, and what has the focus then.
WAYS = [
    ('id="again"', 'id="again"', "#again"),
    ('name="go" value="1"', 'name="go" value="1"', "[name=go]"),
    ('name="go" value="1"', 'name="other" value="1" hidden', "#part h2"),
]


@pytest.mark.parametrize(("before", "after", "focused"), WAYS, ids=["same id", "same name", "gone"])
def test_what_had_the_focus_hands_it_on_when_it_is_replaced(
    live_stack: EmbeddedStack, new_page: Callable[..., Page], before: str, after: str, focused: str
) -> None:
    page = with_part(new_page(), live_stack.url, FRAGMENT.format(title="Before", mark=before), after)
    page.get_by_role("button", name="Again").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="After")).to_be_visible()
    expect(page.locator(focused)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#part') !== null"), "one goes on from there"


def test_who_went_elsewhere_meanwhile_is_left_there(
    live_stack: EmbeddedStack, new_page: Callable[..., Page]
) -> None:
    page = with_part(new_page(), live_stack.url, FRAGMENT.format(title="Before", mark=""), "")
    page.get_by_role("button", name="Again").click()
    page.get_by_label("Username").focus()
    expect(page.get_by_role("heading", name="After")).to_be_visible()
    expect(page.get_by_label("Username")).to_be_focused()


def with_part(page: Page, base: str, part: str, after: str) -> Page:
    """Any page of the house with a part of its own, which is answered by one with a button marked `after`."""

    def answer(route: Route) -> None:
        route.fulfill(body=FRAGMENT.format(title="After", mark=after), content_type="text/html")

    page.route(re.compile("/part/"), answer)
    page.goto(f"{base}/login/")
    page.evaluate(
        """(part) => {
            document.querySelector('main').insertAdjacentHTML('beforeend', part);
            window.htmx.process(document.querySelector('#part'));
        }""",
        part,
    )
    return page
