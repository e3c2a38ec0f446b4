"""Spreadsheets that an admin brings in, at the page that takes them."""

import re

from playwright.sync_api import expect

from tests.journeys.walker import Walker
from tests.unit.importing.building import MAPPING, csv_bytes, row

IMPORTS = "/organisation/imports/"
ADDRESS = re.compile(r"/organisation/imports/(\d+)/$")
_WITH_A_GAP = csv_bytes(
    [
        row(name="Sorting letters", unit="HR", stage="Idea", begun="6/1/2026"),
        row(name="Routing calls", unit="HR", stage="Trial", begun="the 31st of June, or so they say"),
        row(name="", unit="HR", stage="Idea"),
    ]
)
_WITHOUT_ROWS = csv_bytes([])


def check_spreadsheet(walker: Walker, name: str, data: bytes) -> int:
    """Upload it and wait until it was checked; the number of its page."""
    walker.open(IMPORTS)
    page = walker.page
    page.get_by_label("Spreadsheet").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": data}])
    own = {"name": "house.yaml", "mimeType": "application/yaml", "buffer": MAPPING.encode()}
    page.get_by_label("Your own mapping").set_input_files([own])
    walker.press("Check it")
    expect(page).to_have_url(ADDRESS)
    badge = page.locator("#progress .badge")
    expect(badge).to_have_text(re.compile("Done|Failed"))
    found = ADDRESS.search(page.url)
    assert found is not None
    return int(found[1])


def one_of_each_end(walker: Walker) -> list[int]:
    """A check that found rows and cells to leave out, and one that failed."""
    return [
        check_spreadsheet(walker, "a list with gaps.csv", _WITH_A_GAP),
        check_spreadsheet(walker, "empty.csv", _WITHOUT_ROWS),
    ]
