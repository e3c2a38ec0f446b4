"""Home between two meetings, and an import that one leaves and finds again; once wide, once on a phone."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import enter
from tests.journeys.seeing import PHONE, fault_free
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack
from tests.unit.importing.building import MAPPING, csv_bytes, row

Enter = Callable[..., Walker]


@pytest.mark.parametrize("width", [1440, PHONE])
def test_from_home_to_the_next_action_and_back(
    as_person: Enter, live_stack: EmbeddedStack, unit: str, width: int
) -> None:
    username = f"hanna{width}"
    enter(live_stack, **{username: "lead"})
    lead = as_person(username, width=width)
    expect(lead.main).to_contain_text("Nothing waits for you")
    name = f"Home {uuid.uuid4().hex[:8]}"
    ref = lead.create(name, "Letters are sorted by hand.", unit)
    lead.open("/")
    fault_free(lead, "Your work")
    card = lead.main.locator("section.card", has=lead.page.get_by_role("heading", level=3, name=name))
    card.get_by_role("link").filter(has_text="Next").click()
    expect(lead.page).to_have_url(re.compile(rf"/initiatives/{ref}/.+"))
    lead.look()
    lead.page.go_back()
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Your work")
    lead.open("/no/such/page/")
    fault_free(lead, "There is nothing here")
    lead.press("Go to the start")
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Your work")


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (PHONE, False)])
def test_an_import_is_checked_written_left_and_found_again(
    as_person: Enter, live_stack: EmbeddedStack, tmp_path: Path, width: int, scripts: bool
) -> None:
    enter(live_stack, petra="admin")
    marked = uuid.uuid4().hex[:8]
    sheet, mapping = tmp_path / f"{marked}.csv", tmp_path / "acme.yaml"
    rows = [row(name=f"{marked} {number}", unit="HR", stage="Idea", begun="6/1/2026") for number in range(3)]
    sheet.write_bytes(csv_bytes([*rows, row(name="", unit="HR", stage="Idea")]))
    mapping.write_text(MAPPING.replace("mapping: ", f"mapping: m{marked}-", 1))
    admin = as_person("petra", width=width, javascript=scripts)
    admin.open("/organisation/imports/")
    fault_free_or_look(admin, "Imports", scripts)
    admin.page.get_by_label("Spreadsheet").set_input_files(sheet)
    admin.page.get_by_label("Your own mapping").set_input_files(mapping)
    admin.press("Check it")
    until(admin, "Checked at", scripts)
    fault_free_or_look(admin, sheet.name, scripts)
    expect(admin.main).to_contain_text("3 initiatives would be written")
    expect(admin.main).to_contain_text("Row left out")
    admin.page.get_by_label("Leave 1 row out").check()
    checked = admin.page.url
    admin.press("Import them")
    expect(admin.page).not_to_have_url(checked)
    expect(admin.page.get_by_role("heading", name="Progress")).to_be_visible()
    admin.open("/")
    admin.open("/organisation/imports/")
    admin.main.get_by_role("link", name=sheet.name).first.click()
    until(admin, "3 initiatives were written", scripts)
    fault_free_or_look(admin, sheet.name, scripts)
    admin.open(f"/initiatives/?q={marked}")
    expect(admin.main.locator("tbody tr")).to_have_count(3)


def until(walker: Walker, words: str, scripts: bool) -> None:
    """The page says so by itself; without scripts one looks again."""
    if not scripts:
        for _ in range(200):
            if walker.main.get_by_text(words).count():
                break
            walker.page.reload(wait_until="load")
    expect(walker.main).to_contain_text(words)


def fault_free_or_look(walker: Walker, heading: str, scripts: bool) -> None:
    if scripts:
        fault_free(walker, heading)
    else:
        expect(walker.page.get_by_role("heading", level=1)).to_have_text(heading)
        walker.look()
