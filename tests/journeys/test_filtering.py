"""A list that is searched and filtered in place: what stands above it keeps up with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_looking import enter_demo
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack


@pytest.mark.parametrize(("width", "folded"), [(1440, False), (390, True)])
def test_the_way_to_clear_comes_and_goes_with_what_is_set(
    demo_stack: EmbeddedStack, new_page: Callable[..., Page], width: int, folded: bool
) -> None:
    walker = Walker(new_page(width=width), demo_stack.url)
    enter_demo(walker, "lena")
    walker.open("/initiatives/")
    bar = walker.page.locator(".filter-bar")
    clear, count = bar.get_by_role("link", name="Clear"), bar.locator("#initiatives-count")
    if folded:
        bar.locator("summary", has_text="Filters").first.click()
    expect(clear).to_have_count(0)
    words = bar.get_by_role("searchbox")
    words.fill("a")
    expect(clear).to_be_visible()
    words.fill("")
    expect(clear).to_have_count(0)
    bar.get_by_label("Stage").select_option("pilot")
    expect(clear).to_be_visible()
    expect(count).to_have_text("1")
    walker.look()
    clear.click()
    expect(clear).to_have_count(0)
    expect(count).to_be_empty()
    assert walker.path == "/initiatives/"


def test_filters_that_are_rarely_wanted_open_with_one_press_and_stay_open_where_one_is_set(
    demo_stack: EmbeddedStack, new_page: Callable[..., Page]
) -> None:
    walker = Walker(new_page(width=1440), demo_stack.url)
    enter_demo(walker, "lena")
    walker.open("/initiatives/")
    bar = walker.page.locator(".filter-bar")
    vendor = bar.get_by_label("Vendor", exact=True)
    expect(vendor).to_be_hidden()
    more = bar.locator("summary", has_text="More filters")
    more.focus()
    walker.page.keyboard.press("Enter")
    expect(vendor).to_be_visible()
    walker.look()
    vendor.select_option("visora")
    expect(bar.locator("#initiatives-count")).to_have_text("1")
    walker.page.reload()
    expect(vendor).to_be_visible()
    expect(vendor).to_have_value("visora")
    bar.get_by_role("link", name="Clear").click()
    expect(vendor).to_be_hidden()
