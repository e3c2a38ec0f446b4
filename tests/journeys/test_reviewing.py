"""A review with everything it can need: sent back with comments, changed, passed with conditions, kept, confirmed."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, expect

from readiness import clock
from tests.journeys.background import Background
from tests.journeys.looking import OVERFLOW
from tests.journeys.test_keyboard import Keyboard
from tests.journeys.walker import Walker

Enter = Callable[..., Walker]

EARLIER = "Tested in March at the expected peak."
LATER = "Tested in May at three times the expected peak."


def submitted(background: Background, name: str, unit: str) -> str:
    """An initiative whose Data gate waits for a decision; its reference."""
    ref = background.enter(name, "Invoices wait nine days.", unit)
    background.answer(ref, "five-gate", background.codes(ref, "five-gate", "data"))
    background.done(
        "PATCH", f"initiatives/{ref}/checklist/", {"answers": [{"code": "DATA-2", "note": EARLIER}]}
    )
    background.done("POST", f"initiatives/{ref}/gates/data/submit/", {"note": "Please look."})
    return ref


def row_of(reviewer: Walker, name: str) -> Locator:
    """The row of an initiative in the inbox."""
    return reviewer.main.get_by_role("row").filter(has_text=name)


def open_review(reviewer: Walker, name: str) -> None:
    reviewer.open("/reviews/?show=mine")
    reviewer.press("Review", row_of(reviewer, name))
    expect(reviewer.page.get_by_role("heading", level=1)).to_have_text("Decide the Data gate")


def card(reviewer: Walker, code: str) -> Locator:
    """An item on the decision's page."""
    return reviewer.page.locator(f"#review-{code}")


def remark(reviewer: Walker, code: str, words: str) -> None:
    card(reviewer, code).get_by_text(f"Comment on {code}", exact=True).click()
    card(reviewer, code).get_by_label(f"A comment to the team at {code}").fill(words)


def promise(reviewer: Walker, number: int, words: str, days: int) -> None:
    row = reviewer.main.locator(".decision__row").nth(number)
    if not row.is_visible():
        reviewer.press("Add another condition")
    row.get_by_label("What is promised").fill(words)
    row.get_by_label("Who keeps it").fill("lena")
    row.get_by_label("By when").fill((clock.now().date() + timedelta(days=days)).isoformat())


def keep(lead: Walker, ref: str, words: str) -> None:
    lead.open(f"/initiatives/{ref}/gates/data/")
    lead.press("Mark as kept", lead.main.locator(".card").filter(has_text=words).last)
    lead.page.get_by_label("How it was kept").fill("It is in the wiki.")
    lead.press("It is kept")
    expect(lead.page.get_by_text("Marked as kept. A reviewer confirms it.")).to_be_visible()


def status_of(background: Background, ref: str) -> str:
    gates = background.lead.get(f"initiatives/{ref}/readiness/")["gates"]
    return str(next(gate["status"] for gate in gates if gate["gate"] == "data"))


