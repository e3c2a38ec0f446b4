"""Where a person begins: each finds what is theirs to do, and nobody what is not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.gates import submit_gate
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, pass_gate, person, promise, today
from tests.integration.workbench.initiatives.scenes import LESSON, SCRIPT, ago, held, many, overrun
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def home(by: User) -> Node:
    response = pages(by).get("/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def tiles(page: Node) -> dict[str, tuple[str, str]]:
    """Figure and address of each tile."""
    return {
        tile.one("p", class_="stat__label").text: (
            tile.one("p", class_="stat__value").text,
            tile.all("a")[0].attrs["href"],
        )
        for tile in page.all("div", class_="stat")
    }


def titled(page: Node, title: str) -> Node:
    """The card of this title."""
    cards = [node for node in page.all("section") if "card" in node.attrs.get("class", "").split()]
    (found,) = [card for card in cards if title in heads(card)]
    return found


def heads(page: Node) -> list[str]:
    return [head.text for head in page.all("h2")]


def test_a_lead_begins_with_the_next_step_of_each_initiative(lena: User) -> None:
    late = overrun(lena, name="Late")
    create(lena, name="New")
    page = home(lena)
    cards = [
        card
        for card in page.all("section")
        if card.all("h3", class_="home__name") and "card" in card.attrs["class"]
    ]
    assert [card.one("h3").text for card in cards] == ["Late", "New"], "the stalled one first"
    assert "Stalled" in cards[0].text and "300 days of 90 planned" in cards[0].text
    assert cards[0].links()["Next Answer “Source quality proven”."] == (
        f"/initiatives/{late.ref}/checklist/data/#DATA-1"
    )
    assert tiles(page)["Your initiatives"][0] == "2"
    assert page.links()["New initiative"] == "/initiatives/new/"


def test_every_tile_leads_to_a_list_of_as_many(lena: User, ravi: User) -> None:
    many(lena, ravi, 6)
    for figure, href in tiles(home(lena)).values():
        counted = read(pages(lena).get(href)).by_id("found").text
        assert counted.startswith(f"{figure} initiative"), href


def test_a_lead_without_any_is_shown_how_to_begin(omar: User, lena: User) -> None:
    create(lena, visibility="team")
    page = home(omar)
    assert "Enter the first one" in page.text, "of what he may not see he learns nothing"
    assert tiles(page) == {}
    create(lena)
    page = home(omar)
    assert "No initiative of yours yet" in page.text
    assert tiles(page)["Running"][0] == "1"


def test_ended_initiatives_are_no_longer_work(lena: User, initiative: Initiative) -> None:
    move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    assert "No initiative of yours yet" in home(lena).text


def test_a_reviewer_begins_with_what_they_may_decide(lena: User, ravi: User) -> None:
    assert "No review waits for you" in home(ravi).text
    for number in (3, 20):
        waiting = create(lena, ago(30), name=f"Waiting {number}")
        answer_all(waiting, lena, gates=["data"], at=ago(number))
        submit_gate(waiting.pk, "data", "", Actor.person(lena), ago(number))
    own = create(lena, name="Own", people={"members": ["ravi", "lena"]})
    answer_all(own, lena, gates=["data"])
    submit_gate(own.pk, "data", "", Actor.person(lena), clock.now())
    page = home(ravi)
    rows = [row.text for row in titled(page, "Waiting for your review").one("ul", class_="rows").all("li")]
    assert len(rows) == 2
    assert rows[0].startswith("Waiting 20") and "20 days" in rows[0]
    assert tiles(page)["For you to decide"] == ("2", "/reviews/")
    assert page.links()["Review"].endswith("/gates/data/decide/")


def test_an_executive_begins_with_what_to_decide_this_week(lena: User, ravi: User, elsa: User) -> None:
    many(lena, ravi, 6)
    page = home(elsa)
    assert "To decide this week" in heads(page)
    groups = {
        group.one("h3").text: group.one("span", class_="decisions__count").text
        for group in page.all("section", class_="decisions__group")
    }
    assert groups == {
        "Exit criteria reached": "0",
        "Gates waiting": "1",
        "Free to move on": "1",
        "Holds to look at again": "1",
        "Far beyond the plan": "1",
    }
    assert "To decide this week" not in heads(home(lena))
    waits = page.by_id("waits").text
    assert "what is to be decided stands below" in waits
    assert "Nothing waits for you" not in waits


def test_an_auditor_begins_with_the_trail_and_is_offered_nothing_to_do(lena: User, iris: User) -> None:
    create(lena, name="Invoice triage", people={"members": ["lena", "iris"]})
    page = home(iris)
    assert "The latest in the audit trail" in heads(page)
    assert "Lena · Invoice triage" in page.text
    assert "Answer “One-sentence problem”." in page.text
    assert not any("/checklist/" in node.attrs["href"] for node in page.all("a")), "an auditor only reads"
    assert "New initiative" not in page.links()


def test_an_admin_finds_people_organisation_and_thresholds(ada: User) -> None:
    create(ada)
    links = home(ada).links()
    assert {"People", "Organisation", "Thresholds", "Whole trail"} <= set(links)
    for label in ("People", "Organisation", "Thresholds"):
        assert pages(ada).get(links[label]).status_code == 200


def test_who_promised_a_condition_is_reminded_of_it(lena: User, ravi: User) -> None:
    owner = person("olga")
    initiative = create(lena, ago(60), people={"business_owner": "olga"})
    answer_all(initiative, lena, gates=["data"], at=ago(50))
    pass_gate(initiative, "data", lena, ravi, ago(40), [promise(owner, f"Write it. {SCRIPT}")])
    response = pages(owner).get("/")
    page = read(response)
    rows = titled(page, "Waits for you").one("ul", class_="rows").all("li")
    (row,) = [row for row in rows if "You promised" in row.text]
    assert f"You promised: Write it. {SCRIPT}" in row.text and "in 30 days" in row.text
    assert SCRIPT not in response.content.decode()
    assert row.links_to(f"/initiatives/{initiative.ref}/gates/data/#conditions")
    assert "You promised" not in home(lena).text


def test_an_overdue_promise_says_so(lena: User, ravi: User) -> None:
    initiative = create(lena, ago(60))
    answer_all(initiative, lena, gates=["data"], at=ago(50))
    given = promise(lena)
    early = type(given)(given.text, given.owner, today() - timedelta(days=5))
    pass_gate(initiative, "data", lena, ravi, ago(40), [early])
    first = titled(home(lena), "Waits for you").one("ul", class_="rows").all("li")[0]
    assert "You promised" in first.text and "5 days overdue" in first.text


@pytest.mark.parametrize("who", ["lena", "ravi", "elsa", "iris", "ada"])
def test_it_asks_the_database_as_often_for_53_as_for_3(
    lena: User, ravi: User, request: pytest.FixtureRequest, who: str
) -> None:
    viewer = request.getfixturevalue(who)
    held(lena)
    many(lena, ravi, 3)
    few = _queries(viewer)
    many(lena, ravi, 12)
    assert _queries(viewer) == few <= 33


def _queries(by: User) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    return len(asked)


# --- An installation in which nothing is yet -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "words", "way"),
    [
        ("lena", "Enter the first one", "/initiatives/new/"),
        ("ravi", "Once a lead submits a gate it waits for you here", "/reviews/"),
        ("elsa", "The portfolio is still empty", "/initiatives/new/"),
        ("iris", "The audit trail records every act", "/audit/"),
    ],
)
def test_on_the_first_day_everybody_sees_what_comes_next(
    request: pytest.FixtureRequest, who: str, words: str, way: str
) -> None:
    user = request.getfixturevalue(who)
    page = home(user)
    assert words in page.text
    assert page.links_to(way) and pages(user).get(way).status_code == 200
    assert tiles(page) == {}


def test_who_has_no_role_and_no_team_is_told_whom_to_ask(db: None) -> None:
    page = home(person("nils"))
    assert "You are on no team yet" in page.text
    assert page.links_to("/account/")


def test_an_admin_is_led_through_the_first_steps_until_they_are_done(ada: User) -> None:
    steps = titled(home(ada), "First steps")
    assert [one.text for one in steps.all("a")] == [
        "Set up the organisation", "Invite a person", "Invite a person", "Import a spreadsheet", "New initiative",
    ]  # fmt: skip
    for link in steps.all("a"):
        assert pages(ada).get(link.attrs["href"]).status_code == 200
    Organisation.objects.update(name="Ours")
    lead, _ = person("lena", lead=True), person("ravi", reviewer=True)
    assert [one.text for one in titled(home(ada), "First steps").all("a")] == [
        "Import a spreadsheet", "New initiative",
    ]  # fmt: skip
    create(lead)
    assert "First steps" not in heads(home(ada))
