"""A second factor, from the picture on the page to the next sign-in, as a person with a phone meets it."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import axe
from tests.journeys.people import PASSWORD, enter
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

NewPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("username", "javascript", "width"),
    [("phoebe", True, 1440), ("felix", False, 390)],
    ids=["with JavaScript", "without, on a phone"],
)
def test_it_is_set_up_and_asked_for(
    live_stack: EmbeddedStack, new_page: NewPage, username: str, javascript: bool, width: int
) -> None:
    enter(live_stack, **{username: "lead"})
    walker = Walker(new_page(javascript=javascript, width=width), live_stack.url)
    walker.sign_in(username)
    walker.open("/account/two-factor/")
    picture = walker.main.get_by_role("img", name="Picture for your authenticator app")
    expect(picture).to_be_visible()
    axe.look(walker.page)
    app = pyotp.TOTP(walker.main.locator(".scan__key").inner_text().replace(" ", ""))

    walker.main.get_by_label("Code", exact=True).fill(app.now())
    walker.main.get_by_label("Current password").fill(PASSWORD)
    walker.main.get_by_role("button", name="Turn it on").click()

    expect(walker.main.get_by_text("Keep these recovery codes now")).to_be_visible()
    axe.look(walker.page)
    codes = walker.main.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10

    elsewhere = Walker(new_page(javascript=javascript, width=width), live_stack.url)
    elsewhere.open("/account/tokens/")
    _give_password(elsewhere, username)
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("One more step")
    elsewhere.main.get_by_label("Code", exact=True).fill("000000")
    elsewhere.main.get_by_role("button", name="Sign in").click()
    expect(elsewhere.main.locator("#id_code_error, .field__error").first).to_contain_text("not right")
    axe.look(elsewhere.page)
    elsewhere.main.get_by_role("link", name="No phone at hand?").click()
    elsewhere.main.get_by_label("Recovery code").fill(codes[0].upper())
    elsewhere.main.get_by_role("button", name="Sign in").click()
    expect(elsewhere.page).to_have_url(re.compile(r"/account/tokens/$"))
    expect(elsewhere.page.get_by_text("9 are left")).to_be_visible()


def _give_password(walker: Walker, username: str) -> None:
    walker.main.get_by_label("Username or e-mail").fill(username)
    walker.main.get_by_label("Password", exact=True).fill(PASSWORD)
    walker.main.get_by_role("button", name="Sign in", exact=True).click()
