"""Several kept conditions confirmed at once: each with every check of its own, and a result of its own."""

import pytest

from gates.models import Condition
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.conditions import confirm_condition, keep_condition
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, pass_gate, promise
from tests.integration.workbench.markup import complaints, read


@pytest.fixture
def kept(lena: User, ravi: User) -> list[Condition]:
    """Three kept conditions of three initiatives; ravi has joined the team of the last."""
    for number in range(3):
        made = create(lena, name=f"Promised {number}")
        answer_all(made, lena, gates=["data"])
        pass_gate(made, "data", lena, ravi, conditions=[promise(lena, f"Promise {number}.")])
        condition = Condition.objects.latest("pk")
        keep_condition(made.pk, condition.pk, "Done.", Actor.person(lena), clock.now())
    made.team_roles.create(user=ravi, role="member", since=clock.now())
    return list(Condition.objects.order_by("pk"))


def states(conditions: list[Condition]) -> list[str]:
    return [Condition.objects.get(pk=one.pk).state for one in conditions]


def test_only_those_that_may_be_confirmed_can_be_chosen(kept: list[Condition], ravi: User) -> None:
    boxes = read(pages(ravi).get("/reviews/")).all("input", name="condition")
    assert [box.attrs["value"] for box in boxes] == [str(one.pk) for one in kept[:2]]


def test_the_chosen_ones_are_confirmed_each_with_its_own_event(kept: list[Condition], ravi: User) -> None:
    chosen = [str(one.pk) for one in kept[:2]]
    response = pages(ravi).post("/reviews/conditions/", {"condition": chosen})
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    assert "2 conditions are confirmed" in page.text
    assert states(kept) == ["confirmed", "confirmed", "kept"]
    assert Event.objects.filter(verb="condition.confirmed").count() == 2


def test_one_that_is_refused_leaves_the_others_as_they_are(kept: list[Condition], ravi: User) -> None:
    confirm_condition(kept[0].decision.passage.initiative_id, kept[0].pk, Actor.person(ravi), clock.now())
    response = pages(ravi).post("/reviews/conditions/", {"condition": [str(one.pk) for one in kept]})
    page = read(response)
    results = {row.all("th")[0].text: row.all("td")[1].text for row in page.one("tbody").all("tr")}
    assert "Only a condition that was marked kept can be confirmed." in results["Promise 0."]
    assert results["Promise 1."] == "Confirmed"
    assert "You are on the team of this initiative." in results["Promise 2."]
    assert "1 condition is confirmed" in page.text and "2 are left as they were" in page.text
    assert states(kept) == ["confirmed", "confirmed", "kept"]


@pytest.mark.parametrize("sent", [[], ["x"], ["99999"], ["9" * 30]])
def test_nothing_chosen_is_said(kept: list[Condition], ravi: User, sent: list[str]) -> None:
    client = pages(ravi)
    response = client.post("/reviews/conditions/", {"condition": sent})
    assert response.headers["Location"] == "/reviews/?show=conditions"
    assert "Choose at least one condition." in read(client.get(response.headers["Location"])).text
    assert states(kept) == ["kept"] * 3


@pytest.mark.parametrize("who", ["lena", "elsa", "omar", "iris", "ada"])
def test_only_reviewers_confirm_several(
    kept: list[Condition], who: str, request: pytest.FixtureRequest
) -> None:
    client = pages(request.getfixturevalue(who))
    assert client.post("/reviews/conditions/", {"condition": [str(kept[0].pk)]}).status_code == 403
    assert states(kept) == ["kept"] * 3
