"""Choosing people with the keyboard alone: what is found is said, marked, taken or left, on a phone as on a desk."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.background import Background
from tests.journeys.looking import overflow_at
from tests.journeys.people import enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

WORD = "Quill"


def test_a_person_is_found_marked_and_taken_by_the_keyboard_and_others_are_added(
    live_stack: EmbeddedStack, as_person: Callable[..., Walker], background: Background, unit: str
) -> None:
    enter(live_stack, quilla="lead", quillon="executive")
    lead = as_person("lena", width=390)
    ref = lead.create(f"Quotes for {unit}", "A quote takes a week.", unit)
    page = lead.page
    lead.open(f"/initiatives/{ref}/edit/")

    owner = page.get_by_role("combobox", name="Business owner")
    options = page.locator(".combobox__match")
    status = page.locator("body > p[role=status]")
    expect(owner).to_have_attribute("aria-expanded", "false")
    owner.press_sequentially(WORD)
    expect(options).to_have_count(2)
    expect(owner).to_have_attribute("aria-expanded", "true")
    expect(status).to_have_text("2 people found. Arrow keys to move, Enter to choose, Escape to close.")
    assert axe.found_on(page) == [] and overflow_at(page, 320) + overflow_at(page, 390) == []

    page.keyboard.press("ArrowUp")
    expect(owner).to_have_attribute("aria-activedescendant", str(options.nth(1).get_attribute("id")))
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(owner).to_have_value(WORD)
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(owner).to_have_value("Quilla (quilla)")
    expect(owner).to_be_focused()
    expect(options).to_have_count(0)

    # Untouched, it offers the likely ones: the team first.
    owner.click()
    expect(options.nth(0)).to_contain_text("@lena")
    page.keyboard.press("Escape")

    adding = page.get_by_role("combobox", name="Add")
    adding.press_sequentially("nobody here")
    expect(status).to_have_text("Nobody who can be chosen here is called so.")
    expect(adding).to_have_attribute("aria-expanded", "false")
    assert axe.found_on(page) == []
    adding.fill("")
    adding.press_sequentially("quillo")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Quillon")).to_be_checked()
    expect(adding).to_have_value("")
    lead.press("Save")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    people = background.lead.get(f"initiatives/{ref}/")["people"]
    assert (people["business_owner"], people["members"]) == ("quilla", ["lena", "quillon"])
