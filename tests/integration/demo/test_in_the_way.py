"""How many things stand in the way is one number: for every initiative of the demo every place says the same."""

import re
from pathlib import Path

import pytest
from django.test import Client

from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import pages
from tests.integration.workbench.markup import Node, read

pytestmark = [pytest.mark.usefixtures("demo_portfolio"), pytest.mark.django_db]
ROOT = Path(__file__).parents[3]
BEFORE_THE_PILOT = ("intake", "poc")
ELSEWHERE = re.compile(r"len\([\w.]*blockers\)|blockers\|length|in_the_way\|length")


def counted(text: str) -> int:
    """The one number that a text says stands in the way."""
    found = {int(number) for number in re.findall(r"(\d+) things? stands? in the way\.", text)}
    found |= {0} if "Nothing stands in the way" in text else set()
    assert len(found) == 1, text[:300]
    return found.pop()


def page(reader: Client, ref: str, tail: str = "") -> Node:
    response = reader.get(f"/initiatives/{ref}/{tail}")
    assert response.status_code == 200
    return read(response)


def listed(card: Node) -> int:
    """What a list of blockers shows: gate by gate, each gate's own count being as long as its list."""
    gates = card.all("details", class_="disclosure blockers__gate")
    for gate in gates:
        said = gate.one("span", class_="blockers__count").text.split()[0]
        assert int(said) == len(gate.all("li"))
    return sum(len(gate.all("li")) for gate in gates) + len(
        card.all("p", class_="blockers__gate blockers__plain")
    )


def test_every_place_counts_the_same_things_in_the_way_of_production() -> None:
    elsa = pages(User.objects.get(username="elsa"))
    seen: set[tuple[bool, bool, bool]] = set()
    for one in Initiative.objects.order_by("pk"):
        told = elsa.get(f"/api/v1/initiatives/{one.ref}/readiness/").json()
        count = len(told["blockers"])
        assert len(elsa.get(f"/api/v1/initiatives/{one.ref}/").json()["readiness"]["blockers"]) == count
        why = page(elsa, one.ref, "why/")
        if one.has_ended:
            assert "in the way" not in why.by_id("clauses").text, "nothing can be mended any more"
        elif count:
            assert counted(why.by_id("clauses").text) == count, one
        deploy = elsa.get(f"/api/v1/initiatives/{one.ref}/deploy-check/").json()
        assert len(deploy["blockers"]) == count + (one.stage in BEFORE_THE_PILOT), one
        assert one.standing.verdict == "not_ready" or not count or one.has_ended or (one.hold is not None)
        if not one.has_ended:
            overview = page(elsa, one.ref)
            if count:
                assert counted(overview.by_id("blockers").text) == count == listed(overview.by_id("blockers"))
            else:
                assert not overview.has_id("blockers"), one
            assert f"In the way {count}" in " ".join(why.by_id("supposed").text.split()), one
        seen.add((count > 0, one.has_ended, (one.hold is not None)))
    assert {(True, False, False), (False, False, False), (True, True, False), (True, False, True)} <= seen


def test_where_the_next_stage_asks_for_the_verdict_its_page_counts_the_same() -> None:
    elsa, counts = pages(User.objects.get(username="elsa")), set()
    for one in Initiative.objects.running().filter(stage__in=["pilot", "rollout"]):
        if one.hold is not None:
            continue
        told = elsa.get(f"/api/v1/initiatives/{one.ref}/readiness/").json()["blockers"]
        move = page(elsa, one.ref, "stage/")
        assert counted(move.all("label")[0].text) == len(told), one
        if told:
            assert listed(move.by_id("in-the-way")) == len(told)
        counts.add(len(told))
    assert len(counts) > 3 and 0 in counts


def test_nobody_counts_them_anew() -> None:
    """``count_in_the_way`` is the only place that says what one thing is."""
    sources = [*(ROOT / "readiness").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    found = {path.name: len(ELSEWHERE.findall(path.read_text())) for path in sources}
    assert {name: count for name, count in found.items() if count} == {"verdict.py": 1}
