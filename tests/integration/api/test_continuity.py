"""Handovers, comments, what worked and lessons over REST."""

from typing import Any

import pytest

from gates.models import Comment, Handover, Initiative, WhatWorked
from readiness import clock
from readiness.accounts.models import Scope, User
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import api, create, person

LESSON = {
    "tried": "Reading.",
    "did_not_work": "Handwriting.",
    "root_cause": "data_quality",
    "outcome": "decided",
}
BAD_TEXTS = [(5, 400, "wrong_type"), (None, 400, "required"), ("", 422, "required"), (" ", 422, "required"),
             ("x" * 5001, 422, "too_long"), ("a\x00b", 400, "null_characters")]  # fmt: skip


@pytest.fixture
def noor(db: None) -> User:
    return person("noor")


@pytest.fixture
def initiative(lena: User, noor: User) -> Initiative:
    return create(lena, people={"deputy": "noor"})


def below(initiative: Initiative, path: str) -> str:
    return f"initiatives/{initiative.ref}/{path}"


def refusal(response: Any) -> tuple[int, str, list[str]]:
    document = response.json()
    fields = [f"{error['field']} {error['code']}" for error in document.get("errors", [])]
    return response.status_code, document["code"], fields


class TestHandovers:
    def test_one_is_started_written_and_closed(self, lena: User, noor: User, initiative: Initiative) -> None:
        client = api(lena)
        started = client.post(below(initiative, "handovers/"), {"leaver": "noor"})
        assert started.status_code == 201
        made = started.json()
        assert (made["leaver"], made["roles"], made["state"], len(made["points"])) == (
            "noor",
            ["deputy"],
            "open",
            6,
        )
        place = below(initiative, f"handovers/{made['id']}/")
        body = {
            "successor": "lena",
            "points": {"data": {"note": "SAP.", "done": True}, "access": {"note": "Vault."}},
        }
        written = client.patch(place, body).json()
        points = {point["topic"]: point for point in written["points"]}
        assert (points["data"]["done"], points["data"]["done_by"], points["access"]["note"]) == (
            True,
            "lena",
            "Vault.",
        )
        assert written["successor"] == "lena"
        assert client.patch(place, {"successor": None}).json()["successor"] is None
        closed = client.post(f"{place}close/").json()
        assert (closed["state"], closed["closed_by"]) == ("closed", "lena")
        assert refusal(client.patch(place, {}))[:2] == (409, "handover_closed")
        assert refusal(client.post(f"{place}close/"))[:2] == (409, "handover_closed")
        assert [one["id"] for one in client.get(below(initiative, "handovers/")).json()["results"]] == [
            made["id"]
        ]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"points": {"data": {"note": 5}}}, (400, "malformed", ["points.data.note wrong_type"])),
            ({"points": {"data": {"done": "yes"}}}, (400, "malformed", ["points.data.done wrong_type"])),
            ({"points": {"poetry": {}}}, (400, "malformed", ["points.poetry unknown_field"])),
            ({"points": {"data": {"note": "x" * 5001}}}, (422, "invalid", ["points.data.note too_long"])),
            ({"points": []}, (400, "malformed", ["points wrong_type"])),
            ({"successor": "noor"}, (422, "invalid", ["successor same_person"])),
            ({"successor": "nobody"}, (422, "invalid", ["successor unknown_person"])),
            ({"state": "closed"}, (400, "malformed", ["state unknown_field"])),
        ],
    )
    def test_bad_input_names_its_field(
        self, lena: User, initiative: Initiative, body: Any, expected: tuple[int, str, list[str]]
    ) -> None:
        made = api(lena).post(below(initiative, "handovers/"), {"leaver": "noor"}).json()
        assert refusal(api(lena).patch(below(initiative, f"handovers/{made['id']}/"), body)) == expected

    def test_it_is_started_once_and_for_the_team_only(self, lena: User, initiative: Initiative) -> None:
        client, place = api(lena), below(initiative, "handovers/")
        assert refusal(client.post(place, {"leaver": "omar"})) == (422, "invalid", ["leaver unknown_person"])
        assert client.post(place, {"leaver": "noor"}).status_code == 201
        assert refusal(client.post(place, {"leaver": "noor"}))[:2] == (409, "handover_open")

    def test_that_of_another_initiative_is_not_there(self, lena: User, initiative: Initiative) -> None:
        made = api(lena).post(below(initiative, "handovers/"), {"leaver": "noor"}).json()
        other = create(lena, name="Other")
        assert api(lena).patch(below(other, f"handovers/{made['id']}/"), {}).status_code == 404
        assert api(lena).post(below(other, f"handovers/{made['id']}/close/")).status_code == 404

    def test_everything_is_handed_over(
        self, lena: User, ada: User, omar: User, initiative: Initiative
    ) -> None:
        api(lena).post(below(initiative, "handovers/"), {"leaver": "noor"})
        other = create(omar, name="Other", people={"deputy": "noor"})
        done = api(lena).post("users/noor/hand-over/", {"to": "lena"})
        assert done.status_code == 200
        document = done.json()
        assert (document["leaver"], document["successor"]) == ("noor", "lena")
        assert [(one["id"], one["remarks"]) for one in document["initiatives"]] == [
            (initiative.ref, ["Lena is their own deputy now."])
        ]
        assert [one["id"] for one in document["left"]] == [other.ref]
        assert Handover.objects.get().successor == lena
        assert refusal(api(lena).post("users/noor/hand-over/", {"to": "lena"}))[:2] == (403, "not_allowed")
        assert api(ada).post("users/noor/hand-over/", {"to": "omar"}).json()["left"] == []
        assert refusal(api(ada).post("users/noor/hand-over/", {"to": "omar"}))[:2] == (
            409,
            "nothing_to_hand_over",
        )

    @pytest.mark.parametrize(
        ("to", "expected"),
        [
            ("nobody", (422, "invalid", ["to unknown_person"])),
            ("", (422, "invalid", ["to required"])),
            ("noor", (422, "invalid", ["to same_person"])),
            (None, (400, "malformed", ["to required"])),
            ("x" * 61, (422, "invalid", ["to too_long"])),
        ],
    )
    def test_who_cannot_follow(
        self, lena: User, initiative: Initiative, to: Any, expected: tuple[int, str, list[str]]
    ) -> None:
        assert refusal(api(lena).post("users/noor/hand-over/", {"to": to})) == expected

    @pytest.mark.parametrize("username", ["nobody", "a%00b", "x" * 300])
    def test_nobody_of_that_name(self, ada: User, lena: User, username: str) -> None:
        assert api(ada).post(f"users/{username}/hand-over/", {"to": "lena"}).status_code == 404


