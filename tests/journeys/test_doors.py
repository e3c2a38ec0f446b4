"""In and out: with demo data and without, and nothing is left behind."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import PASSWORD, enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]
EITHER = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])


def test_where_nobody_can_sign_in_the_page_names_the_command_and_no_page_does_it(
    embedded_stack: EmbeddedStack, new_page: NewPage
) -> None:
    embedded_stack.start()
    walker = Walker(new_page(), embedded_stack.url)
    walker.open("/")
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    command = walker.main.locator("code", has_text="manage.py create_admin")
    expect(command).to_be_visible()
    expect(walker.main.get_by_role("button", name=re.compile("^Sign in as"))).to_have_count(0)

    embedded_stack.manage("create_admin", "ada", "--name", "Ada", "--password-stdin", text=f"{PASSWORD}\n")

    walker.open("/login/")
    expect(command).to_have_count(0)
    walker.sign_in("ada")
    walker.open("/people/")
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("People")


@EITHER
def test_in_a_demo_one_click_is_enough_and_another_leads_out(
    demo_stack: EmbeddedStack, new_page: NewPage, javascript: bool
) -> None:
    walker = Walker(new_page(javascript=javascript), demo_stack.url)
    walker.open("/portfolio/")
    assert walker.path == "/login/?next=/portfolio/"
    walker.main.get_by_role("button", name=re.compile("^Sign in as Elsa")).click()
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Portfolio")

    sign_out(walker)

    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    walker.page.go_back()
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    walker.open("/portfolio/")
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def sign_out(walker: Walker) -> None:
    walker.page.locator("summary", has=walker.page.locator(".avatar")).click()
    walker.page.get_by_role("button", name="Sign out").click()


@EITHER
def test_a_wrong_password_is_told_and_the_name_stays(
    live_stack: EmbeddedStack, new_page: NewPage, javascript: bool
) -> None:
    enter(live_stack, lena="lead")
    walker = Walker(new_page(javascript=javascript), live_stack.url)
    walker.open("/login/")
    walker.page.get_by_label("Username or e-mail").fill("lena")
    walker.page.get_by_label("Password", exact=True).fill("not the password")
    walker.press("Sign in")
    expect(walker.main.get_by_text("do not go together").first).to_be_visible()
    expect(walker.page.get_by_label("Username or e-mail")).to_have_value("lena")
    expect(walker.page.get_by_label("Password", exact=True)).to_have_value("")


def test_who_was_signed_out_meanwhile_keeps_what_was_typed(
    live_stack: EmbeddedStack, new_page: NewPage
) -> None:
    """The session ended in another tab: an answer that did not arrive is said not to have arrived."""
    enter(live_stack, lena="lead")
    walker = Walker(new_page(), live_stack.url)
    walker.sign_in("lena")
    ref = walker.create("Parcel routing", "Parcels take the long way.", "Logistics")
    walker.open(f"/initiatives/{ref}/checklist/data/")
    walker.page.context.clear_cookies(name="fivegates_session")
    note = walker.card("DATA-1").get_by_label("Note")
    note.fill("Measured in March.")
    walker.choose("DATA-1", "Met", save=False)
    expect(walker.card("DATA-1")).to_contain_text("Not saved: you are signed out.")
    expect(note).to_have_value("Measured in March.")


def test_light_or_dark_is_remembered_with_a_click(demo_stack: EmbeddedStack, new_page: NewPage) -> None:
    walker = Walker(new_page(javascript=False), demo_stack.url)
    walker.sign_in("elsa", "demo")
    for theme in ("Dark", "Light"):
        walker.page.locator("summary", has=walker.page.locator(".avatar")).click()
        walker.page.get_by_role("button", name=theme, exact=True).click()
        expect(walker.page.locator("html")).to_have_attribute("data-theme", theme.lower())
        walker.open("/initiatives/")
        expect(walker.page.locator("html")).to_have_attribute("data-theme", theme.lower())
