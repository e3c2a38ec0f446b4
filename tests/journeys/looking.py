"""What can be seen of a page without knowing what it is about: that everybody can find their way on it."""

import re
from pathlib import Path

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("faults.js").read_text()
OVERFLOW = Path(__file__).with_name("overflow.js").read_text()

FOREIGN = """
() => [...document.querySelectorAll('script[src], link[href], img[src], iframe[src], source[src], use[href]')]
  .map((one) => one.src || one.href?.baseVal || one.href)
  .concat(performance.getEntriesByType('resource').map((one) => one.name))
  .filter((address) => new URL(address, location.href).origin !== location.origin && !address.startsWith('data:'))
"""

_TOKEN = re.compile(r"[A-Za-z0-9]{64}")
_CONTENT = re.compile(r"<main.*</main>", re.DOTALL)


def content_of(markup: str) -> str:
    """What a page is about, without its frame, whose navigation differs by person, and without tokens."""
    content = _CONTENT.search(markup)
    assert content is not None
    return _TOKEN.sub("", content[0])


def faults_of(page: Page) -> list[str]:
    """What makes this page hard to use for somebody who does not see it."""
    return list(page.evaluate(FAULTS))


def foreign(page: Page) -> list[str]:
    """What this page fetches from another house: scripts, style sheets, pictures, fonts, frames."""
    return [f"from elsewhere: {address}" for address in page.evaluate(FOREIGN)]


def overflow_at(page: Page, width: int, height: int = 900) -> list[str]:
    """What sticks out sideways where the window is so many pixels wide."""
    page.set_viewport_size({"width": width, "height": height})
    found = page.evaluate(OVERFLOW)
    return [f"at {width}: {found}"] if found else []


def overflow_from_the_right(page: Page, *widths: int) -> list[str]:
    """The same where the page is read from the right to the left. It is turned back afterwards."""
    turn = "(direction) => { document.documentElement.dir = direction; }"
    page.evaluate(turn, "rtl")
    found = [f"from the right, {one}" for width in widths for one in overflow_at(page, width)]
    page.evaluate(turn, "ltr")
    return found
