"""What comes out of the printer: what is read, whole and readable in black and white, without what is pressed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.people import token_of
from tests.journeys.rest import Rest
from tests.journeys.test_looking import enter_demo
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

PAPER = 690
"""What a sheet of A4 is wide between its margins, in CSS pixels."""
PRESSED = "header.shell__header, .button, nav.tabs, .filter-bar, .skip-link, .menu, input[type=file]"
# What is shown that is only pressed, what is wider than the sheet, what status has no words, and what is dark.
ON_PAPER = """
(pressed) => {
  const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
  const say = (what, one) => `${what}: ${one.outerHTML.slice(0, 90)}`;
  const wrong = [...document.querySelectorAll(pressed)].filter(shown).map((one) => say('pressed', one));
  const edge = document.documentElement.clientWidth;
  for (const one of document.querySelectorAll('main :is(table, td, p, h1, h2, h3, figure, .card)')) {
    if (shown(one) && one.getBoundingClientRect().right > edge + 1) wrong.push(say('cut', one));
  }
  for (const one of document.querySelectorAll('main :is(.badge, .tally__mark, .track__step)')) {
    const words = one.textContent.trim() || one.querySelector('[aria-label], svg');
    if (shown(one) && !words) wrong.push(say('colour', one));
  }
  const behind = getComputedStyle(document.body).backgroundColor;
  if (behind !== 'rgb(255, 255, 255)') wrong.push(`paper is ${behind}`);
  return wrong;
}
"""


@pytest.fixture
def reader(demo_stack: EmbeddedStack, new_page: Callable[..., Page]) -> Walker:
    """Somebody whose screen is dark and whose paper is white."""
    walker = Walker(new_page(width=PAPER, color_scheme="dark"), demo_stack.url)
    enter_demo(walker, "ravi")
    return walker


def waiting(rest: Rest) -> tuple[str, str]:
    """A gate that waits for a decision; its initiative."""
    for one in rest.get("initiatives/?limit=200")["results"]:
        for gate in rest.get(f"initiatives/{one['id']}/gates/")["results"]:
            if gate["status"] == "in_review":
                return str(one["id"]), str(gate["gate"])
    raise AssertionError("the demo has no gate in review")


def test_every_main_page_prints_what_is_read(reader: Walker, demo_stack: EmbeddedStack) -> None:
    ref, gate = waiting(Rest(demo_stack.url, token_of(demo_stack, "ada", "read")))
    at = f"/initiatives/{ref}/"
    wrong: dict[str, Any] = {}
    for path in (at, f"{at}why/", f"{at}gates/{gate}/decide/", f"{at}checklist/data/", "/portfolio/"):
        assert reader.open(path).status == 200, path
        reader.page.emulate_media(media="print", color_scheme="dark")
        wrong[path] = reader.page.evaluate(ON_PAPER, PRESSED)
        sheets = reader.page.pdf(format="A4").count(b"/Type /Page\n")
        assert 0 < sheets <= 15, f"{path}: {sheets} sheets"
        reader.page.emulate_media(media="screen", color_scheme="dark")
    reader.page.set_viewport_size(
        {"width": 775, "height": 1000}
    )  # a wider sheet, on which a table stays a table
    reader.open("/portfolio/causes/")
    reader.page.emulate_media(media="print")
    wrong["wide"] = reader.page.evaluate(ON_PAPER, PRESSED)
    assert not any(wrong.values()), wrong


def test_a_link_that_leads_out_says_where_to(reader: Walker) -> None:
    reader.open("/portfolio/")
    reader.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend',"
                         " '<p><a id=\"out\" href=\"https://wiki.example.com/x\">The report</a></p>')")  # fmt: skip
    said = "getComputedStyle(document.querySelector('#out'), '::after').content"
    assert reader.page.evaluate(said) == "none"
    reader.page.emulate_media(media="print")
    assert "https://wiki.example.com/x" in reader.page.evaluate(said)


def test_the_portfolio_prints_what_is_said_by_whom_and_no_links_to_press(reader: Walker) -> None:
    reader.open("/portfolio/")
    name, foot, quotes = (reader.page.locator(one) for one in (".paper-only", ".card__foot a", ".quotes"))
    assert foot.count() >= 2 and quotes.count() == 1
    assert not name.is_visible() and foot.first.is_visible()
    reader.page.emulate_media(media="print")
    assert name.is_visible() and name.inner_text() == "Alderfinch Insurance"
    assert not any(one.is_visible() for one in (*foot.all(), *quotes.all()))
    whole = "getComputedStyle(document.querySelector('#decide')).breakInside"
    assert reader.page.evaluate(whole) == "avoid"
