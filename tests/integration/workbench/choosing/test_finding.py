"""Whom one finds while a name is typed: only those who may be chosen there, the likely ones first."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import create, pages, person
from tests.integration.workbench.choosing.scenes import called
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(lena: User) -> Initiative:
    return create(lena, people={"members": ["lena", called("mia", "Mia Zander").username]})


def asked(by: User, initiative: Initiative, place: str = "people", q: str = "", **more: str) -> HttpResponse:
    address = f"/initiatives/{initiative.ref}/candidates/{place}/"
    return pages(by).get(address, {"q": q} | more)


def answer(by: User, initiative: Initiative, place: str = "people", q: str = "", **more: str) -> Node:
    response = asked(by, initiative, place, q, **more)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    part = read(response)
    assert set(complaints(part)) <= {"0 main headings"}  # a part of a page
    return part


def found(by: User, initiative: Initiative, place: str = "people", q: str = "", **more: str) -> list[str]:
    part = answer(by, initiative, place, q, **more)
    return [one.attrs["data-key"] for one in part.all("li", role="option")]


def test_each_word_begins_a_name_or_the_username_the_team_first(lena: User, shared: Initiative) -> None:
    for username, name in (("anna", "Änne Müller-Lüdenscheid"), ("zoe", "Zoe Alt"), ("luca", "Luca Mus")):
        called(username, name)
    assert found(lena, shared, q="z") == ["mia", "zoe"]
    assert found(lena, shared, q="AN lü") == found(lena, shared, q="lud anne") == ["anna"]
    assert found(lena, shared, q="@luca") == ["luca"]
    assert found(lena, shared, q="uca") == []


def test_an_option_says_what_is_put_into_the_field_and_what_tells_it_from_others(
    lena: User, shared: Initiative
) -> None:
    [option] = answer(lena, shared, q="mia").all("li", role="option")
    assert (option.attrs["data-value"], option.attrs["data-key"]) == ("Mia Zander (mia)", "mia")
    assert option.text == "Mia Zander @mia · Finance"


@pytest.mark.parametrize(
    ("place", "who", "expected"),
    [
        ("people", "lena", {"lena", "mia", "ravi", "elsa", "omar", "iris", "ada"}),
        ("owner", "lena", {"lena", "mia", "ravi", "elsa", "omar", "iris", "ada"}),
        ("decider", "lena", {"lena", "mia", "ravi", "elsa", "ada"}),
        ("keeper", "ravi", {"lena", "mia", "ravi", "elsa", "ada"}),
        ("assignee", "lena", {"lena", "mia"}),
    ],
)
def test_only_those_are_found_who_may_be_chosen_there(
    shared: Initiative, request: pytest.FixtureRequest, place: str, who: str, expected: set[str]
) -> None:
    """Of an initiative that only its team may see, with an auditor in the house and somebody who has left it."""
    everybody = {
        name: request.getfixturevalue(name) for name in ("lena", "ravi", "elsa", "omar", "iris", "ada")
    }
    Initiative.objects.filter(pk=shared.pk).update(visibility="team")
    person("gone")
    User.objects.filter(username="gone").update(is_active=False)
    assert set(found(everybody[who], shared, place)) == expected


def test_who_decides_an_exit_is_found_among_executives_first(
    lena: User, elsa: User, shared: Initiative
) -> None:
    page = answer(lena, shared, "decider")
    assert [one.attrs["data-key"] for one in page.all("li", role="option")] == ["elsa", "lena", "mia"]
    assert page.all("li", role="option")[0].text.endswith("Executive")


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("people", {"lena", "ada"}),
        ("owner", {"lena"}),
        ("decider", {"lena"}),
        ("keeper", {"ravi"}),
        ("assignee", {"lena"}),
    ],
)
def test_only_who_may_do_the_act_may_look_for_people(
    shared: Initiative, request: pytest.FixtureRequest, place: str, allowed: set[str]
) -> None:
    for name in ("lena", "ravi", "elsa", "omar", "iris", "ada"):
        status = asked(request.getfixturevalue(name), shared, place).status_code
        assert (name, status) == (name, 200 if name in allowed else 403)


def test_there_is_no_other_place_and_no_initiative_that_one_may_not_see(
    lena: User, omar: User, shared: Initiative
) -> None:
    assert asked(lena, shared, "admins").status_code == 404
    Initiative.objects.filter(pk=shared.pk).update(visibility="team")
    assert asked(omar, shared).status_code == 404


def test_one_can_be_left_out(lena: User, shared: Initiative) -> None:
    assert found(lena, shared, but="mia") == ["lena"]
    assert found(lena, shared, but="\x00") == ["lena", "mia"]


def test_who_leaves_is_not_among_who_may_follow(ada: User, lena: User, shared: Initiative) -> None:
    part = read(pages(ada).get("/people/mia/hand-over/candidates/"))
    assert [one.attrs["data-key"] for one in part.all("li")] == ["ada", "lena"]


def test_twenty_at_most_in_as_many_queries_and_it_is_said_that_there_are_more(
    lena: User, shared: Initiative
) -> None:
    client, place = pages(lena), f"/initiatives/{shared.ref}/candidates/people/?q=p"
    client.get(place)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(place).status_code == 200
        return len(seen)

    none = queries()
    for number in range(22):
        person(f"p{number:02}")
    part = answer(lena, shared, q="p")
    assert len(part.all("li")) == 20 and "These are the first 20." in part.text
    assert part.one("div").attrs["data-said"].startswith("These are the first 20.")
    assert queries() == none


def test_how_many_there_are_is_said_for_who_does_not_see_the_list(lena: User, shared: Initiative) -> None:
    said = {q: answer(lena, shared, q=q).one("div").attrs["data-said"] for q in ("", "mia", "x")}
    assert said[""].startswith("2 people found.") and said["mia"].startswith("1 person found.")
    assert said["x"] == "Nobody who can be chosen here is called so."


@pytest.mark.parametrize("words", ["\x00", "%", "_", "é" * 300, "'", "(", "\u0301"])
def test_odd_words_find_nobody(lena: User, shared: Initiative, words: str) -> None:
    assert found(lena, shared, q=words) == []


def test_the_short_list_holds_the_team_then_who_last_joined_another_team_of_the_reader(
    lena: User, omar: User, shared: Initiative
) -> None:
    stranger = person("stranger")
    create(lena, name="Older", people={"members": ["lena", person("older").username]})
    create(lena, name="Newer", people={"members": ["lena", person("newer").username]})
    create(omar, name="Another", people={"members": [stranger.username]})
    page = read(pages(lena).get(f"/initiatives/{shared.ref}/promises/kpis/new/"))
    likely = [one.attrs["value"] for one in page.by_id("id_owner-likely").all("option")]
    assert likely == ["Lena (lena)", "Mia Zander (mia)", "Newer (newer)", "Older (older)"]
    assert page.by_id("id_owner").attrs["list"] == "id_owner-likely"
