"""What a person looks for on the pages of one initiative."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.looking import faults_of, overflow_at
from tests.journeys.walker import Walker

PHONE = 390


def titled(walker: Walker, title: str) -> Locator:
    """The card of this title."""
    heading = walker.page.get_by_role("heading", level=2, name=title, exact=True)
    return walker.main.locator("section.card", has=heading)


def expect_flags(walker: Walker, ref: str, *titles: str, without: tuple[str, ...] = ()) -> None:
    """The overview names these flags, and none of those."""
    walker.open(f"/initiatives/{ref}/")
    card = titled(walker, "Flags")
    for title in titles:
        expect(card.get_by_role("heading", level=3, name=title, exact=True)).to_be_visible()
    for title in without:
        expect(walker.page.get_by_role("heading", level=3, name=title, exact=True)).to_have_count(0)


def tab(walker: Walker, name: str) -> None:
    walker.page.get_by_role("navigation", name="Pages of this initiative").get_by_role(
        "link", name=name, exact=True
    ).click()


def field(walker: Walker, label: str) -> Locator:
    """The field of this label, whether or not it says that it may be left out."""
    return walker.page.get_by_label(re.compile(rf"^\s*{label}\s*(Optional)?\s*$"))


def fault_free(walker: Walker, heading: str) -> None:
    """Whoever does not see the page finds the way on it, and on a phone nothing sticks out."""
    expect(walker.page.get_by_role("heading", level=1)).to_have_text(heading)
    walker.look()
    before = walker.page.viewport_size
    assert [*faults_of(walker.page), *overflow_at(walker.page, PHONE)] == [], walker.path
    assert before is not None
    walker.page.set_viewport_size(before)
