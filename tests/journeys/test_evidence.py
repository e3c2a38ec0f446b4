"""Evidence in the browser: pasted, dropped, seen on its way, cancelled, lost and sent again, used again, looked at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import JSHandle, Locator, Page, expect

from tests.files import png
from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.titles import TITLES
from tests.journeys.walker import Walker
from tests.services.line import line_to
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
SLOW = 100_000  # bytes a second on the way up
SIZE = 2_000_000
TOO_LARGE = 27_000_000
# Everything the polite live region is made to say, in order.
LISTEN = """
() => {
  window.heard = [];
  const said = document.getElementById('checklist-said');
  const hear = new MutationObserver(() => window.heard.push(said.textContent.trim()));
  hear.observe(said, {childList: true, subtree: true});
}
"""
MAKE = """
([name, size]) => {
  const carried = new DataTransfer();
  carried.items.add(new File(['x'.repeat(size)], name));
  return carried;
}
"""


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, lena="lead", ravi="reviewer")
    return Rest(live_stack.url, token_of(live_stack, "lena"))


@pytest.fixture
def lead(live_stack: EmbeddedStack, new_page: NewPage) -> Walker:
    walker = Walker(new_page(), live_stack.url)
    walker.sign_in("lena")
    return walker


@pytest.fixture
def ref(rest: Rest) -> str:
    """An initiative of lena's, with nothing answered."""
    status, made = rest.ask(
        "POST", "initiatives/", {"name": "Evidence", "business_problem": "Nobody believes it."}
    )
    assert status == 201
    found: str = made["id"]
    return found


@pytest.fixture
def card(lead: Walker, ref: str) -> Locator:
    """DATA-2 of that initiative, in front of lena."""
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.evaluate(LISTEN)
    return lead.card("DATA-2")


def pieces(rest: Rest, ref: str, code: str = "DATA-2") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest.get(f"initiatives/{ref}/checklist/{code}/")["evidence"]
    return found


def carried(page: Page, name: str, size: int) -> JSHandle:
    """A file of so many bytes, as it is held over a page."""
    return page.evaluate_handle(MAKE, [name, size])


def drop(card: Locator, name: str, size: int = SIZE) -> None:
    held = carried(card.page, name, size)
    card.dispatch_event("dragover", {"dataTransfer": held})
    expect(card).to_have_attribute("data-dropping", "")
    card.dispatch_event("drop", {"dataTransfer": held})
    expect(card).not_to_have_attribute("data-dropping", "")


