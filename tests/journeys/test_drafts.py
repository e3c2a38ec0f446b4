"""An admin copies five-gate, changes it in the browser, meets a mistake, mends it and publishes."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import axe
from tests.journeys.drafts import begin_draft
from tests.journeys.people import enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
STATEMENT = "The real data arrives every day, and somebody has measured it this week."


def admin(stack: EmbeddedStack, page: Page, username: str) -> Walker:
    enter(stack, **{username: "admin"})
    walker = Walker(page, stack.url)
    walker.sign_in(username)
    return walker


def fill(walker: Walker, **fields: str) -> None:
    """Each field by its label, underscores for blanks."""
    for label, words in fields.items():
        walker.main.get_by_label(label.replace("_", " "), exact=True).fill(words)


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, 1440), (False, 390)], ids=["with JavaScript", "without, on a phone"]
)
def test_a_framework_is_copied_changed_and_published(
    live_stack: EmbeddedStack, new_page: NewPage, javascript: bool, width: int
) -> None:
    name = uuid.uuid4().hex[:8]
    walker = admin(live_stack, new_page(javascript=javascript, width=width), f"adam-{name}")
    walker.open("/frameworks/five-gate/")
    walker.press("Copy it")
    fill(walker, Name=f"Gates {name}", Short_name=f"gates-{name}")
    walker.press("Begin the draft")
    expect(walker.main.get_by_text("Nothing is wrong")).to_be_visible()
    assert axe.found_in_both(walker.page) == []

    walker.main.get_by_role("link", name=re.compile("^DATA-1 ")).click()
    fill(walker, Statement=STATEMENT)
    assert axe.found_in_both(walker.page) == []
    walker.press("Save")

    walker.press("Add an item to Data")
    expect(walker.main.get_by_label("Code", exact=True)).to_have_value("DATA-5")
    fill(walker, Title="The data has a steward", Statement="One person answers for the data.")
    fill(walker, When_it_is_met="A name, and they agreed.", When_it_is_partly_met="A name.")
    walker.main.get_by_label("Guards against", exact=True).select_option(label="Data quality")
    walker.press("Save")

    expect(walker.main.get_by_text("1 thing is still wrong")).to_be_visible()
    assert axe.found_in_both(walker.page) == []
    walker.press("Look at what changes")
    expect(walker.main.get_by_role("button", name="Publish it")).to_have_count(0)
    walker.main.get_by_role("link", name=re.compile("^DATA-5 .*When it is not met$")).click()
    field = walker.main.get_by_label("When it is not met", exact=True)
    expect(walker.page).to_have_url(re.compile("#id_not_met$"))
    expect(field).to_have_accessible_description(re.compile("missing"))
    field.fill("Nobody is named.")
    walker.press("Save")
    expect(walker.main.get_by_text("Nothing is wrong")).to_be_visible()

    walker.press("Move up: DATA-5 · The data has a steward")
    order = walker.main.locator("#part-1").get_by_role("link", name=re.compile(r"^DATA-\d "))
    expect(order.nth(3)).to_contain_text("DATA-5")
    walker.press("Look at what changes")
    expect(walker.main.get_by_text("A new framework with 21 items.")).to_be_visible()
    assert axe.found_in_both(walker.page) == []
    walker.press("Publish it")

    expect(walker.page).to_have_url(re.compile(f"/frameworks/gates-{name}/$"))
    expect(walker.main.get_by_text(STATEMENT)).to_be_attached()
    titles = walker.main.locator("#data summary").all_inner_texts()
    codes = [title.split()[0] for title in titles]
    assert codes == ["DATA-1", "DATA-2", "DATA-3", "DATA-5", "DATA-4"]


def test_of_two_admins_the_second_keeps_what_they_typed(live_stack: EmbeddedStack, new_page: NewPage) -> None:
    first, second = (admin(live_stack, new_page(), name) for name in ("adele", "anton"))
    draft = begin_draft(first, "environment-gap")
    item = f"/organisation/frameworks/drafts/{draft}/parts/2/"
    for walker in (first, second):
        walker.open(item)
    fill(first, Title="What Adele wrote")
    first.press("Save")
    fill(second, Title="What Anton wrote")
    second.press("Save")

    expect(second.main.get_by_text("The draft was changed since you opened this page")).to_be_visible()
    expect(second.main.get_by_text("What Adele wrote").first).to_be_visible()
    expect(second.main.get_by_label("Title", exact=True)).to_have_value("What Anton wrote")
    assert axe.found_in_both(second.page) == []
    second.press("Save")
    expect(second.main.get_by_role("link", name=re.compile("^ENV-1 .*What Anton wrote"))).to_be_visible()
    second.press("Throw the draft away")
    second.press("Throw it away")
    expect(second.page.get_by_text("The draft is thrown away.").first).to_be_visible()
