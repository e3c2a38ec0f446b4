"""What can be seen of a page without knowing what it is about: that everybody can find their way on it."""

from pathlib import Path

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("faults.js").read_text()
OVERFLOW = Path(__file__).with_name("overflow.js").read_text()


def faults_of(page: Page) -> list[str]:
    """What makes this page hard to use for somebody who does not see it."""
    return list(page.evaluate(FAULTS))


def overflow_at(page: Page, width: int) -> list[str]:
    """What sticks out sideways where the window is so many pixels wide."""
    page.set_viewport_size({"width": width, "height": 900})
    found = page.evaluate(OVERFLOW)
    return [f"at {width}: {found}"] if found else []
