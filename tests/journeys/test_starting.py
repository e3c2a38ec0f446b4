"""An own copy of the five gates: published from a file, made the default, and what a lead then begins with."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import axe
from tests.journeys.background import Background
from tests.journeys.looking import overflow_at
from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.seeing import titled
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack

USUAL = ["poc-checkpoints", "five-gate", "environment-gap"]


@pytest.fixture
def admin(live_stack: EmbeddedStack, background: Background) -> Iterator[Rest]:
    """Ada over REST; in the end new initiatives begin again with what they began with, for the other stories."""
    enter(live_stack, ada="admin")
    rest = Rest(live_stack.url, token_of(live_stack, "ada", "read", "admin"))
    yield rest
    assert rest.ask("PUT", "starting-frameworks/", {"frameworks": USUAL})[0] == 200


def the_file(walker: Walker, slug: str, name: str) -> dict[str, Any]:
    """The file of the five gates as its page hands it out, under another slug and name."""
    text = walker.page.request.get(f"{walker.base}/frameworks/five-gate/file/").text()
    changed = text.replace("slug: five-gate\n", f"slug: {slug}\n")
    changed = changed.replace("name: 5-Gate Production Readiness\n", f"name: {name}\n")
    assert changed.count(slug) == 1
    assert changed.count(name) == 1
    return {"name": "our-gates.yaml", "mimeType": "application/yaml", "buffer": changed.encode()}


@pytest.mark.parametrize(("javascript", "width"), [(True, 390), (False, 1440)])
def test_a_copy_of_the_five_gates_is_made_the_default_and_a_lead_begins_with_it(
    as_person: Callable[..., Walker],
    background: Background,
    admin: Rest,
    unit: str,
    javascript: bool,
    width: int,
) -> None:
    slug, name = f"our-{unit.lower().replace(' ', '-')}", f"Our gates of {unit}"
    before = background.enter(f"Earlier in {unit}", "It was here before.", unit)
    ada = as_person("ada", javascript=javascript, width=width)
    ada.open("/frameworks/")
    ada.page.get_by_label("Framework file").set_input_files(the_file(ada, slug, name))
    ada.press("Publish it")
    expect(ada.page.get_by_text(f"{name} 1.0 is published. It can be attached, or chosen")).to_be_visible()

    ada.press("Choose")
    row = ada.page.locator("#offered tr", has_text=name)
    expect(row).to_contain_text("Takes the place of 5-Gate Production Readiness")
    expect(row).to_contain_text("Readiness of new initiatives is then computed on its 5 gates.")
    assert axe.found_on(ada.page) == [] and overflow_at(ada.page, 320) == []
    ada.press(f"Make it the default: {name}", row)
    expect(ada.page.get_by_text("From now on new initiatives begin with:")).to_be_visible()
    expect(ada.page.locator("#begun tr", has_text=name)).to_contain_text("readiness")
    expect(ada.page.locator("#offered tr", has_text="5-Gate Production Readiness")).to_have_count(1)

    lead = as_person("lena", javascript=javascript, width=width)
    ref = lead.create(f"Claims of {unit}", "A claim takes a week.", unit)
    lead.open(f"/initiatives/{ref}/checklist/data/")
    lead.answer("DATA-1", "Partial", save=not javascript)
    lead.open(f"/initiatives/{ref}/")
    for gate in ("Data", "Architecture", "Integration", "Governance", "Adoption"):
        expect(lead.main.get_by_role("link", name=gate).first).to_be_visible()
    found = background.lead.get(f"initiatives/{ref}/readiness/")
    assert (found["framework"], found["total"], found["partial"], found["required_met"]) == (slug, 20, 1, 16)
    assert background.lead.get(f"initiatives/{before}/readiness/")["framework"] == "five-gate"

    # Beside it stands an overlay that was attached by mistake, and goes again.
    lead.press("Attach another framework, or take one away")
    shipped = lead.page.locator("#offered tr", has_text="5-Gate Production Readiness")
    expect(shipped).to_contain_text("uses the same codes here")
    expect(shipped.get_by_role("button")).to_have_count(0)
    assert axe.found_on(lead.page) == [] and overflow_at(lead.page, 320) == []
    lead.press("Attach: Conversational AI overlay")
    expect(titled(lead, "Conversational AI overlay")).to_be_visible()
    lead.press("Attach another framework, or take one away")
    lead.press("Take away: Conversational AI overlay")
    expect(lead.page.get_by_text("Taken away. Nothing had been done in it.")).to_be_visible()
    slugs = [one["slug"] for one in background.lead.get(f"initiatives/{ref}/")["frameworks"]]
    assert slugs == ["poc-checkpoints", slug, "environment-gap"]
