"""The checklist while it is filled in: nothing typed is lost, nobody is written over unseen, no failure is silent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]


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
    given = {"name": "In place", "business_problem": "It is filled in between two meetings."}
    status, made = rest.ask("POST", "initiatives/", given)
    assert status == 201
    found: str = made["id"]
    return found


def stored(rest: Rest, ref: str, code: str) -> tuple[str, str]:
    item = rest.get(f"initiatives/{ref}/checklist/{code}/")
    return item["answer"], item["note"]


def test_an_answer_is_saved_where_one_stands_and_what_is_typed_elsewhere_stays(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.card("DATA-3").get_by_label("Note").fill("Still thinking")
    lead.card("DATA-3").get_by_text("Add evidence", exact=True).first.click()
    lead.card("DATA-3").get_by_label("Address").fill("https://wiki.example.com/half")
    lead.answer("DATA-2", "Partial")
    assert stored(rest, ref, "DATA-2") == ("partial", "")
    expect(lead.card("DATA-3").get_by_label("Address")).to_have_value("https://wiki.example.com/half")
    expect(lead.card("DATA-3").get_by_label("Note")).to_have_value("Still thinking")
    expect(lead.page.locator("#checklist-said")).to_contain_text("DATA-2 saved, it counts as Partial.")


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


def test_who_was_slower_is_told_what_stands_and_may_keep_their_own(
    lead: Walker, rest: Rest, ref: str
) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    rest.ask("PUT", f"initiatives/{ref}/checklist/DATA-2/", {"answer": "not_met", "note": "It broke."})
    lead.card("DATA-2").get_by_label("Note").fill("It held.")
    lead.choose("DATA-2", "Met", save=False)
    expect(lead.told("DATA-2")).to_contain_text("somebody else changed this in the meantime")
    expect(lead.told("DATA-2")).to_contain_text("It broke.")
    assert stored(rest, ref, "DATA-2") == ("not_met", "It broke.")
    expect(lead.card("DATA-2").get_by_label("Note")).to_have_value("It held.")
    expect(lead.card("DATA-2").get_by_role("radio", name="Met", exact=True)).to_be_checked()
    lead.card("DATA-2").get_by_role("button", name="Save", exact=True).click()
    expect(lead.told("DATA-2")).to_have_text("Saved")
    assert stored(rest, ref, "DATA-2") == ("met", "It held.")


def test_what_the_server_never_got_is_said_and_can_be_sent_again(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    cookies = lead.page.context.cookies()
    lead.page.context.clear_cookies()
    lead.choose("DATA-2", "Met", save=False)
    lost = lead.page.locator("#DATA-2-lost")
    expect(lost).to_be_visible()
    assert stored(rest, ref, "DATA-2") == ("unanswered", "")
    lead.page.context.add_cookies(cookies)
    lead.card("DATA-2").get_by_role("button", name="Save", exact=True).click()
    expect(lead.told("DATA-2")).to_have_text("Saved")
    expect(lost).to_be_hidden()
    assert stored(rest, ref, "DATA-2") == ("met", "")


def test_a_file_that_was_chosen_outlives_a_mistake_in_the_form(lead: Walker, rest: Rest, ref: str) -> None:
    lead.open(f"/initiatives/{ref}/checklist/data/")
    card = lead.card("DATA-2")
    card.get_by_text("Add evidence", exact=True).first.click()
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
