"""Every page as every person, in a phone's width and on a wide screen: nothing sticks out, nothing complains."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.access.routes import ROUTES
from tests.access.rows import ROWS
from tests.journeys import axe
from tests.journeys.drafts import a_draft_with_a_mistake
from tests.journeys.hooks import added_webhook
from tests.journeys.imports import one_of_each_end
from tests.journeys.looking import content_of, faults_of, foreign, overflow_at, overflow_from_the_right
from tests.journeys.people import token_of
from tests.journeys.reports import made_report
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.complaints import VIOLATION, Complaints
from tests.services.stacks import EmbeddedStack

PHONE, TABLET, DESK = 390, 1024, 1440
ENLARGED = 320
"""What 1280 are when everything is four times as large."""
DEMO_PASSWORD = "demo"
# What each sees that others do not: a lead's forms, a reviewer's inbox, an admin's pages, and what only looks.
ROLES = ("lena", "ravi", "elsa", "omar", "iris", "ada")
NOT_PAGES = {
    "login-code",
    "evidence-file",
    "health-live",
    "health-ready",
    "metrics",
    "password_link",
    "password_set",
    "answer",
    "evidence-add",
    "evidence-preview",
    "view",
    "import-progress",
    "import-left-out",
    "import-sample",
    "import-sample-mapping",
    "people-list-sample",
    "portfolio-report-progress",
    "portfolio-report-file",
    "mentions",
    "candidates",
    "audit-candidates",
    "audit-file",
    "account-data",
    "person-data",
    "successors",
    "framework-file",
    "framework-draft-file",
}
ELSEWHERE = {
    "login",
    "password_reset",
    "password_reset_done",
    "api-docs",
    "unsubscribe",
    "portfolio-reports-unsubscribe",
}  # looked at by nobody in particular
RARE = {"condition_id", "handover_id"}  # what few initiatives have
NOT_OURS = {"api-docs", "ui:gallery"}  # somebody else's page, and one that shows every sample side by side
KEYS_OF_LENA = """
from readiness.accounts.models import User
from readiness.notices.choosing import unsubscribe_key
from readiness.reports import monthly
lena = User.objects.get(username="lena").pk
print("unsubscribe", unsubscribe_key(lena))
print("portfolio-reports-unsubscribe", monthly.unsubscribe_key(lena))
"""
PAGES = sorted({row.route for row in ROWS if row.method == "GET" and not row.is_api} - NOT_PAGES - ELSEWHERE)


@pytest.fixture(scope="module")
def rest(demo_stack: EmbeddedStack) -> Rest:
    return Rest(demo_stack.url, token_of(demo_stack, "ada", "read"))


@pytest.fixture(scope="module")
def known(demo_stack: EmbeddedStack, rest: Rest, browser: Browser) -> dict[str, list[dict[str, Any]]]:
    """For each route what stands in its path: initiatives in every trouble that looks different, and imports."""
    found = {route: list(_paths(route, rest)) for route in PAGES}
    context = browser.new_context()
    ada = Walker(context.new_page(), demo_stack.url)
    enter_demo(ada, "ada")
    found["import"] = [{"work_id": pk} for pk in one_of_each_end(ada)]
    found["portfolio-report"] = [{"report_id": made_report(ada, "Table of the initiatives")}]
    found["webhook"] = found["webhook-remove"] = [{"webhook_id": added_webhook(ada)}]
    found |= a_draft_with_a_mistake(ada)
    context.close()
    without = [route for route, paths in found.items() if not paths]
    assert without == [], "pages that nobody looks at"
    return found


def _paths(route: str, rest: Rest) -> Iterator[dict[str, Any]]:
    parameters = set(ROUTES[route].parameters)
    if not parameters:
        yield {}
    elif RARE & parameters:
        everywhere = (row["id"] for row in rest.get("initiatives/?limit=200")["results"])
        yield from islice((path for ref in everywhere for path in _below(route, ref, rest)), 1)
    elif "ref" in parameters:
        for ref in _initiatives(rest):
            yield from _below(route, ref, rest)
    elif "flag_id" in parameters:
        yield {"flag_id": rest.get("flags/?limit=1")["results"][0]["id"]}
    elif "username" in parameters:
        yield {"username": "omar"}
    elif "slug" in parameters:
        yield from ({"slug": slug} for slug in ("five-gate", "environment-gap"))
    elif route == "symptom":
        yield from ({"code": one["code"]} for one in rest.get("portfolio/symptoms/")["symptoms"][:1])
    elif "code" in parameters:
        yield {"code": "stage_overrun"}
    elif "token_id" in parameters:
        yield {"token_id": 1}


def _initiatives(rest: Rest) -> list[str]:
    """One that lena leads in its pilot, one on hold, and the first of the stages that look different."""
    everything = rest.get("initiatives/?limit=200")["results"]
    hers = [
        row for row in everything if row["people"]["technical_lead"] == "lena" and row["stage"] == "pilot"
    ]
    held = [row for row in everything if row["on_hold"]]
    staged = [
        [row for row in everything if row["stage"] == stage][:1] for stage in ("intake", "live", "stopped")
    ]
    return list(dict.fromkeys(row["id"] for rows in (hers[:1], held[:1], *staged) for row in rows))


def listed(rest: Rest, ref: str, what: str) -> list[dict[str, Any]]:
    return list(rest.get(f"initiatives/{ref}/{what}/")["results"])


def _below(route: str, ref: str, rest: Rest) -> Iterator[dict[str, Any]]:
    parameters, gates = set(ROUTES[route].parameters), rest.get(f"initiatives/{ref}/gates/")["results"]
    if "gate" in parameters:
        wanted = ("data", "checkpoint-1", "environment-gap")
        yield from ({"ref": ref, "gate": gate["gate"]} for gate in gates if gate["gate"] in wanted)
    elif named := parameters & {"framework", "slug"}:
        yield {"ref": ref, named.pop(): "environment-gap"}
    elif "condition_id" in parameters:
        conditions = [one["id"] for gate in gates for one in gate["conditions"]]
        yield from ({"ref": ref, "condition_id": pk} for pk in conditions[:1])
    elif "snapshot_id" in parameters:
        snapshots = rest.get(f"initiatives/{ref}/snapshots/?limit=1")["results"]
        yield from ({"ref": ref, "snapshot_id": one["id"]} for one in snapshots)
    elif "evidence_id" in parameters:
        items = rest.get(f"initiatives/{ref}/checklist/")["items"]
        pieces = [piece["id"] for item in items for piece in item["evidence"]]
        yield from ({"ref": ref, "evidence_id": pk} for pk in pieces[:1])
    elif "code" in parameters:
        yield {"ref": ref, "code": "DATA-1"}
    elif "section" in parameters:
        yield {"ref": ref, "section": "problem"}
    elif "kpi_id" in parameters:
        yield from ({"ref": ref, "kpi_id": one["id"]} for one in listed(rest, ref, "kpis")[:1])
    elif "reading_id" in parameters:
        read = [
            one
            for kpi in listed(rest, ref, "kpis")[:1]
            for one in listed(rest, ref, f"kpis/{kpi['id']}/readings")
        ]
        yield from ({"ref": ref, "reading_id": one["id"]} for one in read[:1])
    elif "criterion_id" in parameters:
        yield from ({"ref": ref, "criterion_id": one["id"]} for one in listed(rest, ref, "exit-criteria")[:1])
    elif "handover_id" in parameters:
        yield from ({"ref": ref, "handover_id": one["id"]} for one in listed(rest, ref, "handovers")[:1])
    else:
        yield {"ref": ref}


def seen_on(page: Page, route: str) -> list[str]:
    """Everything that is not as it should be on a page that was just opened."""
    if route in NOT_OURS:
        page.wait_for_load_state("networkidle")  # it writes itself
    widths = [one for width in (ENLARGED, PHONE, TABLET, DESK) for one in overflow_at(page, width)]
    found = [*foreign(page), *widths]
    if route not in NOT_OURS:
        found += [*overflow_from_the_right(page, PHONE, DESK), *faults_of(page), *axe.not_yet_found(page)]
    return found


def enter_demo(walker: Walker, username: str) -> None:
    walker.sign_in(username, DEMO_PASSWORD)


@pytest.mark.parametrize("username", ROLES)
def test_no_page_sticks_out_complains_or_loses_anybody(
    demo_stack: EmbeddedStack,
    new_page: Callable[..., Page],
    known: dict[str, list[dict[str, Any]]],
    looked_at: set[str],
    username: str,
) -> None:
    """Home, whose frame is this person's, and every page whose content nobody else was shown before.

    axe looks at each in both themes once for each thing that anybody sees differently on it.
    """
    walker = Walker(new_page(width=DESK), demo_stack.url)
    enter_demo(walker, username)
    wrong, seen = [f"home: {fault}" for fault in seen_on(walker.page, "home")], 0
    for route, paths in known.items():
        for path in paths:
            url = ROUTES[route].url(path)
            response = walker.page.request.get(walker.base + url)
            assert response.status in (200, 403, 404), url
            if response.status != 200:
                continue
            seen += 1
            content = content_of(response.text())
            if content not in looked_at:
                looked_at.add(content)
                walker.page.goto(walker.base + url)
                wrong += [f"{url}: {fault}" for fault in seen_on(walker.page, route)]
    assert not wrong, "\n".join(wrong)
    assert seen > len(_always_open(known))


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The contents that somebody was shown."""
    return set()


