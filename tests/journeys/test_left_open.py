"""A dashboard that is left open: it keeps itself up to date, and takes nothing from under one's hands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.walker import Walker

Enter = Callable[..., Walker]
A_MINUTE = 61_000


def where(link: Locator) -> float:
    """How far below the upper edge of the window it is."""
    return float(link.evaluate("(one) => one.getBoundingClientRect().top"))


def in_sight(link: Locator) -> float:
    """Bring it into the middle of the window at once; where it is then."""
    link.evaluate("(one) => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return where(link)


def test_figures_come_by_themselves_and_nothing_else_moves(as_person: Enter, unit: str) -> None:
    lead, reader = as_person("lena"), as_person("elsa")
    lead.create(f"First of {unit}", "Letters are sorted by hand.", unit)
    page = reader.page
    page.clock.install()
    reader.open(f"/portfolio/?unit={unit.lower()}")
    expect(reader.main).to_contain_text("The one initiative is not live")
    page.locator(".scope__filters > summary").click()
    page.get_by_label("Started from").fill("2020-01-31")
    page.locator("#figures details > summary").first.click()
    link = page.locator("#figures a", has_text="All gates")
    link.focus()
    before = in_sight(link)

    page.clock.run_for(A_MINUTE)
    said = page.locator("[data-live-said]")
    expect(said).to_have_text("")

    lead.create(f"Second of {unit}", "Letters are sorted by hand.", unit)
    page.clock.run_for(A_MINUTE)
    expect(reader.main).to_contain_text("None of 2 is live")
    expect(said).to_contain_text("Updated")
    expect(page.locator("#figures details").first).to_have_attribute("open", "")
    expect(link).to_be_focused()
    expect(page.get_by_label("Started from")).to_have_value("2020-01-31")
    assert where(link) == pytest.approx(before, abs=1)

    page.context.set_offline(True)
    page.clock.run_for(A_MINUTE)
    expect(said).to_contain_text("The server cannot be reached")
    page.context.set_offline(False)
    page.clock.run_for(A_MINUTE)
    expect(said).not_to_contain_text("The server cannot be reached")


def test_without_a_script_there_is_a_link(as_person: Enter, unit: str) -> None:
    reader = as_person("elsa", javascript=False)
    reader.open(f"/portfolio/?unit={unit.lower()}")
    expect(reader.main.get_by_role("link", name="Refresh")).to_be_visible()
    reader.press("Refresh")
    expect(reader.main.get_by_role("link", name="Refresh")).to_be_visible()
    assert reader.path.startswith("/portfolio/?unit=")
