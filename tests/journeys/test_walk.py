"""The main job, end to end, in two browsers and beside them over REST."""

import re
import uuid
from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.agreement import Standing, agreed
from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

GATES = {
    "data": "DATA",
    "architecture": "ARCH",
    "integration": "INTG",
    "governance": "GOVN",
    "adoption": "ADPT",
}
CHECKPOINTS = ("checkpoint-0", "checkpoint-1", "checkpoint-2")
LOCKED = dict.fromkeys(GATES, "locked")

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def rest(live_stack: EmbeddedStack) -> Rest:
    enter(live_stack, lena="lead", ravi="reviewer")
    return Rest(live_stack.url, token_of(live_stack, "lena"))


@pytest.fixture
def unit() -> str:
    """A business unit that no other initiative has."""
    return f"Unit {uuid.uuid4().hex[:8]}"


def codes_of(rest: Rest, ref: str, framework: str, gate: str) -> list[str]:
    items = rest.get(f"initiatives/{ref}/checklist/?framework={framework}")["items"]
    return [item["code"] for item in items if item["gate"] == gate]


def pass_checkpoint(rest: Rest, lead: Walker, reviewer: Walker, ref: str, slug: str) -> None:
    """Answered, submitted and decided in the browser; a checkpoint asks for no evidence."""
    lead.open(f"/initiatives/{ref}/checklist/{slug}/")
    for code in codes_of(rest, ref, "poc-checkpoints", slug):
        lead.answer(code, "Met")
    lead.submit(ref, slug, "Ready to go on.")
    reviewer.decide(ref, slug, "Go", "The criteria hold.")


def move(rest: Rest, lead: Walker, ref: str, label: str, stage: str) -> None:
    """To a stage that nothing guards any more."""
    lead.move(ref, label)
    expect(lead.page.get_by_text("Moved.", exact=True)).to_be_visible()
    assert rest.get(f"initiatives/{ref}/")["stage"] == stage


