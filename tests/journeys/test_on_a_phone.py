"""What somebody with a phone in one hand sees first, and reads whole."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from tests.journeys.background import FIVE_GATES, Background
from tests.journeys.people import enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

WIDE, HIGH = 390, 844
# The words of events that end before their last line: what is shown is lower than what is written.
CUT = """
() => [...document.querySelectorAll('.trail__what > p')]
  .filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent.slice(0, 60))
"""
NOTE = (
    "The exports of nine garages were held against the claims of the same week, line by line, by two people. "
    * 2
)


def test_what_helps_most_is_on_the_first_screen_and_what_can_be_done_before_the_history(
    as_person: Callable[..., Walker], background: Background, unit: str
) -> None:
    ref = background.enter("Garage bills", "Bills wait nine days.", unit)
    lead = as_person("lena", width=WIDE, height=HIGH)
    lead.open(f"/initiatives/{ref}/")
    best = lead.main.locator(".card", has=heading(lead.page, "Next best action"))
    assert ends(best.get_by_role("link").first) < HIGH
    assert ends(heading(lead.page, "What you can do")) < ends(heading(lead.page, "What happened"))
    lead.page.set_viewport_size({"width": 1440, "height": 900})
    assert ends(heading(lead.page, "What you can do")) < HIGH  # beside it, at the top


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def ends(one: Locator) -> float:
    """Where it ends, in pixels from the top of the page."""
    box = one.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_an_event_of_the_trail_is_read_to_its_end(
    as_person: Callable[..., Walker], background: Background, live_stack: EmbeddedStack, unit: str
) -> None:
    enter(live_stack, iris="auditor")
    ref = background.enter("Garage letters", "Letters wait nine days.", unit)
    code = background.codes(ref, "five-gate", FIVE_GATES[0])[0]
    background.done("PATCH", f"initiatives/{ref}/checklist/", {"answers": [{"code": code, "note": NOTE}]})
    auditor = as_person("iris", width=WIDE, height=HIGH)
    auditor.open(f"/audit/?about={ref}")
    assert NOTE.strip() in auditor.main.inner_text()
    assert auditor.page.evaluate(CUT) == []
