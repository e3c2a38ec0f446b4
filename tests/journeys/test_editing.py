"""What is typed is not lost: not to somebody who was quicker, and not to a mistake."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
SCRIPT = "<script>window.ran = true</script><img src=x onerror='window.ran = true'>"
STRANGE = ("🚀 Rocket 👩‍🔬", "مبادرة الفواتير", "‮desrever", SCRIPT, 'O\'Brien & "Sons" {{ 7 * 7 }} {% now %}')


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, lena="lead", ravi="reviewer")
    return Rest(live_stack.url, token_of(live_stack, "lena"))


@pytest.fixture
def ref(rest: Rest) -> str:
    """A fresh initiative of lena's."""
    status, made = rest.ask(
        "POST", "initiatives/", {"name": "Invoice triage", "business_problem": "They wait."}
    )
    assert status == 201
    return str(made["id"])


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def lena(
    request: pytest.FixtureRequest, live_stack: EmbeddedStack, new_page: NewPage
) -> Callable[[], Walker]:
    """Makes a browser of lena's, signed in."""

    def make() -> Walker:
        walker = Walker(new_page(javascript=request.param), live_stack.url)
        walker.sign_in("lena")
        walker.saves_at_once = request.param
        return walker

    return make


def test_of_two_who_answer_the_same_item_the_second_is_told_and_loses_nothing(
    lena: Callable[[], Walker], rest: Rest, ref: str
) -> None:
    first, second = lena(), lena()
    for walker in (first, second):
        walker.open(f"/initiatives/{ref}/checklist/data/")
    first.answer("DATA-2", "Met", save=not first.saves_at_once)

    note = second.card("DATA-2").get_by_label("Note")
    note.fill("Half of the sources have an owner.")
    second.choose("DATA-2", "Partial", save=not second.saves_at_once)

    told = second.told("DATA-2")
    expect(told).to_contain_text("Not saved yet: you changed this in another window in the meantime.")
    expect(told.get_by_role("region", name="What you saved there")).to_contain_text("Met")
    expect(note).to_have_value("Half of the sources have an owner.")
    expect(second.card("DATA-2").get_by_role("radio", name="Partial", exact=True)).to_be_checked()
    item = rest.get(f"initiatives/{ref}/checklist/DATA-2/")
    assert (item["answer"], item["note"]) == ("met", "")

    # Shown both, the second one may still mean it.
    second.card("DATA-2").get_by_role("button", name="Keep mine").click()
    expect(told).to_contain_text("Saved")
    item = rest.get(f"initiatives/{ref}/checklist/DATA-2/")
    assert (item["answer"], item["note"]) == ("partial", "Half of the sources have an owner.")


def test_of_two_who_edit_the_facts_the_second_is_told_and_loses_nothing(
    lena: Callable[[], Walker], rest: Rest, ref: str
) -> None:
    first, second = lena(), lena()
    for walker in (first, second):
        walker.open(f"/initiatives/{ref}/edit/")
    first.page.get_by_label("Vendor").fill("Acme")
    first.press("Save")
    expect(first.page.get_by_text("Saved.")).to_be_visible()

    second.page.get_by_label("Technology").fill("Trees")
    second.press("Save")

    expect(second.page.get_by_text("Somebody else changed this in the meantime")).to_be_visible()
    expect(second.page.get_by_label("Technology")).to_have_value("Trees")
    stands = rest.get(f"initiatives/{ref}/")
    assert (stands["vendor"], stands["technology"]) == ("Acme", "")


