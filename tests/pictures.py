"""The pictures of the user guide, taken anew: `python -m tests.pictures [NAME …]` (which is `make pictures`).

The demo is served with its clock stopped (`tests.services.still`) on data of its own, and walked through as its people.
So a picture changes when the page did, not when the day did. Without names all are taken.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, StorageState, sync_playwright

from tests.services import browser as browsers
from tests.services import machine
from tests.services.stacks import REPOSITORY, Stack

FOLDER = REPOSITORY / "docs" / "pictures"
MOMENT = "2026-11-20T10:30:00+01:00"
LARGEST = 250_000
"""In bytes: a picture above it is to be cropped."""
DESK, PHONE = 1440, 390
TALL = 6000
BROKEN = 500


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page, and which part of it is kept.

    ``path`` may name an initiative of the demo, as in ``/initiatives/{Invoice triage}/``. Kept is ``part`` (a CSS
    selector), else the page, each from its top down to ``height`` pixels at most. ``first`` is done before.
    """

    name: str
    person: str
    path: str
    height: int = 900
    width: int = DESK
    dark: bool = False
    part: str = ""
    first: Callable[[Page], None] | None = None

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.png"


def type_a_new_one(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Claims letter drafts")
    problem = "Case handlers write 300 letters a day by hand; each takes eleven minutes and half are alike."
    page.get_by_label("Business problem").fill(problem)
    page.get_by_label("Business unit").fill("Claims")
    page.wait_for_load_state("networkidle")  # what is alike is looked for while one types


def ask_for_rollout(page: Page) -> None:
    """It is refused, so nothing changes."""
    page.locator("input[name=to][value=rollout]").check(force=True)
    page.get_by_role("button", name="Move", exact=True).click()
    page.wait_for_load_state()


def open_a_flag(page: Page) -> None:
    page.get_by_text("Why, and what helps").first.click()


def open_a_delivery(page: Page) -> None:
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    page.get_by_text("What was sent, and what follows").first.click()


def choose_conditions(page: Page) -> None:
    page.locator("input[name=decision][value=pass_with_conditions]").check(force=True)
    page.get_by_label("Rationale").fill("Holds on live input. One open point is small and owned.")
    page.get_by_label("What is promised").first.fill("Rehearse the fallback with the night shift")
    page.get_by_label("Who keeps it").first.fill("karin")
    page.get_by_label("By when").first.fill("2026-12-18")


PICTURES = (
    Picture("sign-in", "", "/login/", height=860),
    Picture("portfolio", "elsa", "/portfolio/", height=1100),
    Picture("portfolio-dark", "elsa", "/portfolio/", height=780, dark=True),
    Picture("heat-map", "elsa", "/portfolio/", part=".card:has-text('Gates by unit')"),
    Picture("portfolio-phone", "elsa", "/portfolio/", height=844, width=PHONE),
    Picture("gates", "elsa", "/portfolio/gates/", height=1100),
    Picture("causes", "elsa", "/portfolio/causes/", height=1100),
    Picture("time", "elsa", "/portfolio/time/", height=1100),
    Picture("money", "elsa", "/portfolio/money/", height=1100),
    Picture("trend", "elsa", "/portfolio/trend/", height=1000),
    Picture("initiatives", "elsa", "/initiatives/?state=stalled&sort=-days", height=900),
    Picture("home", "lena", "/", height=900),
    Picture("new", "lena", "/initiatives/new/", height=900, first=type_a_new_one),
    Picture("initiative", "lena", "/initiatives/{Parking damage photos}/", height=1150),
    Picture("why", "lena", "/initiatives/{Parking damage photos}/why/", height=1150),
    Picture("flags", "omar", "/initiatives/{Next best offer}/", part="#flags", height=640, first=open_a_flag),
    Picture("checklist", "lena", "/initiatives/{Parking damage photos}/checklist/integration/", height=1000),
    Picture(
        "guidance",
        "lena",
        "/initiatives/{Parking damage photos}/checklist/integration/",
        part="#INTG-1",
        height=1100,
    ),
    Picture(
        "three-states",
        "lena",
        "/initiatives/{Medical report summaries}/checklist/data/",
        part="#DATA-1",
    ),
    Picture(
        "checklist-phone",
        "lena",
        "/initiatives/{Parking damage photos}/checklist/integration/",
        height=844,
        width=PHONE,
    ),
    Picture("submit", "lena", "/initiatives/{Parking damage photos}/gates/data/submit/", height=900),
    Picture("reviews", "ravi", "/reviews/", height=900),
    Picture("decide", "ravi", "/initiatives/{Complaint reading}/gates/architecture/decide/", height=1000),
    Picture(
        "decision",
        "ravi",
        "/initiatives/{Complaint reading}/gates/architecture/decide/",
        part="#decide",
        height=780,
        first=choose_conditions,
    ),
    Picture("gate", "ravi", "/initiatives/{Tariff document search}/gates/integration/", height=1010),
    Picture(
        "stage",
        "lena",
        "/initiatives/{Parking damage photos}/stage/",
        height=1150,
        first=ask_for_rollout,
    ),
    Picture("lesson", "elsa", "/initiatives/{Handwritten form reading}/", height=1000),
    Picture("canvas", "lena", "/initiatives/{Hail damage from the air}/canvas/", height=1150),
    Picture("promises", "omar", "/initiatives/{Next best offer}/promises/", height=1000),
    Picture("exit", "elsa", "/initiatives/{Next best offer}/promises/", part="#exits", height=640),
    Picture("roadmap", "elsa", "/initiatives/{Medical report summaries}/roadmap/", height=1100),
    Picture("budget", "elsa", "/initiatives/{Medical report summaries}/budget/", height=1100),
    Picture("profile", "lena", "/initiatives/{Parking damage photos}/", part=".card:has(.rungs)", height=700),
    Picture("handover", "ada", "/initiatives/{Repair cost estimate}/people/", height=1100),
    Picture("lessons", "elsa", "/lessons/", height=900),
    Picture("symptoms", "elsa", "/portfolio/symptoms/", height=1100),
    Picture("people", "ada", "/people/", height=760),
    Picture("thresholds", "ada", "/organisation/thresholds/", height=900),
    Picture("webhook", "ada", "/organisation/webhooks/", height=1000, first=open_a_delivery),
    Picture("check", "lena", "/initiatives/{Parking damage photos}/answers/INTG-1/check/", height=1200),
    Picture("audit", "iris", "/audit/", height=760),
)


class StillStack(Stack):
    """The demo with its clock stopped, on data of its own."""

    def __init__(self, scratch: Path) -> None:
        # Where it is reached stands in what is sent, and the port is another one each time.
        named = {"FIVEGATES_URL": "https://readiness.alderfinch.example"}
        super().__init__(scratch, {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "readiness.settings"} | named)

    @contextmanager
    def running(self) -> Iterator[None]:
        with open(self.log, "ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.services.still", MOMENT, str(self.port)],
                cwd=REPOSITORY,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            machine.wait_until(
                lambda: process.poll() is not None or self.status("/health/ready/") == 200,
                600,
                f"the start of the demo; {self.complaint()}",
            )
            if process.poll() is not None:
                raise machine.ServiceFailed(f"the demo did not start; {self.complaint()}")
            yield
        finally:
            process.terminate()
            process.wait(20)


class Photographer:
    """Signs people in once, and takes pictures as them."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.references: dict[str, str] = {}
        self.sessions: dict[str, StorageState] = {}

    def take(self, picture: Picture) -> int:
        """Take it and store it; its size in bytes."""
        context = self.browser.new_context(
            storage_state=self._session(picture.person),
            # What is cut out of a page has to lie within the window: what sticks to its edges would cover it.
            viewport={"width": picture.width, "height": TALL if picture.part else picture.height},
            color_scheme="dark" if picture.dark else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        failed: list[str] = []
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= BROKEN else None)
        answer = page.goto(self.url + self._address(page, picture.path), wait_until="networkidle")
        if answer is None or not answer.ok:
            raise SystemExit(f"{picture.name}: {picture.path} answered {answer and answer.status}")
        if picture.first is not None:
            picture.first(page)
        if failed:
            raise SystemExit(f"{picture.name}: {failed[0]} failed")
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
        whole = not picture.part
        page.screenshot(path=picture.file, animations="disabled", clip=_kept(page, picture), full_page=whole)
        context.close()
        return picture.file.stat().st_size

    def _session(self, person: str) -> StorageState | None:
        """The cookies of somebody who is signed in; None for nobody."""
        if person and person not in self.sessions:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.url}/login/")
            page.locator("#id_username").fill(person)
            page.locator("#id_password").fill("demo")
            page.locator("#id_password").press("Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
            self.sessions[person] = context.storage_state()
            context.close()
        return self.sessions.get(person)

    def _address(self, page: Page, path: str) -> str:
        """The path, with the names of initiatives replaced by their references."""
        return re.sub(r"{(.+?)}", lambda match: self._reference(page, match[1]), path)

    def _reference(self, page: Page, name: str) -> str:
        if name not in self.references:
            page.goto(f"{self.url}/initiatives/?q={name}")
            link = page.get_by_role("link", name=name, exact=True).first.get_attribute("href") or ""
            self.references[name] = link.strip("/").rpartition("/")[2]
        return self.references[name]


def _kept(page: Page, picture: Picture) -> FloatRect:
    box: FloatRect = {"x": 0, "y": 0, "width": picture.width, "height": picture.height}
    if picture.part:
        box = page.locator(picture.part).first.bounding_box() or box
    return {**box, "height": min(box["height"], picture.height)}


def wanted(names: list[str]) -> list[Picture]:
    """The pictures of these names, or all; ends with a sentence where one is unknown."""
    unknown = set(names) - {picture.name for picture in PICTURES}
    if unknown:
        raise SystemExit(f"There is no picture named {', '.join(sorted(unknown))}.")
    return [picture for picture in PICTURES if not names or picture.name in names]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="which to take; all where none is named")
    pictures = wanted(parser.parse_args().names)
    chromium = browsers.chromium() or browsers.install_chromium()
    if chromium is None:
        raise SystemExit("A browser is needed: no Chromium was found (CHROMIUM may name one).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    too_large = []
    with tempfile.TemporaryDirectory(prefix="fivegates-pictures-") as scratch:
        stack = StillStack(Path(scratch))
        sys.stdout.write("Seeding the demo …\n")
        with stack.running(), sync_playwright() as playwright:
            browser = browsers.launch(playwright, chromium)
            photographer = Photographer(browser, stack.url)
            for picture in pictures:
                size = photographer.take(picture)
                sys.stdout.write(f"{picture.file.relative_to(REPOSITORY)}  {size // 1000} kB\n")
                too_large += [picture.name] if size > LARGEST else []
            browser.close()
    if too_large:
        raise SystemExit(f"Too large, to be cropped: {', '.join(too_large)}.")


if __name__ == "__main__":
    main()
