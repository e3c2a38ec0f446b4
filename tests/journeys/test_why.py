"""Why it is not ready, and what if: in a browser, with a script and without, on a desk and on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.background import Background
from tests.journeys.looking import faults_of, overflow_at
from tests.journeys.walker import Walker

Enter = Callable[..., Walker]
GIVEN = "Met, with new evidence"


def test_what_is_supposed_shows_at_once_and_can_be_sent(
    as_person: Enter, background: Background, unit: str
) -> None:
    ref = background.enter(f"Claims sorter for {unit}", "Claims wait for nine days.", unit, stage="pilot")
    lead = as_person("lena")
    lead.open(f"/initiatives/{ref}/")
    lead.press("Why, clause by clause, and what if")
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Why it is not ready")
    expect(lead.main).to_contain_text("At least 16 items are Met: 0 of 20 are.")
    expect(lead.main).to_contain_text("No forecast yet")

    result = lead.page.locator("#supposed")
    first = lead.page.get_by_label(re.compile("^DATA-1 "))
    first.select_option(label=GIVEN)
    expect(result).to_contain_text("What if: nothing is saved")
    expect(result).to_contain_text("1 of 20, 16 needed")
    expect(lead.page).to_have_url(re.compile(r"/why/\?DATA-1=met_with_evidence$"))
    lead.page.get_by_label("As if Data were passed").check()
    expect(result).to_contain_text("The criteria of the Data gate do not hold. So it is not supposed passed.")
    expect(lead.page.get_by_label("As if Data were passed")).to_be_focused()
    for number in (2, 3, 4):
        lead.page.get_by_label(re.compile(f"^DATA-{number} ")).select_option(label=GIVEN)
    expect(result).to_contain_text("Data: Open (now) → Passed")
    lead.look()

    # Whoever is sent the address sees the same; what was supposed is no answer of anybody.
    reviewer = as_person("ravi")
    reviewer.open(lead.path)
    expect(reviewer.page.locator("#supposed")).to_contain_text("Data: Open (now) → Passed")
    expect(reviewer.page.get_by_label(re.compile("^DATA-1 "))).to_have_value("met_with_evidence")
    assert background.lead.get(f"initiatives/{ref}/readiness/")["unanswered"] == 20

    # One more answer by a link, and back to nothing.
    result.get_by_role("link", name=re.compile("^ARCH-")).first.click()
    expect(lead.page.locator("#supposed")).to_contain_text("5 of 20, 16 needed")
    lead.press("Suppose nothing")
    expect(lead.page.locator("#supposed")).to_contain_text("As it stands: suppose something")
    assert [*faults_of(lead.page), *overflow_at(lead.page, 390), *overflow_at(lead.page, 1024)] == []


def test_without_a_script_a_button_looks_on_a_phone(
    as_person: Enter, background: Background, unit: str
) -> None:
    ref = background.enter(f"Claims reader for {unit}", "Claims are read twice.", unit)
    lead = as_person("lena", javascript=False, width=390)
    lead.open(f"/initiatives/{ref}/")
    lead.page.get_by_role("link", name=re.compile("^Not ready")).first.click()
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Why it is not ready")
    lead.page.get_by_label(re.compile("^DATA-2 ")).select_option(label="Met")
    lead.press("Look")
    expect(lead.page).to_have_url(re.compile(r"/why/\?DATA-2=met#what-if$"))
    expect(lead.page.locator("#supposed")).to_contain_text("no evidence has been given")
    expect(lead.page.get_by_label(re.compile("^DATA-2 "))).to_have_value("met")
    lead.main.get_by_role("link", name=re.compile("^“Source quality proven”")).first.click()
    expect(lead.page).to_have_url(re.compile(r"/checklist/data/#DATA-1$"))