def test_the_walk_from_an_idea_to_rollout_and_back_again(
    live_stack: EmbeddedStack, rest: Rest, new_page: NewPage, unit: str
) -> None:
    lead, reviewer = (Walker(new_page(), live_stack.url) for _ in range(2))
    lead.sign_in("lena")
    reviewer.sign_in("ravi")

    ref = lead.create("Invoice triage", "Invoices wait nine days for a booking.", unit)
    assert agreed(lead, rest, ref, unit) == Standing(0, 0.0, "not_ready", LOCKED | {"data": "open"})

    # The next stage: refused, and both the page and the API name everything that is in the way.
    lead.open(f"/initiatives/{ref}/stage/")
    expect(lead.main.get_by_role("button", name="Move", exact=True)).to_be_disabled()
    status, refused = rest.ask("POST", f"initiatives/{ref}/stage/", {"to": "poc"})
    assert (status, refused["code"]) == (409, "stage_guarded")
    assert len(refused["blockers"]) >= 5
    said = lead.main.inner_text()
    assert f"{len(refused['blockers'])} things stand in the way" in said
    on_the_page = lead.main.text_content() or ""
    assert [one["message"] for one in refused["blockers"] if one["message"] not in on_the_page] == []

    # Straight to rollout: no choice on the page, and over REST refused by every guard on the way.
    expect(lead.main.get_by_role("radio", name=re.compile("^Rollout"))).to_have_count(0)
    status, refused = rest.ask("POST", f"initiatives/{ref}/stage/", {"to": "rollout"})
    assert (status, refused["code"]) == (409, "stage_guarded")
    assert len(refused["blockers"]) > 20

    # Twenty items with evidence, each counted at once: on the page, and over REST in the same moment.
    for count, (gate, number) in enumerate(product(GATES, range(1, 5)), start=1):
        code = f"{GATES[gate]}-{number}"
        if number == 1:
            lead.open(f"/initiatives/{ref}/checklist/{gate}/")
        lead.add_link(code, f"https://wiki.example.com/{code}")
        lead.answer(code, "Met")
        expect(lead.page.locator("#header-score")).to_contain_text(f"{count} of 20 met")
        expect(lead.page.locator(f"#{code}-counts")).to_contain_text("Met")
        assert rest.get(f"initiatives/{ref}/readiness/")["met"] == count
    standing = agreed(lead, rest, ref, unit)
    assert standing == Standing(20, 100.0, "not_ready", LOCKED | {"data": "eligible"})

    # Gate by gate, in order.
    passed: dict[str, str] = {}
    for gate in GATES:
        lead.submit(ref, gate, "Every point is shown.")
        assert agreed(lead, rest, ref, unit).gates[gate] == "in_review"
        reviewer.decide(ref, gate, "Pass", "Looked at the evidence behind every point.")
        passed[gate] = "passed"
        standing = agreed(lead, rest, ref, unit)
        assert {name: status for name, status in standing.gates.items() if name in passed} == passed
    assert standing == Standing(20, 100.0, "ready", passed)

    # The checkpoints, and with them the stages.
    pass_checkpoint(rest, lead, reviewer, ref, "checkpoint-0")
    move(rest, lead, ref, "PoC", "poc")
    for slug in CHECKPOINTS[1:]:
        pass_checkpoint(rest, lead, reviewer, ref, slug)
    move(rest, lead, ref, "Pilot", "pilot")
    move(rest, lead, ref, "Rollout", "rollout")
    assert rest.get(f"initiatives/{ref}/deploy-check/")["allowed"] is True
    assert agreed(lead, rest, ref, unit) == Standing(20, 100.0, "ready", passed)

    # One critical item no longer holds: its gate lapses by that act, the later ones are locked.
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.answer("DATA-1", "Not met")
    expect(lead.page.locator("#header-score")).to_contain_text("19 of 20 met")
    expect(lead.page.locator("#header-track")).to_contain_text("Lapsed")
    standing = agreed(lead, rest, ref, unit)
    assert standing == Standing(19, 95.0, "not_ready", LOCKED | {"data": "lapsed"})
    assert rest.get(f"initiatives/{ref}/deploy-check/")["allowed"] is False
    lead.move(ref, "Live")
    expect(lead.main.get_by_text(re.compile("stand.? in the way")).first).to_be_visible()
    assert rest.get(f"initiatives/{ref}/")["stage"] == "rollout"

    # Made good again, it still takes a decision.
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.answer("DATA-1", "Met")
    assert agreed(lead, rest, ref, unit) == Standing(20, 100.0, "not_ready", LOCKED | {"data": "lapsed"})
    lead.submit(ref, "data", "Measured again.")
    reviewer.decide(ref, "data", "Pass", "It holds again.")
    assert agreed(lead, rest, ref, unit) == Standing(20, 100.0, "ready", passed)


def test_the_same_way_without_javascript(
    live_stack: EmbeddedStack, rest: Rest, new_page: NewPage, unit: str
) -> None:
    lead, reviewer = (Walker(new_page(javascript=False), live_stack.url) for _ in range(2))
    lead.sign_in("lena")
    reviewer.sign_in("ravi")

    ref = lead.create("Claims triage", "Claims wait for a first look.", unit)
    lead.open(f"/initiatives/{ref}/stage/")
    expect(lead.main.get_by_text("things stand in the way.")).to_be_visible()
    expect(lead.main.get_by_role("button", name="Move", exact=True)).to_be_disabled()

    lead.open(f"/initiatives/{ref}/checklist/data/")
    for count, code in enumerate(codes_of(rest, ref, "five-gate", "data"), start=1):
        lead.add_link(code, f"https://wiki.example.com/{code}")
        lead.answer(code, "Met", save=True)
        expect(lead.page.locator("#header-score")).to_contain_text(f"{count} of 20 met")
        assert rest.get(f"initiatives/{ref}/readiness/")["met"] == count

    lead.submit(ref, "data", "Every point is shown.")
    reviewer.decide(ref, "data", "Pass", "Looked at all four.")
    assert agreed(lead, rest, ref, unit).gates["data"] == "passed"

    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.answer("DATA-1", "Not met", save=True)
    standing = agreed(lead, rest, ref, unit)
    assert (standing.met, standing.gates["data"], standing.gates["architecture"]) == (3, "lapsed", "locked")