def _always_open(known: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [route for route in ("initiative", "checklist", "gate") for _ in known[route]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_in_particular_finds_the_door(
    demo_stack: EmbeddedStack, new_page: Callable[..., Page], theme: str
) -> None:
    walker = Walker(new_page(width=DESK, color_scheme=theme), demo_stack.url)
    keys = dict(line.split() for line in demo_stack.shell(KEYS_OF_LENA).strip().splitlines())
    wrong = []
    for route in sorted(ELSEWHERE):
        response = walker.page.goto(walker.base + ROUTES[route].url({"key": keys.get(route, "")}))
        assert response is not None and response.status == 200
        wrong += [f"{route}: {fault}" for fault in seen_on(walker.page, route)]
    assert not wrong, "\n".join(wrong)


def test_what_went_wrong_has_a_page_like_any_other(
    demo_stack: EmbeddedStack, new_page: Callable[..., Page]
) -> None:
    walker = Walker(new_page(width=PHONE), demo_stack.url)
    enter_demo(walker, "lena")
    for path, status in (("/no/such/page/", 404), ("/initiatives/AI-9999/", 404), ("/people/", 403)):
        assert walker.open(path).status == status
        found = [*faults_of(walker.page), *overflow_at(walker.page, PHONE), *overflow_at(walker.page, DESK)]
        assert found == [], path


def test_an_executive_reads_the_portfolio_on_a_phone(
    demo_stack: EmbeddedStack, rest: Rest, new_page: Callable[..., Page]
) -> None:
    walker = Walker(new_page(width=PHONE, height=844), demo_stack.url)
    enter_demo(walker, "elsa")
    walker.open("/portfolio/")
    expect(walker.page.get_by_role("heading", level=1)).to_have_text("Portfolio")
    headline = rest.get("portfolio/")["headline"]
    for label, figure in (("Running", headline["running"]), ("Stalled", headline["stalled"])):
        tile = walker.page.locator(".stat", has=walker.page.get_by_text(label, exact=True))
        expect(tile.locator(".stat__value")).to_have_text(str(figure))
    # From a stalled one to why, in one step.
    stalled = walker.page.get_by_role("table", name="Stalled initiatives").get_by_role("link").first
    name = stalled.inner_text()
    stalled.click()
    expect(walker.page.locator(".initiative-header__of")).to_have_text(name)
    expect(walker.main.get_by_text(re.compile("Suspected cause")).first).to_be_visible()
    assert overflow_at(walker.page, PHONE) == []


def test_a_script_that_got_into_a_page_does_not_run_and_is_counted(
    live_stack: EmbeddedStack, browser: Browser
) -> None:
    """What every test of the browser listens for is heard: inline code, a handler, a style, an image of elsewhere."""
    context = browser.new_context()
    complaints, page = Complaints(context), context.new_page()
    page.goto(f"{live_stack.url}/login/")
    assert complaints.since() == []
    page.evaluate("""() => {
        const add = (tag, fill) => {
            const element = document.createElement(tag);
            fill(element);
            document.body.append(element);
        };
        add('script', (element) => { element.textContent = 'window.ran = true'; });
        add('div', (element) => { element.innerHTML = '<img src=x onerror="window.ran = true">'; });
        add('div', (element) => { element.setAttribute('style', 'color: red'); });
        add('img', (element) => { element.src = 'https://evil.example.com/pixel.png'; });
    }""")
    said: list[str] = []
    for directive in ("script-src-elem", "script-src-attr", "style-src-attr", "img-src"):
        while not any(f"{VIOLATION}: {directive}" in one for one in said):
            page.wait_for_timeout(20)
            said += complaints.since()
    assert page.evaluate("window.ran") is None
    context.close()


def test_a_script_that_came_with_a_page_does_not_run_and_is_counted(
    live_stack: EmbeddedStack, browser: Browser
) -> None:
    """The same for one that the server itself would have sent, and for an error of a script that may run."""
    context = browser.new_context()
    complaints, page = Complaints(context), context.new_page()
    page.route("**/login/", tampered)
    page.goto(f"{live_stack.url}/login/")
    said: list[str] = []
    while not any(f"{VIOLATION}: script-src-elem inline" in one for one in said):
        page.wait_for_timeout(20)
        said += complaints.since()
    assert page.evaluate("window.ran") is None
    page.evaluate("setTimeout(() => { throw new Error('on purpose'); })")
    while not any("on purpose" in one for one in said):
        page.wait_for_timeout(20)
        said += complaints.since()
    context.close()


def tampered(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(
        response=answer, body=answer.text().replace("</body>", "<script>window.ran = true</script></body>")
    )


def test_what_axe_would_find_is_found(new_page: Callable[..., Page], live_stack: EmbeddedStack) -> None:
    """Words too faint in one theme alone, and a field without a name."""
    page = new_page()
    page.goto(f"{live_stack.url}/login/")
    assert axe.found_in_both(page) == []
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('h1').style.color = '#181818'")
    rules = {(*one.split("axe ")[0:1], one.split("axe ")[1].split(" ")[0]) for one in axe.found_in_both(page)}
    assert rules == {("", "label"), ("dark: ", "color-contrast")}
    with pytest.raises(AssertionError, match="label"):
        axe.check(page, "at the door")
    page.reload()
