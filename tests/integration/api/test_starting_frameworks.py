"""What new initiatives begin with, and taking away what was attached, over REST."""

from typing import Any

import pytest

from gates.models import StartingFramework
from readiness.accounts.models import Scope, User
from readiness.audit.models import Event
from tests.fixtures import api, create
from tests.integration.actions.props import on, say
from tests.own_frameworks import copy_text, own_text, published

pytestmark = pytest.mark.django_db

USUAL = ["poc-checkpoints", "five-gate", "environment-gap"]
OWN = ["poc-checkpoints", "our-gates", "environment-gap"]
WHERE = "starting-frameworks/"
NEW = {"name": "Claims", "business_problem": "Claims wait."}


def test_it_is_read_by_everybody_and_said_of_each_framework(omar: User) -> None:
    read = api(omar, Scope.READ)
    answer = read.get(WHERE)
    assert (answer.status_code, answer.json()) == (200, {"frameworks": USUAL})
    assert read.get(WHERE, if_none_match=answer["ETag"]).status_code == 304
    listed = read.get("frameworks/").json()["results"]
    assert {one["slug"] for one in listed if one["from_creation"]} == set(USUAL)
    assert {one["slug"] for one in listed if not one["from_creation"]} == {"conversational-ai"}
    assert read.get("frameworks/five-gate/").json()["from_creation"] is True


def test_a_copy_of_the_five_gates_in_their_place_is_what_readiness_is_computed_on(
    ada: User, lena: User
) -> None:
    before = api(lena).post("initiatives/", NEW).json()
    assert api(ada).raw("post", "frameworks/", copy_text().encode(), "application/yaml").status_code == 201
    answer = api(ada).put(WHERE, {"frameworks": OWN})
    assert (answer.status_code, answer.json()) == (200, {"frameworks": OWN})
    assert Event.objects.get(verb="frameworks.chosen").actor == ada
    made = api(lena).post("initiatives/", NEW).json()
    assert [one["slug"] for one in made["frameworks"]] == OWN
    assert [one["slug"] for one in before["frameworks"]] == USUAL
    read = api(lena).get(f"initiatives/{made['id']}/readiness/").json()
    assert (read["framework"], read["total"], read["required_met"]) == ("our-gates", 20, 16)
    assert len(read["gates"]) == 5
    answered = api(lena).put(
        f"initiatives/{made['id']}/checklist/DATA-1/",
        {
            "answer": "met",
            "evidence": [
                {"kind": "link", "url": "https://w.example.com/d", "title": "D", "effective_on": "2026-01-02"}
            ],
        },
    )
    assert answered.json()["readiness"]["framework"] == "our-gates"
    scores = api(lena).get("scores/").json()["results"]
    assert {one["initiative"]: one["framework"] for one in scores} == {
        before["id"]: "five-gate",
        made["id"]: "our-gates",
    }


@pytest.mark.parametrize(
    ("sent", "status", "wrong"),
    [
        ({"frameworks": []}, 422, ("frameworks", "no_readiness_framework")),
        ({"frameworks": ["five-gate", "house"]}, 422, ("frameworks", "two_readiness_frameworks")),
        ({"frameworks": ["house", "same-codes"]}, 422, ("frameworks", "same_codes")),
        ({"frameworks": ["house", "house"]}, 422, ("frameworks.1", "named_twice")),
        ({"frameworks": ["no-such", "house"]}, 422, ("frameworks.0", "unknown_framework")),
        ({"frameworks": ["x"] * 51}, 422, ("frameworks", "too_many")),
        ({"frameworks": "five-gate"}, 400, ("frameworks", "wrong_type")),
        ({"frameworks": [None]}, 400, ("frameworks.0", "required")),
        ({"frameworks": USUAL, "more": 1}, 400, ("more", "unknown_field")),
        ({}, 400, ("frameworks", "required")),
    ],
)
def test_what_cannot_be_begun_with_is_refused_at_its_field(
    ada: User, sent: dict[str, Any], status: int, wrong: tuple[str, str]
) -> None:
    published(own_text())
    published(own_text("same-codes", shape=[("idea", 1)], more="", required=None))
    answer = api(ada).put(WHERE, sent)
    assert answer.status_code == status
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]][:1] == [wrong]
    assert not StartingFramework.objects.exists()


def test_admins_with_the_scope_choose_and_nobody_else(ada: User, lena: User, elsa: User, iris: User) -> None:
    published(own_text())
    for other in (lena, elsa, iris):
        assert api(other).put(WHERE, {"frameworks": ["house"]}).status_code == 403
    assert api(ada, Scope.READ, Scope.WRITE).put(WHERE, {"frameworks": ["house"]}).status_code == 403
    assert api(None).get(WHERE).status_code == 401
    assert not StartingFramework.objects.exists()


def test_who_read_another_choice_is_told_which_stands(ada: User) -> None:
    published(own_text())
    seen = api(ada).get(WHERE)["ETag"]
    assert api(ada).put(WHERE, {"frameworks": ["house"]}, if_match=seen).status_code == 200
    late = api(ada).put(WHERE, {"frameworks": USUAL}, if_match=seen)
    assert (late.status_code, late.json()["current"]) == (412, {"frameworks": ["house"]})


def test_a_version_that_could_not_be_begun_with_is_not_published(ada: User) -> None:
    published(own_text())
    assert api(ada).put(WHERE, {"frameworks": ["poc-checkpoints", "house"]}).status_code == 200
    clashing = own_text(version="1.1", shape=[("idea", 3), ("checkpoint-0", 3)])
    answer = api(ada).raw("post", "frameworks/", clashing.encode(), "application/yaml")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_beside_the_start")
    assert api(ada).get("frameworks/house/").json()["version"] == "1.0"


def test_what_was_attached_is_taken_away_while_nothing_was_done_in_it(lena: User, omar: User) -> None:
    one = create(lena, on(0))
    at = f"initiatives/{one.ref}/frameworks/"
    assert api(lena).post(at, {"framework": "conversational-ai"}).status_code == 201
    assert api(omar).delete(f"{at}conversational-ai/").status_code == 403
    answer = api(lena).delete(f"{at}conversational-ai/")
    assert answer.status_code == 200
    assert [each["slug"] for each in answer.json()["frameworks"]] == USUAL
    assert answer["ETag"]
    assert api(lena).delete(f"{at}conversational-ai/").status_code == 404
    begun = api(lena).delete(f"{at}five-gate/")
    assert (begun.status_code, begun.json()["code"]) == (409, "begun_with")
    api(lena).post(at, {"framework": "conversational-ai"})
    say(one, lena, "CONV-1", "partial", 0)
    used = api(lena).delete(f"{at}conversational-ai/")
    assert (used.status_code, used.json()["code"]) == (409, "in_use")


def test_taking_away_holds_against_if_match(lena: User) -> None:
    one = create(lena, on(0))
    at = f"initiatives/{one.ref}/"
    seen = api(lena).post(f"{at}frameworks/", {"framework": "conversational-ai"})["ETag"]
    api(lena).patch(at, {"vendor": "Acme"})
    stale = api(lena).delete(f"{at}frameworks/conversational-ai/", if_match=seen)
    assert stale.status_code == 412
    assert one.passages.filter(framework_slug="conversational-ai").exists()