class TestComments:
    def test_they_are_written_and_read_in_pages(self, lena: User, omar: User, initiative: Initiative) -> None:
        place = below(initiative, "comments/")
        for by, body in ((lena, "First."), (omar, "Second\nline."), (lena, "Third.")):
            made = api(by).post(place, {"body": body})
            assert (made.status_code, made.json()["by"], made.json()["body"]) == (201, by.username, body)
        first = api(lena).get(place, {"limit": "2"}).json()
        assert [one["body"] for one in first["results"]] == ["First.", "Second\nline."]
        assert [one["body"] for one in api(lena).get(first["next"]).json()["results"]] == ["Third."]

    @pytest.mark.parametrize(("body", "status", "code"), BAD_TEXTS)
    def test_what_is_no_comment(
        self, lena: User, initiative: Initiative, body: Any, status: int, code: str
    ) -> None:
        response = api(lena).post(below(initiative, "comments/"), {"body": body})
        assert (response.status_code, [error["code"] for error in response.json()["errors"]]) == (
            status,
            [code],
        )
        assert not Comment.objects.exists()

    def test_a_stale_version_is_refused(self, lena: User, initiative: Initiative) -> None:
        response = api(lena).post(below(initiative, "comments/"), {"body": "Hm."}, if_match='"stale"')
        assert response.status_code == 412 and not Comment.objects.exists()

    def test_a_token_needs_its_scope(self, lena: User, initiative: Initiative) -> None:
        assert api(lena, Scope.READ).post(below(initiative, "comments/"), {"body": "Hm."}).status_code == 403