@contextmanager
def slowly(page: Page) -> Iterator[None]:
    """Meanwhile the browser sends slowly."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"offline": False, "latency": 0, "downloadThroughput": -1}
    session.send("Network.emulateNetworkConditions", line | {"uploadThroughput": SLOW})
    yield
    session.send("Network.emulateNetworkConditions", line | {"uploadThroughput": -1})


def moving(card: Locator) -> Locator:
    """The bar of what is being sent, once some of it has arrived and not yet all."""
    bar = card.get_by_role("progressbar", name="Sending load.txt")
    expect(bar).to_be_visible()
    expect(bar).not_to_have_attribute("value", "0")
    share = bar.evaluate("(bar) => bar.position")
    assert 0 < share < 1
    return bar


def test_a_link_is_pasted_and_saved_in_one_go(lead: Walker, rest: Rest, ref: str, card: Locator) -> None:
    card.get_by_label("Address").focus()
    lead.page.keyboard.insert_text("https://wiki.example.com/data/load-test-of-may")
    expect(card.get_by_label("What it shows")).to_have_value("Load test of may")
    lead.look()
    lead.page.keyboard.press("Enter")
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    expect(card.get_by_label("Address")).to_have_value("")
    expect(card.get_by_label("Address")).to_be_focused()
    (piece,) = pieces(rest, ref)
    assert (piece["title"], piece["effective_on"]) == ("Load test of may", f"{datetime.now(UTC):%Y-%m-%d}")


def test_the_browser_proposes_the_titles_that_the_server_would(lead: Walker, card: Locator) -> None:
    for address, title in TITLES:
        card.get_by_label("Address").fill(address)
        expect(card.get_by_label("What it shows")).to_have_value(title)
    card.get_by_label("What it shows").fill("My own words")
    card.get_by_label("Address").fill("https://wiki.example.com/another")
    expect(card.get_by_label("What it shows")).to_have_value("My own words")


def test_a_file_is_dropped_on_its_card_and_seen_on_its_way(
    lead: Walker, rest: Rest, ref: str, card: Locator
) -> None:
    drop(card, "load.txt")
    expect(card.get_by_role("radio", name="File")).to_be_checked()
    expect(card.get_by_label("What it shows")).to_have_value("load.txt")
    expect(card.get_by_role("button", name="Add evidence")).to_be_focused()
    with slowly(lead.page):
        lead.page.keyboard.press("Enter")
        moving(card)
        expect(card.locator(".sending")).to_contain_text("of 1.9 MB")
        lead.look()
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    expect(card.locator(".sending")).to_have_count(0)
    expect(card.get_by_role("button", name="Add evidence")).to_be_focused()
    heard = " ".join(lead.page.evaluate("window.heard"))
    assert "load.txt is chosen, 1.9 MB." in heard and "Sending load.txt" in heard
    (piece,) = pieces(rest, ref)
    assert (piece["kind"], piece["title"], piece["file"]["size"]) == ("file", "load.txt", SIZE)


def test_what_is_cancelled_stays_chosen_and_can_be_sent_after_all(
    lead: Walker, rest: Rest, ref: str, card: Locator
) -> None:
    drop(card, "load.txt")
    with slowly(lead.page):
        lead.page.keyboard.press("Enter")
        moving(card)
        card.get_by_role("button", name="Cancel").click()
        expect(card.get_by_role("alert")).to_contain_text("Cancelled: nothing was added.")
        lead.look()
    expect(card.get_by_role("button", name="Add evidence")).to_be_focused()
    assert pieces(rest, ref) == []
    lead.page.keyboard.press("Enter")
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    assert [piece["title"] for piece in pieces(rest, ref)] == ["load.txt"]


def test_where_the_line_breaks_the_file_stays_chosen_and_is_sent_again(
    live_stack: EmbeddedStack, new_page: NewPage, rest: Rest, ref: str
) -> None:
    with line_to(live_stack.url) as line:
        walker = Walker(new_page(), line.url)
        walker.sign_in("lena")
        walker.open(f"/initiatives/{ref}/checklist/data/")
        card = walker.card("DATA-2")
        drop(card, "load.txt")
        with slowly(walker.page):
            walker.page.keyboard.press("Enter")
            moving(card)
            line.cut()
            expect(card.get_by_role("alert")).to_contain_text(
                "The connection was lost and nothing was added."
            )
        assert pieces(rest, ref) == []
        line.mend()
        card.get_by_role("button", name="Add evidence").click()
        expect(walker.told("DATA-2")).to_contain_text("Evidence added")
        walker.look()
    assert [piece["title"] for piece in pieces(rest, ref)] == ["load.txt"]


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("run.exe", 10, "run.exe is not of a kind that can be evidence."),
        ("huge.txt", TOO_LARGE, "huge.txt has 25.7 MB; a file may have 25 MB."),
    ],
)
def test_what_cannot_be_evidence_is_said_before_it_is_sent(
    lead: Walker, rest: Rest, ref: str, card: Locator, name: str, size: int, words: str
) -> None:
    drop(card, name, size)
    expect(card.get_by_role("alert")).to_contain_text(words)
    lead.page.keyboard.press("Enter")
    expect(card.locator("input[type=file]")).to_be_focused()
    expect(card.get_by_role("alert")).to_contain_text(words)
    assert pieces(rest, ref) == []


def test_the_title_of_a_file_that_was_refused_is_not_the_next_ones(
    lead: Walker, rest: Rest, ref: str, card: Locator
) -> None:
    chosen, add = card.locator("input[type=file]"), lead.page.locator("#DATA-2-evidence-add")
    drop(card, "empty.txt", 0)
    add.click()
    expect(card.get_by_text("The file is empty.").first).to_be_visible()
    chosen.set_input_files({"name": "good.txt", "mimeType": "text/plain", "buffer": b"It holds."})
    expect(card.get_by_label("What it shows")).to_have_value("good.txt")
    add.click()
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    assert [piece["title"] for piece in pieces(rest, ref)] == ["good.txt"]


def test_what_another_item_has_is_used_with_the_keyboard_alone(
    lead: Walker, rest: Rest, ref: str, card: Locator
) -> None:
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    for title in ("Load test", "Network plan"):
        given = {
            "kind": "link",
            "title": title,
            "url": f"https://wiki.example.com/{title[:4]}",
            "effective_on": day,
        }
        rest.ask("PUT", f"initiatives/{ref}/checklist/DATA-1/", {"evidence": [given]})
    keys, opener = lead.page.keyboard, card.get_by_role("link", name="Use what another item has")
    opener.focus()
    keys.press("Enter")
    dialog = lead.page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    expect(dialog.get_by_role("status")).to_have_text("2 pieces in force")
    lead.look()
    keys.insert_text("load")
    expect(dialog.get_by_role("status")).to_have_text("1 piece in force")
    keys.press("Tab")
    expect(dialog.get_by_role("button", name="Use it Load test")).to_be_focused()
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    expect(lead.told("DATA-2")).to_contain_text("Evidence attached")
    expect(opener).to_be_focused()
    assert [piece["title"] for piece in pieces(rest, ref)] == ["Load test"]
    keys.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("1 piece in force")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


# Presses what came with a swap as soon as the script that put it there has ended: before anybody can.
AT_ONCE = """() => document.addEventListener("htmx:afterSwap", () => queueMicrotask(() =>
    document.querySelector("#reuse-found button").click()), { once: true })"""


def test_what_has_just_come_in_answers_to_a_press_at_once(
    lead: Walker, rest: Rest, ref: str, card: Locator
) -> None:
    given = {"kind": "link", "title": "Load test", "url": "https://wiki.example.com/load"}
    given["effective_on"] = f"{datetime.now(UTC):%Y-%m-%d}"
    rest.ask("PUT", f"initiatives/{ref}/checklist/DATA-1/", {"evidence": [given]})
    card.get_by_role("link", name="Use what another item has").click()
    dialog = lead.page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    before = lead.page.url
    lead.page.evaluate(AT_ONCE)
    lead.page.keyboard.insert_text("load")
    expect(dialog).to_be_hidden()
    expect(lead.told("DATA-2")).to_contain_text("Evidence attached")
    assert lead.page.url == before, "the page itself was left"
    assert [piece["title"] for piece in pieces(rest, ref)] == ["Load test"]


def test_a_picture_is_looked_at_and_the_focus_comes_back(lead: Walker, card: Locator) -> None:
    card.get_by_role("radio", name="File").check()
    drawing = {"name": "drawing.png", "mimeType": "image/png", "buffer": png()}
    card.locator("input[type=file]").set_input_files(drawing)  # type: ignore[arg-type]
    card.get_by_role("button", name="Add evidence").click()
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    look = card.get_by_role("link", name="Look at drawing.png")
    look.focus()
    lead.page.keyboard.press("Enter")
    dialog = lead.page.get_by_role("dialog", name="drawing.png")
    picture = dialog.get_by_role("img", name="drawing.png")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalHeight", 2)
    lead.look()
    lead.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(look).to_be_focused()


def test_without_javascript_evidence_is_given_and_used_again(
    live_stack: EmbeddedStack, new_page: NewPage, rest: Rest, ref: str
) -> None:
    walker = Walker(new_page(javascript=False), live_stack.url)
    walker.sign_in("lena")
    walker.open(f"/initiatives/{ref}/checklist/data/")
    card = walker.card("DATA-1")
    card.get_by_label("Address").fill("https://wiki.example.com/load-test")
    card.get_by_label("Address").press("Enter")
    expect(walker.told("DATA-1")).to_contain_text("Evidence added")
    walker.press("Use what another item has", walker.card("DATA-2"))
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Evidence for DATA-2")
    walker.look()
    walker.press("Use it Load test")
    expect(walker.told("DATA-2")).to_contain_text("Evidence attached")
    assert [piece["title"] for piece in pieces(rest, ref)] == ["Load test"]
