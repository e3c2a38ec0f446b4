"""Reports of the portfolio, at the page that makes them."""

import re

from playwright.sync_api import expect

from tests.journeys.walker import Walker

ADDRESS = re.compile(r"/portfolio/reports/(\d+)/$")


def made_report(walker: Walker, label: str) -> int:
    """Ask for one and wait until it is made; the number of its page."""
    walker.open("/portfolio/reports/")
    page = walker.page
    page.get_by_label(label).check()
    walker.press("Create report")
    expect(page).to_have_url(ADDRESS)
    expect(page.locator("#progress .badge")).to_have_text("Done", timeout=60_000)
    found = ADDRESS.search(page.url)
    assert found is not None
    return int(found[1])
