"""A person in front of a browser, who does everything by what is written on the page, with or without JavaScript."""

import re

from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys import axe
from tests.journeys.people import PASSWORD

# The machine may be busy with other tests: what is waited for comes, and then at once.
PATIENCE = 30_000
REF = re.compile(r"/initiatives/(AI-\d{4,})/")

expect.set_options(timeout=PATIENCE)


class Walker:
    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.saves_at_once = True  # as with JavaScript
        page.set_default_timeout(PATIENCE)

    def open(self, path: str) -> Response:
        self.look()
        response = self.page.goto(self.base + path)
        assert response is not None
        self.look()
        return response

    def look(self) -> None:
        """At what stands on the page: axe finds nothing. Done at every stop, and at the end of a test."""
        axe.look(self.page)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def press(self, name: str, within: Locator | None = None) -> None:
        """Look at the page once more, and press the button or follow the link of this name."""
        self.look()
        place = within or self.main
        button = place.get_by_role("button", name=name, exact=True)
        place.get_by_role("link", name=name, exact=True).or_(button).first.click()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.open("/login/")
        self.page.get_by_label("Username or e-mail").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")

    # --- Initiatives ------------------------------------------------------------------------------------------

    def create(self, name: str, problem: str, unit: str) -> str:
        """Enter an initiative, which leads on to its canvas; its reference."""
        self.open("/initiatives/new/")
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Business problem").fill(problem)
        self.page.get_by_label("Business unit").fill(unit)
        self.press("Enter the initiative")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Canvas")
        expect(self.page.get_by_label("Business problem")).to_have_value(problem.strip())
        found = REF.search(self.page.url)
        assert found is not None
        return found[1]

    def move(self, ref: str, stage: str) -> None:
        """Ask for another stage; whether it was granted the page says."""
        self.open(f"/initiatives/{ref}/stage/")
        self.main.get_by_role("radio", name=re.compile(f"^{stage}")).check()
        self.press("Move")

    # --- Choosing people --------------------------------------------------------------------------------------

    def find_person(self, label: str, words: str, name: str, place: Locator | Page | None = None) -> None:
        """Type some of a name into a field, and take the one that is found."""
        field = (place or self.page).get_by_role("combobox", name=re.compile(f"^{label}"))
        field.click()
        field.press_sequentially(words)
        self.page.locator(".combobox__match", has_text=re.compile(f"^{name}")).click()

    # --- The checklist ----------------------------------------------------------------------------------------

    def card(self, code: str) -> Locator:
        return self.page.locator(f"#{code}")

    def told(self, code: str) -> Locator:
        """What the card says of the last write."""
        return self.page.locator(f"#{code}-told")

    def add_link(self, code: str, url: str) -> None:
        card = self.card(code)
        form = card.locator("form", has=self.page.get_by_label("Address"))
        form.get_by_role("radio", name="Link").check()
        form.get_by_label("Address").fill(url)
        form.get_by_role("button", name="Add evidence").click()
        expect(self.told(code)).to_contain_text("Evidence added")

    def choose(self, code: str, answer: str, *, save: bool) -> None:
        """Choose an answer; ``save`` presses the button, as one has to without JavaScript."""
        self.card(code).get_by_role("radio", name=answer, exact=True).check()
        if save:
            self.card(code).get_by_role("button", name="Save", exact=True).click()

    def answer(self, code: str, answer: str, *, save: bool = False) -> None:
        self.choose(code, answer, save=save)
        expect(self.told(code)).to_contain_text("Saved")

    # --- Gates ------------------------------------------------------------------------------------------------

    def submit(self, ref: str, gate: str, note: str) -> None:
        """From the checklist to the reviewers."""
        self.open(f"/initiatives/{ref}/checklist/{gate}/")
        self.press("Submit for review")
        self.page.get_by_label("A note to the reviewers").fill(note)
        self.press("Submit for review")
        expect(self.page.get_by_text("A reviewer decides it.")).to_be_visible()

    def decide(self, ref: str, gate: str, decision: str, rationale: str) -> None:
        """From the inbox to the decision."""
        self.open("/reviews/")
        here = self.page.locator(f'tbody a[href="/initiatives/{ref}/gates/{gate}/decide/"]')
        here.click()
        self.main.get_by_role("radio", name=re.compile(f"^{decision}(?! with)")).check()
        self.page.get_by_label("Rationale").fill(rationale)
        self.press("Record the decision")
        expect(self.page.get_by_text("Decided.")).to_be_visible()