def test_a_gate_goes_back_with_comments_and_passes_with_conditions_that_are_kept(
    as_person: Enter, background: Background, unit: str
) -> None:
    lead, reviewer = as_person("lena"), as_person("ravi")
    name = f"Triage of {unit}"
    ref = submitted(background, name, unit)

    # A first look: everything is new. Two things are missing, and it is said where.
    reviewer.open("/reviews/?show=mine")
    expect(row_of(reviewer, name)).to_contain_text("First submission")
    expect(row_of(reviewer, name)).to_contain_text("0 days, 14 allowed")
    open_review(reviewer, name)
    expect(reviewer.main.get_by_role("heading", name="First review: everything is new")).to_be_visible()
    remark(reviewer, "DATA-2", "Which peak? Show three times of it.")
    remark(reviewer, "DATA-3", "Whose sheet is this, @lena?")
    reviewer.main.get_by_role("radio", name=re.compile("^Return")).check()
    reviewer.page.get_by_label("Rationale").fill("The peak is not shown.")
    reviewer.press("Record the decision")
    expect(reviewer.page.get_by_text("Decided. The Data gate: return.")).to_be_visible()
    assert status_of(background, ref) == "returned"

    # The team finds them at the gate and on the cards, mends one thing and submits it again.
    lead.open(f"/initiatives/{ref}/gates/data/")
    returned = lead.page.get_by_role("region", name="Returned")
    expect(returned).to_contain_text("The peak is not shown.")
    expect(returned).to_contain_text("Which peak? Show three times of it.")
    lead.press("DATA-2", returned)
    for code, words in (("DATA-2", "Which peak?"), ("DATA-3", "Whose sheet is this")):
        lead.card(code).locator(".together__talk > summary").click()
        expect(lead.card(code).locator(".thread")).to_contain_text(words)
    lead.look()
    background.done(
        "PATCH", f"initiatives/{ref}/checklist/", {"answers": [{"code": "DATA-2", "note": LATER}]}
    )
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.add_link("DATA-2", "https://wiki.example.com/peak-of-may")
    lead.submit(ref, "data", "DATA-2 has the peak of May.")

    # The second look shows the difference and folds the rest away.
    reviewer.open("/reviews/?show=mine")
    expect(row_of(reviewer, name)).to_contain_text("After a return")
    expect(row_of(reviewer, name)).to_contain_text("1 new piece of evidence")
    open_review(reviewer, name)
    new = card(reviewer, "DATA-2").locator(".change")
    expect(new.locator("del").filter(has_text="March")).to_be_visible()
    expect(new.locator("ins").filter(has_text="three times")).to_be_visible()
    expect(new.get_by_role("link")).to_have_attribute("href", "https://wiki.example.com/peak-of-may")
    expect(card(reviewer, "DATA-2")).to_contain_text("Which peak? Show three times of it.")
    expect(card(reviewer, "DATA-1")).to_be_hidden()
    reviewer.main.get_by_text("2 items are as they were", exact=True).click()
    expect(card(reviewer, "DATA-1")).to_be_visible()

    # It passes, with two promises; the lead keeps them, the reviewer confirms both at once.
    reviewer.main.get_by_role("radio", name=re.compile("^Pass with conditions")).check()
    reviewer.page.get_by_label("Rationale").fill("The peak is shown.")
    promise(reviewer, 0, "Write the runbook.", 20)
    promise(reviewer, 1, "Name a second owner.", 30)
    reviewer.press("Record the decision")
    expect(reviewer.page.get_by_text("Decided. The Data gate: pass with conditions.")).to_be_visible()
    assert status_of(background, ref) == "passed_with_conditions"
    keep(lead, ref, "Write the runbook.")
    keep(lead, ref, "Name a second owner.")
    reviewer.open("/reviews/?show=conditions")
    for row in row_of(reviewer, name).all():
        row.get_by_role("checkbox").check()
    reviewer.press("Confirm the chosen ones")
    expect(reviewer.page.get_by_text("2 conditions are confirmed")).to_be_visible()
    reviewer.look()
    assert status_of(background, ref) == "passed"


def test_a_decision_is_taken_with_the_keyboard_alone(
    as_person: Enter, background: Background, unit: str
) -> None:
    reviewer = as_person("ravi")
    keyboard, page = Keyboard(reviewer.page), reviewer.page
    ref = submitted(background, f"Keys of {unit}", unit)
    reviewer.open(f"/initiatives/{ref}/gates/data/decide/")
    keyboard.tab_to(page.get_by_role("link", name="Go to the decision"))
    keyboard.press("Enter")
    keyboard.tab_to(reviewer.main.get_by_role("radio", name=re.compile("^Pass(?! with)")))
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(reviewer.main.get_by_role("radio", name=re.compile("^Return"))).to_be_checked()
    keyboard.tab_to(page.get_by_label("Rationale"))
    keyboard.type("Finish the list.")
    # From there to one item, to say what is missing where it is missing, and back.
    keyboard.tab_to(reviewer.main.locator("#decision-form").get_by_role("link", name="DATA-1"))
    keyboard.press("Enter")
    keyboard.tab_to(card(reviewer, "DATA-1").locator("summary", has_text="Comment on DATA-1"))
    keyboard.press("Enter")
    keyboard.tab_to(card(reviewer, "DATA-1").get_by_label("A comment to the team at DATA-1"))
    keyboard.type("The list is a draft.")
    keyboard.tab_to(page.get_by_role("button", name="Record the decision"))
    keyboard.press("Enter")
    expect(page.get_by_text("Decided. The Data gate: return.")).to_be_visible()
    assert background.lead.get(f"initiatives/{ref}/comments/")["results"][0]["item"] == "DATA-1"