class TestLessons:
    def test_what_worked_is_left_and_said_better(self, lena: User, ada: User) -> None:
        row = create(ada, name="Routing", stage="live", people={"members": ["lena"]})
        place = below(row, "what-worked/")
        assert api(lena).get(place).json() == {
            "made_it_work": "",
            "reusable": "",
            "advice": "",
            "by": None,
            "at": None,
        }
        first = api(lena).put(place, {"made_it_work": "Clerks.", "reusable": "Masking."})
        assert (first.status_code, first.json()["by"]) == (200, "lena")
        second = api(lena).put(place, {"made_it_work": "Clerks, every week."}).json()
        assert (second["made_it_work"], second["reusable"]) == ("Clerks, every week.", "Masking.")
        assert api(lena).get(place).json() == second

    @pytest.mark.parametrize(("text", "status", "code"), BAD_TEXTS)
    def test_what_says_nothing(self, lena: User, ada: User, text: Any, status: int, code: str) -> None:
        row = create(ada, stage="live", people={"members": ["lena"]})
        response = api(lena).put(below(row, "what-worked/"), {"made_it_work": text})
        assert (response.status_code, [error["code"] for error in response.json()["errors"]]) == (
            status,
            [code],
        )
        assert not WhatWorked.objects.exists()

    def test_before_it_is_live(self, lena: User, initiative: Initiative) -> None:
        response = api(lena).put(below(initiative, "what-worked/"), {"made_it_work": "It."})
        assert refusal(response)[:2] == (409, "not_live")

    def test_the_library_is_searched_and_filtered(self, lena: User, ada: User, omar: User) -> None:
        facts = {"business_unit": "Finance", "technology": "Document AI"}
        alpha = create(lena, name="Alpha", **facts)
        hidden = create(lena, name="Hidden", visibility="team", **facts)
        for row in (alpha, hidden):
            move_stage(row.pk, "stopped", Actor.person(lena), clock.now(), lesson=LESSON)
        gamma = create(ada, name="Gamma", business_unit="Sales", stage="live", people={"members": ["lena"]})
        api(lena).put(below(gamma, "what-worked/"), {"made_it_work": "Clerks."})
        client = api(omar)
        for query, found in (
            ({}, [gamma, alpha]),
            ({"search": "handwriting"}, [alpha]),
            ({"search": "Clerk"}, [gamma]),
            ({"search": "zebra"}, []),
            ({"root_cause": "data_quality"}, [alpha]),
            ({"root_cause": "value"}, []),
            ({"business_unit": " FINANCE "}, [alpha]),
            ({"technology": "document ai"}, [alpha]),
            ({"technology": "none"}, []),
            ({"kind": "worked"}, [gamma]),
            ({"kind": "decided", "limit": "1"}, [alpha]),
        ):
            rows = client.get("lessons/", query).json()["results"]
            assert [one["id"] for one in rows] == [one.ref for one in found], query
        stopped, worked = client.get("lessons/").json()["results"][::-1]
        assert (stopped["kind"], stopped["lesson"]["root_cause"], stopped["what_worked"]) == (
            *("decided", "data_quality", None),
        )
        assert (worked["kind"], worked["lesson"], worked["what_worked"]["by"]) == ("worked", None, "lena")

    @pytest.mark.parametrize(
        "query",
        [{"kind": "x"}, {"root_cause": "x"}, {"unit": "x"}, {"search": "x" * 201}, {"search": "a\x00"}],
    )
    def test_an_unknown_filter_or_word(self, lena: User, query: dict[str, str]) -> None:
        assert api(lena).get("lessons/", query).status_code in (400, 422)
