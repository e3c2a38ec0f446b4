"""The main job in a window of 320 by 256 pixels: what 1280 by 1024 are when everything is four times as large."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.background import FIVE_GATES, Background
from tests.journeys.looking import overflow_at
from tests.journeys.walker import Walker

WIDE, HIGH = 320, 256
UNBROKEN = "Kundenkorrespondenzklassifizierungsautomatisierungsplattform" * 3
TOO_WIDE = """
() => [...document.querySelectorAll('.table-wrap')]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.trim().slice(0, 60))
"""
# What has the focus, if nothing of it is to be seen: it lies outside of the window, or below what sticks to it.
SEEN = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const shown = (x, y) => {
    const there = document.elementFromPoint(x, y);
    return there && (one.contains(there) || there.contains(one) || there.closest('label')?.control === one);
  };
  const inside = (all, end) => all.filter((one) => one >= 0 && one < end);
  const across = inside([box.left + 3, (box.left + box.right) / 2, box.right - 3], innerWidth);
  const down = inside([box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3], innerHeight);
  return across.some((x) => down.some((y) => shown(x, y))) ? '' : one.outerHTML.slice(0, 120);
}
"""


def test_a_gate_is_answered_submitted_and_decided_at_four_hundred_per_cent(
    as_person: Callable[..., Walker], background: Background, unit: str
) -> None:
    lead, reviewer = (as_person(name, width=WIDE, height=HIGH) for name in ("lena", "ravi"))
    ref = background.enter(UNBROKEN, "Invoices wait nine days.", unit)
    codes = background.codes(ref, "five-gate", FIVE_GATES[0])
    background.answer(ref, "five-gate", codes[1:])

    lead.open(f"/initiatives/{ref}/checklist/data/")
    assert overflow_at(lead.page, WIDE, HIGH) == []
    lead.add_link(codes[0], "https://wiki.example.com/quality")
    lead.answer(codes[0], "Met")
    lead.submit(ref, "data", "All four are shown.")
    assert overflow_at(lead.page, WIDE, HIGH) == []

    reviewer.open("/reviews/")
    assert UNBROKEN in reviewer.main.inner_text()
    for width in (WIDE, 1024):  # a list of cards, and a table that is to need no scrolling of its own
        assert overflow_at(reviewer.page, width) == [] == reviewer.page.evaluate(TOO_WIDE)
    reviewer.page.set_viewport_size({"width": WIDE, "height": HIGH})
    reviewer.decide(ref, "data", "Pass", "Every point was looked at.")
    assert overflow_at(reviewer.page, WIDE, HIGH) == []
    gates = background.lead.get(f"initiatives/{ref}/gates/")["results"]
    assert {gate["gate"]: gate["status"] for gate in gates}["data"] == "passed"


def test_what_has_the_focus_is_never_covered(
    as_person: Callable[..., Walker], background: Background, unit: str
) -> None:
    """Wide, on a phone, and enlarged: from stop to stop through a checklist, forwards and back again."""
    ref = background.enter("Parcel routing", "Parcels go twice round the yard.", unit)
    for width, height in ((1440, 900), (390, 844), (WIDE, HIGH)):
        lead = as_person("lena", width=width, height=height, reduced_motion="reduce")
        lead.open(f"/initiatives/{ref}/checklist/data/")
        covered = [one for key in ("Tab", "Shift+Tab") for one in walked(lead.page, key, 40)]
        assert covered == [], f"at {width}: {covered}"


def walked(page: Page, key: str, stops: int) -> list[str]:
    """What was covered when it had the focus."""
    found = []
    for _ in range(stops):
        page.keyboard.press(key)
        found.append(page.evaluate(SEEN))
    return [one for one in found if one]
