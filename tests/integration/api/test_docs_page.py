"""The page to browse the API: it works under the same strict policy as every other, and asks nobody who they are."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.services.stacks import EmbeddedStack

LENA = """
from readiness.accounts.models import User
from tests.fixtures import person
if not User.objects.filter(username="docs-reader").exists():
    person("docs-reader", lead=True)
"""


def test_the_operations_are_shown_without_breaking_the_policy(
    live_stack: EmbeddedStack, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    answer = page.goto(f"{live_stack.url}/api/v1/docs/")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "unsafe" not in policy
    expect(page.get_by_role("heading", name="Fivegates")).to_be_visible()
    page.locator("#operations-checklist-readItem button.opblock-summary-control").click()
    expect(page.get_by_text("One item with its evidence and its ETag.")).to_be_visible()
    assert {url for url in outside if not url.startswith((live_stack.url, "data:"))} == set()


def test_who_is_signed_in_tries_it_by_their_session(
    live_stack: EmbeddedStack, new_page: Callable[..., Page]
) -> None:
    live_stack.shell(LENA)
    page = new_page()
    page.goto(f"{live_stack.url}/login/")
    page.get_by_label("Username").fill("docs-reader")
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_stack.url}/api/v1/docs/#/initiatives/createInitiative")
    block = page.locator("#operations-initiatives-createInitiative")
    expect(block).to_be_visible()
    block.get_by_role("button", name="Try it out").click()
    block.locator("textarea").fill('{"name": "From the docs", "business_problem": "Tried in the browser."}')
    block.get_by_role("button", name="Execute").click()
    expect(block.locator(".live-responses-table tbody .response-col_status")).to_contain_text("201")