def test_what_was_typed_is_there_again_after_the_session_was_lost(
    as_person: Enter, background: Background, unit: str
) -> None:
    reviewer = as_person("ravi")
    ref = submitted(background, f"Lost session of {unit}", unit)
    address = f"/initiatives/{ref}/gates/data/decide/"
    reviewer.open(address)
    remark(reviewer, "DATA-2", "Which peak?")
    reviewer.main.get_by_role("radio", name=re.compile("^Return")).check()
    reviewer.page.get_by_label("Rationale").fill("The peak is not shown.")
    reviewer.page.context.clear_cookies()
    reviewer.main.get_by_role("button", name="Record the decision").click()
    reviewer.page.wait_for_load_state()
    reviewer.sign_in("ravi")
    reviewer.open(address)
    expect(reviewer.page.get_by_text("Typed earlier and not recorded yet")).to_be_visible()
    expect(reviewer.page.get_by_label("Rationale")).to_have_value("The peak is not shown.")
    expect(reviewer.main.get_by_role("radio", name=re.compile("^Return"))).to_be_checked()
    comment = card(reviewer, "DATA-2").get_by_label("A comment to the team at DATA-2")
    expect(comment).to_have_value("Which peak?")
    reviewer.press("Record the decision")
    expect(reviewer.page.get_by_text("Decided. The Data gate: return.")).to_be_visible()


def test_the_form_asks_only_for_what_is_needed_and_forgets_what_was_mended(
    as_person: Enter, background: Background, unit: str
) -> None:
    reviewer = as_person("ravi")
    name = f"Rows of {unit}"
    submitted(background, name, unit)
    open_review(reviewer, name)
    reviewer.main.get_by_role("radio", name=re.compile("^Pass with conditions")).check()
    rows = reviewer.main.locator(".decision__row:visible")
    expect(rows).to_have_count(1)
    for count in (2, 3):
        reviewer.press("Add another condition")
        expect(rows).to_have_count(count)
        expect(rows.last.get_by_label("What is promised")).to_be_focused()
    promise(reviewer, 0, "Write the runbook.", 20)
    reviewer.press("Record the decision")
    rationale = reviewer.page.get_by_label("Rationale")
    summary = reviewer.page.get_by_role("alert").filter(has_text="Say why you decide so.")
    expect(summary).to_be_visible()
    expect(reviewer.page.locator("#id_rationale_error")).to_have_text("Say why you decide so.")
    expect(rows).to_have_count(1)
    rationale.press_sequentially("N")
    expect(summary).to_have_count(0)
    expect(reviewer.page.locator("#id_rationale_error")).to_have_count(0)
    expect(rationale).not_to_have_attribute("aria-invalid", "true")


def test_on_a_phone_a_review_is_read_and_decided_without_javascript(
    as_person: Enter, background: Background, unit: str
) -> None:
    reviewer = as_person("ravi", width=390, height=844, javascript=False)
    name = f"Phone of {unit}"
    ref = submitted(background, name, unit)
    reviewer.open("/reviews/")
    assert reviewer.page.evaluate(OVERFLOW) == ""
    open_review(reviewer, name)
    assert reviewer.page.evaluate(OVERFLOW) == ""
    reviewer.main.get_by_role("radio", name=re.compile("^Pass with conditions")).check()
    reviewer.page.get_by_label("Rationale").fill("Nearly.")
    promise(reviewer, 0, "Write the runbook.", 20)
    reviewer.press("Add another condition")
    expect(reviewer.main.locator(".decision__row")).to_have_count(4)
    expect(reviewer.main.locator(".decision__row").first.get_by_label("What is promised")).to_have_value(
        "Write the runbook."
    )
    promise(reviewer, 3, "Name a second owner.", 30)
    reviewer.press("Record the decision")
    expect(reviewer.page.get_by_text("Decided. The Data gate: pass with conditions.")).to_be_visible()
    assert reviewer.page.evaluate(OVERFLOW) == ""
    assert status_of(background, ref) == "passed_with_conditions"
