"""A draft of a framework that an admin begins, at the page that takes it."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.walker import Walker

SECTIONS = ("basics", "guards", "answers", "explanations")


def begin_draft(walker: Walker, slug: str) -> int:
    """Of the next version of a framework; the number of its page."""
    walker.open(f"/frameworks/{slug}/")
    walker.press("Change it")
    expect(walker.page).to_have_url(re.compile(r"/drafts/\d+/$"))
    found = re.search(r"/drafts/(\d+)/", walker.page.url)
    assert found is not None
    return int(found[1])


def a_draft_with_a_mistake(walker: Walker) -> dict[str, list[dict[str, Any]]]:
    """What stands in the paths of its pages, by their routes."""
    of_it = {"draft_id": begin_draft(walker, "five-gate")}
    walker.main.get_by_role("link", name=re.compile("^DATA-1 ")).click()
    walker.page.get_by_label("Statement", exact=True).fill("")
    walker.press("Save")
    expect(walker.main.get_by_text("1 thing is still wrong")).to_be_visible()
    return {
        **{
            route: [of_it]
            for route in ("framework-draft", "framework-draft-publish", "framework-draft-discard")
        },
        "framework-draft-section": [of_it | {"section": section} for section in SECTIONS],
        "framework-draft-part": [of_it | {"part": part} for part in (1, 2)],
        "framework-draft-remove": [of_it | {"part": 1}],
    }
