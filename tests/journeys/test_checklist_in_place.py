"""The checklist while it is filled in: nothing typed is lost, nobody is written over unseen, no failure is silent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import PASSWORD, enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
SAVED = re.compile(r"^\s*Saved \d\d:\d\d\s*$")


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
    return made_by(rest)


def made_by(rest: Rest, **facts: Any) -> str:
    """Another one, with these facts besides."""
    given = {"name": "In place", "business_problem": "It is filled in between two meetings."}
    status, made = rest.ask("POST", "initiatives/", given | facts)
    assert status == 201
    found: str = made["id"]
    return found


def kept(page: Page) -> list[str]:
    """What this browser keeps of what was typed."""
    return list(
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('fivegates.draft.'))")
    )


def stored(rest: Rest, ref: str, code: str) -> tuple[str, str]:
    item = rest.get(f"initiatives/{ref}/checklist/{code}/")
    return item["answer"], item["note"]


def test_an_answer_is_saved_where_one_stands_and_what_is_typed_elsewhere_stays(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.card("DATA-3").get_by_label("Note").fill("Still thinking")
    lead.card("DATA-3").get_by_label("Address").fill("https://wiki.example.com/half")
    lead.answer("DATA-2", "Partial")
    assert stored(rest, ref, "DATA-2") == ("partial", "")
    expect(lead.card("DATA-3").get_by_label("Address")).to_have_value("https://wiki.example.com/half")
    expect(lead.card("DATA-3").get_by_label("Note")).to_have_value("Still thinking")
    expect(lead.page.locator("#checklist-said")).to_contain_text("DATA-2 counts as Partial.")


def test_with_the_keyboard_the_place_is_kept_and_only_where_one_stops_is_saved(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.card("DATA-2").get_by_role("radio", name="Unanswered").focus()
    for _ in range(3):
        lead.page.keyboard.press("ArrowLeft")
    expect(lead.told("DATA-2")).to_contain_text("Saved")
    expect(lead.card("DATA-2").get_by_role("radio", name="Met", exact=True)).to_be_focused()
    item = rest.get(f"initiatives/{ref}/checklist/DATA-2/")
    assert (item["answer"], item["etag"]) == ("met", '"DATA-2-1"')


def slower(lead: Walker, rest: Rest, ref: str) -> None:
    """Lena has the page open, somebody says something else, and then she answers."""
    lead.open(f"/initiatives/{ref}/checklist/data/")
    rest.ask("PUT", f"initiatives/{ref}/checklist/DATA-2/", {"answer": "not_met", "note": "It broke."})
    lead.card("DATA-2").get_by_label("Note").fill("It held.")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("you changed this in another window")
    lead.look()


def test_who_was_slower_sees_both_versions_and_keeps_their_own(lead: Walker, rest: Rest, ref: str) -> None:
    slower(lead, rest, ref)
    expect(lead.told("DATA-2").locator("section").first).to_contain_text("It broke.")
    expect(lead.told("DATA-2").locator("section").last).to_contain_text("It held.")
    assert stored(rest, ref, "DATA-2") == ("not_met", "It broke.")
    expect(lead.card("DATA-2").get_by_label("Note")).to_have_value("It held.")
    expect(lead.card("DATA-2").get_by_role("radio", name="Met", exact=True)).to_be_checked()
    # To save as usual is no choice between the two.
    lead.card("DATA-2").get_by_role("button", name="Save", exact=True).click()
    expect(lead.told("DATA-2")).to_contain_text("Which one is to stand?")
    assert stored(rest, ref, "DATA-2") == ("not_met", "It broke.")
    lead.card("DATA-2").get_by_role("button", name="Keep mine").click()
    expect(lead.told("DATA-2")).to_have_text(SAVED)
    assert stored(rest, ref, "DATA-2") == ("met", "It held.")
    expect(lead.card("DATA-2")).to_be_focused()


def test_who_was_slower_takes_what_stands_and_nothing_of_their_own_comes_back(
    lead: Walker, rest: Rest, ref: str
) -> None:
    slower(lead, rest, ref)
    lead.card("DATA-2").get_by_role("button", name="Take that one").click()
    expect(lead.told("DATA-2")).to_have_text("This is what stands")
    expect(lead.card("DATA-2").get_by_label("Note")).to_have_value("It broke.")
    expect(lead.card("DATA-2").get_by_role("radio", name="Not met")).to_be_checked()
    assert kept(lead.page) == []
    lead.page.reload()
    expect(lead.card("DATA-2").get_by_label("Note")).to_have_value("It broke.")
    assert stored(rest, ref, "DATA-2") == ("not_met", "It broke.")


def test_two_people_in_two_browsers_see_each_other(
    live_stack: EmbeddedStack, new_page: NewPage, rest: Rest, lead: Walker
) -> None:
    enter(live_stack, mia="lead")
    ref = made_by(rest, people={"members": ["mia"]})
    colleague = Walker(new_page(), live_stack.url)
    colleague.sign_in("mia")
    for walker in (lead, colleague):
        walker.open(f"/initiatives/{ref}/checklist/data/")
    colleague.answer("DATA-2", "Partial")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("somebody else changed this in the meantime")
    expect(lead.told("DATA-2")).to_contain_text("Only the answer differs.")
    expect(lead.told("DATA-2").locator("section").first).to_contain_text("Mia, ")
    lead.card("DATA-2").get_by_role("button", name="Keep mine").click()
    expect(lead.told("DATA-2")).to_have_text(SAVED)
    # Now it is the colleague who is slower, and who takes what stands.
    colleague.card("DATA-2").get_by_label("Note").fill("Half of it.")
    colleague.card("DATA-2").get_by_role("button", name="Save", exact=True).click()
    expect(colleague.told("DATA-2")).to_contain_text("The answer and the note differ.")
    colleague.card("DATA-2").get_by_role("button", name="Take theirs").click()
    expect(colleague.card("DATA-2").get_by_role("radio", name="Met", exact=True)).to_be_checked()
    assert stored(rest, ref, "DATA-2") == ("met", "")


def test_a_note_saves_itself_after_a_pause_and_says_when(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.card("DATA-2").get_by_label("Note").press_sequentially("Measured in March.")
    expect(lead.told("DATA-2")).to_have_text(SAVED)
    expect(lead.card("DATA-2").get_by_label("Note")).to_be_focused()
    assert stored(rest, ref, "DATA-2") == ("unanswered", "Measured in March.")
    assert kept(lead.page) == []


def test_what_is_typed_without_a_connection_outlives_the_page_and_is_sent_when_it_is_back(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    context = lead.page.context
    note = lead.card("DATA-2").get_by_label("Note")
    note.press_sequentially("Typed on the ")
    context.set_offline(True)
    note.press_sequentially("train.")
    lead.choose("DATA-2", "Partial", save=False)
    expect(lead.told("DATA-2")).to_contain_text("Not saved: you are offline. It is kept in this browser")
    lead.page.close()

    # Back at the desk, where at first nothing gets through yet.
    context.set_offline(False)
    again = Walker(context.new_page(), lead.base)
    again.page.route("**/answers/**", lambda route: route.abort())
    again.page.goto(f"{lead.base}/initiatives/{ref}/checklist/data/")
    expect(again.told("DATA-2")).to_contain_text("Not saved: you are offline")
    expect(again.card("DATA-2").get_by_label("Note")).to_have_value("Typed on the train.")
    expect(again.card("DATA-2").get_by_role("radio", name="Partial")).to_be_checked()
    assert stored(rest, ref, "DATA-2")[0] == "unanswered"
    again.look()
    again.page.unroute("**/answers/**")
    context.set_offline(True)
    context.set_offline(False)  # the browser tells the page that it is back
    expect(again.told("DATA-2")).to_have_text(SAVED)
    assert stored(rest, ref, "DATA-2") == ("partial", "Typed on the train.")
    assert kept(again.page) == []


def test_a_draft_says_that_it_is_one_until_it_is_saved(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.context.set_offline(True)
    lead.card("DATA-2").get_by_label("Note").fill("Half a thought")
    lead.page.close()
    context = lead.page.context
    context.set_offline(False)
    page = context.new_page()
    page.add_init_script(
        "window.fetch = () => new Promise(() => {})"
    )  # whether one is let in is not known yet
    page.goto(f"{lead.base}/initiatives/{ref}/checklist/data/")
    expect(page.locator("#DATA-2-told")).to_have_text("Typed earlier and not saved yet: it is here again.")
    expect(page.locator("#DATA-2-note")).to_have_value("Half a thought")


def test_who_was_signed_out_signs_in_again_and_finds_everything_saved(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.context.clear_cookies()
    lead.card("DATA-2").get_by_label("Note").fill("A thought")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("Not saved: you are signed out.")
    lead.look()
    assert stored(rest, ref, "DATA-2") == ("unanswered", "")
    lead.told("DATA-2").get_by_role("link", name="Sign in again").click()
    lead.page.get_by_label("Username or e-mail").fill("lena")
    lead.page.get_by_label("Password", exact=True).fill(PASSWORD)
    lead.press("Sign in")
    expect(lead.told("DATA-2")).to_have_text(SAVED)
    assert stored(rest, ref, "DATA-2") == ("met", "A thought")
    assert kept(lead.page) == []


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.context.clear_cookies()
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("Not saved: you are signed out.")
    tab = Walker(lead.page.context.new_page(), lead.base)
    tab.sign_in("lena")
    tab.page.close()
    lead.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(lead.told("DATA-2")).to_have_text(SAVED)
    assert stored(rest, ref, "DATA-2") == ("met", "")


def test_nothing_typed_is_left_for_whoever_comes_next(lead: Walker, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.route("**/answers/**", lambda route: route.abort())
    lead.card("DATA-2").get_by_label("Note").fill("Between us")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("Not saved")
    assert kept(lead.page) != []
    lead.page.locator("summary", has=lead.page.locator(".avatar")).click()
    lead.page.get_by_role("button", name="Sign out").click()
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert kept(lead.page) == []


def test_somebody_else_at_the_same_browser_sees_none_of_it(lead: Walker, rest: Rest, ref: str) -> None:
    """The session ended by itself, so that nobody signed out."""
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.page.context.clear_cookies()
    lead.card("DATA-2").get_by_label("Note").fill("Between us")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("signed out")
    lead.sign_in("ravi")
    lead.open(f"/initiatives/{ref}/checklist/data/")
    assert "Between us" not in lead.page.content()
    assert kept(lead.page) == []
    assert stored(rest, ref, "DATA-2") == ("unanswered", "")


def test_a_file_that_was_chosen_outlives_a_mistake_in_the_form(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    card = lead.card("DATA-2")
    card.get_by_role("radio", name="File").check()
    expect(card.get_by_label("Address")).to_be_hidden()
    report = {"name": "report.txt", "mimeType": "text/plain", "buffer": b"It held at 3x."}
    card.locator("input[type=file]").set_input_files(report)  # type: ignore[arg-type]
    card.get_by_label("Day it speaks of").fill("")
    card.get_by_role("button", name="Add evidence").click()
    expect(lead.told("DATA-2")).to_contain_text("The evidence was not added")
    card.get_by_label("Day it speaks of").fill("2026-01-05")
    card.get_by_role("button", name="Add evidence").click()
    expect(lead.told("DATA-2")).to_contain_text("Evidence added")
    (piece,) = rest.get(f"initiatives/{ref}/checklist/DATA-2/")["evidence"]
    assert (piece["kind"], piece["title"]) == ("file", "report.txt")
