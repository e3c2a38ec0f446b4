"""Every component in every state, side by side: whole in both themes, from both sides, at every width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import axe
from tests.journeys.looking import faults_of, overflow_at
from tests.journeys.people import enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

WIDTHS = (320, 390, 1024, 1440)


@pytest.fixture
def walker(live_stack: EmbeddedStack, new_page: Callable[..., Page]) -> Walker:
    enter(live_stack, lena="lead")
    walker = Walker(new_page(width=1440, reduced_motion="reduce"), live_stack.url)
    walker.sign_in("lena")
    return walker


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_is_whole(walker: Walker, theme: str, direction: str) -> None:
    page = walker.page
    walker.open(f"/ui/gallery/?theme={theme}&dir={direction}")
    page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    assert axe.found_on(page) == []
    faults = [one for one in faults_of(page) if one != "2 h1"]  # a question to confirm is a page of its own
    assert [*faults, *(one for width in WIDTHS for one in overflow_at(page, width))] == []


def test_what_points_points_the_other_way_where_one_reads_from_the_right(walker: Walker) -> None:
    page = walker.page
    walker.open("/ui/gallery/?theme=light")
    turned = "(one) => getComputedStyle(one.closest('svg')).scale"
    pointing = page.locator('main svg.icon > use[href$="#arrow-right"]').first
    steady = page.locator('main svg.icon > use[href$="#check"]').first
    assert (pointing.evaluate(turned), steady.evaluate(turned)) == ("none", "none")
    walker.open("/ui/gallery/?theme=light&dir=rtl")
    assert (pointing.evaluate(turned), steady.evaluate(turned)) == ("-1 1", "none")


def test_a_system_with_few_colours_shows_what_is_chosen(walker: Walker) -> None:
    """In forced colours backgrounds are gone: a choice, where one is, and a button are told by lines."""
    page = walker.page
    walker.open("/ui/gallery/?theme=light")
    # Only now: what axe reckons contrasts from are the page's own colours.
    page.emulate_media(forced_colors="active")
    chosen = page.locator(".radio-card:has(input:checked)").first
    other = page.locator(".radio-card:not(:has(input:checked))").first
    width = "(one) => getComputedStyle(one).outlineStyle"
    assert (chosen.evaluate(width), other.evaluate(width)) == ("solid", "none")
    current = page.locator(".tabs__tab[aria-current]").first
    expect(current).to_have_css("text-decoration-line", "underline")
    for one in (page.locator(".button").first, page.locator(".badge").first):
        assert one.evaluate("(one) => parseFloat(getComputedStyle(one).borderTopWidth)") >= 1


def test_who_wants_no_motion_gets_none(walker: Walker) -> None:
    page = walker.page
    walker.open("/ui/gallery/?theme=light")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
        const style = getComputedStyle(one);
        return style.transitionDuration.split(',').some((time) => parseFloat(time) > 0)
          || parseFloat(style.animationDuration) > 0.01;
    }).length"""
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0


def test_what_is_shown_once_is_taken_along_with_one_press(walker: Walker) -> None:
    page = walker.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    walker.open("/ui/gallery/?theme=light")
    taking = page.locator(".copy").first
    taking.get_by_role("button", name="Copy").click()
    expect(taking.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "berth_7f3c19ae"


def test_where_there_is_no_clipboard_it_is_taken_the_old_way(walker: Walker) -> None:
    page = walker.page
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    walker.open("/ui/gallery/?theme=light")
    taking = page.locator(".copy").first
    taking.get_by_role("button", name="Copy").click()
    expect(taking.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("getSelection().toString().trim()") == "berth_7f3c19ae"