def test_a_name_that_is_too_long_is_named_and_stays(lena: Callable[[], Walker], rest: Rest) -> None:
    walker, problem = lena(), f"Invoices wait. {uuid.uuid4().hex}"
    walker.open("/initiatives/new/")
    walker.page.get_by_label("Name", exact=True).fill("x" * 10_000)
    walker.page.get_by_label("Business problem").fill(problem)
    walker.page.get_by_label("Business unit").fill("مالية, 🚀")
    walker.press("Enter the initiative")

    field = walker.page.get_by_label("Name", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    said = " ".join(walker.page.locator(f"#{place}").inner_text() for place in described.split())
    assert "At most 200 characters" in said
    expect(field).to_have_value("x" * 10_000)
    expect(walker.page.get_by_label("Business problem")).to_have_value(problem)
    expect(walker.page.get_by_label("Business unit")).to_have_value("مالية, 🚀")
    assert rest.get(f"initiatives/?search={problem.rpartition(' ')[2]}")["results"] == []


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_is_text_everywhere(lena: Callable[[], Walker], rest: Rest, text: str) -> None:
    walker, unit = lena(), f"{text[:60]} {uuid.uuid4().hex[:6]}"
    ref = walker.create(text, f"Problem: {text}", unit)
    walker.open(f"/initiatives/{ref}/checklist/data/")
    note = walker.card("DATA-1").get_by_label("Note")
    note.fill(text)
    walker.choose("DATA-1", "Partial", save=not walker.saves_at_once)
    expect(walker.told("DATA-1")).to_contain_text("Saved")
    for path in (f"/initiatives/{ref}/", f"/initiatives/{ref}/history/", f"/initiatives/{ref}/edit/"):
        walker.open(path)
        expect(walker.main).to_contain_text(unit.rpartition(" ")[2]) if path.endswith(f"{ref}/") else None
        assert walker.page.locator("main script, main img").count() == 0
    walker.open(f"/initiatives/?q={unit.rpartition(' ')[2]}")
    expect(walker.page.locator("tbody tr")).to_have_count(1)
    expect(walker.page.locator("tbody th").first).to_contain_text(text)
    if walker.saves_at_once:
        assert walker.page.evaluate("window.ran") is None
    assert rest.get(f"initiatives/{ref}/")["name"] == text.strip()
    assert rest.get(f"initiatives/{ref}/checklist/DATA-1/")["note"] == text.strip()


def test_evidence_that_cannot_be_is_refused_at_its_field_and_stays(
    lena: Callable[[], Walker], rest: Rest, ref: str
) -> None:
    walker = lena()
    walker.open(f"/initiatives/{ref}/checklist/data/")
    card = walker.card("DATA-1")
    for url, day, words in (
        ("javascript:alert(1)", "2026-01-05", "http"),
        ("https://wiki.example.com/report", "2099-01-01", "to come"),
    ):
        form = card.locator("form", has=walker.page.get_by_label("Address"))
        form.get_by_label("Address").fill(url)
        form.get_by_label("What it shows").fill("The report of March")
        form.get_by_label("Day it speaks of").fill(day)
        form.get_by_role("button", name="Add evidence").click()
        expect(walker.told("DATA-1")).to_contain_text("The evidence was not added")
        form = card.locator("form", has=walker.page.get_by_label("Address"))
        expect(form.locator(".field__error, [id$=_error]").filter(has_text=words).first).to_be_visible()
        expect(form.get_by_label("Address")).to_have_value(url)
        expect(form.get_by_label("What it shows")).to_have_value("The report of March")
        expect(form.get_by_label("Day it speaks of")).to_have_value(day)
    assert rest.get(f"initiatives/{ref}/checklist/DATA-1/")["evidence"] == []


def test_a_note_that_is_too_long_stays_in_its_place(lena: Callable[[], Walker], rest: Rest, ref: str) -> None:
    walker = lena()
    walker.open(f"/initiatives/{ref}/checklist/data/")
    note = walker.card("DATA-3").get_by_label("Note")
    note.fill("long " * 2_000)
    walker.choose("DATA-3", "Met", save=not walker.saves_at_once)
    expect(walker.told("DATA-3")).to_contain_text("At most 5,000 characters")
    expect(note).to_have_value("long " * 2_000)
    assert rest.get(f"initiatives/{ref}/checklist/DATA-3/")["answer"] == "unanswered"


@pytest.mark.parametrize("away", ["Overview", "Comments", "Budget"])
def test_what_was_typed_on_the_canvas_is_kept_by_who_goes_on_at_once(
    live_stack: EmbeddedStack, new_page: NewPage, rest: Rest, ref: str, away: str
) -> None:
    walker = Walker(new_page(), live_stack.url)
    walker.sign_in("lena")
    walker.open(f"/initiatives/{ref}/canvas/")
    walker.page.get_by_label("Business problem").fill(f"They wait nine days, says {away}.")
    tabs = walker.page.get_by_role("navigation", name="Pages of this initiative")
    tabs.get_by_role("link", name=away).click(delay=90)
    expect(walker.page).not_to_have_url(re.compile("/canvas/"))
    walker.open(f"/initiatives/{ref}/canvas/")
    expect(walker.page.get_by_label("Business problem")).to_have_value(f"They wait nine days, says {away}.")


def test_on_the_canvas_a_name_typed_whole_is_a_box_at_once_and_is_added_once(
    lena: Callable[[], Walker], ref: str, rest: Rest
) -> None:
    walker = lena()
    walker.open(f"/initiatives/{ref}/canvas/")
    section = walker.main.locator("#people")
    section.get_by_label("Add").fill("Ravi")
    if walker.saves_at_once:
        walker.page.keyboard.press("Tab")
    else:
        walker.press("Save", section)
    expect(section.get_by_role("checkbox", name="Ravi")).to_be_checked()
    expect(section.get_by_label("Add")).to_have_value("")
    with walker.page.expect_response(lambda answer: answer.request.method == "POST"):
        section.get_by_role("checkbox", name="Ravi").uncheck()
        if not walker.saves_at_once:
            walker.press("Save", section)
    assert "ravi" not in rest.get(f"initiatives/{ref}/")["people"]["members"]


def test_on_the_canvas_nothing_is_called_wrong_any_more_once_it_was_saved(
    lena: Callable[[], Walker], ref: str
) -> None:
    walker = lena()
    walker.open(f"/initiatives/{ref}/canvas/")
    section = walker.main.locator("#budget")
    planned = section.locator("[name=budget_planned]")

    def save(amount: str) -> None:
        planned.fill(amount)
        if walker.saves_at_once:
            planned.blur()
        else:
            walker.press("Save", section)

    save("-5")
    expect(section).to_contain_text("Not saved")
    expect(planned).to_have_attribute("aria-invalid", "true")
    expect(section.locator(".field__error")).to_have_count(1)
    save("5000")
    expect(section).to_contain_text("Saved")
    expect(section.locator(".field__error, [aria-invalid], [aria-describedby$=_error]")).to_have_count(0)
    expect(planned).to_have_value("5000" if walker.saves_at_once else "5000.00")
