"""Comments with their subjects and mentions, and assignments, over REST."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Assignment, Comment, Initiative
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions.assignments import assign
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import api, create, person, today

LESSON = {"tried": "Reading.", "did_not_work": "Handwriting.", "outcome": "decided"}


@pytest.fixture
def mia(db: None) -> User:
    return person("mia")


@pytest.fixture
def initiative(lena: User, mia: User) -> Initiative:
    return create(lena, people={"members": ["lena", "mia"]})


def below(initiative: Initiative, path: str) -> str:
    return f"initiatives/{initiative.ref}/{path}"


def refusal(response: Any) -> tuple[int, str, list[str]]:
    document = response.json()
    fields = [f"{error['field']} {error['code']}" for error in document.get("errors", [])]
    return response.status_code, document["code"], fields


def soon(days: int = 9) -> str:
    return (today() + timedelta(days=days)).isoformat()


class TestComments:
    def test_on_an_item_with_whom_it_mentions(self, lena: User, ravi: User, initiative: Initiative) -> None:
        given = {"body": "@ravi, is this what you meant?", "item": "DATA-2"}
        made = api(lena).post(below(initiative, "comments/"), given)
        document = made.json()
        assert (made.status_code, document["gate"], document["item"], document["mentions"]) == (
            201,
            "data",
            "DATA-2",
            ["ravi"],
        )

    @pytest.mark.parametrize(
        ("query", "bodies"),
        [
            ({}, "WGIO"),
            ({"gate": "data"}, "GI"),
            ({"item": "DATA-2"}, "I"),
            ({"gate": "x", "item": "DATA-2"}, ""),
        ],
    )
    def test_they_are_narrowed(self, lena: User, initiative: Initiative, query: Any, bodies: str) -> None:
        for body, about in (
            ("W", {}),
            ("G", {"gate": "data"}),
            ("I", {"item": "DATA-2"}),
            ("O", {"item": "ARCH-1"}),
        ):
            assert api(lena).post(below(initiative, "comments/"), {"body": body} | about).status_code == 201
        found = api(lena).get(below(initiative, "comments/"), query).json()["results"]
        assert "".join(one["body"] for one in found) == bodies

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"item": "NOPE"}, (422, "invalid", ["item unknown_item"])),
            ({"gate": "nope"}, (422, "invalid", ["gate unknown_gate"])),
            ({"gate": "adoption", "item": "DATA-1"}, (422, "invalid", ["gate another_gate"])),
            ({"body": "@ghost"}, (422, "invalid", ["body unknown_mention"])),
            ({"item": 5}, (400, "malformed", ["item wrong_type"])),
            ({"mentions": ["ravi"]}, (400, "malformed", ["mentions unknown_field"])),
        ],
    )
    def test_what_is_refused(self, lena: User, initiative: Initiative, given: Any, expected: Any) -> None:
        response = api(lena).post(below(initiative, "comments/"), {"body": "Hm."} | given)
        assert refusal(response) == expected and not Comment.objects.exists()


class TestAssignments:
    def ask(self, by: User, initiative: Initiative, **given: Any) -> Any:
        wanted = {"item": "DATA-1", "person": "mia", "due": soon()} | given
        return api(by).post(below(initiative, "assignments/"), wanted)

    def test_one_is_made_read_changed_and_ended(self, lena: User, mia: User, initiative: Initiative) -> None:
        response = self.ask(lena, initiative, note="Ask the clerks.")
        made = response.json()
        place = below(initiative, f"assignments/{made['id']}/")
        assert response.status_code == 201 and response["Location"].endswith(f"/api/v1/{place}")
        assert response["ETag"] == made["etag"]
        assert (made["gate"], made["item"], made["person"], made["due"], made["by"]) == (
            "data",
            "DATA-1",
            "mia",
            soon(),
            "lena",
        )
        assert (made["state"], made["overdue"], made["to_be_handed_on"], made["outcome"]) == (
            "open",
            False,
            False,
            None,
        )
        changed = api(lena).patch(place, {"person": "lena", "due": soon(20)}, if_match=made["etag"])
        assert (changed.status_code, changed.json()["person"], changed.json()["due"]) == (
            200,
            "lena",
            soon(20),
        )
        stale = api(lena).patch(place, {"due": soon(30)}, if_match=made["etag"])
        assert (stale.status_code, stale.json()["current"]["etag"]) == (412, changed.json()["etag"])
        ended = api(mia).post(f"{place}end/", {"outcome": "done"}).json()
        assert (ended["state"], ended["outcome"], ended["ended_by"]) == ("ended", "done", "mia")
        assert api(lena).get(place).json() == ended
        assert refusal(api(lena).post(f"{place}end/", {"outcome": "done"}))[:2] == (409, "assignment_ended")
        assert refusal(api(lena).patch(place, {"due": soon()}))[:2] == (409, "assignment_ended")

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"item": "NOPE"}, (422, "invalid", ["item unknown_item"])),
            ({"person": "omar"}, (422, "invalid", ["person not_on_the_team"])),
            ({"person": "ghost"}, (422, "invalid", ["person not_on_the_team"])),
            ({"due": "2020-01-01"}, (422, "invalid", ["due in_the_past"])),
            ({"due": "soon"}, (400, "malformed", ["due wrong_type"])),
            ({"due": None}, (400, "malformed", ["due required"])),
            ({"note": "x" * 501}, (422, "invalid", ["note too_long"])),
            ({"version": 1}, (400, "malformed", ["version unknown_field"])),
        ],
    )
    def test_what_is_refused(
        self, lena: User, omar: User, initiative: Initiative, given: Any, expected: Any
    ) -> None:
        assert refusal(self.ask(lena, initiative, **given)) == expected and not Assignment.objects.exists()

    def test_an_item_has_one(self, lena: User, initiative: Initiative) -> None:
        assert self.ask(lena, initiative).status_code == 201
        assert refusal(self.ask(lena, initiative, person="lena"))[:2] == (409, "already_assigned")

    def test_none_once_it_has_ended(self, lena: User, initiative: Initiative) -> None:
        made = self.ask(lena, initiative).json()
        move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
        assert refusal(self.ask(lena, initiative))[:2] == (409, "initiative_ended")
        found = api(lena).get(below(initiative, f"assignments/{made['id']}/")).json()
        assert (found["outcome"], found["ended_by"]) == ("initiative_ended", None)

    def test_the_list_is_narrowed_and_takes_as_many_queries(
        self, lena: User, mia: User, initiative: Initiative
    ) -> None:
        place = below(initiative, "assignments/")

        def listed(**query: str) -> list[str]:
            return [one["item"] for one in api(lena).get(place, query).json()["results"]]

        def counted() -> int:
            with CaptureQueriesContext(connection) as queries:
                listed()
            return len(queries)

        first = self.ask(lena, initiative).json()["id"]
        one = counted()
        for code in ("DATA-2", "DATA-3", "ARCH-1"):
            due = today() + timedelta(days=3)
            assign(initiative.pk, code, "lena", due, Actor.person(lena), clock.now())
        assert counted() == one
        api(lena).post(below(initiative, f"assignments/{first}/end/"), {"outcome": "withdrawn"})
        assert listed() == ["DATA-2", "DATA-3", "ARCH-1"] and listed(state="ended") == ["DATA-1"]
        assert listed(state="all", person="mia") == ["DATA-1"] and listed(item="DATA-3") == ["DATA-3"]

    def test_those_of_another_initiative_are_not_there(self, lena: User, initiative: Initiative) -> None:
        other = create(lena, name="Other")
        made = self.ask(lena, initiative).json()["id"]
        assert api(lena).get(below(other, f"assignments/{made}/")).status_code == 404
        assert (
            api(lena).post(below(other, f"assignments/{made}/end/"), {"outcome": "done"}).status_code == 404
        )

    def test_a_token_needs_its_scope(self, lena: User, initiative: Initiative) -> None:
        given = {"item": "DATA-1", "person": "mia", "due": soon()}
        assert api(lena, Scope.READ).post(below(initiative, "assignments/"), given).status_code == 403
